"""Locks among processes. The system frees them when their holder ends, however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock beside `path`; without one where the folder can't be written."""
    lock = FileLock(path.with_suffix(".lock"), thread_local=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError:
        yield
        return
    try:
        yield
    finally:
        lock.release()


def take(path: Path, patience: float = 0.0) -> BaseFileLock | None:
    """The lock at `path`, held until its `release`; None when another keeps it for so long.

    Raises OSError when the folder can't be written.
    """
    lock = FileLock(path, timeout=patience, thread_local=False, poll_interval=0.02)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock


def is_held(path: Path) -> bool:
    """Whether some process holds the lock at `path`."""
    if not path.exists():
        return False
    try:
        lock = take(path)
    except OSError:  # may not be opened: whoever could hold it couldn't, either
        return False
    if lock is None:
        return True
    lock.release()
    return False
