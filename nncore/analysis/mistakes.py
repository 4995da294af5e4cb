"""The worst mistakes of a trained network on test data. Runs in the worker process."""

from typing import Any

import numpy as np

from nncore.analysis.metrics import labels
from nncore.config import Config
from nncore.datasets.data import Data
from nncore.definition import Array

MOST_MISTAKES = 24
Json = dict[str, Any]


def worst_mistakes(config: Config, data: Data, out: Array) -> Json:
    """{"rows": [...], "wrong": how many in all, "of": test rows}; the worst first.

    out: predictions for the test rows, (n, units). Classes: rows that were classified wrong,
    by how little probability was left for the truth; each has index (row of the test data),
    true and predicted (class numbers), probability and true_probability. Numbers: all rows, by
    absolute error; each has index, actual and predicted in the unit that is shown. A network
    whose outputs are not finite has no rows.
    """
    n = len(data.y_test)
    if not np.isfinite(out).all():
        return {"rows": [], "wrong": 0, "of": n}
    if data.task == "regression":
        return {"rows": _far(config, data, out[:, 0]), "wrong": n, "of": n}
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
    return {"rows": rows, "wrong": len(wrong), "of": n}


def probabilities(out: Array) -> Array:
    """(n, classes) from outputs: one unit says how likely the second of two classes is.

    What a linear output says is cut to what a probability can be.
    """
    chances = np.clip(np.asarray(out, np.float64), 0.0, 1.0)
    return np.hstack([1.0 - chances, chances]) if chances.shape[1] == 1 else chances


def _far(config: Config, data: Data, predicted: Array) -> list[Json]:
    def in_unit(y: Array) -> Array:
        raw = np.asarray(y, np.float64) * data.target_scale + data.target_offset
        return raw * config.data.unit_factor

    actual, said = in_unit(data.y_test), in_unit(predicted)
    worst = np.argsort(-np.abs(said - actual), kind="stable")[:MOST_MISTAKES]
    return [
        {"index": int(i), "actual": float(actual[i]), "predicted": float(said[i])} for i in worst
    ]
