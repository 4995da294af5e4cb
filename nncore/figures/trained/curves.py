"""Learning curves over what is spent, and the gap between training and validation."""

from collections.abc import Collection

import numpy as np

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import interval
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
from nncore.figures.parts.measures import Measure, curve_measure, loss_measure
from nncore.figures.parts.missing import diverged, no_curves, no_scores
from nncore.figures.parts.text import literals
from nncore.figures.parts.views import beyond, curves_view
from nncore.figures.trained.axes import axis_of, axis_words, set_axis
from nncore.figures.trained.marks import (
    MARKS_WORDS,
    add_marks,
    lead_to_edge,
    line_ends,
    progress,
    standing,
)
from nncore.system.wording import listing, number, times

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
    measure, axis = curve_measure(reading, metric), axis_of(over)
    key = f"{reading.id}:{metric}:{over}:{log}:{measure.unit}"
    columns = tuple(axis.column if name == "Epoch" else name for name in CURVE_COLUMNS)
    arms = _drawn(reading, only)
    curves = [
        *curves_of(arms, measure, "training", over),
        *curves_of(arms, measure, "validation", over),
    ]
    if not curves:
        why = no_curves(reading, measure.key)
        return empty(axis.title, measure.title(), columns, why, key=key)
    held_out = [curve for curve in curves if curve.part == "validation"]
    limits = curves_view(curves, metric, log)
    floor = 10 ** (limits[0] - 1) if log and limits else None
    ends = [] if limits is None else line_ends(reading, held_out, limits, log, chosen)
    high = _PLOT - 2 * _ROW * marks
    beside = bool(ends) and fit(ends, high)
    names = [] if beside else [curve.title for curve in held_out]
    figure = blank(axis.title, measure.title(), key=key, height=_HEIGHT + legend_room(names))
    set_axis(figure, reading, over, curves)
    figure.update_layout(legend_xref="container")  # names beside the plot leave it narrow
    for curve in curves:
        if single_seeds and curve.part == "validation":
            add_seeds(figure, curve, axis.hover)
        stands = standing(curve, chosen)
        add_curve(
            figure,
            curve,
            measure,
            floor=floor,
            hover=axis.hover,
            stands=stands,
            legend=not beside,
            note="" if beside else progress(reading, curve.arm),
        )
    add_lost(figure, arms, {curve.arm for curve in curves})
    note = reading.validation_note
    add_part_legend(figure, seen=bool(note))
    if marks:
        add_marks(figure, reading, curves, over, chosen, more=metric == "accuracy")
    if beside:
        lead_to_edge(figure, held_out, max(float(c.x[-1]) for c in curves))
        write_ends(figure, ends, high)
    figure.update_yaxes(tickformat=measure.tickformat, range=limits)
    if log:
        figure.update_yaxes(type="log", **(log_ticks(*limits) if limits else {}))
    some = (
        f"{len(arms)} of {len(reading.arms)} arms are drawn."
        if len(arms) < len(reading.arms)
        else ""
    )
    looks = (
        *(some, _curves_look_for(metric, held_out), axis_words(reading, over)),
        *(_cut(curves, metric, log), MARKS_WORDS if marks else "", note),
    )
    return Chart(
        figure,
        curve_table(curves, columns, axis.column),
        _curves_alt(reading, held_out, measure, over),
        " ".join(filter(None, looks)),
    )


def _cut(curves: list[Curve], metric: str, log: bool) -> str:
    """Which arm's losses leave the chart, and where they can be seen."""
    lone = beyond([c for c in curves if not c.diverged]) if metric == "loss" and not log else None
    if lone is None:
        return ""
    top = number(max(float(np.nanmax(c.mean)) for c in curves if c.arm is lone))
    return (
        f"{lone.title} has losses up to {top}, beyond this chart, which leaves room for the "
        "others; a logarithmic axis shows them all."
    )


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
    figure = blank("Epoch", y, key=key, height=460 + legend_room([c.title for c in curves]))
    set_axis(figure, reading, "epochs", curves)
    figure.add_hline(y=0, line={"color": GREY, "width": 1, "dash": "dot"})
    for curve in curves:
        add_curve(figure, curve, measure, dash=curve.style.dash)
    add_lost(figure, arms, {curve.arm for curve in curves})
    figure.update_yaxes(range=curves_view(curves, "gap"))
    ends = [f"{c.title} {number(final(c))}" for c in curves]
    return Chart(
        figure,
        curve_table(curves, GAP_CURVE_COLUMNS),
        f"Line chart of the gap between validation and training loss over "
        f"{_last(curves, 'epochs')}. At the end: {listing(ends)}.{diverged(reading)}",
        "A gap that grows means overfitting. Dropout can push it below zero: training is measured "
        f"with units switched off.{_seen(reading)}",
    )


def gap_bars(reading: Reading) -> Chart:
    """Validation minus training loss of finished trainings, where the weights come from.

    A bar per arm, at the epoch whose weights the trainings returned.
    """
    measure = loss_measure(reading)
    x = f"Validation − training {measure.title().lower()}"
    key = f"{reading.id}:gap_bars"
    rows, colors = [], []
    for arm in reading.arms:
        gap = interval(t.returned("val_data_loss") - t.returned("data_loss") for t in arm.finished)
        if gap is not None:
            rows.append((arm.title, gap.mean, gap.low, gap.high, gap.n))
            colors.append(style(arm.position).color)
    if not rows:
        return empty(x, "Arm", GAP_COLUMNS, no_scores(reading), key=key)
    table = numbers_table(rows, GAP_COLUMNS)
    figure = blank(x, "Arm", key=key, height=bar_height(len(rows)))
    half = (table["High"].astype(float) - table["Gap"]).to_numpy()
    figure.add_bar(
        x=table["Gap"].to_numpy(),
        y=literals(table["Arm"]),
        orientation="h",
        marker={"color": colors},
        error_x={"type": "data", "array": np.nan_to_num(half), "color": GREY},
        showlegend=False,
        hovertemplate="%{y}: %{x:.4g}<extra></extra>",
    )
    write_beside(figure, {row[0]: _mean_and_half(row[1], row[3]) for row in rows})
    name_arms(figure, list(table["Arm"]))
    spoken = [f"{row[0]} {number(row[1])}" for row in rows]
    return Chart(
        figure,
        table,
        f"Bar chart of the gap between validation and training loss, {reading.moment()}: "
        f"{listing(spoken)}.{diverged(reading)}",
        "The longer the bar, the more was learnt by heart. Below zero, training was harder: it is "
        "measured while learning, with dropout on."
        f"{_seen(reading)}{diverged(reading)}",
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


def _drawn(reading: Reading, only: Collection[str]) -> list[ReadArm]:
    return [arm for arm in reading.arms if not only or arm.label in only]


def _last(curves: list[Curve], over: str) -> str:
    """How far the longest curve goes: "5 epochs"."""
    return axis_of(over).amount(max((float(c.x[-1]) for c in curves), default=0.0))


def _curves_alt(reading: Reading, curves: list[Curve], measure: Measure, over: str) -> str:
    unit = f" {measure.unit}" if measure.key == "mae" and measure.unit else ""
    ends = [f"{c.title} {measure.write(final(c))}{unit}" for c in curves]
    seeds = times(len(reading.seeds), "seed")
    at_end = f" Validation at the end: {listing(ends)}." if ends else ""
    return (
        f"Line chart of training and validation {measure.label} over {_last(curves, over)}, "
        f"mean of up to {seeds}.{at_end}{diverged(reading)}"
    )


def _curves_look_for(metric: str, curves: list[Curve]) -> str:
    several = any(len(c.history.seeds) > 1 for c in curves)
    better = "Higher" if metric == "accuracy" else "Lower"
    bands = (
        "Where bands overlap widely, the difference may be chance."
        if several
        else "With one seed there are no bands: small differences may be chance."
    )
    if any(c.stops.size for c in curves):
        bands += (
            " Strokes mark where early stopping ended a training: after one, the mean is of the "
            "seeds still training, so a jump there is no change of any network."
        )
    if len({c.arm for c in curves}) == 1:  # none is ahead of another
        return (
            f"{better} is better. Still improving at the end: more epochs may help. Validation "
            "that turns round while training goes on improving: overfitting. "
            + (
                ""
                if several
                else "With one seed, this is one course of many: another may end a "
                "little higher or lower."
            )
        ).rstrip()
    return (
        f"{better} is better. Validation that turns round while training goes on is overfitting. "
        f"{bands}"
    )
