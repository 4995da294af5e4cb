"""The levels of a drawn network: what stands on one height of it, and what is said beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from nncore.analysis.network import Part
from nncore.config.config import Config
from nncore.network.layers import (
    Activate,
    BatchNorm,
    Concatenate,
    Conv1D,
    Dropout,
    Embedding,
    MaxPooling1D,
    Output,
)
from nncore.system.wording import times

_AT_ONCE = (BatchNorm, Activate, Dropout, Output)  # done to a layer's units where they stand


@dataclass(frozen=True)
class Level:
    """A layer that changes the shape, with what is done to its units.

    title: its name and the functions after it; detail: what comes out, and what is learnt;
    parameters: of all of it.
    """

    part: Part
    name: str
    title: str
    detail: tuple[str, ...]
    parameters: int = 0

    @property
    def is_sequence(self) -> bool:
        """Whether it puts out a row of numbers for every step."""
        return len(self.part.shape) > 1


def levels(config: Config, rows: tuple[Part, ...]) -> list[Level]:
    """From the input to the output."""
    return [_level(config, group) for group in _groups(rows)]


def _groups(rows: tuple[Part, ...]) -> Iterator[list[Part]]:
    group: list[Part] = []
    for part in rows:
        if group and not isinstance(part.layer, _AT_ONCE):
            yield group
            group = []
        group.append(part)
    yield group


def _level(config: Config, group: list[Part]) -> Level:
    first, *after = group
    if first.layer is None:
        return Level(first, "Input", "Input", (_input_words(config),))
    steps = [_name(first), *([first.activation] if first.activation else []), *map(_step, after)]
    parameters = sum(part.parameters for part in group)
    learnt = (times(parameters, "parameter"),) if parameters else ()
    return Level(first, steps[0], " → ".join(steps), (_size(first), *learnt), parameters)


def _input_words(config: Config) -> str:
    inputs, data = config.model.inputs(config), config.data
    if data.kind == "text":
        return times(inputs, "word")
    if data.kind == "image":
        return f"{' x '.join(map(str, data.input_shape))} = {times(inputs, 'pixel')}"
    if data.recipe is not None:
        return f"{times(inputs, 'number')} from {times(len(data.recipe.inputs), 'column')}"
    return times(inputs, "number")


def _name(part: Part) -> str:
    """ "Dense 1", "Output": what the table calls dense_1 and output."""
    match part.layer:
        case Embedding() | Concatenate():
            return part.kind
        case Conv1D(kernel_size=size):
            return f"{part.kind} over {times(size, 'step')}"
        case MaxPooling1D(pool_size=size):
            return f"{part.kind} of {size}"
    return part.name.replace("_", " ").capitalize()


def _step(part: Part) -> str:
    match part.layer:
        case BatchNorm():
            return "batch norm"
        case Dropout(rate=rate):
            return f"dropout {rate:g}"
    return part.activation


def _size(part: Part) -> str:
    if len(part.shape) > 1:
        steps, channels = part.shape
        return f"{times(steps, 'step')} x {channels:,}"
    return times(part.shape[0], "unit")
