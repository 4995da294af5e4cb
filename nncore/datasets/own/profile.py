"""What each column of a table is like, and what it is taken for, in words. NumPy alone.

Made once, by the child process that read the file, and kept beside the columns.
"""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nncore.datasets.own.csv_table import MOST_CATEGORIES, Column, Table, gone
from nncore.datasets.own.dates import DAYS, days, is_ambiguous
from nncore.datasets.own.orders import in_order, is_ordered
from nncore.datasets.recipe.constant import is_constant
from nncore.datasets.recipe.definition import LOG, QUANTILE, STANDARD
from nncore.system.arrays import Array

BINS = 12
NUMBER, CATEGORY, ORDERED, DATE = KINDS = ("number", "category", "ordered", "date")
OTHERS = ("identifier", "text", "group", "weight", "leave_out")  # of columns that are no inputs
IDENTIFIER, TEXT, GROUP, WEIGHT, LEAVE_OUT = OTHERS
ROLES = (*KINDS, GROUP, WEIGHT, IDENTIFIER, TEXT, LEAVE_OUT)
_ROW_NUMBERS = 10  # as many rows that count up are numbers of rows
_ALL_DIFFERENT = 0.95  # of the values, for an identifier
_MOSTLY_DIFFERENT = 0.25  # of the texts, for free text
_MANY = 20  # different values, before one of them can stand out
_REPEATED = 3
_FAR = 10.0  # standard deviations: one row of those outweighs all others
_ID_WORDS = frozenset(
    ("id", "ids", "idx", "index", "nr", "no", "number", "uuid", "guid", "key", "row", "instant",
     "isbn", "ean", "gtin", "imei", "iban", "ssn", "phone", "telephone", "tel", "mobile", "fax")
)  # fmt: skip
_WHOSE = frozenset(
    ("customer", "patient", "user", "person", "subject", "client", "member", "household")
)
_CODE_WORDS = frozenset(("zip", "zipcode", "postcode", "postal", "plz", "postleitzahl", "code"))
_WHEN = frozenset(("year", "yr", "month", "day", "hour", "week", "time", "date", "age", "jahr"))


@dataclass(frozen=True)
class Profile:
    """What is known of a column beyond `Column`. Numbers are None where it has none."""

    role: str  # of ROLES: what it is taken for
    why: str  # in words, where that isn't plain to see
    warnings: tuple[str, ...] = ()
    date_form: str = ""  # how its dates are written
    scale: str = STANDARD  # what suits its numbers
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    median: float | None = None
    outliers: int = 0  # values beyond 3 interquartile ranges from the quartiles (Tukey's far out)
    histogram: tuple[int, ...] = ()  # of numbers from low to high; of texts the commonest ones
    common: tuple[str, ...] = ()  # texts: these
    stand_ins: tuple[tuple[str, int], ...] = ()  # numbers that may stand for missing; how often


def write_profiles(table: Table) -> None:
    """Look at every column, and keep what was seen in the table's folder."""
    by_chance = any(step.key == DAYS for step in table.steps)
    seen = [asdict(_profile(column, table.rows, by_chance)) for column in table.columns]
    (table.folder / "profile.json").write_text(json.dumps(seen))


def read_profiles(table: Table) -> dict[str, Profile]:
    """What was seen, by column; raises InvalidSetting when it is gone."""
    try:
        seen = json.loads((table.folder / "profile.json").read_bytes())
    except FileNotFoundError as error:
        raise gone() from error
    lists = ("warnings", "histogram", "common", "stand_ins")
    return {
        column.name: Profile(**{**said, **{name: _tuples(said[name]) for name in lists}})
        for column, said in zip(table.columns, seen, strict=True)
    }


def _tuples(said: list[Any]) -> tuple[Any, ...]:
    return tuple(tuple(one) if isinstance(one, list) else one for one in said)


def words_of(name: str) -> list[str]:
    """The words in a column's name: "customerID" -> customer, id."""
    return [w.lower() for w in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+", name)]


def date_values(column: Column, form: str) -> Array:
    """(rows,) days since 1970-01-01 of a column of texts; NaN where they are missing."""
    by_code = np.array([*(days(text, form) for text in column.categories), np.nan])
    return np.asarray(by_code[column.values])


def _profile(column: Column, rows: int, by_chance: bool) -> Profile:
    """by_chance: whether nothing in the file says if days or months stand first in dates."""
    there = column.values[column.present]
    if not len(there):
        return Profile(LEAVE_OUT, "it is empty")
    if column.kind == "number":
        return _of_numbers(column, there, rows)
    return _of_texts(column, there, by_chance)


def _of_numbers(column: Column, there: Array, rows: int) -> Profile:
    mean, std = float(there.mean()), float(there.std())
    quarter, median, three = (float(q) for q in np.quantile(there, (0.25, 0.5, 0.75)))
    far = 3 * (three - quarter)
    outliers = int(((there < quarter - far) | (there > three + far)).sum()) if far else 0
    low, high = float(there.min()), float(there.max())
    role, why = _role_of_numbers(column, there, rows, mean, std)
    stand_ins = _stand_ins(there, median) if role == NUMBER else ()
    warnings = tuple(
        f"{text} stands {times:,} times, and nothing is near it: does it stand for missing?"
        for text, times in stand_ins
    )
    scale = STANDARD
    if std and max(high - mean, mean - low) > _FAR * std:
        scale = LOG if low >= 0 and high - mean > mean - low else QUANTILE
    counts = np.histogram(there - low, BINS)[0]
    return Profile(
        role, why, warnings, "", scale, low, high, mean, median, outliers,
        tuple(counts.tolist()), (), stand_ins,
    )  # fmt: skip


def _stand_ins(there: Array, median: float) -> tuple[tuple[str, int], ...]:
    """Values that may stand for missing ones: repeated, at an end, and far from all others."""
    values, times = np.unique(there, return_counts=True)
    if len(values) < _MANY:
        return ()
    body = values[1:-1]
    low, high = np.quantile(there, (0.1, 0.9))
    found = []
    for value, count, next_one in (
        (values[0], times[0], body[0]),
        (values[-1], times[-1], body[-1]),
    ):
        gap, width = abs(next_one - value), max(high - low, body[-1] - body[0])
        is_zero = value == 0 and next_one >= 0.2 * abs(median)
        is_below = value < 0 <= next_one
        is_usual = (count > len(there) / 2 and not is_below) or value != np.rint(value)
        if count >= _REPEATED and not is_usual and (gap > 0.5 * width or is_zero):
            found.append((f"{float(value):.12g}", int(count)))
    return tuple(found)


def _role_of_numbers(
    column: Column, there: Array, rows: int, mean: float, std: float
) -> tuple[str, str]:
    words = words_of(column.name)
    if column.distinct == 1 or bool(is_constant(np.array(mean), np.array(std), len(there))):
        return LEAVE_OUT, "it is the same in every row"
    is_whole = bool((there == np.rint(there)).all())
    is_new = column.distinct > _ALL_DIFFERENT * len(there)
    if is_whole and len(there) >= _ROW_NUMBERS and not _WHEN & set(words):
        if len(there) == rows and bool((np.diff(there) == 1).all()):
            return IDENTIFIER, "it counts the rows"
        if is_new and words and words[-1] in _ID_WORDS:
            return IDENTIFIER, "it is another number in nearly every row"
    if is_whole and _WHOSE & set(words) and 10 <= column.distinct < 0.9 * len(there):
        return GROUP, f"rows of one {words[0]} stay together in the split"
    if is_whole and _CODE_WORDS & set(words):
        if is_new:
            return IDENTIFIER, "it is another code in nearly every row"
        return CATEGORY, "codes are names, not amounts"
    return NUMBER, ""


def _of_texts(column: Column, there: Array, by_chance: bool) -> Profile:
    texts, words = column.categories, words_of(column.name)
    sizes = np.bincount(there, minlength=len(texts))
    most = np.argsort(-sizes, kind="stable")[:BINS]
    counts, commonest = tuple(sizes[most].tolist()), tuple(texts[code][:40] for code in most)

    def seen(role: str, why: str = "") -> Profile:
        return Profile(role, why, histogram=counts, common=commonest)

    if column.distinct == 1:
        return seen(LEAVE_OUT, "it is the same in every row")
    form = column.date_form
    if form:
        when = date_values(column, form)
        known = when[~np.isnan(when)]
        first = "months" if form.startswith("%m") else "days"
        doubt = (
            (f"days and months could be the other way round: {first} were taken to stand first",)
            if by_chance and is_ambiguous(texts, form)
            else ()
        )
        return Profile(DATE, "", doubt, form, low=float(known.min()), high=float(known.max()),
                       histogram=tuple(np.histogram(known, BINS)[0].tolist()))  # fmt: skip
    if _WHOSE & set(words) and 10 <= column.distinct < 0.9 * len(there):
        return seen(GROUP, f"rows of one {words[0]} stay together in the split")
    all_new = column.distinct > _ALL_DIFFERENT * len(there) and len(there) >= 2 * _ROW_NUMBERS
    if all_new or column.distinct > max(MOST_CATEGORIES, _MOSTLY_DIFFERENT * len(there)):
        role = IDENTIFIER if all_new and not any(" " in text for text in texts[:50]) else TEXT
        return seen(role, "nearly every row has another text")
    if is_ordered(texts):
        return seen(ORDERED, f"from {' < '.join(in_order(texts))}")
    return seen(CATEGORY)


def shown_role(role: str) -> str:
    """A role as menus and sentences say it."""
    return {
        ORDERED: "ordered category",
        LEAVE_OUT: "leave out",
    }.get(role, role)
