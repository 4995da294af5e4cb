"""What a saved network says about inputs: in this process where NumPy can, else in a child."""

from dataclasses import replace
from typing import Any

import numpy as np

from nncore.config import Config
from nncore.definition import Array
from nncore.numpy_engine.network import Network
from nncore.registry import InvalidSetting
from nncore.saved.child import ask
from nncore.saved.network import SavedNetwork


def in_numpy(config: Config) -> Config | None:
    """The same network for the NumPy engine; None where that can't compute it."""
    try:
        return replace(config, engine="numpy")
    except InvalidSetting:
        return None


def predict(network: SavedNetwork, x: Any) -> Array:
    """Outputs (n, units) after the output activation, for raw inputs (`SavedNetwork.inputs`).

    Milliseconds in this process, or seconds in a child with Keras. Raises InvalidSetting
    when that can't be started or fails.
    """
    config = in_numpy(network.config)
    if config is None:
        said: Array = ask("predict", network, x=network.inputs(x))
        return said
    with np.errstate(all="ignore"):
        forward = Network(config, 1)
        forward.set_weights(list(network.weights))
        inputs = np.asarray(network.inputs(x), config.dtype)
        return forward.outputs(forward.infer(inputs))
