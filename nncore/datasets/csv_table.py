"""A user's table: what each column holds, and which task its target suggests."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nncore.datasets.csv_text import MISSING, is_number, read_grid
from nncore.definition import Array
from nncore.registry import InvalidSetting, UnknownName, suggestion

CLASSIFICATION, REGRESSION = "classification", "regression"
MOST_ABSOLUTE = 1e30  # larger numbers are typing errors, and their squares leave float64's range
_NUMBERS_AT_LEAST = 0.8  # of the values that are there, for a column of numbers
_FEW_NUMBERS = 10  # as many different whole numbers, or fewer, look like classes
_SHOWN_ROWS = 10
_SHOWN_ODD = 3


@dataclass(frozen=True, eq=False)
class Column:
    """One column; a value that isn't there is NaN in numbers, and -1 in categories."""

    name: str
    kind: str  # "number" or "category"
    values: Array  # (rows,) float64, or int32 places in `categories`
    missing: int
    distinct: int
    categories: tuple[str, ...] = ()  # every text there is, in alphabetical order
    odd: tuple[tuple[int, str], ...] = ()  # first texts among numbers: (row, text); missing, too
    n_odd: int = 0

    @property
    def is_constant(self) -> bool:
        return self.distinct <= 1

    @property
    def present(self) -> Array:
        """(rows,) whether the value is there."""
        return ~np.isnan(self.values) if self.kind == "number" else self.values >= 0


@dataclass(frozen=True, eq=False)
class Table:
    """What a file holds. Rows are numbered as a spreadsheet does."""

    filename: str
    rows: int
    columns: tuple[Column, ...]
    first: tuple[Mapping[str, str], ...]  # the first rows, as they stand in the file
    notes: tuple[str, ...]  # what was guessed, and what is odd, in sentences
    has_header: bool = True

    def column(self, name: str) -> Column:
        """The column of that name; UnknownName when there is none."""
        names = [column.name for column in self.columns]
        if name not in names:
            raise UnknownName(
                f"{self.filename} has no column {name!r}.{suggestion(name, names)} "
                f"It has: {', '.join(names[:30])}{', ...' if len(names) > 30 else ''}."
            )
        return self.columns[names.index(name)]

    def suggested_target(self) -> str:
        """The last column, where most tables have it, unless it is constant."""
        varied = [column.name for column in self.columns if not column.is_constant]
        return (varied or [self.columns[-1].name])[-1]

    def suggested_task(self, target: str) -> str:
        """Texts and few different whole numbers are classes; other numbers are to be predicted."""
        column = self.column(target)
        if column.kind == "category":
            return CLASSIFICATION
        values = column.values[column.present]
        few = column.distinct <= _FEW_NUMBERS and bool((values == np.rint(values)).all())
        return CLASSIFICATION if few else REGRESSION

    def balance(self, target: str) -> dict[str, int]:
        """Rows of every class, if the target is classes; those without a value don't count."""
        column = self.column(target)
        labels, codes = class_codes(column)
        sizes = np.bincount(codes[codes >= 0], minlength=len(labels))
        return dict(zip(labels, map(int, sizes), strict=True))


def class_codes(column: Column) -> tuple[tuple[str, ...], Array]:
    """(class names in order, (rows,) int places among them or -1) of any column."""
    if column.kind == "category":
        return column.categories, column.values
    numbers = np.unique(column.values[column.present])
    codes = np.where(column.present, np.searchsorted(numbers, column.values), -1)
    return tuple(repr(float(n)).removesuffix(".0") for n in numbers), codes.astype(np.int32)


def inspect(data: bytes, filename: str, *, header: bool | None = None) -> Table:
    """What the bytes of a CSV file hold; `header`: whether the first row is names (None: guess).

    Raises InvalidSetting when they can't be read as a table of at least two columns.
    """
    grid = read_grid(data, filename, header)
    notes = list(grid.notes)
    shown = grid.cells.head(_SHOWN_ROWS)
    first = tuple(
        dict(zip(grid.names, map(str, row), strict=True))
        for row in shown.itertuples(index=False, name=None)
    )
    columns = []
    for place, name in enumerate(grid.names):
        column = _column(name, grid.cells[grid.cells.columns[place]], grid.separator, notes)
        columns.append(column)
    if len(columns) < 2:
        raise InvalidSetting(
            f"{filename} has one column only, but a target and at least one feature are needed."
        )
    return Table(filename, len(grid.cells), tuple(columns), first, tuple(notes), grid.has_header)


def _column(name: str, cells: pd.Series, separator: str, notes: list[str]) -> Column:
    plain = _parsed(cells)
    if plain.notna().all():  # most columns of large files: nothing to look for
        return _number_column(name, cells, plain, notes)
    texts = cells.str.strip()
    gone = texts.str.lower().isin(MISSING)
    there = texts[~gone]
    numbers = _numbers(there, separator, name, notes)
    readable = int(numbers.notna().sum())
    if readable and readable >= _NUMBERS_AT_LEAST * len(there):
        return _number_column(name, texts, numbers, notes)
    factors, categories = pd.factorize(texts.mask(gone), sort=True)
    return Column(
        name=name,
        kind="category",
        values=factors.astype(np.int32),
        missing=int(gone.sum()),
        distinct=len(categories),
        categories=tuple(_one_line(str(text)) for text in categories),
    )


def _number_column(name: str, texts: pd.Series, numbers: pd.Series, notes: list[str]) -> Column:
    bad = numbers.index[numbers.isna()]
    odd = tuple((int(row), _one_line(str(texts[row]))[:40]) for row in bad[:_SHOWN_ODD])
    if odd:
        shown = ", ".join(f"{text!r} in row {row:,}" for row, text in odd)
        more = ", ..." if len(bad) > len(odd) else ""
        notes.append(
            f"{name}: {len(bad):,} of {len(numbers):,} values are not numbers ({shown}{more}). "
            "They count as missing."
        )
    values = numbers.reindex(texts.index).to_numpy(np.float64)
    there = values[~np.isnan(values)]
    return Column(
        name=name,
        kind="number",
        values=values,
        missing=int(np.isnan(values).sum()),
        distinct=len(np.unique(there)),
        odd=odd,
        n_odd=len(bad),
    )


def _numbers(there: pd.Series, separator: str, name: str, notes: list[str]) -> pd.Series:
    """The cells as float64, NaN where one isn't a number.

    Commas are decimal points, or separate thousands where they separate columns, too.
    """
    as_is = _parsed(there)
    if as_is.notna().all() or not there.str.contains(",", regex=False).any():
        return as_is
    if separator == ",":
        is_grouped = there.str.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
        plain = there.where(~is_grouped, there.str.replace(",", "", regex=False))
        meaning = "commas are read as separating thousands"
    else:
        is_grouped = there.str.contains(r"\.\d{3}(?:\.|,|$)", regex=True)
        plain = there.where(~is_grouped, there.str.replace(".", "", regex=False))
        plain = plain.str.replace(",", ".", regex=False)
        meaning = "commas are read as decimal points"
    found = _parsed(plain)
    if (
        not there.head(1000).map(is_number).mean() > 0.5
        or found.notna().sum() <= as_is.notna().sum()
    ):
        return as_is
    notes.append(f"{name}: {meaning}.")
    return found


def _parsed(there: pd.Series) -> pd.Series:
    found = pd.to_numeric(there, errors="coerce").astype(np.float64)
    return found.where(found.abs() <= MOST_ABSOLUTE)


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
