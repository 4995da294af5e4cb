"""Frames: what a network says of the whole plane, again and again while it trains.

A frame covers a square around the data with a grid. It has the network's output in every cell
and what each hidden unit puts out there, both coarse and rounded to a byte, so that a hundred
of them travel to a browser in no time. Taking frames changes nothing about a training.

Shapes: grids are (side, side), row by row from the lowest x2 upwards, x1 from left to right.
"""

import base64
from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.datasets.preparation.plane_inputs import plane_inputs
from nncore.datasets.preparation.prepare import in_the_plane
from nncore.engines.numpy.network import Network
from nncore.engines.run import Run, chunk
from nncore.observations.definition import Observation
from nncore.observations.wires import wires, written
from nncore.system.arrays import Array

SIDE, UNIT_SIDE = 48, 16  # cells of an output's grid and of a unit's, along one side
MOST_FRAMES = 100
MOST_UNITS = 8  # of a layer; the first ones are shown
MARGIN = 0.1  # beyond the outermost points, as a share of their range
_ZERO, _REACH = 128, 127  # bytes of a unit that puts out 0, and from there to its largest value
Square = tuple[float, float, float, float]  # left, right, bottom, top


def square_around(data: Data) -> Square:
    """The square with all training, validation and test points, and a margin."""
    return square_of(data.x_train, data.x_val, data.x_test)


def square_of(*points: Array) -> Square:
    """The square with all these points, (n, 2) each, and a margin."""
    x = np.concatenate(points).astype(np.float64)
    low, high = x.min(axis=0), x.max(axis=0)
    half = (0.5 + MARGIN) * float((high - low).max()) or 1.0
    centre = (low + high) / 2
    (left, bottom), (right, top) = centre - half, centre + half
    return float(left), float(right), float(bottom), float(top)


def cells(square: Square, side: int) -> Array:
    """The middle of every cell, (side * side, 2), in the order of a grid."""
    left, right, bottom, top = square
    steps = (np.arange(side) + 0.5) / side
    x1, x2 = np.meshgrid(left + steps * (right - left), bottom + steps * (top - bottom))
    return np.column_stack([x1.ravel(), x2.ravel()])


def reach(data: Data) -> float | None:
    """The size of a number that gets the full colour; None where classes are predicted."""
    if data.task != "regression":
        return None
    return float(np.abs(data.y_train).max()) or 1.0


def frame_records(records: int) -> Sequence[int]:
    """Which of `records` records (from 1) bring a frame: all, or MOST_FRAMES - 1, denser early.

    One more frame shows the network before its first step. First and last record have one.
    """
    most = MOST_FRAMES - 1
    if records <= most:
        return range(1, records + 1)
    wanted = 1 + (records - 1) * np.linspace(0.0, 1.0, most) ** 1.7
    taken: list[int] = []
    for k, record in enumerate(wanted.round().astype(int)):
        behind = taken[-1] + 1 if taken else 1
        taken.append(min(max(int(record), behind), records - (most - 1 - k)))
    return taken


class Frames(Observation):
    """Takes the frames of one training of points of the plane."""

    name = "frames"

    def __init__(self, config: Config, data: Data) -> None:
        points = in_the_plane(config)
        square = square_around(points)
        self._reach = reach(points)
        self._config = config
        self._grid = plane_inputs(cells(square, SIDE), config.inputs).astype(np.float32)
        self._units = plane_inputs(cells(square, UNIT_SIDE), config.inputs).astype(config.dtype)
        step = chunk(config, len(data.x_train))
        self._due = set(frame_records(ceil(config.epochs / step)))
        self._record = -1
        self._waiting: list[dict[str, Any]] = []  # the frame before the first record

    def watch(self, run: Run, epoch: int) -> list[dict[str, Any]] | None:
        """The frames of the record of this epoch."""
        self._record += 1
        if self._record == 0:
            self._waiting.append(self._frame(run, epoch))
            return None
        if self._record not in self._due:
            return None
        frames, self._waiting = [*self._waiting, self._frame(run, epoch)], []
        return frames

    def _frame(self, run: Run, epoch: int) -> dict[str, Any]:
        """{"epoch", "output": what it predicts, "units": grids by layer, "wires": weights}.

        Bytes tell how far from 128, by at most 127, a value is from its middle. Of `output` it
        is the root of |2p - 1|, because near the border the smallest steps matter, or of a number
        relative to `reach`; of a unit its value relative to its largest. A layer's grids come one
        after the other.
        """
        out, weights = run.predict(self._grid), run.get_weights()
        layers = hidden_outputs(self._config, weights, self._units)
        return {
            "epoch": epoch,
            "output": _text(_output_bytes(out, self._reach)),
            "units": [_text(_unit_bytes(layer)) for layer in layers],
            "wires": [written(layer) for layer in wires(self._config, weights, MOST_UNITS)],
        }


def input_grids(config: Config, square: Square) -> str:
    """What the network sees of the plane, as `unit_grids` of a frame: every input's grid."""
    return _text(_unit_bytes(plane_inputs(cells(square, UNIT_SIDE), config.inputs)))


def hidden_outputs(config: Config, weights: list[Array], x: Array) -> list[Array]:
    """What the first units of every hidden layer put out, (n, units) each, whatever the engine."""
    with np.errstate(all="ignore"):  # of a diverged network
        network = Network(config, 1)
        network.set_weights(weights)
        return [layer[:, :MOST_UNITS] for layer in network.hidden(x)]


def output_grid(frame: dict[str, Any], reach: float | None = None) -> Array:
    """The probability of class 1, or the number, in every cell, (SIDE, SIDE)."""
    root = _relative(_bytes(frame["output"]).reshape(SIDE, SIDE))
    sided = root * np.abs(root)
    return 0.5 + 0.5 * sided if reach is None else reach * sided


def unit_grids(frame: dict[str, Any]) -> list[Array]:
    """Per hidden layer its units, each relative to its largest value, (units, side, side)."""
    shape = (-1, UNIT_SIDE, UNIT_SIDE)
    return [_relative(_bytes(text).reshape(shape)) for text in frame["units"]]


def _output_bytes(out: Array, reach: float | None) -> Array:
    last = out[:, -1].astype(np.float64)  # of one output or of two, the probability of class 1
    sided = 2 * last - 1 if reach is None else last / reach
    sides = np.clip(np.nan_to_num(sided, nan=0.0, posinf=1.0, neginf=-1.0), -1, 1)
    return _rounded(np.sign(sides) * np.sqrt(np.abs(sides)))


def _unit_bytes(layer: Array) -> Array:
    values = np.nan_to_num(layer.T.astype(np.float64), posinf=0.0, neginf=0.0)
    largest = np.abs(values).max(axis=1, keepdims=True)
    relative = np.divide(values, largest, out=np.zeros_like(values), where=largest > 0)
    return _rounded(relative)


def _rounded(relative: Array) -> Array:
    return np.round(_ZERO + _REACH * relative).astype(np.uint8)


def _relative(rounded: Array) -> Array:
    return (rounded - float(_ZERO)) / _REACH


def _text(values: Array) -> str:
    return base64.b64encode(values.tobytes()).decode()


def _bytes(text: str) -> Array:
    return np.frombuffer(base64.b64decode(text), np.uint8)
