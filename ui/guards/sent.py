"""What clients send as the values of controls, read with care.

A browser sends what its controls hold. Any other client may send NaN to one for whole numbers, or
a text to one for numbers: Streamlit's own reading of it fails before the page is run, and its
error takes the page's place. Here what would fail counts as not sent: the control keeps what it
had.
"""

import logging
from typing import Any

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import Serialized, WStates

_LOG = logging.getLogger(__name__)
_read = WStates.__getitem__
_NOTHING = WidgetState()  # stands where a refused value was
_REFUSED = "sent.refused"  # in the session: that there was one


def refuse_what_cannot_be_read() -> None:
    """Let Streamlit read values of controls with care, from now on in this process."""
    WStates.__getitem__ = _careful  # type: ignore[method-assign]


def tell_if_refused() -> None:
    """Say so on top of the page, once."""
    if st.session_state.pop(_REFUSED, False):
        st.warning(
            "A control was sent a value that it can't have, and was left as it was.",
            icon=":material/block:",
        )


def _careful(states: WStates, key: str) -> Any:
    """The value of a control; KeyError, as for one that was not sent, where it can't be read."""
    state, about = states.states.get(key), states.widget_metadata.get(key)
    if about is None or not isinstance(state, Serialized):
        return _read(states, key)
    if state.value is _NOTHING:
        raise KeyError(key)
    try:
        value = _read(states, key)
        states.get_serialized(key)  # Streamlit will want it back as it came
    except Exception as error:  # every kind of control has a reader of its own
        _LOG.warning("A value for %s can't be read: %s", key, type(error).__name__)
        states.states[key] = Serialized(_NOTHING)
        states.widget_metadata[key] = about  # reading notes the kind that came
        st.session_state[_REFUSED] = True
        raise KeyError(key) from error
    return value
