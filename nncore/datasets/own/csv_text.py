"""A user's file -> a grid of cells: names, units, rows. Nothing is executed.

Mistakes are InvalidSetting, in sentences for people who don't know what an encoding is. What
changes values is a step that can be undone; what was guessed else is said in notes.
"""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from nncore.datasets.own.cells import Cells
from nncore.datasets.own.csv_table import MOST_COLUMNS, MOST_ROWS
from nncore.datasets.own.decoding import decoded
from nncore.datasets.own.header import leading_titles, names_first, unique_names, unit_row
from nncore.datasets.own.how import How, Step
from nncore.datasets.own.kinds import PARQUET, WORKBOOK, kind_of
from nncore.datasets.own.numerals import is_number
from nncore.datasets.own.packed import unpacked
from nncore.datasets.own.separating import SEPARATORS, Lines, form, separated, widths
from nncore.datasets.own.shape import check_shape
from nncore.system.errors import InvalidSetting, quoted
from nncore.system.wording import times

_TRAILING = "trailing"  # the key of the step that leaves out the empty last column


@dataclass(frozen=True)
class Grid:
    """Texts by row and column; `first_row` is the spreadsheet's number of the first of them."""

    names: tuple[str, ...]
    cells: pd.DataFrame  # of str, columns 0, 1, ...; index: row numbers as a spreadsheet has them
    has_header: bool
    units: tuple[str, ...]  # by column, from a row of units; "" for none
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    source: Cells  # what all of it was made of


def read_grid(data: bytes, filename: str, how: How) -> Grid:
    """The grid of a file. Raises InvalidSetting when it can't be read as a table."""
    data, inside = unpacked(data, filename)
    check_shape(data, filename)
    source = _cells(data, filename, how)
    notes = [*([inside] if inside else []), *source.notes]
    steps = list(source.steps)
    cells, counts = source.cells, source.counts
    titles = leading_titles(cells, counts)
    if titles:
        text = f"Leave out {times(titles, 'row')} of title before the table"
        steps.append(how.step("titles", text))
        cells = cells.iloc[titles:] if steps[-1].done else cells
    cells = _without_remarks(cells, counts, how, steps)
    cells = _regular(cells, counts, how, steps)
    said = True if source.is_named else how.header
    is_named, why = names_first(cells) if said is None else (said, "")
    notes += [why] if why else []
    units = ("",) * cells.shape[1]
    if is_named:
        head = [str(name) for name in cells.iloc[0]]
        cells = cells.iloc[1:]
        cells = _without_repeats(cells, head, how, steps)
        found = unit_row(cells)
        if found:
            steps.append(how.step("units", "Take the row below the names for units"))
            units = found if steps[-1].done else units
            cells = cells.iloc[1:] if steps[-1].done else cells
        cells, head, units = _without_blank_columns(cells, head, units, how, steps)
        names = unique_names(head, notes)
        _say_cut(head, source.separator, notes)
    else:
        names = tuple(f"column {i + 1}" for i in range(cells.shape[1]))
    if len(cells) == 0:
        raise InvalidSetting(f"{filename} has names of columns, but no rows below them.")
    if len(cells) > MOST_ROWS:
        raise InvalidSetting(
            f"{filename} has {len(cells):,} rows, but at most {MOST_ROWS:,} are read. Take a "
            "random part of them."
        )
    if source.separator:
        notes.append(f"Columns are separated by {SEPARATORS[source.separator]}s.")
    return Grid(names, cells, is_named, units, tuple(steps), tuple(notes), source)


def _cells(data: bytes, filename: str, how: How) -> Cells:
    """The cells of a file, by the reader of its kind."""
    kind = kind_of(data)
    if kind == WORKBOOK:
        from nncore.datasets.own.workbook import workbook_cells  # calamine

        return workbook_cells(data, filename, how)
    if how.sheet:
        raise InvalidSetting(f"{filename} is no workbook, so it has no sheet {quoted(how.sheet)}.")
    if kind == PARQUET:
        from nncore.datasets.own.parquet import parquet_cells  # pyarrow

        return parquet_cells(data, filename)
    text, encoding, notes = decoded(data, filename, how.encoding, how.likely)
    lines = separated(text, filename, how)
    counts = widths(lines)
    cells = _parsed(lines, counts, filename)
    return Cells(cells, counts, notes, lines.steps, separator=lines.separator, encoding=encoding)


def _say_cut(head: list[str], separator: str, notes: list[str]) -> None:
    """More values than names may come from commas that were decimal points once."""
    nameless = len(head) - len([name for name in head if name.strip()])
    if nameless > 2 and separator == "," and not any(name.strip() for name in head[-nameless:]):
        notes.append(
            f"Rows have {nameless} more values than there are names. Were decimal commas written "
            "without quotes? Then values are cut in two, and the file must be saved anew."
        )


def _parsed(lines: Lines, counts: list[int], filename: str) -> pd.DataFrame:
    """Rows with a cell or more; those that end early are filled with "". Index: their numbers."""
    if not any(counts):
        raise InvalidSetting(f"{filename} has no rows.")
    usual = Counter(n for n in counts if n).most_common(1)[0][0]
    widest = max(counts)
    if min(usual, widest) > MOST_COLUMNS:
        raise InvalidSetting(
            f"{filename} has {usual:,} columns, but at most {MOST_COLUMNS} are read. Leave out "
            "those that can't matter."
        )
    over = [row for row, n in enumerate(counts, start=1) if n > usual + 1]
    if over:
        raise InvalidSetting(_too_wide(over[0], counts, usual, lines, filename))
    width = min(widest, usual + 1)
    try:
        cells = pd.read_csv(
            io.StringIO(lines.text),
            header=None,
            names=range(width),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
            low_memory=False,
            **form(lines.separator, lines.quote),
        )
    except pd.errors.ParserError as error:
        if "EOF inside string" in str(error):
            raise InvalidSetting(
                f"{filename} has a quote that is opened and never closed."
            ) from error
        reason = str(error).splitlines()[0].strip()
        raise InvalidSetting(f"{filename} can't be read as a table: {reason}") from error
    except pd.errors.EmptyDataError as error:
        raise InvalidSetting(f"{filename} is empty.") from error
    cells.index = pd.RangeIndex(1, len(cells) + 1)
    cells = cells.fillna("")
    if width > usual and (cells[usual].str.strip() != "").any():
        row = next(row for row, n in enumerate(counts, start=1) if n > usual)
        raise InvalidSetting(_too_wide(row, counts, usual, lines, filename))
    filled = (cells != "").any(axis=1)
    if not filled.any():
        raise InvalidSetting(f"{filename} has no values: all of its cells are empty.")
    return cells[filled]


def _too_wide(row: int, counts: list[int], usual: int, lines: Lines, filename: str) -> str:
    return (
        f"Row {row:,} of {filename} has {counts[row - 1]:,} columns, but most rows have "
        f"{usual:,}. A value that holds a {SEPARATORS[lines.separator]} must stand in quotes."
    )


def _regular(
    cells: pd.DataFrame, counts: Sequence[int], how: How, steps: list[Step]
) -> pd.DataFrame:
    """Without the empty column that a separator at the end of rows makes; row names with a name."""
    last = cells.columns[-1]
    first, below = cells.iloc[0], cells[last].iloc[1:].str.strip()
    if cells.shape[1] < 3 or len(below) == 0 or first[last].strip():
        return cells
    if (below == "").all():
        steps.append(how.step(_TRAILING, "Leave out the empty column at the end of the rows"))
        return cells[cells.columns[:-1]] if steps[-1].done else cells
    names = first.iloc[:-1].str.strip()
    is_short = counts[int(cells.index[0]) - 1] == cells.shape[1] - 1
    if is_short and (names != "").all() and not names.map(is_number).any():
        text = "Take the first column for names of rows: there is one name less than columns"
        steps.append(how.step("row_names", text))
        if steps[-1].done:
            cells = cells.copy()
            cells.iloc[0] = ["row name", *first.iloc[:-1]]
    return cells


def _without_remarks(
    cells: pd.DataFrame, counts: Sequence[int], how: How, steps: list[Step]
) -> pd.DataFrame:
    """Without lines between the rows, or below them, that are comments."""
    is_remark = cells[0].str.match(r"\s*[#%]")
    if not is_remark.any() or is_remark.mean() > 0.5:
        return cells
    is_remark &= pd.Series([counts[int(row) - 1] == 1 for row in cells.index], cells.index)
    if is_remark.any():
        text = f"Leave out {times(int(is_remark.sum()), 'comment')} among the rows"
        steps.append(how.step("remarks", text))
        return cells[~is_remark] if steps[-1].done else cells
    return cells


def _without_repeats(
    cells: pd.DataFrame, head: list[str], how: How, steps: list[Step]
) -> pd.DataFrame:
    """Without rows that say the names again."""
    again = pd.Series(True, index=cells.index)
    for place, name in zip(cells.columns, head, strict=True):
        again &= cells[place] == name
        if not again.any():
            return cells
    text = f"Leave out {times(int(again.sum()), 'row')} that say the names of the columns again"
    steps.append(how.step("repeats", text))
    return cells[~again] if steps[-1].done else cells


def _without_blank_columns(
    cells: pd.DataFrame, head: list[str], units: tuple[str, ...], how: How, steps: list[Step]
) -> tuple[pd.DataFrame, list[str], tuple[str, ...]]:
    """Without columns that have neither a name nor a value."""
    stays = any(step.key == _TRAILING and not step.done for step in steps)
    kept = [
        place
        for place, name in enumerate(head)
        if name.strip()
        or (stays and place == len(head) - 1)
        or (cells[cells.columns[place]].str.strip() != "").any()
    ]
    gone = len(head) - len(kept)
    if not gone or len(cells) == 0:
        return cells, head, units
    steps.append(
        how.step("blank", f"Leave out {times(gone, 'column')} with neither a name nor a value")
    )
    if not steps[-1].done:
        return cells, head, units
    return (
        cells[[cells.columns[place] for place in kept]],
        [head[place] for place in kept],
        tuple(units[place] for place in kept),
    )
