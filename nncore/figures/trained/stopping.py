"""When training should have stopped: best epoch, and where training overtakes validation."""

import numpy as np
import plotly.graph_objects as go

from nncore.analysis.reading import Reading
from nncore.analysis.turning import Turning, turnings
from nncore.figures.parts.chart import (
    GREY,
    Chart,
    bar_height,
    blank,
    empty,
    name_arms,
    numbers_table,
    style,
)
from nncore.figures.parts.lines import NOWHERE, add_lost
from nncore.figures.parts.missing import diverged, no_scores
from nncore.figures.parts.text import literal, literals
from nncore.system.wording import listing, number, times

STOP_COLUMNS = (
    *("Arm", "Epochs trained", "Best epoch", "Low", "High"),
    *("Training overtakes", "Validation loss lost by going on", "Seeds"),
)


def where_to_stop(reading: Reading) -> Chart:
    """Per arm the epochs trained (bar), the best epoch with its 95 % interval, and each seed's.

    A vertical stroke marks from where on the training metric stays better than validation's.
    """
    x, y, key = "Epoch", "Arm", f"{reading.id}:stop"
    per_arm = turnings(reading)
    if not per_arm:
        return empty(x, y, STOP_COLUMNS, no_scores(reading), key=key)
    figure = blank(x, y, key=key, height=bar_height(len(per_arm)))
    names = [t.arm.title for t in per_arm]
    figure.add_bar(
        x=np.array([t.last.mean for t in per_arm]),
        y=literals(names),
        orientation="h",
        width=0.5,
        marker={"color": "rgba(128,136,144,0.22)", "line": {"width": 0}},
        name="epochs trained",
        hovertemplate="%{y}: %{x:.4~g} epochs trained<extra></extra>",
    )
    for t in per_arm:
        _add_turning(figure, t)
    for name, symbol in (("best validation loss", "circle"), ("each seed's", "circle-open")):
        marker = {"symbol": symbol, "size": 10, "color": GREY}
        figure.add_scatter(x=NOWHERE, y=NOWHERE, mode="markers", marker=marker, name=name)
    if any(t.overtaking for t in per_arm):
        stroke = {"symbol": "line-ns", "size": 16, "line": {"width": 3, "color": GREY}}
        name = "training overtakes validation"
        figure.add_scatter(x=NOWHERE, y=NOWHERE, mode="markers", marker=stroke, name=name)
    add_lost(figure, reading.arms, {t.arm for t in per_arm})
    few = max(max(t.lasts) for t in per_arm) <= 12
    figure.update_xaxes(rangemode="tozero", dtick=1 if few else None)
    name_arms(figure, names)
    seeds = times(len(per_arm[0].seeds), "seed")
    spoken = [f"{t.arm.title} at epoch {number(t.best.mean, 2)} of {max(t.lasts)}" for t in per_arm]
    return Chart(
        figure,
        numbers_table([_row(t) for t in per_arm], STOP_COLUMNS),
        f"Chart of the epoch with the best validation loss, {seeds}: "
        f"{listing(spoken)}.{diverged(reading)}",
        "Where the point stands well before the end of the bar, the rest of the training was "
        "wasted or did harm. The best epoch was found by looking at the validation data, so a "
        "network stopped there scores a little less on new data.",
    )


def _add_turning(figure: go.Figure, t: Turning) -> None:
    look, name = style(t.arm.position), literal(t.arm.title)
    add = figure.add_scatter
    add(
        x=np.array(t.bests),
        y=np.array([name] * len(t.bests)),
        customdata=np.array(t.seeds),
        mode="markers",
        marker={"symbol": f"{look.marker}-open", "size": 9, "color": look.color},
        showlegend=False,
        hovertemplate="%{y}, seed %{customdata}: best at epoch %{x}<extra></extra>",
    )
    half = t.best.half
    add(
        x=np.array([t.best.mean]),
        y=np.array([name]),
        mode="markers",
        marker={"symbol": look.marker, "size": 13, "color": look.color},
        error_x={
            "type": "data",
            "array": [min(half, max(t.lasts) - t.best.mean) if half else 0.0],
            "arrayminus": [min(half, t.best.mean - 1) if half else 0.0],
            "visible": half is not None,
            "thickness": 2,
            "color": look.color,
        },
        showlegend=False,
        hovertemplate="%{y}, mean: best at epoch %{x:.3~g}<extra></extra>",
    )
    if t.overtaking is not None:
        add(
            x=np.array([t.overtaking.mean]),
            y=np.array([name]),
            mode="markers",
            marker={"symbol": "line-ns", "size": 22, "line": {"width": 3, "color": look.color}},
            showlegend=False,
            hovertemplate="%{y}: training is ahead from epoch %{x:.3~g} on<extra></extra>",
        )


def _row(t: Turning) -> tuple[object, ...]:
    ahead = t.overtaking.mean if t.overtaking else None
    low = None if t.best.low is None else max(1.0, t.best.low)
    high = None if t.best.high is None else min(float(max(t.lasts)), t.best.high)
    return (t.arm.title, t.last.mean, t.best.mean, low, high, ahead, t.lost.mean, len(t.seeds))
