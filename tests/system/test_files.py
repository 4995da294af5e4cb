"""Files written whole or not at all, and locks that end with their holder."""

import os
import signal
import subprocess
import sys
import time

import pytest

from nncore.system.files import move_durably, replacing, write_whole
from nncore.system.locks import is_held, only_one, take

HOLD = """
import sys, time
from pathlib import Path
from nncore.system.locks import take
lock = take(Path(sys.argv[1]))
print("held" if lock else "refused", flush=True)
time.sleep(60)
"""


def test_a_file_is_whole_and_leaves_nothing_beside(tmp_path):
    path = tmp_path / "new" / "file.json"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    path = tmp_path / "file"
    write_whole(path, b"old")

    def fill_the_disk(unfinished):
        unfinished.write_bytes(b"half")
        raise OSError("The disk is full.")

    with pytest.raises(OSError, match="full"), replacing(path) as unfinished:
        fill_the_disk(unfinished)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_writer_that_is_killed_leaves_what_was_there_and_is_tidied_up(tmp_path):
    path = tmp_path / "file[1]"  # of any name
    write_whole(path, b"old")
    script = """
import sys, time
from pathlib import Path
from nncore.system.files import replacing
with replacing(Path(sys.argv[1])) as unfinished:
    unfinished.write_bytes(b"half")
    print("writing", flush=True)
    time.sleep(60)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline().strip() == "writing"
    process.kill()
    process.communicate()
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2
    with replacing(path) as unfinished:
        assert list(tmp_path.iterdir()) == [path]
        unfinished.write_bytes(b"new")
    assert path.read_bytes() == b"new"


def test_another_writer_at_work_is_left_alone(tmp_path):
    path = tmp_path / "file"
    with replacing(path) as one:
        one.write_bytes(b"one")
        write_whole(path, b"two")
        assert one.exists()
    assert path.read_bytes() == b"one"


def test_a_move_replaces_and_takes_away(tmp_path):
    (tmp_path / "made").write_bytes(b"made")
    (tmp_path / "goal").write_bytes(b"old")
    move_durably(tmp_path / "made", tmp_path / "goal")
    assert [p.name for p in tmp_path.iterdir()] == ["goal"]
    assert (tmp_path / "goal").read_bytes() == b"made"


def test_a_lock_is_free_when_its_holder_is_killed(tmp_path):
    path = tmp_path / "thing.lock"
    assert not is_held(path)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline().strip() == "held"
    assert is_held(path)
    assert take(path) is None
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    lock = take(path, patience=5)
    assert lock is not None
    assert is_held(path)
    lock.release()
    assert not is_held(path)


def test_only_one_goes_at_a_time(tmp_path):
    path = tmp_path / "folder" / "thing.npz"
    with only_one(path):
        lock = take(path.with_suffix(".lock"))
        assert lock is None
    started = time.monotonic()
    with only_one(path):
        assert time.monotonic() - started < 5


def test_where_no_lock_can_be_made_work_goes_on(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    entered = []
    with only_one(tmp_path / "file" / "thing.npz"):
        entered.append(True)
    assert entered
