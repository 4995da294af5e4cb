"""A user's own CSV as a data set: look at it, choose target and features, keep it.

    table = inspect(data, "houses.csv")
    data_set = add(table, target="price", features=("rooms", "place"), task="regression",
                   label="Houses")

The catalogue lists what is kept under its name, `csv_` and 12 hexadecimal digits of its content.
Rows that lack a chosen value are left out and counted. Numbers stay as they are; a column of texts
becomes one column of 0 and 1 per text, and `preprocess` treats those like any other column. A test
part of 20 % is taken out before anything else, each class with its share. For the web process;
workers read the catalogue, which needs no pandas.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nncore.datasets.csv_table import (
    CLASSIFICATION,
    REGRESSION,
    Column,
    Table,
    class_codes,
    inspect,
)
from nncore.datasets.csv_text import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, check_size
from nncore.datasets.definition import Dataset
from nncore.datasets.files import fingerprint
from nncore.datasets.own_store import (
    clean_label,
    delete,
    keep,
    own_by_name,
    own_problems,
    rename,
)
from nncore.datasets.splits import without_test
from nncore.definition import Array
from nncore.registry import InvalidSetting

__all__ = [
    "CLASSIFICATION",
    "MOST_BYTES",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "REGRESSION",
    "Column",
    "Plan",
    "Table",
    "add",
    "check_size",
    "delete",
    "inspect",
    "own_datasets",
    "own_problems",
    "plan",
    "rename",
]

LEAST_ROWS = 20  # 13 to train with, 3 to validate, 4 to test: fewer show nothing
LEAST_OF_A_CLASS = 5  # one of them falls into the test part
MOST_CLASSES = 100  # a confusion matrix of more can't be read
MOST_CATEGORIES = 50  # of a feature; more is a name or a number of a row
MOST_CELLS = 20_000_000  # after texts became columns: 160 MB, which workers read at once
MOST_SETS = 100  # kept on this machine, so that a shared one isn't filled up


@dataclass(frozen=True, eq=False)
class Plan:
    """What `add` would keep under these choices."""

    task: str  # "binary", "multiclass" or "regression"
    rows: int
    dropped: int  # rows that lack a chosen value
    columns: tuple[str, ...]  # of the arrays, texts taken apart
    left_out: tuple[str, ...]  # chosen features that are constant
    classes: dict[str, int]  # class -> rows; empty for regression
    notes: tuple[str, ...]  # what is worth knowing, in sentences


def own_datasets() -> list[Dataset]:
    """Every own set that is kept, by label."""
    return list(own_by_name().values())


def plan(table: Table, *, target: str, features: Sequence[str], task: str) -> Plan:
    """What `add` would keep; raises InvalidSetting for choices that can't work."""
    return _Choice(table, target, tuple(features), task).plan()


def add(table: Table, *, target: str, features: Sequence[str], task: str, label: str) -> Dataset:
    """Keep a table as a data set. The same content is kept once, under its first label.

    task: CLASSIFICATION or REGRESSION. Raises InvalidSetting for choices that can't work, and
    DataError when the disk refuses.
    """
    label = clean_label(label)
    choice = _Choice(table, target, tuple(features), task)
    planned = choice.plan()
    raw = without_test(choice.x(), choice.y(), stratify=bool(planned.classes))
    about = {
        "label": label,
        "text": _description(table, target, planned),
        "file": " ".join(table.filename.split())[:100],
        "task": planned.task,
        "target": target,
        "classes": list(planned.classes),
        "features": list(planned.columns),
        "train": len(raw.x_train),
        "test": len(raw.x_test),
        "sha256": fingerprint(raw.arrays()),
    }
    if len(own_by_name()) >= MOST_SETS:
        raise InvalidSetting(f"{MOST_SETS} own data sets are kept already: delete one first.")
    return keep(about, raw)


def _description(table: Table, target: str, planned: Plan) -> str:
    text = f"{planned.rows:,} rows of {table.filename}, to predict {target}."
    return " ".join([text, *planned.notes])


class _Choice:
    """A table with target, features and task chosen; checked when it is made."""

    def __init__(self, table: Table, target: str, features: tuple[str, ...], task: str) -> None:
        if task not in (CLASSIFICATION, REGRESSION):
            raise InvalidSetting(f"task must be {CLASSIFICATION} or {REGRESSION}; got {task!r}.")
        self.table, self.classifies = table, task == CLASSIFICATION
        self.target = table.column(target)
        chosen = [table.column(name) for name in dict.fromkeys(features) if name != target]
        if not chosen:
            raise InvalidSetting("Choose at least one feature besides the target.")
        self.kept = self.target.present.copy()
        for column in chosen:
            self.kept &= column.present
        self._check_rows(chosen)
        self.features = [c for c in chosen if self._distinct(c) > 1]
        self.left_out = tuple(c.name for c in chosen if c not in self.features)
        if not self.features:
            raise InvalidSetting(
                f"Every chosen feature has the same value in all rows ({', '.join(self.left_out)}),"
                " so nothing can be learned from them."
            )
        self._check_categories()
        self.sizes = self._classes() if self.classifies else {}
        if not self.classifies:
            self._check_number()

    def plan(self) -> Plan:
        """The counts and sentences of this choice."""
        kept, rows = int(self.kept.sum()), self.table.rows
        notes = []
        if kept < rows:
            notes.append(f"{rows - kept:,} of {rows:,} rows lack a value and are left out.")
        if self.left_out:
            notes.append(f"Left out, the same in every row: {', '.join(self.left_out)}.")
        largest = max(self.sizes.values(), default=0)
        if largest > 0.8 * kept and self.sizes:
            name = max(self.sizes, key=lambda label: self.sizes[label])
            notes.append(
                f"{100 * largest / kept:.0f} % of the rows are {name}: always guessing that is "
                "right as often."
            )
        task = "regression" if not self.sizes else ("binary", "multiclass")[len(self.sizes) > 2]
        columns = tuple(name for feature in self.features for name in self._names(feature))
        return Plan(task, kept, rows - kept, columns, self.left_out, self.sizes, tuple(notes))

    def x(self) -> Array:
        """(rows, columns) float64."""
        return np.column_stack([self._numbers(feature) for feature in self.features])

    def y(self) -> Array:
        """(rows,) int64 places among the classes, or float64."""
        if not self.classifies:
            return self.target.values[self.kept]
        labels, codes = class_codes(self.target)
        place = {label: i for i, label in enumerate(self.sizes)}
        return np.array([place.get(label, -1) for label in labels], np.int64)[codes[self.kept]]

    def _distinct(self, column: Column) -> int:
        return len(np.unique(column.values[self.kept]))

    def _present(self, column: Column) -> list[int]:
        """The categories that occur in the rows kept."""
        return [int(code) for code in np.unique(column.values[self.kept])]

    def _names(self, column: Column) -> list[str]:
        if column.kind == "number":
            return [column.name]
        return [f"{column.name} = {column.categories[code]}" for code in self._present(column)]

    def _numbers(self, column: Column) -> Array:
        values = column.values[self.kept]
        if column.kind == "number":
            return values
        return (values[:, None] == np.array(self._present(column))).astype(np.float64)

    def _check_rows(self, chosen: list[Column]) -> None:
        kept = int(self.kept.sum())
        if kept >= LEAST_ROWS:
            return
        gaps = sorted((c for c in [self.target, *chosen] if c.missing), key=lambda c: -c.missing)
        why = ", ".join(f"{c.name} lacks {c.missing:,}" for c in gaps[:3])
        advice = f" Leave out what lacks most: {why}." if gaps else ""
        raise InvalidSetting(
            f"{kept:,} of {self.table.rows:,} rows have a value in every chosen column, but at "
            f"least {LEAST_ROWS} are needed to train and test.{advice}"
        )

    def _check_categories(self) -> None:
        for column in self.features:
            if column.kind == "category" and self._distinct(column) > MOST_CATEGORIES:
                raise InvalidSetting(
                    f"{column.name} has {self._distinct(column):,} different texts, but a feature "
                    f"may have at most {MOST_CATEGORIES}. Names and numbers of rows tell nothing "
                    "about new rows: leave the column out."
                )
        columns = sum(len(self._names(column)) for column in self.features)
        cells = columns * int(self.kept.sum())
        if cells > MOST_CELLS:
            raise InvalidSetting(
                f"That makes {columns:,} columns and {cells:,} cells, but at most {MOST_CELLS:,} "
                "cells are kept: leave out some features, most of all texts."
            )

    def _classes(self) -> dict[str, int]:
        """Class -> rows that are kept; raises InvalidSetting when that is nothing to learn."""
        labels, codes = class_codes(self.target)
        counts = np.bincount(codes[self.kept], minlength=len(labels))
        sizes = {label: int(n) for label, n in zip(labels, counts, strict=True) if n}
        name = self.target.name
        if len(sizes) == 1:
            raise InvalidSetting(
                f"{name} has one class only ({next(iter(sizes))}) in the rows that are kept, so "
                "there is nothing to tell apart. Choose another target."
            )
        if len(sizes) > MOST_CLASSES:
            other = ", or take regression" if self.target.kind == "number" else ""
            raise InvalidSetting(
                f"{name} has {len(sizes):,} classes, but at most {MOST_CLASSES} can be told apart "
                f"here. Choose another target{other}."
            )
        rare = [f"{label} ({n})" for label, n in sizes.items() if n < LEAST_OF_A_CLASS]
        if rare:
            more = ", ..." if len(rare) > 5 else ""
            raise InvalidSetting(
                f"Each class of {name} needs at least {LEAST_OF_A_CLASS} rows, to be trained on "
                f"and tested; too rare: {', '.join(rare[:5])}{more}. Join them with another class "
                "or remove their rows."
            )
        return sizes

    def _check_number(self) -> None:
        if self.target.kind == "category":
            raise InvalidSetting(
                f"{self.target.name} holds texts, but regression predicts a number. Take "
                "classification or choose another target."
            )
        if self._distinct(self.target) == 1:
            raise InvalidSetting(
                f"{self.target.name} has the same value in every row that is kept, so there is "
                "nothing to predict. Choose another target."
            )
