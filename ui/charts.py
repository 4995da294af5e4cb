"""Charts on a page: the drawing, what to look for, its words for screen readers, its table."""

import re
from collections.abc import Collection
from typing import Any

import pandas as pd
import streamlit as st

from nncore.figures.chart import Chart


def show(chart: Chart, key: str) -> None:
    """Draw a chart with its hint and, folded away, the table behind it. `key` is the page's own."""
    st.plotly_chart(chart.figure, key=key, alt=chart.alt, config=_toolbar(key), width="stretch")
    if not chart.table.empty:
        st.caption(chart.look_for)
        behind = st.expander("The numbers behind this chart", key=f"{key}.table", on_change="rerun")
        if behind.open:
            with behind:
                table(chart.table, key=f"{key}.rows")


def table(frame: pd.DataFrame, key: str, *, shares: Collection[str] = ()) -> None:
    """A sortable table; the columns named in `shares` are shown as percentages."""
    numbers = frame.select_dtypes("number").columns
    formats = {name: "percent" if name in shares else "localized" for name in numbers}
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height="content",
        key=key,
        column_config={
            name: st.column_config.NumberColumn(name, format=format)
            for name, format in formats.items()
        },
    )


def _toolbar(key: str) -> dict[str, Any]:
    """The chart's own buttons: its camera saves SVG, which stays sharp in print."""
    name = re.sub(r"\W+", "-", key)
    return {
        "displaylogo": False,
        "toImageButtonOptions": {"format": "svg", "filename": f"nnlab-{name}"},
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
    }
