"""The studentized range: how far the means of equal arms lie apart by chance.

The range of k means divided by the standard error of one mean, which is estimated with `df`
degrees of freedom. With two arms it is sqrt(2) times a t-value.

scipy has the distribution, too, in a part that takes 0.6 s to import and 7 ms for a value; here
many values are wanted at once, in the web process. The tests hold both together.

Reference: Tukey, The problem of multiple comparisons, 1953; Lund and Lund, Algorithm AS 190,
Applied Statistics 32, 1983.
"""

import math
from functools import lru_cache

import numpy as np
from scipy.special import gammaln, ndtr

from nncore.system.arrays import Array

_FARTHEST = 16.0  # a range of normal values beyond it has a probability of 1e-28
_STEPS = 900  # over the spread's logarithm


def tail(q: Array | float, arms: int, df: int) -> Array:
    """The probability of a studentized range of at least `q`, for `arms` means."""
    flat = np.asarray(q, dtype=float).ravel()
    log_spread, weights = _spread(df)
    where, log_tail = _normal_range(arms)
    ranges = flat[:, None] * np.exp(log_spread)
    chance = np.where(ranges < _FARTHEST, np.exp(np.interp(ranges, where, log_tail)), 0.0)
    return np.reshape(np.minimum(chance @ weights, 1.0), np.shape(q))


@lru_cache(maxsize=4096)  # a verdict asks for the same few at every look
def quantile(level: float, arms: int, df: int) -> float:
    """The studentized range that chance exceeds with probability `level`.

    By regula falsi on the logarithm of the tail, which is nearly straight.
    """

    def over(q: float) -> float:
        return math.log(max(float(tail(q, arms, df)), 1e-300) / level)

    low, high = 0.0, 4.0
    above, below = over(low), over(high)
    while below > 0:
        low, above, high = high, below, 2 * high
        below = over(high)
    while high - low > 1e-10 * high:
        middle = low + (high - low) * above / (above - below)
        found = over(middle)
        if abs(found) < 1e-12:
            return middle
        if found > 0:
            low, above, below = middle, found, below / 2  # halved: the other end moves, too
        else:
            high, below, above = middle, found, above / 2
    return high


@lru_cache(maxsize=256)
def _spread(df: int) -> tuple[Array, Array]:
    """Logarithms of the estimated spread over the true one, and their probabilities.

    Its square times df is chi-squared. Equal steps in the logarithm: what is summed is smooth
    and vanishes at both ends, where such sums are exact to many digits.
    """
    wide = math.sqrt(40 / df)
    x = np.linspace(-40 / df - wide, wide, _STEPS)
    log_density = df / 2 * math.log(df / 2) - gammaln(df / 2) + df * x - df / 2 * np.exp(2 * x)
    weights = 2 * np.exp(log_density) * (x[1] - x[0])
    return x, weights


@lru_cache(maxsize=64)
def _normal_range(arms: int) -> tuple[Array, Array]:
    """Ranges, and the logarithm of the probability that `arms` normal values lie as far apart.

    The largest is at z, and not all others lie within the range below it.
    """
    z, dz = np.polynomial.legendre.leggauss(200)
    z, dz = 10 * z, 10 * dz
    below = ndtr(z)
    ranges = np.linspace(0.0, _FARTHEST, 2401)
    missed = np.minimum(ndtr(z - ranges[:, None]) / below, 1 - 1e-16)
    density = arms * np.exp(-z * z / 2) / math.sqrt(2 * math.pi) * below ** (arms - 1)
    outside = -np.expm1((arms - 1) * np.log1p(-missed))
    return ranges, np.log(np.maximum(outside @ (density * dz), 1e-300))
