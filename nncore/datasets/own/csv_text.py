"""The bytes of a user's CSV -> a grid of texts: encoding, separator, header. Nothing is executed.

Mistakes are InvalidSetting, in sentences for people who don't know what an encoding is; what was
guessed is said in notes.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from nncore.datasets.own.csv_table import MOST_COLUMNS, MOST_ROWS, check_size
from nncore.system.errors import InvalidSetting

MOST_NAME = 100  # characters of a column's name
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-"))  # in small letters
_NUMBER = re.compile(
    r"\s*[+-]?(\d+([.,]\d*)?|[.,]\d+|\d{1,3}(\.\d{3})+(,\d+)?|\d{1,3}(,\d{3})+(\.\d+)?)"
    r"([eE][+-]?\d+)?\s*"
)
_ALREADY = {
    b"PK\x03\x04": "an Excel workbook or a zip file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF",
    b"\x93NUMPY": "a NumPy file",
}


@dataclass(frozen=True)
class Grid:
    """Texts by row and column; `first_row` is the spreadsheet's number of the first of them."""

    names: tuple[str, ...]
    cells: pd.DataFrame  # of str, columns 0, 1, ...; index: row numbers as a spreadsheet has them
    has_header: bool
    separator: str
    encoding: str
    notes: tuple[str, ...]


def read_grid(data: bytes, filename: str, header: bool | None = None) -> Grid:
    """The grid of a CSV file; `header` says whether its first row holds names, None finds out.

    Raises InvalidSetting when the file can't be read as a table.
    """
    check_size(len(data), filename)
    text, encoding, notes = _decoded(data, filename)
    separator = _separator(text, filename)
    cells = _parsed(text, separator, filename)
    is_named = _has_header(cells) if header is None else header
    if is_named:
        names = _unique([str(name) for name in cells.iloc[0]], notes)
        cells = cells.iloc[1:]
    else:
        names = tuple(f"column {i + 1}" for i in range(cells.shape[1]))
        if header is None:
            notes.append("The first row holds values, not names: columns are named by number.")
    cells = cells[~(cells == "").all(axis=1)]
    if len(cells) == 0:
        raise InvalidSetting(f"{filename} has names of columns, but no rows below them.")
    if len(cells) > MOST_ROWS:
        raise InvalidSetting(
            f"{filename} has {len(cells):,} rows, but at most {MOST_ROWS:,} are read. Take a "
            "random part of them."
        )
    notes.append(f"Columns are separated by {SEPARATORS[separator]}s.")
    return Grid(names, cells, is_named, separator, encoding, tuple(notes))


def is_number(text: str) -> bool:
    """Whether a cell looks like a number, with a point or a comma."""
    return _NUMBER.fullmatch(text) is not None


def _decoded(data: bytes, filename: str) -> tuple[str, str, list[str]]:
    """(text, encoding, notes)."""
    kind = next((kind for start, kind in _ALREADY.items() if data.startswith(start)), None)
    if kind is None and data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), "utf-16", []
        except UnicodeDecodeError:
            kind = "no text"
    if kind is None and b"\0" in data:
        kind = "no text"
    if kind is not None:
        raise InvalidSetting(
            f"{filename} is {kind}, not a CSV file. In a spreadsheet program, take Save as and "
            "choose CSV."
        )
    try:
        return data.decode("utf-8-sig"), "utf-8", []
    except UnicodeDecodeError:
        note = "The file isn't UTF-8, so it was read as Latin-1: check letters such as ä, é, ñ."
        return data.decode("latin-1"), "latin-1", [note]


def _separator(text: str, filename: str) -> str:
    """The separator that cuts the first rows into the most equal number of columns."""
    lines = io.StringIO(text, newline="")
    sample = "".join(line for line, _ in zip(lines, range(100), strict=False))
    scores = {}
    for separator in SEPARATORS:
        try:
            rows = [
                len(r) for r in csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
            ]
        except csv.Error:
            continue
        width, times = Counter(r for r in rows if r).most_common(1)[0] if any(rows) else (1, 0)
        if width > 1:
            scores[separator] = (times / len(rows), width)
    if not scores:
        raise InvalidSetting(
            f"{filename} has one column only, but a target and at least one feature are needed. "
            "Columns must be separated by commas, semicolons or tabs."
        )
    return max(scores, key=lambda separator: scores[separator])


def _parsed(text: str, separator: str, filename: str) -> pd.DataFrame:
    try:
        cells = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            header=None,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
            skipinitialspace=True,
            low_memory=False,
        )
    except pd.errors.ParserError as error:
        raise InvalidSetting(_unparsed(str(error), separator, filename)) from error
    except pd.errors.EmptyDataError as error:
        raise InvalidSetting(f"{filename} is empty.") from error
    if cells.shape[1] > MOST_COLUMNS:
        raise InvalidSetting(
            f"{filename} has {cells.shape[1]:,} columns, but at most {MOST_COLUMNS} are read. "
            "Leave out those that can't matter."
        )
    cells.index = pd.RangeIndex(1, len(cells) + 1)
    filled = cells.fillna("")  # rows that end early
    blank = (filled == "").all(axis=1)
    return filled.loc[blank.idxmin() :] if not blank.all() else filled.iloc[:1]


def _unparsed(reason: str, separator: str, filename: str) -> str:
    """pandas's reason in words."""
    if match := re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", reason):
        return (
            f"Row {int(match[2]):,} of {filename} has {match[3]} columns, but the rows before have "
            f"{match[1]}. A value that holds a {SEPARATORS[separator]} must stand in quotes."
        )
    if "EOF inside string" in reason:
        return f"{filename} has a quote that is opened and never closed."
    return f"{filename} can't be read as a table: {reason.splitlines()[0].strip()}"


def _has_header(cells: pd.DataFrame) -> bool:
    """Whether the first row differs in kind from those below, in any column; else if it is text."""
    below = cells.iloc[1:201]
    against = False
    for column in cells:
        values = [v for v in below[column] if v.strip().lower() not in MISSING]
        if not values or sum(map(is_number, values)) <= len(values) / 2:
            continue
        if not is_number(cells[column].iloc[0]):
            return True
        against = True
    return not against


def _unique(raw: list[str], notes: list[str]) -> tuple[str, ...]:
    """Names that are there, on one line, and differ."""
    names: list[str] = []
    for i, text in enumerate(raw, start=1):
        plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MOST_NAME]
        if not plain:
            notes.append(f"Column {i} has no name; it is called column {i}.")
        name = base = plain or f"column {i}"
        times = 1
        while name in names:
            times += 1
            name = f"{base} ({times})"
        if times > 1:
            notes.append(f"Several columns are called {base}; number {i} is now {name}.")
        names.append(name)
    return tuple(names)
