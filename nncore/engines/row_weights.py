"""How much each training row counts: its loss is multiplied by that, as Keras's `fit` does.

The mean of a batch still divides by its rows, not by their weights: a batch of rare rows moves the
network further. Validation and test rows count alike. Reference: Keras, keras.Model.fit,
`class_weight` and `sample_weight`.
"""

import numpy as np

from nncore.config.config import Config
from nncore.config.declared import BALANCED
from nncore.datasets.data import Data
from nncore.system.arrays import Array


def row_weights(config: Config, data: Data) -> Array | None:
    """(n,) weights of the training rows, in the config's precision; None where all count alike.

    The weight of a row's class times that of the row itself.
    """
    if not config.weighs_rows:
        return None
    n = len(data.y_train)
    weights = np.ones(n) if data.w_train is None else data.w_train
    if config.class_weight == BALANCED:
        weights = weights * class_weights(data.y_train)[data.y_train]
    return weights.astype(config.dtype)


def class_weights(y: Array) -> Array:
    """(classes,) n / (classes · rows of the class): together every class counts alike.

    y: (n,) labels from 0; classes without a row don't count as classes, and have the weight 0.
    Reference: scikit-learn, sklearn.utils.class_weight.compute_class_weight, "balanced".
    """
    sizes = np.bincount(y)
    there = sizes > 0
    weights = np.zeros(len(sizes))
    weights[there] = len(y) / (there.sum() * sizes[there])
    return weights
