"""The settings: every key a flat config may have, each with all that is declared of it.

A setting is a field of Config, or belongs to the definitions that declare it; all share one
name space. Whatever draws, reads, writes, explains or keys settings asks these objects.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nncore.config.declared import Declared
from nncore.declare.definition import Definition
from nncore.declare.domains import AUTO, Chosen, Domain, Each, Flag
from nncore.declare.params import Param, params_of
from nncore.declare.registry import Registry
from nncore.system.errors import InvalidSetting
from nncore.system.wording import times

_AUTOMATIC = "Automatic"


@dataclass(frozen=True)
class Setting:
    """One key of a flat config.

    Several definitions may declare it, each with its own default and range; the first says the
    rest: label, kind of domain, help.
    """

    param: Param
    owners: tuple[type[Definition], ...] = ()  # the definitions that have it; none: a field
    kind: str = ""  # the field that chooses one of its owners

    @property
    def name(self) -> str:
        return self.param.name

    @property
    def label(self) -> str:
        return self.param.label

    @property
    def domain(self) -> Domain:
        return self.param.domain

    @property
    def help(self) -> str:
        return self.param.help

    @property
    def group(self) -> str:
        """The heading its control stands under; of a definition's setting that of its kind."""
        return SETTINGS[self.kind].group if self.kind else self.param.group

    @property
    def basic(self) -> bool:
        """Whether its control is in sight; others are under Advanced."""
        return self.param.basic

    @property
    def of_config(self) -> bool:
        """A field of Config, rather than a setting of definitions."""
        return not self.owners

    @property
    def compiled(self) -> bool:
        """Whether a compiled program depends on it."""
        return self.param.compiled and (not self.kind or SETTINGS[self.kind].compiled)

    @property
    def needs(self) -> tuple[str, ...]:
        """All it means something with: switches by name, HIDDEN, DRAWN or CLASSES."""
        need = self.param.needs
        return (need, *(SETTINGS[need].needs if need in SETTINGS else ())) if need else ()

    @property
    def short(self) -> str:
        """Its name in a legend: "Learning rate" of "Learning rate η"."""
        words, _, symbol = self.label.rpartition(" ")
        without = words if words and not symbol.isascii() else self.label
        return self.param.short or without

    @property
    def levels(self) -> tuple[str, ...]:
        """Sensible values, as text, in the order of a menu."""
        levels = self.param.levels or self.domain.offers(self.param.default)
        first = () if self.param.default is not None or AUTO in levels else (AUTO,)
        return (*first, *levels)

    @property
    def default(self) -> str:
        """The text of a field's default; "" where each definition has its own."""
        if self.owners:
            return ""
        return AUTO if self.param.default is None else self.write(self.param.default)

    def parse(self, text: str) -> Any:
        """The plain JSON value that `text` stands for. Raises InvalidSetting.

        The first definition whose domain has it decides; the config that uses it checks again.
        """
        if self._is_auto(text.strip()):
            return AUTO
        owner = self.owners[0].__name__ if len(self.owners) == 1 else ""
        refusals = []
        for param in self.declared():
            try:
                return param.domain.plain(param.parse(text, owner=owner))
            except InvalidSetting as error:
                refusals.append(error)
        raise refusals[0]

    def write(self, value: Any) -> str:
        """The text of a plain value, which `parse` reads back."""
        if self._is_auto(value):
            return AUTO
        domain = next((p.domain for p in self.declared() if value in p.domain), None)
        return str(value) if domain is None else domain.text(value)

    def title(self, value: Any) -> str:
        """A value, or its text, beside the setting's name: "ReLU", "128 – 64", "Full batch".

        A text that means nothing here is its own title.
        """
        try:
            typed, text, title = self._spellings(value)
        except InvalidSetting:
            return str(value)
        if text == AUTO and AUTO not in self.param.titles:
            return _AUTOMATIC
        title = {**self.param.named, **self.param.titles}.get(text, title)
        return typed if title == text else title

    def named(self, value: Any) -> str:
        """A value, or its text, that tells its setting, too: "5 epochs", "Dropout 0.3", "ReLU".

        Raises InvalidSetting for a text that means nothing here.
        """
        typed, text, title = self._spellings(value)
        if text in self.param.named:
            return self.param.named[text]
        if isinstance(self.domain, Flag):
            return self.short if text == "true" else f"No {self.short.lower()}"
        if self.param.counted and text.isdecimal():
            return times(int(text), self.param.counted)
        return title if title != text else f"{self.short} {typed}"

    def _spellings(self, value: Any) -> tuple[str, str, str]:
        """(as it came, the one way to write it, as its domain says it to people)"""
        plain = self.parse(value) if isinstance(value, str) else value
        text = self.write(plain)
        title = self.domain.title(plain) if plain in self.domain else text
        return (value if isinstance(value, str) else text), text, title

    def _is_auto(self, value: Any) -> bool:
        return self.of_config and self.param.default is None and value == AUTO

    def declared(self) -> Iterable[Param]:
        """Its declaration by each of its owners."""
        if not self.owners:
            return (self.param,)
        return (p for owner in self.owners for p in params_of(owner) if p.name == self.name)


def _registry(domain: Domain) -> Registry[Any] | None:
    """The definitions that a field chooses from, if it does."""
    entry = domain.entry if isinstance(domain, Each) else domain
    return entry.registry if isinstance(entry, Chosen) else None


def _settings() -> Iterable[Setting]:
    """Every field, followed by the settings of what it chooses from."""
    for field in params_of(Declared):
        yield Setting(field)
        owners: dict[str, list[type[Definition]]] = {}
        first: dict[str, Param] = {}
        for owner in DEFINED.get(field.name, {}).values():
            for param in params_of(owner):
                owners.setdefault(param.name, []).append(owner)
                first.setdefault(param.name, param)
        for name, param in first.items():
            yield Setting(param, tuple(owners[name]), field.name)


# the kinds of definitions that a Config chooses from: field -> its registry
DEFINED: dict[str, Registry[Any]] = {
    param.name: registry
    for param in params_of(Declared)
    if (registry := _registry(param.domain)) is not None
}

SETTINGS: Registry[Setting] = Registry("setting", *_settings())
