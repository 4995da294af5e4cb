"""What simple models reached on the rows that the arms are scored on. Plain typed data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Fitted(StrEnum):
    """Where a simple model stands."""

    WAITING = "waiting"  # for an idle worker
    DONE = "done"
    CAPPED = "capped"  # done, on a part of the training rows
    FAILED = "failed"


class Reached(NamedTuple):
    """A score and its 95 % interval over validation rows; errors in the target's unit."""

    score: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class SimpleScore:
    """One simple model."""

    model: str  # its name in `nncore.baselines.catalogue`
    state: Fitted
    scores: Mapping[str, Reached] = field(default_factory=dict)  # by the metric's name
    rows: int = 0  # validation rows it was scored on: all there are
    trained_on: int = 0  # rows
    of: int = 0  # training rows there are
    seconds: float | None = None
    note: str = ""  # what else must be said of it, as a part of a sentence
    error: str = ""  # why it has no score, as a sentence

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reads them back."""
        return {**asdict(self), "scores": {name: list(r) for name, r in self.scores.items()}}

    @classmethod
    def from_json(cls, flat: Mapping[str, Any]) -> "SimpleScore":
        """What `to_json` wrote."""
        scores = {str(name): Reached(*reached) for name, reached in flat["scores"].items()}
        return cls(**{**flat, "state": Fitted(flat["state"]), "scores": scores})


@dataclass(frozen=True)
class Simple:
    """The simple models of one data set, split and preprocessing."""

    settings: Mapping[str, Any]  # those that decide what the data is
    models: tuple[SimpleScore, ...]  # in the catalogue's order, whatever their state

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will come."""
        return all(model.state is not Fitted.WAITING for model in self.models)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reads them back."""
        return {
            "settings": dict(self.settings),
            "models": [model.to_json() for model in self.models],
        }

    @classmethod
    def from_json(cls, flat: Mapping[str, Any]) -> "Simple":
        """What `to_json` wrote."""
        return cls(dict(flat["settings"]), tuple(map(SimpleScore.from_json, flat["models"])))


def completed(
    known: Sequence[SimpleScore], names: Sequence[str], error: str = ""
) -> tuple[SimpleScore, ...]:
    """The models called `names`: those known, and the others waiting, or failed by `error`."""
    there = {score.model: score for score in known}
    state = Fitted.FAILED if error else Fitted.WAITING
    return tuple(there.get(name) or SimpleScore(name, state, error=error) for name in names)
