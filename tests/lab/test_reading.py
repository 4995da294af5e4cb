"""Reading a store needs no write: under a foreign lock, on a full disk, from a read-only place."""

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from nncore.cli import follow
from nncore.cli.main import main
from nncore.lab import lab as lab_module
from nncore.lab.coordinator import queue
from nncore.lab.lab import Lab
from nncore.lab.store import reader as reading
from nncore.lab.store.schema import COMPARISON, LEASE, METADATA, MIGRATIONS
from nncore.lab.store.store import Store
from nncore.results.snapshots import Status
from nncore.system.errors import StoreError
from nncore.system.owners import OPERATOR
from tests import unwritable
from tests.lab.processes import SHORT, comparison
from tests.typed import recorded, scored

pytestmark = pytest.mark.slow

TESTS = Path(__file__).parent
OLD = (TESTS / "store_v1.sql").read_text(encoding="utf-8")
# What a page and the command line read of each store; then what a click on Run would say.
READ = """
import json, sys
from nncore.lab.lab import Lab
from nncore.lab.store.store import LEAST_FREE, Store
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison
from nncore.system.errors import StoreError

Store.free_bytes = lambda self: LEAST_FREE  # the disk itself is to say that it is full
arms = (parse_arm("relu", "activation"),)
asked = Comparison("activations", {"dataset": "iris", "engine": "numpy"}, arms, (0,))
told = {}
for path in sys.argv[1:]:
    lab = Lab(path)
    found = [lab.snapshot(listed.id) for listed in lab.recent(100)]
    told[path] = {
        "estimate": lab.estimate(asked).trainings,
        "trials": {s.id: [(t.status, len(t.records)) for t in s.trials] for s in found},
        "notes": [s.note for s in found if s.active],
    }
    for does in (lambda: lab.submit(asked), lab.warm_up, lab.wake):
        try:
            does()
        except StoreError as error:
            told[path].setdefault("refused", []).append(str(error))
    told[path]["stored"] = len(lab.recent(100))
print(json.dumps(told))
"""


@pytest.fixture(autouse=True)
def asleep(monkeypatch):
    """Nobody works on the stores."""
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "store.sqlite"


def filled(path):
    """A store with a comparison that is done and one that is under way: (its lab, their ids)."""
    lab = Lab(str(path))
    done = lab.submit(comparison(SHORT, seeds=(0, 1)))
    work(lab, Status.DONE)
    waiting = lab.submit(comparison(SHORT, "tanh"))
    with lab.store.write() as connection:
        training = queue.candidates(connection)[0].training
        queue.claim(connection, training)
        queue.add_records(connection, [(training, 1, *recorded({"epoch": 1, "loss": 0.5}))])
    asleep_for_long(lab)
    return lab, done, waiting


def asleep_for_long(lab):
    """Nobody has just been started."""
    with lab.store.write() as connection:
        connection.execute(update(LEASE).values(beat_at=1.0))


def work(lab, status):
    with lab.store.write() as connection:
        for training in dict.fromkeys(c.training for c in queue.candidates(connection)):
            queue.claim(connection, training)
            records = recorded(*({"epoch": epoch, "loss": 0.5} for epoch in (1, 2, 3)))
            result = scored({"seconds": 0.5})
            queue.finish(connection, training, status, records=records, result=result)


def left_by_a_crash(path, *, index):
    """A store whose newest data is in its log only, without anybody who has it open."""
    origin = path.with_name(f"origin-{path.name}")
    filled(origin)
    with closing(sqlite3.connect(origin)) as reader:
        reader.execute("SELECT * FROM meta").fetchall()  # keeps the log from being moved
        Lab(str(origin)).submit(comparison(SHORT, "elu"))
        asleep_for_long(Lab(str(origin)))
        for suffix in ("", "-wal", "-shm") if index else ("", "-wal"):
            shutil.copy(f"{origin}{suffix}", f"{path}{suffix}")
    for file in path.parent.glob(f"{origin.name}*"):
        file.unlink()


def old(path):
    """A store of schema version 1, as `test_lab_old_store` has it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD)
        connection.execute("UPDATE comparison SET started_at = ?", (time.time(),))
        connection.commit()


def everything(path):
    """All that can be read of a store; what `READ` prints of it."""
    lab = Lab(str(path))
    found = [lab.snapshot(listed.id) for listed in lab.recent(100)]
    return {s.id: [[t.status.value, len(t.records)] for t in s.trials] for s in found}


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


# Places where nothing can be written


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forbids root to write")
@pytest.mark.parametrize("place", unwritable.PLACES)
def test_all_is_read_where_nothing_can_be_written(path, place):
    path.parent.mkdir()
    closed, full_log, no_index, aged = (
        path.with_name(f"{name}.sqlite") for name in ("closed", "log", "no_index", "old")
    )
    filled(closed)
    left_by_a_crash(full_log, index=True)
    left_by_a_crash(no_index, index=False)
    old(aged)
    stores = [closed, full_log, no_index, aged]
    aside = path.parent.parent / "aside"
    shutil.copytree(path.parent, aside)
    expected = [everything(aside / store.name) for store in stores]
    before = contents(path.parent)

    command = [unwritable.__file__, place, path.parent, "-c", READ, *stores]
    done = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=TESTS.parents[1], capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    if done.returncode == unwritable.NO_MOUNTS and place in ("mount", "disk"):
        pytest.skip("this machine doesn't let tests mount")
    assert done.returncode == 0, done.stderr
    written = json.loads(done.stdout)
    assert [written[str(store)]["trials"] for store in stores] == expected
    assert [len(trials) for trials in expected] == [2, 3, 3, 3]  # the newest is in the log only
    for store in stores:
        assert written[str(store)]["estimate"] == 1
        assert written[str(store)]["notes"]
        refused = written[str(store)].get("refused", [])
        if place == "disk" and store in (full_log, no_index) and not refused:
            # a log that was left holds room, which a full disk has not taken
            assert written[str(store)]["stored"] == len(written[str(store)]["trials"]) + 1
            continue
        assert refused
        for said in (*refused, *written[str(store)]["notes"]):
            assert said.startswith(f"The store {Store(str(store)).name} ")
            assert ("writable" if place in ("folder", "mount") else "disk is full") in said
        assert len(written[str(store)]["refused"]) == 3
        assert "What waits goes on by itself once" in written[str(store)]["notes"][0]
    after = contents(path.parent)
    if place == "file size":  # the attempt to make an index empties it
        before, after = ({n: f[n] for n in f if n in before and "-shm" not in n}
                         for f in (before, after))  # fmt: skip
    assert after == before


def test_the_log_of_others_at_work_is_not_touched_when_the_index_fails(path, monkeypatch):
    lab, done, _ = filled(path)
    natural = reading._connected

    def fails(path, how, patience):
        if "vfs" in how or "immutable" in how:
            return natural(path, how, patience)
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA cache_size=5")  # so that pages go to the log before their commit
        other.execute("BEGIN")
        other.execute("CREATE TABLE large AS SELECT randomblob(500000)")
        log = path.with_name(f"{path.name}-wal").stat()
        with monkeypatch.context() as patch:
            patch.setattr(reading, "_connected", fails)
            with pytest.raises(StoreError, match="disk I/O error"):
                lab.snapshot(done)
        assert path.with_name(f"{path.name}-wal").stat() == log
        other.execute("COMMIT")
    assert lab.snapshot(done) is not None


def test_a_connection_says_of_which_store_it_is(tmp_path):
    names = set()
    for name in ("one", "two"):
        store = Store(str(tmp_path / f"{name}.sqlite"))
        with store.write() as connection:
            written = str(connection.engine.url)
        with store.read() as connection:
            assert str(connection.engine.url) == written
        names.add(written)
    assert len(names) == 2


def test_a_store_that_is_not_there_is_empty_and_reading_does_not_make_it(path):
    lab = Lab(str(path))
    assert lab.recent() == []
    assert lab.snapshot("no-such-id") is None
    assert lab.status() is None
    assert lab.estimate(comparison(SHORT)).cached == 0
    assert not path.parent.exists()
    filled(path)  # the same object sees it from now on
    assert len(lab.recent()) == 2


@pytest.mark.parametrize("state", ["closed", "log", "old", "old in WAL mode"])
def test_reading_changes_no_byte_and_leaves_no_file(path, state):
    path.parent.mkdir()
    if state == "closed":
        filled(path)
    elif state == "log":
        left_by_a_crash(path, index=False)
    else:
        old(path)
        if state == "old in WAL mode":
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
    before = contents(path.parent)
    lab = Lab(str(path))
    with lab.store.read() as connection:
        assert connection.execute(COMPARISON.select()).all()
        with pytest.raises(OperationalError, match=r"readonly|is a view"):
            connection.execute(update(COMPARISON).values(owner="me"))
    assert lab.recent()
    after = contents(path.parent)
    after.pop(f"{path.name}-shm", None)  # an index of what is in the log may stay
    assert after == before


# A foreign lock


@pytest.fixture
def patient(monkeypatch):
    """Seconds that a writer waits for another one: long, so that a loaded machine is no reason."""
    monkeypatch.setitem(Store.__init__.__kwdefaults__, "patience", 60.0)
    return 60.0


@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
@pytest.mark.parametrize("version", ["today's", "old"])
def test_a_foreign_write_lock_delays_no_reader(path, patient, lock, version):
    path.parent.mkdir()
    if version == "old":
        old(path)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    else:
        filled(path)
    expected = everything_quietly(path)
    lab = Lab(str(path))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"BEGIN {lock}")
        before = time.monotonic()
        assert everything(path) == expected
        active = next(s for s in map(lab.snapshot, expected) if s.active)
        assert time.monotonic() - before < patient / 2
        assert "is locked by another program" in active.note
        assert "What waits goes on by itself" in active.note
        other.execute("ROLLBACK")
    assert not list(path.parent.glob("*.backup"))  # nor was anything prepared for a migration
    assert "engine is restarting" in lab.snapshot(active.id).note


def everything_quietly(path):
    """The same as `everything`, but from a copy: reading may start an engine."""
    copy = path.parent.parent / "copy" / path.name
    shutil.copytree(path.parent, copy.parent)
    return everything(copy)


def keeps_the_whole_file(path, **options):
    other = sqlite3.connect(path, isolation_level=None, **options)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    return other


def test_who_keeps_the_whole_file_to_himself_is_not_waited_for_long(path, patient):
    lab, done, _ = filled(path)
    with closing(keeps_the_whole_file(path)):
        before = time.monotonic()
        with pytest.raises(StoreError, match="is locked by another program"):
            lab.snapshot(done)
        assert time.monotonic() - before < patient / 2
    assert lab.snapshot(done) is not None


def test_what_is_submitted_is_there_though_no_engine_can_be_started(path, monkeypatch):
    def fails(store):
        raise StoreError("The engine can't be started: no processes left.")

    monkeypatch.setattr(lab_module, "_start_coordinator", fails)
    lab = Lab(str(path))
    public_id = lab.submit(comparison(SHORT))
    lab.add_seeds(public_id, 1, OPERATOR)
    monkeypatch.setattr(lab_module, "_PATIENCE", 0.0)
    snapshot = lab.snapshot(public_id)
    assert len(snapshot.trials) == 2
    assert snapshot.note.startswith("The engine can't be started: no processes left.")


# The command line


def test_following_goes_on_when_the_store_can_be_read_again(path, capsys):
    lab, done, _ = filled(path)
    other = keeps_the_whole_file(path, check_same_thread=False)
    timer = threading.Timer(1.5, other.close)
    timer.start()
    assert not follow.follow(lab, done).active
    timer.join()
    printed = capsys.readouterr().err
    assert printed.count("is locked by another program") == 1
    assert "done" in printed


def test_following_ends_when_it_should_or_waits_in_vain(path, monkeypatch):
    lab, done, _ = filled(path)
    with closing(keeps_the_whole_file(path)):
        with pytest.raises(StoreError, match="is locked by another program"):
            follow.follow(lab, done, until=lambda: True)
        monkeypatch.setattr(follow, "GIVE_UP", 0.0)
        with pytest.raises(StoreError, match="is locked by another program"):
            follow.follow(lab, done)


def test_comparing_in_a_locked_store_is_one_line(path, capsys, monkeypatch):
    lab, _, _ = filled(path)
    monkeypatch.setattr(lab.store, "patience", 0.2)  # that of all labs of this process
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        arguments = ["--dataset", "iris", "--engine", "numpy", "--store", str(path)]
        assert main(["compare", "activations", *arguments]) == 2
    printed = capsys.readouterr().err
    assert printed.startswith(f"error: The store {Store(str(path)).name} is locked by another")
    assert printed.count("\n") == 1


# Older versions


def test_an_older_store_reads_as_it_does_after_its_migration(tmp_path):
    old(tmp_path / "old.sqlite")
    shutil.copy(tmp_path / "old.sqlite", tmp_path / "migrated.sqlite")
    with Store(str(tmp_path / "migrated.sqlite")).write():
        pass
    readings = []
    for name in ("old", "migrated"):
        lab = Lab(str(tmp_path / f"{name}.sqlite"))
        with lab.store.read() as connection:
            tables = [
                connection.execute(select(*_without_number(table))).all()
                for table in METADATA.sorted_tables
                if table.name not in ("meta", "summary")  # a migration makes empty rows of these
            ]
        readings.append((tables, everything(tmp_path / f"{name}.sqlite")))
    assert readings[0] == readings[1]


def _without_number(table):
    """What a migration leaves as it was: comparisons get their numbers by it."""
    return [column for column in table.columns if column.name != "number"]


def test_a_reader_sees_a_migration_that_another_one_made(path):
    path.parent.mkdir()
    old(path)
    reader = Store(str(path))
    bodies = select(COMPARISON.c.id, COMPARISON.c.body)
    with reader.read() as connection:
        before = connection.execute(bodies).all()
    with Store(str(path)).write() as connection:
        assert Store(str(path))._version(connection) == len(MIGRATIONS)
    with reader.read() as connection:
        assert connection.execute(bodies).all() == before
