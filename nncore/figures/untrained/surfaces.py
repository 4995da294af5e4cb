"""Loss surfaces over two weights, on which the paths of optimizers can be seen.

Shapes: `value` maps arrays x and y of one shape to that shape; `gradient` maps a point (2,)
to (2,). Every surface has its lowest value at each of `minima`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.declare.registry import Registry
from nncore.system.arrays import Array

Point = tuple[float, float]


@dataclass(frozen=True)
class Surface:
    """A function of two weights, the part of it that is shown, and where to start."""

    name: str
    label: str
    formula: str  # LaTeX
    help: str
    value: Callable[[Array, Array], Array]
    gradient: Callable[[Array], Array]
    x_range: Point
    y_range: Point
    start: Point
    minima: tuple[Point, ...]


def _ravine_gradient(w: Array) -> Array:
    return np.array([w[0], 25 * w[1]])


def _valley_gradient(w: Array) -> Array:
    bend = w[1] - w[0] ** 2
    return np.array([-2 * (1 - w[0]) - 40 * w[0] * bend, 20 * bend])


def _saddle_gradient(w: Array) -> Array:
    return np.array([2 * w[0], w[1] ** 3 - 2 * w[1]])


def _hills_gradient(w: Array) -> Array:
    x, y = w
    a, b = x**2 + y - 11, x + y**2 - 7
    return np.array([4 * x * a + 2 * b, 2 * a + 4 * y * b]) / 100


SURFACES: Registry[Surface] = Registry(
    "surface",
    Surface(
        name="bowl",
        label="Round bowl",
        formula=r"f(x, y) = (x^2 + y^2) / 2",
        help="Equally steep all around: every direction downhill is the right one.",
        value=lambda x, y: (x**2 + y**2) / 2,
        gradient=lambda w: np.array([w[0], w[1]]),
        x_range=(-2.0, 2.0),
        y_range=(-2.0, 2.0),
        start=(-1.6, 1.2),
        minima=((0.0, 0.0),),
    ),
    Surface(
        name="ravine",
        label="Ravine",
        formula=r"f(x, y) = (x^2 + 25 y^2) / 2",
        help="25 times steeper across than along: plain steps bounce between the walls.",
        value=lambda x, y: (x**2 + 25 * y**2) / 2,
        gradient=_ravine_gradient,
        x_range=(-2.2, 1.0),
        y_range=(-1.0, 1.0),
        start=(-2.0, 0.6),
        minima=((0.0, 0.0),),
    ),
    Surface(
        name="valley",
        label="Narrow valley",
        formula=r"f(x, y) = (1 - x)^2 + 10 (y - x^2)^2",
        help="Rosenbrock's banana, with 10 for his 100: easy to fall into, slow to walk along.",
        value=lambda x, y: (1 - x) ** 2 + 10 * (y - x**2) ** 2,
        gradient=_valley_gradient,
        x_range=(-1.8, 1.8),
        y_range=(-0.8, 2.2),
        start=(-1.2, 1.8),
        minima=((1.0, 1.0),),
    ),
    Surface(
        name="saddle",
        label="Saddle",
        formula=r"f(x, y) = x^2 - y^2 + y^4 / 4",
        help="Flat in the middle, where gradients vanish although it goes down on both sides.",
        value=lambda x, y: x**2 - y**2 + y**4 / 4,
        gradient=_saddle_gradient,
        x_range=(-1.8, 1.8),
        y_range=(-2.2, 2.2),
        start=(-1.5, 0.01),
        minima=((0.0, 2**0.5), (0.0, -(2**0.5))),
    ),
    Surface(
        name="hills",
        label="Several minima",
        formula=r"f(x, y) = \left((x^2 + y - 11)^2 + (x + y^2 - 7)^2\right) / 100",
        help="Himmelblau's function: four minima equally deep; which one is found depends on luck.",
        value=lambda x, y: ((x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2) / 100,
        gradient=_hills_gradient,
        x_range=(-5.0, 5.0),
        y_range=(-5.0, 5.0),
        start=(-0.5, -1.2),
        minima=(
            (3.0, 2.0),
            (-2.805118, 3.131312),
            (-3.779310, -3.283186),
            (3.584428, -1.848126),
        ),
    ),
)
