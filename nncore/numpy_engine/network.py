"""A network: its layers in order, and their parameters in one flat array."""

from collections.abc import Iterator

import numpy as np

from nncore import models
from nncore.config import Config
from nncore.definition import Array
from nncore.numpy_engine.layers import (
    Activate,
    BatchNorm,
    Dense,
    Dropout,
    Layer,
    Output,
    Parameters,
)
from nncore.outputs import OUTPUTS
from nncore.streams import stream

_INFERENCE_ROWS = 1024  # rows at a time: what a layer puts out then stays small


class Network:
    """What `config.layers()` describes, from its initial weights on.

    `out` everywhere is what the loss reads: logits where it is fused with the output
    activation, otherwise the output itself.
    """

    def __init__(self, config: Config, rows: int) -> None:
        """`rows` is the most rows a training batch will have."""
        specs = config.layers()
        self.parameters = Parameters(sum(_size(spec) for spec in specs), config.dtype)
        self.layers = list(_build(specs, config, self.parameters, rows))
        self._output = OUTPUTS[config.output_activation]()
        self._fused = config.loss.fused is not None
        if not self._fused:
            self.layers.append(Output(self._output))
        dense = [layer for layer in self.layers if isinstance(layer, Dense)]
        self._penalised = [layer for layer in dense if layer.l1 or layer.l2]
        self.set_weights(models.initial_weights(config))

    def begin_epoch(self, rows: int) -> None:
        for layer in self.layers:
            layer.begin_epoch(rows)

    def forward(self, x: Array, training: bool) -> Array:
        """`out` for a batch; in training `backward` may follow."""
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def backward(self, g: Array) -> None:
        """Fill the parameters' gradients from the gradient with respect to `out`."""
        first, *others = self.layers
        for layer in reversed(others):
            layer.collect(g)
            g = layer.backward(g)
        first.collect(g)  # nothing before it needs a gradient

    def infer(self, x: Array) -> Array:
        """`out` for any number of rows, in inference mode."""
        parts = range(0, len(x), _INFERENCE_ROWS)
        return np.concatenate([self.forward(x[i : i + _INFERENCE_ROWS], False) for i in parts])

    def outputs(self, out: Array) -> Array:
        """`out` after the output activation."""
        return self._output.forward(out) if self._fused else out

    def penalty(self) -> float:
        """What L1 and L2 add to the loss."""
        return sum(layer.penalty() for layer in self._penalised)

    def weights(self) -> list[Array]:
        """All weights in Keras's order; the arrays themselves, not copies."""
        return [array for layer in self.layers for array in layer.weights()]

    def set_weights(self, weights: list[Array]) -> None:
        for array, new in zip(self.weights(), weights, strict=True):
            array[...] = new


def _size(spec: models.Layer) -> int:
    """The number of trained parameters."""
    match spec:
        case models.Dense():
            return (spec.inputs + 1) * spec.units
        case models.BatchNorm():
            return 2 * spec.units
    return 0


def _build(
    specs: tuple[models.Layer, ...], config: Config, parameters: Parameters, rows: int
) -> Iterator[Layer]:
    """The layers in order, weights still unset; the output activation comes apart."""
    dropout = 0
    for spec in specs:
        match spec:
            case models.Dense():
                yield Dense(spec, parameters, rows)
            case models.BatchNorm():
                yield BatchNorm(spec, parameters)
            case models.Activate():
                yield Activate(spec.activation)
            case models.Dropout():
                yield Dropout(spec, stream(config.seed, "dropout", dropout), config.dtype)
                dropout += 1
