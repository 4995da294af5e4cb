"""What somebody only watches: seats of its own, replaced by the next change, gone after an hour."""

import time

import pytest
from sqlalchemy import func, select

from nncore.lab import watched
from nncore.lab.lab import Lab
from nncore.lab.store.schema import BESIDE, COMPARISON, RECORD, SHOWN, SUMMARY, TRAINING, WANTED
from nncore.lab.watched import forget_watched
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import EVERY_QUESTION, PLAYGROUND
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status
from nncore.system.owners import OPERATOR
from tests.lab.processes import LONG, SHORT, comparison, end, finished, recorded, wait, workers

MANY_EPOCHS = 20_000


def watch(*hidden, epochs=2, seed=0, **base):
    """A comparison of the playground with these networks."""
    arms = tuple(
        parse_arm(f"{label}:hidden={layers}", "")
        for label, layers in zip("AB", hidden or ("4",), strict=False)
    )
    base = {**PLAYGROUND.base, "points": 100, "epochs": epochs, **base}
    return Comparison("playground", base, arms, (seed,))


def rows(lab, table, *where):
    with lab.store.read() as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar()


@pytest.fixture
def still(tmp_path, monkeypatch):
    """A lab on which nobody works."""
    monkeypatch.setattr("nncore.lab.lab._start_coordinator", lambda store: None)
    return Lab(str(tmp_path / "store.sqlite"))


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A lab with one slot for comparisons."""
    monkeypatch.setenv("NNLAB_START", "spawn")
    monkeypatch.setenv("NNLAB_SLOTS", "1")
    lab = Lab(str(tmp_path / "store.sqlite"))
    yield lab
    end(lab)


def test_a_row_tells_which_questions_are_watched(still):
    for name in EVERY_QUESTION:
        asked = watch() if name == "playground" else comparison(SHORT)
        if name in ("playground", "activations"):
            still.submit(asked)
    query = select(COMPARISON.c.id).where(watched.is_watched())
    with still.store.read() as connection:
        (only,) = connection.execute(query).scalars()
    assert still.snapshot(only).comparison.question == "playground"
    assert {name for name, question in EVERY_QUESTION.items() if question.is_watched} == {
        "playground"
    }


def test_what_is_watched_is_never_among_the_recent_ones(still):
    kept = still.submit(comparison(SHORT))
    for seed in range(5):
        still.submit(watch(seed=seed))
    assert [summary.id for summary in still.recent(3)] == [kept]


def test_the_next_change_replaces_what_is_under_way_if_it_is_the_same_owners(still):
    first = still.submit(watch("4"), owner="anna")
    of_another = still.submit(watch("5"), owner="ben")
    shared = still.submit(watch("4"), owner="ben")
    next_one = still.submit(watch("6"), owner="anna", replaces=first)
    still.submit(watch("7"), owner="anna", replaces=of_another)
    statuses = {
        name: [trial.status for trial in still.snapshot(name).trials]
        for name in (first, of_another, shared, next_one)
    }
    assert statuses == {
        first: [Status.CANCELLED],
        of_another: [Status.QUEUED],
        shared: [Status.QUEUED],  # somebody else waits for the same training
        next_one: [Status.QUEUED],
    }


def test_what_was_watched_is_forgotten_after_an_hour_and_nothing_else_is(still, monkeypatch):
    def train_all():
        with still.store.write() as connection:
            done = TRAINING.update().where(TRAINING.c.status == Status.QUEUED.value)
            connection.execute(done.values(status=Status.DONE.value, finished_at=time.time()))

    old, shared = still.submit(watch("4", "5")), still.submit(watch("6"))
    result = still.submit(comparison(SHORT), simple=True)
    for name in (old, result):  # what a fold of the page may ask for, too
        still.show_tests(name, OPERATOR)
    train_all()
    waiting = still.submit(watch("7"))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + watched.KEPT + 1)
    fresh = still.submit(watch("6"))
    train_all = still.store.write
    with train_all() as connection:
        assert forget_watched(connection) == 2
    assert [still.has(name) for name in (old, shared, result, waiting, fresh)] == [
        *(False, False, True, True, True)
    ]
    assert rows(still, TRAINING) == 3  # of the result, the one that waits, and what is shared
    assert rows(still, WANTED) == 3
    assert rows(still, RECORD) == 0
    assert rows(still, SUMMARY) == 3
    assert rows(still, SHOWN) == rows(still, BESIDE) == 1  # of the result
    with train_all() as connection:
        assert forget_watched(connection) == 0


@pytest.mark.slow
def test_comparisons_leave_its_seats_alone_and_it_doesnt_wait_for_them(lab):
    busy = lab.submit(comparison({**LONG, "epochs": MANY_EPOCHS}, "relu", "tanh", "elu"))
    recorded(lab, busy)
    done = finished(lab, lab.submit(watch("4", "3-3", epochs=30)))
    assert [trial.status for trial in done.trials] == [Status.DONE, Status.DONE]
    statuses = [trial.status for trial in lab.snapshot(busy).trials]
    assert statuses.count(Status.RUNNING) == 1  # one slot, whatever seats are empty


@pytest.mark.slow
def test_a_change_is_trained_by_the_worker_of_what_it_replaces(lab):
    first = lab.submit(watch("8-8", epochs=MANY_EPOCHS))
    recorded(lab, first)
    (worker,) = workers(lab)
    for seed in (1, 2, 3):
        second = lab.submit(watch("8-8", epochs=MANY_EPOCHS, seed=seed), replaces=first)
        recorded(lab, second)
        assert lab.snapshot(first).trials[0].status is Status.CANCELLED
        assert [process.pid for process in workers(lab)] == [worker.pid]
        first = second


@pytest.mark.slow
def test_a_worn_worker_is_replaced_before_the_next_change(lab):
    seen = set()
    for seed in range(52):
        finished(lab, lab.submit(watch(seed=seed, epochs=1, points=20)))
        seen |= {process.pid for process in workers(lab)}
    assert len(seen) == 2
    assert len(wait(lambda: workers(lab))) == 1
