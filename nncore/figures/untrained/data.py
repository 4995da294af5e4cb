"""Charts of a data set before any training: classes, targets, points, correlations.

All are made from an `Overview` and, for single points, from rows of the raw arrays.
"""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.datasets.definition import Dataset
from nncore.datasets.preparation.overview import Overview
from nncore.figures.parts.chart import Chart, blank, empty, scale_of, style
from nncore.figures.parts.text import literal, literals
from nncore.figures.parts.traces import add_steps
from nncore.figures.untrained.rows import Points, column_names, input_names
from nncore.system.arrays import Array
from nncore.system.wording import distinct, listing, number, percent

PARTS = ("Training", "Validation", "Test")
_DIVERGING = ("#2277CC", "#F4F4F2", "#DD7700")  # blue: against each other, orange: together
_HEIGHTS = ("#2277CC", "#999999", "#DD7700")  # of points, which are seen on white and on black
_MOST_LABELS = 30  # beside a heatmap; of more, every second or third is left out


def class_counts(about: Dataset, overview: Overview, split: str, *, key: str) -> Chart:
    """How many rows each class has in every part; a group of bars per class."""
    figure = _draw_counts(about, overview.counts, key)
    return _tell_counts(about, overview.counts, split, figure)


def _draw_counts(about: Dataset, counts: Array, key: str) -> go.Figure:
    figure = blank("Class", "Rows", key=key)
    for i, part in enumerate(PARTS):
        figure.add_bar(
            x=literals(about.classes),
            y=counts[i],
            name=part,
            marker_color=style(i).color,
            hovertemplate=f"%{{x}}, {part.lower()}: %{{y:,}} rows<extra></extra>",
        )
    figure.update_xaxes(type="category")
    return figure


def _tell_counts(about: Dataset, counts: Array, split: str, figure: go.Figure) -> Chart:
    table = pd.DataFrame({"Class": about.classes, **dict(zip(PARTS, counts, strict=True))})
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    for i, part in enumerate(PARTS):
        table[f"Share of {part.lower()}"] = [percent(float(share)) for share in shares[i]]
    largest, smallest = int(counts[0].argmax()), int(counts[0].argmin())
    spread = (
        f"in the training part {about.classes[largest]} has most ({percent(shares[0].max())}), "
        f"{about.classes[smallest]} fewest ({percent(shares[0].min())})"
    )
    return Chart(
        figure,
        table,
        f"Bar chart of rows per class in the training, validation and test part of {about.label}: "
        f"{spread}.",
        f"{_balance(shares[0])} {_split_words(shares, split)}",
    )


def _balance(shares: Array) -> str:
    if shares.max() <= 1.5 * shares.min():
        return "The classes are about equally common, so accuracy is a fair score."
    return (
        f"The classes are not equally common: always guessing the largest would be right for "
        f"{percent(float(shares.max()))} of the rows."
    )


def _split_words(shares: Array, split: str) -> str:
    """Whether validation rows are like training rows, in words."""
    if split == "none":
        return "Nothing is held out: validation is done on the training rows themselves."
    off = float(np.abs(shares[1] - shares[0]).max())
    if split.startswith("stratified"):
        return f"The split is stratified: shares differ by {_points(off)} at most."
    return (
        "The split takes rows as they come, not class by class: shares of training and validation "
        f"part differ by up to {_points(off)}."
    )


def _points(share: float) -> str:
    return f"{100 * share:.1f} points" if share >= 0.0005 else "less than 0.1 points"


def target_histogram(about: Dataset, overview: Overview, *, key: str) -> Chart:
    """How often values of the number to predict come, as a share of each part."""
    edges = overview.edges * about.unit_factor
    figure = _draw_histogram(about, edges, overview.counts, key)
    return _tell_histogram(about, edges, overview, figure)


def _draw_histogram(about: Dataset, edges: Array, counts: Array, key: str) -> go.Figure:
    unit = f" ({about.unit})" if about.unit else ""
    x = f"{about.target[:1].upper()}{about.target[1:]}{unit}"
    figure = blank(x, "Share of the part's rows", key=key)
    middles = (edges[1:] + edges[:-1]) / 2
    for i, part in enumerate(PARTS):
        hover = f"about %{{x:,.4g}}, {part.lower()}: %{{y:.1%}}"
        add_steps(figure, style(i), middles, counts[i] / max(counts[i].sum(), 1), part, hover)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure


def _tell_histogram(about: Dataset, edges: Array, overview: Overview, figure: go.Figure) -> Chart:
    parts = dict(zip(PARTS, overview.counts, strict=True))
    table = pd.DataFrame({"From": edges[:-1], "To": edges[1:], **parts})
    low, mean, std, high = overview.target * about.unit_factor
    summary = (
        f"from {number(low)} to {number(high)}{_spaced(about.unit)}, mean {number(mean)}, "
        f"standard deviation {number(std)}"
    )
    return Chart(
        figure,
        table,
        f"Histogram of {about.target} in the three parts of {about.label}: {summary}.",
        f"Training part: {summary}. Always guessing the mean is wrong by the standard deviation, "
        "in the root of the mean square; a network must do better. The three lines should lie on "
        "each other.",
    )


def _spaced(unit: str) -> str:
    return f" {unit}" if unit else ""


def plane_points(about: Dataset, of: Points, *, key: str) -> Chart:
    """Points of the plane by class or number; those that validate are open."""
    names, x, y, held_out = column_names(about), of.x, of.y, of.held_out
    figure, said = blank(*names[:2], key=key, height=520), np.asarray(about.classes or "")
    points = f"the {len(x):,} training and validation points of {about.label}"
    table = pd.DataFrame({"Row": np.arange(len(x)), names[0]: x[:, 0], names[1]: x[:, 1]})
    table[about.target.capitalize() or "Class"] = said[y] if about.classes else y
    table["Part"] = np.where(held_out, "validation", "training")
    if not about.classes:
        return Chart(
            _draw_heights(about, x, y, held_out, figure),
            table,
            f"Scatter chart of {points}, coloured by {about.target}, from {number(y.min())} to "
            f"{number(y.max())}.",
            "Think of the colours as a landscape: where one slope will do, no hidden layer is "
            "needed; every hill and hollow asks for some units.",
        )
    return Chart(
        _draw_plane(about, x, y, held_out, figure),
        table,
        f"Scatter chart of {points} in the classes {listing(about.classes)}.",
        "Think of a line between the classes: where a straight one does, no hidden layer is "
        "needed; where classes overlap, no network gets all points right.",
    )


def _draw_plane(
    about: Dataset, x: Array, y: Array, held_out: Array, figure: go.Figure
) -> go.Figure:
    for i, label in enumerate(about.classes):
        look, name = style(i), literal(label)
        for is_open in (False, True):
            chosen = (y == i) & (held_out == is_open)
            figure.add_scatter(
                x=x[chosen, 0],
                y=x[chosen, 1],
                mode="markers",
                marker=look.dot(7, is_open=is_open),
                name=f"{name}, validation" if is_open else f"{name}, training",
                customdata=np.flatnonzero(chosen),
                hovertemplate=f"row %{{customdata}}, {name}: %{{x:.3f}}, %{{y:.3f}}<extra></extra>",
            )
    return _square(figure)


def _draw_heights(
    about: Dataset, x: Array, y: Array, held_out: Array, figure: go.Figure
) -> go.Figure:
    reach = float(np.abs(y).max()) or 1.0
    colours = {"colorscale": scale_of(_HEIGHTS), "cmin": -reach, "cmax": reach}
    for is_open, part in ((False, "training"), (True, "validation")):
        chosen = held_out == is_open
        bar = {} if is_open else {"colorbar": {"title": literal(about.target.capitalize())}}
        look = {"color": y[chosen], "symbol": "circle-open" if is_open else "circle", "size": 8}
        figure.add_scatter(
            x=x[chosen, 0],
            y=x[chosen, 1],
            mode="markers",
            marker={**look, **colours, **bar, "showscale": not is_open},
            name=part.capitalize(),
            customdata=np.column_stack([np.flatnonzero(chosen), y[chosen]]),
            hovertemplate="row %{customdata[0]}: %{x:.3f}, %{y:.3f}, "
            f"{literal(about.target)} %{{customdata[1]:.3f}}<extra></extra>",
        )
    figure.update_layout(legend={"orientation": "h", "y": 1.08, "x": 0})
    return _square(figure)


def _square(figure: go.Figure) -> go.Figure:
    figure.update_yaxes(scaleanchor="x", constrain="domain")
    figure.update_xaxes(constrain="domain")
    return figure


def correlations(about: Dataset, overview: Overview, *, key: str) -> Chart:
    """Pearson's correlation of every pair of columns of the training part."""
    matrix, names = overview.correlations, (*input_names(about), about.target or "class")
    columns = ("Column", *names)
    if not matrix.size:
        why = "Too many columns for a chart of every pair of them."
        return empty("Column", "Column", columns, why, key=key)
    labels = distinct(names[: len(matrix)], ("Column",))
    figure = _draw_correlations(matrix, labels, key)
    table = pd.DataFrame(np.round(matrix, 3), columns=labels)
    table.insert(0, "Column", labels)
    return Chart(
        figure,
        table,
        f"Heatmap of correlations of {len(labels)} columns. {_strongest(matrix, labels)}",
        "r is 1 where two columns rise together on a line, −1 where one falls as the other rises, "
        "0 where no line connects them; a curve may still. Columns that are nearly 1 tell a "
        f"network the same twice. {_strongest(matrix, labels)}",
    )


def _draw_correlations(matrix: Array, labels: list[str], key: str) -> go.Figure:
    size = len(labels)
    figure = blank("", "", key=key, height=int(np.clip(160 + 26 * size, 320, 760)))
    figure.add_heatmap(
        z=np.round(matrix, 3),
        x=literals(labels),
        y=literals(labels),
        zmin=-1,
        zmax=1,
        colorscale=scale_of(_DIVERGING),
        colorbar={"title": {"text": "r"}, "thickness": 12},
        text=[[f"{v:.2f}".replace("-", "−") for v in row] for row in matrix],
        texttemplate="%{text}" if size <= 11 else None,
        textfont={"color": "#10151C"},
        hovertemplate="%{y} and %{x}: r = %{z:.2f}<extra></extra>",
    )
    _thin_labels(figure, labels)
    return figure


def _thin_labels(figure: go.Figure, labels: list[str]) -> None:
    step = -(-len(labels) // _MOST_LABELS)
    ticks = [name if len(name) <= 24 else f"{name[:23]}…" for name in labels][::step]
    axis = {
        "tickvals": literals(labels[::step]),
        "ticktext": literals(ticks),
        "type": "category",
        "showgrid": False,
    }
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis, autorange="reversed")


def _strongest(matrix: Array, names: list[str]) -> str:
    """The two most correlated pairs, in words."""
    rows, columns = np.triu_indices(len(matrix), 1)
    order = np.argsort(-np.abs(matrix[rows, columns]), kind="stable")[:2]
    pairs = [
        f"{names[rows[i]]} with {names[columns[i]]} "
        f"({f'{matrix[rows[i], columns[i]]:.2f}'.replace('-', '−')})"
        for i in order
    ]
    return f"Strongest: {listing(pairs)}." if pairs else ""
