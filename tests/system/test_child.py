"""Child processes: what comes back, and what is said when none can be started."""

import errno
import subprocess

import pytest

from nncore.datasets.own import upload as own
from nncore.datasets.preparation import overviews
from nncore.system import child
from nncore.system.child import run_child
from nncore.system.errors import DataError


def test_output_and_last_words_come_back():
    ended = run_child("json.tool", "--compact", seconds=60, stdin=b'{"a": 1}')
    assert (ended.code, ended.output.strip(), ended.last_words) == (0, b'{"a":1}', "")
    failed = run_child("json.tool", seconds=60, stdin=b"{")
    assert failed.code != 0
    assert "Expecting property name" in failed.reason


def test_one_that_takes_too_long_is_ended():
    with pytest.raises(subprocess.TimeoutExpired):
        run_child("http.server", "0", "--bind", "127.0.0.1", seconds=1)


def test_a_machine_that_can_start_none_is_told_in_words(monkeypatch, tmp_path):
    def full(*_, **__):
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    monkeypatch.setattr(child.subprocess, "run", full)
    with pytest.raises(DataError, match=r"can't be started.*Try again when"):
        overviews.make_overview("moons", "full", "last:0.25")
    with pytest.raises(DataError, match=r"can't be started.*Try again when"):
        own.inspect(b"a,b\n1,2\n", "small.csv")
