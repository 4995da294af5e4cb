"""What is known of a training at its end. Plain typed data; JSON only at store, socket, exports.

In JSON the fields stand by their names; in older stores what was observed stands beside them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nncore.results.records import Measures, number


@dataclass(frozen=True)
class Baseline:
    """The dullest model: the commonest class of the training part, or its mean."""

    says: str  # "always predicts '7'"
    validation: Measures
    test: Measures


@dataclass(frozen=True)
class ReportRow:
    """Of one class, or an average over classes."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int  # rows of the class


@dataclass(frozen=True)
class Classified:
    """What became of the test rows of a classification."""

    confusion: tuple[tuple[int, ...], ...]  # a row per true class, a column per predicted one
    report: tuple[ReportRow, ...]

    def with_accuracy(self) -> tuple[ReportRow, ...]:
        """The report with the accuracy before its averages, as scikit-learn prints it: as f1.

        Not stored, because the confusion counts say it.
        """
        n = sum(map(sum, self.confusion))
        if not n or not self.report:
            return self.report
        right = sum(row[place] for place, row in enumerate(self.confusion))
        accuracy = ReportRow("accuracy", math.nan, math.nan, right / n, n)
        classes = len(self.confusion)
        return (*self.report[:classes], accuracy, *self.report[classes:])


@dataclass(frozen=True)
class Predicted:
    """Test rows of a regression, in the target's unit; at even steps where they are many."""

    actual: tuple[float, ...]
    predicted: tuple[float, ...]
    of: int  # test rows there are


@dataclass(frozen=True)
class Importance:
    """How much worse validation rows were answered with one column of the table shuffled.

    drops: column -> accuracy lost, or "mae" gained on the scale trained on, a mean over repeats;
    below 0 where shuffling happened to help.
    """

    drops: Mapping[str, float]
    rows: int  # validation rows it was measured on
    repeats: int  # times each column was shuffled


@dataclass(frozen=True)
class Ending:
    """How a training ended: both None unless something ended it early."""

    stopped_by: str | None = None  # the setting, "patience" or "stop_loss"
    stopped_epoch: int | None = None  # the epoch after which it did
    returned_epoch: int | None = None  # whose weights were returned; None if it diverged


@dataclass(frozen=True)
class Result:
    """Of a training that is done or diverged; the latter has no scores and no predictions.

    validation, test: "loss", "data_loss"; of classes "accuracy", "balanced_accuracy", "f1"; of
    numbers "mae" on the scale trained on, "r2"; of the returned weights. Test data was measured
    once. Older results have no "balanced_accuracy" and no "f1". Where classes are uneven also
    "pr_auc" and, of two classes, "rare_f1" (`nncore.engines.uneven`).
    """

    best_epoch: int | None = None  # of the lowest loss of the rows that choose, without penalties
    ending: Ending = Ending()
    validation: Measures = field(default_factory=dict)
    test: Measures = field(default_factory=dict)
    baseline: Baseline | None = None
    predictions: Classified | Predicted | None = None
    weights: tuple[float, ...] | None = None  # all, in Keras's order; None where too many to keep
    outputs: tuple[float, ...] | None = None  # of the first test rows, row by row; at most 64
    rarest: str | None = None  # the class with fewest training rows, where classes are uneven
    target_scale: float | None = None  # leads an error on the scale trained on to the target's unit
    seconds: float | None = None  # wall time of the training itself
    environment: Mapping[str, str] = field(default_factory=dict)
    observed: Mapping[str, Any] = field(default_factory=dict)  # plain JSON, by observation
    importance: Importance | None = None  # of tables; older results have none

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reads them back."""
        return {
            "best_epoch": self.best_epoch,
            **vars(self.ending),
            "validation": _finite(self.validation),
            "test": _finite(self.test),
            "baseline": _baseline_json(self.baseline),
            "predictions": _predictions_json(self.predictions),
            "weights": _listed(self.weights),
            "outputs": _listed(self.outputs),
            **({} if self.rarest is None else {"rarest": self.rarest}),
            "target_scale": self.target_scale,
            "seconds": self.seconds,
            "environment": dict(self.environment),
            "observed": dict(self.observed),
            "importance": _importance_json(self.importance),
        }

    @classmethod
    def from_json(cls, flat: Mapping[str, Any]) -> "Result":
        """The result that `to_json` wrote, by this or another version of the program.

        Raises ValueError, TypeError or KeyError when it isn't one.
        """
        if not isinstance(flat, Mapping):
            raise ValueError("no result")
        ending = Ending(**{name: flat.get(name) for name in vars(Ending())})
        baseline, predictions = flat.get("baseline"), flat.get("predictions")
        beside = {name: value for name, value in flat.items() if name not in _OWN_KEYS}
        return cls(
            best_epoch=flat.get("best_epoch"),
            ending=ending,
            validation=_measures(flat.get("validation")),
            test=_measures(flat.get("test")),
            baseline=_read_baseline(baseline) if baseline else None,
            predictions=_read_predictions(predictions) if predictions else None,
            weights=_numbers(flat.get("weights")),
            outputs=_numbers(flat.get("outputs")),
            rarest=flat.get("rarest"),
            target_scale=flat.get("target_scale"),
            seconds=flat.get("seconds"),
            environment=dict(flat.get("environment") or {}),
            observed=beside | (flat.get("observed") or {}),
            importance=_read_importance(flat.get("importance")),
        )


_OWN_KEYS = {
    *(name for name in Result.__dataclass_fields__ if name != "ending"),
    *Ending.__dataclass_fields__,
}


def _measures(flat: Mapping[str, Any] | None) -> Measures:
    return {name: number(value) for name, value in (flat or {}).items()}


def _finite(measures: Measures) -> dict[str, float | None]:
    return {name: v if math.isfinite(v) else None for name, v in measures.items()}


def _numbers(values: Any) -> tuple[float, ...] | None:
    return None if values is None else tuple(map(number, values))


def _listed(values: tuple[float, ...] | None) -> list[float | None] | None:
    return None if values is None else [v if math.isfinite(v) else None for v in values]


def _baseline_json(baseline: Baseline | None) -> dict[str, Any] | None:
    if baseline is None:
        return None
    parts = {"validation": _finite(baseline.validation), "test": _finite(baseline.test)}
    return {**parts, "says": baseline.says}


def _read_baseline(flat: Mapping[str, Any]) -> Baseline:
    says = str(flat.get("says", ""))
    return Baseline(says, _measures(flat.get("validation")), _measures(flat.get("test")))


def _predictions_json(predictions: Classified | Predicted | None) -> dict[str, Any] | None:
    match predictions:
        case Classified():
            report = [vars(row) for row in predictions.report]
            return {"confusion": [list(row) for row in predictions.confusion], "report": report}
        case Predicted():
            actual, predicted = list(predictions.actual), list(predictions.predicted)
            both = {"actual": actual, "predicted": predicted}
            return {**both, "shown": len(actual), "of": predictions.of}
    return None


def _read_predictions(flat: Mapping[str, Any]) -> Classified | Predicted:
    if "actual" in flat:
        return Predicted(tuple(flat["actual"]), tuple(flat["predicted"]), int(flat["of"]))
    confusion = tuple(tuple(int(n) for n in row) for row in flat["confusion"])
    return Classified(confusion, tuple(ReportRow(**row) for row in flat.get("report") or ()))


def _importance_json(importance: Importance | None) -> dict[str, Any] | None:
    if importance is None:
        return None
    return {**vars(importance), "drops": _finite(importance.drops)}


def _read_importance(flat: Mapping[str, Any] | None) -> Importance | None:
    if not flat:
        return None
    return Importance(_measures(flat["drops"]), int(flat["rows"]), int(flat["repeats"]))
