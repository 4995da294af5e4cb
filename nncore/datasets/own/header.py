"""Which of the first rows of a grid are titles, names of columns, units or values already."""

from collections.abc import Callable, Sequence

import pandas as pd

from nncore.datasets.own.missing import is_word
from nncore.datasets.own.numerals import NUMBERS_AT_LEAST, is_number
from nncore.system.wording import distinct

MOST_NAME = 100  # characters of a column's name
_PROBED = 200  # rows
_MOST_TITLES = 20  # rows
_LONGEST_UNIT = 20  # characters


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


def has_header(cells: pd.DataFrame) -> bool:
    """Whether the first row differs in kind from those below; else whether it never recurs."""
    again = (cells == cells.iloc[0]).all(axis=1)  # names may stand in the middle, too
    rest = cells[~again]
    below = rest.iloc[:_PROBED]
    against = 0
    for column in cells:
        first = cells[column].iloc[0].strip()
        if is_word(first, True):
            continue
        values = [text for text in below[column].str.strip() if not is_word(text, True)]
        if not values:
            continue
        if _share(values, is_number) > NUMBERS_AT_LEAST:
            if not is_number(first):
                return True
            against += 1
        elif _share(values, _has_digit) > NUMBERS_AT_LEAST and not _has_digit(first):
            return True  # dates, codes
        elif first in set(rest[column].str.strip()):
            against += 1
    return not against


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


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)
