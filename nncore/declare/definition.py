"""What activations, initializers, losses and optimizers have in common.

A definition is a frozen dataclass: its class says what it is (name, formula, words,
source), its fields are its own hyperparameters. Names are Keras's: `name` is the
identifier in snake case, the class name is the Keras class, and fields are the
arguments Keras takes. Definitions hold no arrays.
"""

from abc import ABC
from dataclasses import dataclass
from typing import Any, ClassVar

from nncore.declare.params import check_params, params_of


@dataclass(frozen=True)
class Definition(ABC):
    """A named choice with hyperparameters of its own. Subclasses of the kinds are final."""

    name: ClassVar[str]  # Keras's identifier in snake case
    label: ClassVar[str]  # what menus and legends show
    formula: ClassVar[str]  # LaTeX
    help: ClassVar[str]  # one or two plain sentences for people who are learning
    source: ClassVar[str]  # paper, book or Keras page of the formula
    engines: ClassVar[tuple[str, ...]] = ()  # the only ones that can train it; empty: all can

    def __post_init__(self) -> None:
        check_params(self)

    def settings(self) -> dict[str, Any]:
        """Hyperparameter name -> plain value, in declaration order.

        Without what was declared `later` and stands at its default: keys of trainings stay.
        """
        values = {p: getattr(self, p.name) for p in params_of(self)}
        return {
            p.name: p.domain.plain(value)
            for p, value in values.items()
            if not p.later or value != p.default
        }

    def keras_config(self) -> dict[str, Any]:
        """What Keras's `deserialize` of this kind takes: class and field names are Keras's own.

        Output activations and regularizers have no settings: the Keras engine builds them
        by name and never asks.
        """
        return {"class_name": type(self).__name__, "config": self.settings()}
