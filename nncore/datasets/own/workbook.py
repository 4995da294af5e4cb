"""Workbooks of Excel and LibreOffice -> the cells of one sheet. For child processes.

calamine reads them all and runs nothing: of formulas it takes the values that were saved with
them, of merged cells the first; cells with an error are empty.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from nncore.datasets.own.cells import TIMES, Cells, check_counts, number_text
from nncore.datasets.own.csv_table import MOST_ROWS
from nncore.datasets.own.how import How
from nncore.datasets.own.kinds import is_zip
from nncore.system.errors import InvalidSetting, quoted, suggestion

MOST_UNPACKED = 400_000_000  # bytes; a cell takes 30 to 60, so about as many as are read
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # what a new workbook with a password holds
_CHUNK = 2**20
_MOST_NAMED = 20  # sheets
_MORE_ROWS = 100  # of titles and remarks, that aren't counted yet


def workbook_cells(data: bytes, filename: str, how: How) -> Cells:
    """The cells of a workbook's sheet: of the one that is said, else the first that has a table.

    Raises InvalidSetting for what is damaged, locked, too large, or has no such sheet.
    """
    _check_unpacked(data, filename)
    book = _opened(data, filename)
    names = [s.name for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    if how.sheet and how.sheet not in names:
        raise InvalidSetting(
            f"{filename} has no sheet {quoted(how.sheet)}.{suggestion(how.sheet, names)} It has: "
            f"{_listed(names)}."
        )
    for name in [how.sheet] if how.sheet else _in_order(book, names, how.usual_sheet):
        rows = _rows(book, name, filename)
        if how.sheet or _is_table(rows):
            break
    else:
        raise InvalidSetting(
            f"{filename} has no table in {_listed(names) or 'any sheet'}: rows and columns of "
            "values, at least two of each."
        )
    cells = _cells(rows, name, filename)
    others = [other for other in names if other != name]
    which = f"The sheet {quoted(name)} was read; there are also {_listed(others)}."
    notes = [which, *cells.notes] if others else cells.notes
    return replace(cells, notes=notes, sheet=name, sheets=tuple(names))


def _check_unpacked(data: bytes, filename: str) -> None:
    """Raise InvalidSetting for what is damaged, or would be far larger than it seems."""
    if not is_zip(data):
        return
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            for part in file.infolist():
                with file.open(part) as inside:
                    while chunk := inside.read(_CHUNK):
                        total += len(chunk)
                        if total > MOST_UNPACKED:
                            raise InvalidSetting(
                                f"What is in {filename} has over {MOST_UNPACKED / 1e6:.0f} MB, the "
                                "most that is read of a workbook. Take a random part of its rows, "
                                "or only the columns that matter."
                            )
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise _damaged(filename) from error  # RuntimeError: NotImplementedError, and of passwords


def _opened(data: bytes, filename: str) -> CalamineWorkbook:
    if not is_zip(data) and _LOCKED in data:
        raise InvalidSetting(f"{filename} is locked by a password: save it without one.")
    try:
        return load_workbook(io.BytesIO(data))
    except BaseException as error:
        raise _refused(error, filename) from error


def _refused(error: BaseException, filename: str) -> BaseException:
    """What to raise for what a parser did: a panic in Rust is no Exception."""
    if isinstance(error, MemoryError | KeyboardInterrupt | SystemExit):
        return error
    return _damaged(filename)


def _damaged(filename: str) -> InvalidSetting:
    return InvalidSetting(
        f"{filename} is no workbook that can be read: it may be damaged, locked by a "
        "password, or another kind of document. Open it in a spreadsheet program, and save it anew."
    )


def _in_order(book: CalamineWorkbook, names: Sequence[str], usual: str) -> list[str]:
    """The usual one first, then those that a person sees."""
    seen = {s.name: s.visible == SheetVisibleEnum.Visible for s in book.sheets_metadata}
    return sorted(names, key=lambda name: (name != usual, not seen[name]))


def _listed(names: Sequence[str]) -> str:
    more = ", ..." if len(names) > _MOST_NAMED else ""
    return ", ".join(map(quoted, names[:_MOST_NAMED])) + more


def _rows(book: CalamineWorkbook, name: str, filename: str) -> dict[int, list[Any]]:
    """The rows of a sheet that aren't blank, by their numbers."""
    most = MOST_ROWS + _MORE_ROWS
    try:
        sheet = book.get_sheet_by_name(name)
        first = sheet.start[0] + 1 if sheet.start else 1
        filled = ((n, row) for n, row in _numbered(sheet, first) if any(v != "" for v in row))
        rows = dict(islice(filled, most + 1))
    except BaseException as error:
        raise _refused(error, filename) from error
    if len(rows) > most:
        check_counts(sheet.height, 1, filename)
    return rows


def _numbered(sheet: CalamineSheet, first: int) -> Iterator[tuple[int, list[Any]]]:
    return enumerate(sheet.iter_rows(), start=first)


def _is_table(rows: dict[int, list[Any]]) -> bool:
    wide = (sum(v != "" for v in row) > 1 for row in rows.values())
    return sum(islice(wide, 1000)) > 1


def _cells(rows: dict[int, list[Any]], name: str, filename: str) -> Cells:
    if not rows:
        raise InvalidSetting(f"The sheet {quoted(name)} of {filename} is empty.")
    columns = [
        column for column in zip(*rows.values(), strict=True) if any(v != "" for v in column)
    ]
    check_counts(0, len(columns), filename)
    if len(columns) < 2:
        raise InvalidSetting(
            f"The sheet {quoted(name)} of {filename} has one column only, but a target and at "
            "least one feature are needed."
        )
    index = pd.Index(rows)
    numbers, texts, has_times = {}, {}, False
    for place, column in enumerate(columns):
        kinds = set(map(type, column))
        texts[place] = _texts(column, datetime in kinds)
        if kinds & {int, float, time, timedelta}:
            found = [v if type(v) is float else _number(v) for v in column]
            numbers[place] = pd.Series(found, index, dtype="float64")
        has_times |= bool(kinds & {time, timedelta})
    cells = pd.DataFrame(texts, index, dtype="str")
    counts = np.zeros(max(rows), int)
    for place in texts:
        counts[index[cells[place] != ""] - 1] = place + 1
    notes = [TIMES] if has_times else []
    return Cells(cells, counts.tolist(), notes, numbers=numbers)


def _texts(column: Sequence[Any], has_days: bool) -> list[str]:
    """What a person reads; dates of one form, as all of a column are read by one."""
    has_hours = has_days and any(type(v) is datetime and v.time() != time() for v in column)
    return [
        v if type(v) is str else number_text(v) if type(v) is float else _text(v, has_hours)
        for v in column
    ]


def _text(value: Any, has_hours: bool) -> str:
    match value:
        case bool():
            return str(value).upper()  # as spreadsheet programs write it into texts
        case datetime():
            if value.microsecond >= 500_000 and value.year < 9999:
                value += timedelta(seconds=1)  # days are counted in binary fractions
            text = value.isoformat(" ", "seconds")
            return text if has_hours else text[:10]
        case date():
            return f"{value.isoformat()}{' 00:00:00' if has_hours else ''}"
    return str(value)


def _number(value: Any) -> float | None:
    match value:
        case bool():
            return None
        case int():
            return float(value)
        case time():
            return value.hour + value.minute / 60 + value.second / 3600
        case timedelta():
            return value.total_seconds() / 3600
    return None
