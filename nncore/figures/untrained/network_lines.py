"""Which units of a layer a drawn network shows, where, and which of the layer before feed them."""

from dataclasses import dataclass

import numpy as np

from nncore.analysis.network import INPUT
from nncore.figures.untrained.network_levels import Level
from nncore.network.layers import Concatenate, Conv1D, Dense, Embedding, MaxPooling1D
from nncore.system.arrays import Array

MOST_DOTS = 10  # of a level: of more units the first and last five, of a sequence the first ten
LEFT, RIGHT = 0.06, 0.44  # shares of the figure's width that the dots have
APART = (RIGHT - LEFT) / MOST_DOTS


@dataclass(frozen=True)
class Row:
    """The dots of a level: places x (n,), their numbers in the layer (n,), whose they are (n,).

    left_out: where "···" stands for units that are not drawn.
    """

    level: Level
    y: float
    x: Array
    units: Array
    of_input: Array
    left_out: tuple[float, ...] = ()

    @property
    def middle(self) -> float:
        """Of the dots and what is left out."""
        ends = [*self.x.tolist(), *self.left_out]
        return (min(ends) + max(ends)) / 2


def row_of(level: Level, y: float, before: Row | None, *, in_steps: bool = False) -> Row:
    """The dots of a level at height `y`. `in_steps`: it is the input of a layer of sequences."""
    count, layer = level.part.shape[0], level.part.layer
    if isinstance(layer, Concatenate):
        return _side_by_side(level, y, layer)
    if isinstance(layer, MaxPooling1D) and before is not None:
        return _pools(level, y, before, layer.pool_size)
    of_input = level.part.name == INPUT
    if level.is_sequence or in_steps:
        shown = min(count, MOST_DOTS)
        x = LEFT + APART * np.arange(shown + 1)
        beyond = (float(x[-1]),) if shown < count else ()
        return Row(level, y, x[:-1], np.arange(shown), np.full(shown, of_input), beyond)
    x, units, left_out = _spread(count, (LEFT + RIGHT) / 2, MOST_DOTS)
    return Row(level, y, x, units, np.full(len(x), of_input), left_out)


def connections(before: Row, row: Row) -> list[tuple[int, int]]:
    """(position in the row above, position here) of every pair that is drawn and connected.

    Empty where an arrow says all: numbers are only put in another order.
    """
    above, here = before.units[:, None], row.units[None, :]
    match row.level.part.layer:
        case Dense():
            feeds = np.ones((before.units.size, row.units.size), bool)
        case Embedding():
            feeds = above == here
        case Conv1D(kernel_size=size):  # padded so that a step sees as many before as after it
            feeds = (above >= here - (size - 1) // 2) & (above <= here + size // 2)
        case MaxPooling1D(pool_size=size):
            feeds = above // size == here
        case _:
            return []
    return [(int(i), int(j)) for i, j in np.argwhere(feeds)]


def _spread(count: int, middle: float, most: int) -> tuple[Array, Array, tuple[float, ...]]:
    """(places, numbers) of units around `middle`, and where those in between are left out."""
    if count <= most:
        return middle + APART * (np.arange(count) - (count - 1) / 2), np.arange(count), ()
    half = most // 2
    places = middle + APART * (np.arange(most + 1) - most / 2)
    units = np.concatenate([np.arange(half), np.arange(count - (most - half), count)])
    return np.delete(places, half), units, (float(places[half]),)


def _side_by_side(level: Level, y: float, layer: Concatenate) -> Row:
    """The input's numbers on the left, those of the hidden layer on the right."""
    quarter = (RIGHT - LEFT) / 4
    most = MOST_DOTS // 2 - 2  # on each side, with room between the two
    wide, wide_units, wide_out = _spread(layer.inputs, LEFT + quarter, most)
    deep, deep_units, deep_out = _spread(layer.units - layer.inputs, RIGHT - quarter, most)
    return Row(
        level,
        y,
        np.concatenate([wide, deep]),
        np.concatenate([wide_units, layer.inputs + deep_units]),
        np.arange(len(wide) + len(deep)) < len(wide),
        wide_out + deep_out,
    )


def _pools(level: Level, y: float, before: Row, size: int) -> Row:
    """Each below the steps that it chooses from; those whose steps are drawn."""
    of = before.units // size
    pools = np.unique(of[of < level.part.shape[0]])
    x = np.array([before.x[of == pool].mean() for pool in pools])
    left_out = before.left_out if len(pools) < level.part.shape[0] else ()
    return Row(level, y, x, pools, np.zeros(len(pools), bool), left_out)
