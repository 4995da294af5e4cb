"""In which order the texts of an ordered category stand: known scales, amounts, or by hand."""

import re
from collections.abc import Sequence

from nncore.system.errors import InvalidSetting, quoted
from nncore.system.wording import listing

BELOW = " < "  # between the texts of an order that a person writes
MOST_ORDERED = 50  # texts that an order by hand may have
_SCALES = (
    ("very low", "low", "medium", "moderate", "middle", "high", "very high"),
    ("tiny", "small", "medium", "large", "huge"),
    ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"),
    ("po", "fa", "ta", "gd", "ex"),
    ("very poor", "poor", "fair", "average", "typical", "good", "very good", "excellent"),
    ("never", "rarely", "sometimes", "often", "always"),
    ("cold", "cool", "mild", "warm", "hot"),
    ("slow", "medium", "fast"),
    ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("bad", "ok", "okay", "good", "great"),
    ("beginner", "intermediate", "advanced", "expert"),
    ("first", "second", "third", "fourth", "fifth", "sixth"),
)
# these come round again, so that nobody takes them for amounts unasked
_ROUNDS = (
    ("january", "february", "march", "april", "may", "june", "july", "august", "september",
     "october", "november", "december"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("spring", "summer", "autumn", "winter"),
)  # fmt: skip
_SHORT = 3  # letters that name a month or a day
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_LESS = re.compile(r"^\s*(<|≤|(under|below|less than|up to|unter|bis)\b)", re.IGNORECASE)
_MORE = re.compile(
    r"^\s*(>|≥|(over|above|more than|über)\b)|\+|\b(or|and) (more|older|over)\b", re.I
)
_BEGINS = re.compile(r"\s*[-−]?[€$£]?\s*\d")
_LEAST_STEPS = 3  # texts with numbers, before they are taken for steps of an amount


def is_ordered(texts: Sequence[str]) -> bool:
    """Whether texts are steps of an amount: of a known scale, or spans such as "1-2 years"."""
    if len(texts) < _LEAST_STEPS or len(texts) > MOST_ORDERED:
        return False
    lower = {text.strip().lower() for text in texts}
    return any(lower <= set(scale) for scale in _SCALES) or _are_spans(texts)


def in_order(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts by their amount: along a known scale, by the number each begins with, or by letter."""
    lower = [text.strip().lower() for text in texts]
    for scale in (*_SCALES, *_ROUNDS, *(_shortened(names) for names in _ROUNDS[:2])):
        if set(lower) <= set(scale):
            return tuple(sorted(texts, key=lambda text: scale.index(text.strip().lower())))
    if all(map(_NUMBER.search, texts)):
        return tuple(sorted(texts, key=_amount))
    return tuple(sorted(texts))


def order_from(text: str, known: Sequence[str], column: str) -> tuple[str, ...]:
    """The order that a person writes, "low < medium < high", of all texts of a column.

    Raises InvalidSetting for one that lacks a text, repeats it, or has another.
    """
    said = tuple(part.strip() for part in text.split(BELOW))
    lacking = [quoted(one) for one in known if one not in said]
    unknown = [quoted(one) for one in said if one not in known]
    wrong = []
    if lacking:
        wrong.append(f"it lacks {listing(lacking[:5])}")
    if unknown:
        wrong.append(f"the column has no {listing(unknown[:5])}")
    if not wrong and len(set(said)) < len(said):
        wrong.append("a text stands in it twice")
    if wrong:
        raise InvalidSetting(
            f"The order of {column} must name each of its texts once, with{BELOW}between them, "
            f"lowest first: {'; '.join(wrong)}."
        )
    return said


def _shortened(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[:_SHORT] for name in names)


def _are_spans(texts: Sequence[str]) -> bool:
    """Whether texts differ in their numbers alone, and some have two of them, or an open end."""
    found = [_NUMBER.findall(text) for text in texts]
    if not all(found) or max(map(len, found)) > 2:
        return False
    opened = [bool(_LESS.search(text) or _MORE.search(text)) for text in texts]
    if not any(opened) and not any(len(numbers) == 2 for numbers in found):
        return False  # single numbers are names as often: "model 3"
    if not all(_BEGINS.match(_LESS.sub("", _MORE.sub(" ", text))) for text in texts):
        return False
    units = {_unit(text) for text in texts}
    return len(units) == 1 and len({_amount(text) for text in texts}) == len(texts)


def _unit(text: str) -> str:
    """The words that stand around the numbers of a span, without those that open an end."""
    rest = _NUMBER.sub(" ", _MORE.sub(" ", _LESS.sub(" ", text.lower())))
    words = re.findall(r"[^\W\d_]+|[%€$£]", rest)
    return " ".join(word.rstrip("s") for word in words if word not in ("to", "bis", "and", "or"))


def _amount(text: str) -> tuple[float, float]:
    """(the first number, -1 or 1 where the text says less or more than that)."""
    sign = re.match(r"\s*[-−]\d", text)
    match = _NUMBER.search(text)
    value = float(_THOUSANDS.sub("", match[0]).replace(",", ".")) if match else 0.0
    side = -1.0 if _LESS.search(text) else 1.0 if _MORE.search(text) else 0.0
    return (-value if sign else value), side
