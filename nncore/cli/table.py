"""`table`: what is in a file, what would be learnt from it, and why."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nncore.cli.output import JsonTarget, put, table
from nncore.datasets.definition import Dataset
from nncore.datasets.own.csv_table import (
    CLASSIFICATION,
    REGRESSION,
    Table,
    check_size,
)
from nncore.datasets.own.profile import (
    GROUP,
    IDENTIFIER,
    LEAVE_OUT,
    ORDERED,
    TEXT,
    read_profiles,
    shown_role,
)
from nncore.datasets.own.recipe_file import RecipeFile, as_read, recipe_file_from
from nncore.datasets.own.suggest import Suggested, suggest
from nncore.datasets.own.upload import add, inspect, plan
from nncore.datasets.own.wish import GAPS, wish
from nncore.system.errors import InvalidSetting
from nncore.system.wording import times

HELP = "what is in a file of one's own, and what would be learnt from it"
DESCRIPTION = (
    "Read a table and say what is in it: every column, the target, what is used and what isn't."
)
EXAMPLE = """table houses.csv
table houses.csv --target price --set use.PLZ=leave_out --json -
table houses.csv --set "order.size=S < M < L" --save-recipe houses.json
table next_month.csv --recipe houses.json"""
_TASKS = ("auto", CLASSIFICATION, REGRESSION)
_USE, _MISSING, _ORDER, _MOST_LISTED = "use.", "missing.", "order.", 20


def add_options(parser: argparse.ArgumentParser) -> None:
    """The file and what is chosen of it."""
    parser.add_argument("file", metavar="FILE", help="a CSV file with a row per example")
    parser.add_argument("--target", metavar="NAME", help="the column to predict (default: guessed)")
    parser.add_argument("--task", metavar="TASK", default="auto", help=", ".join(_TASKS))
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help=f"use.COLUMN=number, category, ordered, date, group or leave_out; gaps={GAPS[0]} or "
        f"{GAPS[1]}; by_time=COLUMN; order.COLUMN='low < high'; and how to read the file: "
        "header=yes or no, decimal=. or ,, encoding=NAME, missing.COLUMN=WORD; may repeat",
    )
    _add_recipe(parser)
    parser.add_argument("--save-recipe", metavar="PATH", help="write what is chosen to a file")


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--recipe", metavar="PATH", help="choose and read as a recipe says, by --save-recipe"
    )


def add_file_options(parser: argparse.ArgumentParser) -> None:
    """For other commands: a file instead of a data set."""
    parser.add_argument("--csv", metavar="FILE", help="a table of your own, kept as a data set")
    parser.add_argument("--target", metavar="NAME", help="its column to predict (default: guessed)")
    parser.add_argument("--features", metavar="A,B", help="its columns that are inputs")
    parser.add_argument(
        "--test-csv", metavar="FILE", help="rows to test with (default: a fifth of --csv)"
    )
    _add_recipe(parser)


def run(options: argparse.Namespace) -> int:
    """Print or write what is in the file; 0."""
    target = JsonTarget(options.json)
    choices, how = _choices(options)
    recipe = _recipe(options.recipe)
    read = read_file(options.file, **_how(recipe, how))
    choices, notes = _with_recipe(recipe, read, choices)
    said = table_json(read, choices)
    said["steps"] += notes
    if options.save_recipe is not None:
        encoding = how.get("encoding") or ("" if recipe is None else recipe.how.encoding)
        made = RecipeFile(as_read(read, encoding), wish(read, **choices))
        write(options.save_recipe, made.to_bytes())
    target.write(said)
    if not target.takes_stdout:
        put(sys.stdout, _text(said) + "\n")
    return 0


def kept_file(options: argparse.Namespace) -> Dataset | None:
    """The data set of a file that options name; None where they name none."""
    if options.csv is None:
        if options.target or options.features or options.test_csv or options.recipe:
            raise InvalidSetting(
                "--target, --features, --test-csv and --recipe belong to a file: give it by --csv "
                "FILE."
            )
        return None
    if options.dataset is not None:
        raise InvalidSetting("Give a data set or a file: --dataset and --csv exclude each other.")
    features = None
    if options.features is not None:
        features = [name.strip() for name in options.features.split(",")]
    label = Path(options.csv).stem[:60] or "table"
    recipe = _recipe(options.recipe)
    read = read_file(options.csv, **_how(recipe, {}))
    choices: dict[str, Any] = {"target": options.target or "", "features": features}
    choices, _ = _with_recipe(recipe, read, choices)
    test = None
    if options.test_csv is not None:
        encoding = "" if recipe is None else recipe.how.encoding
        test = read_file(options.test_csv, **asdict(as_read(read, encoding)))
    return add(read, label=label, test_file=test, **choices)


def _recipe(path: str | None) -> RecipeFile | None:
    """The recipe in a file; None where none is named."""
    if path is None:
        return None
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InvalidSetting(f"{path} can't be read: {error.strerror or error}.") from error
    return recipe_file_from(data, Path(path).name)


def _how(recipe: RecipeFile | None, said: dict[str, Any]) -> dict[str, Any]:
    """How to read a file: as a recipe says, but for what options say."""
    return said if recipe is None else {**asdict(recipe.how), **said}


def _with_recipe(
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


def write(path: str, data: bytes) -> None:
    """Write a file that an option names. Raises InvalidSetting where that fails."""
    try:
        Path(path).write_bytes(data)
    except OSError as error:
        raise InvalidSetting(f"{path} can't be written: {error.strerror or error}.") from error


def read_file(path: str, **how: Any) -> Table:
    """The table in a file. Raises InvalidSetting when there is none."""
    file = Path(path)
    try:
        check_size(file.stat().st_size, file.name)
        return inspect(file.read_bytes(), file.name, **how)
    except OSError as error:
        raise InvalidSetting(f"{path} can't be read: {error.strerror or error}.") from error


def table_json(read: Table, choices: dict[str, Any]) -> dict[str, Any]:
    """The JSON form."""
    wished = wish(read, **choices)
    planned = plan(read, **choices)
    said = suggest(read, wished.target, wished.task)
    return {
        "rows": read.rows,
        "header": read.has_header,
        **read.form,
        "columns": [_column(read, said, column.name) for column in read.columns],
        "target": wished.target,
        "task": wished.task,
        "classes": planned.classes,
        "features": list(planned.features),
        "left_out": [{"name": name, "why": why} for name, why in planned.left_out.items()],
        "usable_rows": planned.rows,
        "steps": [*read.notes, *planned.notes],
    }


def _column(read: Table, said: Suggested, name: str) -> dict[str, Any]:
    column, profile = read.column(name), read_profiles(read)[name]
    is_input = name != said.target and said.roles.get(name) not in (IDENTIFIER, TEXT, LEAVE_OUT)
    role = "target" if name == said.target else GROUP if said.roles.get(name) == GROUP else "input"
    shown = column.categories[:_MOST_LISTED] if column.kind == "category" else ()
    return {
        "name": name,
        "kind": shown_role(profile.role) if profile.role != LEAVE_OUT else column.kind,
        "role": role if role != "input" or is_input else "left out",
        "missing": column.missing,
        "distinct": column.distinct,
        "min": profile.low if column.kind == "number" else None,
        "max": profile.high if column.kind == "number" else None,
        "categories": list(shown),
        "warnings": list(said.warnings.get(name, ())),
    }


def _choices(options: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """What options choose, as `wish` and `How` take it."""
    if options.task not in _TASKS:
        raise InvalidSetting(f"--task must be {', '.join(_TASKS)}; got {options.task!r}.")
    choices: dict[str, Any] = {"target": options.target or "", "roles": {}, "orders": {}}
    choices["task"] = "" if options.task == "auto" else options.task
    how: dict[str, Any] = {}
    for pair in options.settings:
        key, equals, value = pair.partition("=")
        if equals and key.startswith(_USE):
            choices["roles"][key.removeprefix(_USE)] = value
        elif equals and key.startswith(_ORDER):
            choices["orders"][key.removeprefix(_ORDER)] = value
        elif equals and key in ("gaps", "by_time"):
            choices[key] = value
        elif equals and key in ("decimal", "encoding"):
            how[key] = value
        elif equals and key.startswith(_MISSING):
            words = how.setdefault("missing", {}).setdefault(key.removeprefix(_MISSING), {})
            words[value] = True
        elif equals and key == "header" and value in ("yes", "no"):
            how["header"] = value == "yes"
        else:
            raise InvalidSetting(
                "--set must be use.COLUMN=..., order.COLUMN=..., gaps=..., by_time=COLUMN, "
                "header=yes or no, decimal=..., encoding=... or missing.COLUMN=WORD; got "
                f"{pair!r}."
            )
    for name in choices["orders"]:
        choices["roles"].setdefault(name, ORDERED)
    return choices, how


def _text(said: dict[str, Any]) -> str:
    rows = [
        (
            column["name"],
            column["kind"],
            column["role"],
            f"{column['missing']:,}",
            f"{column['distinct']:,}",
            _span(column),
            "; ".join(column["warnings"]),
        )
        for column in said["columns"]
    ]
    head = ("Column", "Kind", "Role", "Missing", "Different", "Values", "Worth knowing")
    lines = [f"{times(said['rows'], 'row')}, {times(len(rows), 'column')}", ""]
    lines += [table(head, rows, right=(3, 4)), ""]
    left_out = [f"{one['name']} ({one['why']})" for one in said["left_out"]]
    lines += [
        f"To predict: {said['target']}, {said['task']}",
        f"Usable rows: {said['usable_rows']:,}",
    ]
    lines += [f"Left out: {', '.join(left_out)}"] if left_out else []
    return "\n".join([*lines, *said["steps"]])


def _span(column: dict[str, Any]) -> str:
    if column["min"] is not None:
        return f"{column['min']:,.6g} to {column['max']:,.6g}"
    names = column["categories"]
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
