"""Cells as a file has them, whatever its kind: what readers of each kind hand on.

A cell is a text. Of those that the file has as numbers, and not as a text that a person wrote, the
numbers stand beside, so that no decimal sign is guessed for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from nncore.datasets.own.csv_table import MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from nncore.datasets.own.how import Step
from nncore.system.errors import InvalidSetting

MOST_CELLS = MOST_BYTES // 2  # of any kind of file: as many as the largest text can hold
TIMES = "Times of day and durations are read as hours."


@dataclass(frozen=True, eq=False)
class Cells:
    """Rows with a cell or more."""

    cells: pd.DataFrame  # of str, columns 0, 1, ...; index: row numbers as a spreadsheet has them
    counts: Sequence[int]  # of cells in row 1, 2, ... up to its last one
    notes: Sequence[str]
    steps: Sequence[Step] = ()
    numbers: Mapping[Any, pd.Series] = field(default_factory=dict)  # by column; NaN for other cells
    separator: str = ""  # of the text; "" for none
    encoding: str = ""
    is_named: bool = False  # whether the first row surely holds the names
    sheet: str = ""  # of a workbook
    sheets: Sequence[str] = ()  # that it has


def check_counts(rows: int, columns: int, filename: str) -> None:
    """Raise InvalidSetting for more than is read."""
    if columns > MOST_COLUMNS:
        raise InvalidSetting(
            f"{filename} has {columns:,} columns, but at most {MOST_COLUMNS} are read. Leave out "
            "those that can't matter."
        )
    if rows > MOST_ROWS:
        raise InvalidSetting(
            f"{filename} has {rows:,} rows, but at most {MOST_ROWS:,} are read. Take a random part "
            "of them."
        )
    if rows * columns > MOST_CELLS:
        raise InvalidSetting(
            f"{filename} has {rows:,} rows of {columns:,} columns, {rows * columns:,} cells, but "
            f"at most {MOST_CELLS:,} are read. Take a random part of its rows, or only the columns "
            "that matter."
        )


def number_text(value: float) -> str:
    """A number as people read it."""
    return repr(value).removesuffix(".0")


def in_any_locale(cells: pd.Series, numbers: pd.Series) -> pd.Series:
    """Cells whose numbers are written without a decimal sign: 1.234 as 1234e-3."""
    there = numbers.notna() & np.isfinite(numbers)
    written = cells.astype(object)
    written[there] = [_without_sign(value) for value in numbers[there].tolist()]
    return written.astype("str")


def _without_sign(value: float) -> str:
    sign, digits, power = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits))
    return f"{'-' * sign}{text}e{power}" if power else f"{'-' * sign}{text}"
