"""Scores of a finished training: final and best epoch, test, baseline, what it got wrong.

Runs in the worker process; scikit-learn is imported inside.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nncore.datasets.data import Data
from nncore.engines.run import Run, metric_of
from nncore.engines.stopping import Record, best_record
from nncore.system.arrays import Array

MOST_POINTS = 2_000  # of predicted against actual values
MOST_KEPT = 64  # weights, and outputs of test rows: of networks small enough to check by hand
Json = dict[str, Any]


def assess(
    run: Run, data: Data, records: Sequence[Record], status: str, *, unit_factor: float = 1.0
) -> Json:
    """`Trial.result` without its environment; plain JSON values, None where not finite.

    `unit_factor` is the data set's: shown value = raw target * unit_factor. Test data is
    predicted here, once. A diverged training has no scores and no predictions.
    """
    best = best_record(list(records))
    names = ["loss", "data_loss", metric_of(data.task)]
    names += ["r2"] if data.task == "regression" else []
    result: Json = {
        "best_epoch": best["epoch"] if best else None,
        "validation": dict.fromkeys(names),
        "test": dict.fromkeys(names),
        "baseline": _baseline(data),
        "target_scale": data.target_scale * unit_factor,
        "seconds": float(records[-1]["seconds"]) if records else 0.0,
    }
    if status != "done":
        return result
    result["weights"] = _few(run.get_weights())
    for part, x, y in (
        ("validation", data.x_val, data.y_val),
        ("test", data.x_test, data.y_test),
    ):
        out = run.predict(x)
        if not np.isfinite(out).all():  # argmax of NaN would be class 0
            continue
        scores = dict(run.evaluate(x, y))
        if data.task == "regression":
            scores["r2"] = _r2(y, out[:, 0])
        result[part] = {name: finite(scores.get(name)) for name in names}
        if part == "test":
            result["outputs"] = _few([out])
            result["predictions"] = (
                _points(data, out[:, 0], unit_factor)
                if data.task == "regression"
                else _classified(data, labels(out))
            )
    return result


def labels(out: Array) -> Array:
    """Predicted class labels (n,) from outputs (n, units): one probability, or one per class."""
    if out.shape[1] == 1:
        return (out[:, 0] > 0.5).astype(np.int64)  # Keras's threshold
    return out.argmax(axis=1)


def finite(value: float | None) -> float | None:
    """`value` as JSON can hold it: None when it is no finite number."""
    return float(value) if value is not None and math.isfinite(value) else None


def _few(arrays: Sequence[Array]) -> list[float | None] | None:
    """All numbers of `arrays`, in order, if there are at most MOST_KEPT; else None."""
    if sum(array.size for array in arrays) > MOST_KEPT:
        return None
    return [finite(value) for array in arrays for value in array.ravel().tolist()]


def _r2(actual: Array, predicted: Array) -> float:
    from sklearn.metrics import r2_score

    if len(actual) < 2:
        return math.nan  # one row has no variance to explain; scikit-learn would warn
    # float32 predictions of wide-ranging targets would lose digits in the sums
    return float(r2_score(np.asarray(actual, np.float64), np.asarray(predicted, np.float64)))


def _classified(data: Data, predicted: Array) -> Json:
    """Confusion counts (row: true class, column: predicted) and scikit-learn's report."""
    from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

    known = np.arange(len(data.classes))
    columns = precision_recall_fscore_support(data.y_test, predicted, labels=known, zero_division=0)
    averages = {
        f"{average} average": precision_recall_fscore_support(
            data.y_test, predicted, labels=known, average=average, zero_division=0
        )
        for average in ("macro", "weighted")
    }
    rows = [_row(label, values) for label, *values in zip(data.classes, *columns, strict=True)]
    n = len(data.y_test)
    rows += [_row(label, [*values[:3], n]) for label, values in averages.items()]
    confusion = confusion_matrix(data.y_test, predicted, labels=known)
    return {"confusion": confusion.astype(int).tolist(), "report": rows}


def _row(label: str, values: Sequence[float]) -> Json:
    precision, recall, f1, support = values
    return {
        "label": label,
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(f1),
        "support": int(support),
    }


def _points(data: Data, predicted: Array, unit_factor: float) -> Json:
    """Actual and predicted values in the target's unit, at even steps through the test data."""
    n = len(data.y_test)
    shown = np.linspace(0, n - 1, min(n, MOST_POINTS)).round().astype(int)

    def in_unit(y: Array) -> list[float]:
        values = np.asarray(y, np.float64)[shown] * data.target_scale + data.target_offset
        return [float(f"{value:.6g}") for value in values * unit_factor]

    return {
        "actual": in_unit(data.y_test),
        "predicted": in_unit(predicted),
        "shown": len(shown),
        "of": n,
    }


def _baseline(data: Data) -> Mapping[str, Any]:
    """Scores of the dullest model: the commonest training class, or the training mean."""
    from sklearn.dummy import DummyClassifier, DummyRegressor
    from sklearn.metrics import accuracy_score, mean_absolute_error

    parts = {"validation": data.y_val, "test": data.y_test}
    nothing = np.zeros((len(data.y_train), 1))
    if data.task == "regression":
        mean = DummyRegressor(strategy="mean").fit(nothing, data.y_train)
        scores: Json = {}
        for part, y in parts.items():
            guess = mean.predict(np.zeros((len(y), 1)))
            scores[part] = {
                "mae": float(mean_absolute_error(y, guess)),
                "r2": finite(_r2(y, guess)),
            }
        return {**scores, "says": "always predicts the mean of the training part"}
    majority = DummyClassifier(strategy="most_frequent").fit(nothing, data.y_train)
    label = int(majority.predict(nothing[:1])[0])
    scores = {
        part: {"accuracy": float(accuracy_score(y, np.full(len(y), label)))}
        for part, y in parts.items()
    }
    return {**scores, "says": f"always predicts {data.classes[label]!r}"}
