"""How arms differ and scatter when every seed is a block: gaps, spreads, and who scatters more.

A seed gives every arm the same batch order and, where shapes allow, the same first weights. So a
score is taken as its arm's mean, plus the luck of its seed, plus a rest; the rests of all arms
together say how far scores scatter, with (arms - 1) (seeds - 1) degrees of freedom instead of a
pair's seeds - 1. Everything here follows from the differences of pairs: half the mean variance
of all pairs' differences is the residual mean square of the blocked analysis of variance, and an
arm's own variance is what makes the variances of its pairs add up. Where seeds are missing, pairs
count as much as they have degrees of freedom.

Where every seed draws its own split, scores of different seeds share rows. With a correlation c
between any two seeds, rests vary by (1 - c) of a score's variance and a mean by 1/n + c (n-1)/n of
it, so a difference has the variance v (1/n + c / (1 - c)) where v is what rests say. Nadeau and
Bengio take the share of validation rows for c, so that c / (1 - c) is `overlap`, the validation
rows per training row. Means and rests stay independent: the degrees of freedom stay, too.

Scores that are shares of few rows are rounded. Where no seed moves a score of two arms, all seeds
share that rounding; it is known no better than the least variance of a score, so c is 1/2 and
`overlap` 1: such seeds together are worth less than one.

An arm that scatters several times as far as the calmer ones isn't pooled with them: it would
hide what they show.

Pairs stand in the order of `itertools.combinations`. Leading axes are comparisons, so that a
simulation can judge thousands at once.

References: Fisher, The Design of Experiments, 1935 (blocks); Grubbs, On estimating precision of
measuring instruments and product variability, JASA 43, 1948 (an arm's own variance); Nadeau and
Bengio, Inference for the generalization error, Machine Learning 52, 2003 (splits share rows).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np

from nncore.system.arrays import Array

WIDER = 4.0  # times the spread of the calmer arms
FEW, WIDER_OF_FEW = 5, 6.0  # below so many seeds all others must be calmer, and by more
_NOISE = 1e-12  # of the values compared: what float64 arithmetic adds to a difference


@dataclass(frozen=True)
class Blocks:
    """What the scores of some arms on some seeds say."""

    arms: int
    seeds: Array  # (..., pairs): seeds that both arms of a pair have
    gap: Array  # (..., pairs): mean over them of first minus second
    own: Array  # (..., pairs): variance of these differences, NaN below two seeds
    floor: float = 0.0  # the least variance of a single score
    overlap: Array | float = 0.0  # c / (1 - c), of each pair or of all: see above

    @cached_property
    def worth(self) -> Array:
        """(..., pairs): how many independent seeds would know a difference as well."""
        return self.seeds / (1 + self.overlap * self.seeds)

    @cached_property
    def wider(self) -> Array:
        """(..., arms): whether an arm scatters several times as far as the calmer ones together."""
        everybody = np.ones((*self.gap.shape[:-1], self.arms), dtype=bool)
        variances = self._arm_variances(everybody)
        ordered = np.sort(variances, axis=-1)
        counts = np.arange(1, self.arms + 1)
        calmer = np.maximum(np.cumsum(ordered, axis=-1) / counts, self.floor)
        seeds = self.seeds.max(axis=-1, initial=0.0)[..., None]
        half = max((self.arms + 1) // 2, min(3, self.arms - 1))
        least = np.where(seeds < FEW, self.arms - 1, half)
        judged = (counts[:-1] >= least) & (seeds > 2) & (self.arms > 2)
        times = np.where(seeds < FEW, WIDER_OF_FEW, WIDER)
        beyond = (ordered[..., 1:] > times**2 * calmer[..., :-1]) & judged
        first = np.where(beyond.any(axis=-1), beyond.argmax(axis=-1) + 1, self.arms)
        ranks = np.argsort(np.argsort(variances, axis=-1, kind="stable"), axis=-1, kind="stable")
        return ranks >= first[..., None]

    @cached_property
    def alone(self) -> Array:
        """(..., pairs): the pairs of such arms, which are judged by their own spread alone."""
        return self.wider.astype(float) @ _members(self.arms).T > 0

    @cached_property
    def pooled(self) -> Array:
        """(...): the variance of the rests of all calm arms."""
        return self._pooled(~self.wider)

    @cached_property
    def df(self) -> Array:
        """(...): the degrees of freedom of `pooled`; where seeds are missing, a little fewer."""
        weights = self._weights(~self.wider)
        pairs = np.maximum((~self.alone).sum(axis=-1), 1)
        arms = (~self.wider).sum(axis=-1)
        return np.maximum((arms - 1) * weights.sum(axis=-1) // pairs, 1).astype(int)

    @cached_property
    def variances(self) -> Array:
        """(..., pairs) of differences: the most that calm arms, the two arms, the pair say.

        Of pairs that are `alone`, their own.
        """
        by_arms = self._arm_variances(~self.wider) @ _members(self.arms).T
        least = 2 * np.maximum(self.pooled, self.floor)[..., None]
        together = np.fmax(np.fmax(self.own, by_arms), least)
        return np.where(self.alone, np.fmax(self.own, 2 * self.floor), together)

    def _weights(self, calm: Array) -> Array:
        """(..., pairs): degrees of freedom of the pairs whose arms are both calm."""
        both = calm.astype(float) @ _members(self.arms).T > 1.5
        return np.where(both, np.maximum(self.seeds - 1, 0.0), 0.0)

    def _pooled(self, calm: Array) -> Array:
        weights = self._weights(calm)
        known = np.where(weights > 0, self.own, 0.0)
        return (known * weights).sum(axis=-1) / np.maximum(weights.sum(axis=-1), 1) / 2

    def _arm_variances(self, calm: Array) -> Array:
        """(..., arms): by least squares from those of pairs, 0 for the others.

        With two arms nobody knows whose spread it is: both get half.
        """
        members = _members(self.arms)
        both = calm.astype(float) @ members.T > 1.5
        typical = 2 * self._pooled(calm)[..., None]
        own = np.where(both, np.where(self.seeds > 1, self.own, typical), 0.0)
        sums = own @ members
        n = calm.sum(axis=-1)[..., None]
        total = sums.sum(axis=-1, keepdims=True) / np.maximum(2 * (n - 1), 1)
        mine = np.where(n > 2, (sums - total) / np.maximum(n - 2, 1), sums / 2)
        return np.where(calm, np.maximum(mine, 0.0), 0.0)


def blocks(
    scores: Sequence[Mapping[int, float]], floor: float = 0.0, overlap: float = 0.0
) -> Blocks:
    """The blocks of at least two arms: seed -> score of each."""
    gaps = [gaps_of(a, b) for a, b in combinations(scores, 2)]
    with np.errstate(over="ignore", invalid="ignore"):  # a training just short of diverging
        return Blocks(
            len(scores),
            np.array([len(gap) for gap in gaps], dtype=float),
            np.array([gap.mean() if len(gap) else np.nan for gap in gaps]),
            np.array([gap.var(ddof=1) if len(gap) > 1 else np.nan for gap in gaps]),
            floor,
            overlap,
        )


def gaps_of(a: Mapping[int, float], b: Mapping[int, float]) -> Array:
    """The differences over shared seeds, without what arithmetic made of equal ones."""
    shared = [seed for seed in a if seed in b]
    gaps = np.array([a[seed] - b[seed] for seed in shared])
    if not shared:
        return gaps
    noise = _NOISE * max(max(abs(a[seed]), abs(b[seed])) for seed in shared)
    mean = gaps.mean()
    if np.abs(gaps - mean).max() <= noise:
        return np.full(len(gaps), 0.0 if abs(mean) <= noise else mean)
    return gaps


@lru_cache(maxsize=64)
def _members(arms: int) -> Array:
    """(pairs, arms): 1 where an arm belongs to a pair."""
    pairs = list(combinations(range(arms), 2))
    table = np.zeros((len(pairs), arms))
    for row, (a, b) in enumerate(pairs):
        table[row, [a, b]] = 1.0
    return table
