"""What a saved network says about inputs: in this process where NumPy can, else in a child."""

from typing import Any

import numpy as np

from nncore.engines.numpy.network import Network
from nncore.saved.child import ask
from nncore.saved.network import SavedNetwork, in_numpy
from nncore.system.arrays import Array


def predict(network: SavedNetwork, x: Any) -> Array:
    """Outputs (n, units) after the output activation, for raw inputs (`SavedNetwork.inputs`).

    Milliseconds in this process, or seconds in a child with Keras. Raises ChildFailed
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
