"""What a network says of the plane, as numbers and as a print figure drawn in a child process.

python -m nncore.export.plane FORMAT < network.npz > figure.png
"""

import io
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nncore.config.config import Config
from nncore.datasets.preparation.prepare import raw_of
from nncore.datasets.recipe.definition import NUMBER
from nncore.datasets.splits import parts
from nncore.figures.parts.chart import COLORS, MARKERS_IN_PRINT
from nncore.observations.frames import Square, cells, square_of
from nncore.saved.inference import predict
from nncore.saved.network import SavedNetwork, from_bytes, to_bytes
from nncore.system.arrays import Array
from nncore.system.child import run_child
from nncore.system.errors import ChildFailed, InvalidSetting

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = ("png", "svg", "pdf")
SIDE = 160  # cells along one side
SECONDS = 120.0  # matplotlib's first import on a busy machine, and Keras where NumPy can't answer
_DPI = 200


@dataclass(frozen=True)
class OverThePlane:
    """A network's outputs over a square, and the points around which it lies.

    output: (SIDE, SIDE, units), row by row from the lowest second input upwards; a number to
    predict is a raw target. x: (n, 2) raw training and validation points; y: (n,) class numbers
    or raw targets; held_out: (n,) of bool.
    """

    config: Config
    square: Square  # left, right, bottom, top
    output: Array
    x: Array
    y: Array
    held_out: Array

    def to_json(self) -> dict[str, Any]:
        """What `boundary --json` writes; the outputs are those of the network."""
        left, right, bottom, top = self.square
        return {
            "config": self.config.flat(),
            "left": left,
            "right": right,
            "bottom": bottom,
            "top": top,
            "side": SIDE,
            "output": self.output.tolist(),
        }


def check_plane(config: Config) -> None:
    """Raise InvalidSetting unless the network's data has two inputs that are numbers."""
    data = config.data
    is_plane = data.kind in ("plane", "table") and data.n_features == 2
    if data.recipe is not None:
        is_plane = [column.kind for column in data.recipe.columns] == [NUMBER] * 2
    if not is_plane:
        raise InvalidSetting(
            f"{data.label} has {data.n_features} inputs, and only the plane of two numbers can be "
            "drawn: take a network of one of the generated sets, such as circles or moons."
        )


def over_the_plane(network: SavedNetwork) -> OverThePlane:
    """Ask a network about the square around all points. Raises InvalidSetting, UserError."""
    config = network.config
    check_plane(config)
    raw = raw_of(config)
    classes = config.data.task != "regression"
    held = (config.split, config.selection_split, config.split_seed)
    train, _, judging = parts(raw.y_train, *held, stratify=classes)
    square = square_of(*(x[~np.isnan(x).any(axis=1)] for x in (raw.x_train, raw.x_test)))
    out = predict(network, cells(square, SIDE)).reshape(SIDE, SIDE, -1).astype(float)
    if not classes:  # from the scale trained on to that of the points
        out = out * network.target_scale + network.target_offset
    rows = np.concatenate([train, np.setdiff1d(judging, train)])
    is_open = np.arange(len(rows)) >= len(train)
    return OverThePlane(config, square, out, raw.x_train[rows], raw.y_train[rows], is_open)


def plane_figure(network: SavedNetwork, fmt: str) -> bytes:
    """The picture for papers and slides. Takes a second or two.

    fmt: one of FORMATS. Raises InvalidSetting, ChildFailed when drawing fails.
    """
    check_plane(network.config)
    child = run_child(
        "nncore.export.plane",
        fmt,
        seconds=SECONDS,
        doing="Drawing the plane",
        stdin=to_bytes(network),
        variables={"MPLBACKEND": "Agg"},
    )
    if child.code != 0 or not child.output:
        raise ChildFailed(f"The plane could not be drawn: {child.reason}")
    return child.output


def draw(plane: OverThePlane, fmt: str) -> bytes:
    """The file's bytes. In the child only."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.4, 5.0), layout="constrained")
    ax = figure.subplots()
    data = plane.config.data
    names = data.features or ("x1", "x2")
    ax.set(xlabel=names[0], ylabel=names[1], aspect="equal")
    if data.task == "regression":
        _heights(ax, plane)
        note = "Circles are the rows to train and validate with, coloured by what is true."
    else:
        _classes(ax, plane)
        note = "Filled points train, open ones validate."
    left, right, bottom, top = plane.square
    ax.set(xlim=(left, right), ylim=(bottom, top))
    figure.supxlabel(note, fontsize=7, color="0.4")
    file = io.BytesIO()
    figure.savefig(file, format=fmt, dpi=_DPI, bbox_inches="tight")
    return file.getvalue()


def _classes(ax: "Axes", plane: OverThePlane) -> None:
    """The class of every cell, paler where it is less sure, and the borders between classes."""
    from matplotlib.colors import to_rgb
    from matplotlib.lines import Line2D

    chances = np.nan_to_num(plane.output).clip(0, 1)
    if chances.shape[2] == 1:
        chances = np.concatenate([1 - chances, chances], axis=2)
    said, sure = chances.argmax(axis=2), chances.max(axis=2)[..., None]
    names = plane.config.data.classes
    colours = np.array([to_rgb(COLORS[i % len(COLORS)]) for i in range(chances.shape[2])])
    strength = 0.1 + 0.45 * ((sure - 1 / chances.shape[2]) / (1 - 1 / chances.shape[2])).clip(0, 1)
    ax.imshow(
        1 - strength * (1 - colours[said]), extent=plane.square, origin="lower", aspect="equal"
    )
    x1, x2 = (cells(plane.square, SIDE)[:, i].reshape(SIDE, SIDE) for i in (0, 1))
    for each in range(chances.shape[2] if len(names) > 2 else 1):
        others = np.delete(chances, each, axis=2).max(axis=2)
        ahead = chances[..., each] - others
        if ahead.min() < 0 < ahead.max():
            ax.contour(x1, x2, ahead, levels=[0.0], colors="0.2", linewidths=1.2)
    handles = []
    for i, name in enumerate(names):
        colour, marker = COLORS[i % len(COLORS)], MARKERS_IN_PRINT[i % len(MARKERS_IN_PRINT)]
        for is_open in (False, True):
            chosen = (plane.y == i) & (plane.held_out == is_open)
            ax.scatter(
                plane.x[chosen, 0],
                plane.x[chosen, 1], s=18, marker=marker, linewidths=1.0, edgecolors=colour,
                facecolors="none" if is_open else colour,
            )  # fmt: skip
        handles.append(Line2D([], [], color=colour, marker=marker, ls="none", label=name))
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)


def _heights(ax: "Axes", plane: OverThePlane) -> None:
    """A number to predict as colours with lines of equal height; the same scale for the points."""
    height = np.nan_to_num(plane.output[..., 0])
    reach = float(max(np.abs(height).max(), np.abs(plane.y).max())) or 1.0
    looks: dict[str, Any] = {"cmap": "PuOr_r", "vmin": -reach, "vmax": reach}
    x1, x2 = (cells(plane.square, SIDE)[:, i].reshape(SIDE, SIDE) for i in (0, 1))
    drawn = ax.imshow(height, extent=plane.square, origin="lower", aspect="equal", **looks)
    if np.ptp(height) > 0:
        ax.contour(x1, x2, height, levels=8, colors="0.3", linewidths=0.6)
    ax.scatter(
        plane.x[:, 0], plane.x[:, 1], c=plane.y, s=18, edgecolors="0.25", linewidths=0.6, **looks
    )
    ax.figure.colorbar(drawn, ax=ax, label=plane.config.data.target, shrink=0.8)


def main() -> None:
    """Read a network from standard input, write the picture to standard output."""
    network = from_bytes(sys.stdin.buffer.read())
    sys.stdout.buffer.write(draw(over_the_plane(network), sys.argv[1]))


if __name__ == "__main__":
    main()
