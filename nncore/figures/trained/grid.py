"""Two settings at once: a heatmap of the score, with the number of seeds in every cell."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.reading import Reading
from nncore.analysis.statistics import Interval
from nncore.config.settings import SETTINGS
from nncore.figures.parts.chart import Chart, dress, empty, numbers_table, scale_of
from nncore.figures.parts.measures import Measure, score_measure
from nncore.figures.parts.missing import no_scores
from nncore.figures.parts.text import literals
from nncore.questions.grids import Axis, cell
from nncore.system.arrays import Array
from nncore.system.wording import times

_SCALE = ("#6A9BD8", "#5FC7B0", "#B5DE5B", "#FDE725")  # ever lighter, for all eyes
_INK = "#10151C"  # can be read on each of them


class _Cells(NamedTuple):
    """The grid, a row per value of y."""

    means: Array
    texts: list[list[str]]
    table: pd.DataFrame


def heatmap(reading: Reading, x: Axis, y: Axis, fixed: Mapping[str, Any]) -> Chart:
    """Validation score over the grid of two settings, others held at their first values."""
    key = f"{reading.id}:grid:{reading.judging.key}:{x.key}:{y.key}"
    cells = _read(reading, x, y, fixed)
    if not np.isfinite(cells.means).any():
        names = SETTINGS[x.key].short, SETTINGS[y.key].short
        return empty(*names, _columns(x, y), no_scores(reading), key=key)
    figure = _draw(reading, x, y, cells, key)
    return _tell(reading, x, y, cells, figure)


def _columns(x: Axis, y: Axis) -> tuple[str, ...]:
    names = SETTINGS[x.key].short, SETTINGS[y.key].short
    return (*names, "Mean", "Low", "High", "Seeds", "Diverged")


def _read(reading: Reading, x: Axis, y: Axis, fixed: Mapping[str, Any]) -> _Cells:
    measure, rows = score_measure(reading), []
    means = np.full((len(y.values), len(x.values)), np.nan)
    texts = [["" for _ in x.values] for _ in y.values]
    for i, y_value in enumerate(y.values):
        for j, x_value in enumerate(x.values):
            there = cell(reading.snapshot.arms, {**fixed, x.key: x_value, y.key: y_value})
            if there is None:
                continue
            arm = reading.arm(there.label)
            score, lost = reading.middle(arm), len(arm.diverged)
            texts[i][j] = _cell_text(measure, score, lost)
            if score is not None:
                means[i, j] = score.mean
            numbers = (score.mean, score.low, score.high, score.n) if score else (*[None] * 3, 0)
            rows.append((_value(x, x_value), _value(y, y_value), *numbers, lost))
    return _Cells(means, texts, numbers_table(rows, _columns(x, y)))


def _draw(reading: Reading, x: Axis, y: Axis, cells: _Cells, key: str) -> go.Figure:
    measure = score_measure(reading)
    x_name, y_name = SETTINGS[x.key].short, SETTINGS[y.key].short
    figure = go.Figure()
    dress(figure, key=key, height=160 + 72 * max(len(y.values), 3))
    figure.update_layout(margin_t=0)  # the scale has room of its own
    figure.add_heatmap(
        z=cells.means,
        x=literals(_value(x, v) for v in x.values),
        y=literals(_value(y, v) for v in y.values),
        text=cells.texts,
        texttemplate="%{text}",
        textfont={"color": _INK},
        colorscale=scale_of(_SCALE),
        reversescale=reading.criterion.less,
        colorbar={  # above, so that the cells have all the width
            "orientation": "h",
            "thickness": 12,
            "ypad": 4,
            "y": 1.0,
            "yanchor": "bottom",
            "nticks": 8,
            "title": {"text": measure.title("validation"), "side": "top"},
            "tickformat": measure.tickformat,
        },
        hovertemplate=f"{x_name} %{{x}}, {y_name} %{{y}}: %{{z:.4g}}<extra></extra>",
        xgap=2,
        ygap=2,
    )
    figure.update_xaxes(title_text=x_name, title_standoff=12, type="category", automargin=True)
    figure.update_yaxes(title_text=y_name, type="category", automargin=True, autorange="reversed")
    return figure


def _tell(reading: Reading, x: Axis, y: Axis, cells: _Cells, figure: go.Figure) -> Chart:
    measure, means = score_measure(reading), cells.means
    best = np.nanargmin(means) if reading.criterion.less else np.nanargmax(means)
    row, column = np.unravel_index(best, means.shape)
    n = int(cells.table["Seeds"].max())
    return Chart(
        figure,
        cells.table,
        f"Heatmap of validation {measure.label} over {SETTINGS[x.key].short} and "
        f"{SETTINGS[y.key].short}, up to "
        f"{times(n, 'seed')} per cell. Best: {_value(x, x.values[column])} with "
        f"{_value(y, y.values[row])}, {measure.write(float(means[row, column]))}.",
        "Look for a ridge: where the best value of one setting moves with the other, they can't "
        "be chosen one at a time. Every cell shows the mean, its interval and the seeds behind it.",
    )


def _cell_text(measure: Measure, score: Interval | None, lost: int) -> str:
    words = []
    if score is not None:
        words.append(measure.write(score.mean))  # a line for each: narrow screens fit them
        if score.ends:
            words.append(f"{measure.write(score.low)} to {measure.write(score.high)}")
        elif score.half:  # equal scores of all seeds have no spread to tell
            words.append(f"± {measure.write(score.half)}")
        words.append(f"n = {score.n}")
    if lost:
        words.append(f"{times(lost, 'seed')} diverged")
    return "<br>".join(words)


def _value(axis: Axis, value: Any) -> str:
    return SETTINGS[axis.key].title(value)
