"""Training, validation and test side by side, as bars and as a table."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.digits import plus_minus
from nncore.analysis.judging import LAST, Criterion
from nncore.analysis.parts import PARTS, TEST, TRAINING, VALIDATION
from nncore.analysis.reading import Reading
from nncore.analysis.side_by_side import Sides, measured_everywhere, side_by_side
from nncore.analysis.statistics import Interval
from nncore.analysis.uneven import beside_accuracy
from nncore.figures.parts.chart import (
    CLEAR,
    GREY,
    Chart,
    Style,
    blank,
    empty,
    numbers_table,
    style,
    wrapped,
)
from nncore.figures.parts.lines import add_lost
from nncore.figures.parts.measures import Measure, score_measure
from nncore.figures.parts.missing import diverged, no_scores
from nncore.figures.parts.text import literal
from nncore.figures.parts.traces import whiskers
from nncore.system.wording import listing

SIDE_COLUMNS = ("Arm", "Part", "Mean", "Low", "High", "Seeds")
_THICK = 0.26  # of a bar, in arms
_SLOT, _ROOM = 64, 130  # pixels of an arm, and of axis and legend


def side_bars(reading: Reading, criterion: Criterion, *, tests: bool = False) -> Chart:
    """A bar per part of the data and arm, with its 95 % interval over seeds.

    `criterion` is measured everywhere. `tests`: whether test scores are shown.
    """
    measure = score_measure(reading, criterion)
    key = f"{reading.id}:sides:{criterion.name}:{reading.judging.key}"
    title = f"{measure.title()}, {reading.moment}"
    per_arm = side_by_side(reading, criterion, tests=tests)
    if not per_arm:
        return empty(title, "Arm", SIDE_COLUMNS, no_scores(reading), key=key)
    figure = blank(title, "Arm", key=key, height=_ROOM + _SLOT * max(len(per_arm), 2))
    parts = [part for part in PARTS if any(part in sides.scores for sides in per_arm)]
    places = _places(parts)
    for row, sides in enumerate(per_arm):
        for part, score in sides.scores.items():
            _add_bar(figure, measure, sides, part, row + places[part])
            _write(figure, measure, score, row + places[part])
    for part in parts:
        figure.add_bar(
            x=np.array([None]),
            y=np.array([0.0]),
            orientation="h",
            marker=_marker(part, GREY, CLEAR),
            name=part,
        )
    add_lost(figure, reading.arms, {sides.arm for sides in per_arm})
    names = wrapped([sides.arm.title for sides in per_arm])
    rows = np.arange(len(per_arm))
    figure.update_layout(barmode="overlay", margin_r=10 + 7 * _widest(measure, per_arm))
    figure.update_yaxes(tickvals=rows, ticktext=names, range=[len(names) - 0.5, -0.5])
    figure.update_xaxes(tickformat=measure.tickformat, rangemode="tozero", nticks=6)
    return _tell(reading, measure, per_arm, figure, tests=tests)


def _places(parts: Sequence[str]) -> dict[str, float]:
    """Where the bars of an arm lie around its middle, the first on top."""
    middle = (len(parts) - 1) / 2
    return {part: (i - middle) * (_THICK + 0.02) for i, part in enumerate(parts)}


def _marker(part: str, color: str, pale: str) -> dict[str, Any]:
    """Training is an outline, validation filled, test striped."""
    line = {"width": 1.5, "color": color}
    if part == TRAINING:
        return {"color": pale, "line": line}
    if part == VALIDATION:
        return {"color": color, "line": line}
    pattern = {"shape": "/", "fgcolor": color, "bgcolor": CLEAR, "size": 6, "fillmode": "replace"}
    return {"color": color, "line": line, "pattern": pattern}


def _add_bar(figure: go.Figure, measure: Measure, sides: Sides, part: str, place: float) -> None:
    look: Style = style(sides.arm.position)
    score = sides.scores[part]
    figure.add_bar(
        x=np.array([score.mean]),
        y=np.array([place]),
        width=_THICK,
        orientation="h",
        marker=_marker(part, look.color, look.band_fill()),
        error_x=whiskers(score, GREY),
        showlegend=False,
        hovertemplate=f"{literal(sides.arm.title)}, {part}: %{{x:{measure.tickformat or '.4g'}}}"
        "<extra></extra>",
    )


def _write(figure: go.Figure, measure: Measure, score: Interval, place: float) -> None:
    figure.add_annotation(
        text=literal(_text(measure, score)),
        **{"x": 1, "xref": "paper", "xanchor": "left", "y": place, "showarrow": False},
        font={"size": 12},
    )


def _text(measure: Measure, score: Interval) -> str:
    return plus_minus(score, share=measure.is_share)


def _widest(measure: Measure, per_arm: Sequence[Sides]) -> int:
    return max(len(_text(measure, score)) for sides in per_arm for score in sides.scores.values())


def _tell(
    reading: Reading, measure: Measure, per_arm: Sequence[Sides], figure: go.Figure, *, tests: bool
) -> Chart:
    spoken = [
        f"{s.arm.title} "
        + listing([f"{part} {measure.write(score.mean)}" for part, score in s.scores.items()])
        for s in per_arm
    ]
    better = "longer" if measure.is_share else "shorter"
    looks = [
        f"Training bars {better} than validation bars: what was learnt by heart.",
        "Training is measured while it learns, with dropout on, so it may also lie behind.",
        _of_tests(reading) if tests else "Test bars stand here once test scores are shown.",
        reading.validation_note,
    ]
    rows = [
        (s.arm.title, part, score.mean, score.low, score.high, score.n)
        for s in per_arm
        for part, score in s.scores.items()
    ]
    parts = "training, validation and test" if tests else "training and validation"
    return Chart(
        figure,
        numbers_table(rows, SIDE_COLUMNS),
        f"Bar chart of {parts} {measure.label}, {reading.moment}: "
        f"{'; '.join(spoken)}.{diverged(reading)}",
        " ".join(filter(None, looks)),
    )


def _of_tests(reading: Reading) -> str:
    words = "Validation and test much alike: the choice of an arm has not used validation up."
    if reading.judging.at == LAST:
        return words
    return f"{words} Test rows are measured once, with the returned weights."


def side_table(reading: Reading, *, tests: bool = False) -> pd.DataFrame:
    """A row per arm with a score: each measure on each part of the data, in texts people read.

    Columns: Arm; for the metric and the loss, "Training accuracy", "Validation accuracy", with
    `tests` "Test accuracy", each with its 95 % interval over seeds; "Gap", how much worse
    validation is, in points where the measure is a share; of uneven classes also the scores of
    `beside_accuracy`, which training hasn't. Errors are in the target's unit.
    """
    table: dict[str, dict[str, str]] = {}
    for criterion in measured_everywhere(reading):
        measure = score_measure(reading, criterion)
        label = "MAE" if criterion.in_unit else criterion.label
        for sides in side_by_side(reading, criterion, tests=tests):
            row = table.setdefault(sides.arm.title, {"Arm": sides.arm.title})
            for part in PARTS if tests else (TRAINING, VALIDATION):
                score = sides.scores.get(part)
                row[f"{part.capitalize()} {label}"] = _text(measure, score) if score else ""
            row[f"Gap of {label}"] = _gap(measure, sides.gap)
    how = reading.judging
    for arm in (arm for arm in reading.arms if arm.title in table):
        for criterion in beside_accuracy(reading):
            for part in (VALIDATION, *([TEST] if tests else [])):
                score = arm.interval(criterion.name, part=part, when=how.at, centre=how.centre)
                name = f"{part.capitalize()} {criterion.label}"
                table[arm.title][name] = plus_minus(score, share=True) if score else ""
    return pd.DataFrame(list(table.values()))


def _gap(measure: Measure, gap: Interval | None) -> str:
    if gap is None:
        return ""
    text = plus_minus(gap, share=measure.is_share)
    return text.replace(" %", "") + " points" if measure.is_share else text
