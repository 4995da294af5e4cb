"""Whose comparisons are: who else would change them is told so, and changes nothing."""

import pytest

from nncore.lab.lab import Lab
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status
from nncore.system.errors import InvalidSetting
from nncore.system.owners import OPERATOR, NotYours, Visitor

ANNA, BERT, ADMIN = Visitor("anna"), Visitor("bert"), Visitor("carl", is_admin=True)
BASE = {"dataset": "iris", "engine": "numpy", "epochs": 1}
COMPARISON = Comparison("activations", BASE, (Arm("relu", {"activation": "relu"}),), seeds=(0, 1))


@pytest.fixture
def lab(tmp_path, monkeypatch):
    monkeypatch.setattr(Lab, "wake", lambda *_: None)  # nothing trains
    return Lab(str(tmp_path / "store.sqlite"))


@pytest.mark.parametrize("stranger", [BERT, Visitor(""), Visitor("operator ")])
def test_another_stops_nothing_and_adds_nothing(lab, stranger):
    annas = lab.submit(COMPARISON, owner=ANNA.key)
    for change in (
        lambda: lab.cancel(annas, stranger),
        lambda: lab.add_seeds(annas, 1, stranger),
    ):
        with pytest.raises(NotYours, match="belongs to someone else: only its owner or an admin"):
            change()
    after = lab.snapshot(annas)
    assert after.comparison == COMPARISON
    assert [trial.status for trial in after.trials] == [Status.QUEUED] * 2


@pytest.mark.parametrize("by", [ANNA, ADMIN, OPERATOR])
def test_owner_and_admins_may(lab, by):
    annas = lab.submit(COMPARISON, owner=ANNA.key)
    lab.add_seeds(annas, 1, by)
    lab.cancel(annas, by)
    after = lab.snapshot(annas)
    assert [trial.status for trial in after.trials] == [Status.CANCELLED] * 3


def test_what_has_no_owner_is_for_admins(lab):
    old = lab.submit(COMPARISON)
    for stranger in (ANNA, Visitor("")):
        with pytest.raises(NotYours, match="older version"):
            lab.cancel(old, stranger)
    lab.cancel(old, ADMIN)
    assert not lab.snapshot(old).active


def test_stopping_what_isn_t_there_is_told(lab):
    with pytest.raises(InvalidSetting, match="no comparison 'nothing'"):
        lab.cancel("nothing", OPERATOR)
