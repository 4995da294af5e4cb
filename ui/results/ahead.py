"""What draws charts, fetched before the first: a page that has none waits for it after a click."""

from functools import cache
from pathlib import Path

import streamlit as st

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
    _LOAD(key="ahead", data=_script())


@cache
def _script() -> str:
    """The file of Streamlit that draws charts; none where it has another name by now."""
    scripts = Path(st.__file__).parent.glob("static/static/js/PlotlyChart.*.js")
    return next((script.name for script in scripts), "")
