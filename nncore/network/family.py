"""What families of networks have in common."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from nncore.declare.definition import Definition
from nncore.network.architecture import Architecture
from nncore.network.layers import Layer

_ROWS = ("image", "table", "plane")  # kinds of data sets whose samples are rows of numbers


@dataclass(frozen=True)
class Model(Definition):
    """A family of networks: which layers a Config stands for."""

    kinds: ClassVar[tuple[str, ...]] = _ROWS  # of data sets it reads
    tasks: ClassVar[tuple[str, ...]] = ("binary", "multiclass", "regression")
    hidden: ClassVar[tuple[int, ...]] = (64,)  # hidden layers where the config names none
    fewest_hidden: ClassVar[int] = 0  # hidden layers it must have
    most_hidden: ClassVar[int | None] = None  # and may have; 0: `hidden` doesn't apply to it
    loss: ClassVar[str | None] = None  # trained with where the config names none, if not as usual

    @abstractmethod
    def layers(self, config: Architecture) -> tuple[Layer, ...]:
        """The network of `config`, layer by layer."""

    def check(self, config: Architecture) -> None:
        """Raise InvalidSetting where its own settings don't fit the rest of a config."""

    def inputs(self, config: Architecture) -> int:
        """Numbers, or words, of one sample."""
        return config.n_features

    def text_sizes(self) -> tuple[int, int]:
        """(words, tokens): how many words it knows and reads; 0 unless it reads text."""
        return 0, 0
