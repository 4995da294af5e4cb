"""What one epoch measured. Plain typed data; JSON only at the store, the socket and in exports.

In JSON a record is flat: {"epoch", "learning_rate", "loss", ..., "val_loss", ..., "seconds"}, but
for what was observed, which stands by its name under "observed" (in older stores beside the rest:
only lists then). Numbers that aren't finite are null.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Measures = Mapping[str, float]  # "loss", "data_loss" and the metric; NaN or absent: not measured
_OF_ALL = ("epoch", "learning_rate", "seconds", "processor_seconds")
_VALIDATION, _SELECTION, _OBSERVED = "val_", "sel_", "observed"


@dataclass(frozen=True, slots=True)
class Record:
    """What the last epoch of a chunk measured.

    training: means over the samples, measured while it trained, as `keras.Model.fit` reports
    them. validation: the same at the epoch's end; selection: of the rows held out to choose by,
    empty where there are none. seconds count from the start of the training; processor_seconds
    are those that the updates took on all cores, without what measuring took.
    """

    epoch: int  # from 1
    training: Measures
    validation: Measures
    learning_rate: float = math.nan
    seconds: float = math.nan
    observed: Mapping[str, Any] = field(default_factory=dict)  # plain JSON, by observation
    selection: Measures = field(default_factory=dict)
    processor_seconds: float = math.nan

    @property
    def choosing_loss(self) -> float:
        """The loss without penalties by which epochs are chosen; NaN where there is none."""
        return (self.selection or self.validation).get("data_loss", math.nan)

    def measure(self, name: str) -> float:
        """A measure by its name in JSON, "loss" or "val_loss"; NaN where there is none."""
        if name.startswith(_VALIDATION):
            return self.validation.get(name.removeprefix(_VALIDATION), math.nan)
        if name.startswith(_SELECTION):
            return self.selection.get(name.removeprefix(_SELECTION), math.nan)
        if name in _OF_ALL:
            return float(getattr(self, name))
        return self.training.get(name, math.nan)

    def to_json(self) -> dict[str, Any]:
        """The flat form; `from_json` reads it back."""
        numbers = {
            "learning_rate": self.learning_rate,
            **self.training,
            **{_VALIDATION + name: value for name, value in self.validation.items()},
            **{_SELECTION + name: value for name, value in self.selection.items()},
            "seconds": self.seconds,
            "processor_seconds": self.processor_seconds,
        }
        finite = {k: v if math.isfinite(v) else None for k, v in numbers.items()}
        observed = {_OBSERVED: dict(self.observed)} if self.observed else {}
        return {"epoch": self.epoch, **finite, **observed}

    @classmethod
    def from_json(cls, flat: Mapping[str, Any]) -> "Record":
        """The record that `to_json` wrote, by this or another version of the program.

        Raises ValueError when it isn't one.
        """
        if not isinstance(flat, Mapping) or not isinstance(flat.get("epoch"), int):
            raise ValueError("no record")
        training: dict[str, float] = {}
        validation: dict[str, float] = {}
        selection: dict[str, float] = {}
        observed: dict[str, Any] = dict(flat.get(_OBSERVED) or {})
        for name, value in flat.items():
            if name in (*_OF_ALL, _OBSERVED):
                continue
            if value is not None and not isinstance(value, int | float):
                observed[name] = value
            elif name.startswith(_VALIDATION):
                validation[name.removeprefix(_VALIDATION)] = number(value)
            elif name.startswith(_SELECTION):
                selection[name.removeprefix(_SELECTION)] = number(value)
            else:
                training[name] = number(value)
        rate, seconds = number(flat.get("learning_rate")), number(flat.get("seconds"))
        own = number(flat.get("processor_seconds"))
        return cls(flat["epoch"], training, validation, rate, seconds, observed, selection, own)


def number(value: float | None) -> float:
    """A number of JSON: null stands for one that isn't finite."""
    return math.nan if value is None else float(value)


def best_record(records: Sequence[Record]) -> Record | None:
    """The record with the lowest finite `choosing_loss`; the first of equals."""
    finite = [r for r in records if math.isfinite(r.choosing_loss)]
    return min(finite, key=lambda r: r.choosing_loss) if finite else None


def timed(records: Sequence[Record]) -> tuple[float | None, float | None]:
    """(seconds of one epoch, seconds before the first), where there are records enough to tell."""
    if len(records) < 2:
        return None, None
    first, last = records[0], records[-1]
    epoch = (last.seconds - first.seconds) / (last.epoch - first.epoch)
    if not math.isfinite(epoch) or epoch <= 0:
        return None, None
    return epoch, max(first.seconds - epoch * first.epoch, 0.0)
