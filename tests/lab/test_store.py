"""The store: opening, refusing, migrating; what pages write; who may write."""

import json
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text, update

from nncore.lab import lab as lab_module
from nncore.lab.coordinator import queue
from nncore.lab.lab import Lab
from nncore.lab.pace import _flops_per_second
from nncore.lab.plans import as_first_planned
from nncore.lab.store import lease
from nncore.lab.store.coordinator_state import CoordinatorState
from nncore.lab.store.lease import COORDINATOR, CoordinatorLease, LeaseLost
from nncore.lab.store.schema import COMPARISON, LEASE, META, MIGRATIONS, RECORD, TRAINING
from nncore.lab.store.store import Store
from nncore.questions.arms import parse_arm
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status
from nncore.system.errors import InvalidSetting, StoreError
from nncore.system.owners import OPERATOR
from tests.lab.many import fill
from tests.typed import recorded, scored


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "store.sqlite"


@pytest.fixture
def lab(path, monkeypatch):
    """A lab on which nobody works."""
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)
    return Lab(str(path))


def comparison(*activations, seeds=(0, 1), **base):
    arms = tuple(parse_arm(name, "activation") for name in activations)
    return Comparison("activations", {"dataset": "iris", "engine": "numpy", **base}, arms, seeds)


def statuses(lab, public_id):
    snapshot = lab.snapshot(public_id)
    assert snapshot is not None
    return [trial.status for trial in snapshot.trials]


def finish_all(lab, status=Status.DONE):
    """Train everything that waits, as a coordinator would write it; how many that were."""
    result = scored({"seconds": 0.5, "best_epoch": 1})
    with lab.store.write() as connection:
        trainings = dict.fromkeys(c.training for c in queue.candidates(connection))
        for training in trainings:
            assert queue.claim(connection, training) is not None
            queue.finish(
                connection,
                training,
                status,
                records=recorded({"epoch": 1, "loss": 0.5}),
                result=result if status.has_result else None,
                error=None if status.has_result else "It broke.",
            )
    return len(trainings)


# Opening


@pytest.mark.parametrize("name", ["SLOTS", "TRAINING_MB", "TRAINING_SECONDS", "IDLE_SECONDS"])
@pytest.mark.parametrize("value", ["many", "-1", "nan"])
def test_a_limit_that_makes_no_sense_is_said_before_any_work_waits(path, monkeypatch, name, value):
    monkeypatch.setenv(f"NNLAB_{name}", value)
    with pytest.raises(
        StoreError, match=rf"^NNLAB_{name} must be a .*number from .*; got '?{value}"
    ):
        Lab(str(path))
    monkeypatch.setenv(f"NNLAB_{name}", "")
    assert Lab(str(path)).recent() == []


def test_a_new_store_has_its_folder_its_version_and_safe_settings(path):
    store = Store(str(path))
    with store.write() as connection:
        version = connection.execute(select(META.c.value).where(META.c.name == "schema_version"))
        assert version.scalar_one() == str(len(MIGRATIONS))
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys")
        ]
    assert settings == ["wal", 2, 0, 1]  # 2 is FULL


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}", "sqlite+pysqlite:///{}"])
def test_a_store_is_named_by_file_or_url(path, form):
    assert Store(form.format(path)).path == path


def test_the_environment_names_the_default(path, monkeypatch):
    monkeypatch.setenv("NNLAB_STORE", str(path))
    assert Store().path == path


def test_a_relative_file_is_the_same_for_every_process(path, monkeypatch):
    path.parent.mkdir()
    monkeypatch.chdir(path.parent)
    assert Store("store.sqlite").path == Store("sqlite:///store.sqlite").path == path


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite://", "must be a file that several processes can open"),
        ("nonsense://x", "database driver is not installed"),
        ("://", "must be an SQLAlchemy URL or a file"),
    ],
)
def test_a_url_that_cannot_work_says_why(url, says):
    with pytest.raises(StoreError, match=says):
        Store(url)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"file/store\.sqlite can't be opened.*NNLAB_STORE"):
        Lab(str(tmp_path / "file" / "store.sqlite")).recent()


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("Buy milk. " * 200)
    with pytest.raises(StoreError, match="not a database of NN Lab"):
        Lab(str(notes)).recent()
    assert notes.read_text() == "Buy milk. " * 200


def test_another_programs_database_is_left_as_it_is(tmp_path):
    other = tmp_path / "photos.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE photo (id INTEGER)")
    before = other.read_bytes()
    with pytest.raises(StoreError, match=r"another program \(its tables: photo"):
        Lab(str(other)).recent()
    assert other.read_bytes() == before
    assert list(tmp_path.iterdir()) == [other]


def test_a_folder_is_no_store(tmp_path):
    with pytest.raises(StoreError, match=r"must be a file; this is a folder\. Add a file's name"):
        Lab(str(tmp_path)).recent()


def test_a_backup_that_cannot_be_written_is_said_and_nothing_migrates(lab, path, monkeypatch):
    public_id = lab.submit(comparison("relu"))

    def fails(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("nncore.lab.store.sqlite.back_up", fails)
    with (
        pytest.raises(StoreError, match="disk is full"),
        Store(str(path), migrations=[*MIGRATIONS, lambda c: None]).write(),
    ):
        pass
    assert Lab(str(path)).snapshot(public_id) is not None


def test_a_damaged_store_is_called_so(lab, path):
    lab.submit(comparison("relu"))
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    path.with_name(path.name + "-wal").unlink(missing_ok=True)
    with pytest.raises(StoreError, match=r"damaged|not a database"):
        Lab(str(path)).recent()


def test_a_newer_store_is_refused(path):
    with Store(str(path)).write() as connection:
        connection.execute(update(META).where(META.c.name == "schema_version").values(value="99"))
    with pytest.raises(StoreError, match=r"newer NN Lab \(schema 99; .* Update NN Lab"):
        Lab(str(path)).recent()


def test_an_older_store_is_brought_up_to_date_after_a_backup(lab, path):
    public_id = lab.submit(comparison("relu"))
    extra = Table("extra", MetaData(), Column("id", Integer, primary_key=True))
    newer = Store(str(path), migrations=[*MIGRATIONS, lambda c: extra.create(c)])
    with newer.write() as connection:
        connection.execute(insert(extra), {"id": 7})
        stamp = select(META.c.value).where(META.c.name == "schema_version")
        assert connection.execute(stamp).scalar_one() == str(len(MIGRATIONS) + 1)
    backups = list(path.parent.glob("*.backup"))
    assert len(backups) == 1
    assert Lab(str(backups[0])).snapshot(public_id) is not None


def test_a_migration_that_fails_changes_nothing(path):
    def breaks(connection):
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        raise ValueError("stop here")

    with Store(str(path)).write():
        pass
    with (
        pytest.raises(ValueError, match="stop here"),
        Store(str(path), migrations=[*MIGRATIONS, breaks]).write(),
    ):
        pass
    with Store(str(path)).read() as connection:  # still this program's version
        assert "half" not in connection.dialect.get_table_names(connection)


def test_many_threads_open_a_new_store_at_once(path):
    failures = []
    threads = [threading.Thread(target=touch, args=(path, failures)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def touch(path, failures):
    try:
        with Store(str(path)).write() as connection:
            lease.touch(connection, threading.current_thread().name[:40])
    except Exception as error:
        failures.append(error)


def test_a_locked_store_says_so_and_works_again(path):
    store = Store(str(path), patience=0.1)
    with store.write():
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"), store.write():
            pass
        other.execute("ROLLBACK")
    with store.write() as connection:
        assert lease.look(connection, COORDINATOR).fence == 0


def test_a_full_disk_loses_nothing(lab):
    public_id = lab.submit(comparison("relu"))
    with lab.store.write() as connection:
        training = queue.candidates(connection)[0].training
        assert queue.claim(connection, training)
    records = recorded(*({"epoch": e, "loss": 1.0, "ink": "x" * 10_000} for e in range(1, 100)))
    huge = [(training, 1, record) for record in records]

    def write(most_pages):
        with lab.store.write() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={most_pages}")
            queue.add_records(connection, huge)

    with lab.store.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with pytest.raises(StoreError, match="disk is full"):
        write(pages + 5)
    assert lab.snapshot(public_id).trials[0].records == ()
    write(pages + 10_000)  # there is space again
    assert len(lab.snapshot(public_id).trials[0].records) == 99


def test_little_space_is_said_before_the_work_starts(lab, monkeypatch):
    public_id = lab.submit(comparison("relu"))
    monkeypatch.setattr(Store, "free_bytes", lambda self: 2**20)
    with pytest.raises(StoreError, match="only 1 MB left"):
        lab.submit(comparison("relu"))
    assert "nearly full (1 MB free)" in lab.snapshot(public_id).note


# What pages write


def test_an_unknown_id_is_none(lab):
    assert lab.snapshot("no-such-id") is None
    with pytest.raises(InvalidSetting, match="no comparison 'no-such-id'"):
        lab.add_seeds("no-such-id", 1, OPERATOR)


def test_a_comparison_comes_back_as_it_was_asked_for(lab):
    asked = comparison("relu", "tanh", seeds=(0, 1, 2), hidden=[8])
    snapshot = lab.snapshot(lab.submit(asked))
    assert snapshot.comparison == asked
    assert [(t.seed, t.arm) for t in snapshot.trials] == [
        (seed, arm) for seed in (0, 1, 2) for arm in ("relu", "tanh")
    ]
    assert snapshot.active
    assert not snapshot.coordinator_alive


def test_finished_trainings_come_from_the_cache(lab):
    lab.submit(comparison("relu", "tanh"))
    assert finish_all(lab) == 4
    again = lab.snapshot(lab.submit(comparison("tanh", "elu")))
    cached = [(t.arm, t.from_cache) for t in again.trials]
    assert cached == [("tanh", True), ("elu", False)] * 2
    assert again.trials[0].records == recorded({"epoch": 1, "loss": 0.5})
    assert again.trials[0].result.best_epoch == 1


def test_without_the_cache_a_training_has_a_row_of_its_own(lab):
    first = lab.submit(comparison("relu"))
    finish_all(lab)
    second = lab.submit(comparison("relu"), use_cache=False)
    assert statuses(lab, first) == [Status.DONE] * 2
    assert statuses(lab, second) == [Status.QUEUED] * 2
    lab.add_seeds(second, 1, OPERATOR)
    assert finish_all(lab) == 3
    assert not any(trial.from_cache for trial in lab.snapshot(second).trials)


def test_two_equal_arms_share_their_trainings(lab):
    asked = Comparison(
        "activations",
        {"dataset": "iris", "engine": "numpy"},
        (parse_arm("relu", "activation"), parse_arm("same:activation=relu", "activation")),
    )
    public_id = lab.submit(asked)
    assert finish_all(lab) == 3
    assert statuses(lab, public_id) == [Status.DONE] * 6


def test_add_seeds_keeps_the_id_and_takes_the_next_integers(lab):
    public_id = lab.submit(comparison("relu", "tanh", seeds=(0, 4)))
    finish_all(lab)
    lab.add_seeds(public_id, 2, OPERATOR)
    snapshot = lab.snapshot(public_id)
    assert snapshot.comparison.seeds == (0, 4, 5, 6)
    assert [t.status for t in snapshot.trials] == [Status.DONE] * 4 + [Status.QUEUED] * 4
    assert [t.seed for t in snapshot.of_arm("tanh")] == [0, 4, 5, 6]


def test_a_question_keeps_the_plan_it_was_first_asked_with(lab):
    first = lab.submit(comparison("relu", "tanh", seeds=(0, 1, 2)))
    lab.add_seeds(first, 2, OPERATOR)
    assert lab.snapshot(first).comparison.plan == 3
    turned = lab.submit(comparison("tanh", "relu", seeds=tuple(range(8))))
    assert lab.snapshot(turned).comparison.plan == 3
    more = lab.submit(comparison("relu", "tanh", seeds=tuple(range(8))))
    assert lab.snapshot(more).comparison.plan == 3
    fewer = lab.submit(comparison("relu", "tanh", seeds=(0, 1)))
    assert lab.snapshot(fewer).comparison.plan == 2
    other = lab.submit(comparison("relu", "elu", seeds=tuple(range(8))))
    assert lab.snapshot(other).comparison.plan == 8
    changed = lab.submit(comparison("relu", "tanh", seeds=tuple(range(8)), hidden=[8]))
    assert lab.snapshot(changed).comparison.plan == 8
    often = replace(comparison("relu", "tanh", seeds=tuple(range(7))), repeat_splits=True)
    assert lab.snapshot(lab.submit(often)).comparison.plan == 7  # other scores than before
    longer = replace(often, seeds=tuple(range(9)), plan=9)
    assert lab.snapshot(lab.submit(longer)).comparison.plan == 7


@pytest.mark.slow
def test_the_plan_is_found_beside_10_000_comparisons(lab):
    fill(lab.store, 10_000)
    first = lab.submit(comparison("relu", "tanh", seeds=(0, 1, 2)))
    mine = comparison("relu", "tanh", seeds=tuple(range(8)))
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        with lab.store.read() as connection:
            planned = as_first_planned(connection, mine)
        seconds.append(time.perf_counter() - began)
    assert planned.plan == lab.snapshot(first).comparison.plan == 3
    assert min(seconds) < 0.05
    known = ask(QUESTIONS["dropout"], settings={"dataset": "iris"}, seeds=7)
    with lab.store.read() as connection:
        assert as_first_planned(connection, known).plan in (2, 3, 5)  # of the many


def test_an_unreadable_first_question_leaves_the_plan_to_the_next(lab):
    first, second = (lab.submit(comparison("relu", "tanh", seeds=(0, 1))) for _ in range(2))
    with lab.store.write() as connection:
        row = update(COMPARISON).where(COMPARISON.c.id == first)
        connection.execute(row.values(body="{damaged"))
    third = lab.submit(comparison("relu", "tanh", seeds=(0, 1, 2)))
    assert lab.snapshot(third).comparison.plan == lab.snapshot(second).comparison.plan == 2


def test_too_many_seeds_are_refused_and_nothing_changes(lab):
    public_id = lab.submit(comparison("relu"))
    with pytest.raises(InvalidSetting, match="at most"):
        lab.add_seeds(public_id, 10_000, OPERATOR)
    assert len(lab.snapshot(public_id).trials) == 2


def test_cancel_spares_what_another_comparison_wants(lab):
    mine = lab.submit(comparison("relu", "tanh", seeds=(0,)))
    other = lab.submit(comparison("tanh", "elu", seeds=(0,)))
    lab.cancel(mine, OPERATOR)
    assert statuses(lab, mine) == [Status.CANCELLED] * 2
    assert statuses(lab, other) == [Status.QUEUED] * 2
    assert finish_all(lab) == 2
    assert statuses(lab, mine) == [Status.CANCELLED, Status.DONE]  # what there is, is shown
    assert lab.snapshot(mine).trials[0].error == "Stopped."


def test_cancelled_and_failed_trainings_are_queued_again(lab):
    first = lab.submit(comparison("relu", seeds=(0,)))
    lab.cancel(first, OPERATOR)
    second = lab.submit(comparison("relu", seeds=(0,)))
    assert statuses(lab, second) == [Status.QUEUED]
    finish_all(lab, Status.FAILED)
    assert lab.snapshot(second).trials[0].error == "It broke."
    third = lab.submit(comparison("relu", seeds=(0,)))
    assert statuses(lab, third) == [Status.QUEUED]
    earlier = lab.snapshot(second)  # doesn't start again by that
    assert not earlier.active
    assert earlier.trials[0].error == "It broke."
    assert lab.snapshot(third).trials[0].records == ()
    assert finish_all(lab) == 1
    assert statuses(lab, third) == [Status.DONE]


def test_recent_lists_the_newest_first_with_counts(lab):
    lab.submit(comparison("relu"))
    finish_all(lab)
    lab.submit(comparison("relu", "tanh"))
    newest, oldest = lab.recent()
    assert newest.counts == {"done": 2, "queued": 2}
    assert newest.arms == ("relu", "tanh")
    assert oldest.counts == {"done": 2}
    assert len(lab.recent(limit=1)) == 1


@pytest.mark.parametrize("body", ["{}", "[]", "{", '{"question": "of an older version"}'])
def test_a_comparison_of_another_version_spoils_nothing_else(lab, path, body):
    mine = lab.submit(comparison("relu"))
    other = lab.submit(comparison("tanh"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE comparison SET body = ? WHERE id = ?", (body, other))
    assert [row.id for row in lab.recent()] == [mine]
    with pytest.raises(InvalidSetting, match="stored comparison"):
        lab.snapshot(other)
    with pytest.raises(InvalidSetting, match="stored comparison"):
        lab.add_seeds(other, 1, OPERATOR)
    lab.cancel(other, OPERATOR)
    assert statuses(lab, mine) == [Status.QUEUED] * 2


@pytest.mark.slow
def test_the_measured_speed_is_the_machines_however_busy_other_threads_are():
    source = "\n".join(f"def f{i}(a, b): return [x + {i} for x in a] or b" for i in range(1500))
    started, ended = threading.Event(), threading.Event()

    def busy():  # compiling doesn't give way to other threads, as while a new server starts
        while not ended.is_set():
            compile(source, "busy", "exec")
            started.set()

    quiet = _flops_per_second.__wrapped__()
    thread = threading.Thread(target=busy)
    thread.start()
    try:
        assert started.wait(60)
        assert _flops_per_second.__wrapped__() > quiet / 5  # by the clock it was quiet / 300
    finally:
        ended.set()
        thread.join()


def test_the_estimate_knows_what_is_cached_and_learns_from_history(lab):
    rough = lab.estimate(comparison("relu", "tanh"))
    assert (rough.trainings, rough.cached, rough.rough) == (4, 0, True)
    lab.submit(comparison("relu"))
    finish_all(lab)
    better = lab.estimate(comparison("relu", "tanh"))
    assert (better.trainings, better.cached, better.rough) == (4, 2, False)
    assert better.flops == rough.flops / 2
    nothing = lab.estimate(comparison("relu"))
    assert (nothing.cached, nothing.high, nothing.flops) == (2, 0.0, 0)


def test_a_network_trained_before_takes_as_long_again(lab, monkeypatch):
    monkeypatch.setenv("NNLAB_SLOTS", "1")
    lab.submit(comparison("relu", seeds=(0,), epochs=1))
    finish_all(lab)  # said to have taken half a second
    longer = lab.estimate(comparison("relu", seeds=(0,), epochs=40))
    assert longer.low < 20.0 < longer.high < 2 * longer.low


# What the coordinator writes


def test_a_late_record_of_an_earlier_attempt_is_not_shown(lab):
    public_id = lab.submit(comparison("relu", seeds=(0,)))
    with lab.store.write() as connection:
        training = queue.candidates(connection)[0].training
        queue.claim(connection, training)
        queue.add_records(connection, [(training, 1, *recorded({"epoch": 1, "loss": 9.0}))])
        queue.crashed(connection, training, "It crashed.")
        assert queue.claim(connection, training).attempt == 2
        connection.execute(
            insert(RECORD),
            {"training_id": training, "attempt": 1, "epoch": 2, "body": '{"epoch": 2}'},
        )
        queue.add_records(connection, [(training, 2, *recorded({"epoch": 1, "loss": 1.0}))])
    trial = lab.snapshot(public_id).trials[0]
    (record,) = trial.records
    assert (record.epoch, record.training) == (1, {"loss": 1.0})
    assert trial.attempt == 2


def test_a_training_is_tried_twice_and_then_failed_in_words(lab):
    public_id = lab.submit(comparison("relu", seeds=(0,)))
    for expected in (Status.QUEUED, Status.FAILED):
        with lab.store.write() as connection:
            training = queue.candidates(connection)[0].training
            queue.claim(connection, training)
            queue.crashed(connection, training, "The process was killed.")
        assert statuses(lab, public_id) == [expected]
    assert lab.snapshot(public_id).trials[0].error == (
        "The process was killed. It was tried 2 times."
    )


def run_and(connection, loses):
    """Let the only training run, and then be put back by `loses`."""
    training = queue.candidates(connection)[0].training
    attempt = queue.claim(connection, training).attempt
    loses(connection, training)
    return attempt


def test_a_lost_coordinator_spends_no_attempt_until_five_were_lost_in_a_row(lab):
    public_id = lab.submit(comparison("relu", seeds=(0,)))

    def crashes(connection, training):
        queue.crashed(connection, training, "It crashed.")

    def stops(connection, training):
        queue.again(connection, training, spent=False)

    with lab.store.write() as connection:
        attempts = [run_and(connection, way) for way in (queue.lost, crashes, *3 * [queue.lost])]
        assert attempts == [1, 1, 2, 2, 2]
        assert run_and(connection, stops) == 2  # in good order: it counts neither way
    assert statuses(lab, public_id) == [Status.QUEUED]
    with lab.store.write() as connection:
        run_and(connection, queue.lost)
    assert statuses(lab, public_id) == [Status.FAILED]
    assert "ended without warning 5 times in a row" in lab.snapshot(public_id).trials[0].error

    again = lab.submit(comparison("relu", seeds=(0,)))
    with lab.store.write() as connection:
        assert [run_and(connection, queue.lost) for _ in range(4)] == [1] * 4
    assert statuses(lab, again) == [Status.QUEUED]


def test_what_nobody_wants_any_more_when_its_coordinator_is_lost_is_cancelled(lab):
    public_id = lab.submit(comparison("relu", seeds=(0,)))
    with lab.store.write() as connection:
        training = queue.candidates(connection)[0].training
        queue.claim(connection, training)
    lab.cancel(public_id, OPERATOR)
    with lab.store.write() as connection:
        queue.lost(connection, training)
        assert queue.candidates(connection) == []
    assert statuses(lab, public_id) == [Status.CANCELLED]


@pytest.mark.parametrize("flat", [{}, {"warm": True, "later": "a fact of a newer version"}])
def test_what_another_version_said_of_its_coordinator_can_be_read(flat):
    state = CoordinatorState.from_json(flat)
    assert state.warm == flat.get("warm", False)
    assert CoordinatorState.from_json(json.loads(json.dumps(state.to_json()))) == state


def test_only_one_holds_the_store(path):
    store = Store(str(path))
    first = CoordinatorLease.acquire(store)
    assert first is not None
    assert CoordinatorLease.acquire(store) is None
    first.release()
    second = CoordinatorLease.acquire(store)
    assert second is not None
    with pytest.raises(LeaseLost), store.write() as connection:
        first.check(connection)
    with store.write() as connection:
        second.renew(connection, CoordinatorState())


def test_a_frozen_holder_is_replaced_and_can_write_no_more(path, monkeypatch):
    monkeypatch.setattr(lease, "FRESH", 0.2)
    store = Store(str(path))
    frozen = CoordinatorLease.acquire(store)
    with store.write() as connection:
        connection.execute(update(LEASE).values(beat_at=LEASE.c.beat_at - 5))
    assert CoordinatorLease.acquire(store) is not None  # it watched for a beat first
    with pytest.raises(LeaseLost), store.write() as connection:
        frozen.renew(connection, CoordinatorState(slots=7))
    with store.read() as connection:
        assert lease.look(connection, COORDINATOR).state == CoordinatorState()


def test_a_holder_that_beats_again_keeps_the_store(path, monkeypatch):
    monkeypatch.setattr(lease, "FRESH", 0.4)
    store = Store(str(path))
    sleeper = CoordinatorLease.acquire(store)
    with store.write() as connection:
        connection.execute(update(LEASE).values(beat_at=LEASE.c.beat_at - 5))

    def wake_up():
        with store.write() as connection:
            sleeper.renew(connection, CoordinatorState())

    timer = threading.Timer(0.2, wake_up)
    timer.start()
    assert CoordinatorLease.acquire(store) is None
    timer.join()


def test_trainings_keep_no_more_rows_than_needed(lab):
    lab.submit(comparison("relu"))
    finish_all(lab)
    with lab.store.read() as connection:
        assert connection.execute(select(RECORD)).all() == []
        assert len(connection.execute(select(TRAINING.c.id)).all()) == 2
