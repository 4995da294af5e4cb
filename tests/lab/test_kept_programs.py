"""What the lab does with compiled programs that outlive workers, and when one may be at fault."""

import hashlib
import os
import time

import psutil
import pytest

from nncore.config.config import Config
from nncore.lab.lab import Lab
from nncore.lab.workers import worker
from nncore.lab.workers.events import Finished, Task
from nncore.lab.workers.messages import AttemptEnd, Outcome
from nncore.lab.workers.runner import LocalRunner
from nncore.lab.workers.slots import Limits, may_keep
from nncore.results.snapshots import Status
from tests.lab.processes import comparison, coordinator, end, finished, wait

KERAS = {"dataset": "iris", "engine": "keras", "hidden": [5], "epochs": 3}


def task(engine):
    config = Config(dataset="iris", engine=engine)
    return Task(1, 1, config.flat(), (), engine, needs_tensorflow=engine == "keras")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    path = tmp_path / "programs" / "machine" / "a.xla"
    path.parent.mkdir(parents=True)
    path.touch()
    return tmp_path


@pytest.fixture
def workers(home):
    """A runner of two workers that are started, not forked."""
    workers = LocalRunner(2, Limits(60.0, 2**32), forks=False)
    yield workers
    workers.close()


def end_of(workers, seconds=20.0):
    """How the next task ends."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for event in workers.poll(0.05):
            if isinstance(event, Finished):
                return event.end
    raise AssertionError(f"nothing ended within {seconds} s")


def kept(home):
    return sorted((home / "programs").glob("*/*.xla"))


@pytest.mark.slow
def test_a_worker_that_dies_with_kept_programs_is_the_last_that_has_them(workers, home):
    workers.submit(task("keras"), None)
    workers.workers[0].kill()
    assert end_of(workers).outcome is Outcome.SPOILED
    assert (workers.keeps, kept(home)) == (False, [])
    workers.submit(task("keras"), None)
    workers.workers[0].kill()
    assert end_of(workers).outcome is Outcome.CRASHED


@pytest.mark.slow
def test_a_process_is_not_used_again_after_an_error_with_kept_programs(workers, home):
    for _ in range(2):
        workers.submit(task("keras"), None)
    failing, training = workers.workers
    event = workers._ended(failing, failing.task, AttemptEnd(Outcome.SPOILED, error="why"))
    assert event.end.outcome is Outcome.SPOILED
    assert workers.workers == [training]  # it may end what it does, and no more
    workers._ended(training, training.task, AttemptEnd(Outcome.DONE))
    assert workers.workers == []
    workers.submit(task("keras"), None)
    assert not workers.workers[0].keeps


@pytest.mark.slow
def test_a_worker_that_dies_while_it_rehearses_is_the_last_with_kept_programs(workers, home):
    reserve = workers._new_worker()
    reserve.rehearses = reserve.keeps = True
    reserve.kill()
    wait(lambda: workers.poll(0.05) or not workers.workers)
    assert (workers.keeps, kept(home)) == (False, [])


@pytest.mark.slow
@pytest.mark.parametrize("end_it", ["kill", "stop"])
def test_kept_programs_are_not_blamed_for_what_they_had_no_part_in(workers, home, end_it):
    workers.submit(task("numpy" if end_it == "kill" else "keras"), None)
    wait(lambda: workers.poll(0.05) or workers.workers[0].ready)
    if end_it == "kill":
        workers.workers[0].kill()
    else:
        workers.stop(1)
    assert end_of(workers).outcome is {"kill": Outcome.CRASHED, "stop": Outcome.STOPPED}[end_it]
    assert workers.keeps
    assert kept(home)


def test_only_errors_of_the_program_are_blamed_on_kept_programs(home, monkeypatch):
    from nncore.engines.keras import compiled, setup

    monkeypatch.setattr(compiled, "keep", lambda: True)
    monkeypatch.setattr(setup, "configure", lambda: None)

    def outcome(raised, engine, keeps):
        def fail(*_):
            raise raised

        monkeypatch.setattr("nncore.datasets.preparation.prepare.prepared", fail)
        flat = Config(dataset="iris", engine=engine).flat()
        return worker.run_training(flat, print, lambda: False, keeps=keeps)

    fault = RuntimeError("Serialized HLO does not match.")
    assert outcome(fault, "keras", True).outcome is Outcome.SPOILED
    assert outcome(fault, "keras", False).outcome is Outcome.FAILED
    assert outcome(fault, "numpy", True).outcome is Outcome.FAILED
    assert outcome(MemoryError(), "keras", True).outcome is Outcome.FAILED


def test_a_variable_has_everything_compiled_anew(monkeypatch):
    assert may_keep()
    monkeypatch.setenv("NNLAB_PROGRAMS", "forget")
    assert not may_keep()


@pytest.mark.slow
def test_a_program_outlives_its_worker_and_a_damaged_one_costs_no_attempt(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    monkeypatch.setenv("NNLAB_SLOTS", "1")
    monkeypatch.delenv("NNLAB_START", raising=False)
    lab = Lab(str(tmp_path / "store.sqlite"))

    def train(seed, **settings):
        asked = comparison({**KERAS, **settings}, seeds=(seed,))
        (trial,) = finished(lab, lab.submit(asked), seconds=60).trials
        assert (trial.status, trial.attempt) == (Status.DONE, 1)
        return trial

    def kill_worker():
        template = coordinator(lab).children()[0]
        (worker,) = template.children()
        worker.kill()
        psutil.wait_procs([worker], timeout=5)
        wait(lambda: not lab.status().workers or lab.status().workers != (worker.pid,))

    lab.warm_up()
    wait(lambda: (state := lab.status()) and state.warm, seconds=90)
    (rehearsed,) = kept(tmp_path)
    train(0)
    (ours,) = [path for path in kept(tmp_path) if path != rehearsed]
    before, number = ours.read_bytes(), ours.stat().st_ino
    os.utime(ours, (1e9, 1e9))
    kill_worker()
    train(1)
    assert ours.stat().st_mtime > 1e9  # it was used...
    assert (ours.stat().st_ino, ours.read_bytes()) == (number, before)  # ...and not written again

    kill_worker()
    name = before[32:].partition(b"\n")[0]
    content = name + b"\n" + bytes(1000)  # with a right checksum, so that TensorFlow gets it
    ours.write_bytes(hashlib.sha256(content).digest() + content)
    again = train(2)
    assert again.error is None
    assert kept(tmp_path) == []
    train(0, activation="tanh")
    assert kept(tmp_path) == []
    end(lab)
    assert "compiled programs are not kept any more" in lab_log(tmp_path)


def lab_log(home):
    return "".join(path.read_text(errors="replace") for path in home.rglob("*.log"))
