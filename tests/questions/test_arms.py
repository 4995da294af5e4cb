"""Arms as text: what is written reads back as the same arm, and nothing else gets through."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nncore.config.settings import SETTINGS
from nncore.questions.arms import Arm, arm_title, parse_arm, write_arm
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.questions.grids import crossed, parse_crossing
from nncore.system.errors import InvalidSetting
from tests.strategies import ANY_TEXT, FEW, MANY, arms, is_sentence, plain_values

FACTORS = sorted({question.factor for question in EVERY_QUESTION.values()} - {""})


@FEW
@given(arms(SETTINGS), st.sampled_from(["", *FACTORS]))
def test_an_arm_is_read_as_it_is_written(arm, factor):
    text = write_arm(arm, factor)
    assert parse_arm(text, factor) == arm
    assert arm_title(text, factor)


@MANY
@given(st.sampled_from(FACTORS), st.data())
def test_a_value_of_what_is_compared_is_an_arm(factor, data):
    text = SETTINGS[factor].write(data.draw(plain_values(factor)))
    arm = parse_arm(text, factor)
    assert parse_arm(write_arm(arm, factor), factor).overrides == arm.overrides


@pytest.mark.parametrize(
    ("text", "arm"),
    [
        ("split=last:0.2", Arm("split=last:0.2", {"split": "last:0.2"})),
        (
            "split=last:0.2,epochs=3",
            Arm("split=last:0.2,epochs=3", {"split": "last:0.2", "epochs": 3}),
        ),
        ("held out:split=last:0.2", Arm("held out", {"split": "last:0.2"})),
        ("a:b:epochs=3", Arm("a:b", {"epochs": 3})),
        ("a = b:epochs=3", Arm("a = b", {"epochs": 3})),
    ],
)
def test_colons_in_labels_and_values_stay_theirs(text, arm):
    assert parse_arm(text, "optimizer") == arm
    assert parse_arm(write_arm(arm, "optimizer"), "optimizer") == arm


@MANY
@given(ANY_TEXT | st.builds("{}={}".format, st.sampled_from(sorted(SETTINGS)), ANY_TEXT),
       st.sampled_from(FACTORS))  # fmt: skip
def test_any_text_is_an_arm_or_refused_in_one_sentence(text, factor):
    try:
        arm = parse_arm(text, factor)
    except InvalidSetting as error:
        message = str(error)
        assert is_sentence(message)
    else:
        assume(arm.label)
        assert parse_arm(write_arm(arm, factor), factor).overrides == arm.overrides


@FEW
@given(arms(set(SETTINGS) - {"epochs", "dropout"}), st.data())
def test_crossed_arms_are_read_as_they_are_written(arm, data):
    crossings = [parse_crossing("epochs=5,20"), parse_crossing("dropout=0,0.3,0.5")]
    grid = crossed([arm], "optimizer", crossings)
    assert len({each.label for each in grid}) == len(grid) == 6
    for each in grid:
        assert parse_arm(write_arm(each, "optimizer"), "optimizer") == each
