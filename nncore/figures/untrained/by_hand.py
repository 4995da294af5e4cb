"""What a browser needs to answer for a network whose weights somebody moves by hand.

Functions go there as tables, so that their formulas stand with the definitions alone: values at
even steps from -REACH to REACH, between and beyond which it goes on in straight lines. Numbers are
float32, lowest byte first, in base64.
"""

import base64
from typing import Any

import numpy as np

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.datasets.preparation.plane_inputs import plane_inputs
from nncore.definitions.outputs import OUTPUTS
from nncore.network.layers import Activate
from nncore.observations.frames import SIDE, UNIT_SIDE, Square, cells
from nncore.observations.wires import is_whole
from nncore.system.arrays import Array

REACH, STEPS = 16.0, 2048  # a step is 1/64; kinks of activations lie on it


def by_hand(config: Config, data: Data, square: Square) -> dict[str, Any] | None:
    """Its functions, and what it sees of points and cells; None where it can't be moved.

    {"reach", "bends": activation by hidden layer, "says": output by its last number (of two: by
    their difference), "losses": loss by the same number for class 0 and 1, or by how far off it
    is, "sees": (n, inputs) of "train", "val", "output" and "unit"}. `losses` is None where the loss
    depends on more than that.
    """
    by_difference = config.output_units == 1 or config.output_activation == "softmax"
    if not is_whole(config) or not by_difference:
        return None
    z = np.linspace(-REACH, REACH, STEPS + 1)
    bends = [layer.activation for layer in config.layers() if isinstance(layer, Activate)]
    sees = {
        "train": data.x_train,
        "val": data.x_val,
        "output": cells(square, SIDE),
        "unit": cells(square, UNIT_SIDE),
    }
    losses = _losses(config, z)
    return {
        "reach": REACH,
        "bends": [_text(activation.forward(z.copy())) for activation in bends],
        "says": _text(_says(config, z)),
        "losses": None if losses is None else [_text(loss) for loss in losses],
        "sees": {k: _text(plane_inputs(points, config.inputs)) for k, points in sees.items()},
    }


def _rows(config: Config, z: Array) -> Array:
    """The output layer's numbers, (n, units): of two, the second is ahead by z."""
    column = z.reshape(-1, 1)
    return column if config.output_units == 1 else np.hstack([np.zeros_like(column), column])


def _says(config: Config, z: Array) -> Array:
    return OUTPUTS[config.output_activation]().forward(_rows(config, z))[:, -1]


def _losses(config: Config, z: Array) -> list[Array] | None:
    def at(y: float) -> Array:
        rows = _rows(config, z + y if config.data.task == "regression" else z)
        out = rows if config.fused else OUTPUTS[config.output_activation]().forward(rows)
        labels = np.full(len(z), y)
        encoded = config.loss.encode(labels, config.output_units, np.dtype(np.float64))
        return config.objective.values(encoded, out)

    if config.data.task != "regression":
        return [at(0.0), at(1.0)]
    by_distance = at(0.0)
    return [by_distance] if np.allclose(by_distance, at(1.0), atol=1e-6) else None


def _text(values: Array) -> str:
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode()
