"""Rows of the store that somebody altered, or another version wrote: they spoil nothing else."""

import pytest
from sqlalchemy import update

from nncore.lab import lab as lab_module
from nncore.lab.coordinator import queue
from nncore.lab.lab import Lab
from nncore.lab.store.schema import TRAINING
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status
from tests.typed import recorded, scored

RECORDS = recorded(*({"epoch": epoch, "val_data_loss": 0.5} for epoch in range(1, 8)))
RESULT = scored({"seconds": 0.7, "best_epoch": 1})


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A lab on which nobody works."""
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)
    return Lab(str(tmp_path / "store.sqlite"))


def comparison(*activations, **base):
    arms = tuple(parse_arm(name, "activation") for name in activations)
    base = {"dataset": "iris", "engine": "numpy", **base}
    return Comparison("activations", base, arms, (0,))


def trained(lab, public_id, **altered):
    """Finish all that waits; then alter the first training's row."""
    with lab.store.write() as connection:
        trainings = [c.training for c in queue.candidates(connection)]
        for training in trainings:
            assert queue.claim(connection, training) is not None
            queue.finish(connection, training, Status.DONE, records=RECORDS, result=RESULT)
        if altered:
            row = update(TRAINING).where(TRAINING.c.id == trainings[0])
            connection.execute(row.values(**altered))
    return lab.snapshot(public_id).trials


@pytest.mark.parametrize(
    "altered",
    [
        {"records": "no JSON"},
        {"records": "{}"},
        {"records": "[3]"},
        {"records": "[{}]"},
        {"result": "[1]"},
        {"result": "[" * 100_000},
        {"status": "paused"},
    ],
    ids=str,
)
def test_a_damaged_training_counts_as_failed_and_the_others_stay(lab, altered):
    first, second = trained(lab, lab.submit(comparison("relu", "tanh")), **altered)
    assert first.status is Status.FAILED
    assert "can't be read" in first.error
    assert first.result is None
    assert second.status is Status.DONE
    assert second.result == RESULT
    (listed,) = lab.recent()
    assert sum(listed.counts.values()) == 2


@pytest.mark.parametrize(
    "altered",
    [{"config": "no JSON"}, {"config": "3"}, {"data_folders": "null"}, {"observe": "null"}],
    ids=str,
)
def test_what_can_not_be_started_is_failed_and_what_waits_behind_it_goes_on(lab, altered):
    public_id = lab.submit(comparison("relu", "tanh"))
    with lab.store.write() as connection:
        first, second = (c.training for c in queue.candidates(connection))
        connection.execute(update(TRAINING).where(TRAINING.c.id == first).values(**altered))
        assert queue.claim(connection, first) is None
        assert queue.claim(connection, second) is not None
    failed, running = lab.snapshot(public_id).trials
    assert (failed.status, running.status) == (Status.FAILED, Status.RUNNING)
    assert "damaged" in failed.error


def test_the_estimate_counts_the_epochs_of_one_that_stopped_before_any_record_was_written(lab):
    early = comparison("relu", epochs=700, patience=3)
    trained(lab, lab.submit(early))
    again = comparison("relu", epochs=700, patience=3, learning_rate=0.5)
    asked = lab.estimate(again)
    assert asked.low < 70.0 < asked.high < 2 * asked.low  # 0.7 s were 7 of 700 epochs
