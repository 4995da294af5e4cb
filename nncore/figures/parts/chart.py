"""What every chart is made of, and how an arm looks: the same on all charts and pages.

Backgrounds are transparent and text colours unset, so that the page's theme, light or dark,
shows through. Colours keep a contrast of 3:1 to both, and differ for colour-blind eyes;
marker shape and dash are the second channel.
"""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.figures.parts.text import literal, literals
from nncore.system.arrays import Array
from nncore.system.wording import number

MOST_POINTS = 500  # of a curve; more are thinned evenly
_HALF = 380  # pixels that a legend has in such a chart
_HIGH = 48  # letters along the y axis
_NAME = 26  # letters of a line of an arm's name beside its bar
LETTERS = 40  # of a line inside a chart that may be half a page wide
MOST_DECADES = 8  # of a log axis, with a label each; of more, some are left out

COLORS = (
    "#2277CC",  # blue
    "#DD7700",  # orange
    "#118877",  # teal
    "#6633FF",  # violet
    "#885522",  # brown
    "#4499BB",  # light blue
    "#00AA66",  # green
    "#7766FF",  # lilac
)
MARKERS = (
    *("circle", "square", "diamond", "triangle-up"),
    *("x", "star", "triangle-down", "pentagon"),
)
MARKERS_IN_PRINT = ("o", "s", "D", "^", "X", "*", "v", "p")  # the same, as matplotlib calls them
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
GREY = "#808890"  # baselines, diagonals, what is dominated
CLEAR = "rgba(0,0,0,0)"


@dataclass(frozen=True)
class Chart:
    """A figure, the numbers behind it, and both in words."""

    figure: go.Figure
    table: pd.DataFrame
    alt: str  # what the figure shows, with its main numbers, for those who don't see it
    look_for: str  # what to look for, in plain words


@dataclass(frozen=True)
class Style:
    """How the arm at one position of a comparison is drawn."""

    color: str
    marker: str
    dash: str

    def line(self, **more: Any) -> dict[str, Any]:
        return {"color": self.color, **more}

    def dot(self, size: int, *, is_open: bool = False, **more: Any) -> dict[str, Any]:
        symbol = f"{self.marker}-open" if is_open else self.marker
        return {"symbol": symbol, "size": size, "color": self.color, **more}

    def band_fill(self) -> str:
        red, green, blue = (int(self.color[i : i + 2], 16) for i in (1, 3, 5))
        return f"rgba({red},{green},{blue},0.18)"


def style(position: int) -> Style:
    """The look of the arm at `position`; when colours come round again, the marker is another."""
    lap = position // len(COLORS)
    return Style(
        COLORS[position % len(COLORS)],
        MARKERS[(position + lap) % len(MARKERS)],
        DASHES[position % len(DASHES)],
    )


def blank(x: str, y: str, *, key: str, height: int = 420, letters: int = LETTERS) -> go.Figure:
    """A figure with axis titles and no data. Zoom survives live updates as long as `key` does.

    `letters`: of a line of the title below.
    """
    figure = go.Figure()
    dress(figure, key=key, height=height)
    figure.update_xaxes(title_text=_lines(x, letters), automargin=True)
    figure.update_yaxes(title_text=_lines(y, _HIGH), automargin=True)
    return figure


def dress(figure: go.Figure, *, key: str, height: int = 420) -> None:
    """What all figures share: transparency, legend below the plot, room for both."""
    figure.update_layout(
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        height=height,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        uirevision=key,
        hovermode="closest",
        legend={
            "orientation": "h",
            "traceorder": "normal",  # else what has no group stands in a column
            "yref": "container",
            "y": 0,
            "yanchor": "bottom",
            "xref": "paper",
            "x": 0,
            "xanchor": "left",
        },
    )


def _lines(text: str, letters: int) -> str:
    """`text` broken into lines, as plotly draws them."""
    return "<br>".join(literals(textwrap.wrap(text, letters, break_on_hyphens=False)))


def say(figure: go.Figure, text: str) -> None:
    """Write `text` into the middle of a figure that has nothing else to show."""
    lines = _lines(text, LETTERS)
    figure.add_annotation(
        text=lines, showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper", font={"size": 15}
    )


def empty(x: str, y: str, columns: Sequence[str], why: str, *, key: str) -> Chart:
    """A chart without data that says why."""
    figure = blank(x, y, key=key, height=340)  # room for the longest title of an axis
    figure.update_xaxes(showgrid=False, zeroline=False, showticklabels=False)
    figure.update_yaxes(showgrid=False, zeroline=False, showticklabels=False)
    say(figure, why)
    return Chart(figure, pd.DataFrame(columns=list(columns)), f"Empty chart. {why}", why)


def numbers_table(rows: Sequence[Any], columns: Sequence[str] | None = None) -> pd.DataFrame:
    """A table whose unknown numbers are NaN, so that its columns sort and format as numbers."""
    table = pd.DataFrame(rows, columns=None if columns is None else list(columns))
    for name in table.columns:
        if len(table) and table[name].isna().any():
            table[name] = table[name].astype(float)
    return table


def thin(n: int) -> Array:
    """Positions of at most MOST_POINTS of `n` points, evenly spread, first and last included."""
    return np.unique(np.linspace(0, n - 1, min(n, MOST_POINTS)).round().astype(int))


def log_ticks(low: float, high: float) -> dict[str, Any]:
    """Labels of a log axis between two exponents: powers of ten, or 1, 2, 5 on a short one.

    Plotly's own labels between powers of ten are bare digits: "5" for 0.05 and for 0.5.
    """
    if high - low > 1.5:
        return {"dtick": math.ceil((high - low) / MOST_DECADES), "exponentformat": "power"}
    exponents = range(math.floor(low) - 1, math.ceil(high) + 2)  # some for zooming out, too
    values = [digit * 10.0**e for e in exponents for digit in (1, 2, 5)]
    return {"tickvals": np.array(values), "ticktext": [number(v, 1) for v in values]}


def log_axis(low: float, high: float) -> dict[str, Any]:
    """An axis from 10^low to 10^high."""
    return {"type": "log", "range": [low, high], **log_ticks(low, high)}


def scale_of(colors: Sequence[str]) -> list[list[Any]]:
    """A colour scale with these colours at even distances."""
    return [[i / (len(colors) - 1), color] for i, color in enumerate(colors)]


def legend_room(names: Sequence[str]) -> int:
    """Pixels to add to a chart half a page wide, so that its legend leaves the plot its height."""
    rows, used = 1, 0.0
    for name in names:
        wide = 55 + 6 * len(name)  # pixels of an entry
        rows, used = (rows + 1, wide) if used and used + wide > _HALF else (rows, used + wide)
    return 20 * max(rows - 2, 0)


def wrapped(names: Sequence[str]) -> list[str]:
    """Names of arms along an axis, as plotly draws them: long ones take several lines."""
    return [_lines(name, _NAME) for name in names]


def name_arms(figure: go.Figure, names: Sequence[str]) -> None:
    """Arms down the y axis, in this order; long names take several lines and less of the plot.

    Traces name them by their `literals`.
    """
    places = literals(names).tolist()
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=places,
        tickvals=places,
        ticktext=wrapped(names),
        autorange="reversed",
    )
    figure.update_xaxes(nticks=6)


def bar_height(n: int) -> int:
    """Pixels for `n` arms below each other, with room for axis and legend."""
    return 150 + 38 * max(n, 2)


def write_beside(figure: go.Figure, texts: dict[str, str]) -> None:
    """A text per arm at the right edge, where no bar and no interval runs through it."""
    for name, text in texts.items():
        place = {"x": 1, "xref": "paper", "xanchor": "left", "y": literal(name)}
        figure.add_annotation(text=literal(text), showarrow=False, **place)
    figure.update_layout(margin_r=10 + 7 * max(map(len, texts.values())))
