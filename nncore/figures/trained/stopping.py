"""When training should have stopped: best epoch, and where training overtakes validation."""

from collections.abc import Sequence
from dataclasses import replace

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
from nncore.figures.parts.lines import add_lost
from nncore.figures.parts.missing import diverged, no_scores
from nncore.figures.parts.text import literal, literals
from nncore.figures.parts.traces import add_entry, add_mean, add_seed_points, stroke, whiskers
from nncore.system.wording import listing, number, times

STOP_COLUMNS = (
    *("Arm", "Epochs trained", "Best epoch", "Low", "High"),
    *("Training overtakes", "Validation loss that a stop would spare", "Seeds"),
)


def where_to_stop(reading: Reading) -> Chart:
    """Per arm the epochs trained (bar), the best epoch with its 95 % interval, and each seed's.

    A vertical stroke marks from where on the training metric stays better than validation's.
    """
    key = f"{reading.id}:stop"
    per_arm = turnings(reading)
    if not per_arm:
        return empty("Epoch", "Arm", STOP_COLUMNS, no_scores(reading), key=key)
    figure = _draw(reading, per_arm, key)
    return _tell(reading, per_arm, figure)


def _draw(reading: Reading, per_arm: Sequence[Turning], key: str) -> go.Figure:
    figure = blank("Epoch", "Arm", key=key, height=bar_height(len(per_arm)))
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
        add_entry(figure, name, marker={"symbol": symbol, "size": 10, "color": GREY})
    if any(t.overtaking for t in per_arm):
        marker = stroke("line-ns", GREY, 16)
        add_entry(figure, "training overtakes validation", marker=marker)
    add_lost(figure, reading.arms, {t.arm for t in per_arm})
    few = max(max(t.lasts) for t in per_arm) <= 12
    figure.update_xaxes(rangemode="tozero", dtick=1 if few else None)
    name_arms(figure, names)
    return figure


def _tell(reading: Reading, per_arm: Sequence[Turning], figure: go.Figure) -> Chart:
    seeds = times(len(per_arm[0].seeds), "seed")
    spoken = [f"{t.arm.title} at epoch {number(t.best.mean, 2)} of {max(t.lasts)}" for t in per_arm]
    return Chart(
        figure,
        numbers_table([_row(t) for t in per_arm], STOP_COLUMNS),
        f"Chart of the epoch with the best validation loss, {seeds}: "
        f"{listing(spoken)}.{diverged(reading)}",
        "Where the point stands well before the end of the bar, the rest of the training was "
        "wasted or did harm. Where it stands was found by looking, so other seeds judge below what "
        "a stop would have gained.",
    )


def _add_turning(figure: go.Figure, t: Turning) -> None:
    look, name = style(t.arm.position), literal(t.arm.title)
    bests, places = np.array(t.bests), np.array([name] * len(t.bests))
    hover = "%{y}, seed %{customdata}: best at epoch %{x}"
    add_seed_points(figure, look, bests, places, t.seeds, hover)
    mean = t.best.mean
    # no epoch is before the first or after the last
    ends = whiskers(replace(t.best, least=1.0, most=float(max(t.lasts))), look.color)
    hover = "%{y}, mean: best at epoch %{x:.3~g}"
    add_mean(figure, look, mean, name, hover, error_x=ends, showlegend=False)
    if t.overtaking is not None:
        figure.add_scatter(
            x=np.array([t.overtaking.mean]),
            y=np.array([name]),
            mode="markers",
            marker=stroke("line-ns", look.color, 22),
            showlegend=False,
            hovertemplate="%{y}: training is ahead from epoch %{x:.3~g} on<extra></extra>",
        )


def _row(t: Turning) -> tuple[object, ...]:
    ahead = t.overtaking.mean if t.overtaking else None
    gain = t.earlier.gain if t.earlier else None
    low = None if t.best.low is None else max(1.0, t.best.low)
    high = None if t.best.high is None else min(float(max(t.lasts)), t.best.high)
    return (t.arm.title, t.last.mean, t.best.mean, low, high, ahead, gain, len(t.seeds))
