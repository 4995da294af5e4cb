"""What the scores say about every pair of arms: better, the same, can't tell yet, or more rows.

A pure function of the scores and of the plan, the number of seeds a question began with. Before
the plan is in, nothing is said of any pair; from it on, as `nncore.analysis.boundary` has it.

- "better": the interval of the difference leaves out 0;
- "same": the whole interval lies within the margin, too small a difference to matter;
- "rows": neither, and as many seeds as a comparison may have won't tell, but more validation rows
  would: seeds move no score of the two arms, or share their rows (`shared`), or scatter no more
  than so few rows make by chance;
- "open": neither, and more seeds would tell.

Beside the difference stands the chance that one arm is ahead of the other with a fresh seed, which
is a prediction and no claim: a difference that surely exists may be smaller than a seed's luck.

Reference: Schuirmann, A comparison of the two one-sided tests procedure and the power approach,
J. Pharmacokinetics and Biopharmaceutics 15, 1987 ("same"); Geisser, Predictive Inference, 1993,
section 2.2 (a fresh seed).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy.special import stdtr

from nncore.analysis.blocks import Blocks, blocks, gaps_of
from nncore.analysis.boundary import CLAIMED, FEWEST, at_one_look, factor, halves, level, share
from nncore.analysis.judging import MEAN, MEDIAN
from nncore.analysis.planning import MOST_SEEDS, round_figure, seeds_needed
from nncore.analysis.signs import EFFICIENCY, fewest_signs, sign_chance, sign_interval
from nncore.analysis.statistics import SeedValues
from nncore.system.arrays import Array

BETTER, SAME, OPEN, ROWS = "better", "same", "open", "rows"
_NEARLY = 1 + 1e-9


@dataclass(frozen=True)
class Scale:
    """What scores are measured in, and what matters on it."""

    rows: int | None = None  # scores are shares of so many rows
    noise: float = 0.0  # other scores: a step that is smaller than this is none
    margin: float = 0.0  # differences up to it are the same for practical purposes
    overlap: float = 0.0  # validation rows per training row, where every seed has its own split
    centre: str = MEAN  # or "median", over seeds

    @property
    def floor(self) -> float:
        """The least variance of a score: no share of m rows is known better than half a row."""
        return (0.5 / self.rows) ** 2 if self.rows else self.noise**2 / 12

    @property
    def widest(self) -> float:
        """No difference is larger."""
        return 1.0 if self.rows else math.inf


@dataclass(frozen=True)
class Pair:
    """Two arms, compared on the seeds both have. Larger scores count as more, not as better."""

    a: str
    b: str
    difference: float  # a minus b: the mean or median over seeds
    low: float | None  # of the interval; None before the plan is in, and where there is none
    high: float | None
    p_adjusted: float | None  # for all pairs and all looks
    seeds: int
    looks: int  # seed counts since the plan
    state: str
    seeds_needed: tuple[int, int] | None  # to be told "better" or "same", where "open"
    more: float | None = None  # the chance that a has the larger score with a fresh seed

    @property
    def told_apart(self) -> bool:
        """Whether the interval leaves out 0, however small the difference."""
        return self.p_adjusted is not None and self.p_adjusted < CLAIMED


@dataclass(frozen=True)
class Judgement:
    """All pairs that share two seeds, and what was found on the way."""

    pairs: tuple[Pair, ...]
    plan: int
    seeds: int  # that ended with every arm
    wider: tuple[str, ...]  # arms that scatter several times as far; their pairs stand alone
    most: int = MOST_SEEDS  # seeds that it may have

    @property
    def looks(self) -> int:
        """Seed counts since the plan, the plan's own being the first."""
        return max(0, self.seeds - max(self.plan, FEWEST) + 1)

    @property
    def is_in(self) -> bool:
        """Whether the plan is."""
        return self.looks > 0


def judge_pairs(
    scores: Mapping[str, SeedValues],
    plan: int,
    scale: Scale,
    seeds: int | None = None,
    *,
    most: int = MOST_SEEDS,
) -> Judgement:
    """Every pair of arms that share at least two seeds.

    `scores`: seed -> score of the trainings that count, of each arm. `seeds`: how many seeds
    ended with every arm; as many as have a score unless some trainings don't count. `most`: how
    many seeds the comparison may have.
    """
    if seeds is None:
        seeds = len(set().union(*scores.values()))
    arms = {arm: dict(mine) for arm, mine in scores.items() if len(mine) >= FEWEST}
    if len(arms) < 2:
        return Judgement((), plan, seeds, (), most)
    found = blocks(list(arms.values()), scale.floor, scale.overlap)
    with np.errstate(over="ignore", invalid="ignore"):  # scores just short of diverging
        wider = tuple(arm for arm, is_wider in zip(arms, found.wider, strict=True) if is_wider)
        made = Judgement((), plan, seeds, wider, most)
        if scale.centre == MEDIAN:
            return replace(made, wider=(), pairs=_by_signs(arms, found, made, scale))
        if scale.rows is not None:
            found = replace(found, overlap=_shared(arms, found))
        return replace(made, pairs=_pairs(list(arms), found, made, scale))


def _pairs(arms: list[str], found: Blocks, made: Judgement, scale: Scale) -> tuple[Pair, ...]:
    chances = at_one_look(found)
    times = factor(found.arms, made.plan) / share(made.seeds, made.plan)
    half = halves(found, level(made.seeds, found.arms, made.plan))
    pairs = []
    for i, (a, b) in enumerate(combinations(arms, 2)):
        if found.seeds[i] < FEWEST:
            continue
        gap, n = float(found.gap[i]), int(found.seeds[i])
        if not made.is_in or not math.isfinite(half[i]):
            pairs.append(Pair(a, b, gap, None, None, None, n, made.looks, OPEN, None))
            continue
        low, high = max(gap - half[i], -scale.widest), min(gap + half[i], scale.widest)
        p = min(1.0, times * float(chances[i]))
        more = _fresh(gap, float(found.variances[i]), n, n - 1 if found.alone[i] else int(found.df))
        state, needed = _state(low, high, p, scale), None
        if state == OPEN:
            sd = math.sqrt(found.variances[i])
            shared = float(np.broadcast_to(found.overlap, found.gap.shape)[i])
            needed = _needed(gap, sd, n, found, made, scale, shared)
            if needed is None and _rows_are_scarce(sd, shared, scale):
                state = ROWS
        ends = float(low), float(high)
        pairs.append(Pair(a, b, gap, *ends, p, n, made.looks, state, needed, more))
    return tuple(pairs)


def _by_signs(
    arms: Mapping[str, SeedValues], found: Blocks, made: Judgement, scale: Scale
) -> tuple[Pair, ...]:
    """The same for medians. `found`: how far scores scatter, which says how many seeds it takes."""
    tests = found.gap.shape[-1]
    times = factor(found.arms, made.plan) / share(made.seeds, made.plan)
    chance = level(made.seeds, found.arms, made.plan) / tests
    fewest = fewest_signs(found.arms, made.plan)
    pairs = []
    for i, (a, b) in enumerate(combinations(arms, 2)):
        gaps = gaps_of(arms[a], arms[b])
        n = len(gaps)
        if n < FEWEST:
            continue
        gap = float(np.median(gaps))
        if not made.is_in:
            pairs.append(Pair(a, b, gap, None, None, None, n, made.looks, OPEN, None))
            continue
        p, ends = min(1.0, times * sign_chance(gaps, tests)), sign_interval(gaps, chance)
        more = float((np.count_nonzero(gaps > 0) + np.count_nonzero(gaps == 0) / 2 + 1) / (n + 2))
        state, needed = _state(*ends, p, scale) if ends else OPEN, None
        if state == OPEN:
            sd = math.sqrt(found.variances[i])
            needed = _needed(gap, sd, n, found, made, scale, 0.0)
            needed = _more_signs(needed, fewest, made.most)
            if needed is None and _rows_are_scarce(sd, 0.0, scale):
                state = ROWS
        low, high = ends or (None, None)
        pairs.append(Pair(a, b, gap, low, high, p, n, made.looks, state, needed, more))
    return tuple(pairs)


def _state(low: float, high: float, p: float, scale: Scale) -> str:
    if low >= -scale.margin and high <= scale.margin:
        return SAME
    return BETTER if p < CLAIMED else OPEN


def _fresh(gap: float, variance: float, seeds: int, df: int) -> float:
    """The chance of a difference above 0 with a seed that wasn't among these."""
    if variance == 0:
        return 0.5 + 0.5 * float(np.sign(gap))
    return float(stdtr(df, gap / math.sqrt(variance * (1 + 1 / seeds))))


def _shared(arms: Mapping[str, SeedValues], found: Blocks) -> Array:
    """(pairs,): the overlap, and 1 more where seeds move no score of two arms.

    Rounding to whole rows averages out over seeds where they move scores about from step to step.
    Where none does, all seeds share one rounding, of up to half a row and a variance of `floor`:
    var(d) = 2 floor (1/n + 1). Where other arms say that scores scatter, that is believed.
    """
    still = [len(set(mine.values())) == 1 for mine in arms.values()]
    both = np.array([a and b for a, b in combinations(still, 2)])
    rounded = found.variances <= 2 * found.floor * _NEARLY
    return found.overlap + np.where(both & rounded, 1.0, 0.0)


def _needed(
    gap: float, sd: float, seeds: int, found: Blocks, made: Judgement, scale: Scale, shared: float
) -> tuple[int, int] | None:
    needed = seeds_needed(
        gap, sd, seeds, scale.margin, found.arms, made.plan, shared, most_seeds=made.most
    )
    if needed is None:
        return None
    lost = max(made.seeds - seeds, 0)  # of which one arm has no score
    return min(needed[0] + lost, made.most), min(needed[1] + lost, made.most)


def _more_signs(
    needed: tuple[int, int] | None, fewest: int | None, most: int
) -> tuple[int, int] | None:
    """How many seeds a sign test takes where means take `needed`."""
    if needed is None or fewest is None:
        return None
    low, high = (max(fewest, n / EFFICIENCY) for n in needed)
    if low > most:
        return None
    least = round_figure(low, up=False)
    return least, max(round_figure(min(high, most), up=True), least + 2)


def _rows_are_scarce(sd: float, shared: float, scale: Scale) -> bool:
    """Whether more rows would tell what no number of seeds does; `sd` of a difference.

    What all seeds share, no seed averages out. Else the rows are to blame if the scatter is no
    more than that of two shares of so many rows, sqrt(2 p (1 - p) / rows), at most.
    """
    if shared:
        return True
    return scale.rows is not None and sd <= math.sqrt(2 * 0.25 / scale.rows)
