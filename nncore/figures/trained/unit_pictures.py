"""What each unit of the first layer looks for in an image: its weights, put back as a picture."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from nncore.analysis.weights import LayerWeights, Weights
from nncore.config.config import Config
from nncore.figures.parts.chart import Chart, dress, empty, scale_of
from nncore.figures.parts.text import literals
from nncore.figures.trained.weights import SIGNED
from nncore.network.layers import Dense
from nncore.system.arrays import Array
from nncore.system.wording import distinct, listing, number, times

MOST_PICTURES = 24
_ACROSS = 8  # pictures beside each other at most: few enough for a phone
_GAP = 0.12  # of a picture's side, between two of them
_LABEL = 0.3  # of a picture's side, above each of them
_LEVELS = 100  # of a colour, on each side of 0: a byte tells them apart
_TITLES = {"After": "After training", "Before": "Before training"}


class _Pictures(NamedTuple):
    """The chosen units: names (n,), and their pictures (n, height, width), by when."""

    names: list[str]
    there: dict[str, Array]
    of: int  # units of the layer
    chosen_by: str


def has_pictures(config: Config) -> bool:
    """Whether its first layer weighs the pixels of an image."""
    return config.data.kind == "image" and isinstance(config.layers()[0], Dense)


def unit_pictures(weights: Weights, *, key: str) -> Chart:
    """Pictures of the first layer's units, after training and before it.

    Of many units those are drawn that training moved most. Each picture has a scale of its own,
    from its largest size below 0 to the same above.
    """
    if not has_pictures(weights.config):
        return _nothing("The first layer here weighs no pixels of an image.", key)
    first = weights.layer()
    shown = _read(weights.config, first)
    if not shown.there:
        return _nothing("These weights weren't kept, and are too many to be drawn anew.", key)
    return _tell(shown, first, _draw(shown, key))


def _nothing(why: str, key: str) -> Chart:
    return empty("Column of pixels", "Row of pixels", ("Row", "Column"), why, key=key)


def _read(config: Config, weights: LayerWeights) -> _Pictures:
    kernels = {"After": weights.after, "Before": weights.before}
    there = {when: kernel for when, kernel in kernels.items() if kernel is not None}
    if not there:
        return _Pictures([], {}, 0, "")
    units = weights.layer.units
    chosen, chosen_by = np.arange(min(units, MOST_PICTURES)), "the first ones"
    if units > MOST_PICTURES and len(there) == 2:
        moved = np.linalg.norm(there["After"] - there["Before"], axis=0)
        chosen = np.sort(np.argsort(moved)[::-1][:MOST_PICTURES])
        chosen_by = "those that training moved most"
    names = [f"{unit + 1}" for unit in chosen]
    if weights.layer.name == "output" and units == len(config.data.classes):
        names = [config.data.classes[unit] for unit in chosen]
    side = config.data.input_shape
    pictures = {when: kernel[:, chosen].T.reshape(-1, *side) for when, kernel in there.items()}
    return _Pictures(names, pictures, units, chosen_by)


def _draw(shown: _Pictures, key: str) -> go.Figure:
    titles = [_TITLES[when] for when in shown.there]
    figure = make_subplots(len(titles), 1, subplot_titles=titles, vertical_spacing=0.09)
    for place, pictures in enumerate(shown.there.values(), start=1):
        sheet, corners = _sheet(pictures)
        figure.add_heatmap(
            z=sheet,
            zmin=-_LEVELS,
            zmax=_LEVELS,
            colorscale=scale_of(SIGNED),
            showscale=False,
            hoverinfo="skip",
            row=place,
            col=1,
        )
        figure.add_scatter(
            x=corners[:, 0],
            y=corners[:, 1],
            text=literals(name if len(name) < 10 else f"{name[:8]}…" for name in shown.names),
            mode="text",
            textposition="top center",
            textfont={"size": 10},
            hoverinfo="skip",
            row=place,
            col=1,
        )
    rows = _rows(len(shown.names))
    dress(figure, key=key, height=60 + len(titles) * (30 + 78 * rows))
    figure.update_layout(showlegend=False)
    across = {"visible": False, "constrain": "domain", "fixedrange": True}
    figure.update_xaxes(**across, title_text="Column of pixels")
    figure.update_yaxes(**across, title_text="Row of pixels", autorange="reversed")
    for place in range(1, len(titles) + 1):
        name = "x" if place == 1 else f"x{place}"
        figure.update_yaxes(scaleanchor=name, row=place, col=1)
    return figure


def _sheet(pictures: Array) -> tuple[Array, Array]:
    """All pictures on one sheet, NaN between them, and the places of their names (n, 2).

    Each is scaled to its own largest size.
    """
    count, high, wide = pictures.shape
    gap, label = max(round(_GAP * wide), 1), max(round(_LABEL * high), 2)
    rows = _rows(count)
    across = _across(count)
    sheet = np.full((rows * (high + label), across * (wide + gap) - gap), np.nan, np.float32)
    places = np.empty((count, 2))
    largest = np.abs(pictures).max(axis=(1, 2), keepdims=True)
    scaled = np.round(_LEVELS * pictures / np.where(largest == 0, 1, largest))
    for i, picture in enumerate(scaled):
        row, column = divmod(i, across)
        top, left = row * (high + label) + label, column * (wide + gap)
        sheet[top : top + high, left : left + wide] = picture
        places[i] = left + (wide - 1) / 2, top - 0.5
    return sheet, places


def _rows(count: int) -> int:
    return -(-count // _ACROSS)


def _across(count: int) -> int:
    """As many in every row, so that ten make two rows of five."""
    return -(-count // _rows(count))


def _tell(shown: _Pictures, weights: LayerWeights, figure: go.Figure) -> Chart:
    first = next(iter(shown.there.values()))
    rows, columns = np.indices(first.shape[1:])
    table = pd.DataFrame({"Row": rows.ravel() + 1, "Column": columns.ravel() + 1})
    for when, pictures in shown.there.items():
        names = [f"{name}, {when.lower()}" for name in shown.names]
        for name, picture in zip(distinct(names, [*map(str, table)]), pictures, strict=True):
            table[name] = picture.ravel()
    some = ""
    if len(shown.names) < shown.of:
        some = f" Drawn are {len(shown.names)} of {times(shown.of, 'unit')}, {shown.chosen_by}."
    sizes = [
        f"{when.lower()} training {number(float(np.abs(p).max()))}"
        for when, p in shown.there.items()
    ]
    when = listing([title.lower() for w, title in _TITLES.items() if w in shown.there])
    return Chart(
        figure,
        table,
        f"Pictures of the weights of {weights.layer.name}, a picture per unit, {when}. Largest "
        f"weight of those drawn: {listing(sizes)}.{some}",
        "Ink where it is orange speaks for the unit, where it is blue against it; each picture has "
        f"a scale of its own.{some} Noise at the edges is what it started from: pixels that are "
        "always 0 teach nothing.",
    )
