"""What the arms cost, and what quality that buys."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from nncore.analysis.cost import cost
from nncore.analysis.scores import done, is_regression, titles, values
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.wording import listing, number, short, times
from nncore.config import Config
from nncore.definition import Array
from nncore.figures.chart import (
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
from nncore.figures.labels import names_beside
from nncore.figures.measures import score_measure
from nncore.figures.missing import diverged, no_scores
from nncore.figures.text import literal, literals
from nncore.registry import InvalidSetting, suggestion
from nncore.results import Snapshot

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
_LOOK_FOR = {
    "parameters": "Parameters are the numbers a network learns, and what it takes to store it.",
    "flops_forward": "Work to answer once. Counted from layer shapes: the same on every machine.",
    "flops_step": "Work of one update: about three times the forward work of a batch.",
    "flops_total": "Work of all epochs, validation included. The fair price of a comparison.",
    "seconds": "Wall time where it was trained; other work on that machine lengthens it.",
}


def checked_quantity(quantity: str) -> str:
    if quantity not in QUANTITIES:
        hint = suggestion(quantity, QUANTITIES)
        known = ", ".join(QUANTITIES)
        raise InvalidSetting(f"Unknown quantity {quantity!r}.{hint} Known: {known}.")
    return quantity


def cost_table(snapshot: Snapshot) -> pd.DataFrame:
    """A row per arm: counted cost, and seconds per training with their 95 % half width.

    Where early stopping lets seeds train for different numbers of epochs, FLOPs of a whole
    training have a half width, too.
    """
    shown, rows = titles(snapshot), []
    spent = _amounts(snapshot, "flops_total")
    varies = any(found.half for found in spent.values())
    for label, config in snapshot.configs.items():
        counted, timed, work = cost(config), _seconds(snapshot, label), spent[label]
        rows.append(
            {
                "Arm": shown[label],
                **{title: getattr(counted, q) for q, title in _PER_STEP.items()},
                QUANTITIES["flops_total"]: work.mean,
                **({"± FLOPs": work.half} if varies else {}),
                QUANTITIES["seconds"]: timed.mean if timed else None,
                "± seconds": timed.half if timed else None,
                "Timed": timed.n if timed else 0,
            }
        )
    return numbers_table(rows)


def cost_bars(snapshot: Snapshot, quantity: str) -> Chart:
    """One quantity of QUANTITIES, a bar with its value per arm."""
    checked_quantity(quantity)
    title, shown = QUANTITIES[quantity], titles(snapshot)
    key = f"{snapshot.id}:cost:{quantity}"
    found = _amounts(snapshot, quantity)
    if not found:
        return empty(title, "Arm", BAR_COLUMNS, no_scores(snapshot), key=key)
    write = _writer(quantity)
    rows = [(shown[a], i.mean, i.low, i.high, i.n) for a, i in found.items()]
    table = numbers_table(rows, BAR_COLUMNS)
    figure = blank(title, "Arm", key=key, height=bar_height(len(rows)))
    colors = {arm.label: style(i).color for i, arm in enumerate(snapshot.arms)}
    halves = np.array([np.nan if i.half is None else i.half for i in found.values()])
    beside = {row[0]: write(row[1]) for row in rows} if np.isfinite(halves).any() else {}
    figure.add_bar(
        x=table["Value"].to_numpy(),
        y=literals(table["Arm"]),
        orientation="h",
        marker={"color": [colors[a] for a in found]},
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
    lost = diverged(snapshot) if quantity == "seconds" else ""
    same = " All arms cost the same here." if len(set(table["Value"])) == 1 < len(rows) else ""
    return Chart(
        figure,
        table,
        f"Bar chart. {title}: {listing(spoken)}.{lost}",
        _LOOK_FOR[quantity] + _spared(snapshot, quantity) + same + lost,
    )


def quality_against_cost(snapshot: Snapshot, quantity: str) -> Chart:
    """Mean validation score against cost; arms that another beats in both are grey."""
    checked_quantity(quantity)
    measure, shown = score_measure(snapshot), titles(snapshot)
    x, y = QUANTITIES[quantity], measure.title("validation")
    key = f"{snapshot.id}:pareto:{quantity}"
    prices = _amounts(snapshot, quantity)
    scores = {
        arm.label: found
        for arm in snapshot.arms
        if arm.label in prices
        and (found := interval(values(snapshot, arm.label, measure.key).values()))
    }
    if not scores:
        return empty(x, y, PARETO_COLUMNS, no_scores(snapshot), key=key)
    price = np.array([prices[a].mean for a in scores])
    score = np.array([i.mean for i in scores.values()])
    front = pareto(price, -score if not is_regression(snapshot) else score)
    rows = [
        (shown[a], p, i.mean, i.low, i.high, bool(f))
        for (a, i), p, f in zip(scores.items(), price, front, strict=True)
    ]
    figure = blank(x, y, key=key, height=460 + legend_room([row[0] for row in rows]))
    order = np.argsort(price[front])
    figure.add_scatter(
        x=price[front][order],
        y=score[front][order],
        mode="lines",
        line={"color": GREY, "dash": "dot", "width": 1.5},
        name="Pareto front",
        hoverinfo="skip",
    )
    looks = {arm.label: style(i) for i, arm in enumerate(snapshot.arms)}
    x_axis = _cost_axis(price)
    reach = [v for i in scores.values() for v in (i.mean, i.low, i.high) if v is not None]
    ends = measure.limits(reach)
    names = [row[0] for row in rows]
    spans = [
        (i.mean, i.mean if i.low is None else i.low, i.mean if i.high is None else i.high)
        for i in scores.values()
    ]
    beside = names_beside(
        _share(np.log10(price) if x_axis["type"] == "log" else price, x_axis["range"]),
        [tuple(_share(np.array(span), ends)) for span in spans],
        names,
        [int(i) for i in np.flatnonzero(front)],
    )
    for position, ((arm, found), row, on_front) in enumerate(
        zip(scores.items(), rows, front, strict=True)
    ):
        color, name = looks[arm].color if on_front else GREY, literal(row[0])
        figure.add_scatter(
            x=np.array([row[1]]),
            y=np.array([found.mean]),
            mode="markers+text",
            text=[f" {name} " if position in beside else ""],
            textposition=beside.get(position),
            marker={"symbol": looks[arm].marker, "size": 13, "color": color},
            error_y={
                "type": "data",
                "array": [found.half or 0.0],
                "visible": found.half is not None,
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
        f"{listing(best)}.{rest if beaten else ''}{diverged(snapshot)}",
        "Coloured arms are worth a choice: none is both cheaper and better. Grey ones are beaten "
        "by another arm. Mind the intervals: two arms whose lines overlap may change places."
        f"{_one_price(price)}{measure.beyond(reach)}{diverged(snapshot)}",
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


def _amounts(snapshot: Snapshot, quantity: str) -> dict[str, Interval]:
    """Arm label -> the quantity; what is counted is exact, what differs by seed has an interval."""
    if quantity == "seconds":
        timed = {a.label: _seconds(snapshot, a.label) for a in snapshot.arms}
        return {label: found for label, found in timed.items() if found}
    if quantity == "flops_total":
        return {label: _spent(snapshot, label) for label in snapshot.configs}
    counted = {label: cost(config) for label, config in snapshot.configs.items()}
    return {k: Interval(float(getattr(c, quantity)), 1, None) for k, c in counted.items()}


def _spent(snapshot: Snapshot, arm: str) -> Interval:
    """FLOPs of the epochs trained; of those planned, until a training that may stop is done."""
    config = snapshot.configs[arm]
    planned = Interval(float(cost(config).flops_total), 1, None)
    if not _may_stop(config):
        return planned
    ends = (t.records[-1]["epoch"] for t in done(snapshot, arm) if t.records)
    return interval(float(cost(replace(config, epochs=e)).flops_total) for e in ends) or planned


def _may_stop(config: Config) -> bool:
    return bool(config.patience or config.stop_loss)


def _spared(snapshot: Snapshot, quantity: str) -> str:
    """Whether FLOPs are those done or those planned, where early stopping makes them differ."""
    stopping = [label for label, config in snapshot.configs.items() if _may_stop(config)]
    if quantity != "flops_total" or not stopping:
        return ""
    shown = titles(snapshot)
    waiting = [shown[label] for label in stopping if not done(snapshot, label)]
    told = " With early stopping, only the epochs really trained count, on average over seeds."
    return told + (f" Still as planned: {listing(waiting)}." if waiting else "")


def _seconds(snapshot: Snapshot, arm: str) -> Interval | None:
    """Wall time of one whole training: one that diverged ended early and would look cheap."""
    return interval(
        float(t.result["seconds"])
        for t in done(snapshot, arm)
        if t.result and t.result.get("seconds") is not None
    )


def _writer(quantity: str) -> Callable[[float | None], str]:
    return number if quantity == "seconds" else short
