"""Quality against cost drawn: a point per arm, and the front of those that none beats in both."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from nncore.analysis.reading import ReadArm
from nncore.analysis.statistics import Interval
from nncore.figures.parts.chart import GREY, style
from nncore.figures.parts.labels import names_beside
from nncore.figures.parts.measures import Measure
from nncore.figures.parts.text import literal
from nncore.figures.parts.traces import add_mean, whiskers
from nncore.system.arrays import Array


class Point(NamedTuple):
    """An arm in the chart of quality against cost."""

    arm: ReadArm
    price: float
    score: Interval
    on_front: bool


def pareto(price: Array, badness: Array) -> Array:
    """Which points no other one beats: as low in both and lower in one."""
    beaten = (
        (price[None, :] <= price[:, None])
        & (badness[None, :] <= badness[:, None])
        & ((price[None, :] < price[:, None]) | (badness[None, :] < badness[:, None]))
    )
    return np.logical_not(beaten.any(axis=1))


def reach_of(points: Sequence[Point]) -> list[float]:
    """Means and ends of intervals."""
    return [v for p in points for v in (p.score.mean, p.score.low, p.score.high) if v is not None]


def draw_front(
    points: list[Point], measure: Measure, tickformat: str, figure: go.Figure
) -> go.Figure:
    """The front as a line, a point per arm; `tickformat` is that of costs."""
    front = sorted((p for p in points if p.on_front), key=lambda p: p.price)
    figure.add_scatter(
        x=np.array([p.price for p in front]),
        y=np.array([p.score.mean for p in front]),
        mode="lines",
        line={"color": GREY, "dash": "dot", "width": 1.5},
        name="Pareto front",
        hoverinfo="skip",
    )
    x_axis, ends = _cost_axis(points), measure.limits(reach_of(points))
    beside = _places_of_names(points, x_axis, ends)
    for place, (arm, price, score, on_front) in enumerate(points):
        look, name = style(arm.position), literal(arm.title)
        look = look if on_front else replace(look, color=GREY)
        add_mean(
            figure,
            look,
            price,
            score.mean,
            f"{name}<br>%{{x:,.4~g}}<br>%{{y:.4g}}",
            error_y=whiskers(score, look.color),
            mode="markers+text",
            text=[f" {name} " if place in beside else ""],
            textposition=beside.get(place),
            name=name,
        )
    figure.update_xaxes(tickformat=tickformat, **x_axis)
    figure.update_yaxes(tickformat=measure.tickformat, range=ends)
    return figure


def _places_of_names(
    points: list[Point], x_axis: dict[str, Any], ends: list[float]
) -> dict[int, str]:
    price = np.array([p.price for p in points])
    spans = [
        (i.mean, i.mean if i.low is None else i.low, i.mean if i.high is None else i.high)
        for i in (p.score for p in points)
    ]
    return names_beside(
        _share(np.log10(price) if x_axis["type"] == "log" else price, x_axis["range"]),
        [tuple(_share(np.array(span), ends)) for span in spans],
        [p.arm.title for p in points],
        [i for i, point in enumerate(points) if point.on_front],
    )


def _cost_axis(points: Sequence[Point]) -> dict[str, Any]:
    """Type and range of the axis of costs, with room for names; exponents where it is a log."""
    low, high = min(p.price for p in points), max(p.price for p in points)
    if low == high:  # as for activations: nothing to zoom into
        return {"type": "linear", "range": [0.0, 2 * high], "nticks": 6}
    if low > 0 and high > 20 * low:
        low, high, kind = math.log10(low), math.log10(high), "log"
    else:
        kind = "linear"
    room = 0.06 * (high - low)
    return {"type": kind, "range": [low - room, high + room]}


def _share(values: Array, ends: list[float]) -> Array:
    return (values - ends[0]) / ((ends[1] - ends[0]) or 1.0)
