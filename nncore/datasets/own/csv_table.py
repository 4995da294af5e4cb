"""A user's table as it was read: typed columns of numbers and texts, with their gaps.

A table of 50 MB is some hundred MB of numbers, so only what is said about it is kept in memory.
Its columns lie in a folder and are read one at a time:

    table.json          what is said about the table and its columns
    profile.json        what each is like (`own.profile`)
    3.npy, 3.json       values of the fourth column, and its categories

Light: no pandas.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from nncore.datasets.own.how import Step, Word
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting, UnknownName, suggestion

CLASSIFICATION, REGRESSION = "classification", "regression"
MOST_BYTES = 50_000_000  # up to 10 s and 1 GB to read; a table for a browser needn't be larger
MOST_ROWS = 125_000  # four fifths train: as many as the largest batch has, so it is a full one
MOST_COLUMNS = 500  # more can't be chosen from in a menu
MOST_ABSOLUTE = 1e30  # larger numbers are typing errors, and their squares leave float64's range
MOST_CLASSES = 100  # a confusion matrix of more can't be read
MOST_CATEGORIES = 50  # inputs that one column of texts becomes; of more only the mean target


@dataclass(frozen=True, eq=False)
class Column:
    """What is known of one column; its values are read from the disk whenever asked for."""

    name: str
    kind: str  # "number" or "category"
    missing: int
    distinct: int
    odd: tuple[tuple[int, str], ...]  # first texts among numbers: (row, text); missing, too
    n_odd: int
    longest: int  # characters of the longest category
    stored: Path  # without the ending
    unit: str = ""  # of its numbers, as the file has it
    date_form: str = ""  # how its dates are written; "" where its texts are none

    @property
    def is_constant(self) -> bool:
        return self.distinct <= 1

    @property
    def values(self) -> Array:
        """(rows,) float64 with NaN for missing, or int32 places in `categories` with -1."""
        try:
            return np.asarray(np.load(self.stored.with_suffix(".npy"), allow_pickle=False))
        except FileNotFoundError as error:
            raise gone() from error

    @property
    def categories(self) -> tuple[str, ...]:
        """Every text there is, in alphabetical order; none for numbers."""
        try:
            return tuple(json.loads(self.stored.with_suffix(".json").read_bytes()))
        except FileNotFoundError as error:
            raise gone() from error

    @property
    def present(self) -> Array:
        """(rows,) whether the value is there."""
        return ~np.isnan(self.values) if self.kind == "number" else self.values >= 0


@dataclass(frozen=True, eq=False)
class Table:
    """What a file holds. Rows are numbered as a spreadsheet does."""

    folder: Path
    filename: str
    rows: int
    columns: tuple[Column, ...]
    first: tuple[Mapping[str, str], ...]  # the first rows, as they stand in the file
    notes: tuple[str, ...]  # what was guessed, and what is odd, in sentences
    has_header: bool = True
    form: Mapping[str, str] = field(default_factory=dict)  # encoding, separator, decimal, thousands
    steps: tuple[Step, ...] = ()  # what was done that changes values
    words: tuple[Word, ...] = ()  # texts that may stand for missing values
    how: Mapping[str, Any] = field(default_factory=dict)  # the How by which it comes out the same
    sheet: str = ""  # of a workbook, that was read
    sheets: tuple[str, ...] = ()  # that it has

    @property
    def is_there(self) -> bool:
        """Whether its folder still is."""
        return (self.folder / "table.json").is_file()

    def column(self, name: str) -> Column:
        """The column of that name; UnknownName when there is none."""
        names = [column.name for column in self.columns]
        if name not in names:
            raise UnknownName(
                f"{self.filename} has no column {name!r}.{suggestion(name, names)} "
                f"It has: {', '.join(names[:30])}{', ...' if len(names) > 30 else ''}."
            )
        return self.columns[names.index(name)]


def class_labels(column: Column, values: Array) -> list[str]:
    """What values of a column are called when they are classes."""
    if column.kind == "category":
        texts = column.categories
        return [texts[code] for code in values]
    return [repr(float(n)).removesuffix(".0") for n in values]


def check_size(size: int, filename: str) -> None:
    """Raise InvalidSetting for a file that is too large, or empty, before it is read."""
    if size > MOST_BYTES:
        raise InvalidSetting(
            f"{filename} has {size / 1e6:,.0f} MB, but at most {MOST_BYTES / 1e6:.0f} MB are "
            "read. Take a random part of its rows, or only the columns that matter."
        )
    if size == 0:
        raise InvalidSetting(f"{filename} is empty.")


def write_column(folder: Path, place: int, values: Array, categories: Sequence[str] = ()) -> None:
    """Store the values of a column, and what they stand for."""
    np.save(folder / f"{place}.npy", values, allow_pickle=False)
    (folder / f"{place}.json").write_text(json.dumps(categories))


def write_table(folder: Path, about: Mapping[str, Any], columns: Sequence[Any]) -> None:
    """Store what is said about a table: the fields of Table, and of every Column."""
    (folder / "table.json").write_text(json.dumps({**about, "columns": columns}))


def read_table(folder: Path) -> Table:
    """The table in a folder; raises InvalidSetting when there is none."""
    try:
        about = json.loads((folder / "table.json").read_bytes())
    except FileNotFoundError as error:
        raise gone() from error
    columns = [
        Column(**{**said, "odd": tuple(map(tuple, said["odd"])), "stored": folder / str(place)})
        for place, said in enumerate(about["columns"])
    ]
    lists: dict[str, Any] = {name: tuple(about[name]) for name in ("first", "notes", "sheets")}
    lists["steps"] = tuple(Step(**said) for said in about["steps"])
    lists["words"] = tuple(Word(**said) for said in about["words"])
    return Table(**{**about, **lists, "columns": tuple(columns), "folder": folder})


def gone() -> InvalidSetting:
    """What to say when a table's folder was removed."""
    return InvalidSetting("What was read of the file is gone: upload it again.")
