"""A user's own data sets on disk: found, read, kept, renamed and deleted. Light: no pandas.

`own/NAME.json` in a data folder says what a set is, and `own/NAME.npz` has its arrays. NAME holds
a hash of both, so that the same content is the same set everywhere, and a training's key stays
true. Nothing in these files is trusted: what doesn't fit is left out, with a reason.
"""

import hashlib
import json
import math
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from nncore.datasets.definition import TASKS, Dataset, Raw, Variant
from nncore.datasets.files import read_npz
from nncore.system.errors import DataError, DataMissing, InvalidSetting, UnknownName
from nncore.system.files import replacing, write_whole
from nncore.system.outside import Unreadable, json_file
from nncore.system.paths import data_folders, home_folder, prepared_folder

MOST_LABEL = 60  # characters of a label: legends and menus must hold it
_MOST_ABOUT = 2_000_000  # bytes of a description; 2,000 columns with long names take 200,000
_MOST_ROWS = 1_000_000  # more than were ever taken
_NAME = re.compile(r"csv_[0-9a-f]{12}")
_KEYS: dict[str, type] = {
    "label": str,
    "text": str,
    "file": str,
    "task": str,
    "target": str,
    "sha256": str,
}
_KEYS |= {"classes": list, "features": list, "train": int, "test": int}


@dataclass(frozen=True)
class _Shelf:
    """What one folder held when it had this stamp."""

    stamp: tuple[Any, ...]
    sets: Mapping[str, Dataset]
    problems: tuple[str, ...]


_shelves: dict[Path, _Shelf] = {}


def own_folder() -> Path:
    """Where new sets are kept."""
    return home_folder() / "data" / "own"


def is_own(name: object) -> bool:
    """Whether a name is of a user's own set, here or elsewhere."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def own_by_name() -> dict[str, Dataset]:
    """Every user's own set that can be found, by name. Cheap: files are read when they change."""
    sets: dict[str, Dataset] = {}
    for folder in data_folders():
        for name, data in _shelf(folder / "own").sets.items():
            sets.setdefault(name, data)
    return sets


def own_problems() -> list[str]:
    """Why some of the files that are kept are no data sets, in sentences."""
    return [text for folder in data_folders() for text in _shelf(folder / "own").problems]


def own_name(about: Mapping[str, Any]) -> str:
    """The name that this content has: its label, file name and description don't count."""
    content = [about[key] for key in ("task", "target", "classes", "features", "sha256")]
    return f"csv_{hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]}"


def keep(about: Mapping[str, Any], arrays: Raw) -> Dataset:
    """Write a set, or find it there already: the same content is kept once, under its first label.

    Raises DataError when it can't be written.
    """
    name = own_name(about)
    path = own_folder() / f"{name}.json"
    try:
        with replacing(path.with_suffix(".npz")) as unfinished, unfinished.open("wb") as file:
            np.savez_compressed(file, **arrays.arrays())
        if name not in own_by_name():
            write_whole(path, json.dumps(dict(about), indent=1).encode())
    except OSError as error:
        raise DataError(f"{path.parent} can't be written: {error.strerror or error}.") from error
    return own_by_name()[name]


def rename(name: str, label: str) -> None:
    """Give a set another label; raises InvalidSetting for one that can't be used."""
    path = _path(name)
    about = json.loads(path.read_bytes()) | {"label": clean_label(label)}
    try:
        write_whole(path, json.dumps(about, indent=1).encode())
    except OSError as error:
        raise DataError(f"{path} can't be written: {error.strerror or error}.") from error


def delete(name: str) -> None:
    """Remove a set for good. Results of comparisons on it stay in the store."""
    path = _path(name)
    form = own_by_name()[name].variants["full"]
    try:
        path.unlink(missing_ok=True)
        path.with_suffix(".npz").unlink(missing_ok=True)
        with suppress(OSError):  # only a copy
            (prepared_folder() / f"{name}-{form.sha256[:16]}.npz").unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{path} can't be deleted: {error.strerror or error}.") from error


def clean_label(label: str) -> str:
    """A label on one line, without control characters; InvalidSetting when nothing is left."""
    plain = _one_line(label)
    if not 1 <= len(plain) <= MOST_LABEL:
        raise InvalidSetting(
            f"The name of a data set must have 1 to {MOST_LABEL} characters; got {len(plain)}."
        )
    return plain


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _path(name: str) -> Path:
    """The description of a set that may be changed."""
    if name not in own_by_name():
        raise UnknownName(f"There is no data set {name!r} of your own here.")
    path = own_folder() / f"{name}.json"
    if not path.is_file():
        raise InvalidSetting(
            f"{name} lies in a folder that NNLAB_DATA names, which NN Lab never changes: rename "
            "or delete its two files there."
        )
    return path


def _shelf(folder: Path) -> _Shelf:
    try:
        with os.scandir(folder) as entries:
            stats = [(e.name, e.stat()) for e in entries if e.name.endswith((".json", ".npz"))]
    except OSError:  # not there, or not for us to read
        return _Shelf((), {}, ())
    # the inode tells files apart that were replaced within one tick of the clock
    stamp = tuple(sorted((name, s.st_mtime_ns, s.st_size, s.st_ino) for name, s in stats))
    shelf = _shelves.get(folder)
    if shelf is None or shelf.stamp != stamp:
        shelf = _shelves[folder] = _read_shelf(folder, stamp)
    return shelf


def _read_shelf(folder: Path, stamp: tuple[Any, ...]) -> _Shelf:
    sets: dict[str, Dataset] = {}
    problems = []
    for path in sorted(folder.glob("csv_*.json")):
        try:
            sets[path.stem] = _dataset(path.stem, _checked(path))
        except Unreadable as error:
            problem = (
                f"{path} is left out: {error}. Upload its file again, or delete {path.name} and "
                f"{path.stem}.npz."
            )
            problems.append(_one_line(problem))  # names of files hold anything
    in_order = sorted(sets.values(), key=lambda data: (data.label.lower(), data.name))
    return _Shelf(stamp, {data.name: data for data in in_order}, tuple(problems))


def _checked(path: Path) -> dict[str, Any]:
    """What a description says, once every part of it is known to be sound; else Unreadable."""
    about = json_file(path, _MOST_ABOUT)
    if not isinstance(about, dict) or not all(
        type(about.get(key)) is kind for key, kind in _KEYS.items()
    ):
        raise Unreadable("something is missing in it")
    label, classes, features = about["label"], about["classes"], about["features"]
    texts = [about["target"], *classes, *features]
    n_classes = {"binary": 2, "regression": 0}.get(about["task"], max(3, len(classes)))
    rows = about["train"] + about["test"]
    sound = (
        about["task"] in TASKS
        and len(classes) == n_classes
        and features
        and all(isinstance(text, str) and text.isprintable() for text in texts)
        and len(set(classes)) == n_classes
        and 1 < rows <= _MOST_ROWS
        and about["test"] == math.ceil(rows / 5)  # as `without_test` takes it out
        and re.fullmatch("[0-9a-f]{64}", about["sha256"])
        and 1 <= len(label) <= MOST_LABEL
        and label == _one_line(label)
    )
    if not sound or own_name(about) != path.stem:
        raise Unreadable("it was changed")
    if not path.with_suffix(".npz").is_file():
        raise Unreadable("its arrays are missing")
    return about


def _dataset(name: str, about: Mapping[str, Any]) -> Dataset:
    regression = about["task"] == "regression"
    form = Variant(
        train=about["train"],
        test=about["test"],
        sha256=about["sha256"],
        note=f"all {about['train'] + about['test']:,} rows",
        load=partial(_load, name),
    )
    return Dataset(
        name=name,
        label=about["label"],
        task=about["task"],
        input_shape=(len(about["features"]),),
        variants={"full": form},
        description=_one_line(about["text"]),
        source=f"your own file {_one_line(about['file'])}",
        licence="your own",
        classes=tuple(about["classes"]),
        features=tuple(about["features"]),
        target=about["target"] if regression else "",
        standardize_target=regression,
        own=True,
    )


def _load(name: str) -> Raw:
    paths = (folder / "own" / f"{name}.npz" for folder in data_folders())
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise DataMissing(
            f"The data set {name} was deleted. Upload its file again with the same choices to "
            "have it back."
        )
    return Raw.of(read_npz(path, Raw._fields, "upload the file of the data set again"))
