"""What a runner is given, and what it tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nncore.results.records import Record
from nncore.results.results import Result


@dataclass(frozen=True)
class Task:
    """One attempt at one training."""

    training: int
    attempt: int
    config: Mapping[str, Any]
    data_folders: list[str]  # where to look for full data sets
    program: str
    needs_tensorflow: bool
    key: str = ""  # what it is stored under
    observe: Sequence[str] = ()

    def message(self) -> dict[str, Any]:
        """What the worker is told."""
        who = {"kind": "train", "training": self.training, "attempt": self.attempt}
        watched = {"key": self.key, "observe": list(self.observe)}
        return {**who, "config": self.config, "data_folders": self.data_folders, **watched}


@dataclass(frozen=True)
class Recorded:
    """A record arrived."""

    task: Task
    record: Record


@dataclass(frozen=True)
class Finished:
    """A task has ended: done, diverged, failed, stopped, timeout, memory or crashed."""

    task: Task
    outcome: str
    result: Result | None = None
    error: str = ""  # why, as a sentence for people


Event = Recorded | Finished
