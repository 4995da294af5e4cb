"""What an arm gets wrong on test data: confusion, report per class, predicted against actual."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.parts import Points
from nncore.analysis.reading import ReadArm, Reading
from nncore.datasets.definition import Dataset
from nncore.figures.parts.chart import GREY, MOST_POINTS, Chart, blank, empty, scale_of, style
from nncore.figures.parts.missing import without_predictions
from nncore.figures.parts.text import literal, literals
from nncore.system.arrays import Array
from nncore.system.wording import distinct, listing, number, percent, times

REPORT_COLUMNS = ("Class", "Precision", "Recall", "F1", "Support")
POINT_COLUMNS = ("Actual", "Predicted", "Seed")
_BLUES = ("#F2F6FB", "#C3D8EE", "#7FB0DC", "#2F7FC4", "#0B3C74")


def counts(arm: ReadArm) -> tuple[Array | None, int]:
    """(confusion counts summed over seeds, how many seeds); rows are true classes."""
    each = [trial.confusion for trial in arm.finished if trial.confusion is not None]
    return (np.sum(each, axis=0) if each else None), len(each)


def confusion(reading: Reading, arm: ReadArm, *, share: bool = False) -> Chart:
    """Which class is taken for which; counts added up over seeds, or shares of the true class."""
    matrix, n = counts(arm)
    key = f"{reading.id}:confusion:{arm.label}"
    if matrix is None:
        columns = ["True class", *arm.config.data.classes]
        why = f"No confusion matrix. {without_predictions(reading, arm)}"
        return empty("Predicted class", "True class", columns, why, key=key)
    figure = _draw_confusion(matrix, arm.config.data.classes, share, key)
    return _tell_confusion(arm, matrix, n, share, figure)


def _shares(matrix: Array) -> Array:
    """Of each row, which is a true class."""
    return np.asarray(matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1))


def _draw_confusion(matrix: Array, classes: Sequence[str], share: bool, key: str) -> go.Figure:
    height = max(340, 160 + 38 * len(classes))
    figure = blank("Predicted class", "True class", key=key, height=height)
    shares = _shares(matrix)
    figure.add_heatmap(
        # the root lets a class that is mistaken once in fifty still show a tint
        z=np.sqrt(shares),
        x=literals(classes),
        y=literals(classes),
        text=[[_cell_text(v, share) for v in row] for row in (shares if share else matrix)],
        texttemplate="%{text}",
        customdata=np.dstack([matrix, shares]),
        colorscale=scale_of(_BLUES),
        zmin=0.0,
        zmax=1.0,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="true %{y}, predicted %{x}: %{customdata[0]:.0f}"
        " (%{customdata[1]:.1%})<extra></extra>",
    )
    figure.update_xaxes(type="category", showgrid=False)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure


def _tell_confusion(arm: ReadArm, matrix: Array, n: int, share: bool, figure: go.Figure) -> Chart:
    classes = list(arm.config.data.classes)
    cells = _shares(matrix) if share else matrix
    table = pd.DataFrame(cells, columns=distinct(classes, ("True class",)))
    table.insert(0, "True class", classes)
    right = float(np.trace(matrix) / max(matrix.sum(), 1))
    return Chart(
        figure,
        table,
        f"Confusion matrix of {arm.title} on test data, added up over {times(n, 'seed')}: "
        f"{percent(right)} right. {_worst(matrix, classes)}",
        f"{_tested(matrix, n)}. The diagonal is what is right; read along "
        "a row to see what a true class is taken for. Cells are tinted by their share of the row.",
    )


def _tested(matrix: Array, seeds: int) -> str:
    """How much test data the counts are of."""
    rows = f"{int(matrix.sum()) // max(seeds, 1):,} test rows"
    return rows if seeds == 1 else f"{rows}, added up over {times(seeds, 'seed')}"


def _cell_text(value: float, share: bool) -> str:
    """Empty for 0, so that what is there stands out."""
    if not value:
        return ""
    return f"{100 * value:.0f} %" if share else f"{value:,}"


def _worst(matrix: Array, classes: list[str]) -> str:
    mistakes = matrix - np.diag(np.diag(matrix))
    if not mistakes.any():
        return "No mistakes."
    order = np.argsort(mistakes, axis=None)[::-1][:3]
    cells = [np.unravel_index(i, mistakes.shape) for i in order]
    phrases = [
        f"{classes[t]} taken for {classes[p]} ({int(mistakes[t, p]):,})"
        for t, p in cells
        if mistakes[t, p]
    ]
    return f"Commonest mistakes: {listing(phrases)}."


def report_table(arm: ReadArm) -> pd.DataFrame:
    """Precision, recall and F1 per class on test data, means over seeds; then the averages."""
    reports = [trial.report for trial in arm.finished if trial.report]
    rows = []
    for lines in zip(*reports, strict=True):
        columns = [(row.precision, row.recall, row.f1) for row in lines]
        means = np.mean(columns, axis=0).tolist()
        rows.append((lines[0].label, *means, lines[0].support))
    return pd.DataFrame(rows, columns=list(REPORT_COLUMNS))


def value_titles(data: Dataset) -> tuple[str, str]:
    """What the axes of actual and of predicted values are called."""
    what = data.target or "value"
    unit = f" ({data.unit})" if data.unit else ""
    return f"Actual {what}{unit}", f"Predicted {what}{unit}"


def predicted_actual(reading: Reading, arm: ReadArm) -> Chart:
    """Predicted against actual values of test data, first finished seed, in the target's unit."""
    x, y = value_titles(arm.config.data)
    key = f"{reading.id}:predicted:{arm.label}"
    tested = next(((t.seed, t.points) for t in arm.finished if t.points is not None), None)
    if tested is None:
        why = f"No predicted values. {without_predictions(reading, arm)}"
        return empty(x, y, POINT_COLUMNS, why, key=key)
    figure = _draw_predicted(arm, tested[1], blank(x, y, key=key, height=480))
    return _tell_predicted(arm, *tested, figure)


def _draw_predicted(arm: ReadArm, points: Points, figure: go.Figure) -> go.Figure:
    (actual, predicted, _), look = points, style(arm.position)
    ends = np.array([min(actual.min(), predicted.min()), max(actual.max(), predicted.max())])
    figure.add_scatter(
        x=ends, y=ends, mode="lines", line={"color": GREY, "dash": "dash"}, name="exactly right"
    )
    figure.add_scatter(
        x=actual,
        y=predicted,
        mode="markers",
        marker=look.dot(5 if len(actual) > MOST_POINTS else 7, opacity=0.5),
        name=literal(arm.title),
        hovertemplate="actual %{x:.4g}, predicted %{y:.4g}<extra></extra>",
    )
    return figure


def _tell_predicted(arm: ReadArm, seed: int, points: Points, figure: go.Figure) -> Chart:
    (actual, predicted, of), data = points, arm.config.data
    table = pd.DataFrame({"Actual": actual, "Predicted": predicted, "Seed": seed})
    off = f"{number(float(np.mean(np.abs(predicted - actual))))} {data.unit}".rstrip()
    some = f"{len(actual):,} of {of:,} test rows"
    rows = some if len(actual) < of else f"all {of:,} test rows"
    return Chart(
        figure,
        table,
        f"Scatter chart of predicted against actual {data.target or 'value'} of {arm.title}, seed "
        f"{seed}, {rows}. Mean absolute error: {off}.",
        f"Seed {seed}, {rows}. On the dashed line a prediction is exactly right. A cloud flatter "
        "than the line means that high values are guessed too low and low ones too high.",
    )
