"""A network's weights layer by layer, before its training and after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from nncore.config.config import Config
from nncore.engines.weights import initial_weights
from nncore.network.layers import Weighted, weight_shapes
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting, quoted

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


@dataclass(frozen=True, eq=False)
class Weights:
    """All weights of one network; the first ones follow from its config, seed included.

    after: as training returned them and `nncore.engines.run.Run.get_weights` gives them; None
    where they aren't kept.
    """

    config: Config
    after: Sequence[Array] | None = None

    @cached_property
    def layers(self) -> Mapping[str, LayerWeights]:
        """By name, from the input to the output: the layers whose weights an initializer draws."""
        shapes = [list(weight_shapes(layer).values()) for layer in self.config.layers()]
        count = sum(prod(shape) for of_layer in shapes for shape in of_layer)
        before = initial_weights(self.config) if count <= MOST_DRAWN else None
        found, place = {}, 0
        for layer, of_layer in zip(self.config.layers(), shapes, strict=True):
            here = slice(place, place := place + len(of_layer))
            if isinstance(layer, Weighted):
                (kernel, bias), (trained, trained_bias) = (
                    _of(weights, here) for weights in (before, self.after)
                )
                found[layer.name] = LayerWeights(layer, kernel, trained, bias, trained_bias)
        return found

    def layer(self, name: str = "") -> LayerWeights:
        """The layer of this name, or the first. Raises InvalidSetting for one there isn't."""
        name = name or next(iter(self.layers))
        if name not in self.layers:
            raise InvalidSetting(
                f"layer must be one of {', '.join(self.layers)}, which have weights; "
                f"got {quoted(name)}."
            )
        return self.layers[name]


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
