"""Coordinators and workers that start in milliseconds: forks of a process that has trained once.

`python tests/lab/forks.py` forks a coordinator for every store's URL it reads from its input. It
is the coordinator, and its workers are the workers, but for the loading.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from nncore.config.config import Config
from nncore.lab.coordinator.__main__ import main
from nncore.lab.keys import PACKAGE, lab_hash
from nncore.lab.workers import runner
from nncore.lab.workers.worker import block_unneeded, run_training, serve
from nncore.system.blas import environment

READY = "ready\n"
CHANNEL = 3  # the lowest file descriptor that isn't standard input, output or error


class Forked:
    """A worker as `subprocess.Popen` would show it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._code: int | None = None

    def wait(self) -> int:
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._code

    def kill(self) -> None:
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        if self._code is None:
            os.kill(self.pid, signal.SIGTERM)


def fork(what: Callable[[], object], kept: int = -1) -> int:
    """Do `what` in a process of its own, which has no open file of ours but `kept`; its id."""
    pid = os.fork()
    if pid:
        return pid
    try:
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        first = CHANNEL
        if kept >= 0:
            os.dup2(kept, CHANNEL)
            first += 1
        os.closerange(first, 1024)
        what()
    finally:
        os._exit(1)


def start_worker(module: str) -> tuple[socket.socket, Forked]:
    """What `nncore.lab.workers.processes.start` does."""
    assert module == "nncore.lab.workers.worker"
    ours, theirs = socket.socketpair()
    with theirs:
        return ours, Forked(fork(lambda: serve(socket.socket(fileno=CHANNEL)), theirs.fileno()))


def be_coordinator(url: str) -> None:
    os.setsid()
    main(["--store", url])


@contextmanager
def forks(log: Path, **variables: str) -> Iterator[Callable[[str], None]]:
    """Start the process that forks, ready at once; what to call with a store's URL."""
    with (
        log.open("w") as file,
        subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            text=True,
            cwd=PACKAGE.parent,
            env={**os.environ, **environment(), "PYTHONPATH": str(PACKAGE.parent), **variables},
        ) as process,
    ):
        assert process.stdout.readline() == READY, log.read_text()

        def start(url: str) -> None:
            process.stdin.write(f"{url}\n")
            process.stdin.flush()

        try:
            yield start
        finally:
            process.kill()


if __name__ == "__main__":
    block_unneeded()
    lab_hash()
    run_training(
        Config(dataset="digits", engine="numpy", epochs=1).flat(), lambda _: None, lambda: False
    )
    runner.start = start_worker
    os.nice = lambda _: 0  # what tests wait for needn't give way
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # or dead coordinators would look alive
    print(READY, end="", flush=True)
    for line in sys.stdin:
        fork(partial(be_coordinator, line.strip()))
