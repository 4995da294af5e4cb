"""`table`: what is in a file, what would be learnt from it, and why."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from nncore.cli.output import JsonTarget, put, table
from nncore.cli.own_file import add_recipe, choices_with, how_with, read_file, recipe_in, write
from nncore.datasets.own.alike import as_read
from nncore.datasets.own.csv_table import CLASSIFICATION, REGRESSION, Table
from nncore.datasets.own.how import Step
from nncore.datasets.own.kinds import KINDS
from nncore.datasets.own.profile import (
    GROUP,
    LEAVE_OUT,
    ORDERED,
    WEIGHT,
    read_profiles,
    shown_role,
)
from nncore.datasets.own.recipe_file import RecipeFile
from nncore.datasets.own.suggest import Suggested, input_roles, suggest
from nncore.datasets.own.upload import plan
from nncore.datasets.own.wish import GAPS, Wish, wish
from nncore.system.errors import InvalidSetting
from nncore.system.wording import times

HELP = "what is in a file of one's own, and what would be learnt from it"
DESCRIPTION = (
    "Read a table and say what is in it: every column, the target, what is used and what isn't."
)
EXAMPLE = """table houses.csv
table houses.xlsx --set sheet=2026
table houses.csv --target price --set use.PLZ=leave_out --json -
table houses.csv --set "order.size=S < M < L" --save-recipe houses.json
table next_month.csv --recipe houses.json"""
EPILOG = f"FILE has a row per example: {KINDS}, packed or not."
_TASKS = ("auto", CLASSIFICATION, REGRESSION)
_USE, _ORDER, _STEP, _MOST_LISTED = "use.", "order.", "step", 20
_WORDS = {"missing": True, "keep": False}
READING = (
    "header=yes or no, decimal=. or ,, encoding=NAME, sheet=NAME, missing.COLUMN=WORD (a gap), "
    "keep.COLUMN=WORD (none), step.NAME=yes or no"
)
_YES = {"yes": True, "no": False}


def add_options(parser: argparse.ArgumentParser) -> None:
    """The file and what is chosen of it."""
    parser.add_argument("file", metavar="FILE", help="a table, or - for standard input")
    parser.add_argument("--target", metavar="NAME", help="the column to predict (default: guessed)")
    parser.add_argument("--task", metavar="TASK", default="auto", help=", ".join(_TASKS))
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help="use.COLUMN=number, category, ordered, date, group, weight or leave_out; "
        f"gaps={GAPS[0]} or {GAPS[1]}; by_time=COLUMN; order.COLUMN='low < high'; and how to read "
        f"the file: {READING}; may repeat",
    )
    add_recipe(parser)
    parser.add_argument("--save-recipe", metavar="PATH", help="write what is chosen to a file")


def run(options: argparse.Namespace) -> int:
    """Print or write what is in the file; 0."""
    target = JsonTarget(options.json)
    choices, how = _choices(options)
    recipe = recipe_in(options.recipe)
    read = read_file(options.file, **how_with(recipe, how))
    choices, notes = choices_with(recipe, read, choices)
    said = table_json(read, choices)
    said["steps"] += notes
    if options.save_recipe is not None:
        made = RecipeFile(as_read(read), wish(read, **choices))
        write(options.save_recipe, made.to_bytes())
    target.write(said)
    if not target.takes_stdout:
        put(sys.stdout, _text(said) + "\n")
    return 0


def table_json(read: Table, choices: dict[str, Any]) -> dict[str, Any]:
    """The JSON form."""
    wished = wish(read, **choices)
    planned = plan(read, **choices)
    said = suggest(read, wished.target, wished.task)
    return {
        "rows": read.rows,
        "header": read.has_header,
        **read.form,
        "columns": [_column(read, wished, said, column.name) for column in read.columns],
        "target": wished.target,
        "task": wished.task,
        "classes": planned.classes,
        "features": list(planned.features),
        "left_out": [{"name": name, "why": why} for name, why in planned.left_out.items()],
        "usable_rows": planned.rows,
        "steps": [*map(_step, read.steps), *read.notes, *planned.notes],
    }


def _step(step: Step) -> str:
    return f"{step.text}: {_STEP}.{step.key}={'yes' if step.done else 'no'}"


def _column(read: Table, wished: Wish, said: Suggested, name: str) -> dict[str, Any]:
    column, profile = read.column(name), read_profiles(read)[name]
    role = "input" if name in input_roles(wished.roles) else "left out"
    role = wished.roles[name] if wished.roles.get(name) in (GROUP, WEIGHT) else role
    shown = column.categories[:_MOST_LISTED] if column.kind == "category" else ()
    return {
        "name": name,
        "kind": shown_role(profile.role) if profile.role != LEAVE_OUT else column.kind,
        "role": "target" if name == wished.target else role,
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
    reading = []
    for pair in options.settings:
        key, equals, value = pair.partition("=")
        if equals and key.startswith(_USE):
            choices["roles"][key.removeprefix(_USE)] = value
        elif equals and key.startswith(_ORDER):
            choices["orders"][key.removeprefix(_ORDER)] = value
        elif equals and key in ("gaps", "by_time"):
            choices[key] = value
        else:
            reading.append(pair)
    for name in choices["orders"]:
        choices["roles"].setdefault(name, ORDERED)
    others = "use.COLUMN=..., order.COLUMN=..., gaps=..., by_time=COLUMN, "
    return choices, how_said(reading, others)


def how_said(pairs: Sequence[str], besides: str = "") -> dict[str, Any]:
    """How a file is to be read, of KEY=VALUE, as `alike` takes it.

    besides: what else could have been said, for the message about a pair that is none of it.
    """
    how: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        first, point, rest = key.partition(".")
        if equals and key in ("decimal", "encoding", "sheet"):
            how[key] = value
        elif equals and point and first in _WORDS:
            how.setdefault("missing", {}).setdefault(rest, {})[value] = _WORDS[first]
        elif equals and key == "header" and value in _YES:
            how["header"] = _YES[value]
        elif equals and point and first == _STEP and value in _YES:
            how.setdefault("redone" if _YES[value] else "undone", []).append(rest)
        else:
            raise InvalidSetting(f"--set must be {besides}{READING}; got {pair!r}.")
    return how


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
