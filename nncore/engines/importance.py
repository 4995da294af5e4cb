"""Which columns of a table a trained network leans on: permutation importance on validation rows.

A column is shuffled among the rows, so that it keeps its values and tells nothing any more; what
that costs the score is what the column was worth to this network:

    importance(c) = mean over repeats of score(x, y) - score(x with column c shuffled, y)

All numbers made of a column (its categories, parts of a date, whether it is missing) are shuffled
together, by one order: that is the same as shuffling the raw column. The network isn't trained
anew, so this is about what it uses, not about what could be known without the column: columns that
tell the same stand in for each other and share what they are worth. Runs in the worker process.

References: Breiman, Random forests, Machine Learning 45, 2001, section 10; Fisher, Rudin and
Dominici, All models are wrong, but many are useful, Journal of Machine Learning Research 20, 2019.
"""

import numpy as np

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.engines.assess import labels
from nncore.engines.run import Run
from nncore.engines.streams import stream
from nncore.results.results import Importance
from nncore.system.arrays import Array

REPEATS = 5
MOST_ROWS = 1_000
MOST_ANSWERS = 250_000  # rows x repeats x columns; of very many columns each has fewer
_ROWS_AT_ONCE, _NUMBERS_AT_ONCE = 1 << 14, 1 << 22  # in one question to the network


def column_importance(run: Run, config: Config, data: Data) -> Importance | None:
    """What each column of a table is worth to a network, by accuracy or mean absolute error.

    Validation rows, at even steps where they are many; the orders follow from the seed. None where
    the data is no table, and where the network's outputs are not finite.
    """
    places = config.data.places if config.data.kind == "table" else {}
    if not places:
        return None
    rows, repeats = _extent(len(data.x_val), len(places))
    some = np.linspace(0, len(data.x_val) - 1, rows).round().astype(int)
    x, y = data.x_val[some], data.y_val[some]
    before = _losses(run.predict(x)[None], y, data.task)
    if not np.isfinite(before).all():
        return None
    shuffles = [
        (list(of_column), order)
        for column, of_column in enumerate(places.values())
        for order in _orders(config.seed, column, rows, repeats)
    ]
    at_once = max(1, min(_ROWS_AT_ONCE // rows, _NUMBERS_AT_ONCE // x.size))
    after = [
        _losses(_answers(run, x, shuffles[start : start + at_once]), y, data.task)
        for start in range(0, len(shuffles), at_once)
    ]
    gained = (np.concatenate(after) - before).reshape(len(places), repeats).mean(axis=1)
    return Importance(dict(zip(places, gained.tolist(), strict=True)), rows, repeats)


def _extent(rows: int, columns: int) -> tuple[int, int]:
    """(rows, repeats) that are asked of each column."""
    rows = max(1, min(rows, MOST_ROWS, MOST_ANSWERS // columns))
    return rows, max(1, min(REPEATS, MOST_ANSWERS // (columns * rows)))


def _orders(seed: int, column: int, rows: int, repeats: int) -> list[Array]:
    rng = stream(seed, "columns", column)
    return [rng.permutation(rows) for _ in range(repeats)]


def _answers(run: Run, x: Array, shuffles: list[tuple[list[int], Array]]) -> Array:
    """What the network says of all rows, each time otherwise shuffled: (shuffles, n, units)."""
    asked = np.repeat(x[None], len(shuffles), axis=0)
    for copy, (places, order) in zip(asked, shuffles, strict=True):
        copy[:, places] = x[:, places][order]
    out = run.predict(asked.reshape(-1, x.shape[1]))
    return out.reshape(len(shuffles), len(x), -1)


def _losses(out: Array, y: Array, task: str) -> Array:
    """Per set of outputs, (sets, n, units), what is lost: the share answered wrong, or the error.

    NaN where outputs aren't finite.
    """
    if task == "regression":
        return np.abs(out[..., 0] - y).mean(axis=1, dtype=np.float64)
    wrong = [np.mean(labels(each) != y) if np.isfinite(each).all() else np.nan for each in out]
    return np.array(wrong)
