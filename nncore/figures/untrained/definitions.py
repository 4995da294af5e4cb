"""What definitions do before any training: activations, initializers, optimizers drawn.

Computed in the web process from the definitions' own code, in some ten milliseconds.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

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
from nncore.figures.parts.chart import GREY, Chart, blank, dress, empty, log_ticks, style, thin
from nncore.figures.untrained.surfaces import SURFACES, Point, Surface
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


def activation_shapes(activations: Sequence[Activation]) -> Chart:
    """f and its derivative f' side by side over [-6, 6]."""
    key = "activation_shapes"
    if not activations:
        return empty("z", "f(z)", SHAPE_COLUMNS, "No activation is chosen.", key=key)
    figure = make_subplots(1, 2, subplot_titles=("f(z)", "f′(z), the slope"))
    z = np.linspace(-6.0, 6.0, 241)
    tables, slopes = [], []
    for position, (activation, name) in enumerate(
        zip(activations, names(activations), strict=True)
    ):
        a = activation.forward(z)
        slope = activation.derivative(z, a)
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
        columns = (name, z, a, slope)
        tables.append(pd.DataFrame(dict(zip(SHAPE_COLUMNS, columns, strict=True))))
        ends = (
            number(float(slope[0]), 2),
            number(float(slope.max()), 2),
            number(float(slope[-1]), 2),
        )
        slopes.append(f"{name} has slope {ends[0]} at −6, at most {ends[1]}, {ends[2]} at 6")
    dress(figure, key=key, height=380)
    figure.update_xaxes(title_text="z")
    # the right one has its heading: on a phone, a title would lie on the left plot
    figure.update_yaxes(title_text="f(z)", row=1, col=1)
    return Chart(
        figure,
        pd.concat(tables, ignore_index=True),
        f"Line charts of {listing(names(activations))} and of their derivatives: "
        f"{'; '.join(slopes)}.",
        "On the right is what backpropagation multiplies by at every layer. Slopes well below 1 "
        "shrink the gradient layer by layer; where the slope is 0, a unit learns nothing.",
    )


def initializer_spread(
    initializers: Sequence[Initializer],
    width: int,
    depth: int,
    activation: Activation,
    *,
    seed: int = 0,
) -> Chart:
    """Standard deviation of activations through `depth` untrained layers of `width` units.

    Inputs are standard normal; weights come from the streams a training with `seed` uses.
    Layers wider than MOST_WIDTH are drawn with that width, and the chart says so.
    """
    x, y = "Layer (0 is the input)", "Spread of activations (standard deviation, log scale)"
    key = f"initializer_spread:{width}:{depth}:{activation.name}"
    if not initializers or depth < 1:
        return empty(x, y, SPREAD_COLUMNS, "No initializer or no hidden layer is chosen.", key=key)
    figure = blank(x, y, key=key, height=440)
    drawn, layers = min(width, MOST_WIDTH), np.arange(depth + 1)
    rows, fates = [], []
    for position, (initializer, name) in enumerate(
        zip(initializers, names(initializers), strict=True)
    ):
        spread, look = _spread(initializer, drawn, depth, activation, seed), style(position)
        rows += [(name, int(k), float(s)) for k, s in zip(layers, spread, strict=True)]
        fate = _fate(spread)
        fates.append(f"{name} {fate}")
        figure.add_scatter(
            x=layers,
            # a logarithm has no place for 0, which is what zeros give
            y=np.where(spread > 0, spread, np.nan),
            mode="lines+markers",
            line=look.line(width=2.2, dash=look.dash),
            marker={"symbol": look.marker, "size": 8},
            name=name if spread[-1] > 0 else f"{name}: {fate}",
            hovertemplate=f"{name}<br>layer %{{x}}: %{{y:.3g}}<extra></extra>",
        )
    _whole_decades(figure, np.array([row[2] for row in rows]))
    figure.update_xaxes(dtick=1 if depth <= 15 else None)
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


def _whole_decades(figure: go.Figure, values: Array) -> None:
    """A log axis from one power of ten to another."""
    exponents = np.log10(values[values > 0])
    # a sample of spread 1 may be a little over 1, which needs no decade of its own
    low, high = math.floor(exponents.min() + 0.05), math.ceil(exponents.max() - 0.05)
    low, high = low - 0.1, max(high, low + 1) + 0.1
    figure.update_yaxes(type="log", range=[low, high], **log_ticks(low, high))


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
    """The way each optimizer takes over a surface of SURFACES, by its own step function.

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
    figure = blank(x, y, key=key, height=500)
    _add_ground(figure, ground)
    tables, fates = [], []
    for position, (optimizer, name) in enumerate(zip(optimizers, names(optimizers), strict=True)):
        rate = optimizer.learning_rate if learning_rate is None else learning_rate
        path, left = _path(optimizer, ground, steps, start or ground.start, rate)
        loss, look = ground.value(path[:, 0], path[:, 1]), style(position)
        columns = (name, np.arange(len(path)), path[:, 0], path[:, 1], loss)
        tables.append(pd.DataFrame(dict(zip(PATH_COLUMNS, columns, strict=True))))
        fate = f"left the picture at step {len(path)}" if left else number(float(loss[-1]), 2)
        fates.append(f"{name} {fate}")
        keep = thin(len(path))
        figure.add_scatter(
            x=path[keep, 0],
            y=path[keep, 1],
            customdata=np.column_stack([keep, loss[keep]]),
            mode="lines+markers",
            line=look.line(width=2.2, dash=look.dash),
            marker={"symbol": look.marker, "size": 7, "maxdisplayed": 15},
            name=f"{name}, {fate}" if left else name,
            hovertemplate=f"{name}, step %{{customdata[0]}}<br>loss %{{customdata[1]:.3g}}"
            "<extra></extra>",
        )
    return Chart(
        figure,
        pd.concat(tables, ignore_index=True),
        f"Paths over the surface {ground.label.lower()} in {times(steps, 'step')}. "
        f"Loss at the end: {listing(fates)}.",
        "Stars mark the lowest points. See who goes straight there, who swings from wall to "
        "wall, and who is stuck. Here the gradient is exact; real training adds noise.",
    )


def _add_ground(figure: go.Figure, ground: Surface) -> None:
    """Contour lines, stronger where lower, and a star on every minimum.

    Lines, because transparent fills lie on top of each other and would hide the paths.
    """
    x, y = np.linspace(*ground.x_range, 61), np.linspace(*ground.y_range, 61)
    value = ground.value(*np.meshgrid(x, y))
    height = value - ground.value(*np.array(ground.minima[0])[:, None])
    figure.add_contour(
        x=x,
        y=y,
        # the root spaces contours like a quadratic's own height, so that the floor shows, too
        z=np.sqrt(np.maximum(height, 0.0)),
        customdata=value,
        ncontours=18,
        contours={"coloring": "lines"},
        colorscale=[[0, "rgba(128,136,144,0.9)"], [1, "rgba(128,136,144,0.35)"]],
        line={"width": 1},
        showscale=False,
        showlegend=False,
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=np.array([m[0] for m in ground.minima]),
        y=np.array([m[1] for m in ground.minima]),
        mode="markers",
        marker={"symbol": "star", "size": 14, "color": GREY},
        name="minimum",
        hoverinfo="skip",
    )
    figure.update_xaxes(range=list(ground.x_range))
    figure.update_yaxes(range=list(ground.y_range))


def _path(
    optimizer: Optimizer, ground: Surface, steps: int, start: Point, rate: float
) -> tuple[Array, bool]:
    """Points (steps + 1, 2), and whether the path was cut because it ran away."""
    w = np.array(start, dtype=float)
    slots = optimizer.init(w)
    points = [w.copy()]
    middle = np.array([sum(ground.x_range), sum(ground.y_range)]) / 2
    far = 3 * np.array([np.ptp(ground.x_range), np.ptp(ground.y_range)])
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            optimizer.step(w, ground.gradient(w), slots, rate)
            if not (np.abs(w - middle) < far).all():  # also true of NaN
                return np.array(points), True
            points.append(w.copy())
    return np.array(points), False
