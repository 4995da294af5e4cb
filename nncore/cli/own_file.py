"""A file of one's own instead of a data set, how it is read, and the recipe that says so."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nncore.datasets.definition import Dataset
from nncore.datasets.own.alike import again, as_read
from nncore.datasets.own.csv_table import MOST_BYTES, Table, check_size
from nncore.datasets.own.recipe_file import RecipeFile, recipe_file_from
from nncore.datasets.own.upload import add, inspect
from nncore.system.errors import InvalidSetting

_OF_A_FILE = ("sheet", "target", "features", "test_csv", "recipe")  # dests of options


def add_file_options(parser: argparse.ArgumentParser) -> None:
    """For other commands: a file instead of a data set."""
    parser.add_argument("--csv", metavar="FILE", help="a table of your own, kept as a data set")
    parser.add_argument("--sheet", metavar="NAME", help="its sheet (default: the first table)")
    parser.add_argument("--target", metavar="NAME", help="its column to predict (default: guessed)")
    parser.add_argument("--features", metavar="A,B", help="its columns that are inputs")
    parser.add_argument(
        "--test-csv", metavar="FILE", help="rows to test with (default: a fifth of --csv)"
    )
    add_recipe(parser)


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """The option that names a recipe."""
    parser.add_argument(
        "--recipe", metavar="PATH", help="choose and read as a file of --save-recipe says"
    )


def kept_file(options: argparse.Namespace) -> Dataset | None:
    """The data set of a file that options name; None where they name none."""
    if options.csv is None:
        if any(getattr(options, name) for name in _OF_A_FILE):
            named = ["--" + name.replace("_", "-") for name in _OF_A_FILE]
            raise InvalidSetting(
                f"{', '.join(named[:-1])} and {named[-1]} belong to a file: give it by --csv FILE."
            )
        return None
    if options.dataset is not None:
        raise InvalidSetting("Give a data set or a file: --dataset and --csv exclude each other.")
    choices: dict[str, Any] = {"target": options.target or ""}
    if options.features is not None:
        choices["features"] = [name.strip() for name in options.features.split(",")]
    label = Path(options.csv).stem[:60].strip("-") or "table"
    recipe = recipe_in(options.recipe)
    read = read_file(options.csv, **how_with(recipe, {"sheet": options.sheet or ""}))
    choices, _ = choices_with(recipe, read, choices)
    test = None
    if options.test_csv is not None:
        test = read_file(options.test_csv, **asdict(as_read(read)))
    return add(read, label=label, test_file=test, **choices)


def read_file(path: str, **how: Any) -> Table:
    """The table in a file, or in standard input for "-". Raises InvalidSetting for none."""
    file = Path(path)
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
            return inspect(data, "standard input", **how)
        check_size(file.stat().st_size, file.name)
        return inspect(file.read_bytes(), file.name, **how)
    except OSError as error:
        raise InvalidSetting(f"{path} can't be read: {error.strerror or error}.") from error


def write(path: str, data: bytes) -> None:
    """Write a file that an option names. Raises InvalidSetting where that fails."""
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise InvalidSetting(f"{path} can't be written: {error.strerror or error}.") from error


def recipe_in(path: str | None) -> RecipeFile | None:
    """The recipe in a file; None where none is named."""
    if path is None:
        return None
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InvalidSetting(f"{path} can't be read: {error.strerror or error}.") from error
    return recipe_file_from(data, Path(path).name)


def how_with(recipe: RecipeFile | None, said: dict[str, Any]) -> dict[str, Any]:
    """How to read a file: as a recipe says, but for what options say."""
    if recipe is not None:
        return again(recipe.how, **said)
    return {key: value for key, value in said.items() if key != "redone"}  # nothing is undone


def choices_with(
    recipe: RecipeFile | None, read: Table, said: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """(what is chosen: as a recipe says, but for what options say; what to say of it)."""
    if recipe is None:
        return said, []
    choices, own = recipe.choices(read), {key: value for key, value in said.items() if value}
    if own.get("target", choices["target"]) != choices["target"]:
        del choices["task"]  # that of another column
    for key in ("roles", "orders"):
        own[key] = {**choices[key], **said.get(key, {})}
    if "features" in own:  # no others are inputs, then
        own["roles"] = {n: r for n, r in own["roles"].items() if n in own["features"]}
    return {**choices, **own}, list(recipe.notes(read))
