"""Users' own data sets on disk: found, read, kept, renamed, shared, deleted. Light: no pandas.

`own/NAME.json` in a data folder says what a set is, `own/NAME.npz` has its arrays, and
`own/NAME.owners` says who keeps it. NAME holds a hash of the first two, so that the same content is
the same set everywhere, and a training's key stays true. Nothing in these files is trusted: what
doesn't fit is left out, with a reason.

A set that is private to others is not there, in whatever way it is asked for.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nncore.datasets.definition import Dataset, Raw
from nncore.datasets.own.keepers import (
    MOST_LABEL,
    Keeper,
    forget_keepers,
    keeper_of,
    one_line,
    read_keepers,
    write_keepers,
)
from nncore.datasets.own.shelf import MOST_ABOUT, NAME, own_name, shelf
from nncore.system.errors import DataError, InvalidSetting, UnknownName
from nncore.system.files import replacing, write_whole
from nncore.system.locks import only_one
from nncore.system.outside import Unreadable, json_file
from nncore.system.owners import Visitor, check_owner, looking
from nncore.system.paths import data_folders, home_folder, prepared_folder


def own_folder() -> Path:
    """Where new sets are kept."""
    return home_folder() / "data" / "own"


def is_own(name: object) -> bool:
    """Whether a name is of a user's own set, here or elsewhere."""
    return isinstance(name, str) and NAME.fullmatch(name) is not None


def own_by_name(visitor: Visitor | None = None) -> dict[str, Dataset]:
    """Every own set that a visitor may see, by name, in the order of labels; default: who looks.

    Cheap: files are read when they change.
    """
    who = visitor or looking()
    kept: dict[str, list[Dataset]] = {}
    for folder in data_folders():
        for name, sets in shelf(folder / "own").sets.items():
            kept.setdefault(name, []).extend(sets)
    seen = [data for sets in kept.values() if (data := _as_seen(sets, who)) is not None]
    return {data.name: data for data in sorted(seen, key=lambda d: (d.label.lower(), d.name))}


def _as_seen(sets: Sequence[Dataset], who: Visitor) -> Dataset | None:
    """A set as a visitor has it: under the label of their own before that of somebody else."""
    mine = (data for data in sets if who.key and data.owner == who.key)
    shared = (data for data in sets if data.shared or who.is_admin)
    return next(mine, None) or next(shared, None)


def sharing() -> tuple[set[str], set[tuple[str, str]]]:
    """Names of sets that somebody shares; (owner, name) of those that their owner doesn't."""
    shelves = [shelf(folder / "own") for folder in data_folders()]
    kept = [data for each in shelves for sets in each.sets.values() for data in sets]
    return {d.name for d in kept if d.shared}, {(d.owner, d.name) for d in kept if not d.shared}


def own_names_in(text: str) -> set[str]:
    """The names of own sets, here or elsewhere, that a text holds."""
    return set(NAME.findall(text))


def own_problems() -> list[str]:
    """Why some of the files that are kept are no data sets, in sentences, for those they concern.

    What was kept before there were owners concerns everybody, what nobody can tell only admins.
    """
    who = looking()
    return [
        text
        for folder in data_folders()
        for owners, text in shelf(folder / "own").problems
        if "" in owners or who.is_admin or any(map(who.may_change, owners))
    ]


def keep(about: Mapping[str, Any], arrays: Raw, owner: str) -> Dataset:
    """Write a set for its owner, or find it there already.

    The same content is kept once, for each owner under their first label. Raises DataError when it
    can't be written.
    """
    name = own_name(about)
    path = own_folder() / f"{name}.json"
    with only_one(own_folder()):
        try:
            with replacing(path.with_suffix(".npz")) as unfinished, unfinished.open("wb") as file:
                np.savez_compressed(file, **arrays.kept())
            keepers = _keepers(path) if path.is_file() else ()
            if all(keeper.owner != owner for keeper in keepers):
                write_keepers(path, [*keepers, keeper_of(about, owner)])
            kept = json_file(path, MOST_ABOUT) if path.is_file() else {}
            if kept.keys() < about.keys():  # an older version didn't say how its file was read
                write_whole(path, json.dumps({**about, **kept}, indent=1).encode())
        except OSError as error:
            raise DataError(
                f"{path.parent} can't be written: {error.strerror or error}."
            ) from error
    return own_by_name(Visitor(owner))[name]


def rename(name: str, label: str, by: Visitor) -> None:
    """Give a set another label; raises InvalidSetting for one that can't be used.

    Like `share` and `delete`, raises NotYours unless `by` may change it, UnknownName where there
    is none that they may see, and DataError where it can't be written.
    """
    label = clean_label(label)
    _change(name, by, "rename", lambda keeper: replace(keeper, label=label))


def share(name: str, shared: bool, by: Visitor) -> None:
    """Let everybody see a set, or only its owner and admins; errors as of `rename`."""
    _change(name, by, "share", lambda keeper: replace(keeper, shared=shared))


def delete(name: str, by: Visitor) -> None:
    """Remove a set for good. Results of comparisons on it stay in the store; errors as of `rename`.

    Its files go with the last who keeps it.
    """
    _change(name, by, "delete", lambda _: None)


def _change(name: str, by: Visitor, doing: str, changed: Callable[[Keeper], Keeper | None]) -> None:
    """Let a set be what `changed` makes of it for the keeper under whose label `by` sees it."""
    seen = own_by_name(by).get(name)
    if seen is None:
        raise UnknownName(f"There is no data set {name!r} of your own here.")
    check_owner(by, seen.owner, "table", doing)
    path = own_folder() / f"{name}.json"
    with only_one(own_folder()):
        if not path.is_file():
            raise InvalidSetting(
                f"{name} lies in a folder that NNLAB_DATA names, which NN Lab never changes: "
                "rename or delete its files there."
            )
        each = ((k, changed(k) if k.owner == seen.owner else k) for k in _keepers(path))
        keepers = [after for _, after in each if after is not None]
        try:
            if keepers:
                write_keepers(path, keepers)
            else:
                _remove(path, seen)
        except OSError as error:
            raise DataError(
                f"{path} can't be changed or deleted: {error.strerror or error}."
            ) from error


def _keepers(path: Path) -> tuple[Keeper, ...]:
    try:
        return read_keepers(path, json_file(path, MOST_ABOUT))
    except Unreadable as error:
        raise DataError(f"{path.name} can't be changed: {error}.") from error


def _remove(path: Path, data: Dataset) -> None:
    path.unlink(missing_ok=True)
    path.with_suffix(".npz").unlink(missing_ok=True)
    forget_keepers(path)
    copy = f"{path.stem}-{data.variants['full'].sha256[:16]}.npz"
    with suppress(OSError):
        (prepared_folder() / copy).unlink(missing_ok=True)


def clean_label(label: str) -> str:
    """A label on one line, without control characters; InvalidSetting when nothing is left."""
    plain = one_line(label)
    if not 1 <= len(plain) <= MOST_LABEL:
        raise InvalidSetting(
            f"The name of a data set must have 1 to {MOST_LABEL} characters; got {len(plain)}."
        )
    return plain
