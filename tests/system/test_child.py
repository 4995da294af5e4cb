"""Child processes: what comes back, and what is said when none can be started."""

import errno
import json
import threading

import pytest

from nncore.datasets.own import upload as own
from nncore.datasets.preparation import overviews
from nncore.system import child
from nncore.system.child import Jobs, run_child, serve
from nncore.system.errors import BadNetwork, ChildFailed, InvalidSetting, UserError


def test_output_and_last_words_come_back():
    ended = run_child("json.tool", "--compact", seconds=60, doing="Trying", stdin=b'{"a": 1}')
    assert (ended.code, ended.output.strip(), ended.last_words) == (0, b'{"a":1}', "")
    failed = run_child("json.tool", seconds=60, doing="Trying", stdin=b"{")
    assert failed.code != 0
    assert "Expecting property name" in failed.reason


@pytest.mark.slow
def test_one_that_takes_too_long_is_ended():
    with pytest.raises(ChildFailed, match=r"Serving took over 1 seconds\. Try again when"):
        run_child("http.server", "0", "--bind", "127.0.0.1", seconds=1, doing="Serving")


def test_a_machine_that_can_start_none_is_told_in_words(monkeypatch, tmp_path):
    def full(*_, **__):
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    monkeypatch.setattr(child.subprocess, "run", full)
    with pytest.raises(ChildFailed, match=r"can't be started.*Try again when"):
        overviews.make_overview("moons", "full", "last:0.25")
    with pytest.raises(ChildFailed, match=r"can't be started.*Try again when"):
        own.inspect(b"a,b\n1,2\n", "small.csv")


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    """Jobs for a module that does what its job says."""
    module = tmp_path / "obedient.py"
    module.write_text(
        "import os, sys\nfrom pathlib import Path\nfrom nncore.system import errors\n"
        "from nncore.system.child import serve\n"
        "def work(job):\n"
        "    if 'raise' in job: raise getattr(errors, job['raise'])('No, and here is why.')\n"
        "    if 'code' in job: sys.exit(job['code'])\n"
        "    if 'die' in job: os.kill(os.getpid(), 9)\n"
        "    return job['say']\n"
        "serve(Path(sys.argv[1]), work)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    folder = tmp_path / "job"
    folder.mkdir()
    job = Jobs("obedient", seconds=60, starved="Take less.")
    return lambda **asked: job.ask(folder, asked, doing="Obeying")


def test_an_answer_comes_back(jobs):
    assert jobs(say={"a": [1, 2.5, None]}) == {"a": [1, 2.5, None]}


@pytest.mark.parametrize(
    ("raised", "caught"),
    [("BadNetwork", BadNetwork), ("UnknownName", InvalidSetting), ("StoreError", ChildFailed)],
)
def test_what_the_work_refuses_is_raised_here(jobs, raised, caught):
    with pytest.raises(caught) as refusal:
        jobs(**{"raise": raised})
    assert str(refusal.value) == "No, and here is why."
    assert isinstance(refusal.value, UserError)


def test_an_end_without_an_answer_is_said(jobs):
    with pytest.raises(ChildFailed, match=r"Obeying failed: exit code 7, no message\."):
        jobs(code=7)
    with pytest.raises(ChildFailed, match=r"Obeying needs more memory than there is\. Take less\."):
        jobs(die=True)


def test_a_fault_of_the_program_is_no_refusal(tmp_path):
    (tmp_path / "job.json").write_text("{}")
    with pytest.raises(ZeroDivisionError):
        serve(tmp_path, lambda job: 1 / 0)
    assert not (tmp_path / "answer.json").exists()


def test_one_job_at_a_time(jobs, tmp_path):
    waiting = Jobs("obedient", seconds=0.2)
    waiting._lanes[""] = threading.Lock()
    waiting._lanes[""].acquire()
    with pytest.raises(ChildFailed, match=r"Waiting waited over 0\.2 seconds"):
        waiting.ask(tmp_path, {}, doing="Waiting")
    assert json.loads((tmp_path / "job.json").read_text()) == {}
    with pytest.raises(ChildFailed, match=r"Going failed|Going took over"):
        waiting.ask(tmp_path, {}, doing="Going", lane="another")
