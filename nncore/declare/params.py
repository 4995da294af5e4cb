"""Hyperparameters declared once: default, domain, label and help.

One declaration gives the Python default, the validation and its error text, the
widget, the URL parameter, the command-line setting and the JSON form.

A domain says which values a hyperparameter may take. `clean` brings a value into
its one stored form (so that equal settings compare and hash equal) or raises
ValueError; `parse` does the same from text (URL, command line); `text` writes it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field, fields
from functools import cache
from typing import Any

from nncore.declare.domains import Choice, Domain
from nncore.system.errors import InvalidSetting, UnknownName, quoted, suggestion

# what a hyperparameter may need
HIDDEN, DRAWN, CLASSES = "hidden layers", "points of the plane", "classes"


@dataclass(frozen=True)
class Param:
    """A declared hyperparameter, as widgets, links and error texts read it."""

    name: str
    label: str
    domain: Domain
    default: Any
    _: KW_ONLY
    help: str = ""
    group: str = ""  # the heading of its control
    basic: bool = False  # among the controls in sight; all others are under Advanced
    needs: str = ""  # what it means something with: a switch's name or a word above
    levels: tuple[str, ...] = ()  # values a menu offers, as text; (): what the domain offers
    crossed: tuple[str, ...] = ()  # values offered to cross all else with, as text
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)  # of values, by their text
    named: Mapping[str, str] = field(default_factory=dict, hash=False)  # that tell the setting, too
    counted: str = ""  # what its whole numbers count, such as "epoch"
    short: str = ""  # its name in legends, where the label says more
    brief: str | None = None  # the word before its value where a training is told in a line
    compiled: bool = True  # whether a compiled program depends on it
    later: bool = False  # newer than stored trainings: at its default no part of the flat form

    def parse(self, text: str, *, owner: str = "") -> Any:
        """The value `text` stands for; InvalidSetting names the owner, domain and what came."""
        return self._by(self.domain.parse, text, owner)

    def clean(self, value: Any, *, owner: str = "") -> Any:
        """The stored form of `value`; InvalidSetting names the owner, domain and what came."""
        return self._by(self.domain.clean, value, owner)

    def read(self, value: Any, *, owner: str = "") -> Any:
        """The stored form of text, which is parsed, or of a value, which is checked."""
        return (self.parse if isinstance(value, str) else self.clean)(value, owner=owner)

    def _by(self, method: Callable[[Any], Any], value: Any, owner: str) -> Any:
        try:
            return method(value)
        except UnknownName:
            raise
        except (ValueError, OverflowError, TypeError) as error:
            raise self._refusal(value, owner) from error

    def _refusal(self, value: Any, owner: str) -> InvalidSetting:
        who = f"{owner}.{self.name}" if owner else self.name
        options = self.domain.options if isinstance(self.domain, Choice) else ()
        hint = suggestion(value, options) if isinstance(value, str) else ""
        return InvalidSetting(
            f"{who} must be {self.domain.demand(value)}; got {_came(value)}.{hint}"
        )


def _came(value: Any) -> str:
    """What came, quoted unless it reads as a number: text from a URL is a number to people."""
    is_number = re.compile(r"[-+]?[\d.]{1,40}(e[-+]?\d{1,9})?", re.IGNORECASE).fullmatch
    return value if isinstance(value, str) and is_number(value) else quoted(value)


def hyper(default: Any, domain: Domain, *, label: str, **about: Any) -> Any:
    """A dataclass field that is also a hyperparameter; `about`: what else Param says of it."""
    return field(default=default, metadata={"label": label, "domain": domain, **about})


def params_of(config: Any) -> Iterator[Param]:
    """The hyperparameters of a dataclass (class or instance), in declaration order."""
    yield from _declared(config if isinstance(config, type) else type(config))


@cache  # a grid of configs asks thousands of times
def _declared(owner: type[Any]) -> tuple[Param, ...]:
    declared = (f for f in fields(owner) if "domain" in f.metadata)
    return tuple(Param(name=f.name, default=f.default, **f.metadata) for f in declared)


def check_params(config: Any) -> None:
    """Bring every hyperparameter of a frozen dataclass into its stored form.

    Raises InvalidSetting for the first one outside its domain.
    """
    for param in params_of(config):
        value = param.clean(getattr(config, param.name), owner=type(config).__name__)
        object.__setattr__(config, param.name, value)
