"""What a network costs, counted from the shapes of its layers before anything is trained.

FLOPs are floating-point operations: a multiply-add counts 2, adding a bias 1. Per sample:

                 forward          training adds
    Dense        2 in out + out   dW: 2 in out, db: out, dX: 2 in out (not for the first layer)
    BatchNorm    2 units          14 units instead: 7 to measure and normalise, 7 to go back
    Activate, Output   evaluations of a function, listed apart as `activations`; linear: none
    Dropout      0

The optimizer's update is apart, too: a few operations on each of `trainable` numbers per
step, whatever the batch. Profilers, which count activations in, agree within 2 % on
networks of usual width.

Reference: Hobbhahn & Sevilla, What's the backward-forward FLOP ratio for neural networks?,
Epoch AI, 2021.
"""

import math
from dataclasses import dataclass
from typing import Any

from nncore.config import Config
from nncore.models import Activate, BatchNorm, Dense, Layer, Output
from nncore.training import chunk

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
    flops_forward: int  # one sample through the network
    flops_step: int  # one full batch forward and backward
    flops_total: int  # all epochs, with the validation after each record
    activations: int  # activation-function evaluations per sample, in no flops above
    layers: tuple[dict[str, Any], ...]


def cost(config: Config) -> Cost:
    """The cost of training `config` once."""
    layers = config.layers()
    rows = tuple(_row(layer) for layer in layers)
    forward = sum(row["flops"] for row in rows)
    first = next(layer for layer in layers if isinstance(layer, Dense))
    # nobody asks how the input should have been, so the first layer's dX is never formed
    training = sum(_training_flops(layer) for layer in layers) - 2 * first.inputs * first.units
    n_train, n_val, _ = config.counts()
    records = math.ceil(config.epochs / chunk(config, n_train))
    parameters = sum(row["parameters"] for row in rows)
    moving = sum(2 * layer.units for layer in layers if isinstance(layer, BatchNorm))
    return Cost(
        parameters=parameters,
        trainable=parameters - moving,
        flops_forward=forward,
        flops_step=min(config.batch_size, n_train) * training,
        flops_total=config.epochs * n_train * training + records * n_val * forward,
        activations=sum(row["activations"] for row in rows),
        layers=rows,
    )


def _row(layer: Layer) -> dict[str, Any]:
    return {
        "name": layer.name,
        "output_shape": [None, layer.units],
        "parameters": _parameters(layer),
        "flops": _forward_flops(layer),
        "activations": _activations(layer),
    }


def _parameters(layer: Layer) -> int:
    if isinstance(layer, Dense):
        return layer.inputs * layer.units + layer.units
    if isinstance(layer, BatchNorm):
        return 4 * layer.units  # gamma, beta, moving mean, moving variance
    return 0


def _forward_flops(layer: Layer) -> int:
    if isinstance(layer, Dense):
        return 2 * layer.inputs * layer.units + layer.units
    if isinstance(layer, BatchNorm):
        return BATCH_NORM_INFERENCE * layer.units
    return 0


def _training_flops(layer: Layer) -> int:
    """Forward and backward for one sample, the gradient for the layer below included."""
    if isinstance(layer, Dense):
        return 6 * layer.inputs * layer.units + 2 * layer.units
    if isinstance(layer, BatchNorm):
        return BATCH_NORM_TRAINING * layer.units
    return 0


def _activations(layer: Layer) -> int:
    linear = (isinstance(layer, Activate) and layer.activation.name == "linear") or (
        isinstance(layer, Output) and layer.activation == "linear"
    )
    return layer.units if isinstance(layer, Activate | Output) and not linear else 0
