"""What was found out of how a file is written, in sentences: nothing is guessed without a word."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nncore.datasets.own.how import Word
from nncore.datasets.own.numerals import COMMA, POINT, Vote, numeral
from nncore.system.wording import times

_MARKS = {" ": "spaces", "\u00a0": "spaces", "\u202f": "spaces", "\u2009": "spaces",
          "'": "apostrophes", "’": "apostrophes", ",": "commas", ".": "points"}  # fmt: skip


@dataclass
class Found:
    """What was found out of the columns so far."""

    decimal: str
    said: bool  # whether a person says so
    words: list[Word]
    notes: list[str]
    marks: Counter[str]  # that separate thousands


def said_of_numbers(names: Sequence[str], votes: Sequence[Vote], found: Found) -> list[str]:
    """How the file's numbers were read, and what could be read otherwise."""
    said = []
    if found.decimal == COMMA and (found.said or any(v.decimal == COMMA for v in votes)):
        said.append("Commas are read as decimal points.")
    kinds = sorted({_MARKS[mark] for mark in found.marks})
    if kinds:
        said.append(f"{' and '.join(kinds).capitalize()} separate thousands.")
    doubtful = [(name, v.doubtful) for name, v in zip(names, votes, strict=True) if v.doubtful]
    evident = any(v.decimal == found.decimal for v in votes)
    if doubtful and not found.said and not evident:
        name, text = doubtful[0]
        one, other = (numeral(text).under(d) for d in (found.decimal, _other(found.decimal)))
        more = f" ({len(doubtful)} columns are like that)" if len(doubtful) > 1 else ""
        said.append(
            f"{name}: {text} was read as {one:.12g}, but could as well be {other:.12g}, and "
            f"nothing in the file decides it{more}. Choose the decimal sign if that is wrong."
        )
    against = [
        name
        for name, v in zip(names, votes, strict=True)
        if v.decimal and v.decimal != found.decimal
    ]
    if against:
        signs = {POINT: "points", COMMA: "commas"}
        said.append(
            f"{', '.join(against[:5])}: {signs[_other(found.decimal)]} are decimal there, "
            "unlike elsewhere in the file, because it can be read in no other way."
        )
    return said


def _other(decimal: str) -> str:
    return POINT if decimal == COMMA else COMMA


def said_of_missing(words: Sequence[Word]) -> list[str]:
    """Which words count as missing, so that no class is lost without a word."""
    said = []
    for text in dict.fromkeys(word.text for word in words if word.missing):
        where = [word for word in words if word.missing and word.text == text]
        names = ", ".join(f"{word.column}: {word.times:,}" for word in where[:5])
        more = f" and {times(len(where) - 5, 'more column')}" if len(where) > 5 else ""
        said.append(f"{text!r} counts as missing ({names}{more}).")
    return said
