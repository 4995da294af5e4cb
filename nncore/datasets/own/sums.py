"""Columns that add up to the target: its parts, which are known no sooner than it is.

Found by orthogonal matching pursuit (Pati et al., Asilomar 1993): the column that goes best with
what is left of the target is taken in, until nothing is left.
"""

from collections.abc import Sequence

import numpy as np

from nncore.datasets.own.csv_table import Column
from nncore.system.arrays import Array

_MOST_PARTS = 8
_MOST_ROWS = 2_000
_LEAST_ROWS = 4 * _MOST_PARTS  # fewer are reached by chance
_NOTHING = 1e-6  # of the target's spread
_SEED = 20_261_130


def parts_of(target: Column, columns: Sequence[Column]) -> tuple[tuple[Column, int], ...]:
    """(column, 1 where it is added, -1 where it is taken away) of at least two; () of none.

    columns: of numbers, without the target itself.
    """
    rows = np.flatnonzero(target.present)
    if len(rows) > _MOST_ROWS:
        rows = np.random.default_rng(_SEED).permutation(rows)[:_MOST_ROWS]
    if len(rows) < _LEAST_ROWS or not columns:
        return ()
    x = np.column_stack([column.values[rows] for column in columns])
    y = target.values[rows]
    picked = _picked(x, y)
    there = ~np.isnan(x[:, picked]).any(axis=1)
    if there.sum() < max(_LEAST_ROWS, 0.9 * len(rows)):
        return ()
    a, b = x[np.ix_(there, picked)], y[there]
    a, b = a - a.mean(axis=0), b - b.mean()
    weights = np.linalg.lstsq(a, b, rcond=None)[0]
    parts = [i for i, w in enumerate(weights) if abs(w) * a[:, i].std() > _NOTHING * b.std()]
    signs = np.rint(weights[parts])
    left = b - a[:, parts] @ signs
    is_sum = len(parts) > 1 and bool((np.abs(signs) == 1).all())
    if not is_sum or np.abs(left).max() > _NOTHING * np.ptp(b):
        return ()
    return tuple((columns[picked[i]], int(s)) for i, s in zip(parts, signs, strict=True))


def _picked(x: Array, y: Array) -> list[int]:
    """Places of the columns that are taken in, at most _MOST_PARTS."""
    there = ~np.isnan(x)
    mean = np.where(there, x, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    x = np.where(there, x - mean, 0.0)
    length = np.sqrt(np.square(x).sum(axis=0))
    x /= np.where(length > 0, length, 1.0)
    y = y - y.mean()
    left, picked = y, list[int]()
    while len(picked) < min(_MOST_PARTS, x.shape[1]) and left.std() > _NOTHING * y.std():
        going = np.abs(left @ x)
        going[picked] = -1.0
        picked.append(int(going.argmax()))
        left = y - x[:, picked] @ np.linalg.lstsq(x[:, picked], y, rcond=None)[0]
    return picked
