"""The marks that several figures have: each is drawn here, in one place."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from nncore.analysis.parts import Baseline
from nncore.analysis.statistics import Interval
from nncore.figures.parts.chart import GREY, Style
from nncore.figures.parts.text import literal, literals
from nncore.results.simple import Reached
from nncore.system.arrays import Array

_NOWHERE = np.array([None])  # for traces that are only entries of the legend


def add_entry(
    figure: go.Figure,
    name: str,
    *,
    line: dict[str, Any] | None = None,
    marker: dict[str, Any] | None = None,
) -> None:
    """An entry of the legend that stands for no trace."""
    mode = "+".join([*["lines"] * bool(line), *["markers"] * bool(marker)])
    figure.add_scatter(x=_NOWHERE, y=_NOWHERE, mode=mode, line=line, marker=marker, name=name)


def add_baseline(figure: go.Figure, trivial: Baseline, *, upright: bool = False) -> None:
    """A dashed line through the whole chart where guessing would be, named in the legend."""
    line = {"color": GREY, "width": 1.5, "dash": "dash"}
    if upright:
        figure.add_vline(x=trivial.level, line=line)
    else:
        figure.add_hline(y=trivial.level, line=line)
    add_entry(figure, f"Baseline: {literal(trivial.says)}", line=line)


def add_simple(figure: go.Figure, reached: Reached, y: str) -> None:
    """A grey diamond with its interval: a simple model among the arms down the y axis."""
    seen = reached.low is not None and reached.high is not None
    up = (reached.high or 0.0) - reached.score if seen else 0.0
    down = reached.score - (reached.low or 0.0) if seen else 0.0
    ends = {"array": [up], "arrayminus": [down], "visible": seen, "thickness": 2, "color": GREY}
    figure.add_scatter(
        x=np.array([reached.score]),
        y=np.array([y]),
        mode="markers",
        marker={"symbol": "diamond", "size": 11, "color": GREY},
        error_x={"type": "data", **ends},
        showlegend=False,
        hovertemplate="%{y}: %{x:.4g}<extra></extra>",
    )


def add_line(
    figure: go.Figure,
    look: Style,
    x: Array,
    y: Array,
    hover: str,
    *,
    size: int = 7,
    most: int | None = 12,
    shape: str | None = None,
    **more: Any,
) -> None:
    """A line with the dash of `look`, and its marker at most `most` times."""
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines+markers",
        line=look.line(width=2.2, dash=look.dash, shape=shape),
        marker={"symbol": look.marker, "size": size, "maxdisplayed": most},
        hovertemplate=f"{hover}<extra></extra>",
        **more,
    )


def add_steps(figure: go.Figure, look: Style, x: Array, y: Array, name: str, hover: str) -> None:
    """The outline of a histogram: a level around each of `x`."""
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line=look.line(shape="hvh", dash=look.dash, width=2),
        name=name,
        hovertemplate=f"{hover}<extra></extra>",
    )


def add_seed_points(
    figure: go.Figure,
    look: Style,
    x: Array,
    y: Array,
    seeds: Sequence[int],
    hover: str,
    *,
    size: int = 9,
    **more: Any,
) -> None:
    """An open point per seed; `hover` finds the seed in %{customdata}."""
    figure.add_scatter(
        x=x,
        y=y,
        customdata=np.array(seeds),
        mode="markers",
        marker=look.dot(size, is_open=True),
        showlegend=False,
        hovertemplate=f"{hover}<extra></extra>",
        **more,
    )


def add_mean(
    figure: go.Figure, look: Style, x: float, y: float | str, hover: str, **more: Any
) -> None:
    """A filled point; its interval, `error_x` or `error_y`, is made by `whiskers`."""
    figure.add_scatter(
        x=np.array([x]),
        y=np.array([y]),
        **{"mode": "markers", "marker": look.dot(13), **more},
        hovertemplate=f"{hover}<extra></extra>",
    )


def whiskers(mean: Interval, color: str) -> dict[str, Any]:
    """The interval to either side of one point; none where that is unknown."""
    seen = mean.low is not None and mean.high is not None
    up, down = (mean.high or 0.0) - mean.mean, mean.mean - (mean.low or 0.0)
    ends = {"array": [up if seen else 0.0], "arrayminus": [down if seen else 0.0]}
    return {"type": "data", **ends, "visible": seen, "thickness": 2, "color": color}


def stroke(symbol: str, color: str, size: int = 14) -> dict[str, Any]:
    """A marker that is all outline: a cross where a training diverged, a bar where it stopped."""
    return {"symbol": symbol, "size": size, "line": {"width": 3, "color": color}}


def add_bars(
    figure: go.Figure,
    names: Sequence[str],
    values: Array,
    colors: Sequence[str],
    hover: str,
    **more: Any,
) -> None:
    """Bars below each other, each with a colour of its own."""
    figure.add_bar(
        x=values,
        y=literals(names),
        orientation="h",
        marker={"color": colors},
        showlegend=False,
        hovertemplate=f"{hover}<extra></extra>",
        **more,
    )
