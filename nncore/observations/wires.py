"""The weights between the units that a frame shows, layer by layer.

Shapes: per dense layer (units before + 1, units), of the first units only; the last row has the
biases, 0 where the layer has none.
"""

import base64
from math import prod

import numpy as np

from nncore.config.config import Config
from nncore.network.layers import Dense, weight_shapes
from nncore.system.arrays import Array


def wires(config: Config, weights: list[Array], most: int) -> list[Array]:
    """Of every dense layer the weights to its first `most` units, from as many of those before.

    weights: as `nncore.engines.run.Run.get_weights` gives them. Where a layer sees the inputs
    beside the layer before, only what comes from the latter.
    """
    found, left = [], list(weights)
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
