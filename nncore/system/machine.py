"""This machine, its boot and its processes, so named that a row of the store can tell them apart.

Nothing here depends on the time of day, which people and networks set.
"""

import os
import socket
import sys
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import psutil

LEAP = 5.0  # seconds; what takes longer between two looks at a stopwatch is a pause of the machine


@lru_cache(maxsize=1)
def place() -> str:
    """Where a process number means the same process as here."""
    numbers = sys.platform
    with suppress(OSError):  # containers count processes by themselves, whatever their names
        numbers = os.readlink("/proc/self/ns/pid")
    return f"{socket.gethostname()} {numbers}"


@lru_cache(maxsize=1)
def boot() -> str:
    """What `time.monotonic` counts from, for all processes of a machine; "" when it isn't told."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return ""


def began(pid: int) -> float | None:
    """When a process of this machine began, as its system counts.

    0 when it has ended, None when that can't be seen.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return 0.0
    except PermissionError:  # somebody else's
        pass
    try:
        return _began(pid)
    except (OSError, psutil.Error):  # some systems hide what is somebody else's
        return None


def _began(pid: int) -> float:
    if psutil.LINUX:
        # psutil would add the time of the boot, which moves with the time of day
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        state, ticks = fields[0], float(fields[19])
        return 0.0 if state in "ZX" else ticks
    process = psutil.Process(pid)
    return 0.0 if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())


class Stopwatch:
    """Seconds of work: a pause between two looks, as of a machine that slept, doesn't count."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._looked = time.monotonic()

    def look(self) -> None:
        """Count the time since the last look."""
        now = time.monotonic()
        passed, self._looked = now - self._looked, now
        self.seconds += min(passed, LEAP)
