"""What the scores say about every pair of arms: better, the same, can't tell yet, or more rows.

A pure function of the scores and of the plan, the number of seeds a question began with. Before
the plan is in, nothing is said of any pair; from it on, as `nncore.analysis.boundary` has it.

- "better": the interval of the difference leaves out 0;
- "same": the whole interval lies within the margin, too small a difference to matter;
- "rows": neither, and more seeds won't tell, but more validation rows would: the arms differ by
  no more than a row and scatter by less than half a row, or so many seeds are needed that nobody
  trains them, while the scatter is no more than what so few rows make by chance;
- "open": neither, and more seeds would tell.

Reference: Schuirmann, A comparison of the two one-sided tests procedure and the power approach,
J. Pharmacokinetics and Biopharmaceutics 15, 1987 ("same").
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from nncore.analysis.blocks import Blocks, blocks
from nncore.analysis.boundary import CLAIMED, FEWEST, at_one_look, factor, halves, level, share
from nncore.analysis.planning import seeds_needed
from nncore.analysis.statistics import SeedValues

BETTER, SAME, OPEN, ROWS = "better", "same", "open", "rows"


@dataclass(frozen=True)
class Scale:
    """What scores are measured in, and what matters on it."""

    rows: int | None = None  # scores are shares of so many rows
    noise: float = 0.0  # other scores: a step that is smaller than this is none
    margin: float = 0.0  # differences up to it are the same for practical purposes

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
    difference: float  # a minus b
    low: float | None  # of the interval; None before the plan is in
    high: float | None
    p_adjusted: float | None  # for all pairs and all looks
    seeds: int
    looks: int  # seed counts since the plan
    state: str
    seeds_needed: tuple[int, int] | None  # to be told "better" or "same", where "open"

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

    @property
    def looks(self) -> int:
        """Seed counts since the plan, the plan's own being the first."""
        return max(0, self.seeds - max(self.plan, FEWEST) + 1)

    @property
    def is_in(self) -> bool:
        """Whether the plan is."""
        return self.looks > 0


def judge_pairs(
    scores: Mapping[str, SeedValues], plan: int, scale: Scale, seeds: int | None = None
) -> Judgement:
    """Every pair of arms that share at least two seeds.

    `scores`: seed -> score of the trainings that count, of each arm. `seeds`: how many seeds
    ended with every arm; as many as have a score unless some trainings don't count.
    """
    if seeds is None:
        seeds = len(set().union(*scores.values()))
    arms = {arm: dict(mine) for arm, mine in scores.items() if len(mine) >= FEWEST}
    if len(arms) < 2:
        return Judgement((), plan, seeds, ())
    found = blocks(list(arms.values()), scale.floor)
    with np.errstate(over="ignore", invalid="ignore"):  # scores just short of diverging
        wider = tuple(arm for arm, is_wider in zip(arms, found.wider, strict=True) if is_wider)
        made = Judgement((), plan, seeds, wider)
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
        state, needed = SAME, None
        if low < -scale.margin or high > scale.margin:
            state = BETTER if p < CLAIMED else OPEN
        if state == OPEN:
            sd = math.sqrt(found.variances[i])
            needed = seeds_needed(gap, sd, n, scale.margin, found.arms, made.plan)
            if _rows_would_tell(gap, sd, needed, scale):
                state, needed = ROWS, None
        pairs.append(Pair(a, b, gap, float(low), float(high), p, n, made.looks, state, needed))
    return tuple(pairs)


def _rows_would_tell(gap: float, sd: float, needed: tuple[int, int] | None, scale: Scale) -> bool:
    """Whether rows are scarcer than seeds; `sd` of a difference of two scores."""
    if scale.rows is None:
        return False
    nearly = 1 + 1e-9
    if abs(gap) * scale.rows <= nearly and sd <= math.sqrt(2 * scale.floor) * nearly:
        return True
    by_chance = math.sqrt(2 * 0.25 / scale.rows)  # of two shares of so many rows, at most
    return needed is None and sd <= by_chance
