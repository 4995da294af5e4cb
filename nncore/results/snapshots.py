"""What is known of a comparison: its trainings, their records and results. Plain data.

The lab fills these from its store; figures, analysis and export read them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from nncore.config.config import Config
from nncore.questions.arms import Arm
from nncore.questions.catalogue import EVERY_QUESTION, Question
from nncore.questions.comparisons import Comparison
from nncore.results.records import Record
from nncore.results.results import Result
from nncore.results.simple import Simple


class Status(StrEnum):
    """Where a training stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DIVERGED = "diverged"  # a result: the loss stopped being a number
    FAILED = "failed"  # not a result: crash, time limit, memory limit, missing data
    CANCELLED = "cancelled"

    @property
    def is_finished(self) -> bool:
        return self not in (Status.QUEUED, Status.RUNNING)

    @property
    def has_result(self) -> bool:
        return self in (Status.DONE, Status.DIVERGED)


TRAINING, WAITING = "training", "waiting"
UNDER_WAY = (TRAINING, WAITING)
STATES = (*UNDER_WAY, "finished", "stopped", "failed", "diverged")
UNREADABLE = "unreadable"  # of another version, or damaged


def state_of(counts: Mapping[Status, int]) -> str:
    """One word of STATES for where a comparison stands, by its trainings counted by status."""
    if any(n for status, n in counts.items() if not status.is_finished):
        return TRAINING if counts.get(Status.RUNNING) else WAITING
    if counts.get(Status.CANCELLED):
        return "stopped"
    if not counts.get(Status.DONE):
        return "failed" if counts.get(Status.FAILED) else "diverged"
    return "finished"


@dataclass(frozen=True)
class Trial:
    """One training as the store knows it."""

    arm: str
    seed: int
    key: str
    status: Status
    from_cache: bool = False
    epochs_done: int = 0
    records: tuple[Record, ...] = ()  # one per epoch, or per chunk of a long training
    result: Result | None = None  # of DONE and DIVERGED only
    error: str | None = None  # a sentence for people
    attempt: int = 0


@dataclass(frozen=True)
class Snapshot:
    """A stored comparison at one moment."""

    id: str
    comparison: Comparison
    trials: tuple[Trial, ...]  # seed-major, as trained
    created_at: float  # Unix seconds
    note: str = ""  # something the reader must know: "engine restarting", "disk full"
    coordinator_alive: bool = True
    is_current: bool = True  # False: the store can't be read now, and this was read before
    started_at: float | None = None  # Unix seconds; None before its first training
    seconds_left: float | None = None  # None while nothing can be said
    owner: str = ""  # key of the visitor who made it; "" before there were owners
    name: str = ""  # what people call it
    deleted_at: float | None = None  # Unix seconds; its owner has hidden it since then
    simple: tuple[Simple, ...] = ()  # models beside the arms, one entry per data they have
    test_looks: int = 0  # comparisons on its test rows whose test scores were shown
    tests_shown: bool = False  # its own were

    @property
    def question(self) -> Question:
        return EVERY_QUESTION[self.comparison.question]

    @property
    def active(self) -> bool:
        """Some training is queued or running."""
        return any(not t.status.is_finished for t in self.trials)

    @property
    def fits(self) -> bool:
        """Simple models are still to come: they wait for the first training that has an end."""
        if self.deleted_at is not None or not any(t.status is Status.DONE for t in self.trials):
            return False
        return any(not simple.is_settled for simple in self.simple)

    @cached_property
    def configs(self) -> dict[str, Config]:
        """Arm label -> its config with the first seed."""
        seed = self.comparison.seeds[0]
        return {a.label: self.comparison.config(a, seed) for a in self.comparison.arms}

    @property
    def arms(self) -> tuple[Arm, ...]:
        return self.comparison.arms

    def of_arm(self, label: str) -> tuple[Trial, ...]:
        """The trials of one arm, by seed."""
        return tuple(t for t in self.trials if t.arm == label)


@dataclass(frozen=True)
class ComparisonSummary:
    """A stored comparison in a list: what it asks, and how far it is."""

    id: str
    question: str
    base: Mapping[str, Any]  # flat, what differs from the defaults
    arms: tuple[str, ...]  # labels
    seeds: tuple[int, ...]
    counts: Mapping[Status, int]  # trainings by status; those without any may be absent
    created_at: float  # Unix seconds
    owner: str = ""  # key of the visitor who made it; "" before there were owners

    @property
    def unfinished(self) -> int:
        """How many trainings wait or run."""
        return sum(n for status, n in self.counts.items() if not status.is_finished)


@dataclass(frozen=True)
class Summary:
    """What came of a comparison that has ended; without a score nobody is in front."""

    state: str  # of STATES, or UNREADABLE
    winner: str = ""  # title of the arm that the verdict calls best
    leader: str = ""  # title of the arm in front, best or not
    place: str = ""  # the state of the verdict
    metric: str = ""
    unit: str = ""  # of the score; "" where it is a share
    score: float | None = None  # mean on validation data, of the returned weights
    half: float | None = None  # half the width of its 95 % interval; None with one seed
    seconds: float | None = None  # that all its trainings took
