"""How far a score would move with other validation rows: 95 % intervals.

The model is taken as it is; what other seeds or training rows would do isn't in them.

Reference: Wilson, Probable inference, the law of succession, and statistical inference, JASA 1927.
"""

import math
from collections.abc import Callable

import numpy as np

from nncore.results.simple import Reached
from nncore.system.arrays import Array

Z = 1.959963984540054  # of the normal distribution, 97.5 % lie below it
_RESAMPLES, _SEED = 1_000, 20_261_130


def wilson(share: float, rows: int) -> Reached:
    """A share of so many rows: never outside 0 to 1, and right for shares near these, too."""
    center = share + Z**2 / (2 * rows)
    half = Z * math.sqrt(share * (1 - share) / rows + Z**2 / (4 * rows**2))
    scale = 1 + Z**2 / rows
    return Reached(share, max((center - half) / scale, 0.0), min((center + half) / scale, 1.0))


def mean_error(errors: Array) -> Reached:
    """The mean of (rows,) absolute errors; one row has no interval."""
    mean, n = float(errors.mean()), len(errors)
    if n < 2:
        return Reached(mean, None, None)
    half = Z * float(errors.std(ddof=1)) / math.sqrt(n)
    return Reached(mean, max(mean - half, 0.0), mean + half)


def resampled(rows: int, score: Callable[[Array], float]) -> Reached:
    """Any score of row numbers, by drawing as many rows anew (percentile bootstrap).

    Draws without a finite score are left out; the score itself must be finite.
    """
    rng = np.random.default_rng(_SEED)
    draws = np.array([score(rng.integers(0, rows, rows)) for _ in range(_RESAMPLES)])
    draws = draws[np.isfinite(draws)]
    own = score(np.arange(rows))
    if len(draws) < _RESAMPLES / 2:
        return Reached(own, None, None)
    low, high = np.quantile(draws, (0.025, 0.975))
    return Reached(own, float(low), float(high))
