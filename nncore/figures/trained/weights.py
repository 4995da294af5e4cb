"""One layer's weights looked at, before training and after it: as a map, and how often each size.

`key` tells one network's charts from another's.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from nncore.analysis.weights import LayerWeights, Weights
from nncore.figures.parts.chart import GREY, Chart, blank, dress, empty, scale_of, style
from nncore.network.layers import Conv1D, Embedding
from nncore.system.arrays import Array
from nncore.system.wording import listing, number, percent, times

MOST_ROWS, MOST_COLUMNS = 96, 64  # of a map: more would be finer than a screen
SIGNED = ("#0A4A94", "#6AA5DD", "#F5F5F2", "#EDA04F", "#A94400")  # below 0 blue, above it orange
MAP_COLUMNS = ("Input", "Unit", "Before", "After")
SPREAD_COLUMNS = ("From", "To", "Before", "After")
_TITLES = {"Before": "Before training", "After": "After training"}
_MOST_BINS = 61
_NO_WEIGHTS = (
    "The weights of this layer are too many to be drawn anew, and were not kept after training."
)


class _Layer(NamedTuple):
    """What there is of a layer, as tables of (inputs, units)."""

    name: str
    there: dict[str, Array]  # "Before", "After"
    rows: str  # what a row is called


def weight_map(weights: Weights, layer: str = "", *, key: str) -> Chart:
    """Each weight as a tile, a row per input and a column per unit: before and after training.

    Of the layer of this name, or of the first. Of large ones MOST_ROWS x MOST_COLUMNS weights are
    drawn, evenly spread.
    """
    of = _read(weights.layer(layer))
    if not of.there:
        return empty("Unit", "Input", MAP_COLUMNS, _NO_WEIGHTS, key=key)
    shape = next(iter(of.there.values())).shape
    rows, columns = _even(shape[0], MOST_ROWS), _even(shape[1], MOST_COLUMNS)
    shown = {when: matrix[np.ix_(rows, columns)] for when, matrix in of.there.items()}
    limit = _limit(np.concatenate([matrix.ravel() for matrix in shown.values()]), 99.5)
    figure = _draw_map(of, shown, rows, columns, limit, key)
    return _tell_map(of, shown, rows, columns, limit, figure)


def _read(weights: LayerWeights) -> _Layer:
    kernels = {"Before": weights.before, "After": weights.after}
    there = {when: _matrix(kernel) for when, kernel in kernels.items() if kernel is not None}
    rows = "Input"
    if isinstance(weights.layer, Embedding):
        rows = "Word"
    elif isinstance(weights.layer, Conv1D):
        rows = "Input of the filter"
    return _Layer(weights.layer.name, there, rows)


def _matrix(kernel: Array) -> Array:
    """(inputs, units); of a filter all that it sees at once is its inputs."""
    return kernel.reshape(-1, kernel.shape[-1])


def _even(count: int, most: int) -> Array:
    """Positions of at most `most` of `count`, evenly spread, first and last included."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))


def _limit(values: Array, share: float) -> float:
    """What this percentage of sizes doesn't exceed; above 0."""
    return float(np.percentile(np.abs(values), share)) or float(np.abs(values).max()) or 1.0


def _draw_map(
    layer: _Layer, shown: dict[str, Array], rows: Array, columns: Array, limit: float, key: str
) -> go.Figure:
    titles = [_TITLES[when] for when in shown]
    figure = make_subplots(1, len(shown), subplot_titles=titles, shared_yaxes=True)
    for place, matrix in enumerate(shown.values(), start=1):
        figure.add_heatmap(
            z=matrix.astype(np.float32),
            x=[f"{unit + 1}" for unit in columns],
            y=[f"{row + 1}" for row in rows],
            coloraxis="coloraxis",
            hovertemplate=f"{layer.rows.lower()} %{{y}}, unit %{{x}}: %{{z:.4g}}<extra></extra>",
            row=1,
            col=place,
        )
    dress(figure, key=key, height=430)
    scale = {
        **{"orientation": "h", "thickness": 10, "len": 0.7, "nticks": 5},
        **{"y": -0.2, "yanchor": "top"},
    }
    figure.update_layout(
        margin_b=60,
        coloraxis={
            **{"colorscale": scale_of(SIGNED), "cmin": -limit, "cmax": limit},
            "colorbar": scale,
        },
    )
    figure.update_xaxes(title_text="Unit", type="category", showgrid=False, nticks=8)
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False, nticks=10)
    figure.update_yaxes(title_text=layer.rows, row=1, col=1)
    return figure


def _tell_map(
    layer: _Layer,
    shown: dict[str, Array],
    rows: Array,
    columns: Array,
    limit: float,
    figure: go.Figure,
) -> Chart:
    whole = next(iter(layer.there.values())).shape
    y, x = np.meshgrid(rows + 1, columns + 1, indexing="ij")
    table = pd.DataFrame({layer.rows: y.ravel(), "Unit": x.ravel()})
    for when, matrix in shown.items():
        table[when] = matrix.ravel()
    parts = ""
    if (len(rows), len(columns)) != whole:
        parts = (
            f" Drawn are {len(rows)} of {times(whole[0], layer.rows.lower())} and {len(columns)} "
            f"of {times(whole[1], 'unit')}, evenly spread."
        )
    sizes = [
        f"{when.lower()} training {number(float(np.sqrt(np.mean(np.square(matrix)))))}"
        for when, matrix in layer.there.items()
    ]
    return Chart(
        figure,
        table,
        f"{'Two heatmaps' if len(shown) > 1 else 'Heatmap'} of the weights of {layer.name}, "
        f"{whole[0]:,} by {whole[1]:,}. Their usual size: {listing(sizes)}.{parts}",
        f"Blue is below 0, orange above; the darkest are {number(limit, 2)} and beyond."
        f"{parts} {_moved(layer)}",
    )


def _moved(layer: _Layer) -> str:
    """How far training led from the start."""
    if len(layer.there) < 2:
        return "These are the weights that training starts from."
    before, after = layer.there["Before"], layer.there["After"]
    step = float(np.sqrt(np.mean(np.square(after - before))))
    size = float(np.sqrt(np.mean(np.square(before))))
    if not size:
        return f"All weights started at 0 and moved by {number(step, 2)}."
    return (
        f"Training moved a weight by {number(step, 2)}, {percent(step / size)} of its first size."
    )


def weight_spread(weights: Weights, layer: str = "", *, key: str) -> Chart:
    """How often weights of every size come in a layer, before training and after it.

    Of the layer of this name, or of the first.
    """
    x, y, of = "Weight", "Share of the layer's weights", _read(weights.layer(layer))
    if not of.there:
        return empty(x, y, SPREAD_COLUMNS, _NO_WEIGHTS, key=key)
    limit = max(_limit(matrix, 99.9) for matrix in of.there.values())
    edges = np.linspace(-limit, limit, _bins(next(iter(of.there.values())).size) + 1)
    shares = {
        when: np.histogram(np.clip(matrix, -limit, limit), edges)[0] / matrix.size
        for when, matrix in of.there.items()
    }
    figure = _draw_spread(edges, shares, blank(x, y, key=key, height=360))
    return _tell_spread(of, edges, shares, figure)


def _bins(count: int) -> int:
    """An odd number, so that 0 lies in the middle of one; few for few weights."""
    return min(2 * round(np.sqrt(count)) + 1, _MOST_BINS)


def _draw_spread(edges: Array, shares: dict[str, Array], figure: go.Figure) -> go.Figure:
    middles = (edges[:-1] + edges[1:]) / 2
    for when, color in (("Before", GREY), ("After", style(0).color)):
        if when not in shares:
            continue
        figure.add_scatter(
            x=middles,
            y=shares[when],
            name=_TITLES[when],
            mode="lines",
            fill="tozeroy",
            line={
                "shape": "hvh",
                "color": color,
                "width": 2,
                "dash": "dot" if when == "Before" else "solid",
            },
            fillcolor=f"{color}33",
            hovertemplate="around %{x:.3g}: %{y:.2%}<extra></extra>",
        )
    figure.update_xaxes(range=[edges[0], edges[-1]])
    figure.update_yaxes(tickformat=".1~%", rangemode="tozero")
    return figure


def _tell_spread(layer: _Layer, edges: Array, shares: dict[str, Array], figure: go.Figure) -> Chart:
    table = pd.DataFrame({"From": edges[:-1], "To": edges[1:], **shares})
    told = [
        f"{when.lower()} training mean {number(float(matrix.mean()))}, standard deviation "
        f"{number(float(matrix.std()))}, from {number(float(matrix.min()))} to "
        f"{number(float(matrix.max()))}"
        for when, matrix in layer.there.items()
    ]
    count = next(iter(layer.there.values())).size
    return Chart(
        figure,
        table,
        f"Histogram of the {times(count, 'weight')} of {layer.name}: {'; '.join(told)}.",
        f"{times(count, 'weight')}; the outermost bars hold all beyond. A broad foot after "
        f"training: a few inputs matter much. A shape as before: it learnt little. {_moved(layer)}",
    )
