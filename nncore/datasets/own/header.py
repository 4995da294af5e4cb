"""Which of the first rows of a grid are titles, names of columns, units or values already."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nncore.datasets.own.missing import is_word
from nncore.datasets.own.numerals import NUMBERS_AT_LEAST, is_number, numeral
from nncore.system.arrays import Array
from nncore.system.wording import distinct

MOST_NAME = 100  # characters of a column's name
_PROBED = 200  # rows
_MOST_TITLES = 20  # rows
_LONGEST_UNIT = 20  # characters
_LEAST_BELOW = 3  # rows, to see that none of them counts up
_CHANCE = 0.05  # of the rows below may count up, too
_YEARS = (1800, 2100)


def leading_titles(cells: pd.DataFrame, widths: Sequence[int]) -> int:
    """How many rows before the table hold one cell only."""
    usual = cells.shape[1]
    for place in range(min(_MOST_TITLES, len(cells))):
        row = cells.iloc[place]
        filled = [text for text in row if text.strip()]
        width = widths[int(cells.index[place]) - 1]
        is_title = len(filled) == 1 and (width == 1 or usual > 2)
        if not is_title or is_number(filled[0]):
            return place if place < len(cells) else 0
    return 0


def names_first(cells: pd.DataFrame) -> tuple[bool, str]:
    """(whether the first row holds names, why in a sentence where a person could doubt it).

    A word over numbers speaks for names, a number that could stand below against them, unless the
    first row alone counts up, as years do. Where nothing speaks, names are those that never recur.
    """
    again = (cells == cells.iloc[0]).all(axis=1)  # names may stand in the middle, too
    rest = cells[~again]
    below = rest.iloc[:_PROBED]
    first: dict[Any, str] = dict(zip(cells.columns, cells.iloc[0].str.strip(), strict=True))
    words = recurring = 0
    numbers = []
    for column in first:
        values = [text for text in below[column].str.strip() if not is_word(text, True)]
        if not values or is_word(first[column], True):
            continue
        recurs = bool((rest[column].str.strip() == first[column]).any())
        if _share(values, is_number) > NUMBERS_AT_LEAST:
            if is_number(first[column]) and _has_a_unit_as(first[column], values):
                numbers.append((column, recurs))
            elif _has_letter(first[column]) or is_number(first[column]):
                words += 1
        elif _share(values, _has_digit) > NUMBERS_AT_LEAST and not _has_digit(first[column]):
            words += 1  # dates, codes
        else:
            recurring += recurs
    if not numbers and not recurring:
        return True, "" if words else (
            "The first row was taken for the names of columns, because none of it comes again; "
            "nothing else tells."
        )
    if not recurring and _alone_counts_up(first, below, numbers):
        shown = ", ".join(first[column] for column, _ in numbers[:3])
        return True, (
            f"The first row counts up ({shown}, ...), as no other row does, so it was taken for "
            "the names of columns."
        )
    texts = Counter(first[column] for column, _ in numbers)
    clear = [
        recurs or not first[column].isdigit() or texts[first[column]] > 1
        for column, recurs in numbers
    ]
    if words > sum(clear) + recurring:
        return True, (
            f"The first row has {'numbers' if numbers else 'texts of the rows below'} among its "
            "words; it was taken for the names of columns, because numbers stand below these words."
        )
    return False, (
        "The first row holds values, not names: columns are named by number."
        if not words
        else "The first row has a word where others have a number, but is else like them, so it "
        "was taken for values: columns are named by number."
    )


def _alone_counts_up(
    first: Mapping[Any, str], below: pd.DataFrame, numbers: Sequence[tuple[Any, bool]]
) -> bool:
    """Whether the numbers of the first row are 0, 1, 2, ..., or years, or go up by equal steps."""
    columns = [column for column, _ in numbers]
    if len(below) < _LEAST_BELOW or not all(first[column].isdigit() for column in columns):
        return False
    row = np.array([int(first[column]) for column in columns], np.float64)
    rows = below[columns].apply(pd.to_numeric, errors="coerce").to_numpy(np.float64)
    if len(row) > 1 and _are_years(row):
        return not _are_years(rows).mean() > _CHANCE and ((rows < _YEARS[0]) | (rows > _YEARS[1])
                                                        ).mean() > 0.5  # fmt: skip
    is_from_start = len(row) > 2 and row[0] in (0, 1) and row[1] == row[0] + 1
    if not _goes_by_steps(row) or not (is_from_start or len(row) > 3):
        return False
    some_recur = len(row) < 5 and sum(recurs for _, recurs in numbers) > len(row) / 2
    return not some_recur and _goes_by_steps(rows).mean() <= _CHANCE


def _are_years(rows: Array) -> Array:
    steps = np.diff(rows, axis=-1)
    in_order = (steps > 0).all(axis=-1) | (steps < 0).all(axis=-1)
    return np.asarray(in_order & ((rows >= _YEARS[0]) & (rows <= _YEARS[1])).all(axis=-1))


def _goes_by_steps(rows: Array) -> Array:
    steps = np.diff(rows, axis=-1)
    return np.asarray((steps[..., :1] != 0).all(axis=-1) & (steps == steps[..., :1]).all(axis=-1))


def _has_a_unit_as(text: str, values: Sequence[str]) -> bool:
    """Whether a number has none, or one as those below: "10m" over 9.5 is a name."""
    return not numeral(text).unit or _share(values, lambda v: bool(numeral(v).unit)) > 0.5


def unit_row(cells: pd.DataFrame) -> tuple[str, ...]:
    """Units in the first row below the names, "" where a column has none; () for none at all."""
    if len(cells) < 3:
        return ()
    first, below = cells.iloc[0], cells.iloc[1 : 1 + _PROBED]
    units, numbers = [], 0
    for place in cells.columns:
        text = first[place].strip()
        values = [v for v in below[place].str.strip() if not is_word(v, True)]
        units.append(text.strip("[]() "))
        if not text or is_word(text, False):
            continue
        if is_number(text) or len(text) > _LONGEST_UNIT:
            return ()
        if values and _share(values, is_number) > NUMBERS_AT_LEAST:
            numbers += 1
        elif text in set(cells[place].iloc[1:].str.strip()):
            return ()
    return tuple(units) if numbers else ()


def unique_names(raw: Sequence[str], notes: list[str]) -> tuple[str, ...]:
    """Names that are there, on one line, and differ."""
    names: list[str] = []
    for i, text in enumerate(raw, start=1):
        plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MOST_NAME]
        if not plain:
            notes.append(f"Column {i} has no name; it is called column {i}.")
        base = plain or f"column {i}"
        (name,) = distinct([base], names)
        if name != base:
            number = name[len(base) + 2 : -1]
            notes.append(f"Several columns are called {base}; number {number} is now {name}.")
        names.append(name)
    return tuple(names)


def _share(values: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, values)) / len(values)


def _has_letter(text: str) -> bool:
    return any(c.isalpha() or c == "_" for c in text)


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)
