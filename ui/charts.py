"""Charts on a page: the drawing, what to look for, its words for screen readers, its table."""

import re

import pandas as pd
import streamlit as st

from nncore.figures.chart import Chart


def show(chart: Chart, key: str) -> None:
    """Draw a chart with its hint and, folded away, the table behind it. `key` is the page's own."""
    st.plotly_chart(chart.figure, key=key, alt=chart.alt, config=_toolbar(key), width="stretch")
    st.caption(chart.look_for)
    if not chart.table.empty:
        behind = st.expander("The numbers behind this chart", key=f"{key}.table", on_change="rerun")
        if behind.open:
            with behind:
                table(chart.table, key=f"{key}.rows")


def table(frame: pd.DataFrame, key: str) -> None:
    """A sortable table."""
    st.dataframe(frame, hide_index=True, width="stretch", key=key)


def _toolbar(key: str) -> dict[str, object]:
    """The chart's own buttons: its camera saves SVG, which stays sharp in print."""
    name = re.sub(r"\W+", "-", key)
    return {
        "displaylogo": False,
        "toImageButtonOptions": {"format": "svg", "filename": f"nnlab-{name}"},
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
    }
