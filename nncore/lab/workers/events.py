"""What a runner is given, and what it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nncore.lab.workers.messages import AttemptEnd, Stop, Train
from nncore.results.records import Record


@dataclass(frozen=True)
class Task:
    """One attempt at one training."""

    training: int
    attempt: int
    config: Mapping[str, Any]  # flat
    data_folders: tuple[str, ...]  # where to look for full data sets
    program: str
    needs_tensorflow: bool
    key: str = ""  # what it is stored under
    observe: tuple[str, ...] = ()
    watched: bool = False

    def begin(self, keeps: bool) -> Train:
        """What a worker is told to begin it; `keeps`: whether its programs outlive it."""
        return Train(
            training=self.training,
            attempt=self.attempt,
            config=self.config,
            data_folders=self.data_folders,
            key=self.key,
            observe=self.observe,
            keeps=keeps,
        )

    @property
    def stop(self) -> Stop:
        """What the worker is told to end it."""
        return Stop(self.training, self.attempt)


@dataclass(frozen=True)
class Recorded:
    """A record arrived."""

    task: Task
    record: Record


@dataclass(frozen=True)
class Finished:
    """A task has ended."""

    task: Task
    end: AttemptEnd


Event = Recorded | Finished
