"""What coordinator, template, workers and fitter say to each other: one class per kind of message.

The channel writes them as JSON and reads them back; nobody else does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nncore.results.records import Record
from nncore.results.results import Result
from nncore.results.simple import SimpleScore


class Outcome(StrEnum):
    """How an attempt at a training ended."""

    DONE = "done"
    DIVERGED = "diverged"
    FAILED = "failed"
    STOPPED = "stopped"  # as asked
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASHED = "crashed"  # its process died
    SPOILED = "spoiled"  # failed or crashed where a kept program may be at fault: to be repeated


@dataclass(frozen=True)
class AttemptEnd:
    """How an attempt ended, and what it brought."""

    outcome: Outcome
    result: Result | None = None  # of DONE and DIVERGED only
    error: str = ""  # why, as a sentence for people

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reads them back."""
        result = None if self.result is None else self.result.to_json()
        return {"outcome": self.outcome, "result": result, "error": self.error}

    @classmethod
    def from_json(cls, flat: Mapping[str, Any]) -> "AttemptEnd":
        """What `to_json` wrote."""
        result = None if flat["result"] is None else Result.from_json(flat["result"])
        return cls(Outcome(flat["outcome"]), result, flat["error"])


@dataclass(frozen=True)
class ForkWorker:
    """To the template: fork a worker; its end of a socket comes along."""

    worker: int


@dataclass(frozen=True)
class TemplateLoaded:
    """From the template: it has imported everything."""

    threads: int | None  # that it has; None where the system doesn't say
    seconds: float


@dataclass(frozen=True)
class WorkerForked:
    """From the template: the process of a worker that it was to fork."""

    worker: int
    pid: int


@dataclass(frozen=True)
class WorkerExited:
    """From the template: how a process that it forked ended."""

    pid: int
    code: int


@dataclass(frozen=True)
class Train:
    """To a worker: begin an attempt at a training."""

    training: int
    attempt: int
    config: Mapping[str, Any]  # flat
    data_folders: tuple[str, ...]  # where to look for full data sets
    key: str  # what it is stored under
    observe: tuple[str, ...]
    keeps: bool  # whether compiled programs outlive the worker


@dataclass(frozen=True)
class Rehearse:
    """To a worker: train something tiny, so that what is done only once is done."""

    keeps: bool  # whether compiled programs outlive the worker


@dataclass(frozen=True)
class Stop:
    """To a worker: end this attempt."""

    training: int
    attempt: int


@dataclass(frozen=True)
class WorkerStarted:
    """From a worker: it takes trainings now."""

    pid: int


@dataclass(frozen=True)
class Rehearsed:
    """From a worker: its rehearsal is over."""


@dataclass(frozen=True)
class EpochMeasured:
    """From a worker: a record of the attempt under way."""

    record: Record


@dataclass(frozen=True)
class AttemptEnded:
    """From a worker: the attempt under way is over."""

    end: AttemptEnd


@dataclass(frozen=True)
class Fit:
    """To a fitter: fit these simple models, one after the other, then end."""

    config: Mapping[str, Any]  # flat
    data_folders: tuple[str, ...]  # where to look for full data sets
    models: tuple[str, ...]  # names


@dataclass(frozen=True)
class ModelFitted:
    """From a fitter: one of them has ended."""

    fitted: SimpleScore


@dataclass(frozen=True)
class FittingEnded:
    """From a fitter: no more will come; `error` says why, as a sentence, where some are missing."""

    error: str = ""


Message = (
    ForkWorker
    | TemplateLoaded
    | WorkerForked
    | WorkerExited
    | Train
    | Rehearse
    | Stop
    | WorkerStarted
    | Rehearsed
    | EpochMeasured
    | AttemptEnded
    | Fit
    | ModelFitted
    | FittingEnded
)
KINDS: Mapping[str, type[Message]] = {kind.__name__: kind for kind in Message.__args__}
_READ: Mapping[str, Callable[[Any], Any]] = {
    "record": Record.from_json,
    "end": AttemptEnd.from_json,
    "data_folders": tuple,
    "observe": tuple,
    "models": tuple,
    "fitted": SimpleScore.from_json,
}


_WRITTEN = (Record, AttemptEnd, SimpleScore)


def to_json(message: Message) -> dict[str, Any]:
    """The message's fields beside its "kind"; `from_json` reads it back."""
    fields = {
        name: value.to_json() if isinstance(value, _WRITTEN) else value
        for name, value in vars(message).items()
    }
    return {"kind": type(message).__name__, **fields}


def from_json(flat: Mapping[str, Any]) -> Message:
    """The message that `to_json` wrote."""
    fields = {
        name: _READ[name](value) if name in _READ else value
        for name, value in flat.items()
        if name != "kind"
    }
    return KINDS[flat["kind"]](**fields)
