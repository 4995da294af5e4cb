"""How large a difference must be to be called one, however often more seeds were looked at.

At one look, Tukey's studentized range answers that for all pairs together. Whoever may add seeds
looks again, and each look may fool. So the 5 % are shared out over all seed counts from the plan
on, whether anybody looks at them or not: the plan's own look gets the largest part, later ones
less and less, so that nothing is left to gain by waiting for luck.

    p_adjusted = M(arms, plan) p / share(seeds, plan),  called a difference where it is below 5 %

p is the pooled test's at this look, M tabulated by simulation (`nncore.analysis.factors`), so
that no more than 5 % of comparisons without any difference ever claim one. Interval and p are of
the same test: the interval leaves out 0 exactly where p_adjusted is below 5 %.

References: Tukey 1953 (see `studentized`); Lan and DeMets, Discrete sequential boundaries for
clinical trials, Biometrika 70, 1983 (spending); Johari, Koomen, Pekelis and Walsh, Always valid
inference, Operations Research 70, 2022.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy.special import stdtr, stdtrit

from nncore.analysis.blocks import Blocks
from nncore.analysis.factors import ARMS, FACTORS, PLANS
from nncore.analysis.studentized import quantile, tail
from nncore.system.arrays import Array

CLAIMED = 0.05  # of comparisons without a difference may ever claim one
FEWEST = 2  # seeds that a difference needs
_LATER, _FADING = 0.25, 1.5
_LEAST_WORTH = 1e-9  # of pairs that share no seed, which nobody asks for


def share(seeds: float, plan: int) -> float:
    """What a look at so many seeds gets of the error, the plan's own look getting 1."""
    first = max(plan, FEWEST)
    if seeds <= first:
        return 1.0
    return _LATER / (1 + math.log(seeds / first)) ** _FADING


def factor(arms: int, plan: int) -> float:
    """M: how much less one look may claim, because there are others.

    Between tabulated arms and plans on straight lines over the logarithm. With more arms along
    the last line, where it rises; with larger plans as with the largest tabulated.
    """
    by_arms = [float(np.interp(math.log(max(plan, FEWEST)), np.log(PLANS), row)) for row in FACTORS]
    places = np.log(ARMS)
    rise = max(0.0, (by_arms[-1] - by_arms[-2]) / (places[-1] - places[-2]))
    beyond = max(0.0, math.log(arms) - float(places[-1]))
    return float(np.interp(math.log(arms), places, by_arms) + rise * beyond)


def level(seeds: int, arms: int, plan: int) -> float:
    """The chance of a false claim that a look at so many seeds may take."""
    return CLAIMED * share(seeds, plan) / factor(arms, plan)


def at_one_look(found: Blocks, tail: Callable[[Array, int, int], Array] = tail) -> Array:
    """(..., pairs): the chance of such a gap in some pair of equal arms, at this look alone."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(found.gap) * np.sqrt(found.worth / found.variances)
    t = np.where(found.gap == 0, 0.0, t)  # arms that are equal without any spread, too
    rows, dfs = t.reshape(-1, t.shape[-1]), found.df.reshape(-1)
    p = np.empty(rows.shape)
    for df in np.unique(dfs):
        p[dfs == df] = tail(math.sqrt(2) * rows[dfs == df], found.arms, int(df))
    chances = p.reshape(t.shape)
    alone = found.alone
    if alone.any():
        tests = t.shape[-1] * 2 * stdtr(found.seeds - 1, -t)
        chances = np.where(alone, np.minimum(tests, 1.0), chances)
    return chances


def halves(found: Blocks, chance: float) -> Array:
    """(pairs,): half the width of every pair's interval, which leaves out 0 where p < `chance`."""
    pooled = quantile(chance, found.arms, int(found.df)) / math.sqrt(2)
    alone = -stdtrit(found.seeds - 1, chance / (2 * found.gap.shape[-1]))
    times = np.where(found.alone, alone, pooled)
    return times * np.sqrt(found.variances / np.maximum(found.worth, _LEAST_WORTH))
