"""Arms, comparisons and the catalogue of questions."""

import json
from dataclasses import replace

import pytest

from nncore.config.config import Config
from nncore.config.settings import DEFINED, SETTINGS
from nncore.questions.arms import Arm, parse_arm
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS, title
from nncore.questions.comparisons import MOST_TRAININGS, Comparison
from nncore.system.errors import InvalidSetting
from tests.strategies import is_sentence


def arms(factor, *texts):
    parsed = tuple(parse_arm(text, factor) for text in texts)
    assert [arm.label for arm in parsed]
    return parsed


def two(**changes):
    given = {"question": "activations", "base": {}, "arms": arms("activation", "relu", "tanh")}
    comparison = Comparison(**(given | changes))
    assert comparison.arms
    return comparison


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_offers_arms_that_all_work_together(name):
    question = QUESTIONS[name]
    assert set(question.levels) <= set(question.options)
    assert question.factor in SETTINGS
    comparison = Comparison(name, question.base, arms(question.factor, *question.options))
    if question.factor in question.base:  # it is there for arms that leave it alone
        assert any(question.factor not in arm.overrides for arm in comparison.arms)
    configs = [comparison.config(arm) for arm in comparison.arms]
    assert len(set(configs)) == len(configs), "two arms would train the same network"


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_written_for_people(name):
    question = QUESTIONS[name]
    assert question.question.endswith("?")
    assert 2 <= question.look_for.count(". ") + 1 <= 4
    assert "$" in question.why
    titles = [title(option, question) for option in question.options]
    assert len(set(titles)) == len(titles)
    assert not any("=" in text or text[0].islower() for text in titles)


@pytest.mark.parametrize(
    ("question", "text", "label"),
    [
        ("activations", "relu", "ReLU"),
        ("activations", "relu-tanh", "ReLU – Tanh"),
        ("activations", "relu-mine", "relu-mine"),
        ("dropout", "0", "No dropout"),
        ("dropout", "0.35", "Dropout 0.35"),
        ("dropout", "l2=0.001", "L2 penalty 0.001"),
        ("dropout", "batch_norm=true", "Batch normalization"),
        ("dropout", "dropout=0.2,batch_norm=on", "Dropout 0.2, Batch normalization"),
        ("optimizers", "momentum=0.9", "SGD, momentum 0.9"),
        ("optimizers", "optimizer=sgd,learning_rate=0.1", "SGD, Learning rate 0.1"),
        ("optimizers", "my own", "my own"),
        ("capacity", "none", "No hidden layer"),
        ("capacity", "216", "216 units"),
        ("capacity", "256-128-64", "256 – 128 – 64"),
        ("learning_rate", "0.01", "Learning rate 0.01"),
        ("learning_rate", "schedule=cosine", "Cosine"),
        ("batch_size", "1", "Single sample"),
        ("batch_size", "100000", "Full batch"),
        ("batch_size", "batch_size=100000,learning_rate=0.1", "Full batch, Learning rate 0.1"),
        ("epochs", "5", "5 epochs"),
        ("epochs", "1", "1 epoch"),
        ("activations", "activation=relu,epochs=20", "ReLU, 20 epochs"),
    ],
)
def test_labels_read_as_people_say_them(question, text, label):
    assert title(text, QUESTIONS[question]) == label


@pytest.mark.parametrize(
    ("text", "factor", "label", "overrides"),
    [
        ("relu", "activation", "relu", {"activation": "relu"}),
        ("relu-tanh", "activation", "relu-tanh", {"activation": ["relu", "tanh"]}),
        ("0.3", "dropout", "0.3", {"dropout": 0.3}),
        ("128-64", "hidden", "128-64", {"hidden": [128, 64]}),
        ("l2=0.001", "dropout", "l2=0.001", {"l2": 0.001}),
        (
            "fast: optimizer=sgd, learning_rate=1",
            "optimizer",
            "fast",
            {"optimizer": "sgd", "learning_rate": 1.0},
        ),
    ],
)
def test_arms_are_read_by_the_declared_domains(text, factor, label, overrides):
    assert parse_arm(text, factor) == Arm(label, overrides)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("rleu", "Unknown activation 'rleu'. Did you mean 'relu'?"),
        ("x:activation=relu,relu", "key=value pairs joined by commas"),
        ("=3", "key=value pairs joined by commas"),
        (":dropout=0.3", "needs a label before its colon"),
        ("droput=0.3", "Unknown setting 'droput'. Did you mean 'dropout'?"),
        ("dropout=3", "dropout must be a number from 0 to 0.95; got 3."),
        ("dropout=0.1,dropout=0.2", "dropout is given twice"),
        ("momentum=2", "momentum must be a number from 0 to 0.9999; got 2."),
    ],
)
def test_wrong_arms_are_explained(text, why):
    with pytest.raises(InvalidSetting) as caught:
        parse_arm(text, "activation")
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"arms": ()}, "at least one arm"),
        ({"seeds": ()}, "one seed"),
        ({"seeds": (1, 1)}, "Every seed must be given once"),
        ({"seeds": (-1,)}, "seed must be a whole number from 0"),
        ({"arms": arms("activation", "relu", "relu")}, "Two arms are called 'relu'"),
        ({"seeds": tuple(range(MOST_TRAININGS))}, "at most 1,000 trainings; 2 arms x 1000 seeds"),
        ({"time_limit": 0.0}, "The time limit in seconds must be a number from 1 to 86,400"),
        ({"base": {"momentum": 0.5}}, "No arm has the setting 'momentum': it belongs to sgd"),
        ({"base": {"seed": 3}}, "seed differs within every arm"),
        ({"arms": (Arm("a", {"seed": 3}),)}, "seed differs within every arm"),
        ({"arms": arms("dataset", "iris", "wine"), "base": {}}, "same dataset, or scores can't"),
        (
            {"base": {"dataset": "mnist"}, "arms": arms("variant", "extract", "full")},
            "same variant, or scores can't be compared",
        ),
        ({"arms": (Arm(" ", {}),)}, "An arm's label must be 1 to 200 characters on one line"),
        ({"arms": (Arm("a\nb", {}),)}, "on one line; got 'a\\nb'."),
        ({"arms": (Arm("a\udc80", {}),)}, "on one line; got 'a\\udc80'."),
        ({"arms": (Arm("x" * 201, {}),)}, "on one line; got 'xxxxx"),
        ({"base": {"momentun": 0.5}}, "Unknown setting 'momentun'. Did you mean 'momentum'?"),
    ],
)
def test_impossible_comparisons_are_explained(changes, why):
    with pytest.raises(InvalidSetting) as caught:
        two(**changes)
    assert why in str(caught.value)


def test_a_fault_of_one_arm_names_it_and_a_fault_of_all_names_none():
    mixed = (Arm("good", {}), Arm("bad", {"output_units": 3}))
    with pytest.raises(InvalidSetting, match=r"^Arm 'bad': output_units is 3"):
        two(arms=mixed)
    with pytest.raises(InvalidSetting, match=r"^output_units is 3"):
        two(base={"output_units": 3})


def test_a_base_setting_reaches_every_arm_that_has_it():
    comparison = two(
        arms=arms("optimizer", "sgd", "rmsprop", "adam"),
        base={"learning_rate": 0.05, "momentum": 0.9},
    )
    flats = [comparison.config(arm).flat() for arm in comparison.arms]
    assert [flat["learning_rate"] for flat in flats] == [0.05] * 3
    assert [flat.get("momentum") for flat in flats] == [0.9, 0.9, None]


def test_an_arms_own_setting_wins_and_must_fit_it():
    slow = Arm("slow", {"learning_rate": 0.001})
    comparison = two(arms=(slow, Arm("base", {})), base={"learning_rate": 0.05})
    assert [c.optimizer.learning_rate for _, c in comparison.trainings()][:2] == [0.001, 0.05]
    with pytest.raises(InvalidSetting, match="Arm 'x': rho is a setting of"):
        two(arms=(Arm("x", {"rho": 0.5}), Arm("base", {})))


def test_trainings_are_seed_major_and_differ_in_nothing_else():
    comparison = two(seeds=(4, 7))
    trainings = [(arm.label, config.seed) for arm, config in comparison.trainings()]
    assert trainings == [("relu", 4), ("tanh", 4), ("relu", 7), ("tanh", 7)]
    for arm, config in comparison.trainings():
        assert config == comparison.config(arm, config.seed)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_comparison_survives_json(name):
    question = QUESTIONS[name]
    comparison = Comparison(name, question.base, arms(question.factor, *question.options), (0, 5))
    again = Comparison.from_json(json.loads(json.dumps(comparison.to_json())))
    assert again == comparison
    assert [c for _, c in again.trainings()] == [c for _, c in comparison.trainings()]


@pytest.mark.parametrize("label", ["<b>bold</b> | *x*", "größer 😀", "👩\u200d🔬", "x" * 200])
def test_a_label_may_be_any_text_on_one_line(label):
    assert two(arms=(Arm(label, {}),)).arms[0].label == label


WHOLE = {"question": "activations", "base": {}, "seeds": [0], "time_limit": 60.0}
WHOLE |= {"arms": [{"label": "relu", "overrides": {"activation": "relu"}}]}


@pytest.mark.parametrize(
    "changes",
    [
        {"question": "an older question"},
        {"question": None},
        {"base": {"momentun": 1}},
        {"base": {"hidden": {"a": None}}},
        {"base": [1]},
        {"base": None},
        {"arms": [{"label": "relu"}]},
        {"arms": ["relu"]},
        {"arms": None},
        {"arms": [{"label": "relu", "overrides": {"activation": "rleu"}}]},
        {"arms": [{"label": "relu", "overrides": {"learning_rate": [[]]}}]},
        {"seeds": [[0]]},
        {"seeds": "one"},
        {"seeds": 3},
        {"time_limit": "soon"},
        {"time_limit": None},
    ],
)
def test_a_stored_comparison_that_makes_no_sense_says_so(changes):
    assert Comparison.from_json(WHOLE).seeds == (0,)
    with pytest.raises(InvalidSetting, match="stored comparison can't be read by this version"):
        Comparison.from_json({**WHOLE, **changes})


@pytest.mark.parametrize("whole", [[], None, "text", 3, {}])
def test_what_is_no_comparison_at_all_says_so(whole):
    with pytest.raises(InvalidSetting, match="stored comparison can't be read by this version"):
        Comparison.from_json(whole)


def test_every_definition_of_its_kind_is_offered():
    for name in ("activations", "initializers", "optimizers"):
        question = QUESTIONS[name]
        offered = [parse_arm(text, question.factor).overrides for text in question.options]
        assert set(DEFINED[question.factor]) <= {o.get(question.factor) for o in offered}


def test_the_plan_is_what_a_comparison_began_with():
    began = Comparison("activations", {"dataset": "iris"}, (Arm("relu", {}),), (0, 1, 2))
    assert began.plan == 3
    larger = replace(began, seeds=(0, 1, 2, 3, 4))
    assert larger.plan == 3
    assert Comparison.from_json(json.loads(json.dumps(larger.to_json()))).plan == 3
    with pytest.raises(InvalidSetting, match="seeds planned must be"):
        replace(began, plan=-1)


@pytest.mark.parametrize(("seeds", "plan"), [(1, 1), (3, 3), (9, 3)])
def test_of_older_ones_few_seeds_are_taken_for_the_plan(seeds, plan):
    began = Comparison("activations", {"dataset": "iris"}, (Arm("relu", {}),), tuple(range(seeds)))
    old = {name: value for name, value in began.to_json().items() if name != "plan"}
    assert Comparison.from_json(old).plan == plan


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Config(seed=4.2), "seed must be a whole number from 0 to 2,147,483,647; got 4.2."),
        (lambda: Config.from_flat({"seed": "4.2"}),
         "seed must be a whole number from 0 to 2,147,483,647; got 4.2."),
        (lambda: Config(split_seed=-1),
         "split_seed must be a whole number from 0 to 2,147,483,647; got -1."),
        (lambda: Comparison("activations", {}, (Arm("relu", {}),), (0, 1.5)),
         "seed must be a whole number from 0 to 2,147,483,647; got 1.5."),
        (lambda: ask(QUESTIONS["activations"], seeds=2.5),
         "seeds must be a whole number from 1 to 1,000; got 2.5."),
        (lambda: ask(QUESTIONS["activations"], seeds=(0, 3)),
         "seeds must be a whole number from 1 to 1,000; got (0, 3)."),
    ],
)  # fmt: skip
def test_states_that_are_no_whole_numbers_are_refused_in_one_sentence(wrong, says):
    with pytest.raises(InvalidSetting) as error:
        wrong()
    assert str(error.value).endswith(says)
    assert is_sentence(str(error.value))


# splits


def test_repeated_splits_follow_the_seed_and_arms_share_them():
    comparison = two(seeds=(0, 1, 4), repeat_splits=True)
    numbers = [(config.seed, config.split_seed) for _, config in comparison.trainings()]
    assert numbers == [(0, 0), (0, 0), (1, 1), (1, 1), (4, 4), (4, 4)]
    assert comparison.config(comparison.arms[0], 7).split_seed == 7
    more = comparison.enlarged(2)
    assert more.repeat_splits
    assert [config.split_seed for _, config in more.trainings()][-1] == 6


def test_seed_0_trains_the_same_with_and_without_and_nothing_changes_without():
    once, often = two(), two(repeat_splits=True)
    for arm in once.arms:
        assert once.config(arm) == often.config(arm)
        assert "split_seed" not in once.config(arm, 3).flat()
        assert often.config(arm, 3).flat()["split_seed"] == 3
    assert not once.trains_like(often)
    assert often.trains_like(two(repeat_splits=True))


def test_repeated_splits_are_stored_and_older_comparisons_have_none():
    often = two(repeat_splits=True)
    flat = json.loads(json.dumps(often.to_json()))
    assert Comparison.from_json(flat) == often
    del flat["repeat_splits"]
    assert not Comparison.from_json(flat).repeat_splits


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ({"split": "last:0.2"}, "split 'last:0.2' takes rows by their place"),
        ({"split": "none"}, "there is no other one to draw"),
        ({"split_seed": 3}, "split_seed follows the seed where splits are repeated"),
    ],
)
def test_splits_that_can_not_be_repeated_are_explained(base, text):
    assert two(base=base)
    with pytest.raises(InvalidSetting, match=text):
        two(base=base, repeat_splits=True)


def test_an_arm_may_name_its_split_but_not_while_they_follow_the_seed():
    numbered = arms("activation", "one:split_seed=1", "two:split_seed=2")
    assert [two(arms=numbered).config(arm).split_seed for arm in numbered] == [1, 2]
    with pytest.raises(InvalidSetting, match="set one of both only"):
        two(arms=numbered, repeat_splits=True)
