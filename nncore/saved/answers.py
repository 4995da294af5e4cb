"""What a network's outputs for one input mean, and inputs as people give them."""

import csv
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.config.config import Config
from nncore.datasets.ragged import UNKNOWN, Ragged
from nncore.datasets.recipe.definition import DATE, Recipe
from nncore.datasets.sets.text import encode
from nncore.declare.domains import Numbers, Range
from nncore.engines.mistakes import probabilities
from nncore.saved.network import SavedNetwork
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting, quoted
from nncore.system.wording import times

ROW = Numbers(Range(-1e12, 1e12), most=1000)  # a typed row: a number per column


@dataclass(frozen=True)
class Answer:
    """Classes with their probabilities, or for a regression a number in the target's unit."""

    classes: tuple[str, ...] = ()
    chances: Array | None = None  # (classes,)
    number: float | None = None

    @property
    def best(self) -> int:
        """The class that is most likely."""
        return 0 if self.chances is None else int(self.chances.argmax())


def answer(network: SavedNetwork, out: Array) -> Answer | None:
    """What outputs (1, units) say; None where they are no numbers."""
    if not np.isfinite(out).all():
        return None
    data = network.config.data
    if data.task == "regression":
        return Answer(number=in_unit(network, float(out[0, 0])))
    chances = probabilities(out)[0]
    more = (f"unit {i}" for i in range(len(data.classes), len(chances)))
    return Answer((*data.classes, *more), chances)


def in_classes(config: Config, y: Any) -> str | float:
    """A true value of the data: the name of its class, or a number in the target's unit."""
    data = config.data
    return float(y) * data.unit_factor if data.task == "regression" else data.classes[int(y)]


def in_unit(network: SavedNetwork, out: float) -> float:
    """A number on the scale trained on, in the target's unit."""
    raw = out * network.target_scale + network.target_offset
    return raw * network.config.data.unit_factor


def is_redrawn(config: Config) -> bool:
    """Points drawn with other settings than the data set's own aren't kept anywhere."""
    drawn = config.data.drawn
    return drawn is not None and (config.points, config.noise) != (drawn.points, drawn.noise)


def review(config: Config, text: str) -> tuple[Ragged, Array]:
    """A typed review as the network's input, and the word numbers that it reads of it.

    Raises DataMissing or DataCorrupt when the file of words is not to be read.
    """
    indices = encode(text)
    model: Any = config.model
    tokens = np.where(indices >= model.words, UNKNOWN, indices)[-model.tokens :]
    return Ragged(indices, np.array([0, len(indices)], np.int32)), tokens


def row(config: Config, text: str) -> Array:
    """A typed row, a value for each input column in their order, as the network's input.

    Values are numbers; of a table with a recipe whatever its columns hold, or nothing. Raises
    InvalidSetting when it isn't one value per column.
    """
    data = config.data
    if data.recipe is not None:
        return _raw_row(data.label, data.recipe, text)
    wanted = ", ".join(data.features[:12]) + (", ..." if len(data.features) > 12 else "")
    of = f" ({wanted})" if wanted else ""
    try:
        values = ROW.parse(text)
    except ValueError as error:
        raise InvalidSetting(
            f"A row for {data.label} must be {data.n_features} numbers{of} separated by commas, "
            f"each from -1e12 to 1e12; got {quoted(text)}."
        ) from error
    if len(values) != data.n_features:
        raise InvalidSetting(
            f"A row for {data.label} must have {data.n_features} numbers{of}; got {len(values)}."
        )
    return np.array(values, float).reshape(1, *data.input_shape)


def _raw_row(label: str, recipe: Recipe, text: str) -> Array:
    """A typed row for a table with a recipe: (1, raw columns)."""
    columns = [recipe.columns[place] for place in recipe.inputs]
    (cells,) = csv.reader([" ".join(text.splitlines())], skipinitialspace=True) if text else ([],)
    if len(cells) != len(columns):
        names = [column.name for column in columns]
        wanted = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
        raise InvalidSetting(
            f"A row for {label} must have {times(len(columns), 'value')} ({wanted}) separated by "
            f"commas, nothing between two commas where one is missing; got {len(cells)}."
        )
    x = np.zeros((1, len(recipe.columns)))  # what isn't an input plays no part
    for place, column, cell in zip(recipe.inputs, columns, cells, strict=True):
        try:
            x[0, place] = column.value(cell)
        except ValueError as error:
            what = "a date such as 2024-05-31" if column.kind == DATE else "a number"
            raise InvalidSetting(
                f"{column.name} of a row for {label} must be {what}; got {quoted(cell)}."
            ) from error
    return x
