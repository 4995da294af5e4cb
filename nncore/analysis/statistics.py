"""What can be concluded from a few seeds: intervals, paired differences, seeds needed.

A seed gives every arm the same batch order and, where shapes allow, the same first weights.
So arms are compared seed by seed: the interval of the mean difference is the t-interval of
the differences, and all pairs are tested together with Holm's correction, because the arm
that looks best was chosen by looking.

References: Student, The probable error of a mean, Biometrika 1908; Holm, A simple
sequentially rejective multiple test procedure, Scand. J. Statistics 1979; Demšar,
Statistical comparisons of classifiers over multiple data sets, JMLR 2006.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

import numpy as np
from scipy.special import stdtr, stdtrit

from nncore.system.arrays import Array

CONFIDENCE = 0.95
POWER = 0.8  # how surely `seeds_needed` seeds would show a difference of the size seen
MOST_SEEDS = 1000
_NOISE = 1e-12  # of the values compared: what float64 arithmetic adds to a difference

SeedValues = Mapping[int, float]


@dataclass(frozen=True)
class Interval:
    """A mean over seeds with its 95 % t-interval; one value has no interval."""

    mean: float
    n: int
    half: float | None  # half the width

    @property
    def low(self) -> float | None:
        return None if self.half is None else self.mean - self.half

    @property
    def high(self) -> float | None:
        return None if self.half is None else self.mean + self.half


@dataclass(frozen=True)
class Difference:
    """Arm minus other, over the seeds both have."""

    arm: str
    other: str
    interval: Interval
    sd: float  # of the differences
    p: float  # two-sided, of a paired t-test
    p_holm: float  # corrected for all pairs
    seeds_needed: int | None  # to tell apart a difference of this size; None: over MOST_SEEDS

    @property
    def told_apart(self) -> bool:
        return self.p_holm < 1 - CONFIDENCE


def interval(values: Iterable[float]) -> Interval | None:
    """Mean and interval of finite values; None without any."""
    sample = np.array([v for v in values if math.isfinite(v)])
    if not sample.size:
        return None
    n = len(sample)
    if n == 1:
        return Interval(float(sample[0]), 1, None)
    with np.errstate(over="ignore"):  # scores of a training just short of diverging
        half = float(_t_half(n) * sample.std(ddof=1))
        return Interval(float(sample.mean()), n, half if math.isfinite(half) else None)


def band(values: Array) -> tuple[Array, Array, Array]:
    """(mean, low, high) of each column of (seeds, epochs); NaN where nothing is known.

    Columns with one value have a mean and no band, nor have those whose spread overflows.
    """
    finite = np.isfinite(values)
    n = finite.sum(axis=0)
    filled = np.where(finite, values, 0.0)
    mean = np.where(n > 0, filled.sum(axis=0) / np.maximum(n, 1), np.nan)
    with np.errstate(over="ignore"):
        squares = np.where(finite, np.square(filled - mean), 0.0).sum(axis=0)
    several = (n > 1) & np.isfinite(squares)
    sd = np.sqrt(squares / np.where(several, n - 1, 1))
    half = np.full(mean.shape, np.nan)
    half[several] = _t_half(n[several]) * sd[several]
    return mean, mean - half, mean + half


def _t_half(n: Array | int) -> Array:
    """Half an interval's width in standard deviations, for n values."""
    n = np.asarray(n, dtype=float)
    return stdtrit(n - 1, (1 + CONFIDENCE) / 2) / np.sqrt(n)


def differences(values: Mapping[str, SeedValues], *, resolution: float = 0.0) -> list[Difference]:
    """Every pair of arms that share at least two seeds, corrected together.

    `resolution` is the smallest step a value can make (1 / rows for an accuracy): seeds that
    agree exactly are then not taken for certainty. Without it they are: p is 0 (or 1 where
    the arms agree, too).
    """
    pairs = [
        pair
        for a, b in combinations(values, 2)
        if (pair := _pair(a, b, values[a], values[b], resolution)) is not None
    ]
    corrected = holm([pair.p for pair in pairs])
    return [
        replace(pair, p_holm=p, seeds_needed=seeds_needed(pair.interval.mean, pair.sd, len(pairs)))
        for pair, p in zip(pairs, corrected, strict=True)
    ]


def _pair(
    arm: str, other: str, a: SeedValues, b: SeedValues, resolution: float
) -> Difference | None:
    shared = [seed for seed in a if seed in b]
    n = len(shared)
    if n < 2:
        return None
    gaps = np.array([a[seed] - b[seed] for seed in shared])
    noise = _NOISE * max(max(abs(a[seed]), abs(b[seed])) for seed in shared)
    with np.errstate(over="ignore"):  # as in `interval`
        measured = (gaps.mean(), gaps.std(ddof=1))
    mean, spread = (0.0 if abs(x) <= noise else float(x) for x in measured)
    # two rounded values differ by two uniform errors of variance resolution^2 / 12
    sd = max(spread, resolution / math.sqrt(6))
    p = 0.0 if mean else 1.0
    if sd:
        p = float(2 * stdtr(n - 1, -abs(mean) * math.sqrt(n) / sd))
    half = float(_t_half(n)) * sd
    gap = Interval(mean, n, half if math.isfinite(half) else None)
    return Difference(arm, other, gap, sd, p, p, None)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's corrected p-values, in the order given."""
    m = len(p_values)
    corrected = [0.0] * m
    running = 0.0
    for rank, i in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        running = max(running, min(1.0, (m - rank) * p_values[i]))
        corrected[i] = running
    return corrected


def seeds_needed(difference: float, sd: float, pairs: int = 1) -> int | None:
    """Seeds that would tell this difference apart 4 times in 5, corrected for `pairs` pairs.

    A rough plan: it takes difference and spread as measured. None means over MOST_SEEDS.
    """
    if difference == 0:
        return None
    enough = np.flatnonzero(_reach(max(pairs, 1)) * sd <= abs(difference))
    return int(enough[0]) + 2 if enough.size else None


@lru_cache(maxsize=32)  # comparisons of n arms have n (n - 1) / 2 pairs; quantiles are slow
def _reach(pairs: int) -> Array:
    """The difference that 2, 3, ... MOST_SEEDS seeds would show, in standard deviations."""
    n = np.arange(2, MOST_SEEDS + 1)
    level = 1 - (1 - CONFIDENCE) / (2 * pairs)
    return (stdtrit(n - 1, level) + stdtrit(n - 1, POWER)) / np.sqrt(n)
