"""Charts of images: what pixels are like over a data set, and one image before and after."""

from itertools import pairwise

import numpy as np
import pandas as pd
from plotly.subplots import make_subplots

from nncore.datasets.definition import Dataset
from nncore.datasets.preparation.overview import Overview
from nncore.figures.parts.chart import Chart, blank, dress, scale_of, style
from nncore.figures.untrained.rows import Example
from nncore.system.arrays import Array
from nncore.system.wording import number, percent

_INK = ("#0B1118", "#3C5A7D", "#8DB3D6", "#FFFFFF")  # dark to bright, as the pictures are


def pixel_maps(about: Dataset, overview: Overview, *, key: str) -> Chart:
    """Mean and standard deviation of every pixel over the training part."""
    mean = overview.mean.reshape(about.input_shape)
    std = np.where(overview.constant, 0.0, overview.std).reshape(about.input_shape)
    largest = about.largest_pixel
    dead = int(overview.constant.sum())
    return _two_maps(
        ("Mean", mean, largest),
        ("Standard deviation", std, float(std.max()) or 1.0),
        alt=f"Two heatmaps of the {about.n_features} pixels of {about.label}: their mean, "
        f"{number(float(mean.mean()))} on average, and their standard deviation, at most "
        f"{number(float(std.max()))}. {dead} pixels never change.",
        look_for="Where the standard deviation is 0, a pixel is the same in every image and tells "
        f"nothing: that is so for {dead} of {about.n_features} pixels. Standardizing blows up "
        "pixels that hardly ever change.",
        key=key,
    )


def before_after(about: Dataset, of: Example, *, key: str) -> Chart:
    """One image as it comes, and as a network gets it before it is flattened."""
    raw, ready = of.raw, of.ready
    after = ready.reshape(about.input_shape)
    return _two_maps(
        ("As it comes", raw.astype(np.float64), about.largest_pixel),
        ("After preprocessing", after, float(np.abs(after).max()) or 1.0),
        alt=f"One image of {about.label} twice: pixels from {number(float(raw.min()))} to "
        f"{number(float(raw.max()))} as it comes, and from {number(float(after.min()))} to "
        f"{number(float(after.max()))} after preprocessing.",
        look_for="The picture may look alike: what changed is the scale beside it. A network "
        "learns best from numbers that are neither much larger nor much smaller than 1.",
        key=key,
    )


def _two_maps(
    left: tuple[str, Array, float],
    right: tuple[str, Array, float],
    *,
    alt: str,
    look_for: str,
    key: str,
) -> Chart:
    figure = make_subplots(1, 2, subplot_titles=[left[0], right[0]], horizontal_spacing=0.16)
    rows, columns = np.indices(left[1].shape)
    table = pd.DataFrame({"Row": rows.reshape(-1), "Column": columns.reshape(-1)})
    for place, (name, values, top) in enumerate((left, right), start=1):
        low = float(values.min())
        figure.add_heatmap(
            z=np.round(values, 4),
            zmin=min(low, 0.0),
            zmax=top,
            colorscale=scale_of(_INK),
            colorbar={  # below, so that both have room on a narrow screen
                "orientation": "h",
                "thickness": 10,
                "len": 0.4,
                "x": (0.21, 0.79)[place - 1],
                "y": -0.22,
                "yanchor": "top",
                "nticks": 4,
            },
            hovertemplate=f"row %{{y}}, column %{{x}}: %{{z}}<extra>{name}</extra>",
            row=1,
            col=place,
        )
        table[name] = values.reshape(-1)
    dress(figure, key=key, height=440)
    figure.update_xaxes(title_text="Column", showgrid=False, constrain="domain")
    figure.update_yaxes(title_text="Row", showgrid=False, autorange="reversed", constrain="domain")
    figure.update_yaxes(constraintoward="top")  # near its title on narrow screens, too
    figure.update_yaxes(scaleanchor="x", row=1, col=1)
    figure.update_yaxes(scaleanchor="x2", title_text="", row=1, col=2)
    return Chart(figure, table, alt, look_for)


def pixel_values(about: Dataset, overview: Overview, *, key: str) -> Chart:
    """How often each brightness comes, over all pixels of the training part."""
    counts = overview.pixels
    shares = counts / max(counts.sum(), 1)
    edges = np.linspace(0, len(counts), min(len(counts), 32) + 1).round().astype(int)
    bars = np.add.reduceat(shares, edges[:-1])
    names = [str(a) if b - a == 1 else f"{a}–{b - 1}" for a, b in pairwise(edges)]
    figure = blank("Brightness of a pixel", "Share of all pixels", key=key, height=380)
    figure.add_bar(
        x=np.array(names),
        y=bars,
        marker_color=style(0).color,
        hovertemplate="brightness %{x}: %{y:.2%}<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(type="category", nticks=9)
    figure.update_yaxes(tickformat=".0%")
    table = pd.DataFrame({"Brightness": names, "Share of all pixels": bars})
    return Chart(
        figure,
        table,
        f"Bar chart of pixel brightness in {about.label}: {percent(float(shares[0]))} of all "
        "pixels are 0.",
        f"{percent(float(shares[0]))} of all pixels are 0, which is background: most inputs of a "
        "network are silent for most images.",
    )
