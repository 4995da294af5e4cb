"""How much a single column tells of the target: whatever kind either has, from 0 to 1.

The rows are halved at random. In one half the column's values are put into bins, each of which
answers with its commonest class or its mean target; the other half says how far that gets from
what the commonest class or the mean of all would, as a share of the way to no mistake at all. So a
column of all different values tells nothing, however well it could be learnt by heart.
"""

from typing import NamedTuple

import numpy as np

from nncore.datasets.own.csv_table import Column
from nncore.system.arrays import Array

_MOST_ROWS = 10_000
_BINS = 24
_SEED = 20_261_130


class Relation(NamedTuple):
    """What a column tells of the target."""

    share: float  # 0 to 1
    is_copy: bool  # the same values under other names, or times a factor


def relation(column: Column, values: Array, y: Array, *, classes: bool) -> Relation:
    """Of a column and the target, (n,) each of the same rows; y: numbers, or codes of classes."""
    if len(y) > _MOST_ROWS:
        chosen = np.sort(np.random.default_rng(_SEED).permutation(len(y))[:_MOST_ROWS])
        values, y = values[chosen], y[chosen]
    gone = np.isnan(values) if column.kind == "number" else values < 0
    copy = _is_copy(column, values, gone, y, classes=classes)
    half = np.random.default_rng(_SEED + 1).permutation(len(y))
    fit, judge = half[: len(y) // 2], half[len(y) // 2 :]
    bins = _bins(column, values, gone, fit)
    share = _classes(bins, y, fit, judge) if classes else _numbers(bins, y, fit, judge)
    return Relation(float(np.clip(share, 0.0, 1.0)), copy)


def _bins(column: Column, values: Array, gone: Array, fit: Array) -> Array:
    """(n,) whole numbers from 0: values that are looked at as one."""
    if column.kind == "number":
        seen = values[fit][~gone[fit]]
        levels = np.unique(seen)
        if len(levels) > _BINS:
            levels = np.unique(np.quantile(seen, np.linspace(0, 1, _BINS + 1)[1:-1]))
        values = np.searchsorted(levels, values, side="right")
    return np.unique(np.where(gone, -1, values), return_inverse=True)[1]


def _classes(bins: Array, y: Array, fit: Array, judge: Array) -> float:
    labels, y = np.unique(y, return_inverse=True)
    counts = np.zeros((bins.max() + 1, len(labels)), np.int64)
    np.add.at(counts, (bins[fit], y[fit]), 1)
    commonest = int(counts.sum(axis=0).argmax())
    answer = np.where(counts.sum(axis=1) > 0, counts.argmax(axis=1), commonest)
    wrong = np.mean(answer[bins[judge]] != y[judge])
    guess = np.mean(y[judge] != commonest)
    return 1 - wrong / guess if guess else 0.0


def _numbers(bins: Array, y: Array, fit: Array, judge: Array) -> float:
    size = np.bincount(bins[fit], minlength=bins.max() + 1)
    total = np.bincount(bins[fit], y[fit], minlength=bins.max() + 1)
    mean = y[fit].mean()
    answer = np.where(size > 0, total / np.maximum(size, 1), mean)
    guess = np.square(y[judge] - mean).sum()
    return 1 - np.square(y[judge] - answer[bins[judge]]).sum() / guess if guess else 0.0


def _is_copy(column: Column, values: Array, gone: Array, y: Array, *, classes: bool) -> bool:
    """Whether the target follows from the column and the column from the target, in every row."""
    there = ~gone
    if there.sum() < 0.9 * len(y):
        return False
    x, y = values[there], y[there]
    if classes:
        pairs = np.unique(np.column_stack([x, y]), axis=0)
        return bool(len(pairs) == len(np.unique(x)) == len(np.unique(y)) > 1)
    if column.kind != "number" or not np.ptp(x) or not np.ptp(y):
        return False
    left = y - np.polyval(np.polyfit((x - x.mean()) / x.std(), y, 1), (x - x.mean()) / x.std())
    return bool(np.abs(left).max() < 1e-6 * np.ptp(y))
