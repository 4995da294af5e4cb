"""Target, features and task chosen for a user's table: whether that works, and what it makes.

Reads one column at a time, so that the web process may ask what would be kept.
"""

from dataclasses import dataclass

import numpy as np

from nncore.datasets.own.csv_table import (
    CLASSIFICATION,
    MOST_CATEGORIES,
    MOST_CLASSES,
    REGRESSION,
    Column,
    Table,
    class_labels,
)
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting

LEAST_ROWS = 20  # 13 to train with, 3 to validate, 4 to test: fewer show nothing
LEAST_OF_A_CLASS = 5  # one of them falls into the test part
MOST_CELLS = 20_000_000  # after texts became columns: 160 MB, which workers read at once
MOST_LETTERS = 100  # of a category: legends and tables must hold it


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


class Choice:
    """A table with target, features and task chosen; checked when it is made.

    Raises InvalidSetting for choices that can't work.
    """

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
        self.chosen = chosen
        self.features = [c for c in chosen if self._varies(c)]
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
            notes.append(
                f"{rows - kept:,} of {rows:,} rows lack a value and are left out: "
                f"{_lacking([self.target, *self.chosen])}."
            )
        if self.left_out:
            notes.append(f"Left out, the same in every row: {', '.join(self.left_out)}.")
        if any(feature.kind == "category" for feature in self.features):
            notes.append("Each text of a column is an input: 1 where it stands, else 0.")
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
        values = self.target.values[self.kept]
        return np.unique(values, return_inverse=True)[1] if self.classifies else values

    def _varies(self, column: Column) -> bool:
        values = column.values[self.kept]
        return bool((values != values[0]).any())

    def _present(self, column: Column) -> list[int]:
        """The categories that occur in the rows kept."""
        return np.flatnonzero(np.bincount(column.values[self.kept])).tolist()

    def _names(self, column: Column) -> list[str]:
        if column.kind == "number":
            return [column.name]
        texts = column.categories
        return [f"{column.name} = {texts[code]}" for code in self._present(column)]

    def _numbers(self, column: Column) -> Array:
        values = column.values[self.kept]
        if column.kind == "number":
            return values
        return (values[:, None] == np.array(self._present(column))).astype(np.float64)

    def _check_rows(self, chosen: list[Column]) -> None:
        kept = int(self.kept.sum())
        if kept >= LEAST_ROWS:
            return
        why = _lacking([self.target, *chosen])
        advice = f" Leave out what lacks most: {why}." if why else ""
        raise InvalidSetting(
            f"{kept:,} of {self.table.rows:,} rows have a value in every chosen column, but at "
            f"least {LEAST_ROWS} are needed to train and test.{advice}"
        )

    def _check_categories(self) -> None:
        widths = []
        for column in self.features:
            width = len(self._present(column)) if column.kind == "category" else 1
            if width > MOST_CATEGORIES:
                raise InvalidSetting(
                    f"{column.name} has {width:,} different texts, but a feature may have at most "
                    f"{MOST_CATEGORIES}. Names and numbers of rows tell nothing about new rows: "
                    "leave the column out."
                )
            _check_letters(column)
            widths.append(width)
        columns = sum(widths)
        cells = columns * int(self.kept.sum())
        if cells > MOST_CELLS:
            raise InvalidSetting(
                f"That makes {columns:,} columns and {cells:,} cells, but at most {MOST_CELLS:,} "
                "cells are kept: leave out some features, most of all texts."
            )

    def _classes(self) -> dict[str, int]:
        """Class -> rows that are kept; raises InvalidSetting when that is nothing to learn."""
        values, counts = np.unique(self.target.values[self.kept], return_counts=True)
        name = self.target.name
        if len(values) > MOST_CLASSES:
            other = ", or take regression" if self.target.kind == "number" else ""
            raise InvalidSetting(
                f"{name} has {len(values):,} classes, but at most {MOST_CLASSES} can be told apart "
                f"here. Choose another target{other}."
            )
        _check_letters(self.target)
        labels = class_labels(self.target, values)
        if len(labels) == 1:
            raise InvalidSetting(
                f"{name} has one class only ({labels[0]}) in the rows that are kept, so "
                "there is nothing to tell apart. Choose another target."
            )
        sizes = dict(zip(labels, counts.tolist(), strict=True))
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
        if not self._varies(self.target):
            raise InvalidSetting(
                f"{self.target.name} has the same value in every row that is kept, so there is "
                "nothing to predict. Choose another target."
            )


def _check_letters(column: Column) -> None:
    if column.longest > MOST_LETTERS:
        raise InvalidSetting(
            f"{column.name} holds texts of up to {column.longest:,} characters, but classes and "
            f"categories may have at most {MOST_LETTERS}: leave the column out or shorten them."
        )


def _lacking(columns: list[Column]) -> str:
    """The columns that lack most values, and how many: "city lacks 70, age lacks 3"."""
    gaps = sorted((c for c in columns if c.missing), key=lambda c: -c.missing)
    return ", ".join(f"{c.name} lacks {c.missing:,}" for c in gaps[:3])
