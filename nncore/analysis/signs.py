"""Medians of differences: how often one arm is ahead of another, whatever the distribution.

Of two equal arms each is ahead with every second seed, so that a sign test asks how far the seeds
are from halves. It needs nothing of the scores but their order within a seed, and independent
seeds. All pairs are tested together by Bonferroni's correction, all looks as
`nncore.analysis.boundary` has it. The interval is of the same test: it runs between two of the
sorted differences and leaves out 0 exactly where the test claims. A tie counts against a claim.

Reference: Arbuthnot, An argument for divine providence, Phil. Trans. 27, 1710; Conover, Practical
Nonparametric Statistics, 3rd edition, 1999, sections 3.2 and 3.4.
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import bdtr

from nncore.analysis.boundary import level
from nncore.analysis.planning import MOST_SEEDS
from nncore.analysis.statistics import fewer_signs
from nncore.system.arrays import Array

# seeds that a t-test needs where a sign test needs one, for normal scores (Conover, section 5.7)
EFFICIENCY = 2 / math.pi


def sign_chance(gaps: Array, tests: int) -> float:
    """The chance that some of so many pairs of equal arms differs as one-sidedly, at one look."""
    against = min(np.count_nonzero(gaps <= 0), np.count_nonzero(gaps >= 0))
    return float(min(1.0, tests * 2 * bdtr(against, len(gaps), 0.5)))


def sign_interval(gaps: Array, chance: float) -> tuple[float, float] | None:
    """The ends that leave out 0 where the test of this pair alone has less than `chance`.

    None where so few differences have none.
    """
    left_out = fewer_signs(len(gaps), chance)
    if not left_out:
        return None
    ordered = np.sort(gaps)
    return float(ordered[left_out - 1]), float(ordered[-left_out])


def fewest_signs(arms: int, plan: int) -> int | None:
    """The seeds from which on arms can be told apart at all; None: more than anybody trains."""
    tests = math.comb(arms, 2)
    counts: Sequence[int] = range(max(plan, 2), MOST_SEEDS + 1)
    enough = (n for n in counts if tests * 2 * 0.5**n < level(n, arms, plan))
    return next(enough, None)
