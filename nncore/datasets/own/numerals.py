"""Numbers as people write them: which sign is decimal, what separates thousands, which unit.

A text is read under both decimal signs; where only one makes sense of it, that is evidence of how
the whole file is written. pandas takes one decimal sign and one separator for all, and neither
units nor parentheses, so this is our own.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

POINT, COMMA = DECIMALS = (".", ",")
NUMBERS_AT_LEAST = 0.8  # of the values that are there, for a column of numbers
_SPACES = " \u00a0\u202f\u2009"
_MINUS = "\u2212-"
_CODES = "USD EUR GBP CHF JPY CNY INR AUD CAD NZD SEK NOK DKK PLN CZK HUF BRL MXN ZAR RUB TRY KRW"
CURRENCY = "|".join(
    [r"US\$|R\$|A\$|C\$|NT\$|HK\$|[$€£¥₹₽₩₺₫₪₴₦฿¢]|kr\.?|zł|Kč|Ft|Fr\.|Rs\.?", *_CODES.split()]
)
_UNITS = (
    r"%|‰|°C|°F|°|kg|mg|g|t|lbs?|oz|km/h|mph|km|cm|mm|m²|m2|m³|m3|m|mi|ft|sqft|ha|ml|l|L|"
    r"kWh|MWh|Wh|kW|MW|W|V|A|Hz|kHz|MHz|GHz|hPa|kPa|Pa|bar|GB|MB|kB|ms|min|hrs?|h|s"
)
AFTER = f"{CURRENCY}|{_UNITS}"
MARKS = (POINT, COMMA, "'", "’", *_SPACES)  # that separate thousands
_SHAPE = re.compile(
    rf"(?P<open>\()?[{_SPACES}]*(?P<sign>[+{_MINUS}])?[{_SPACES}]*"
    rf"(?:(?P<before>{CURRENCY})[{_SPACES}]*)?(?P<sign2>[+{_MINUS}])?"
    rf"(?P<body>(?:[0-9]|[.,][0-9])(?:[0-9.,'’{_SPACES}]*[0-9.,])?)"
    rf"(?P<power>[eE][+{_MINUS}]?[0-9]{{1,3}})?"
    rf"[{_SPACES}]*(?P<after>{AFTER})?[{_SPACES}]*(?P<close>\))?"
)
_GROUPS = {
    mark: re.compile(rf"[1-9][0-9]{{0,2}}(?:{re.escape(mark)}[0-9]{{3}})+") for mark in MARKS
}
_INDIAN = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")  # 1,23,45,678: lakh and crore


@dataclass(frozen=True)
class Numeral:
    """What one text means; NaN where it makes no sense under that decimal sign."""

    point: float
    comma: float
    unit: str = ""
    mark: str = ""  # that separates thousands, if one does

    def under(self, decimal: str) -> float:
        """The number, with that decimal sign."""
        return self.point if decimal == POINT else self.comma


NOTHING = Numeral(math.nan, math.nan)


def numeral(text: str) -> Numeral:
    """What a text means as a number."""
    shape = _SHAPE.fullmatch(text.strip())
    if shape is None or bool(shape["open"]) != bool(shape["close"]):
        return NOTHING
    if (shape["sign"] and shape["sign2"]) or (shape["before"] and shape["after"]):
        return NOTHING
    sign = shape["sign"] or shape["sign2"] or ""
    if shape["open"] and sign:
        return NOTHING
    below = bool(shape["open"]) or sign in tuple(_MINUS)
    power = (shape["power"] or "").replace("\u2212", "-")
    readings, mark = {}, ""
    for decimal in DECIMALS:
        digits, found = _digits(shape["body"], decimal)
        value = float(digits + power) if digits else math.nan
        readings[decimal] = -value if below else value
        mark = mark or found
    return Numeral(readings[POINT], readings[COMMA], shape["before"] or shape["after"] or "", mark)


def is_number(text: str) -> bool:
    """Whether a text is a number in any way of writing."""
    found = numeral(text)
    return not (math.isnan(found.point) and math.isnan(found.comma))


def _digits(body: str, decimal: str) -> tuple[str, str]:
    """(digits as Python reads them, "" where they make no sense; what separates thousands)."""
    whole, comma, fraction = body.partition(decimal)
    if comma and fraction and not _are_digits(fraction):
        return "", ""
    if not whole or _are_digits(whole):
        return (f"{whole or 0}.{fraction or 0}", "") if whole or fraction else ("", "")
    mark = next(c for c in whole if c not in "0123456789")
    if mark == decimal or not (
        _GROUPS[mark].fullmatch(whole) or (mark == COMMA and _INDIAN.fullmatch(whole))
    ):
        return "", ""
    return f"{whole.replace(mark, '')}.{fraction or 0}", mark


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


@dataclass(frozen=True)
class Vote:
    """What a column says of how the file's numbers are written."""

    decimal: str = ""  # the only sign that makes sense of it; "" where either or none does
    doubtful: str = ""  # a text that either sign makes another number of, where nothing decides
    cells: int = 0  # that say so


def vote(texts: Sequence[str], times: Iterable[int]) -> Vote:
    """What the different texts of a column say. times: how often each stands there."""
    total = 0
    readable, only = Counter[str](), Counter[str]()
    doubtful = ""
    for text, count in zip(texts, times, strict=True):
        found = numeral(text)
        total += count
        by_point, by_comma = not math.isnan(found.point), not math.isnan(found.comma)
        readable[POINT] += count * by_point
        readable[COMMA] += count * by_comma
        if by_point and by_comma:
            if found.point != found.comma:
                doubtful = doubtful or text
        elif by_point:
            only[POINT] += count
        elif by_comma:
            only[COMMA] += count
    best = max(DECIMALS, key=lambda sign: readable[sign])
    if not total or readable[best] < NUMBERS_AT_LEAST * total:
        return Vote()
    if readable[POINT] != readable[COMMA]:
        return Vote(best, "", only[best])
    return Vote("", doubtful)


def decided(votes: Sequence[Vote], separator: str) -> str:
    """The decimal sign of a file: what most columns say, then most cells; else what is usual.

    Commas that could be either separate thousands where commas separate columns, too.
    """
    cells = {sign: [v.cells for v in votes if v.decimal == sign] for sign in DECIMALS}
    counts = {sign: (len(said), sum(said)) for sign, said in cells.items()}
    if counts[POINT] != counts[COMMA]:
        return max(DECIMALS, key=lambda sign: counts[sign])
    if any(v.decimal for v in votes):
        return POINT if separator == COMMA else COMMA
    doubtful = [v.doubtful for v in votes if v.doubtful]
    with_comma = sum(COMMA in text for text in doubtful)
    return COMMA if separator != COMMA and with_comma > len(doubtful) / 2 else POINT


def is_plain_in_both(texts: Iterable[str]) -> bool:
    """Whether texts that a computer reads as numbers could as well be groups of thousands."""
    return all(POINT not in text or not math.isnan(numeral(text).comma) for text in texts)
