"""What a network costs, counted from the shapes of its layers before anything is trained.

FLOPs are floating-point operations: a multiply-add counts 2, adding a bias 1. Per sample:

                 forward          training adds
    Dense        2 in out + out   dW: 2 in out, db: out, dX: 2 in out (not for the first layer)
    BatchNorm    2 units          14 units instead: 7 to measure and normalise, 7 to go back
    Activate, Output   evaluations of a function, listed apart as `activations`; linear: none
    Conv1D       steps times a Dense of kernel_size * in inputs, padding included; steps as before
    MaxPooling   pool_size for each output; training as much again
    Embedding, Flatten, Columns, Concatenate, Dropout   0: they move numbers only

The optimizer's update is apart, too: a few operations on each of `trainable` numbers per
step, whatever the batch. Profilers, which count activations in, agree within 2 % on
networks of usual width.

Reference: Hobbhahn & Sevilla, What's the backward-forward FLOP ratio for neural networks?,
Epoch AI, 2021.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nncore.config.config import Config
from nncore.engines.run import chunk
from nncore.engines.streams import epoch_rows
from nncore.network.layers import (
    Activate,
    BatchNorm,
    Columns,
    Conv1D,
    Dense,
    Embedding,
    Layer,
    MaxPooling1D,
    Output,
    output_shape,
)
from nncore.system.arrays import Array

BATCH_NORM_INFERENCE = 2  # one multiply and one add: the moving averages are folded in
BATCH_NORM_TRAINING = 14  # see the module's docstring


@dataclass(frozen=True)
class Cost:
    """Of one training.

    `layers`: rows {"name", "output_shape", "parameters", "flops", "activations"}; shapes as
    Keras writes them, [None, units]; flops forward for one sample.
    """

    parameters: int  # as Keras's `model.count_params()`: moving averages of batch norm count
    trainable: int  # what the optimizer updates
    steps: int  # of the optimizer in all epochs
    flops_forward: int  # one sample through the network
    flops_step: int  # one full batch forward and backward
    flops_total: int  # all epochs, with the validation after each record
    activations: int  # activation-function evaluations per sample, in no flops above
    layers: tuple[dict[str, Any], ...]

    @property
    def mflops(self) -> float:
        """`flops_forward` in units of 2^20 rather than of a million, as some courses count."""
        return self.flops_forward / 2**20


def cost(config: Config) -> Cost:
    """The cost of training `config` once."""
    layers = config.layers()
    rows = tuple(_row(layer) for layer in layers)
    training, forward = _per_sample(layers)
    n_train, n_val, _ = config.counts()
    n_measured = n_val + config.selection_rows
    records = math.ceil(config.epochs / chunk(config, n_train))
    parameters = sum(row["parameters"] for row in rows)
    moving = sum(2 * layer.units for layer in layers if isinstance(layer, BatchNorm))
    return Cost(
        parameters=parameters,
        trainable=parameters - moving,
        steps=config.epochs * steps_per_epoch(config),
        flops_forward=forward,
        flops_step=min(config.batch_size, n_train) * training,
        flops_total=config.epochs * rows_per_epoch(config) * training
        + records * n_measured * forward,
        activations=sum(row["activations"] for row in rows),
        layers=rows,
    )


def rows_per_epoch(config: Config) -> int:
    """The training rows that one epoch goes through."""
    return epoch_rows(config.counts()[0], config.batch_size, config.schedule.batches())


def steps_per_epoch(config: Config) -> int:
    """The updates of one epoch; the last batch may be smaller."""
    return math.ceil(rows_per_epoch(config) / min(config.batch_size, config.counts()[0]))


def flops_until(config: Config, epochs: Array) -> Array:
    """FLOPs of a training of `config` by the end of each of these epochs."""
    training, forward = _per_sample(config.layers())
    n_train, n_val, _ = config.counts()
    n_measured = n_val + config.selection_rows
    records = -(-epochs // chunk(config, n_train))
    return epochs * rows_per_epoch(config) * training + records * n_measured * forward


def _per_sample(layers: Sequence[Layer]) -> tuple[int, int]:
    """FLOPs of one sample: (forward and backward, forward only)."""
    training = sum(_training_flops(layer) for layer in layers)
    first = next(layer for layer in layers if not isinstance(layer, Columns))
    if isinstance(first, Dense):
        # nobody asks how the input should have been, so the first layer's dX is never formed
        training -= 2 * _products(first)
    return training, sum(_forward_flops(layer) for layer in layers)


def _row(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "output_shape": [None, *output_shape(layer)],
        "parameters": _parameters(layer),
        "flops": _forward_flops(layer),
        "activations": _activations(layer),
    }


def _parameters(layer: Layer) -> int:
    match layer:
        case Dense():
            return (layer.inputs + layer.bias) * layer.units
        case Conv1D():
            return (layer.kernel_size * layer.inputs + layer.bias) * layer.units
        case Embedding():
            return layer.words * layer.units
        case BatchNorm():
            return 4 * layer.units  # gamma, beta, moving mean, moving variance
    return 0


def _products(layer: Dense | Conv1D) -> int:
    """Multiplications with the kernel."""
    if isinstance(layer, Conv1D):
        return layer.steps * layer.kernel_size * layer.inputs * layer.units
    return layer.inputs * layer.units


def _forward_flops(layer: Layer) -> int:
    match layer:
        case Dense() | Conv1D():
            return 2 * _products(layer) + layer.bias * math.prod(output_shape(layer))
        case BatchNorm():
            return BATCH_NORM_INFERENCE * layer.units
        case MaxPooling1D():
            return layer.pool_size * math.prod(output_shape(layer))
    return 0


def _training_flops(layer: Layer) -> int:
    """Forward and backward for one sample, the gradient for the layer below included."""
    match layer:
        case Dense() | Conv1D():
            return 6 * _products(layer) + 2 * layer.bias * math.prod(output_shape(layer))
        case BatchNorm():
            return BATCH_NORM_TRAINING * layer.units
        case MaxPooling1D():
            return 2 * _forward_flops(layer)
    return 0


def _activations(layer: Layer) -> int:
    """Evaluations of an activation function; the identity is none."""
    match layer:
        case Activate() | Conv1D() if layer.activation.name != "linear":
            return math.prod(output_shape(layer))
        case Output() if layer.activation != "linear":
            return layer.units
    return 0
