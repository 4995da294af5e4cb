"""The weights a training starts from, the same for every engine: drawn, or given by the user."""

from collections.abc import Iterable

import numpy as np

from nncore.config.config import Config
from nncore.engines.streams import stream
from nncore.network.layers import BatchNorm, Embedding, Weighted, kernel_shape
from nncore.system.arrays import Array


def initial_weights(config: Config) -> list[Array]:
    """A network's weights before training, as Keras's `model.get_weights()` orders them.

    Dense and Conv1D: kernel and bias, each from a stream of its own. Embedding: its table. Batch
    norm: gamma 1, beta 0, moving mean 0, moving variance 1. Where the config gives weights
    itself, they are put into the same arrays, one after the other.
    """
    weights = [w.astype(config.dtype) for w in _drawn(config)]
    if config.initial_weights:
        given = np.array(config.initial_weights, config.dtype)
        ends = np.cumsum([w.size for w in weights])
        parts = np.split(given, ends[:-1])
        weights = [part.reshape(w.shape) for part, w in zip(parts, weights, strict=True)]
    return weights


def _drawn(config: Config) -> Iterable[Array]:
    drawn = 0
    for layer in config.layers():
        if isinstance(layer, Weighted):
            rng = stream(config.seed, "weights", drawn)
            yield layer.initializer.draw(kernel_shape(layer), rng)
            drawn += 1
            if not isinstance(layer, Embedding) and layer.bias:
                rng = stream(config.seed, "biases", drawn - 1)
                yield layer.bias_initializer.draw(layer.units, rng)
        elif isinstance(layer, BatchNorm):
            yield np.ones(layer.units)
            yield np.zeros(layer.units)
            yield np.zeros(layer.units)
            yield np.ones(layer.units)
