"""A network: its layers in order, and their parameters in one flat array."""

from collections.abc import Iterator

import numpy as np

from nncore.config.config import Config
from nncore.definitions.outputs import OUTPUTS
from nncore.engines.numpy.layers import (
    Activate,
    BatchNorm,
    Columns,
    Concatenate,
    Dense,
    Dropout,
    Layer,
    Parameters,
)
from nncore.engines.streams import stream
from nncore.engines.weights import initial_weights
from nncore.network import layers as specs
from nncore.system.arrays import Array

_INFERENCE_ROWS = 1024  # rows at a time: what a layer puts out then stays small


class Network:
    """What `config.layers()` describes, from its initial weights on.

    `out` everywhere is what the loss reads: logits where it is fused with the output
    activation, otherwise the output itself.
    """

    def __init__(self, config: Config, rows: int) -> None:
        """`rows` is the most rows a training batch will have."""
        layers = config.layers()
        self.parameters = Parameters(sum(_size(spec) for spec in layers), config.dtype)
        self.layers = list(_build(layers, config, self.parameters, rows))
        self._output = OUTPUTS[config.output_activation]()
        self._fused = config.fused
        dense = [layer for layer in self.layers if isinstance(layer, Dense)]
        self._wide = [layer for layer in self.layers if isinstance(layer, Concatenate)]
        self._penalised = [layer for layer in dense if layer.l1 or layer.l2]
        self.set_weights(initial_weights(config))

    def begin_epoch(self, rows: int) -> None:
        for layer in self.layers:
            layer.begin_epoch(rows)

    def forward(self, rows: Array, training: bool) -> Array:
        """`out`, (n, units), for the batch `rows`, (n, features + 1) with ones at the end.

        In training `backward` may follow.
        """
        x = rows.T
        for wide in self._wide:
            wide.inputs = x
        for layer in self.layers:
            x = layer.forward(x, training)
        self._out = self.out(x[:-1].T)
        return self._out

    def out(self, z: Array) -> Array:
        """`out` from what the last layer gives, both (n, units)."""
        return z if self._fused else self._output.forward(z)

    def backward(self, g: Array) -> None:
        """Fill the parameters' gradients from the gradient with respect to `out`."""
        g = self.through_output(g, self._out).T
        first, *others = (la for la in self.layers if not isinstance(la, Columns))
        for layer in reversed(others):
            layer.collect(g)
            g = layer.backward(g)
        first.collect(g)  # nothing before it needs a gradient

    def through_output(self, g: Array, out: Array) -> Array:
        """The gradient with respect to what the last layer gives, from that for `out`."""
        return g if self._fused else self._output.backward(out, g)

    def infer(self, x: Array) -> Array:
        """`out` for any number of rows, (n, features), in inference mode."""
        starts = range(0, len(x), _INFERENCE_ROWS)
        parts = (with_ones(x[start : start + _INFERENCE_ROWS]) for start in starts)
        return np.concatenate([self.forward(part, training=False) for part in parts])

    def hidden(self, x: Array) -> list[Array]:
        """What every hidden layer puts out after its activation, (n, units), for rows x."""
        outputs, a = [], with_ones(x).T
        for wide in self._wide:
            wide.inputs = a
        for layer in self.layers:
            a = layer.forward(a, training=False)
            if isinstance(layer, Activate):
                outputs.append(a[:-1].T)
        return outputs

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


def with_ones(x: Array) -> Array:
    """A copy of x, (n, features), with a last column of ones for the first layer's biases."""
    rows = np.ones((len(x), x.shape[1] + 1), x.dtype)
    rows[:, :-1] = x
    return rows


def _size(spec: specs.Layer) -> int:
    """The number of trained parameters."""
    match spec:
        case specs.Dense():
            return (spec.inputs + spec.bias) * spec.units
        case specs.BatchNorm():
            return 2 * spec.units
    return 0


def _build(
    layers: tuple[specs.Layer, ...], config: Config, parameters: Parameters, rows: int
) -> Iterator[Layer]:
    """The layers in order, weights still unset; the output activation comes apart."""
    dropout = 0
    for spec in layers:
        match spec:
            case specs.Dense():
                yield Dense(spec, parameters, rows)
            case specs.BatchNorm():
                yield BatchNorm(spec, parameters)
            case specs.Activate():
                yield Activate(spec.activation)
            case specs.Concatenate():
                yield Concatenate(spec)
            case specs.Columns():
                yield Columns(spec)
            case specs.Dropout():
                yield Dropout(spec, stream(config.seed, "dropout", dropout), config.dtype)
                dropout += 1
