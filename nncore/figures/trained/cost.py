"""What the arms cost, and what quality that buys."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

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
from nncore.figures.parts.measures import score_measure
from nncore.figures.parts.missing import diverged, no_scores
from nncore.figures.parts.traces import add_bars
from nncore.figures.trained.front import Point, draw_front, pareto
from nncore.system.errors import InvalidSetting, suggestion
from nncore.system.wording import listing, number, short, times

QUANTITIES = {
    "parameters": "Parameters",
    "flops_forward": "FLOPs forward, one sample",
    "flops_step": "FLOPs of one training step",
    "flops_total": "FLOPs of one whole training",
    "seconds": "Seconds of one training",
}
MFLOPS = "MFLOPs of 2²⁰"  # the forward work, in the unit that some courses print
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
                QUANTITIES["parameters"]: arm.cost.parameters,
                QUANTITIES["flops_forward"]: arm.cost.flops_forward,
                MFLOPS: float(f"{arm.cost.mflops:.4g}"),
                QUANTITIES["flops_step"]: arm.cost.flops_step,
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
    """What each arm costs, a bar with its value per arm."""
    checked_quantity(quantity)
    title, key = QUANTITIES[quantity], f"{reading.id}:cost:{quantity}"
    amounts = {arm: i for arm in reading.arms if (i := _amount(arm, quantity)) is not None}
    if not amounts:
        return empty(title, "Arm", BAR_COLUMNS, no_scores(reading), key=key)
    figure = _draw_bars(amounts, quantity, key)
    return _tell_bars(reading, amounts, quantity, figure)


def _draw_bars(amounts: Mapping[ReadArm, Interval], quantity: str, key: str) -> go.Figure:
    figure = blank(QUANTITIES[quantity], "Arm", key=key, height=bar_height(len(amounts)))
    names = [arm.title for arm in amounts]
    texts = [_writer(quantity)(i.mean) for i in amounts.values()]
    halves = np.array([np.nan if i.half is None else i.half for i in amounts.values()])
    beside = bool(np.isfinite(halves).any())
    add_bars(
        figure,
        names,
        np.array([i.mean for i in amounts.values()]),
        [style(arm.position).color for arm in amounts],
        "%{y}: %{x:,.4~g}",
        error_x={"type": "data", "array": halves, "color": GREY, "visible": beside},
        text=None if beside else texts,
        textposition="auto",
        insidetextanchor="start",
        insidetextfont={"color": "white"},
    )
    if beside:  # an interval would run through a number in its bar
        write_beside(figure, dict(zip(names, texts, strict=True)))
    figure.update_xaxes(rangemode="tozero", tickformat=_tickformat(quantity))
    name_arms(figure, names)
    return figure


def _tell_bars(
    reading: Reading, amounts: Mapping[ReadArm, Interval], quantity: str, figure: go.Figure
) -> Chart:
    rows = [(arm.title, i.mean, i.low, i.high, i.n) for arm, i in amounts.items()]
    spoken = [f"{row[0]} {_writer(quantity)(row[1])}" for row in rows]
    lost = diverged(reading) if quantity == "seconds" else ""
    is_same = len({row[1] for row in rows}) == 1 < len(rows)
    same = " All arms cost the same here." if is_same else ""
    return Chart(
        figure,
        numbers_table(rows, BAR_COLUMNS),
        f"Bar chart. {QUANTITIES[quantity]}: {listing(spoken)}.{lost}",
        _LOOK_FOR[quantity] + _spared(reading, quantity) + same + lost,
    )


def quality_against_cost(reading: Reading, quantity: str) -> Chart:
    """Mean validation score against cost; arms that another beats in both are grey."""
    checked_quantity(quantity)
    measure = score_measure(reading)
    x, y = QUANTITIES[quantity], measure.title("validation")
    key = f"{reading.id}:pareto:{reading.judging.key}:{quantity}"
    points = _read_points(reading, quantity)
    if not points:
        return empty(x, y, PARETO_COLUMNS, no_scores(reading), key=key)
    height = 460 + legend_room([p.arm.title for p in points])
    axes = blank(x, y, key=key, height=height)
    figure = draw_front(points, measure, _tickformat(quantity), axes)
    return _tell_points(reading, points, quantity, figure)


def _read_points(reading: Reading, quantity: str) -> list[Point]:
    pairs = [(arm, _amount(arm, quantity), reading.middle(arm)) for arm in reading.arms]
    known = [(arm, paid.mean, score) for arm, paid, score in pairs if paid and score]
    price, height = (np.array(v) for v in ([k[1] for k in known], [k[2].mean for k in known]))
    front = pareto(price, height if reading.criterion.less else -height)
    return [Point(*k, bool(on_front)) for k, on_front in zip(known, front, strict=True)]


def _tell_points(reading: Reading, points: list[Point], quantity: str, figure: go.Figure) -> Chart:
    measure, write = score_measure(reading), _writer(quantity)
    rows = [
        (p.arm.title, p.price, p.score.mean, p.score.low, p.score.high, p.on_front) for p in points
    ]
    best = [f"{r[0]} ({write(r[1])}, {measure.write(r[2])})" for r in rows if r[5]]
    beaten = len(rows) - len(best)
    verb = "costs" if beaten == 1 else "cost"
    rest = f" {times(beaten, 'arm')} {verb} as much or more without scoring better."
    return Chart(
        figure,
        numbers_table(rows, PARETO_COLUMNS),
        f"Scatter chart of validation {measure.label} against {QUANTITIES[quantity].lower()}. "
        f"On the Pareto front: {listing(best)}.{rest if beaten else ''}{diverged(reading)}",
        "Coloured arms are worth a choice: none is both cheaper and better. Grey ones are beaten "
        "by another arm. Mind the intervals: two arms whose lines overlap may change places."
        f"{_one_price(points)}{diverged(reading)}",
    )


def _one_price(points: Sequence[Point]) -> str:
    is_one = len(points) > 1 and len({p.price for p in points}) == 1
    return " Here all arms cost the same, so the best score is the whole front." if is_one else ""


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


def _tickformat(quantity: str) -> str:
    return "" if quantity == "seconds" else "~s"
