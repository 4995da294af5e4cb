"""What draws charts, fetched before the first.

After a click a chart is drawn at once; a link is usable before the chart of an example comes.
"""

from functools import cache
from pathlib import Path

import streamlit as st

_LOADED = "ahead.loaded"  # in the session: its browser has said so
_KEY = "ahead"
_LOAD = st.components.v2.component(
    "nnlab_ahead",
    html="<i></i>",
    css=":host, i { display: none }",
    js=Path(__file__).with_name("ahead.js").read_text(encoding="utf-8"),
)


def load_charts_ahead() -> None:
    """Have an idle browser load what a chart needs (5 MB of script). Draws nothing.

    To be called where a page has no chart yet, and a click will bring one.
    """
    _LOAD(key=_KEY, data={"script": _script(), "tells": False})


def charts_are_loaded() -> bool:
    """Whether the browser has what a chart needs; else it says so in a moment, in a new run.

    To be called in a fragment, which is run again then. What is no browser loads nothing.
    """
    if not (there := browser_has_charts()):
        _LOAD(key=_KEY, data={"script": _script(), "tells": True}, on_loaded_change=_loaded)
    return there


def browser_has_charts() -> bool:
    """Whether the browser has said so before; what is no browser is asked for nothing."""
    return _LOADED in st.session_state or not st.context.headers


def _loaded() -> None:
    st.session_state[_LOADED] = True


@cache
def _script() -> str:
    """The file of Streamlit that draws charts; none where it has another name by now."""
    scripts = Path(st.__file__).parent.glob("static/static/js/PlotlyChart.*.js")
    return next((script.name for script in scripts), "")
