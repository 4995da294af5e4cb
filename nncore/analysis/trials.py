"""One training as it is read: all that its records and its result say, by name.

Nobody above looks into records and results; whoever asks for what isn't there gets None or NaN.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from nncore.analysis.judging import BEST, CRITERIA, LAST, LAST_SHARE, PR_AUC, RARE_F1, WHENS
from nncore.analysis.parts import TEST, TRAINING, Baseline, Points, finite, of_part
from nncore.results.records import best_record
from nncore.results.results import Classified, Importance, Predicted, ReportRow, Result
from nncore.results.snapshots import Status, Trial
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting


@dataclass(frozen=True, eq=False)  # made once, so that itself alone is equal
class ReadTrial:
    """A training. `series`, `track`, `at` and `final` take the names of a record's measures."""

    trial: Trial

    @property
    def arm(self) -> str:
        """The label of its arm."""
        return self.trial.arm

    @property
    def seed(self) -> int:
        return self.trial.seed

    @property
    def key(self) -> str:
        return self.trial.key

    @property
    def status(self) -> Status:
        return self.trial.status

    @property
    def from_cache(self) -> bool:
        return self.trial.from_cache

    @property
    def epochs_done(self) -> int:
        return self.trial.epochs_done

    @property
    def error(self) -> str | None:
        return self.trial.error

    @property
    def is_scored(self) -> bool:
        """Whether its scores count: it was trained to its end and measured."""
        return self.status is Status.DONE and self.trial.result is not None

    # its records

    @property
    def has_begun(self) -> bool:
        """Whether an epoch is on record."""
        return bool(self.trial.records)

    def series(self, name: str) -> list[Any]:
        """The measure in every record, None where there is none or it was not finite."""
        if name == "epoch":
            return list(self.epochs)
        return [finite(record.measure(name)) for record in self.trial.records]

    def track(self, name: str) -> Array:
        """(records,) of the measure, NaN where there is none."""
        track = np.array([record.measure(name) for record in self.trial.records], dtype=float)
        track[~np.isfinite(track)] = math.nan
        return track

    @cached_property
    def epochs(self) -> tuple[int, ...]:
        """The epochs on record, from 1; long trainings skip some."""
        return tuple(record.epoch for record in self.trial.records)

    @property
    def last_epoch(self) -> int | None:
        return self.epochs[-1] if self.epochs else None

    def at(self, epoch: int | None, name: str) -> float:
        """The measure of one epoch."""
        records = (record for record in self.trial.records if record.epoch == epoch)
        return next((record.measure(name) for record in records), math.nan)

    def final(self, name: str) -> float:
        """The measure of the last epoch on record."""
        return self.trial.records[-1].measure(name) if self.trial.records else math.nan

    def returned(self, name: str) -> float:
        """The measure of the epoch whose weights a finished training returned."""
        epoch = self.returned_epoch
        return self.at(epoch, name) if epoch in self.epochs else self.final(name)

    @cached_property
    def lowest(self) -> int:
        """Which record has the lowest validation loss; the last where none is finite."""
        best = best_record(self.trial.records)
        return -1 if best is None else self.epochs.index(best.epoch)

    @cached_property
    def sound(self) -> "ReadTrial":
        """The same training without the record that shows a divergence.

        Its weights are no numbers any more, and an accuracy measured with them means nothing.
        """
        finite = np.isfinite(self.track("loss")) & np.isfinite(self.track("val_loss"))
        if finite.all():
            return self
        records = zip(self.trial.records, finite, strict=True)
        return ReadTrial(replace(self.trial, records=tuple(r for r, sound in records if sound)))

    @property
    def frames(self) -> list[Sequence[Any]]:
        """What was watched, record by record."""
        return [record.observed.get("frames", ()) for record in self.trial.records]

    # its result

    @property
    def _result(self) -> Result:
        return _NONE if self.trial.result is None else self.trial.result

    def score(self, name: str, *, part: str = "validation", when: str = "last") -> float | None:
        """A finite score by its name, "mae" in the target's unit; None where there is none.

        `part` is one of PARTS. `when` is "last" (the weights that training returned), "best" (the
        epoch of the lowest validation loss) or "mean" (of the last fifth of the epochs). Test data
        is measured once, with the last weights, so test scores are always those; so are scores
        that no epoch has on record: "r2", "balanced_accuracy", "f1", "rare_f1", "pr_auc".
        """
        checked_when(when)
        if when == LAST or part == TEST or name in _AT_END:
            value = self.measured(name, part)
        else:
            value = finite(self.recorded(name if part == TRAINING else f"val_{name}", when))
        return None if value is None else value * self._scale(name)

    def recorded(self, name: str, when: str) -> float:
        """A record's measure of the epochs that `when` asks for, as `score` has it."""
        if when == LAST:
            return self.returned(name)
        return self.at(self.best_epoch, name) if when == BEST else self.mean_of_last(name)

    def mean_of_last(self, name: str) -> float:
        """A measure over the last fifth of the epochs trained, the last one always among them."""
        since = (1 - LAST_SHARE) * (self.last_epoch or 0)
        late = [v for e, v in zip(self.epochs, self.track(name), strict=True) if e > since]
        return float(np.mean(late)) if late else math.nan

    def measured(self, name: str, part: str) -> float | None:
        """A finite score of the returned weights: an error on the scale trained on.

        That of training is what their epoch measured while it trained.
        """
        if part == TRAINING:
            return finite(self.returned(name))
        return finite(of_part(self._result, part).get(name, math.nan))

    def measures(self, part: str) -> dict[str, float]:
        """All finite scores of "training", "validation" or "test", as `measured` has them.

        Of training what the epoch of the returned weights measured while it trained.
        """
        if part != "training":
            return {k: v for k, v in of_part(self._result, part).items() if math.isfinite(v)}
        if not self.is_scored or not self.trial.records:
            return {}
        names = self.trial.records[-1].training
        return {k: v for k in names if math.isfinite(v := self.returned(k))}

    def guessed(self, name: str, part: str) -> float | None:
        """The same of the trivial model."""
        trivial = self._result.baseline
        return None if trivial is None else finite(of_part(trivial, part).get(name, math.nan))

    def baseline(self, name: str, part: str) -> Baseline | None:
        """The trivial model's score; None where it isn't known."""
        value, trivial = self.guessed(name, part), self._result.baseline
        if trivial is None or value is None:
            return None
        return Baseline(value * self._scale(name), trivial.says)

    def _scale(self, name: str) -> float:
        return self.unit_scale if name == "mae" else 1.0

    @property
    def unit_scale(self) -> float:
        """What an error on the scale trained on is multiplied with to be in the target's unit."""
        return float(self.target_scale or 1.0)

    @property
    def rarest(self) -> str | None:
        """The class with fewest training rows, where classes are uneven."""
        return self._result.rarest

    @property
    def target_scale(self) -> float | None:
        return self._result.target_scale

    @property
    def best_epoch(self) -> int | None:
        return self._result.best_epoch

    @property
    def stopped_by(self) -> str | None:
        """The setting that ended it early."""
        return self._result.ending.stopped_by

    @property
    def stopped_epoch(self) -> int | None:
        """The epoch after which that setting ended it."""
        return self._result.ending.stopped_epoch

    @property
    def returned_epoch(self) -> int | None:
        """The epoch whose weights it returned."""
        return self._result.ending.returned_epoch

    @property
    def seconds(self) -> float | None:
        """Wall time of the training itself."""
        return self._result.seconds

    @property
    def weights(self) -> Sequence[float] | None:
        """All weights, flat; None where they are too many to be kept."""
        return self._result.weights

    @property
    def outputs(self) -> Sequence[float] | None:
        """The outputs of the first test rows, row by row."""
        return self._result.outputs

    @property
    def confusion(self) -> Array | None:
        """(classes, classes) counts of test rows, a row per true class."""
        predictions = self._result.predictions
        return np.array(predictions.confusion) if isinstance(predictions, Classified) else None

    @property
    def report(self) -> Sequence[ReportRow]:
        """Precision, recall, f1 and support of every class, the accuracy, then the averages."""
        predictions = self._result.predictions
        return predictions.with_accuracy() if isinstance(predictions, Classified) else ()

    @property
    def points(self) -> Points | None:
        """What a regression predicted for test rows."""
        predictions = self._result.predictions
        if not isinstance(predictions, Predicted) or not predictions.actual:
            return None
        return Points(np.array(predictions.actual), np.array(predictions.predicted), predictions.of)

    @property
    def environment(self) -> Mapping[str, str]:
        """Versions and machine it was trained with."""
        return self._result.environment

    @property
    def mistakes(self) -> Mapping[str, Any] | None:
        """Its worst mistakes, where they were watched."""
        return self._result.observed.get("mistakes")

    @property
    def importance(self) -> Importance | None:
        """What its columns are worth, errors on the scale trained on; None where not measured."""
        return self._result.importance

    @property
    def not_kept(self) -> str:
        """Why its network was not kept; "" where it was."""
        return str(self._result.observed.get("network", {}).get("error", ""))


_AT_END = tuple(each.name for each in (*CRITERIA.values(), RARE_F1, PR_AUC) if each.at_end)


def checked_when(when: str) -> str:
    if when not in WHENS:
        raise InvalidSetting(f"when must be one of {', '.join(WHENS)}; got {when!r}.")
    return when


_NONE = Result()
