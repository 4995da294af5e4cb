"""How fast arms learn: loss relative to its start, epochs and seconds until a level, a table."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from nncore.analysis.reading import Reading
from nncore.analysis.speed import Speed
from nncore.analysis.speed_words import level_words, pace_text, speed_words
from nncore.figures.parts.chart import (
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
from nncore.figures.parts.lines import add_curve, add_lost, curve_table, final, relative_of
from nncore.figures.parts.measures import Measure, loss_measure
from nncore.figures.parts.missing import diverged, no_curves
from nncore.figures.parts.text import literal
from nncore.figures.parts.traces import add_mean, add_seed_points, whiskers
from nncore.figures.parts.views import curves_view
from nncore.figures.trained.axes import axis_of, axis_words, set_axis
from nncore.figures.trained.curve_words import how_far
from nncore.figures.trained.curves import drawn_of
from nncore.system.wording import listing, percent

RELATIVE_COLUMNS = ("Arm", "Epoch", "Mean", "Low", "High", "Seeds")
SPEED_COLUMNS = ("Arm", "Seed", "Reached", "Mean", "Low", "High", "Runs that never did")


def relative_curves(reading: Reading, *, over: str = "epochs", only: Collection[str] = ()) -> Chart:
    """Training loss without penalty as a share of its first record's: mean and 95 % band."""
    loss, axis = loss_measure(reading), axis_of(over)
    measure = Measure(loss.key, loss.label, "", 1.0, percent, ".0%")
    y, key = "Training loss, share of its first epoch's", f"{reading.id}:relative:{over}"
    columns = tuple(axis.column if name == "Epoch" else name for name in RELATIVE_COLUMNS)
    arms = drawn_of(reading, only)
    curves = relative_of(arms, measure, over)
    if not curves:
        return empty(axis.title, y, columns, no_curves(reading, loss.key), key=key)
    height = 420 + legend_room([curve.title for curve in curves])
    figure = blank(axis.title, y, key=key, height=height)
    set_axis(figure, reading, over, curves)
    for curve in curves:
        add_curve(figure, curve, measure, dash=curve.style.dash, hover=axis.hover)
    add_lost(figure, arms, {curve.arm for curve in curves})
    limits = curves_view(curves, "relative")
    figure.update_yaxes(tickformat=".0%", range=limits and [max(limits[0], -0.02), limits[1]])
    ends = [f"{curve.title} {percent(final(curve))}" for curve in curves]
    minding = axis_words(reading, over)
    return Chart(
        figure,
        curve_table(curves, columns, axis.column),
        f"Line chart of training loss relative to its first epoch over {how_far(curves, over)}. "
        f"At the end: {listing(ends)}.{diverged(reading)}",
        "The steeper it falls, the faster an arm brings its own loss down. Every curve starts at "
        "100 %, which is the loss of its first epoch: an arm that learnt most within that epoch "
        "looks slow here, so read it beside the epochs to a level."
        f"{f' {minding}' if minding else ''}",
    )


def speed_points(made: Speed, over: str) -> Chart:
    """When each seed reached the level (open), their mean with its 95 % interval (filled).

    `over` is "epochs" or "seconds". Arms that some seed never brought there have no mean.
    """
    reading = made.reading
    axis = axis_of(over)
    key = f"{reading.id}:speed:{over}:{'' if made.level is None else made.level.value}"
    x = f"{axis.label} until {level_words(made)}" if made.level else axis.label
    if not made.paces:
        return empty(x, "Arm", SPEED_COLUMNS, speed_words(made), key=key)
    figure = blank(x, "Arm", key=key, height=bar_height(len(made.paces)) + 20)
    for pace in made.paces:
        look, name = style(pace.arm.position), literal(pace.arm.title)
        got = [(run.seed, v) for run in pace.runs if (v := run.until(over)) is not None]
        if got:
            seeds, values = zip(*got, strict=True)
            hover = "%{y}, seed %{customdata}: %{x:.4g} " + over
            places = np.array([name] * len(seeds))
            add_seed_points(figure, look, np.array(values), places, list(seeds), hover)
        if (mean := pace.interval(over)) is not None:
            hover = f"%{{y}}, mean: %{{x:.4g}} {over}"
            ends = whiskers(mean, look.color)
            add_mean(figure, look, mean.mean, name, hover, error_x=ends, showlegend=False)
        elif not got:  # a row of its own all the same
            figure.add_scatter(
                x=np.array([0.0]),
                y=np.array([name]),
                mode="markers",
                marker={"symbol": "x-thin", "size": 12, "line": {"width": 2, "color": look.color}},
                cliponaxis=False,
                showlegend=False,
                hovertemplate="%{y}: never<extra></extra>",
            )
    name_arms(figure, [pace.arm.title for pace in made.paces])
    write_beside(figure, {p.arm.title: pace_text(p, over) for p in made.paces})
    figure.update_xaxes(rangemode="tozero")
    spoken = [f"{p.arm.title} {pace_text(p, over)}" for p in made.paces]
    return Chart(
        figure,
        numbers_table(_rows(made, over), SPEED_COLUMNS),
        f"Dot chart of {over} until {level_words(made)}: {'; '.join(spoken)}.{diverged(reading)}",
        "Further left is faster. The line through each mean is its 95 % interval over seeds. "
        + (
            axis_words(reading, over)
            if over == "seconds"
            else "Epochs are whole: a training arrives with the first epoch at the level."
        ),
    )


def _rows(made: Speed, over: str) -> list[tuple[object, ...]]:
    rows = []
    for pace in made.paces:
        mean, never = pace.interval(over), len(pace.runs) - pace.reached
        ends = (None, None, None) if mean is None else (mean.mean, mean.low, mean.high)
        rows += [(pace.arm.title, run.seed, run.until(over), *ends, never) for run in pace.runs]
    return rows


def speed_table(made: Speed) -> pd.DataFrame:
    """A row per arm, the fastest first, in texts people read.

    Columns: Arm; Reached, with how many of the trainings that ended; Epochs and Seconds until the
    level, means with 95 % intervals over seeds, ">" and what they are at least where some seed
    never got there, "never" where none did.
    """
    return pd.DataFrame(
        [
            {
                "Arm": pace.arm.title,
                "Reached": f"{pace.reached} of {len(pace.runs)}",
                "Epochs": pace_text(pace, "epochs"),
                "Seconds": pace_text(pace, "seconds"),
            }
            for pace in made.paces
        ],
        columns=["Arm", "Reached", "Epochs", "Seconds"],
    )
