"""What the arms cost, and what quality that buys."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from nncore.analysis.digits import as_far_as, spread
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval
from nncore.figures.parts.chart import (
    GREY,
    Chart,
    bar_height,
    blank,
    empty,
    legend_room,
    name_arms,
    numbers_table,
    style,
    write_beside,
)
from nncore.figures.parts.labels import names_beside
from nncore.figures.parts.measures import score_measure
from nncore.figures.parts.missing import diverged, no_scores
from nncore.figures.parts.text import literal, literals
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting, suggestion
from nncore.system.wording import listing, number, short, times

QUANTITIES = {
    "parameters": "Parameters",
    "flops_forward": "FLOPs forward, one sample",
    "flops_step": "FLOPs of one training step",
    "flops_total": "FLOPs of one whole training",
    "seconds": "Seconds of one training",
}
_PER_STEP = {q: QUANTITIES[q] for q in ("parameters", "flops_forward", "flops_step")}
BAR_COLUMNS = ("Arm", "Value", "Low", "High", "Seeds")
PARETO_COLUMNS = ("Arm", "Cost", "Score", "Low", "High", "On the front")
_NEAR = 1.1  # times another arm's mean seconds
_LOOK_FOR = {
    "parameters": "Parameters are the numbers a network learns, and what it takes to store it.",
    "flops_forward": "Work to answer once. Counted from layer shapes: the same on every machine.",
    "flops_step": "Work of one update: about three times the forward work of a batch.",
    "flops_total": "Work of all epochs, validation included. The fair price of a comparison.",
    "seconds": "Wall time where it was trained; other work on that machine lengthens it.",
}


class _Point(NamedTuple):
    """An arm in the chart of quality against cost."""

    arm: ReadArm
    price: float
    score: Interval


def checked_quantity(quantity: str) -> str:
    if quantity not in QUANTITIES:
        hint = suggestion(quantity, QUANTITIES)
        options = ", ".join(QUANTITIES)
        raise InvalidSetting(f"Unknown quantity {quantity!r}.{hint} Known: {options}.")
    return quantity


def cost_table(reading: Reading) -> pd.DataFrame:
    """A row per arm: counted cost, and seconds per training with their extremes, as text.

    Where early stopping lets seeds train for different numbers of epochs, FLOPs of a whole
    training have the half width of their 95 % interval, too.
    """
    rows = []
    varies = any(arm.flops_spent.half for arm in reading.arms)
    for arm in reading.arms:
        work = arm.flops_spent
        rows.append(
            {
                "Arm": arm.title,
                **{title: getattr(arm.cost, q) for q, title in _PER_STEP.items()},
                QUANTITIES["flops_total"]: as_far_as(work.mean, work.half),
                **({"± FLOPs": as_far_as(work.half, work.half)} if varies else {}),
                QUANTITIES["seconds"]: spread(arm.timed, "s"),
                "Timed": len(arm.timed),
            }
        )
    return numbers_table(rows)


def cost_words(reading: Reading) -> str:
    """What a training costs, in a sentence, where all arms cost the same; "" where they don't."""
    arms = reading.arms
    spent = {(arm.cost.parameters, arm.cost.flops_forward, arm.flops_spent) for arm in arms}
    seconds = [arm.timed for arm in arms if arm.timed]
    if len(arms) < 2 or len(spent) > 1 or not _alike(seconds):
        return ""
    parameters, _, work = spent.pop()
    together = [value for timed in seconds for value in timed]
    time = f" A training took {spread(together, 's')}." if together else ""
    counted = f"{times(parameters, 'parameter')}, {short(work.mean)} FLOPs for a whole training"
    return f"All arms cost the same: {counted}.{time}"


def _alike(seconds: Sequence[Sequence[float]]) -> bool:
    """Whether no arm took clearly longer than another: ranges overlap, or means are near."""
    if not seconds:
        return True
    if max(map(min, seconds)) <= min(map(max, seconds)):
        return True
    means = [sum(timed) / len(timed) for timed in seconds]
    return max(means) <= _NEAR * min(means)


def cost_bars(reading: Reading, quantity: str) -> Chart:
    """One quantity of QUANTITIES, a bar with its value per arm."""
    checked_quantity(quantity)
    title, key = QUANTITIES[quantity], f"{reading.id}:cost:{quantity}"
    amounts = [(arm, i) for arm in reading.arms if (i := _amount(arm, quantity)) is not None]
    if not amounts:
        return empty(title, "Arm", BAR_COLUMNS, no_scores(reading), key=key)
    write = _writer(quantity)
    rows = [(arm.title, i.mean, i.low, i.high, i.n) for arm, i in amounts]
    table = numbers_table(rows, BAR_COLUMNS)
    figure = blank(title, "Arm", key=key, height=bar_height(len(rows)))
    halves = np.array([np.nan if i.half is None else i.half for _, i in amounts])
    beside = {row[0]: write(row[1]) for row in rows} if np.isfinite(halves).any() else {}
    figure.add_bar(
        x=table["Value"].to_numpy(),
        y=literals(table["Arm"]),
        orientation="h",
        marker={"color": [style(arm.position).color for arm, _ in amounts]},
        error_x={"type": "data", "array": halves, "color": GREY, "visible": bool(beside)},
        text=None if beside else [write(v) for v in table["Value"]],
        textposition="auto",
        insidetextanchor="start",
        insidetextfont={"color": "white"},
        showlegend=False,
        hovertemplate="%{y}: %{x:,.4~g}<extra></extra>",
    )
    if beside:  # an interval would run through a number in its bar
        write_beside(figure, beside)
    figure.update_xaxes(rangemode="tozero", tickformat="~s" if quantity != "seconds" else "")
    name_arms(figure, list(table["Arm"]))
    spoken = [f"{row[0]} {write(row[1])}" for row in rows]
    lost = diverged(reading) if quantity == "seconds" else ""
    same = " All arms cost the same here." if len(set(table["Value"])) == 1 < len(rows) else ""
    return Chart(
        figure,
        table,
        f"Bar chart. {title}: {listing(spoken)}.{lost}",
        _LOOK_FOR[quantity] + _spared(reading, quantity) + same + lost,
    )


def quality_against_cost(reading: Reading, quantity: str) -> Chart:
    """Mean validation score against cost; arms that another beats in both are grey."""
    checked_quantity(quantity)
    measure = score_measure(reading)
    x, y = QUANTITIES[quantity], measure.title("validation")
    key = f"{reading.id}:pareto:{quantity}"
    points = [
        _Point(arm, paid.mean, score)
        for arm in reading.arms
        if (paid := _amount(arm, quantity)) and (score := arm.interval(measure.key))
    ]
    if not points:
        return empty(x, y, PARETO_COLUMNS, no_scores(reading), key=key)
    price = np.array([p.price for p in points])
    height = np.array([p.score.mean for p in points])
    front = pareto(price, height if reading.is_regression else -height)
    rows = [
        (p.arm.title, p.price, p.score.mean, p.score.low, p.score.high, bool(f))
        for p, f in zip(points, front, strict=True)
    ]
    figure = blank(x, y, key=key, height=460 + legend_room([row[0] for row in rows]))
    order = np.argsort(price[front])
    figure.add_scatter(
        x=price[front][order],
        y=height[front][order],
        mode="lines",
        line={"color": GREY, "dash": "dot", "width": 1.5},
        name="Pareto front",
        hoverinfo="skip",
    )
    x_axis = _cost_axis(price)
    scores = [p.score for p in points]
    reach = [v for i in scores for v in (i.mean, i.low, i.high) if v is not None]
    ends = measure.limits(reach)
    names = [row[0] for row in rows]
    spans = [
        (i.mean, i.mean if i.low is None else i.low, i.mean if i.high is None else i.high)
        for i in scores
    ]
    beside = names_beside(
        _share(np.log10(price) if x_axis["type"] == "log" else price, x_axis["range"]),
        [tuple(_share(np.array(span), ends)) for span in spans],
        names,
        [int(i) for i in np.flatnonzero(front)],
    )
    for place, (point, on_front) in enumerate(zip(points, front, strict=True)):
        look, name, score = style(point.arm.position), literal(point.arm.title), point.score
        color = look.color if on_front else GREY
        figure.add_scatter(
            x=np.array([point.price]),
            y=np.array([score.mean]),
            mode="markers+text",
            text=[f" {name} " if place in beside else ""],
            textposition=beside.get(place),
            marker={"symbol": look.marker, "size": 13, "color": color},
            error_y={
                "type": "data",
                "array": [score.half or 0.0],
                "visible": score.half is not None,
                "color": color,
            },
            name=name,
            hovertemplate=f"{name}<br>%{{x:,.4~g}}<br>%{{y:.4g}}<extra></extra>",
        )
    figure.update_xaxes(tickformat="~s" if quantity != "seconds" else "", **x_axis)
    figure.update_yaxes(tickformat=measure.tickformat, range=ends)
    write = _writer(quantity)
    best = [f"{r[0]} ({write(r[1])}, {measure.write(r[2])})" for r in rows if r[5]]
    beaten = len(rows) - len(best)
    verb = "costs" if beaten == 1 else "cost"
    rest = f" {times(beaten, 'arm')} {verb} as much or more without scoring better."
    return Chart(
        figure,
        numbers_table(rows, PARETO_COLUMNS),
        f"Scatter chart of validation {measure.label} against {x.lower()}. On the Pareto front: "
        f"{listing(best)}.{rest if beaten else ''}{diverged(reading)}",
        "Coloured arms are worth a choice: none is both cheaper and better. Grey ones are beaten "
        "by another arm. Mind the intervals: two arms whose lines overlap may change places."
        f"{_one_price(price)}{measure.beyond(reach)}{diverged(reading)}",
    )


def _cost_axis(price: Array) -> dict[str, Any]:
    """Type and range of the axis of costs, with room for names; exponents where it is a log."""
    low, high = float(price.min()), float(price.max())
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


def _one_price(price: Array) -> str:
    return (
        " Here all arms cost the same, so the best score is the whole front."
        if len(price) > 1 and price.min() == price.max()
        else ""
    )


def pareto(price: Array, badness: Array) -> Array:
    """Which points no other one beats: as low in both and lower in one."""
    beaten = (
        (price[None, :] <= price[:, None])
        & (badness[None, :] <= badness[:, None])
        & ((price[None, :] < price[:, None]) | (badness[None, :] < badness[:, None]))
    )
    return np.logical_not(beaten.any(axis=1))


def _amount(arm: ReadArm, quantity: str) -> Interval | None:
    """The arm's quantity; what is counted is exact, what differs by seed has an interval."""
    if quantity == "seconds":
        return arm.seconds
    if quantity == "flops_total":
        return arm.flops_spent
    return Interval(float(getattr(arm.cost, quantity)), 1, None)


def _spared(reading: Reading, quantity: str) -> str:
    """Whether FLOPs are those done or those planned, where early stopping makes them differ."""
    stopping = [arm for arm in reading.arms if arm.may_stop]
    if quantity != "flops_total" or not stopping:
        return ""
    waiting = [arm.title for arm in stopping if not arm.finished]
    words = " With early stopping, only the epochs really trained count, on average over seeds."
    return words + (f" Still as planned: {listing(waiting)}." if waiting else "")


def _writer(quantity: str) -> Callable[[float | None], str]:
    return number if quantity == "seconds" else short
