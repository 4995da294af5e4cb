"""Coordinators that are lost again and again: nothing fails by that, and nothing is done twice."""

import random
import sqlite3
import time
from contextlib import closing

import pytest

from nncore.lab import lab as lab_module
from nncore.lab.lab import Lab
from nncore.results.snapshots import Status
from nncore.system.owners import OPERATOR
from tests.lab.forks import forks
from tests.lab.processes import LONG, SHORT, comparison, coordinator, end, finished, wait

pytestmark = pytest.mark.slow

ROUNDS, KILLS = 15, 2
BRIEF = {"dataset": "digits", "engine": "numpy", "hidden": [64], "epochs": 30}
SET_ASIDE = (
    "The lab ended without warning 5 times in a row while this trained, so it is set aside. If you "
    "ended it yourself, run it again. If not, memory may run short: choose a smaller network or "
    "smaller batches, or let fewer train at a time (NNLAB_SLOTS)."
)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Starts a coordinator of two workers in no time."""
    log = tmp_path_factory.mktemp("forks") / "log"
    with forks(log, NNLAB_START="spawn", NNLAB_SLOTS="2") as start:
        yield start


@pytest.fixture
def lab(tmp_path, monkeypatch, start):
    """A lab whose coordinators start in no time."""
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: start(store.url))
    monkeypatch.setattr(lab_module, "_PATIENCE", 0.3)
    lab = Lab(str(tmp_path / "store.sqlite"))
    with lab.store.write():
        pass  # reading doesn't make a store
    with closing(sqlite3.connect(lab.store.path)) as connection:  # it notes every new status
        connection.executescript(
            "CREATE TABLE noted (training INTEGER, status TEXT);"
            "CREATE TRIGGER note AFTER UPDATE OF status ON training "
            "BEGIN INSERT INTO noted VALUES (new.id, new.status); END;"
        )
    yield lab
    end(lab)
    with closing(sqlite3.connect(lab.store.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def noted(lab, status):
    """How often each training got this status."""
    with closing(sqlite3.connect(lab.store.path)) as connection:
        rows = connection.execute(
            "SELECT training, COUNT(*) FROM noted WHERE status = ? GROUP BY training", (status,)
        )
        return dict(rows.fetchall())


def begun(lab):
    """How many trainings have begun so far, each counted as often as it did."""
    return sum(noted(lab, "running").values())


def lose(lab, public_id, before, after=0.0):
    """Kill the coordinator once more than `before` trainings have begun; how many have by then.

    A kill may come too late: when all is done.
    """

    def is_time():
        is_active = lab.snapshot(public_id).active  # looking is enough to have one started
        return begun(lab) > before or not is_active

    wait(is_time, 60)
    time.sleep(after)
    if process := coordinator(lab):
        process.kill()
        wait(lambda: not process.is_running())
    return begun(lab)


def test_rounds_of_kills_lose_nothing_and_train_nothing_twice(lab):
    moments = random.Random(16)
    asked = []
    for number in range(ROUNDS):
        before = begun(lab)
        seeds = (2 * number, 2 * number + 1)
        asked.append(lab.submit(comparison(BRIEF, seeds=seeds)))
        for _ in range(KILLS):
            before = lose(lab, asked[-1], before, after=moments.uniform(0.0, 0.15))
        finished(lab, asked[-1], 120)
    for public_id in asked:
        for trial in lab.snapshot(public_id).trials:
            assert (trial.status, trial.error, trial.attempt) == (Status.DONE, None, 1)
            assert [record.epoch for record in trial.records] == list(range(1, 31))
            assert trial.result.test["accuracy"] > 0.5
    trainings = ROUNDS * 2
    assert list(noted(lab, "done").values()) == [1] * trainings
    assert begun(lab) > trainings + ROUNDS // 2  # of the kills some may come too late to hit


def test_what_runs_at_five_losses_in_a_row_is_set_aside_and_can_be_asked_for_again(lab):
    suspect, before = lab.submit(comparison(LONG)), 0
    for _ in range(4):
        before = lose(lab, suspect, before)
    wait(lambda: lab.snapshot(suspect) and begun(lab) > before)
    coordinator(lab).terminate()  # in good order: no loss, and no proof of innocence
    lose(lab, suspect, before + 1)
    trial = finished(lab, suspect).trials[0]
    assert (trial.status, trial.attempt) == (Status.FAILED, 1)
    assert trial.error == SET_ASIDE
    assert finished(lab, lab.submit(comparison(SHORT))).trials[0].status is Status.DONE

    before = begun(lab)
    again = lab.submit(comparison(LONG))
    before = lose(lab, again, before)
    wait(lambda: lab.snapshot(again) and begun(lab) > before)  # its losses are counted anew
    lab.cancel(again, OPERATOR)
    assert finished(lab, again).trials[0].status is Status.CANCELLED
