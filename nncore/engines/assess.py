"""Scores of a finished training: final and best epoch, test, baseline, what it got wrong.

Runs in the worker process; scikit-learn is imported inside.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nncore.datasets.data import Data
from nncore.engines.run import Run, metric_of
from nncore.engines.uneven import by_class, names_of, of_rare, rarest
from nncore.results.records import Measures, Record, best_record
from nncore.results.results import (
    Baseline,
    Classified,
    Predicted,
    ReportRow,
    Result,
)
from nncore.system.arrays import Array

MOST_POINTS = 2_000  # of predicted against actual values
_BY_CLASS = ("balanced_accuracy", "f1")
MOST_KEPT = 64  # weights, of networks small enough to check by hand; outputs of test rows


def assess(
    run: Run, data: Data, records: Sequence[Record], status: str, *, unit_factor: float = 1.0
) -> Result:
    """The result of a training, but for its ending, environment and what was observed.

    `unit_factor` is the data set's: shown value = raw target * unit_factor. Test data is
    predicted here, once. A diverged training has no scores and no predictions.
    """
    best = best_record(records)
    names = ["loss", "data_loss", metric_of(data.task)]
    rare = None if data.task == "regression" else rarest(data.y_train)
    names += ["r2"] if data.task == "regression" else [*_BY_CLASS, *names_of(data, rare)]
    none = dict.fromkeys(names, math.nan)
    result = Result(
        best_epoch=best.epoch if best else None,
        validation=none,
        test=none,
        baseline=_baseline(data, rare),
        rarest=None if rare is None else data.classes[rare],
        target_scale=data.target_scale * unit_factor,
        seconds=records[-1].seconds if records else 0.0,
    )
    if status != "done":
        return result
    validation, _ = _scored(run, data, data.x_val, data.y_val, rare)
    test, out = _scored(run, data, data.x_test, data.y_test, rare)
    result = replace(
        result,
        weights=_few(run.get_weights()),
        validation={name: validation.get(name, math.nan) for name in names},
        test={name: test.get(name, math.nan) for name in names},
    )
    if out is None:
        return result
    is_regression = data.task == "regression"
    predictions = (
        _points(data, out[:, 0], unit_factor) if is_regression else _classified(data, labels(out))
    )
    return replace(result, outputs=_first(out), predictions=predictions)


def _scored(
    run: Run, data: Data, x: Array, y: Array, rare: int | None
) -> tuple[Measures, Array | None]:
    """Scores and outputs for some rows; none where outputs aren't finite."""
    out = run.predict(x)
    if not np.isfinite(out).all():  # argmax of NaN would be class 0
        return {}, None
    scores = dict(run.evaluate(x, y))
    if data.task == "regression":
        scores["r2"] = _r2(y, out[:, 0])
    else:
        scores |= _by_class(y, labels(out))
        if rare is not None:
            scores |= of_rare(y, labels(out), by_class(out), rare)
    return scores, out


def _by_class(actual: Array, predicted: Array) -> dict[str, float]:
    """Means over the classes that occur: of recalls (balanced accuracy) and of F1."""
    from sklearn.metrics import f1_score, recall_score

    how = {"labels": np.unique(actual), "average": "macro", "zero_division": 0}
    recall, f1 = recall_score(actual, predicted, **how), f1_score(actual, predicted, **how)
    return {"balanced_accuracy": float(recall), "f1": float(f1)}


def labels(out: Array) -> Array:
    """Predicted class labels (n,) from outputs (n, units): one probability, or one per class."""
    if out.shape[1] == 1:
        return (out[:, 0] > 0.5).astype(np.int64)  # Keras's threshold
    return out.argmax(axis=1)


def _few(arrays: Sequence[Array]) -> tuple[float, ...] | None:
    """All numbers of `arrays`, in order, if there are at most MOST_KEPT; else None."""
    if sum(array.size for array in arrays) > MOST_KEPT:
        return None
    return tuple(value for array in arrays for value in array.ravel().tolist())


def _first(out: Array) -> tuple[float, ...]:
    """The outputs of as many of the first rows as have at most MOST_KEPT."""
    return tuple(out[: MOST_KEPT // out.shape[1]].ravel().tolist())


def _r2(actual: Array, predicted: Array) -> float:
    from sklearn.metrics import r2_score

    if len(actual) < 2:
        return math.nan  # one row has no variance to explain; scikit-learn would warn
    # float32 predictions of wide-ranging targets would lose digits in the sums
    return float(r2_score(np.asarray(actual, np.float64), np.asarray(predicted, np.float64)))


def _classified(data: Data, predicted: Array) -> Classified:
    """Confusion counts (row: true class, column: predicted) and scikit-learn's report."""
    from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

    labels = np.arange(len(data.classes))
    columns = precision_recall_fscore_support(
        data.y_test, predicted, labels=labels, zero_division=0
    )
    averages = {
        f"{average} average": precision_recall_fscore_support(
            data.y_test, predicted, labels=labels, average=average, zero_division=0
        )
        for average in ("macro", "weighted")
    }
    rows = [_row(label, values) for label, *values in zip(data.classes, *columns, strict=True)]
    n = len(data.y_test)
    rows += [_row(label, [*values[:3], n]) for label, values in averages.items()]
    confusion = confusion_matrix(data.y_test, predicted, labels=labels)
    counts = tuple(tuple(row) for row in confusion.astype(int).tolist())
    return Classified(counts, tuple(rows))


def _row(label: str, values: Sequence[float]) -> ReportRow:
    precision, recall, f1, support = values
    return ReportRow(label, float(precision), float(recall), float(f1), int(support))


def _points(data: Data, predicted: Array, unit_factor: float) -> Predicted:
    """Actual and predicted values in the target's unit, at even steps through the test data."""
    n = len(data.y_test)
    rows = np.linspace(0, n - 1, min(n, MOST_POINTS)).round().astype(int)

    def in_unit(y: Array) -> tuple[float, ...]:
        values = np.asarray(y, np.float64)[rows] * data.target_scale + data.target_offset
        return tuple(float(f"{value:.6g}") for value in values * unit_factor)

    return Predicted(in_unit(data.y_test), in_unit(predicted), n)


def _baseline(data: Data, rare: int | None) -> Baseline:
    """Scores of the dullest model: the commonest training class, or the training mean."""
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.metrics import accuracy_score, mean_absolute_error

    parts = {"validation": data.y_val, "test": data.y_test}
    nothing = np.zeros((len(data.y_train), 1))
    scores: dict[str, dict[str, float]] = {}
    if data.task == "regression":
        mean = DummyRegressor(strategy="mean").fit(nothing, data.y_train)
        for part, y in parts.items():
            guess = mean.predict(np.zeros((len(y), 1)))
            scores[part] = {"mae": float(mean_absolute_error(y, guess)), "r2": _r2(y, guess)}
        return Baseline("always predicts the mean of the training part", **scores)
    majority = DummyClassifier(strategy="most_frequent").fit(nothing, data.y_train)
    label = int(majority.predict(nothing[:1])[0])
    for part, y in parts.items():
        guess = np.full(len(y), label)
        scores[part] = {"accuracy": float(accuracy_score(y, guess)), **_by_class(y, guess)}
        if rare is not None:
            same = np.zeros((len(y), len(data.classes)))
            scores[part] |= of_rare(y, guess, same, rare)
    return Baseline(f"always predicts {data.classes[label]!r}", **scores)
