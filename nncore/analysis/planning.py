"""How many seeds it would take: before a comparison runs, and where it can't tell yet."""

import math
from functools import lru_cache

import numpy as np
from scipy.special import stdtrit

from nncore.analysis.boundary import level
from nncore.analysis.studentized import quantile

POWER = 0.8  # how surely so many seeds would tell
MOST_SEEDS = 1000
_LIKELY = 0.5  # of the differences that the scores allow, the middle ones
_COUNTS = tuple(
    sorted({*range(2, 20), *(int(n) for n in np.geomspace(20, MOST_SEEDS, 30)), MOST_SEEDS})
)


def visible(sd: float, seeds: int, arms: int, plan: int, overlap: float = 0.0) -> float:
    """The difference that so many seeds show 4 times in 5, where single scores scatter by `sd`.

    inf: with one seed, or one arm. `overlap`: of splits, see `nncore.analysis.blocks`.
    """
    if min(seeds, arms) < 2:
        return math.inf
    shown = _shown(arms, plan, seeds, overlap)
    return shown * sd * math.sqrt(2) * (_largest(seeds) if arms > 2 else 1.0)


def seeds_needed(
    difference: float,
    sd: float,
    seeds: int,
    margin: float,
    arms: int,
    plan: int,
    overlap: float = 0.0,
    *,
    most_seeds: int = MOST_SEEDS,
) -> tuple[int, int] | None:
    """Between how many and how many seeds in all would tell; None: more than `most_seeds`.

    `sd`: of the difference of two scores. The true difference may be any that so few seeds
    allow; for each it takes the seeds that 4 times in 5 tell it from 0, or that it is within the
    margin, whichever comes first. Ends are round figures, because the guess is rough; the upper
    one is at most `most_seeds`. `overlap`: of splits, see `nncore.analysis.blocks`.
    """
    likely = (
        float(stdtrit(max(seeds - 1, 1), (1 + _LIKELY) / 2)) * sd * math.sqrt(1 / seeds + overlap)
    )
    truths = np.abs(np.linspace(difference - likely, difference + likely, 41))
    to_see = np.maximum(truths, margin - truths)
    counts = np.array([enough(distance, sd, arms, plan, overlap) for distance in to_see])
    least, most = max(float(counts.min()), seeds + 1), float(counts.max())
    if least > most_seeds:
        return None
    low, high = round_figure(least, up=False), round_figure(min(most, most_seeds), up=True)
    return min(max(low, seeds + 1), most_seeds), min(max(high, seeds + 2), most_seeds)


def enough(distance: float, sd: float, arms: int, plan: int, overlap: float = 0.0) -> float:
    """The seeds that tell so large a difference 4 times in 5; inf: more than MOST_SEEDS."""
    counts = np.flatnonzero(_reach(arms, plan, overlap) * sd <= distance)
    return float(_COUNTS[counts[0]]) if counts.size else math.inf


@lru_cache(maxsize=64)
def _reach(arms: int, plan: int, overlap: float) -> np.ndarray:
    """(counts,): the difference that so many seeds show 4 times in 5, in its own spreads."""
    return np.array([_shown(arms, plan, n, overlap) for n in _COUNTS])


def _largest(seeds: int) -> float:
    """What it costs that a pair's spread is the largest of three estimates; by simulation."""
    return 1.08 + 0.3 / seeds


def _shown(arms: int, plan: int, n: int, overlap: float) -> float:
    df = (arms - 1) * (n - 1)
    q = quantile(level(n, arms, min(plan, n)), arms, df)
    return (q / math.sqrt(2) + float(stdtrit(df, POWER))) * math.sqrt(1 / n + overlap)


def round_figure(count: float, *, up: bool) -> int:
    """To one digit, below 20 to a whole number; 15, 150 count as round, too."""
    if count < 20:
        return math.ceil(count) if up else math.floor(count)
    size = 10 ** math.floor(math.log10(count))
    steps = [s * size for s in (1, 1.5, 2, 3, 4, 5, 6, 8, 10)]
    return int(next(s for s in steps if s >= count) if up else max(s for s in steps if s <= count))
