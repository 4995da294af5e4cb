"""A network's weights layer by layer, before its training and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from nncore.config.config import Config
from nncore.engines.weights import initial_weights
from nncore.network.layers import Weighted, weight_shapes
from nncore.system.arrays import Array

MOST_DRAWN = 4_000_000  # first weights that are drawn anew to be looked at: some tenths of a second


@dataclass(frozen=True, eq=False)
class LayerWeights:
    """The kernel of one layer, as an initializer draws it, and its bias (units,).

    before: as training starts; None where there are too many to draw them anew. after: as
    training returned them; None where they aren't kept. The table of an embedding is its kernel.
    """

    layer: Weighted
    before: Array | None
    after: Array | None
    bias_before: Array | None = None
    bias_after: Array | None = None

    @property
    def latest(self) -> Array | None:
        """After training, or else before it."""
        return self.before if self.after is None else self.after


def layer_weights(config: Config, after: Sequence[Array] | None) -> tuple[LayerWeights, ...]:
    """Of every layer whose weights an initializer draws, from the input to the output.

    `after`: all weights as `nncore.engines.run.Run.get_weights` gives them.
    """
    shapes = [list(weight_shapes(layer).values()) for layer in config.layers()]
    drawn = sum(prod(shape) for of_layer in shapes for shape in of_layer) <= MOST_DRAWN
    before = initial_weights(config) if drawn else None
    found, place = [], 0
    for layer, of_layer in zip(config.layers(), shapes, strict=True):
        if isinstance(layer, Weighted):
            here = slice(place, place + len(of_layer))
            (kernel, bias), (trained, trained_bias) = (_of(w, here) for w in (before, after))
            found.append(LayerWeights(layer, kernel, trained, bias, trained_bias))
        place += len(of_layer)
    return tuple(found)


def _of(weights: Sequence[Array] | None, here: slice) -> tuple[Array | None, Array | None]:
    """(kernel, bias) of one layer; None for what there isn't."""
    kernel, *bias = weights[here] if weights is not None else (None,)
    return kernel, bias[0] if bias else None


def in_shape(config: Config, flat: Sequence[float]) -> list[Array]:
    """All weights of a network from one flat row of them, in Keras's order."""
    shapes = [s for layer in config.layers() for s in weight_shapes(layer).values()]
    ends = np.cumsum([prod(shape) for shape in shapes])
    parts = np.split(np.array(flat, config.dtype), ends[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
