"""What happens when processes are killed, frozen or doubled. Real processes, real kills."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import psutil
import pytest

from nncore.lab.keys import PACKAGE
from nncore.lab.lab import Lab
from nncore.lab.store.lease import COORDINATOR, look
from nncore.results.snapshots import Status
from nncore.system.owners import OPERATOR
from tests.lab.processes import (
    LONG,
    SHORT,
    comparison,
    coordinator,
    end,
    finished,
    recorded,
    wait,
    workers,
)

pytestmark = pytest.mark.slow

MEDIUM = {**LONG, "epochs": 40}


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A lab of two workers that are started, not forked."""
    monkeypatch.setenv("NNLAB_START", "spawn")
    monkeypatch.setenv("NNLAB_SLOTS", "2")
    lab = Lab(str(tmp_path / "store.sqlite"))
    yield lab
    end(lab)
    with closing(sqlite3.connect(lab.store.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def trial_with(trials, attempt):
    tried = [trial for trial in trials if trial.attempt == attempt]
    assert len(tried) == 1
    return tried[0]


def test_a_killed_worker_costs_only_its_training_which_is_tried_again(lab):
    public_id = lab.submit(comparison(MEDIUM, seeds=(0, 1)))
    recorded(lab, public_id)
    os.kill(workers(lab)[0].pid, signal.SIGKILL)
    snapshot = finished(lab, public_id)
    assert [t.status for t in snapshot.trials] == [Status.DONE] * 2
    assert sorted(t.attempt for t in snapshot.trials) == [1, 2]
    again = trial_with(snapshot.trials, 2)
    assert [r.epoch for r in again.records] == list(range(1, 41))  # nothing twice


def test_a_training_that_always_dies_fails_after_two_attempts(lab):
    victim = lab.submit(comparison(LONG))
    for attempt in (1, 2):
        wait(lambda n=attempt: running_attempt(lab, victim) == n)
        recorded(lab, victim)
        os.kill(workers(lab)[-1].pid, signal.SIGKILL)
    trial = finished(lab, victim).trials[0]
    assert trial.status is Status.FAILED
    assert trial.error == (
        "The process that trained it was killed by signal 9, as happens when memory runs short. "
        "It was tried 2 times."
    )
    assert finished(lab, lab.submit(comparison(SHORT))).trials[0].status is Status.DONE


def running_attempt(lab, public_id):
    trial = lab.snapshot(public_id).trials[0]
    return trial.attempt if trial.status is Status.RUNNING else None


def test_a_killed_coordinator_takes_its_workers_along_and_another_one_finishes(lab):
    public_id = lab.submit(comparison(MEDIUM, seeds=(0, 1, 2)))
    recorded(lab, public_id)
    first, theirs = coordinator(lab), workers(lab)
    first.kill()
    gone, alive = psutil.wait_procs(theirs, timeout=5)
    assert (len(gone), alive) == (2, [])
    snapshot = finished(lab, public_id)  # looking at it is enough to have it restarted
    assert [t.status for t in snapshot.trials] == [Status.DONE] * 3
    assert [t.attempt for t in snapshot.trials] == [1, 1, 1]  # they were never at fault
    assert coordinator(lab).pid != first.pid


def test_stopping_while_nobody_works_is_remembered(lab):
    public_id = lab.submit(comparison(LONG))
    recorded(lab, public_id)
    coordinator(lab).kill()
    lab.cancel(public_id, OPERATOR)
    assert lab.snapshot(public_id).trials[0].status is Status.CANCELLED
    assert finished(lab, lab.submit(comparison(SHORT))).trials[0].status is Status.DONE
    assert lab.snapshot(public_id).trials[0].status is Status.CANCELLED


def test_a_second_coordinator_leaves_at_once(lab):
    finished(lab, lab.submit(comparison(SHORT)))
    first = coordinator(lab)
    command = [sys.executable, "-m", "nncore.lab.coordinator", "--store", lab.store.url]
    second = subprocess.run(command, cwd=PACKAGE.parent, timeout=20)
    assert second.returncode == 0
    assert coordinator(lab) == first


def test_a_terminated_coordinator_puts_its_work_back(lab):
    public_id = lab.submit(comparison(MEDIUM))
    recorded(lab, public_id)
    process = coordinator(lab)
    process.terminate()
    process.wait(timeout=10)
    with lab.store.read() as connection:
        assert look(connection, COORDINATOR).beat_at == 0.0
    trial = finished(lab, public_id).trials[0]
    assert (trial.status, trial.attempt) == (Status.DONE, 1)


def test_a_locked_store_delays_but_loses_nothing(lab):
    public_id = lab.submit(comparison({**LONG, "epochs": 100}))
    recorded(lab, public_id)
    with closing(sqlite3.connect(lab.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(1.5)
        other.execute("ROLLBACK")
    trial = finished(lab, public_id).trials[0]
    assert trial.status is Status.DONE
    assert [r.epoch for r in trial.records] == list(range(1, 101))


def test_a_store_that_is_deleted_while_it_trains_ends_all_that_worked_on_it(lab):
    public_id = lab.submit(comparison(LONG, seeds=(0, 1)))
    recorded(lab, public_id)
    family = [coordinator(lab), *workers(lab)]
    for file in lab.store.path.parent.glob("store.sqlite*"):
        file.unlink()
    assert lab.snapshot(public_id) is None  # a new, empty store has taken its place
    assert psutil.wait_procs(family, timeout=8)[1] == []
    assert finished(lab, lab.submit(comparison(SHORT))).trials[0].status is Status.DONE


def test_a_killed_template_is_replaced_and_its_workers_go_on(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_SLOTS", "1")
    monkeypatch.delenv("NNLAB_START", raising=False)
    lab = Lab(str(tmp_path / "store.sqlite"))
    lab.warm_up()
    wait(lambda: (state := lab.status()) and state.warm, seconds=90)
    public_id = lab.submit(comparison(MEDIUM))
    recorded(lab, public_id)
    template = coordinator(lab).children()[0]
    worker = template.children()[0]
    template.kill()
    assert finished(lab, public_id).trials[0].attempt == 1
    assert worker.is_running()
    lab.warm_up()
    keras = lab.submit(comparison({**SHORT, "engine": "keras"}))
    assert finished(lab, keras, seconds=90).trials[0].status is Status.DONE
    end(lab)
    assert psutil.wait_procs([worker], timeout=5)[1] == []
