"""What a folder holds of users' own data sets. Nothing in its files is trusted."""

import hashlib
import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from nncore.datasets.definition import PARTS, ROWS, TASKS, Dataset, Raw, Variant
from nncore.datasets.files import read_npz
from nncore.datasets.own.alike import how_from
from nncore.datasets.own.keepers import Keeper, is_label, one_line, owners_at, read_keepers
from nncore.datasets.recipe.definition import recipe_from
from nncore.system.errors import DataMissing
from nncore.system.outside import Unreadable, json_file
from nncore.system.paths import data_folders

MOST_ABOUT = 20_000_000  # bytes of a description; columns of many texts take most of them
_MOST_ROWS = 1_000_000  # more than were ever taken
NAME = re.compile(r"csv_[0-9a-f]{12}")
_KEYS: dict[str, type] = {
    "label": str,
    "text": str,
    "file": str,
    "task": str,
    "target": str,
    "sha256": str,
}
_KEYS |= {"classes": list, "features": list, "train": int, "test": int}
_FILES = (".json", ".npz", ".owners")


@dataclass(frozen=True)
class Shelf:
    """What one folder held when it had this stamp."""

    stamp: tuple[Any, ...]
    sets: Mapping[str, tuple[Dataset, ...]]  # by name: the set as each of its keepers has it
    problems: tuple[tuple[frozenset[str], str], ...]  # owners, and what is wrong


_shelves: dict[Path, Shelf] = {}


def own_name(about: Mapping[str, Any]) -> str:
    """The name that this content has: its label, file, description and reading don't count."""
    content = [about[key] for key in ("task", "target", "classes", "features", "sha256")]
    if "recipe" in about:  # older sets have none
        content.append(about["recipe"])
    if "test_given" in about:
        content.append(about["test_given"])
    return f"csv_{hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]}"


def shelf(folder: Path) -> Shelf:
    try:
        with os.scandir(folder) as entries:
            stats = [
                (e.name, e.stat()) for e in entries if e.name.endswith((".json", ".npz", ".owners"))
            ]
    except OSError:  # not there, or not for us to read
        return Shelf((), {}, ())
    # the inode tells files apart that were replaced within one tick of the clock
    stamp = tuple(sorted((name, s.st_mtime_ns, s.st_size, s.st_ino) for name, s in stats))
    found = _shelves.get(folder)
    if found is None or found.stamp != stamp:
        found = _shelves[folder] = _read_shelf(folder, stamp)
    return found


def _read_shelf(folder: Path, stamp: tuple[Any, ...]) -> Shelf:
    sets: dict[str, tuple[Dataset, ...]] = {}
    problems = []
    for path in sorted(folder.glob("csv_*.json")):
        try:
            about = _checked(path)
            keepers = read_keepers(path, about)
            sets[path.stem] = tuple(_dataset(path.stem, about, keeper) for keeper in keepers)
        except Unreadable as error:
            problem = (
                f"{path} is left out: {error}. Upload its file again, or delete {path.name} and "
                f"{path.stem}.npz."
            )
            problems.append((owners_at(path), one_line(problem)))  # names of files hold anything
    return Shelf(stamp, sets, tuple(problems))


def _checked(path: Path) -> dict[str, Any]:
    """What a description says, once every part of it is known to be sound; else Unreadable."""
    about = json_file(path, MOST_ABOUT)
    if not isinstance(about, dict) or not all(
        type(about.get(key)) is kind for key, kind in _KEYS.items()
    ):
        raise Unreadable("something is missing in it")
    label, classes, features = about["label"], about["classes"], about["features"]
    texts = [about["target"], *classes, *features]
    n_classes = {"binary": 2, "regression": 0}.get(about["task"], max(3, len(classes)))
    rows = about["train"] + about["test"]
    recipe = recipe_from(about["recipe"]) if "recipe" in about else None
    test_given = about.get("test_given", False)
    if "how" in about:
        how_from(about["how"])
    sound = (
        isinstance(test_given, bool)
        and about["task"] in TASKS
        and len(classes) == n_classes
        and features
        and all(isinstance(text, str) and text.isprintable() for text in texts)
        and len(set(classes)) == n_classes
        and 1 < rows <= _MOST_ROWS
        and (
            (recipe is not None and recipe.group is not None)
            or test_given
            or about["test"] == math.ceil(rows / 5)
        )
        and 0 < about["test"] < rows
        and (recipe is None or features == [column.name for column in recipe.columns])
        and re.fullmatch("[0-9a-f]{64}", about["sha256"])
        and is_label(label)
    )
    if not sound or own_name(about) != path.stem:
        raise Unreadable("it was changed")
    if not path.with_suffix(".npz").is_file():
        raise Unreadable("its arrays are missing")
    return about


def _dataset(name: str, about: Mapping[str, Any], keeper: Keeper) -> Dataset:
    regression = about["task"] == "regression"
    recipe = recipe_from(about["recipe"]) if "recipe" in about else None
    form = Variant(
        train=about["train"],
        test=about["test"],
        sha256=about["sha256"],
        note=f"all {about['train'] + about['test']:,} rows",
        load=partial(_load, name),
        test_given=about.get("test_given", False),
    )
    return Dataset(
        name=name,
        label=keeper.label,
        task=about["task"],
        input_shape=(len(about["features"]),),
        variants={"full": form},
        description=one_line(keeper.text),
        source=f"your own file {one_line(keeper.file)}",
        licence="your own",
        classes=tuple(about["classes"]),
        features=tuple(about["features"]),
        target=about["target"] if regression else "",
        standardize_target=regression,
        own=True,
        owner=keeper.owner,
        shared=keeper.shared,
        recipe=recipe,
        how=about.get("how"),  # older sets have none
    )


def _load(name: str) -> Raw:
    paths = (folder / "own" / f"{name}.npz" for folder in data_folders())
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise DataMissing(
            f"The data set {name} was deleted. Upload its file again with the same choices to "
            "have it back."
        )
    return Raw.of(read_npz(path, PARTS, "upload the file of the data set again", more=(ROWS,)))
