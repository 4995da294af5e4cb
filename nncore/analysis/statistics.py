"""Means over seeds and their 95 % intervals.

Whether arms differ is another question, which `nncore.analysis.pairs` answers.

Where every seed has its own split, scores share rows and aren't independent: a mean's variance is
s^2 (1/n + overlap) instead of s^2 / n, with `overlap` the validation rows per training row.

A median's interval runs between two of the sorted scores, whatever their distribution.

References: Student, The probable error of a mean, Biometrika 6, 1908; Nadeau and Bengio, Inference
for the generalization error, Machine Learning 52, 2003; Thompson, On confidence ranges for the
median and other expectation distributions, Annals of Mathematical Statistics 7, 1936.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import bdtr, stdtrit

from nncore.analysis.judging import MEAN, MEDIAN
from nncore.system.arrays import Array

CONFIDENCE = 0.95

SeedValues = Mapping[int, float]


@dataclass(frozen=True)
class Interval:
    """A mean over seeds with its 95 % t-interval, or a median; one value has no interval."""

    mean: float
    n: int
    half: float | None  # half the width
    least: float = -math.inf  # what such a value can be
    most: float = math.inf
    ends: tuple[float, float] | None = None  # of a median, which needn't lie in the middle

    @property
    def low(self) -> float | None:
        if self.ends:
            return max(self.ends[0], self.least)
        return None if self.half is None else max(self.mean - self.half, self.least)

    @property
    def high(self) -> float | None:
        if self.ends:
            return min(self.ends[1], self.most)
        return None if self.half is None else min(self.mean + self.half, self.most)

    def of_further(self, values: int = 1, *, step: float = 0.0) -> "Interval":
        """Where the mean of so many further values would lie, 95 % of the time.

        The prediction interval: a mean of n values is known to s / sqrt(n), that of k further ones
        scatters by s / sqrt(k) about it, which is sqrt(1 + n / k) times as much in all; of a
        single one, sqrt(n + 1) times. It reaches a whole `step` either way at least: values that
        are shares of rows can't lie closer.
        """
        if self.half is None:
            return self
        return replace(self, half=max(self.half * math.sqrt(1 + self.n / values), step))


def interval(
    values: Iterable[float],
    *,
    step: float = 0.0,
    least: float = -math.inf,
    most: float = math.inf,
    overlap: float = 0.0,
    centre: str = MEAN,
) -> Interval | None:
    """Mean and interval of finite values; None without any.

    `step`: what values are rounded to (1 / rows for a share of rows). Seeds that agree are then
    not taken for certainty: no spread counts for less than half a step. `least` and `most`: what
    such a value can be. `overlap`: see above. `centre`: "mean" or "median".
    """
    sample = np.array([v for v in values if math.isfinite(v)])
    if not sample.size:
        return None
    n = len(sample)
    if n == 1:
        return Interval(float(sample[0]), 1, None, least, most)
    if centre == MEDIAN:
        return _median(np.sort(sample), step, least, most)
    with np.errstate(over="ignore"):  # scores of a training just short of diverging
        half = float(_t_half(n, overlap) * max(sample.std(ddof=1), step / 2))
        finite = half if math.isfinite(half) else None
        return Interval(float(sample.mean()), n, finite, least, most)


def _median(ordered: Array, step: float, least: float, most: float) -> Interval:
    """Between as many of the sorted values as leave out 2.5 % at either end; from 6 on."""
    n, median = len(ordered), float(np.median(ordered))
    left_out = int(fewer_signs(n, 1 - CONFIDENCE))
    if not left_out:
        return Interval(median, n, None, least, most)
    low = min(float(ordered[left_out - 1]), median - step / 2)
    high = max(float(ordered[n - left_out]), median + step / 2)
    return Interval(median, n, max(high - median, median - low), least, most, (low, high))


def fewer_signs(n: int, chance: float) -> int:
    """The most k for which fewer than k of n fair coins on either side have at most `chance`."""
    chances = 2 * bdtr(np.arange(n // 2 + 1), n, 0.5)
    return int(np.count_nonzero(chances <= chance))


def band(
    values: Array,
    *,
    step: float = 0.0,
    least: float = -math.inf,
    most: float = math.inf,
    overlap: float = 0.0,
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
    half[several] = _t_half(n[several], overlap) * sd[several]
    return mean, np.maximum(mean - half, least), np.minimum(mean + half, most)


def _t_half(n: Array | int, overlap: float) -> Array:
    """Half an interval's width in standard deviations, for n values."""
    n = np.asarray(n, dtype=float)
    return stdtrit(n - 1, (1 + CONFIDENCE) / 2) * np.sqrt(1 / n + overlap)
