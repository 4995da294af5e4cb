"""How much of this machine trainings may use; environment variables overrule.

NNLAB_SLOTS: trainings at a time. NNLAB_START: "spawn" starts every worker by itself instead
of forking it. NNLAB_IDLE_SECONDS: after which the coordinator leaves. NNLAB_TRAINING_SECONDS
and NNLAB_TRAINING_MB: limits of one training. NNLAB_PROGRAMS: "forget" compiles everything anew.
"""

import os
import sys
from dataclasses import dataclass

import psutil

from nncore.declare.domains import Range
from nncore.declare.params import Param

_MEMORY_PER_SLOT = 2**30  # bytes: what a Keras training usually takes, twice


@dataclass(frozen=True)
class Limits:
    """Of one training."""

    seconds: float
    bytes: int

    @property
    def too_long(self) -> str:
        """What is said of a training that is ended because of its time."""
        return f"It took longer than the limit of {self.seconds:g} seconds per training."

    @property
    def too_much(self) -> str:
        """What is said of one that is ended because of its memory."""
        return f"It needed more memory than the limit of {self.bytes / 2**20:,.0f} MB."


def slots() -> int:
    """One per core that this process may use, as far as memory goes."""
    named = _named("NNLAB_SLOTS", Range(1, 1000, integer=True))
    if named is not None:
        return int(named)
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    return max(1, min(cores, psutil.virtual_memory().total // _MEMORY_PER_SLOT))


def limits() -> Limits:
    """An hour, and half of the machine's memory up to 4 GB."""
    half = min(4 * 2**30, psutil.virtual_memory().total // 2)
    seconds = _named("NNLAB_TRAINING_SECONDS", Range(0.1, 1e9))
    megabytes = _named("NNLAB_TRAINING_MB", Range(1, 1e9))
    return Limits(
        seconds=3600.0 if seconds is None else seconds,
        bytes=half if megabytes is None else int(megabytes * 2**20),
    )


def may_fork() -> bool:
    """Whether workers may be forked: only Linux tells how many threads a process has."""
    return sys.platform == "linux" and os.environ.get("NNLAB_START") != "spawn"


def may_keep() -> bool:
    """Whether compiled programs may outlive workers."""
    return os.environ.get("NNLAB_PROGRAMS") != "forget"


def idle_seconds() -> float:
    """After how long without work the coordinator leaves."""
    seconds = _named("NNLAB_IDLE_SECONDS", Range(0, 1e9))
    return 300.0 if seconds is None else seconds


def check() -> None:
    """Raise InvalidSetting for the first of these variables that makes no sense.

    A coordinator would fail at once and unseen; whoever wakes it can say so.
    """
    slots()
    limits()
    idle_seconds()


def _named(variable: str, domain: Range) -> float | None:
    """The number in an environment variable; None when it is unset or empty."""
    text = os.environ.get(variable)
    return Param(variable, variable, domain, None).parse(text) if text else None
