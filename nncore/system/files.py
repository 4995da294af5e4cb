"""Files written whole or not at all, whatever ends the process or the machine meanwhile."""

import glob
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside `path` to write; it takes that place when the block has ended well.

    Its folder is made if need be. Raises OSError, and then leaves what was there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _forget_unfinished(path)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    try:
        yield unfinished
        move_durably(unfinished, path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, replacing what was there."""
    with replacing(path) as unfinished:
        unfinished.write_bytes(content)


def move_durably(source: Path, goal: Path) -> None:
    """Move a file within its disk so that a power cut leaves the old or the new one, whole."""
    with source.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(source, goal)
    folder = os.open(goal.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _forget_unfinished(path: Path) -> None:
    """Delete what processes that were killed meanwhile have left of this file."""
    for left in path.parent.glob(f"{glob.escape(path.name)}.*.part"):
        pid = left.name.removeprefix(f"{path.name}.").partition(".")[0]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            with suppress(OSError):
                left.unlink(missing_ok=True)
