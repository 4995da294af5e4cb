"""Whether an earlier stop would have helped: judged by other seeds than those that chose it.

The epoch with the lowest validation loss is chosen by looking, and there the loss is never above
that of the end, even where nothing but chance moves it. So the first third of the planned seeds
choose the epoch, and all others judge: of each, the loss at the end minus the loss at that epoch.
Their mean may have any sign, and a t-test says whether it is above 0. Looks at more seeds share
the error as in `nncore.analysis.boundary`, and arms as Bonferroni has it.

Reference: Cox, A note on data-splitting for the evaluation of significance levels, Biometrika 62,
1975.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from nncore.analysis.boundary import FEWEST, level
from nncore.system.arrays import Array

_SINGLE = 1e-6  # relative: losses are known no better


@dataclass(frozen=True)
class Earlier:
    """What a stop at an epoch would have gained."""

    epoch: int
    choosing: int  # seeds that chose the epoch
    judging: int  # seeds that judge it
    gain: float | None = None  # of validation loss; below 0: it would have done harm
    low: float | None = None  # ends of its interval; None before the plan's seeds are in
    high: float | None = None

    @property
    def helps(self) -> bool:
        return self.low is not None and self.low > 0


def choosers(plan: int) -> int:
    """How many of the planned seeds choose."""
    return max(1, plan // 3)


def earlier(epochs: Array, losses: Array, plan: int, arms: int = 1) -> Earlier | None:
    """The verdict on one of so many arms; None without any seed.

    epochs: (epochs,). losses: (seeds, epochs) of the validation data, NaN where a seed has none;
    its last finite one is that of its end.
    """
    known = np.isfinite(losses).all(axis=0)  # an epoch that every seed has
    if not len(losses) or not known.any():
        return None
    first = choosers(plan)
    chosen, judges = losses[:first], losses[first:]
    best = np.flatnonzero(known)[int(chosen[:, known].mean(axis=0).argmin())]
    epoch, n = int(epochs[best]), len(judges)
    if not n:
        return Earlier(epoch, len(chosen), 0)
    ends = np.array([row[np.isfinite(row)][-1] for row in judges])
    gains = ends - judges[:, best]
    mean, needed = float(gains.mean()), max(plan - first, FEWEST)
    if n < needed:
        return Earlier(epoch, len(chosen), n, mean)
    least = _SINGLE * float(np.abs(ends).max())
    spread = max(float(gains.std(ddof=1)), least) / math.sqrt(n)
    half = -float(stdtrit(n - 1, level(n, 2, needed) / arms / 2)) * spread
    return Earlier(epoch, len(chosen), n, mean, mean - half, mean + half)
