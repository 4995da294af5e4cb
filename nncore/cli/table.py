"""`table`: what is in a file, what would be learnt from it, and why."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nncore.cli.output import JsonTarget, put, table
from nncore.datasets.definition import Dataset
from nncore.datasets.own.csv_table import (
    CLASSIFICATION,
    MOST_BYTES,
    REGRESSION,
    Table,
    check_size,
)
from nncore.datasets.own.how import Step
from nncore.datasets.own.kinds import KINDS
from nncore.datasets.own.profile import (
    GROUP,
    LEAVE_OUT,
    WEIGHT,
    read_profiles,
    shown_role,
)
from nncore.datasets.own.suggest import Suggested, input_roles, suggest
from nncore.datasets.own.upload import add, inspect, plan
from nncore.datasets.own.wish import GAPS, Wish, wish
from nncore.system.errors import InvalidSetting
from nncore.system.wording import times

HELP = "what is in a file of one's own, and what would be learnt from it"
DESCRIPTION = (
    "Read a table and say what is in it: every column, the target, what is used and what isn't."
)
EXAMPLE = """table houses.csv
table houses.xlsx --set sheet=2026
table houses.csv --target price --set use.PLZ=leave_out --json -"""
EPILOG = f"FILE has a row per example: {KINDS}, packed or not."
_TASKS = ("auto", CLASSIFICATION, REGRESSION)
_USE, _STEP, _MOST_LISTED = "use.", "step", 20
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
        f"gaps={GAPS[0]} or {GAPS[1]}; by_time=COLUMN; and how to read the file: {READING}; may "
        "repeat",
    )


def add_file_options(parser: argparse.ArgumentParser) -> None:
    """For other commands: a file instead of a data set."""
    parser.add_argument("--csv", metavar="FILE", help="a table of your own, kept as a data set")
    parser.add_argument("--sheet", metavar="NAME", help="its sheet (default: the first table)")
    parser.add_argument("--target", metavar="NAME", help="its column to predict (default: guessed)")
    parser.add_argument("--features", metavar="A,B", help="its columns that are inputs")


def run(options: argparse.Namespace) -> int:
    """Print or write what is in the file; 0."""
    target = JsonTarget(options.json)
    choices, how = _choices(options)
    how.pop("redone", None)  # nothing has undone a step
    read = read_file(options.file, **how)
    said = table_json(read, choices)
    target.write(said)
    if not target.takes_stdout:
        put(sys.stdout, _text(said) + "\n")
    return 0


def kept_file(options: argparse.Namespace) -> Dataset | None:
    """The data set of a file that options name; None where they name none."""
    if options.csv is None:
        if options.sheet or options.target or options.features:
            raise InvalidSetting(
                "--sheet, --target and --features belong to a file: give it by --csv FILE."
            )
        return None
    if options.dataset is not None:
        raise InvalidSetting("Give a data set or a file: --dataset and --csv exclude each other.")
    features = None
    if options.features is not None:
        features = [name.strip() for name in options.features.split(",")]
    label = Path(options.csv).stem[:60].strip("-") or "table"
    read = read_file(options.csv, sheet=options.sheet or "")
    return add(read, label=label, target=options.target or "", features=features)


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
    choices: dict[str, Any] = {"target": options.target or "", "roles": {}}
    choices["task"] = "" if options.task == "auto" else options.task
    reading = []
    for pair in options.settings:
        key, equals, value = pair.partition("=")
        if equals and key.startswith(_USE):
            choices["roles"][key.removeprefix(_USE)] = value
        elif equals and key in ("gaps", "by_time"):
            choices[key] = value
        else:
            reading.append(pair)
    return choices, how_said(reading, "use.COLUMN=..., gaps=..., by_time=COLUMN, ")


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
