"""How much of this machine trainings may use; environment variables overrule.

NNLAB_SLOTS: trainings at a time. NNLAB_START: "spawn" starts every worker by itself instead
of forking it. NNLAB_IDLE_SECONDS: after which the coordinator leaves. NNLAB_TRAINING_SECONDS
and NNLAB_TRAINING_MB: limits of one training.
"""

import os
import sys
from dataclasses import dataclass

import psutil

_MEMORY_PER_SLOT = 2**30  # bytes: what a Keras training usually takes, twice


@dataclass(frozen=True)
class Limits:
    """Of one training."""

    seconds: float
    bytes: int


def slots() -> int:
    """One per core that this process may use, as far as memory goes."""
    named = os.environ.get("NNLAB_SLOTS")
    if named:
        return max(1, int(named))
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    return max(1, min(cores, psutil.virtual_memory().total // _MEMORY_PER_SLOT))


def limits() -> Limits:
    """An hour, and half of the machine's memory up to 4 GB."""
    half = min(4 * 2**30, psutil.virtual_memory().total // 2)
    megabytes = os.environ.get("NNLAB_TRAINING_MB")
    return Limits(
        seconds=float(os.environ.get("NNLAB_TRAINING_SECONDS") or 3600.0),
        bytes=int(float(megabytes) * 2**20) if megabytes else half,
    )


def may_fork() -> bool:
    """Whether workers may be forked: only Linux tells how many threads a process has."""
    return sys.platform == "linux" and os.environ.get("NNLAB_START") != "spawn"


def idle_seconds() -> float:
    """After how long without work the coordinator leaves."""
    return float(os.environ.get("NNLAB_IDLE_SECONDS") or 300.0)
