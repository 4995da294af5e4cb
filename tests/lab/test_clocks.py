"""The time of day may be anything, and change at any moment: nothing is decided by it."""

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import datetime

import pytest
from sqlalchemy import update

from nncore.lab import estimate
from nncore.lab import lab as lab_module
from nncore.lab.coordinator import queue
from nncore.lab.lab import Lab
from nncore.lab.store import lease, sqlite
from nncore.lab.store.coordinator_state import CoordinatorState
from nncore.lab.store.lease import COORDINATOR, START, WARM, CoordinatorLease, look
from nncore.lab.store.schema import LEASE
from nncore.results.results import Result
from nncore.results.snapshots import Status
from nncore.system import machine
from nncore.system.owners import OPERATOR
from tests.lab.processes import LONG, comparison, coordinator, end, finished, recorded, wait
from tests.typed import recorded as recorded_flat

pytestmark = pytest.mark.slow

DAY, HOUR = 86_400.0, 3_600.0


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A lab that only notes when it would start a coordinator, in `lab.started`."""
    lab = Lab(str(tmp_path / "store.sqlite"))
    lab.started = []
    monkeypatch.setattr(lab_module, "_start_coordinator", lab.started.append)
    return lab


@pytest.fixture
def set_clock(monkeypatch):
    """Sets the time of day by so many seconds."""
    real = time.time

    def set_by(seconds):
        monkeypatch.setattr(time, "time", lambda: real() + seconds)

    return set_by


def alter(lab, name=COORDINATOR, **values):
    """Write into a row of the lease table."""
    with lab.store.write() as connection:
        connection.execute(update(LEASE).where(LEASE.c.name == name), values)


def row(lab, name=COORDINATOR):
    with lab.store.read() as connection:
        return look(connection, name)


def ended_process():
    """The number of a process that was there."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


# Who works on the store


@pytest.mark.parametrize("seconds", [-DAY, HOUR, DAY])
def test_a_coordinator_is_started_and_takes_over_at_once_however_the_clock_was_set(
    lab, set_clock, monkeypatch, seconds
):
    monkeypatch.setattr(lab_module, "_PATIENCE", 0.05)
    dead = CoordinatorLease.acquire(lab.store)
    alter(lab, pid=ended_process())
    lab.wake()
    assert len(lab.started) == 1
    set_clock(seconds)
    time.sleep(0.1)
    lab.wake()
    assert len(lab.started) == 2
    started = time.monotonic()
    assert CoordinatorLease.acquire(lab.store).fence == dead.fence + 1
    assert time.monotonic() - started < lease.FRESH / 2


@pytest.mark.parametrize("seconds", [-DAY, HOUR])
def test_a_coordinator_at_work_stays_however_the_clock_was_set(
    lab, set_clock, monkeypatch, seconds
):
    CoordinatorLease.acquire(lab.store)
    set_clock(seconds)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("there is nothing to wait for"))
    assert lab.status()
    assert lab.snapshot(lab.submit(comparison(LONG))).coordinator_alive
    assert lab.started == []
    assert CoordinatorLease.acquire(lab.store) is None


@pytest.mark.parametrize("gone", [{"pid": 1}, {"began": 1.0}, {"boot": "the one before"}], ids=str)
def test_another_process_of_the_same_number_does_not_look_like_the_holder(lab, monkeypatch, gone):
    CoordinatorLease.acquire(lab.store)
    alter(lab, **gone)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("there is nothing to wait for"))
    assert not lab.status()
    assert CoordinatorLease.acquire(lab.store).fence == 2


def test_a_process_that_nobody_has_collected_has_ended():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    began = machine.began(process.pid)
    assert began > 0
    assert machine.began(process.pid) == began
    process.kill()
    wait(lambda: machine.began(process.pid) == 0)
    process.communicate()
    assert machine.began(process.pid) == 0


def elsewhere(lab):
    """A coordinator on another machine, whose clocks have nothing to do with ours."""
    held = CoordinatorLease.acquire(lab.store)
    alter(lab, host="elsewhere", boot="of that machine", beat_at=time.monotonic() + DAY)
    return held


def test_a_holder_on_another_machine_keeps_the_store_while_its_beat_changes(lab, monkeypatch):
    monkeypatch.setattr(lease, "FRESH", 2.0)
    held = elsewhere(lab)
    assert not lab.status()  # at the first look nothing can be told
    ended = threading.Event()

    def beat():
        while not ended.wait(0.05):
            with lab.store.write() as connection:
                held.renew(connection, CoordinatorState())

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        assert CoordinatorLease.acquire(lab.store) is None
        assert lab.status()
    finally:
        ended.set()
        thread.join()
    wait(lambda: not lab.status())


def test_a_holder_on_another_machine_that_beats_no_more_is_replaced(lab, monkeypatch):
    monkeypatch.setattr(lease, "FRESH", 0.3)
    elsewhere(lab)
    lab.wake()
    assert len(lab.started) == 1  # that one watches
    started = time.monotonic()
    assert CoordinatorLease.acquire(lab.store).fence == 2
    assert time.monotonic() - started >= 0.3


def test_a_coordinator_of_an_earlier_version_is_watched_too(lab, monkeypatch):
    """It stamps its beats with the time of day, and names neither its boot nor its beginning."""
    monkeypatch.setattr(lease, "FRESH", 1.5)
    CoordinatorLease.acquire(lab.store)
    alter(lab, host="this-machine", boot="", began=0.0, beat_at=time.time())
    timer = threading.Timer(0.1, alter, [lab], {"beat_at": time.time() + 2.0})
    timer.start()
    assert CoordinatorLease.acquire(lab.store) is None
    timer.join()
    wait(lambda: CoordinatorLease.acquire(lab.store))  # it has beaten only once


def test_a_request_for_a_warm_template_is_repeated_after_the_clock_was_set_back(lab, set_clock):
    lab.warm_up()
    first = row(lab, WARM).beat_at
    lab.warm_up()
    assert row(lab, WARM).beat_at == first  # it stands for a while
    alter(lab, WARM, beat_at=first - 31.0)
    set_clock(-DAY)
    lab.warm_up()
    assert row(lab, WARM).beat_at > first


def test_the_page_says_that_the_engine_starts_however_the_clock_was_set(lab, set_clock):
    public_id = lab.submit(comparison(LONG))
    set_clock(HOUR)
    assert lab.snapshot(public_id).note == "The engine is starting."
    alter(lab, START, beat_at=row(lab, START).beat_at - 60.0)
    set_clock(-DAY)
    with lab.store.read() as connection:
        note = lab_module.read_snapshot(lab.store, connection, public_id).note
    assert note.startswith("The engine is restarting.")


# Limits


def test_a_pause_of_the_machine_does_not_count_as_work(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    watch = machine.Stopwatch()
    for passed in (0.1, 0.1, HOUR, 0.1):
        now[0] += passed
        watch.look()
    assert 0.3 < watch.seconds < 10.0


def test_a_time_limit_counts_what_ran_and_survives_clocks_and_coordinators(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_START", "spawn")
    monkeypatch.setenv("NNLAB_SLOTS", "1")
    lab = Lab(str(tmp_path / "store.sqlite"))
    public_id = lab.submit(comparison(LONG, "relu", "tanh", time_limit=600.0))
    recorded(lab, public_id, 90)
    with closing(sqlite3.connect(lab.store.path)) as connection, connection:
        # as if the clock had been set an hour forward
        connection.execute(f"UPDATE comparison SET started_at = started_at - {HOUR}")
    time.sleep(1.5)  # every second it looks what is overdue
    assert lab.snapshot(public_id).trials[0].status is Status.RUNNING
    before = ran(lab, public_id)
    assert before > 1.0
    process = coordinator(lab)
    process.kill()
    process.wait()
    time.sleep(1.0)  # in which nothing runs
    at_rest = ran(lab, public_id)
    assert before <= at_rest < 60.0
    with closing(sqlite3.connect(lab.store.path)) as connection, connection:
        connection.execute("UPDATE comparison SET ran = 599.0")
    snapshot = finished(lab, public_id, 120)
    end(lab)
    assert {trial.error for trial in snapshot.trials} == {
        "The comparison's time limit of 600 seconds was reached."
    }
    assert 600.0 < ran(lab, public_id) < 620.0


def ran(lab, public_id):
    with closing(sqlite3.connect(lab.store.path)) as connection:
        query = "SELECT ran FROM comparison WHERE id = ?"
        return connection.execute(query, (public_id,)).fetchone()[0]


def test_only_what_trains_is_counted_and_new_seeds_get_the_whole_limit(lab):
    training, waiting = (
        lab.submit(comparison(LONG, activation, time_limit=10.0)) for activation in ("relu", "tanh")
    )
    sharing = lab.submit(comparison(LONG, "relu", "elu", time_limit=30.0))
    with lab.store.write() as connection:
        queue.claim(connection, queue.candidates(connection)[0].training)
        queue.add_seconds(connection, 9.0)
        assert queue.overdue(connection) == []
        queue.add_seconds(connection, 2.0)
        assert queue.overdue(connection) == [(training, 10.0)]
    assert [ran(lab, public_id) for public_id in (training, waiting, sharing)] == [11.0, 0.0, 11.0]
    lab.add_seeds(training, 1, OPERATOR)
    with lab.store.write() as connection:
        assert queue.overdue(connection) == []
        queue.add_seconds(connection, 9.0)
        assert queue.overdue(connection) == []
        queue.add_seconds(connection, 2.0)
        assert queue.overdue(connection) == [(training, 10.0)]


RECORD = {"epoch": 1, "loss": 0.5, "seconds": 2.0}


@pytest.mark.parametrize("seconds", [-DAY, HOUR])
def test_the_time_left_follows_from_what_ran(lab, set_clock, seconds):
    public_id = lab.submit(comparison({**LONG, "epochs": 4}))
    with lab.store.write() as connection:
        training = queue.candidates(connection)[0].training
        queue.claim(connection, training)
        set_clock(seconds)
        queue.add_seconds(connection, 2.0)
        queue.add_records(connection, [(training, 1, *recorded_flat(RECORD))])
    assert lab.snapshot(public_id).seconds_left == pytest.approx(6.0, abs=0.1)


# Order


def test_the_newest_comparison_is_the_last_that_was_asked_for(lab, set_clock):
    asked = []
    for seconds, activation in ((0.0, "relu"), (HOUR, "tanh"), (-DAY, "elu")):
        set_clock(seconds)
        asked.append(lab.submit(comparison(LONG, activation)))
    assert [found.id for found in lab.recent()] == asked[::-1]
    assert lab.recent(limit=1)[0].id == asked[-1]
    with lab.store.read() as connection:
        assert [c.comparison for c in queue.candidates(connection)] == asked


def test_estimates_learn_from_what_was_trained_last(lab, set_clock, monkeypatch):
    monkeypatch.setattr(estimate, "_HISTORY", 1)
    for clock, activation, took in ((HOUR, "relu", 1.0), (-DAY, "tanh", 9.0)):
        set_clock(clock)
        lab.submit(comparison(LONG, activation))
        with lab.store.write() as connection:
            training = queue.candidates(connection)[0].training
            queue.claim(connection, training)
            queue.finish(connection, training, Status.DONE, result=Result(seconds=took))
    asked = lab.estimate(comparison({**LONG, "epochs": 4000}, "tanh"))
    assert asked.low < 18.0 < asked.high < 2 * asked.low  # the same network for twice as long


def test_a_new_backup_outlives_those_of_a_clock_that_was_ahead(tmp_path):
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE kept (number INTEGER)")
    ahead = [
        tmp_path / f"store.sqlite-schema1-29{year}0101-000000.backup" for year in range(10, 15)
    ]
    for file in ahead:
        file.touch()
    sqlite.back_up(path, 1)
    left = sorted(tmp_path.glob("*.backup"))
    assert len(left) == sqlite.BACKUPS
    assert left[1:] == ahead[-2:]
    assert left[0].name.startswith(f"store.sqlite-schema1-{datetime.now():%Y}")
