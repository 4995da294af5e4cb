"""Who keeps a table, what each calls it, and whether others may see it: `NAME.owners` beside it.

The same table is kept once, however many bring it, and none of them learns of the others. A table
without such a file was kept before there were owners, when everybody saw it: it stays so.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from nncore.system.files import write_whole
from nncore.system.outside import Unreadable, json_file

MOST_LABEL = 60  # characters of a label: legends and menus must hold it
_MOST_BYTES = 2_000_000  # of the file


@dataclass(frozen=True)
class Keeper:
    """One who keeps a table."""

    owner: str  # key of a visitor; "" before there were owners
    label: str
    text: str  # description
    file: str  # name of the file it came from
    shared: bool = False  # whether everybody sees it


def keeper_of(about: Mapping[str, Any], owner: str, *, shared: bool = False) -> Keeper:
    """One who keeps what a description says, under its label."""
    return Keeper(owner, about["label"], about["text"], about["file"], shared)


def read_keepers(path: Path, about: Mapping[str, Any]) -> tuple[Keeper, ...]:
    """Those who keep the table described at `path`, first come first.

    Raises Unreadable: then nobody can tell whose it is.
    """
    beside = _beside(path)
    if not beside.is_file():
        return (keeper_of(about, "", shared=True),)
    listed = json_file(beside, _MOST_BYTES)
    if not isinstance(listed, list) or not listed:
        raise Unreadable(f"{beside.name} lists no owners")
    return tuple(_checked(entry, beside.name) for entry in listed)


def owners_at(path: Path) -> frozenset[str]:
    """The owners of what lies at `path`, be it damaged; nobody's where that can't be told."""
    beside = _beside(path)
    if not beside.is_file():
        return frozenset({""})
    try:
        return frozenset(keeper.owner for keeper in read_keepers(path, {}))
    except Unreadable:
        return frozenset()


def write_keepers(path: Path, keepers: Sequence[Keeper]) -> None:
    """Write them; raises OSError when that fails."""
    listed = [asdict(keeper) for keeper in keepers]
    write_whole(_beside(path), json.dumps(listed, indent=1).encode())


def forget_keepers(path: Path) -> None:
    """Remove the file; raises OSError when that fails."""
    _beside(path).unlink(missing_ok=True)


def one_line(text: str) -> str:
    """Without control characters and line breaks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def is_label(text: str) -> bool:
    """Whether a label can be shown as it is."""
    return 1 <= len(text) <= MOST_LABEL and text == one_line(text)


def _beside(path: Path) -> Path:
    return path.with_suffix(".owners")


def _checked(entry: Any, name: str) -> Keeper:
    kinds = {field.name: field.type for field in fields(Keeper)}
    if (
        not isinstance(entry, dict)
        or entry.keys() != kinds.keys()
        or not all(type(entry[key]) is kind for key, kind in kinds.items())
        or not is_label(entry["label"])
    ):
        raise Unreadable(f"{name} was changed")
    return Keeper(**entry)
