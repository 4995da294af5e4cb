"""How often an arm trains at all: the share of its runs, and whether arms differ in it.

Told before the means, which are of the runs that trained. Two shares are compared by Fisher's
exact test, all pairs with Holm's correction and all looks as `nncore.analysis.boundary` has it.

References: Fisher, Statistical Methods for Research Workers, 1934, section 21.02; Holm, A simple
sequentially rejective multiple test procedure, Scand. J. Statistics 6, 1979.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import gammaln

from nncore.analysis.boundary import CLAIMED, FEWEST, factor, share

RELIABLE = 0.8  # of its runs must train, or an arm isn't called best
_EQUAL = 1e-7  # relative: tables as likely as the one seen, but for rounding


@dataclass(frozen=True)
class Trained:
    """How many of an arm's runs trained, of those that came to an end of their own."""

    trained: int
    of: int

    @property
    def share(self) -> float:
        return self.trained / self.of if self.of else 0.0

    @property
    def is_reliable(self) -> bool:
        return self.share >= RELIABLE

    def __str__(self) -> str:
        return f"{self.trained} of {self.of}"


@dataclass(frozen=True)
class ShareDifference:
    """Two arms' shares."""

    a: str
    b: str
    p_adjusted: float

    @property
    def told_apart(self) -> bool:
        return self.p_adjusted < CLAIMED


def compare_shares(runs: Mapping[str, Trained], plan: int, seeds: int) -> list[ShareDifference]:
    """Every pair of arms; none before the plan is in."""
    names = [arm for arm, mine in runs.items() if mine.of]
    if seeds < max(plan, FEWEST) or len(names) < 2:
        return []
    pairs = list(combinations(names, 2))
    corrected = holm([fisher(runs[a], runs[b]) for a, b in pairs])
    times = factor(len(names), plan) / share(seeds, plan)
    return [
        ShareDifference(a, b, min(1.0, times * p))
        for (a, b), p in zip(pairs, corrected, strict=True)
    ]


def fisher(a: Trained, b: Trained) -> float:
    """The two-sided chance of shares at least as far apart, given how many runs trained in all."""
    trained = a.trained + b.trained
    mine = np.arange(max(0, trained - b.of), min(a.of, trained) + 1)
    logs = _log_choose(a.of, mine) + _log_choose(b.of, trained - mine)
    likely = np.exp(logs - logs.max())
    seen = likely[mine == a.trained][0]
    return float(likely[likely <= seen * (1 + _EQUAL)].sum() / likely.sum())


def _log_choose(n: int, k: np.ndarray) -> np.ndarray:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's corrected p-values, in the order given."""
    m = len(p_values)
    corrected = [0.0] * m
    running = 0.0
    for rank, i in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        running = max(running, min(1.0, (m - rank) * p_values[i]))
        corrected[i] = running
    return corrected
