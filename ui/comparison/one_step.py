"""One training step of the NumPy engine, operation by operation."""

import numpy as np
import streamlit as st

from nncore.config.config import Config
from nncore.engines.numpy.one_step import LABELS, POINTS, Operation, one_step
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting
from ui.guards.plain import plain

_DECIMALS = 4
_ONE = {"dataset": "circles", "engine": "numpy", "dtype": "float64"}
_FROM_DRAFT = ("activation", "optimizer", "learning_rate", "initializer", "bias_initializer")


def step_by_step(config: Config) -> None:
    """Draw one step of a 2-3-1 network with the activation and the update rule of `config`."""
    try:
        operations = one_step(_small(config))
    except InvalidSetting as error:
        st.info(plain(str(error)))
        return
    points = ", ".join(f"({a:g}, {b:g})" for a, b in POINTS)
    st.markdown(
        f"A network of 2 inputs, 3 hidden units and 1 output sees the three points {points} with "
        f"the labels {', '.join(map(str, LABELS))}. Left the engine's own code, right what it "
        "computes: one column per point, one row per unit."
    )
    phases = list(dict.fromkeys(operation.phase for operation in operations))
    for phase, tab in zip(phases, st.tabs(phases), strict=True):
        with tab:
            for operation in operations:
                if operation.phase == phase:
                    _operation(operation)


def _small(config: Config) -> Config:
    flat = config.flat()
    chosen = {key: flat[key] for key in _FROM_DRAFT if key in flat}
    chosen |= config.optimizer.settings()
    if isinstance(chosen.get("activation"), list):
        chosen["activation"] = chosen["activation"][0]
    chosen |= config.initializer.settings() | config.bias_initializer.settings()
    chosen |= config.activation[0].settings()
    return Config.from_flat({**chosen, **_ONE, "hidden": [3]})


def _operation(operation: Operation) -> None:
    st.markdown(f"**{operation.name}**: ${operation.formula}$")
    left, right = st.columns((3, 2))
    left.code(operation.code, None, wrap_lines=True)  # highlighting would be too pale to read
    right.code("\n\n".join(map(_written, *zip(*operation.numbers.items(), strict=True))), None)


def _written(symbol: str, array: Array) -> str:
    """An array as aligned text, with its shape."""
    rounded = np.round(array, _DECIMALS) + 0.0  # no minus zero
    lines = [" ".join(f"{value:{_DECIMALS + 5}.{_DECIMALS}f}" for value in row) for row in rounded]
    return "\n".join([f"{symbol}  ({array.shape[0]} × {array.shape[1]})", *lines])
