"""Learning curves over what is spent, and the gap between training and validation."""

from collections.abc import Collection, Mapping

import numpy as np
import plotly.graph_objects as go

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval, interval
from nncore.figures.parts.chart import (
    GREY,
    Chart,
    bar_height,
    blank,
    empty,
    legend_room,
    log_ticks,
    name_arms,
    numbers_table,
    style,
    write_beside,
)
from nncore.figures.parts.ends import fit, write_ends
from nncore.figures.parts.lines import (
    Curve,
    add_curve,
    add_lost,
    add_part_legend,
    add_seeds,
    curve_table,
    curves_of,
    final,
    gaps_of,
)
from nncore.figures.parts.measures import curve_measure, loss_measure
from nncore.figures.parts.missing import diverged, no_curves, no_scores
from nncore.figures.parts.traces import add_bars
from nncore.figures.parts.views import curves_view
from nncore.figures.trained.axes import axis_of, set_axis
from nncore.figures.trained.curve_words import Curves, how_far, tell_curves
from nncore.figures.trained.marks import (
    add_marks,
    lead_to_edge,
    line_ends,
    progress,
    standing,
)
from nncore.system.wording import listing, number

CURVE_COLUMNS = ("Arm", "Part", "Epoch", "Mean", "Low", "High", "Seeds")
GAP_COLUMNS = ("Arm", "Gap", "Low", "High", "Seeds")
GAP_CURVE_COLUMNS = ("Arm", "Epoch", "Mean", "Low", "High", "Seeds")
_HEIGHT, _PLOT = 400, 250  # pixels of the chart, and of its plot at least
_ROW = 20  # pixels of a row of the legend


def learning_curves(
    reading: Reading,
    metric: str,
    *,
    over: str = "epochs",
    single_seeds: bool = False,
    log: bool = False,
    only: Collection[str] = (),
    marks: bool = False,
    chosen: str = "",
) -> Chart:
    """Training (thin, dotted) and validation (solid) means of every arm with 95 % bands.

    `metric` is "loss", "accuracy" or "mae"; `over` is one of AXES, what is spent along the x
    axis. `single_seeds` draws each validation curve, too. `only`: labels of the arms to draw,
    where all would be too many to see. `marks`: the best epoch, and where training overtakes
    validation. `chosen`: label of the arm that stands out.
    """
    shown = _read_curves(reading, metric, over, only, chosen, log=log)
    key = f"{reading.id}:{metric}:{over}:{log}:{shown.measure.unit}"
    columns = tuple(axis_of(over).column if n == "Epoch" else n for n in CURVE_COLUMNS)
    if not shown.curves:
        why = no_curves(reading, shown.measure.key)
        return empty(axis_of(over).title, shown.measure.title(), columns, why, key=key)
    figure = _draw_curves(shown, key, single_seeds=single_seeds, marks=marks)
    return tell_curves(shown, columns, figure, marks=marks)


def _read_curves(
    reading: Reading, metric: str, over: str, only: Collection[str], chosen: str, *, log: bool
) -> Curves:
    measure, arms = curve_measure(reading, metric), _drawn(reading, only)
    curves = [
        *curves_of(arms, measure, "training", over),
        *curves_of(arms, measure, "validation", over),
    ]
    return Curves(reading, metric, measure, over, log, chosen, arms, curves)


def _draw_curves(shown: Curves, key: str, *, single_seeds: bool, marks: bool) -> go.Figure:
    reading, measure, log, curves = shown.reading, shown.measure, shown.log, shown.curves
    axis, held_out = axis_of(shown.over), shown.held_out
    limits = curves_view(curves, shown.metric, log)
    floor = 10 ** (limits[0] - 1) if log and limits else None
    ends = [] if limits is None else line_ends(reading, held_out, limits, log, shown.chosen)
    high = _PLOT - 2 * _ROW * marks
    beside = bool(ends) and fit(ends, high)
    names = [] if beside else [curve.title for curve in held_out]
    figure = blank(axis.title, measure.title(), key=key, height=_HEIGHT + legend_room(names))
    set_axis(figure, reading, shown.over, curves)
    figure.update_layout(legend_xref="container")  # names beside the plot leave it narrow
    for curve in curves:
        if single_seeds and curve.part == "validation":
            add_seeds(figure, curve, axis.hover)
        add_curve(
            figure,
            curve,
            measure,
            floor=floor,
            hover=axis.hover,
            stands=standing(curve, shown.chosen),
            legend=not beside,
            note="" if beside else progress(reading, curve.arm),
        )
    add_lost(figure, shown.arms, {curve.arm for curve in curves})
    add_part_legend(figure, seen=bool(reading.validation_note))
    if marks:
        more = shown.metric == "accuracy"
        add_marks(figure, reading, curves, shown.over, shown.chosen, more=more)
    if beside:
        lead_to_edge(figure, held_out, max(float(c.x[-1]) for c in curves))
        write_ends(figure, ends, high)
    figure.update_yaxes(tickformat=measure.tickformat, range=limits)
    if log:
        figure.update_yaxes(type="log", **(log_ticks(*limits) if limits else {}))
    return figure


def gap_curves(reading: Reading, *, only: Collection[str] = ()) -> Chart:
    """Validation minus training loss over epochs: how much better the network knows what it saw.

    `only`: labels of the arms to draw, where all would be too many to see.
    """
    measure = loss_measure(reading)
    y = f"Validation − training {measure.title().lower()}"
    key = f"{reading.id}:gap"
    arms = _drawn(reading, only)
    curves = gaps_of(arms)
    if not curves:
        why = no_curves(reading, measure.key)
        return empty("Epoch", y, GAP_CURVE_COLUMNS, why, key=key)
    height = 460 + legend_room([c.title for c in curves])
    figure = _draw_gaps(reading, arms, curves, blank("Epoch", y, key=key, height=height))
    ends = [f"{c.title} {number(final(c))}" for c in curves]
    return Chart(
        figure,
        curve_table(curves, GAP_CURVE_COLUMNS),
        f"Line chart of the gap between validation and training loss over "
        f"{how_far(curves, 'epochs')}. At the end: {listing(ends)}.{diverged(reading)}",
        "A gap that grows means overfitting. Dropout can push it below zero: training is measured "
        f"with units switched off.{_seen(reading)}",
    )


def _draw_gaps(
    reading: Reading, arms: list[ReadArm], curves: list[Curve], figure: go.Figure
) -> go.Figure:
    set_axis(figure, reading, "epochs", curves)
    figure.add_hline(y=0, line={"color": GREY, "width": 1, "dash": "dot"})
    for curve in curves:
        add_curve(figure, curve, loss_measure(reading), dash=curve.style.dash)
    add_lost(figure, arms, {curve.arm for curve in curves})
    figure.update_yaxes(range=curves_view(curves, "gap"))
    return figure


def gap_bars(reading: Reading) -> Chart:
    """Validation minus training loss of finished trainings, where the weights come from.

    A bar per arm, at the epoch whose weights the trainings returned.
    """
    measure = loss_measure(reading)
    x = f"Validation − training {measure.title().lower()}"
    key = f"{reading.id}:gap_bars"
    gaps = {
        arm: gap
        for arm in reading.arms
        if (
            gap := interval(
                t.returned("val_data_loss") - t.returned("data_loss") for t in arm.finished
            )
        )
    }
    if not gaps:
        return empty(x, "Arm", GAP_COLUMNS, no_scores(reading), key=key)
    figure = _draw_bars(gaps, blank(x, "Arm", key=key, height=bar_height(len(gaps))))
    spoken = [f"{arm.title} {number(gap.mean)}" for arm, gap in gaps.items()]
    return Chart(
        figure,
        numbers_table(
            [(a.title, g.mean, g.low, g.high, g.n) for a, g in gaps.items()], GAP_COLUMNS
        ),
        f"Bar chart of the gap between validation and training loss, {reading.end}: "
        f"{listing(spoken)}.{diverged(reading)}",
        "The longer the bar, the more was learnt by heart. Below zero, training was harder: it is "
        "measured while learning, with dropout on."
        f"{_seen(reading)}{diverged(reading)}",
    )


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


def _drawn(reading: Reading, only: Collection[str]) -> list[ReadArm]:
    return [arm for arm in reading.arms if not only or arm.label in only]
