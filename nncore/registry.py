"""Name -> definition tables, in the order the menus show them."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")


class InvalidSetting(ValueError):
    """A value outside its domain, or settings that contradict each other: the user's to mend."""


class UnknownName(InvalidSetting, KeyError):
    """A name that no registry has, typically from a URL, a command line or an old result."""

    def __str__(self) -> str:  # KeyError would show the message in quotes
        return str(self.args[0])


def suggestion(name: str, known: Iterable[str]) -> str:
    """The sentence "Did you mean 'relu'?" after a space, or nothing when no known name is near."""
    near = get_close_matches(name, list(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


class Registry(Mapping[str, T]):
    """A read-only mapping that rejects duplicates and explains misses.

    Items carry their own `name`: instances, or classes with a class variable.
    """

    def __init__(self, kind: str, *items: T) -> None:
        self.kind = kind
        self._items: dict[str, T] = {}
        for item in items:
            name: str = item.name  # type: ignore[attr-defined]
            if name in self._items:
                raise ValueError(f"Two {kind}s are named {name!r}.")
            self._items[name] = item

    def __getitem__(self, name: str) -> T:
        if name in self._items:
            return self._items[name]
        hint = suggestion(str(name), self._items)
        raise UnknownName(f"Unknown {self.kind} {name!r}.{hint} Known: {', '.join(self._items)}.")

    def __contains__(self, name: object) -> bool:  # Mapping's own would call __getitem__
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)
