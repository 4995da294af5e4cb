"""The ways of optimizers over a loss surface: walked, and drawn on its contour lines."""

from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from nncore.definitions.optimizers import Optimizer
from nncore.figures.parts.chart import GREY, style, thin
from nncore.figures.parts.traces import add_line
from nncore.figures.untrained.surfaces import Point, Surface
from nncore.system.arrays import Array
from nncore.system.wording import number


class Path(NamedTuple):
    """The way of an optimizer over a surface."""

    points: Array  # (steps + 1, 2)
    loss: Array
    left: bool  # it ran away, and was cut there

    @property
    def fate(self) -> str:
        steps = len(self.loss)
        return f"left the picture at step {steps}" if self.left else number(float(self.loss[-1]), 2)


def walk(
    optimizer: Optimizer, ground: Surface, steps: int, start: Point, rate: float | None
) -> Path:
    """The optimizer's own steps, at its own rate unless one is given."""
    rate = optimizer.learning_rate if rate is None else rate
    w = np.array(start, dtype=float)
    slots = optimizer.init(w)
    points = [w.copy()]
    middle = np.array([sum(ground.x_range), sum(ground.y_range)]) / 2
    far = 3 * np.array([np.ptp(ground.x_range), np.ptp(ground.y_range)])
    left = False
    with np.errstate(over="ignore", invalid="ignore"):
        while not left and len(points) <= steps:
            optimizer.step(w, ground.gradient(w), slots, rate)
            left = not (np.abs(w - middle) < far).all()  # also true of NaN
            if not left:
                points.append(w.copy())
    way = np.array(points)
    return Path(way, ground.value(*way.T), left)


def draw_paths(ground: Surface, paths: list[tuple[str, Path]], figure: go.Figure) -> go.Figure:
    """A line per (name, path)."""
    _add_ground(figure, ground)
    for position, (name, path) in enumerate(paths):
        keep = thin(len(path.loss))
        x, y = path.points[keep].T
        add_line(
            figure,
            style(position),
            x,
            y,
            f"{name}, step %{{customdata[0]}}<br>loss %{{customdata[1]:.3g}}",
            most=15,
            customdata=np.column_stack([keep, path.loss[keep]]),
            name=f"{name}, {path.fate}" if path.left else name,
        )
    return figure


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
