"""The gap between training and validation: over epochs, at the end, and of one arm alone."""

from collections.abc import Collection, Mapping

import numpy as np
import plotly.graph_objects as go

from nncore.analysis.gaps import crossings, first_over, gap_at_end
from nncore.analysis.judging import CRITERIA, Criterion
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
from nncore.figures.parts.lines import (
    Curve,
    Standing,
    add_curve,
    add_lost,
    curve_table,
    final,
    gaps_of,
)
from nncore.figures.parts.measures import Measure, curve_measure
from nncore.figures.parts.missing import diverged, no_curves, no_scores
from nncore.figures.parts.traces import add_bars, add_entry
from nncore.figures.parts.views import curves_view
from nncore.figures.trained.axes import set_axis
from nncore.figures.trained.curve_words import how_far
from nncore.figures.trained.curves import drawn_of
from nncore.figures.trained.marks import CROSSING, add_crossing, add_mark_entry
from nncore.system.wording import listing, number

GAP_COLUMNS = ("Arm", "Gap", "Low", "High", "Seeds")
GAP_CURVE_COLUMNS = ("Arm", "Epoch", "Mean", "Low", "High", "Seeds")
GAP_EPOCH_COLUMNS = ("Epoch", "Gap", "Low", "High", "Seeds", "Too large")
_LOSS = CRITERIA["loss"]
_MOST_WHISKERS = 40  # bars: of more, intervals would hide them
_FAR = 2.0  # times what the gaps take of the axis: a threshold beyond leaves the chart


def gap_curves(
    reading: Reading,
    criterion: Criterion = _LOSS,
    *,
    threshold: float | None = None,
    only: Collection[str] = (),
) -> Chart:
    """How much worse validation is than training, over epochs: mean and 95 % band over seeds.

    `threshold`: what the reader takes for too much, in points where the measure is a share.
    `only`: labels of the arms to draw, where all would be too many to see.
    """
    measure, y = _measure(reading, criterion), _title(reading, criterion)
    key = f"{reading.id}:gap:{criterion.name}"
    arms = drawn_of(reading, only)
    curves = gaps_of(arms, criterion, measure)
    if not curves:
        why = no_curves(reading, measure.key)
        return empty("Epoch", y, GAP_CURVE_COLUMNS, why, key=key)
    figure = blank("Epoch", y, key=key, height=420 + legend_room([c.title for c in curves]))
    limits = _with_line(curves_view(curves, "gap"), threshold)
    set_axis(figure, reading, "epochs", curves)
    figure.add_hline(y=0, line={"color": GREY, "width": 1, "dash": "dot"})
    crossed = False
    for curve in curves:
        add_curve(figure, curve, measure, dash=curve.style.dash)
        for crossing in crossings(curve.x, curve.mean):
            add_crossing(figure, curve, crossing, 0.0, "epoch %{x:.3~g}", Standing.LEVEL)
            crossed = True
    add_lost(figure, arms, {curve.arm for curve in curves})
    if crossed:
        add_mark_entry(figure, CROSSING)
    _add_threshold(figure, measure, threshold)
    figure.update_yaxes(range=limits)
    ends = [f"{c.title} {number(final(c))}" for c in curves]
    drops = any(arm.config.dropout for arm in arms)
    looks = (
        "A growing gap means overfitting.",
        "Dropout can push it below zero: training is measured with units switched off."
        if drops
        else "",
        _when_over(measure, curves, threshold),
        _seen(reading),
    )
    return Chart(
        figure,
        curve_table(curves, GAP_CURVE_COLUMNS),
        f"Line chart of the gap between validation and training {measure.label} over "
        f"{how_far(curves, 'epochs')}{_in_unit(measure)}. At the end: {listing(ends)}."
        f"{diverged(reading)}",
        " ".join(filter(None, looks)),
    )


def gap_bars(
    reading: Reading, criterion: Criterion = _LOSS, *, threshold: float | None = None
) -> Chart:
    """How much worse validation is than training at the end, a bar per arm."""
    measure, x = _measure(reading, criterion), _title(reading, criterion)
    key = f"{reading.id}:gap_bars:{criterion.name}"
    how, scale = reading.judging, 100.0 if criterion.is_share else 1.0
    found = {
        arm: gap_at_end(arm, criterion, when=how.at, centre=how.centre) for arm in reading.arms
    }
    gaps = {arm: _scaled(gap, scale) for arm, gap in found.items() if gap is not None}
    if not gaps:
        return empty(x, "Arm", GAP_COLUMNS, no_scores(reading), key=key)
    figure = _draw_bars(gaps, blank(x, "Arm", key=key, height=bar_height(len(gaps))))
    tops = [gap.mean for gap in gaps.values()]
    if threshold is not None and threshold <= _FAR * max(tops):
        figure.add_vline(x=threshold, line=_LINE)
        _add_threshold_entry(figure, measure, threshold)
    spoken = [f"{arm.title} {number(gap.mean)}" for arm, gap in gaps.items()]
    return Chart(
        figure,
        numbers_table(
            [(a.title, g.mean, g.low, g.high, g.n) for a, g in gaps.items()], GAP_COLUMNS
        ),
        f"Bar chart of the gap between validation and training {measure.label}, {reading.moment}"
        f"{_in_unit(measure)}: {listing(spoken)}.{diverged(reading)}",
        "The longer the bar, the more was learnt by heart. Below zero, training was harder: it is "
        "measured while learning, with dropout on."
        f"{_seen(reading)}{diverged(reading)}",
    )


def gap_epochs(
    reading: Reading,
    arm: ReadArm,
    criterion: Criterion = _LOSS,
    *,
    threshold: float | None = None,
) -> Chart:
    """The gap of one arm, a bar per epoch; bars above the threshold are filled."""
    measure, y = _measure(reading, criterion), _title(reading, criterion)
    key = f"{reading.id}:gap_epochs:{criterion.name}:{arm.label}"
    curves = gaps_of([arm], criterion, measure)
    if not curves:
        why = no_curves(reading, measure.key)
        return empty("Epoch", y, GAP_EPOCH_COLUMNS, why, key=key)
    (curve,) = curves
    figure = blank("Epoch", y, key=key, height=bar_height(len(reading.arms)) + 60)
    set_axis(figure, reading, "epochs", curves)
    over = np.zeros(len(curve.x), bool) if threshold is None else curve.mean > threshold
    look = style(arm.position)
    ends = {"array": curve.high - curve.mean, "arrayminus": curve.mean - curve.low, "color": GREY}
    seen = len(curve.x) <= _MOST_WHISKERS and bool(np.isfinite(curve.high).any())
    figure.add_bar(
        x=curve.x,
        y=curve.mean,
        marker={
            "color": np.where(over, look.color, look.band_fill()),
            "line": {"width": 1, "color": look.color},
        },
        error_y={"type": "data", "visible": seen, **ends},
        showlegend=False,
        hovertemplate="epoch %{x}: %{y:.4g}<extra></extra>",
    )
    _add_threshold(figure, measure, threshold)
    figure.update_yaxes(range=_with_line(curves_view(curves, "gap"), threshold, zero=True))
    figure.update_xaxes(range=[curve.x[0] - 0.7, curve.x[-1] + 0.7])
    rows = zip(
        *(curve.x, curve.mean, curve.low, curve.high),
        np.isfinite(curve.history.values).sum(axis=0),
        over,
        strict=True,
    )
    return Chart(
        figure,
        numbers_table(list(rows), GAP_EPOCH_COLUMNS),
        f"Bar chart of the gap between validation and training {measure.label} of {arm.title}, "
        f"epoch by epoch{_in_unit(measure)}. At the end: {number(final(curve))}.",
        _of_epochs(measure, over, threshold) + _seen(reading),
    )


_LINE = {"color": GREY, "width": 1.5, "dash": "dash"}


def _measure(reading: Reading, criterion: Criterion) -> Measure:
    """What gaps are shown in: those of shares in points."""
    if criterion.is_share:
        return Measure(criterion.name, criterion.label, "points", 100.0, number)
    return curve_measure(reading, criterion.name.removeprefix("data_"))


def _title(reading: Reading, criterion: Criterion) -> str:
    words = "Training − validation" if not criterion.less else "Validation − training"
    return f"{words} {_measure(reading, criterion).title().lower()}"


def _in_unit(measure: Measure) -> str:
    return f", in {measure.unit}" if measure.unit else ""


def _scaled(gap: Interval, scale: float) -> Interval:
    half = None if gap.half is None else scale * gap.half
    ends = None if gap.ends is None else (scale * gap.ends[0], scale * gap.ends[1])
    return Interval(scale * gap.mean, gap.n, half, ends=ends)


def _draw_bars(gaps: Mapping[ReadArm, Interval], figure: go.Figure) -> go.Figure:
    names = [arm.title for arm in gaps]
    halves = [0.0 if gap.high is None else gap.high - gap.mean for gap in gaps.values()]
    add_bars(
        figure,
        names,
        np.array([gap.mean for gap in gaps.values()]),
        [style(arm.position).color for arm in gaps],
        "%{y}: %{x:.4g}",
        error_x={"type": "data", "array": np.array(halves), "color": GREY},
    )
    write_beside(figure, {arm.title: _mean_and_half(g.mean, g.high) for arm, g in gaps.items()})
    name_arms(figure, names)
    return figure


def _add_threshold(figure: go.Figure, measure: Measure, threshold: float | None) -> None:
    if threshold is not None:
        figure.add_hline(y=threshold, line=_LINE)
        _add_threshold_entry(figure, measure, threshold)


def _add_threshold_entry(figure: go.Figure, measure: Measure, threshold: float) -> None:
    add_entry(figure, f"too far apart: {_amount(measure, threshold)}", line=_LINE)


def _amount(measure: Measure, threshold: float) -> str:
    """ "5 points", "0.1", "4,600 $"."""
    unit = "" if measure.key == "loss" or not measure.unit else f" {measure.unit}"
    return f"{threshold:,g}{unit}"


def _with_line(
    limits: list[float] | None, threshold: float | None, *, zero: bool = False
) -> list[float] | None:
    """A y range with room for the threshold where that doesn't flatten the gaps."""
    if limits is None:
        return None
    low, high = limits
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if threshold is not None and high < threshold <= _FAR * max(high, 0.0):
        high = 1.05 * threshold
    return [low, high]


def _when_over(measure: Measure, curves: list[Curve], threshold: float | None) -> str:
    """When each arm's mean gap is too large for the first time, as a sentence."""
    if threshold is None:
        return ""
    first = {c.title: first_over(c.x, c.mean, threshold) for c in curves}
    over = [f"{title} at epoch {epoch:.0f}" for title, epoch in first.items() if epoch is not None]
    amount = _amount(measure, threshold)
    if not over:
        return f"None is above {amount}."
    never = [title for title, epoch in first.items() if epoch is None]
    rest = f"; {listing(never)} never" if never else ""
    return f"First above {amount}: {listing(over)}{rest}."


def _of_epochs(measure: Measure, over: np.ndarray, threshold: float | None) -> str:
    if threshold is None:
        return "Bars that grow: the longer it trains, the more it learns by heart."
    amount = _amount(measure, threshold)
    if not over.any():
        return f"No bar is above {amount}."
    return (
        f"Filled bars are above {amount}: {over.sum():,} of {len(over):,} epochs. Bars that grow: "
        "the longer it trains, the more it learns by heart."
    )


def _seen(reading: Reading) -> str:
    """What a gap is where the rows trained on validate."""
    note = reading.validation_note
    return f" {note} A gap then only shows what training learns within an epoch." if note else ""


def _mean_and_half(mean: float, high: float | None) -> str:
    """ "0.075 ± 0.03", the half width of the interval; the mean alone with one seed."""
    if high is None:
        return number(mean)
    least = 0.001 * abs(mean)  # about the last digit of the mean
    half = high - mean
    return f"{number(mean)} ± " + (number(half, 2) if half >= least else f"<{number(least, 1)}")
