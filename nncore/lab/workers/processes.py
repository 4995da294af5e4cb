"""The processes that a runner starts, as it sees them from outside."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from nncore.engines.keras.setup import ENVIRONMENT
from nncore.lab.workers.channel import Channel
from nncore.lab.workers.events import Task
from nncore.lab.workers.messages import AttemptEnd
from nncore.system.blas import environment
from nncore.system.paths import ROOT

MOST_TRAININGS = 50  # of one worker: compiled programs add up
MOST_GROWTH = 600 * 2**20  # bytes a worker may gain before it is replaced


@dataclass(eq=False)
class Worker:
    """One worker process, as the coordinator sees it."""

    number: int
    channel: Channel
    process: subprocess.Popen[bytes] | None  # None when forked from the template
    started: float  # by the runner's stopwatch
    pid: int | None = None
    ready: bool = False  # said that it has started
    task: Task | None = None
    task_started: float = 0.0  # likewise
    rehearses: bool = False
    watched: bool = False  # trains only what somebody watches
    keeps: bool = False  # its compiled programs outlive it, and may come from others
    programs: set[str] = field(default_factory=set)
    trained: int = 0
    first_rss: int = 0
    stopping: AttemptEnd | None = None  # how a stop under way will end its task
    kill_at: float | None = None

    @property
    def forked(self) -> bool:
        return self.process is None

    @property
    def is_worn(self) -> bool:
        """Whether compiled programs and memory have added up."""
        return self.trained >= MOST_TRAININGS or rss(self.pid) - self.first_rss > MOST_GROWTH

    @property
    def uses_kept(self) -> bool:
        """Whether what it does now may go wrong because of a kept program."""
        return self.keeps and (self.rehearses if self.task is None else self.task.needs_tensorflow)

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
        elif self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


@dataclass
class Template:
    """The template process; `warm` once it can fork."""

    process: subprocess.Popen[bytes]
    channel: Channel
    warm: bool = False

    def end(self) -> None:
        """End it, and wait until it has ended; what it forked goes on."""
        self.channel.close()
        self.process.terminate()
        self.process.wait()


def start(module: str) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """Start `python -m module FD` with the other end of our socket."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, **ENVIRONMENT, **environment()},
        )
    return ours, process


def rss(pid: int | None) -> int:
    """Resident memory in bytes; 0 for a process that has ended."""
    try:
        return int(psutil.Process(pid).memory_info().rss) if pid is not None else 0
    except psutil.Error:
        return 0


def worked(pid: int) -> float:
    """Seconds of the processor that it has used; 0 for a process that has ended."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def death(code: int | None) -> str:
    """How a process ended that shouldn't have: "was killed by signal 11"."""
    if code is None or code >= 0:
        return "ended unexpectedly"
    why = ", as happens when memory runs short" if code == -signal.SIGKILL else ""
    return f"was killed by signal {-code}{why}"
