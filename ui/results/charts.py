"""Charts on a page: the drawing, what to look for, its words for screen readers, its table."""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any, Literal

import pandas as pd
import streamlit as st

from nncore.analysis.reading import Reading
from nncore.figures.parts.chart import Chart, empty
from ui.guards.plain import cell, plain

_LARGE = 1000
_PIXELS, _WIDEST = 8, 400  # of a letter, and of a column
_HELD = "charts"


def drawn(make: Callable[..., Chart], reading: Reading, *args: Any, **how: Any) -> Chart:
    """What `make` draws of a reading, drawn once: a reading is of one moment and doesn't change.

    The chart goes with the reading, of which an example has one for all sessions: leave it as it
    is. What else `make` is given must be hashable.
    """
    charts: dict[Any, Chart] = vars(reading).setdefault(_HELD, {})
    key = make, args, frozenset(how.items())
    if key not in charts:
        charts[key] = make(reading, *args, **how)
    return charts[key]


def show(chart: Chart, key: str, *, height: int | None = None) -> None:
    """Draw a chart with its hint and, folded away, the table behind it. `key` is the page's own.

    `height` in pixels, where it isn't the chart's.
    """
    st.plotly_chart(
        chart.figure,
        key=key,
        alt=chart.alt,
        config=_toolbar(key),
        width="stretch",
        height=height or "content",
    )
    if not chart.table.empty:
        st.caption(plain(chart.look_for))
        behind = st.expander("The numbers", key=f"{key}.table", on_change="rerun", type="compact")
        if behind.open:
            with behind:
                table(chart.table, key=f"{key}.rows")


def waiting(why: str, key: str, height: int) -> None:
    """What stands where a chart will be, with what it waits for."""
    chart = empty("", "", (), why, key=key)
    no_buttons = {"displayModeBar": False}
    st.plotly_chart(chart.figure, key=key, alt=chart.alt, config=no_buttons, height=height)


def table(
    frame: pd.DataFrame,
    key: str,
    *,
    shares: Collection[str] = (),
    height: int | Literal["content"] = "content",
    choose: bool = False,
) -> None:
    """A sortable table; the columns named in `shares` are shown as percentages.

    Numbers in the thousands are shown without decimals. `height` in pixels, to scroll in.
    `choose`: whether a row can be chosen, which the session then holds under `key`.
    """
    frame = frame.rename(columns=lambda name: cell(str(name)))
    numbers = [str(name) for name in frame.select_dtypes("number")]
    large = [name for name in numbers if frame[name].abs().max() >= _LARGE]
    formats = {name: "percent" if name in shares else "localized" for name in numbers}
    words = [str(name) for name in frame if pd.api.types.is_string_dtype(frame[name])]
    for name in words:
        frame[name] = frame[name].map(cell, na_action="ignore")
    st.dataframe(
        frame.round(dict.fromkeys(large, 0)),
        hide_index=True,
        width="stretch",
        height=height,
        key=key,
        placeholder="–",
        on_select="rerun" if choose else "ignore",
        selection_mode="single-row",
        column_config={
            **{n: st.column_config.NumberColumn(n, format=f) for n, f in formats.items()},
            **{n: st.column_config.TextColumn(n, width=_width(n, frame[n])) for n in words},
        },
    )


def _width(name: str, texts: Iterable[str]) -> int:
    """Pixels for a column of texts: left to itself, it looks at the first few rows only."""
    longest = max(len(str(text)) for text in (name, *texts))
    return min(_PIXELS * longest + 24, _WIDEST)


def _toolbar(key: str) -> dict[str, Any]:
    """The chart's own buttons: its camera saves SVG, which stays sharp in print."""
    name = re.sub(r"\W+", "-", key)
    return {
        "displaylogo": False,
        "toImageButtonOptions": {"format": "svg", "filename": f"nnlab-{name}"},
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
    }
