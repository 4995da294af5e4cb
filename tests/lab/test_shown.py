"""That test scores were shown is stored once per comparison, and counted by their rows."""

import pytest

from nncore.lab.lab import Lab
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.system.errors import InvalidSetting
from nncore.system.owners import NOBODY, OPERATOR, Visitor

ANNA = Visitor("anna")


def comparison(dataset, *activations, seeds=(0, 1)):
    arms = tuple(Arm(name, {"activation": name}) for name in activations)
    return Comparison("activations", {"dataset": dataset, "engine": "numpy"}, arms, seeds)


@pytest.fixture
def lab(tmp_path, monkeypatch):
    monkeypatch.setattr(Lab, "wake", lambda *_: None)  # nothing trains
    return Lab(str(tmp_path / "store.sqlite"))


def looks(lab, public_id):
    return lab.snapshot(public_id).test_looks


def test_each_comparison_counts_once_for_all_on_the_same_rows(lab):
    first, second = (lab.submit(comparison("iris", a), owner=ANNA.key) for a in ("relu", "tanh"))
    wine = lab.submit(comparison("wine", "relu"))
    assert [looks(lab, i) for i in (first, second, wine)] == [0, 0, 0]
    for by in (ANNA, OPERATOR, NOBODY):  # whoever sees it may look, and no second look counts
        lab.show_tests(first, by)
        assert [looks(lab, i) for i in (first, second, wine)] == [1, 1, 0]
    lab.show_tests(second, ANNA)
    assert [looks(lab, i) for i in (first, second, wine)] == [2, 2, 0]
    lab.delete(first, ANNA)  # what was seen was seen
    assert looks(lab, second) == 2


def test_asking_the_same_again_is_no_further_comparison(lab):
    once, again, enlarged = (
        lab.submit(comparison("iris", "relu", "tanh", seeds=seeds))
        for seeds in ((0, 1), (0, 1), (0, 1, 2))
    )
    for public_id in (once, again, enlarged):
        lab.show_tests(public_id, OPERATOR)
        assert looks(lab, public_id) == 1
    lab.add_seeds(once, 2, OPERATOR)
    lab.show_tests(once, OPERATOR)
    other = lab.submit(comparison("iris", "relu", "linear"))
    lab.show_tests(other, OPERATOR)
    assert looks(lab, once) == looks(lab, other) == 2


def test_looking_alone_writes_nothing(lab):
    public_id = lab.submit(comparison("iris", "relu"))
    lab.snapshot(public_id)
    lab.results()
    assert looks(lab, public_id) == 0


def test_what_is_not_there_cannot_be_shown(lab):
    with pytest.raises(InvalidSetting, match="no comparison 'nothing'"):
        lab.show_tests("nothing", OPERATOR)
