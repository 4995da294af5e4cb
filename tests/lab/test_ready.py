"""How soon a click shows: what is done before it, and what doesn't wait."""

import subprocess
import sys

import pytest
from sqlalchemy import func, select

from nncore.lab.coordinator import coordinator as module
from nncore.lab.coordinator import queue
from nncore.lab.coordinator.coordinator import Coordinator
from nncore.lab.keys import PACKAGE
from nncore.lab.lab import Lab
from nncore.lab.store.lease import CoordinatorLease
from nncore.lab.store.schema import RECORD
from nncore.lab.store.store import Store
from nncore.lab.workers.events import Recorded, Task
from nncore.lab.workers.runner import LocalRunner
from nncore.lab.workers.slots import Limits
from nncore.results.records import Record
from tests.lab.processes import SHORT, comparison


@pytest.fixture
def running(tmp_path, monkeypatch):
    """A coordinator that is told what happens, and the task of a running training."""
    monkeypatch.setattr("nncore.lab.lab._start_coordinator", lambda store: None)
    lab = Lab(str(tmp_path / "store.sqlite"))
    lab.submit(comparison(SHORT))
    store = Store(lab.store.url, stays_open=True)
    lease = CoordinatorLease.acquire(store)
    runner = LocalRunner(1, Limits(60.0, 2**32), forks=False)
    coordinator = Coordinator(store, lease, runner, idle=60.0)
    with lab.store.write() as connection:
        (candidate,) = queue.candidates(connection)
        claim = queue.claim(connection, candidate.training)
    yield coordinator, Task(candidate.training, claim.attempt, claim.config, (), "", False)
    runner.close()


def test_a_record_after_a_pause_is_seen_at_once_and_the_next_ones_together(running, monkeypatch):
    coordinator, task = running

    def measure(epoch):
        coordinator._take(Recorded(task, Record(epoch, {"loss": 1.0}, {"loss": 1.0}, 0.1, 1.0)))
        coordinator._tick()

    def seen():
        with coordinator.store.read() as connection:
            return connection.execute(select(func.count()).select_from(RECORD)).scalar_one()

    coordinator._tick()  # beats
    monkeypatch.setattr(module, "GROUP", 3600.0)
    measure(1)
    assert seen() == 1
    measure(2)
    measure(3)
    assert seen() == 1
    monkeypatch.setattr(module, "GROUP", 0.0)
    measure(4)
    assert seen() == 4


FIRST = """
import sys
from importlib import import_module
from nncore.config.config import Config
from nncore.lab.workers.template import _PRELOADED
from nncore.lab.workers.worker import block_unneeded, rehearse, run_training

block_unneeded()
for name in _PRELOADED:
    import_module(name)
rehearse(False)
loaded = set(sys.modules)
flat = Config(dataset="iris", engine="keras", epochs=1).flat()
end = run_training(flat, lambda record: None, lambda: False, observe=("mistakes",), key="a" * 64)
assert end.outcome == "done", end
print(sorted(name for name in set(sys.modules) - loaded if name.startswith("nncore.")))
"""


@pytest.mark.slow
def test_a_worker_in_reserve_has_imported_all_that_a_training_needs(tmp_path):
    command = [sys.executable, "-c", FIRST]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PACKAGE.parent)
    assert done.stdout == "[]\n", done.stderr
