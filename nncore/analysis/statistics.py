"""Means over seeds and their 95 % intervals.

Whether arms differ is another question, which `nncore.analysis.pairs` answers.

Reference: Student, The probable error of a mean, Biometrika 1908.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from nncore.system.arrays import Array

CONFIDENCE = 0.95

SeedValues = Mapping[int, float]


@dataclass(frozen=True)
class Interval:
    """A mean over seeds with its 95 % t-interval; one value has no interval."""

    mean: float
    n: int
    half: float | None  # half the width
    least: float = -math.inf  # what such a value can be
    most: float = math.inf

    @property
    def low(self) -> float | None:
        return None if self.half is None else max(self.mean - self.half, self.least)

    @property
    def high(self) -> float | None:
        return None if self.half is None else min(self.mean + self.half, self.most)

    def of_a_further_one(self) -> "Interval":
        """Where another single value would lie, 95 % of the time: the prediction interval.

        A mean of n values is known to s / sqrt(n), a further value scatters by s about it: in all
        by s sqrt(1 + 1/n), which is sqrt(n + 1) times as much.
        """
        half = None if self.half is None else self.half * math.sqrt(self.n + 1)
        return replace(self, half=half)


def interval(
    values: Iterable[float],
    *,
    step: float = 0.0,
    least: float = -math.inf,
    most: float = math.inf,
) -> Interval | None:
    """Mean and interval of finite values; None without any.

    `step`: what values are rounded to (1 / rows for a share of rows). Seeds that agree are then
    not taken for certainty: no spread counts for less than half a step. `least` and `most`: what
    such a value can be.
    """
    sample = np.array([v for v in values if math.isfinite(v)])
    if not sample.size:
        return None
    n = len(sample)
    if n == 1:
        return Interval(float(sample[0]), 1, None, least, most)
    with np.errstate(over="ignore"):  # scores of a training just short of diverging
        half = float(_t_half(n) * max(sample.std(ddof=1), step / 2))
        finite = half if math.isfinite(half) else None
        return Interval(float(sample.mean()), n, finite, least, most)


def band(
    values: Array, *, step: float = 0.0, least: float = -math.inf, most: float = math.inf
) -> tuple[Array, Array, Array]:
    """(mean, low, high) of each column of (seeds, epochs), as `interval` has them.

    NaN where nothing is known. Columns with one value have a mean and no band, nor have those
    whose spread overflows.
    """
    finite = np.isfinite(values)
    n = finite.sum(axis=0)
    filled = np.where(finite, values, 0.0)
    mean = np.where(n > 0, filled.sum(axis=0) / np.maximum(n, 1), np.nan)
    with np.errstate(over="ignore"):
        squares = np.where(finite, np.square(filled - mean), 0.0).sum(axis=0)
    several = (n > 1) & np.isfinite(squares)
    sd = np.maximum(np.sqrt(squares / np.where(several, n - 1, 1)), step / 2)
    half = np.full(mean.shape, np.nan)
    half[several] = _t_half(n[several]) * sd[several]
    return mean, np.maximum(mean - half, least), np.minimum(mean + half, most)


def _t_half(n: Array | int) -> Array:
    """Half an interval's width in standard deviations, for n values."""
    n = np.asarray(n, dtype=float)
    return stdtrit(n - 1, (1 + CONFIDENCE) / 2) / np.sqrt(n)
