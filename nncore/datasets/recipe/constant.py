"""When a column varies, and when its spread is but rounding."""

import numpy as np

from nncore.system.arrays import Array


def is_constant(mean: Array, std: Array, rows: int) -> Array:
    """Whether a spread is no more than what rounding makes of equal values.

    As scikit-learn's `_is_constant_feature`: Chan et al., The American Statistician 37, 1983.
    """
    eps = np.finfo(np.float64).eps
    return np.square(std) <= rows * eps * np.square(std) + np.square(rows * mean * eps)
