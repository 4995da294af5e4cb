"""What a network gets to see of a point of the plane: its coordinates, or what follows from them.

A border that is straight in the inputs may be bent in the plane: with the squares, one unit alone
draws an ellipse. Functions of the coordinates as `preprocess` leaves them.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from nncore.declare.registry import Registry
from nncore.system.arrays import Array


class PlaneInput(NamedTuple):
    """One number that follows from a point."""

    name: str
    label: str
    of: Callable[[Array, Array], Array]  # x1, x2 -> it


PLANE_INPUTS: Registry[PlaneInput] = Registry(
    "input",
    PlaneInput("x1", "x₁", lambda x1, x2: x1),
    PlaneInput("x2", "x₂", lambda x1, x2: x2),
    PlaneInput("x1_squared", "x₁²", lambda x1, x2: x1 * x1),
    PlaneInput("x2_squared", "x₂²", lambda x1, x2: x2 * x2),
    PlaneInput("x1x2", "x₁x₂", lambda x1, x2: x1 * x2),
    PlaneInput("sin_x1", "sin x₁", lambda x1, x2: np.sin(x1)),
    PlaneInput("sin_x2", "sin x₂", lambda x1, x2: np.sin(x2)),
)
COORDINATES = ("x1", "x2")


def in_order(names: Sequence[str]) -> tuple[str, ...]:
    """Each of these inputs once, in the order of PLANE_INPUTS."""
    return tuple(name for name in PLANE_INPUTS if name in names)


def plane_inputs(points: Array, names: Sequence[str]) -> Array:
    """What the network gets of points, (n, 2) -> (n, inputs), of their type."""
    if tuple(names) == COORDINATES:
        return points
    x1, x2 = points.T
    return np.column_stack([PLANE_INPUTS[name].of(x1, x2) for name in names]).astype(points.dtype)
