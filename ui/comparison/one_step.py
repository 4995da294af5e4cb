"""One training step of the NumPy engine, operation by operation."""

import streamlit as st

from nncore.config.config import Config
from nncore.engines.numpy.one_step import Operation, about, one_step, readable, written
from nncore.system.errors import InvalidSetting
from ui.guards.plain import plain


def step_by_step(config: Config) -> None:
    """Draw one step of a 2-3-1 network with the activation and the update rule of `config`."""
    try:
        operations = one_step(readable(config))
    except InvalidSetting as error:
        st.info(plain(str(error)))
        return
    st.markdown(
        f"{about()} Left the engine's own code, right what it computes: one column per point, one "
        "row per unit."
    )
    phases = list(dict.fromkeys(operation.phase for operation in operations))
    for phase, tab in zip(phases, st.tabs(phases), strict=True):
        with tab:
            for operation in operations:
                if operation.phase == phase:
                    _operation(operation)


def _operation(operation: Operation) -> None:
    st.markdown(f"**{operation.name}**: ${operation.formula}$")
    left, right = st.columns((3, 2))
    left.code(operation.code, None, wrap_lines=True)  # highlighting would be too pale to read
    right.code("\n\n".join(map(written, *zip(*operation.numbers.items(), strict=True))), None)
