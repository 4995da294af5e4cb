"""What definitions do before any training: activations, initializers, optimizers drawn.

Computed in the web process from the definitions' own code, in some ten milliseconds.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from nncore.declare.definition import Definition
from nncore.declare.params import params_of
from nncore.definitions.activations import Activation
from nncore.definitions.initializers import Initializer
from nncore.definitions.optimizers import Optimizer
from nncore.engines.streams import stream
from nncore.figures.parts.chart import Chart, blank, dress, empty, log_axis, style
from nncore.figures.parts.traces import add_line
from nncore.figures.untrained.surfaces import SURFACES, Point, Surface
from nncore.figures.untrained.walks import Path, draw_paths, walk
from nncore.system.arrays import Array
from nncore.system.wording import listing, number, times

SHAPE_COLUMNS = ("Activation", "z", "f(z)", "f′(z)")
SPREAD_COLUMNS = ("Initializer", "Layer", "Spread")
PATH_COLUMNS = ("Optimizer", "Step", "x", "y", "Loss")
SAMPLES = 64  # standard normal inputs sent through the untrained network
MOST_WIDTH = 512  # wider layers would keep the page waiting
MOST_STEPS = 500
_FATES = ((0.01, "vanishes"), (0.3, "shrinks"), (3.0, "stays level"), (100.0, "grows"))


def names(definitions: Sequence[Definition]) -> list[str]:
    """Labels, with the settings that aren't at their default: "SGD (momentum 0.9)"."""
    return [_name(definition) for definition in definitions]


def _name(definition: Definition) -> str:
    changed = [
        f"{p.name.replace('_', ' ')} {p.domain.text(value)}"
        for p in params_of(definition)
        if (value := getattr(definition, p.name)) != p.default
    ]
    return f"{definition.label} ({', '.join(changed)})" if changed else definition.label


class _Shape(NamedTuple):
    """An activation over z, in the order of SHAPE_COLUMNS."""

    name: str
    z: Array
    a: Array
    slope: Array


def activation_shapes(activations: Sequence[Activation]) -> Chart:
    """f and its derivative f' side by side over [-6, 6]."""
    key = "activation_shapes"
    if not activations:
        return empty("z", "f(z)", SHAPE_COLUMNS, "No activation is chosen.", key=key)
    shapes = _read_shapes(activations)
    figure = _draw_shapes(shapes, key)
    return _tell_shapes(shapes, figure)


def _read_shapes(activations: Sequence[Activation]) -> list[_Shape]:
    z, shapes = np.linspace(-6.0, 6.0, 241), []
    for activation, name in zip(activations, names(activations), strict=True):
        a = activation.forward(z)
        shapes.append(_Shape(name, z, a, activation.derivative(z, a)))
    return shapes


def _draw_shapes(shapes: list[_Shape], key: str) -> go.Figure:
    figure = make_subplots(1, 2, subplot_titles=("f(z)", "f′(z), the slope"))
    for position, (name, z, a, slope) in enumerate(shapes):
        look = style(position)
        for column, values in enumerate((a, slope), start=1):
            figure.add_scatter(
                x=z,
                y=values,
                mode="lines",
                line=look.line(width=2.2, dash=look.dash),
                name=name,
                legendgroup=name,
                showlegend=column == 1,
                hovertemplate=f"{name}<br>z = %{{x:.2f}}: %{{y:.4f}}<extra></extra>",
                row=1,
                col=column,
            )
    dress(figure, key=key, height=380)
    figure.update_xaxes(title_text="z")
    # the right one has its heading: on a phone, a title would lie on the left plot
    figure.update_yaxes(title_text="f(z)", row=1, col=1)
    return figure


def _tell_shapes(shapes: list[_Shape], figure: go.Figure) -> Chart:
    tables = [pd.DataFrame(dict(zip(SHAPE_COLUMNS, shape, strict=True))) for shape in shapes]
    slopes = [
        f"{shape.name} has slope {number(float(shape.slope[0]), 2)} at −6, at most "
        f"{number(float(shape.slope.max()), 2)}, {number(float(shape.slope[-1]), 2)} at 6"
        for shape in shapes
    ]
    flat = [shape.name for shape in shapes if not shape.slope.any()]
    stuck = f" Nothing comes back through {listing(flat)}: layers before keep their first weights."
    return Chart(
        figure,
        pd.concat(tables, ignore_index=True),
        f"Line charts of {listing([shape.name for shape in shapes])} and of their derivatives: "
        f"{'; '.join(slopes)}.",
        "On the right is what backpropagation multiplies by at every layer. Slopes well below 1 "
        "shrink the gradient layer by layer; where the slope is 0, a unit learns nothing."
        + (stuck if flat else ""),
    )


def initializer_spread(
    initializers: Sequence[Initializer],
    width: int,
    depth: int,
    activation: Activation,
    *,
    seed: int = 0,
) -> Chart:
    """Spread of activations through untrained layers: does the signal fade or grow?

    Inputs are standard normal; weights come from the streams a training with `seed` uses.
    Layers wider than MOST_WIDTH are drawn with that width, and the chart says so.
    """
    x, y = "Layer (0 is the input)", "Spread of activations (standard deviation, log scale)"
    key = f"initializer_spread:{width}:{depth}:{activation.name}"
    if not initializers or depth < 1:
        return empty(x, y, SPREAD_COLUMNS, "No initializer or no hidden layer is chosen.", key=key)
    drawn = min(width, MOST_WIDTH)
    spreads = [
        (name, _spread(initializer, drawn, depth, activation, seed))
        for initializer, name in zip(initializers, names(initializers), strict=True)
    ]
    figure = _draw_spreads(spreads, depth, blank(x, y, key=key, height=440))
    rows = [(name, k, float(s)) for name, spread in spreads for k, s in enumerate(spread)]
    fates = [f"{name} {_fate(spread)}" for name, spread in spreads]
    wide = f" Drawn with {drawn} units per layer instead of {width:,}." if drawn < width else ""
    return Chart(
        figure,
        pd.DataFrame(rows, columns=list(SPREAD_COLUMNS)),
        f"Line chart of the spread of {activation.label} activations through "
        f"{times(depth, 'untrained layer')} of {times(drawn, 'unit')}. "
        f"At the last layer: {listing(fates)}.",
        "A level line is good: signals reach the end as strong as they began. A falling line "
        "means they vanish, a rising one that they explode, and gradients on the way back do "
        f"the same.{wide}",
    )


def _draw_spreads(spreads: list[tuple[str, Array]], depth: int, figure: go.Figure) -> go.Figure:
    layers = np.arange(depth + 1)
    for position, (name, spread) in enumerate(spreads):
        # a logarithm has no place for 0, which is what zeros give
        y = np.where(spread > 0, spread, np.nan)
        hover = f"{name}<br>layer %{{x}}: %{{y:.3g}}"
        legend = name if spread[-1] > 0 else f"{name}: {_fate(spread)}"
        add_line(figure, style(position), layers, y, hover, size=8, most=None, name=legend)
    _whole_decades(figure, np.concatenate([spread for _, spread in spreads]))
    figure.update_xaxes(dtick=1 if depth <= 15 else None)
    return figure


def _whole_decades(figure: go.Figure, values: Array) -> None:
    """A log axis from one power of ten to another."""
    exponents = np.log10(values[values > 0])
    # a sample of spread 1 may be a little over 1, which needs no decade of its own
    low, high = math.floor(exponents.min() + 0.05), math.ceil(exponents.max() - 0.05)
    low, high = low - 0.1, max(high, low + 1) + 0.1
    figure.update_yaxes(log_axis(low, high))


@lru_cache(maxsize=512)  # drawing thousands of weights on every rerun would slow the page
def _spread(
    initializer: Initializer, width: int, depth: int, activation: Activation, seed: int
) -> Array:
    """(depth + 1,) standard deviations, the input's first; NaN once numbers overflow."""
    a: Array = np.random.default_rng(seed).standard_normal((SAMPLES, width), dtype=np.float32)
    spread = [float(a.std())]
    with np.errstate(over="ignore", invalid="ignore"):
        for layer in range(depth):
            kernel = initializer.draw((width, width), stream(seed, "weights", layer))
            a = activation.forward(a @ kernel.astype(np.float32))
            spread.append(float(a.std(dtype=np.float64)))
    values = np.array(spread)
    values[~np.isfinite(values)] = np.nan
    values.flags.writeable = False  # it is cached
    return values


def _fate(spread: Array) -> str:
    """What became of a spread of 1 at the input."""
    last = spread[-1]
    if np.isnan(last):
        return "overflows"
    if last == 0:
        return "has none (0)"
    word = next((word for limit, word in _FATES if last < limit), "explodes")
    return f"{word} ({number(float(last), 2)})"


def optimizer_paths(
    optimizers: Sequence[Optimizer],
    surface: str,
    steps: int = 100,
    start: Point | None = None,
    *,
    learning_rate: float | None = None,
) -> Chart:
    """The way each optimizer takes over a loss surface, by its own step function.

    `start` defaults to the surface's own, `learning_rate` to each optimizer's own; when it is
    given, optimizers that differ in their own rate alone are drawn once. Steps are exact (no
    noise), at most MOST_STEPS. A path that leaves the picture for good is cut there.
    """
    ground, steps = SURFACES[surface], min(steps, MOST_STEPS)
    key = f"optimizer_paths:{surface}"
    x, y = "Weight x", "Weight y"
    if not optimizers:
        return empty(x, y, PATH_COLUMNS, "No optimizer is chosen.", key=key)
    if learning_rate is not None:  # their own rates play no part: not in the names, either
        bare = (replace(o, learning_rate=type(o)().learning_rate) for o in optimizers)
        optimizers = list(dict.fromkeys(bare))
    paths = [
        (name, walk(optimizer, ground, steps, start or ground.start, learning_rate))
        for optimizer, name in zip(optimizers, names(optimizers), strict=True)
    ]
    figure = draw_paths(ground, paths, blank(x, y, key=key, height=500))
    return _tell_paths(ground, paths, steps, figure)


def _tell_paths(
    ground: Surface, paths: list[tuple[str, Path]], steps: int, figure: go.Figure
) -> Chart:
    tables = []
    for name, path in paths:
        columns = (name, np.arange(len(path.loss)), *path.points.T, path.loss)
        tables.append(pd.DataFrame(dict(zip(PATH_COLUMNS, columns, strict=True))))
    fates = [f"{name} {path.fate}" for name, path in paths]
    return Chart(
        figure,
        pd.concat(tables, ignore_index=True),
        f"Paths over the surface {ground.label.lower()} in {times(steps, 'step')}. "
        f"Loss at the end: {listing(fates)}.",
        "Stars mark the lowest points. See who goes straight there, who swings from wall to "
        "wall, and who is stuck. Here the gradient is exact; real training adds noise.",
    )
