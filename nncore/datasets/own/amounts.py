"""The different texts of a column as amounts in one unit, where they are that."""

import math
from collections import Counter

import numpy as np

from nncore.datasets.own.codes import why_codes
from nncore.datasets.own.csv_table import MOST_ABSOLUTE
from nncore.datasets.own.many_numerals import numerals
from nncore.datasets.own.missing import is_word
from nncore.datasets.own.numerals import NUMBERS_AT_LEAST
from nncore.datasets.own.telling import Found
from nncore.system.arrays import Array

_FEW_NUMBERS = 20  # beside which a text that repeats is a category, too
_REPEATED = 5


def amounts(
    name: str, texts: list[str], sizes: Array, decimal: str, found: Found
) -> tuple[Array, str] | None:
    """(the different texts as numbers, NaN where one isn't; their unit); None for no numbers."""
    there = [i for i, text in enumerate(texts) if not is_word(text, True)]
    total = sum(int(sizes[i]) for i in there)
    read, units_of, marks_of = numerals([texts[i] for i in there], decimal)
    values = np.full(len(texts), np.nan)
    values[there] = read
    values[~(np.abs(values) <= MOST_ABSOLUTE)] = np.nan
    good = [i for i in there if not math.isnan(values[i])]
    if not good or sum(int(sizes[i]) for i in good) < NUMBERS_AT_LEAST * total:
        return None
    why = why_codes([texts[i] for i in good])
    if len(good) < len(there):
        why = why or why_codes([texts[i] for i in there])
    if why:
        found.notes.append(f"{name}: {why}")
        return None
    repeated = [texts[i] for i in there if math.isnan(values[i]) and sizes[i] >= _REPEATED]
    if repeated and len(np.unique(values[good])) <= _FEW_NUMBERS:
        found.notes.append(
            f"{name}: {repeated[0][:40]!r} repeats beside few numbers, so all of them are texts."
        )
        return None
    unit_at = dict(zip(there, units_of, strict=True))
    mark_at = dict(zip(there, marks_of, strict=True))
    units = Counter[str]()
    for i in good:
        units[unit_at[i]] += int(sizes[i])
    named = [unit for unit in units if unit]
    if len(named) > 1 or (named and units[""] and named[0] in ("%", "‰")):
        with_unit = [unit or "no unit" for unit in units]
        found.notes.append(
            f"{name}: its numbers are in several units ({', '.join(with_unit[:5])}), so they stay "
            "texts."
        )
        return None
    if named and units[""] > (1 - NUMBERS_AT_LEAST) * total and not _is_currency(named[0]):
        named = []  # a few that have one aren't numbers of this column
    if not named and len(units) > 1:
        for i in good:
            values[i] = np.nan if unit_at[i] else values[i]
    marks = Counter(mark_at[i] for i in good if mark_at[i] and not math.isnan(values[i]))
    found.marks.update(m for m in marks if m != decimal)
    return values, named[0] if named else ""


def _is_currency(unit: str) -> bool:
    return not unit.isalpha() or unit.isupper()
