"""Domains: the values a hyperparameter may take.

`clean` brings a value into its one stored form (so that equal settings compare and hash equal)
or raises ValueError; `parse` does the same from text (URL, command line); `text` writes it, and
`title` says it to people.
"""

import math
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from nncore.declare.registry import Registry

AUTO = "auto"  # the text that leaves a value to what it depends on


class Domain(ABC):
    """The values a hyperparameter may take. `str(domain)` completes "must be ..."."""

    @abstractmethod
    def clean(self, value: Any) -> Any:
        """The stored form of `value`; ValueError when it is outside."""

    @abstractmethod
    def parse(self, text: str) -> Any:
        """The stored form of what `text` says; ValueError when it is outside."""

    def text(self, value: Any) -> str:
        """`value` as the URL and the command line write it; `parse` reads it back."""
        return str(value)

    def plain(self, value: Any) -> Any:
        """A stored form as plain JSON, from which `clean` makes it again."""
        return value

    def title(self, value: Any) -> str:
        """`value` as people read it; for most its text."""
        return self.text(value)

    def offers(self, default: Any) -> tuple[str, ...]:
        """Sensible values for a menu, as text; others may be typed."""
        return ()

    def demand(self, value: Any) -> str:
        """What completes "must be ..." for a `value` outside; where it can, of its own fault."""
        return str(self)

    def __contains__(self, value: object) -> bool:
        try:
            self.clean(value)
        except (ValueError, TypeError, OverflowError):
            return False
        return True


@dataclass(frozen=True)
class Range(Domain):
    """Numbers from `low` to `high`, both included; `log` spaces them by ratio."""

    low: float
    high: float
    log: bool = False
    integer: bool = False

    def clean(self, value: Any) -> int | float:
        if isinstance(value, bool) or not hasattr(value, "__float__"):
            raise ValueError(value)
        number = float(value) + 0.0  # -0.0 becomes 0.0: equal settings must hash equal
        if not self.low <= number <= self.high:  # also refuses NaN
            raise ValueError(value)
        if self.integer and number != int(number):
            raise ValueError(value)
        return int(number) if self.integer else number

    def parse(self, text: str) -> int | float:
        return self.clean(float(text))

    def text(self, value: Any) -> str:
        return repr(self.clean(value)).removesuffix(".0")

    def offers(self, default: Any) -> tuple[str, ...]:
        if self.log:
            values = self.ladder()
        elif self.integer:
            values = [default // 2, default, 2 * default]
        else:
            values = [0, 0.1, 0.5, 0.9, 0.99, 0.999]
        return tuple(dict.fromkeys(self.text(value) for value in values if value in self))

    def ladder(self) -> list[float]:
        """The 1-3-10 steps inside the range, for a slider over several powers of ten."""
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        return [v for k in powers for v in (float(f"1e{k}"), float(f"3e{k}")) if v in self]

    def __str__(self) -> str:
        kind = "whole number" if self.integer else "number"
        return f"a {kind} from {_number(self.low)} to {_number(self.high)}"


def _number(value: float) -> str:
    """A bound for people: 100,000 rather than 1e+05, 1e-6 rather than 1e-06."""
    return f"{int(value):,}" if value == int(value) else f"{value:g}".replace("e-0", "e-")


@dataclass(frozen=True)
class Choice(Domain):
    """One of a fixed list, usually the names of a registry."""

    options: tuple[str, ...]

    def clean(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(value)
        return value

    def parse(self, text: str) -> str:
        return self.clean(text.strip())

    def offers(self, default: Any) -> tuple[str, ...]:
        return self.options

    def __str__(self) -> str:
        return "one of " + ", ".join(self.options)


@dataclass(frozen=True)
class Name(Domain):
    """A name that a registry knows; an unknown one raises UnknownName with a suggestion."""

    registry: Registry[Any]

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(self.registry)

    def clean(self, value: Any) -> str:
        return str(self.registry[str(value)].name)

    def parse(self, text: str) -> str:
        return self.clean(text.strip())

    def title(self, value: Any) -> str:
        return str(self.registry[str(value)].label)

    def offers(self, default: Any) -> tuple[str, ...]:
        return self.options

    def __str__(self) -> str:
        return "one of " + ", ".join(self.options)


@dataclass(frozen=True)
class Chosen(Domain):
    """A definition of a registry of classes; a name stands for it with its default settings."""

    registry: Registry[Any]

    @property
    def options(self) -> tuple[str, ...]:
        return tuple(self.registry)

    def clean(self, value: Any) -> Any:
        if type(value) in self.registry.values():
            return value
        return self.registry[str(value)]()

    def parse(self, text: str) -> Any:
        return self.clean(text.strip())

    def text(self, value: Any) -> str:
        return str(self.clean(value).name)

    def plain(self, value: Any) -> Any:
        return value.name

    def title(self, value: Any) -> str:
        return str(self.clean(value).label)

    def offers(self, default: Any) -> tuple[str, ...]:
        return self.options

    def __str__(self) -> str:
        return "one of " + ", ".join(self.options)


_ON, _OFF = ("true", "on", "yes", "1"), ("false", "off", "no", "0")


@dataclass(frozen=True)
class Flag(Domain):
    """On or off."""

    def clean(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(value)
        return value

    def parse(self, text: str) -> bool:
        word = text.strip().lower()
        if word not in (*_ON, *_OFF):
            raise ValueError(text)
        return word in _ON

    def text(self, value: Any) -> str:
        return "true" if value else "false"

    def title(self, value: Any) -> str:
        return "On" if value else "Off"

    def offers(self, default: Any) -> tuple[str, ...]:
        return ("true", "false")

    def __str__(self) -> str:
        return "true or false"


@dataclass(frozen=True)
class Each(Domain):
    """A list whose entries share one domain, such as a width per hidden layer.

    Text separates entries by commas or, inside an arm, by hyphens.
    """

    entry: Domain
    most: int
    least: int = 0

    def clean(self, value: Any) -> tuple[Any, ...]:
        if isinstance(value, str) or not hasattr(value, "__iter__"):
            value = (value,)
        entries = tuple(self.entry.clean(v) for v in value)
        if not self.least <= len(entries) <= self.most:
            raise ValueError(value)
        return entries

    def parse(self, text: str) -> tuple[Any, ...]:
        if text.strip().lower() in ("", "none"):
            return self.clean(())
        return self.clean(tuple(self.entry.parse(t.strip()) for t in re.split(r"[,-]", text)))

    def text(self, value: Any) -> str:
        return "-".join(self.entry.text(v) for v in self.clean(value)) or "none"

    def plain(self, value: Any) -> Any:
        entries = [self.entry.plain(entry) for entry in value]
        return entries[0] if isinstance(self.entry, Chosen) and len(entries) == 1 else entries

    def title(self, value: Any) -> str:
        return " – ".join(self.entry.title(v) for v in self.clean(value)) or "none"

    def offers(self, default: Any) -> tuple[str, ...]:
        return self.entry.offers(default) if isinstance(self.entry, Chosen) else ()

    def __str__(self) -> str:
        return f"{self.least} to {self.most} entries, each {self.entry}"


@dataclass(frozen=True)
class Numbers(Each):
    """A list of numbers that may be negative, so that only commas and spaces separate them."""

    def parse(self, text: str) -> tuple[Any, ...]:
        words = text.replace(",", " ").split()
        return self.clean(() if words == ["none"] else tuple(map(self.entry.parse, words)))

    def text(self, value: Any) -> str:
        return " ".join(self.entry.text(v) for v in self.clean(value)) or "none"

    def title(self, value: Any) -> str:
        return self.text(value)


@dataclass(frozen=True)
class Pattern(Domain):
    """Text of a given form; `form` describes it to people, `regex` to the machine."""

    regex: str
    form: str

    def clean(self, value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(self.regex, value):
            raise ValueError(value)
        return value

    def parse(self, text: str) -> str:
        return self.clean(text.strip())

    def __str__(self) -> str:
        return self.form
