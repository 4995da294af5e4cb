"""Test scores, folded away until somebody wants to see them: that act is stored and counted."""

import streamlit as st

from nncore.analysis.looks import looks_words
from nncore.analysis.reading import Reading
from nncore.examples import is_example
from nncore.lab.lab import Lab
from nncore.system.owners import NOBODY
from ui.guards.trouble import guarded
from ui.guards.visitor import visitor

_LABEL = "Show test scores"
_HELP = (
    "Arms are compared on validation data. Who chooses by test scores has used them up: what they "
    "then say is too good. So it is counted how often they were shown."
)


def tests_shown(key: str, reading: Reading) -> bool:
    """Whether this session sees them, of this comparison."""
    return bool(st.session_state.get(_name(key, reading)))


def tests_toggle(key: str, reading: Reading) -> None:
    """The switch that shows them."""
    name = _name(key, reading)
    st.toggle(_LABEL, key=name, help=_HELP, on_change=_switched, args=(name, reading))


def tests_count(key: str, reading: Reading) -> None:
    """Beside test scores, how often such were looked at; nothing where they are folded away."""
    if tests_shown(key, reading) and not is_example(reading.snapshot):
        st.caption(looks_words(reading))


def tests_wanted(key: str, reading: Reading, what: str) -> bool:
    """Whether `what`, which test rows say, may be drawn; else the button that shows it is."""
    if tests_shown(key, reading):
        return True
    st.markdown(f"{what} of test rows, which nobody should choose by.")
    st.button(
        _LABEL,
        key=f"{key}.unfold.{reading.id}",
        icon=":material/visibility:",
        help=_HELP,
        on_click=_unfold,
        args=(_name(key, reading), reading),
    )
    return False


def _name(key: str, reading: Reading) -> str:
    """Of the switch: each comparison has its own."""
    return f"{key}.tests.{reading.id}"


def _unfold(name: str, reading: Reading) -> None:
    st.session_state[name] = True
    _switched(name, reading)


def _switched(name: str, reading: Reading) -> None:
    if not st.session_state[name] or is_example(reading.snapshot):
        return
    st.session_state.pop("trouble", None)
    with guarded("Test scores could not be shown."):
        Lab().show_tests(reading.id, visitor() or NOBODY)
    if "trouble" in st.session_state:
        st.session_state[name] = False  # what isn't counted isn't shown
