"""Learning curves over what is spent."""

from collections.abc import Collection

import plotly.graph_objects as go

from nncore.analysis.reading import ReadArm, Reading
from nncore.figures.parts.chart import (
    Chart,
    blank,
    empty,
    legend_room,
    log_ticks,
)
from nncore.figures.parts.ends import fit, write_ends
from nncore.figures.parts.lines import (
    add_curve,
    add_lost,
    add_part_legend,
    add_seeds,
    curve_table,
    curves_of,
)
from nncore.figures.parts.measures import curve_measure
from nncore.figures.parts.missing import no_curves
from nncore.figures.parts.views import curves_view
from nncore.figures.trained.axes import axis_of, set_axis
from nncore.figures.trained.curve_words import Curves, tell_curves
from nncore.figures.trained.marks import (
    add_marks,
    lead_to_edge,
    line_ends,
    progress,
    standing,
)

CURVE_COLUMNS = ("Arm", "Part", "Epoch", "Mean", "Low", "High", "Seeds")
_HEIGHT, _PLOT = 400, 250  # pixels of the chart, and of its plot at least
_ROW = 20  # pixels of a row of the legend
# pixels that labels and titles of the axes and one row of the legend take at most as a rule: where
# plotly finds that they need more, it draws the axes again, a third of its time
_MARGIN = {"l": 88, "b": 100}


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
    table = curve_table(shown.curves, columns, axis_of(over).column)
    return Chart(figure, table, *tell_curves(shown, marks=marks))


def _read_curves(
    reading: Reading, metric: str, over: str, only: Collection[str], chosen: str, *, log: bool
) -> Curves:
    measure, arms = curve_measure(reading, metric), drawn_of(reading, only)
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
    figure.update_layout(margin=_MARGIN)
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


def drawn_of(reading: Reading, only: Collection[str]) -> list[ReadArm]:
    """The arms of these labels; all where none is named."""
    return [arm for arm in reading.arms if not only or arm.label in only]
