"""The weights of a network, layer by layer, as frames bring them.

Shapes: per dense layer (units before + 1, units); the last row has the biases, 0 where the layer
has none. Of a network that isn't whole, only the weights between the units that are shown.
"""

import base64
from math import prod

import numpy as np

from nncore.config.config import Config
from nncore.network.layers import Activate, Dense, Dropout, Output, weight_shapes
from nncore.system.arrays import Array

MOST_WEIGHTS = 1_200  # of a network that frames bring whole: 5 KB in each


def is_whole(config: Config) -> bool:
    """Whether frames bring all there is to compute the network's output with.

    Layer by layer z = a W + b and an activation, and few enough weights.
    """
    layers = config.layers()
    plain = all(isinstance(layer, Dense | Activate | Dropout | Output) for layer in layers)
    dense = [layer for layer in layers if isinstance(layer, Dense)]
    weights = sum((layer.inputs + 1) * layer.units for layer in dense)
    return plain and all(layer.bias for layer in dense) and weights <= MOST_WEIGHTS


def wires(config: Config, weights: list[Array], most: int) -> list[Array]:
    """Of every dense layer the weights to its first `most` units, from as many of those before.

    All of them where the network is whole.
    weights: as `nncore.engines.run.Run.get_weights` gives them. Where a layer sees the inputs
    beside the layer before, only what comes from the latter.
    """
    found, left = [], list(weights)
    if is_whole(config):
        most = MOST_WEIGHTS
    before, shown = config.n_features, config.n_features
    for layer in config.layers():
        names = list(weight_shapes(layer))
        mine, left = left[: len(names)], left[len(names) :]
        if not isinstance(layer, Dense):
            continue
        kernel = mine[0][-before:][:shown, :most]
        bias = mine[1][:most] if layer.bias else np.zeros(kernel.shape[1])
        found.append(np.vstack([kernel, bias]).astype(np.float32))
        before, shown = layer.units, min(layer.units, most)
    return found


def written(layer: Array) -> str:
    """A layer's weights as text: float32, lowest byte first, row by row."""
    finite = np.nan_to_num(layer, nan=0.0, posinf=0.0, neginf=0.0)
    return base64.b64encode(finite.astype("<f4").tobytes()).decode()


def read(text: str, units: int) -> Array:
    """The weights that `written` wrote, to `units` units."""
    values = np.frombuffer(base64.b64decode(text), "<f4")
    return values.reshape(prod(values.shape) // units, units)
