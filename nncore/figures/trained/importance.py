"""Which columns of a table an arm's networks lean on, as bars."""

import numpy as np
import plotly.graph_objects as go

from nncore.analysis.importance import Importance, has_columns, importance
from nncore.analysis.importance_words import Unit, look_for, unit_of
from nncore.analysis.reading import ReadArm, Reading
from nncore.figures.parts.chart import (
    GREY,
    Chart,
    blank,
    empty,
    name_arms,
    numbers_table,
    style,
    write_beside,
)
from nncore.figures.parts.missing import no_scores
from nncore.figures.parts.text import literal
from nncore.figures.parts.traces import whiskers
from nncore.system.wording import distinct, listing, times

MOST_COLUMNS = 15  # with a bar; the table has all
IMPORTANCE_COLUMNS = ("Column", "Lost", "Low", "High", "Seeds")
_SPOKEN = 5  # in words


def column_importance(reading: Reading, arm: ReadArm) -> Chart:
    """How much worse validation rows are answered with one column shuffled, of one arm."""
    key, unit = f"{reading.id}:importance:{arm.label}", unit_of(reading)
    found = importance(reading, arm)
    if found is None:
        x = _title(unit)
        return empty(x, "Column", IMPORTANCE_COLUMNS, _why_nothing(reading, arm), key=key)
    return _tell(reading, arm, found, unit, _draw(arm, found, unit, key))


def _why_nothing(reading: Reading, arm: ReadArm) -> str:
    if not has_columns(reading):
        return "Only tables have columns to shuffle."
    if arm.finished:
        return "Not measured: these trainings are older than this chart. Run them again for it."
    return no_scores(reading)


def _title(unit: Unit) -> str:
    title = f"{unit.what.capitalize()} when a column is shuffled"
    return f"{title} ({unit.unit})" if unit.unit else title


def _draw(arm: ReadArm, found: Importance, unit: Unit, key: str) -> go.Figure:
    seen, more = found.columns[:MOST_COLUMNS], len(found.columns[MOST_COLUMNS:])
    names = [worth.column for worth in seen]
    names += distinct([f"… and {more} more"], names) if more else []
    title = f"{_title(unit)}, {times(found.seeds, 'seed')}, {times(found.rows, 'validation row')}"
    figure = blank(title, "Column", key=key, height=120 + 26 * max(len(names), 3))
    look = style(arm.position)
    for worth in seen:
        drop, is_open = unit.shown(worth.drop), worth.drop.half is not None and not worth.is_clear
        figure.add_bar(
            x=np.array([drop.mean]),
            y=np.array([literal(worth.column)]),
            orientation="h",
            marker={
                "color": look.band_fill() if is_open else look.color,
                "line": {"width": 1.5, "color": look.color},
            },
            error_x=whiskers(drop, GREY),
            showlegend=False,
            hovertemplate="%{y}: %{x:.4g}<extra></extra>",
        )
    name_arms(figure, names)
    # plotly makes room for what has a bar only
    figure.update_yaxes(autorange=False, range=[len(names) - 0.5, -0.5])
    write_beside(figure, {worth.column: unit.write(worth.drop) for worth in seen})
    figure.add_vline(x=0, line={"color": GREY, "width": 1})
    figure.update_layout(barmode="overlay")
    return figure


def _tell(
    reading: Reading, arm: ReadArm, found: Importance, unit: Unit, figure: go.Figure
) -> Chart:
    rows = []
    for worth in found.columns:
        drop = unit.shown(worth.drop)
        rows.append((worth.column, drop.mean, drop.low, drop.high, drop.n))
    told = [f"{w.column} {unit.write(w.drop)} {unit.unit}".rstrip() for w in found.columns]
    some = "The first: " if len(told) > _SPOKEN else ""
    return Chart(
        figure,
        numbers_table(rows, IMPORTANCE_COLUMNS),
        f"Bar chart of {unit.what} by {arm.title} when one of {times(len(told), 'column')} is "
        f"shuffled, {times(found.seeds, 'seed')}, {times(found.rows, 'validation row')}. "
        f"{some}{listing(told[:_SPOKEN])}.",
        " ".join(filter(None, [look_for(found), reading.validation_note])),
    )
