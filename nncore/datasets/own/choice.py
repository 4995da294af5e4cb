"""What is chosen of a user's table: whether that works, and the rows and the recipe it makes.

Reads one column at a time, so that the web process may ask what would be kept.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from nncore.datasets.own.csv_table import (
    CLASSIFICATION,
    MOST_CATEGORIES,
    REGRESSION,
    Column,
    Table,
)
from nncore.datasets.own.given import GivenTest, given_test
from nncore.datasets.own.orders import BELOW
from nncore.datasets.own.profile import DATE, GROUP, ORDERED, WEIGHT, date_values, read_profiles
from nncore.datasets.own.raw_columns import raw_column
from nncore.datasets.own.suggest import input_roles, missing_first
from nncore.datasets.own.targets import check_number, class_sizes
from nncore.datasets.own.weights import check_weights, weight_column
from nncore.datasets.own.wish import GAPS, IMPUTE, LEAVE_ROWS_OUT, Wish
from nncore.datasets.recipe.definition import INPUT, RawColumn, Recipe
from nncore.datasets.splits import rows_to_test
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting

LEAST_ROWS = 20  # 13 to train with, 3 to validate, 4 to test: fewer show nothing
MOST_CELLS = 20_000_000  # of what a network sees: 80 MB


@dataclass(frozen=True, eq=False)
class Plan:
    """What `add` would keep under these choices."""

    task: str  # "binary", "multiclass" or "regression"
    rows: int  # that are kept; with a test file, those to train and validate
    dropped: int  # rows that are left out
    columns: tuple[str, ...]  # numbers that a network will see
    features: tuple[str, ...]  # the table's columns that they are made of
    left_out: Mapping[str, str]  # columns that are no inputs, and why
    classes: dict[str, int]  # class -> rows; empty for regression
    notes: tuple[str, ...]  # what is worth knowing, in sentences
    recipe: Recipe = field(repr=False)
    test_rows: int = 0  # of a test file; 0 where a fifth is set apart


class Choice:
    """A table with what is wished of it; checked when it is made.

    test_file: its rows test, then, and all of the table's train and validate. Raises
    InvalidSetting for choices that can't work.
    """

    def __init__(self, table: Table, wished: Wish, test_file: Table | None = None) -> None:
        if wished.task not in (CLASSIFICATION, REGRESSION):
            raise InvalidSetting(
                f"task must be {CLASSIFICATION} or {REGRESSION}; got {wished.task!r}."
            )
        if wished.gaps not in GAPS:
            raise InvalidSetting(f"gaps must be {' or '.join(GAPS)}; got {wished.gaps!r}.")
        self.table, self.wished = table, wished
        self.classifies = wished.task == CLASSIFICATION
        self.profiles = read_profiles(table)
        self.target = table.column(wished.target)
        self.notes: list[str] = []
        roles = {n: r for n, r in wished.roles.items() if n != wished.target}
        self.chosen = [table.column(name) for name in input_roles(roles)]
        if not self.chosen:
            reasons = _reasons(self._not_wished())
            raise InvalidSetting(f"Choose at least one feature besides the target.{reasons}")
        self.weight = weight_column(table, wished)
        self.kept = self._kept_rows()
        self.sizes: dict[str, int] = {}
        if self.classifies:
            self.sizes, self.kept, note = class_sizes(self.target, self.kept)
            self.notes += [note] if note else []
        else:
            check_number(self.target, self.kept)
        self._test_file = test_file
        self._columns = self._made()
        self.given: GivenTest | None = None
        if test_file is not None:
            columns = [column for column, _ in self._columns]
            units = {column.name: column.unit for column in (*self.chosen, self.target)}
            self.given = given_test(
                test_file, wished, columns, list(self.sizes), (self.x(), self.y()), units
            )

    def _kept_rows(self) -> Array:
        """(rows,) whether a row is kept."""
        lacking = [self.target, *([self.weight] if self.weight is not None else [])]
        kept = np.logical_and.reduce([column.present for column in lacking])
        if self.wished.gaps == LEAVE_ROWS_OUT:
            lacking += self.chosen
            for column in self.chosen:
                kept &= column.present
        if self.wished.by_time:
            when = self.table.column(self.wished.by_time)
            lacking.append(when)
            kept &= ~np.isnan(self._times())
        count, rows = int(kept.sum()), self.table.rows
        if rows < LEAST_ROWS:
            raise InvalidSetting(
                f"{self.table.filename} has {rows} rows, but at least {LEAST_ROWS} are needed to "
                "train and test."
            )
        if count < LEAST_ROWS:
            why = _lacking(lacking)
            advice = f" Leave out what lacks most: {why}." if why else ""
            raise InvalidSetting(
                f"{count:,} of {rows:,} rows have a value in every column that must have one, but "
                f"at least {LEAST_ROWS} are needed to train and test.{advice}"
            )
        if count < rows:
            self.notes.append(
                f"{rows - count:,} of {rows:,} rows lack a value and are left out: "
                f"{_lacking(lacking)}."
            )
        return kept

    def _times(self) -> Array:
        """(rows,) by which rows are ordered."""
        column = self.table.column(self.wished.by_time)
        if column.kind == "number":
            return column.values
        form = self.profiles[column.name].date_form
        if not form:
            raise InvalidSetting(
                f"Rows can be ordered by dates or numbers; {column.name} holds neither."
            )
        return date_values(column, form)

    @cached_property
    def order(self) -> Array:
        """Numbers of the rows that are kept, in the order in which they are kept."""
        rows = np.flatnonzero(self.kept)
        if not self.wished.by_time:
            return rows
        return rows[np.argsort(self._times()[rows], kind="stable")]

    @cached_property
    def groups(self) -> Array | None:
        """(kept rows,) numbers of the groups that stay together; None where there are none."""
        name = next((n for n, r in self.wished.roles.items() if r == GROUP), None)
        if name is None:
            return None
        if self.wished.by_time:
            raise InvalidSetting(
                f"Rows of one {name} can't stay together while the newest rows by "
                f"{self.wished.by_time} test: leave {name} out, or test at random."
            )
        column = self.table.column(name)
        values, there = column.values[self.order], column.present[self.order]
        codes = np.unique(values, return_inverse=True)[1]
        alone = codes.max() + 1 + np.arange(len(codes))  # who belongs to nobody known
        return np.where(there, codes, alone)

    @cached_property
    def test(self) -> Array:
        """Places, among the kept rows, of those set apart for testing."""
        if self._test_file is not None:
            return np.empty(0, np.int64)
        if self.wished.by_time:
            n = len(self.order)
            return np.arange(n - math.ceil(n / 5), n)
        return rows_to_test(self.y(), stratify=self.classifies, groups=self.groups)

    def _made(self) -> list[tuple[RawColumn, Array]]:
        """The columns that are kept, with their values."""
        train = np.ones(len(self.order), bool)
        train[self.test] = False
        made, self.left_out = [], dict(self._not_wished())
        for column in self.chosen:
            role, profile = self.wished.roles[column.name], self.profiles[column.name]
            by_hand = self.wished.orders.get(column.name, ())
            one = raw_column(column, role, profile, self.order, train, by_hand)
            if isinstance(one, str):
                self.left_out[column.name] = one
            else:
                made.append(one)
        if not made:
            raise InvalidSetting(
                "Nothing can be learned from the chosen features."
                f"{_reasons({c.name: self.left_out[c.name] for c in self.chosen})}"
            )
        if self.groups is not None:
            name = next(n for n, r in self.wished.roles.items() if r == GROUP)
            if len(np.unique(self.groups)) < 3:
                raise InvalidSetting(
                    f"{name} needs at least 3 groups, to train, validate and test."
                )
            made.append((RawColumn(name, "number", GROUP), self.groups.astype(np.float64)))
        if self.weight is not None:
            values = self.weight.values[self.order]
            check_weights(self.weight.name, values[train])
            made.append((RawColumn(self.weight.name, "number", WEIGHT), values))
        return made

    def _not_wished(self) -> dict[str, str]:
        names = {column.name for column in self.chosen} | {self.target.name}
        return {
            c.name: self.wished.why.get(c.name) or self.profiles[c.name].why or "not chosen"
            for c in self.table.columns
            if c.name not in names and self.wished.roles.get(c.name) not in (GROUP, WEIGHT)
        }

    @cached_property
    def recipe(self) -> Recipe:
        """What is kept, and what becomes of it."""
        outputs = len(self.sizes) if len(self.sizes) > 2 else 1
        recipe = Recipe(tuple(c for c, _ in self._columns), outputs, self.wished.by_time)
        tests = 0 if self.given is None else len(self.given.y)
        cells = recipe.width * (len(self.order) + tests)
        if cells > MOST_CELLS:
            raise InvalidSetting(
                f"That makes {recipe.width:,} columns and {cells:,} cells, but at most "
                f"{MOST_CELLS:,} cells are kept: leave out some features, most of all texts."
            )
        return recipe

    def plan(self) -> Plan:
        """The counts and sentences of this choice."""
        kept, notes = len(self.order), list(self.notes)
        lacking = [column for column in self.chosen if column.name not in self.left_out]
        if self.wished.gaps == IMPUTE and (gaps := _lacking(lacking)):
            notes.append(
                f"Missing values are filled in, from training rows: {gaps}. A column of its own "
                "says where."
            )
        by_target = [c.name for c, _ in self._columns if c.encode == "target"]
        if by_target:
            notes.append(
                f"Over {MOST_CATEGORIES} texts, so the mean of {self.target.name} stands for each: "
                f"{', '.join(by_target[:5])}."
            )
        for column in (c for c, _ in self._columns if c.kind == ORDERED):
            notes.append(f"{column.name}: {BELOW.join(column.categories)}.")
        if any(c.kind == DATE for c, _ in self._columns):
            notes.append("Of a date, year, month, weekday and days since are inputs.")
        if any(c.has_other for c, _ in self._columns):
            notes.append("Rare texts, and those that come later, share a place: (other).")
        if self.wished.by_time:
            last = "the last fifth tests" if self.given is None else "the last ones validate"
            notes.append(f"Rows stand in the order of {self.wished.by_time}: {last}.")
        if self.groups is not None:
            groups = len(np.unique(self.groups))
            notes.append(f"{groups:,} groups stay together, whether they train or test.")
        if self.weight is not None:
            notes.append(
                f"{self.weight.name} says how much a row counts in training, and is no input. In "
                "scores every row counts alike."
            )
        largest = max(self.sizes.values(), default=0)
        if largest > 0.8 * kept and self.sizes:
            name = max(self.sizes, key=lambda label: self.sizes[label])
            notes.append(
                f"{100 * largest / kept:.0f} % of the rows are {name}: always guessing that is "
                "right as often. Compare by balanced accuracy or F1."
            )
        tests = 0
        if self.given is not None:
            notes += self.given.notes
            tests = len(self.given.y)
        task = "regression" if not self.sizes else ("binary", "multiclass")[len(self.sizes) > 2]
        features = tuple(c.name for c, _ in self._columns if c.use == INPUT)
        return Plan(
            task, kept, self.table.rows - kept, self.recipe.names, features, self.left_out,
            self.sizes, tuple(notes), self.recipe, tests,
        )  # fmt: skip

    def x(self) -> Array:
        """Raw rows as the recipe has them, (rows, columns) float64."""
        return np.column_stack([values for _, values in self._columns])

    def y(self) -> Array:
        """(rows,) int64 places among the classes, or float64."""
        values = self.target.values[self.order]
        return np.unique(values, return_inverse=True)[1] if self.classifies else values


def _reasons(left_out: Mapping[str, str]) -> str:
    """Why columns are no inputs, after a space: " Month: nearly every row has another text."."""
    said = [f"{name}: {why}" for name, why in left_out.items()]
    return f" {'; '.join(said[:3])}{'; ...' if len(said) > 3 else ''}." if said else ""


def _lacking(columns: list[Column]) -> str:
    """The columns that lack most values, and how many: "city lacks 70, age lacks 3"."""
    gaps = missing_first(columns)
    more = f" and {len(gaps) - 3} more" if len(gaps) > 3 else ""
    return ", ".join(f"{c.name} lacks {c.missing:,}" for c in gaps[:3]) + more
