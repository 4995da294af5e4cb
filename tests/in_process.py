"""Users' files read in this process instead of a child, which saves half a second each."""

from pathlib import Path

from nncore.datasets.own import child as own_child
from nncore.system import child
from nncore.system.child import Ended, serve


def read_here(monkeypatch):
    """Let jobs for users' files be done in this process, by the same code and files."""

    def run(module, folder, **_):
        assert module == "nncore.datasets.own.child"
        serve(Path(folder), lambda job: own_child.work(Path(folder), job))
        return Ended(0, b"", "")

    monkeypatch.setattr(child, "run_child", run)
