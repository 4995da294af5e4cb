"""The bytes of a user's file -> a stored table: numbers and categories. For child processes.

Reading 50 MB takes seconds and up to a gigabyte.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nncore.datasets.own.amounts import amounts
from nncore.datasets.own.cells import in_any_locale
from nncore.datasets.own.codes import SOME_CODE, why_codes, why_digits
from nncore.datasets.own.csv_table import MOST_ABSOLUTE, write_column, write_table
from nncore.datasets.own.csv_text import Grid, read_grid
from nncore.datasets.own.dates import date_forms
from nncore.datasets.own.how import ENCODINGS, How, Word
from nncore.datasets.own.missing import are_missing, is_word
from nncore.datasets.own.numerals import (
    POINT,
    Vote,
    decided,
    is_plain_in_both,
    numeral,
    vote,
)
from nncore.datasets.own.telling import Found, said_of_missing, said_of_numbers
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting

_PREVIEW_ROWS = 10
_EXAMPLES = 3  # of values that are not numbers
_PREVIEW_CHARACTERS = 200  # of a cell among the first rows
_FIRST = 200  # cells, by which nearly all columns are settled
_PROBED = 1000  # different texts of a column; where they decide, the others needn't be asked
_MOST_WORDS = 1_000  # that are listed


def store_table(data: bytes, filename: str, how: How, folder: Path) -> None:
    """Write the table that the bytes of a file hold into `folder`.

    Raises InvalidSetting when they can't be read as a table of at least two columns.
    """
    grid = read_grid(data, filename, how)
    if len(grid.names) < 2:
        raise InvalidSetting(
            f"{filename} has one column only, but a target and at least one feature are needed."
        )
    first = [
        dict(zip(grid.names, (str(cell)[:_PREVIEW_CHARACTERS] for cell in row), strict=True))
        for row in grid.cells.head(_PREVIEW_ROWS).itertuples(index=False, name=None)
    ]
    numbers = {place: of.loc[grid.cells.index] for place, of in grid.source.numbers.items()}
    votes = [_vote(grid.cells[place], numbers.get(place)) for place in grid.cells.columns]
    for place, name in enumerate(grid.names):
        if name in how.decimals and not votes[place].decimal:
            votes[place] = Vote(how.decimals[name])
    decimal = how.decimal or decided(votes, grid.source.separator)
    found = Found(decimal, bool(how.decimal), [], [], Counter())
    columns, texts = [], {}
    for place, name in enumerate(grid.names):
        label = grid.cells.columns[place]
        cells = grid.cells[label]
        said = how.missing.get(name, {})
        about, values, categories = _column(
            name, cells, numbers.get(label), votes[place], said, found, name in how.texts
        )
        if grid.units[place] and about["kind"] == "number":
            about["unit"] = grid.units[place]
        write_column(folder, place, values, categories)
        longest = max(map(len, categories), default=0)
        if about["kind"] == "category":
            texts[name] = categories
        columns.append({"odd": (), "n_odd": 0, **about, "name": name, "longest": longest})
    forms, orders = date_forms(texts, how)
    for column in columns:
        column["date_form"] = forms.get(column["name"], "")
    said_so = said_of_numbers(grid.names, votes, found)
    is_decided = found.said or any(vote.decimal or vote.doubtful for vote in votes)
    known = {
        "decimal": found.decimal if is_decided else "",
        "decimals": {
            name: voted.decimal
            for name, voted in zip(grid.names, votes, strict=True)
            if voted.decimal not in ("", found.decimal)
        },
        "dates": forms,
        "units": {c["name"]: c["unit"] for c in columns if c.get("unit")},
        "texts": tuple(texts),
    }
    write_table(
        folder,
        {
            "filename": filename,
            "rows": len(grid.cells),
            "has_header": grid.has_header,
            "form": {
                "encoding": grid.source.encoding,
                "separator": grid.source.separator,
                "decimal": found.decimal,
                "thousands": found.marks.most_common(1)[0][0] if found.marks else "",
            },
            "first": first,
            "notes": [*grid.notes, *said_so, *found.notes, *said_of_missing(found.words)],
            "steps": [asdict(step) for step in (*grid.steps, *orders)],
            "words": [asdict(word) for word in found.words[:_MOST_WORDS]],
            "how": asdict(_as_it_was_read(how, grid, found.words, known)),
            "sheet": grid.source.sheet,
            "sheets": grid.source.sheets,
        },
        columns,
    )


def _as_it_was_read(how: How, grid: Grid, words: Iterable[Word], known: Mapping[str, Any]) -> How:
    """How to read another file of the same form, so that equal cells mean the same in it."""
    missing: dict[str, dict[str, bool]] = {}
    for word in words:
        missing.setdefault(word.column, {})[word.text] = word.missing
    likely = grid.source.encoding if grid.source.encoding in ENCODINGS else ""
    return replace(
        how,
        header=True if grid.has_header else how.header,
        encoding="",
        likely=likely if not likely.startswith("utf") else how.likely,
        sheet="",  # the next workbook may call it otherwise
        usual_sheet=grid.source.sheet or how.usual_sheet,
        missing=missing,
        **known,
    )


def _vote(cells: pd.Series, numbers: pd.Series | None) -> Vote:
    """What a column says of how numbers are written, by those that the file has as texts."""
    cells = cells if numbers is None else cells[numbers.isna()]
    if _plain(cells) is not None:
        # most columns of large files; nearly all are settled by their first numbers
        if not cells.str.contains(POINT, regex=False).any():
            return Vote()
        for texts in (cells.head(_FIRST), cells):
            if not is_plain_in_both(texts.unique()):
                return Vote(POINT, "", len(cells))
        return Vote("", str(cells[cells.str.contains(POINT, regex=False)].iloc[0]).strip())
    sizes = cells.str.strip().value_counts()
    for some in (sizes.iloc[:_PROBED], sizes):
        there = {str(t): int(n) for t, n in some.items() if not is_word(str(t), True)}
        words = list(there)
        if why_codes(words):
            return Vote()
        voted = vote(words, list(there.values()))
        if voted.decimal or len(some) == len(sizes):
            break
    return voted


def _column(
    name: str,
    cells: pd.Series,
    typed: pd.Series | None,
    voted: Vote,
    said: Mapping[str, bool],
    found: Found,
    stays: bool,
) -> tuple[dict[str, Any], Array, list[str]]:
    """(what is said about a column, its values, its categories).

    typed: the numbers that the file has as such, NaN for other cells; stays: whether it holds texts
    whatever they look like.
    """
    decimal = voted.decimal or found.decimal
    shown = cells.str.strip()
    is_free = not said and not stays
    if typed is not None and is_free:
        there = (shown != "").to_numpy()
        if (typed.notna() | ~there).all():
            return _number_column(name, cells, _possible(typed), found, there)
    if typed is None and decimal == POINT and is_free:
        plain = _plain(cells)
        if plain is not None and not (
            shown.str.match(SOME_CODE).any() and why_digits(list(shown.unique()))
        ):
            return _number_column(name, cells, plain, found)
    written = shown if typed is None else in_any_locale(shown, typed)
    codes, uniques = pd.factorize(written)
    texts = [str(text) for text in uniques]
    sizes = np.bincount(codes, minlength=len(texts))
    is_text = any(not is_gone and is_word(word, True) for word, is_gone in said.items())
    numbers = None if is_text or stays else amounts(name, texts, sizes, decimal, found)
    if typed is not None:
        texts = [str(shown.iloc[place]) for place in np.unique(codes, return_index=True)[1]]
    words = are_missing(texts, numbers is not None, said)
    gone = np.array([words.get(text, False) for text in texts], bool)
    found.words += [
        Word(name, text, int(sizes[place]), bool(gone[place]))
        for place, text in enumerate(texts)
        if text in words and text and (numbers is None or math.isnan(numbers[0][place]))
    ]
    if numbers is not None:
        values, unit = numbers
        for word, value in _stand_ins(said):
            is_it = values == value
            found.words.append(Word(name, word, int(sizes[is_it].sum()), True))
            gone |= is_it
        values = np.where(gone, np.nan, values)
        there = ~gone[codes]
        column = pd.Series(values[codes], cells.index)
        about, values, _ = _number_column(name, cells, column, found, there)
        return {**about, "unit": unit}, values, []
    lines = [_one_line(text) for text in texts]
    categories = sorted({line for line, is_gone in zip(lines, gone, strict=True) if not is_gone})
    places = {line: place for place, line in enumerate(categories)}
    by_code = [-1 if is_gone else places[line] for line, is_gone in zip(lines, gone, strict=True)]
    about = {
        "kind": "category",
        "missing": int(gone[codes].sum()),
        "distinct": len(categories),
    }
    return about, np.array(by_code, np.int32)[codes], categories


def _stand_ins(said: Mapping[str, bool]) -> list[tuple[str, float]]:
    """Numbers that stand for missing, because a person says so."""
    numbers = [(word, numeral(word).point) for word, is_gone in said.items() if is_gone]
    return [(word, value) for word, value in numbers if not math.isnan(value)]


def _number_column(
    name: str, texts: pd.Series, numbers: pd.Series, found: Found, there: Array | None = None
) -> tuple[dict[str, Any], Array, list[str]]:
    """There: which cells should be numbers; all of them where none is said."""
    is_bad = numbers.isna() if there is None else numbers.isna() & there
    bad = numbers.index[is_bad]
    odd = tuple((int(row), _one_line(str(texts[row]))[:40]) for row in bad[:_EXAMPLES])
    if odd:
        examples = ", ".join(f"{text!r} in row {row:,}" for row, text in odd)
        more = ", ..." if len(bad) > len(odd) else ""
        total = len(numbers) if there is None else int(there.sum())
        found.notes.append(
            f"{name}: {len(bad):,} of {total:,} values are not numbers ({examples}{more}). "
            "They count as missing."
        )
    values = numbers.to_numpy(np.float64)
    known = values[~np.isnan(values)]
    about = {
        "kind": "number",
        "missing": int(np.isnan(values).sum()),
        "distinct": len(np.unique(known)),
        "odd": odd,
        "n_odd": len(bad),
    }
    return about, values, []


def _plain(cells: pd.Series) -> pd.Series | None:
    """Texts that are all numbers as a computer writes them, as numbers; None where one isn't."""
    numbers = cells
    for texts in (cells.head(_FIRST), cells):  # where it fails it is slow
        numbers = pd.to_numeric(texts, errors="coerce").astype(np.float64)
        if not (numbers.abs() <= MOST_ABSOLUTE).all():
            return None
    return numbers


def _possible(numbers: pd.Series) -> pd.Series:
    return numbers.where(numbers.abs() <= MOST_ABSOLUTE)


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
