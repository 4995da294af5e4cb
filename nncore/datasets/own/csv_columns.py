"""The bytes of a user's CSV -> a stored table: numbers and categories. For child processes.

Reading 50 MB takes seconds and up to a gigabyte.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nncore.datasets.own.csv_table import MOST_ABSOLUTE, write_column, write_table
from nncore.datasets.own.csv_text import MISSING, is_number, read_grid
from nncore.system.errors import InvalidSetting

_NUMBERS_AT_LEAST = 0.8  # of the values that are there, for a column of numbers
_THOUSANDS = "commas are read as separating thousands."
_DECIMAL = "commas are read as decimal points."
_PREVIEW_ROWS = 10
_EXAMPLES = 3  # of values that are not numbers
_PREVIEW_CHARACTERS = 200  # of a cell among the first rows


def store_table(data: bytes, filename: str, header: bool | None, folder: Path) -> None:
    """Write the table that the bytes of a CSV file hold into `folder`.

    `header`: whether the first row is names (None: guess). Raises InvalidSetting when they can't
    be read as a table of at least two columns.
    """
    grid = read_grid(data, filename, header)
    notes = list(grid.notes)
    if len(grid.names) < 2:
        raise InvalidSetting(
            f"{filename} has one column only, but a target and at least one feature are needed."
        )
    first = [
        dict(zip(grid.names, (str(cell)[:_PREVIEW_CHARACTERS] for cell in row), strict=True))
        for row in grid.cells.head(_PREVIEW_ROWS).itertuples(index=False, name=None)
    ]
    columns = []
    for place, name in enumerate(grid.names):
        cells = grid.cells[grid.cells.columns[place]]
        about, values, categories = _column(name, cells, grid.separator, notes)
        write_column(folder, place, values, categories)
        longest = max(map(len, categories), default=0)
        columns.append({"odd": (), "n_odd": 0, **about, "name": name, "longest": longest})
    form = {"encoding": grid.encoding, "separator": grid.separator, **_numbers_form(notes)}
    about = {"filename": filename, "rows": len(grid.cells), "has_header": grid.has_header}
    about["form"] = form
    write_table(folder, {**about, "first": first, "notes": notes}, columns)


def _numbers_form(notes: list[str]) -> dict[str, str]:
    """How the file's numbers are written, by what was found out of any column."""
    decimal = any(note.endswith(_DECIMAL) for note in notes)
    thousands = any(note.endswith(_THOUSANDS) for note in notes)
    return {"decimal": "," if decimal else ".", "thousands": "," if thousands else ""}


def _column(
    name: str, cells: pd.Series, separator: str, notes: list[str]
) -> tuple[dict[str, Any], np.ndarray, list[str]]:
    """(what is said about a column, its values, its categories)."""
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
    codes, uniques = pd.factorize(texts.mask(gone), sort=True)
    # texts may differ in line breaks only
    places, categories = pd.factorize(
        pd.Series([_one_line(str(text)) for text in uniques]), sort=True
    )
    about = {"kind": "category", "missing": int(gone.sum()), "distinct": len(categories)}
    values = np.append(places, -1)[codes].astype(np.int32)
    return about, values, [str(text) for text in categories]


def _number_column(
    name: str, texts: pd.Series, numbers: pd.Series, notes: list[str]
) -> tuple[dict[str, Any], np.ndarray, list[str]]:
    bad = numbers.index[numbers.isna()]
    odd = tuple((int(row), _one_line(str(texts[row]))[:40]) for row in bad[:_EXAMPLES])
    if odd:
        examples = ", ".join(f"{text!r} in row {row:,}" for row, text in odd)
        more = ", ..." if len(bad) > len(odd) else ""
        notes.append(
            f"{name}: {len(bad):,} of {len(numbers):,} values are not numbers ({examples}{more}). "
            "They count as missing."
        )
    values = numbers.reindex(texts.index).to_numpy(np.float64)
    there = values[~np.isnan(values)]
    about = {
        "kind": "number",
        "missing": int(np.isnan(values).sum()),
        "distinct": len(np.unique(there)),
        "odd": odd,
        "n_odd": len(bad),
    }
    return about, values, []


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
        meaning = _THOUSANDS
    else:
        is_grouped = there.str.contains(r"\.\d{3}(?:\.|,|$)", regex=True)
        plain = there.where(~is_grouped, there.str.replace(".", "", regex=False))
        plain = plain.str.replace(",", ".", regex=False)
        meaning = _DECIMAL
    numbers = _parsed(plain)
    if (
        not there.head(1000).map(is_number).mean() > 0.5
        or numbers.notna().sum() <= as_is.notna().sum()
    ):
        return as_is
    notes.append(f"{name}: {meaning}")
    return numbers


def _parsed(there: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(there, errors="coerce").astype(np.float64)
    return numbers.where(numbers.abs() <= MOST_ABSOLUTE)


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
