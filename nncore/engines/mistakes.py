"""The worst mistakes of a trained network on test data. Runs in the worker process."""

from typing import Any

import numpy as np

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.engines.assess import labels
from nncore.system.arrays import Array

MOST_MISTAKES = 24
MOST_VALUES = 100  # of a row that is shown
Json = dict[str, Any]


def worst_mistakes(config: Config, data: Data, out: Array, x_test: Any) -> Json:
    """{"rows": [...], "wrong": how many in all, "of": test rows}; the worst first.

    out: predictions for the test rows, (n, units). Classes: rows that were classified wrong,
    by how little probability was left for the truth; each has index (row of the test data),
    true and predicted (class numbers), probability and true_probability. Numbers: all rows, by
    absolute error; each has index, actual and predicted in the unit that is shown. Rows of
    tables and points of the plane have their raw values as x, from `x_test`. A network whose
    outputs are not finite has no rows.
    """
    n = len(data.y_test)
    if not np.isfinite(out).all():
        return {"rows": [], "wrong": 0, "of": n}
    if data.task == "regression":
        rows = _far(config, data, out[:, 0])
        return {"rows": _with_values(rows, config, x_test), "wrong": n, "of": n}
    chances = probabilities(out)
    truth, predicted = np.asarray(data.y_test, int), labels(out)
    left = chances[np.arange(n), np.minimum(truth, chances.shape[1] - 1)]
    wrong = np.flatnonzero(predicted != truth)
    worst = wrong[np.argsort(left[wrong], kind="stable")][:MOST_MISTAKES]
    rows = [
        {
            "index": int(i),
            "true": int(truth[i]),
            "predicted": int(predicted[i]),
            "probability": float(chances[i, predicted[i]]),
            "true_probability": float(left[i]),
        }
        for i in worst
    ]
    return {"rows": _with_values(rows, config, x_test), "wrong": len(wrong), "of": n}


def probabilities(out: Array) -> Array:
    """(n, classes) from outputs: one unit says how likely the second of two classes is.

    What a linear output says is cut to what a probability can be.
    """
    chances = np.clip(np.asarray(out, np.float64), 0.0, 1.0)
    return np.hstack([1.0 - chances, chances]) if chances.shape[1] == 1 else chances


def _with_values(rows: list[Json], config: Config, x_test: Any) -> list[Json]:
    if config.data.kind not in ("table", "plane") or x_test[:1].size > MOST_VALUES:
        return rows
    return [{**row, "x": [_value(v) for v in x_test[row["index"]]]} for row in rows]


def _value(value: Any) -> float | None:
    """A number of a row; None where it is missing, which JSON can say."""
    return None if np.isnan(value) else float(value)


def _far(config: Config, data: Data, predicted: Array) -> list[Json]:
    def in_unit(y: Array) -> Array:
        raw = np.asarray(y, np.float64) * data.target_scale + data.target_offset
        return raw * config.data.unit_factor

    actual, said = in_unit(data.y_test), in_unit(predicted)
    worst = np.argsort(-np.abs(said - actual), kind="stable")[:MOST_MISTAKES]
    return [
        {"index": int(i), "actual": float(actual[i]), "predicted": float(said[i])} for i in worst
    ]
