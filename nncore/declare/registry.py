"""Name -> definition tables, in the order the menus show them."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from nncore.system.errors import UnknownName, quoted, suggestion

T = TypeVar("T")


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
        raise UnknownName(
            f"Unknown {self.kind} {quoted(name)}.{hint} Known: {', '.join(self._items)}."
        )

    def __contains__(self, name: object) -> bool:  # Mapping's own would call __getitem__
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)
