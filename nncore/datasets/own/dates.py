"""Texts that are dates -> days since 1970-01-01. In how many forms people write them."""

from collections.abc import Sequence
from datetime import datetime

from nncore.datasets.recipe.definition import EPOCH

_DAYS_FIRST = ("%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d-%m-%y")
_MONTHS_FIRST = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%m-%d-%y")
_DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"),
    *_DAYS_FIRST,
    *_MONTHS_FIRST,
    *("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%d%b%Y"),
)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S", "T%H:%M:%S.%f", " %I:%M:%S %p")
_PROBED = 50  # texts by which a form is found, before all are read
_LONGEST = 40  # characters


def date_form(texts: Sequence[str]) -> str:
    """The form in which all of these texts are dates; "" where there is none.

    Days stand first where both orders can be read.
    """
    if not texts or max(map(len, texts)) > _LONGEST or not all(_has_digits(t) for t in texts):
        return ""
    probed = [*texts[: _PROBED // 2], *texts[-_PROBED // 2 :]]
    forms = (date + time for time in _TIMES for date in _DATES)
    return next((f for f in forms if _reads(probed, f) and _reads(texts, f)), "")


def is_ambiguous(texts: Sequence[str], form: str) -> bool:
    """Whether days and months could as well stand the other way round."""
    date = next((d for d in _DAYS_FIRST if form.startswith(d)), "")
    other = date.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m")
    return other in _MONTHS_FIRST and _reads(texts, form.replace(date, other, 1))


def days(text: str, form: str) -> float:
    """Days since 1970-01-01, with a fraction for the time of day. Raises ValueError."""
    when = datetime.strptime(text, form)  # a file's dates have no zone
    seconds = when.hour * 3600 + when.minute * 60 + when.second
    return (when.date() - EPOCH).days + seconds / 86_400


def has_hours(form: str) -> bool:
    """Whether dates of that form have a time of day."""
    return "%H" in form or "%I" in form


def _reads(texts: Sequence[str], form: str) -> bool:
    try:
        for text in texts:
            days(text, form)
    except (ValueError, OverflowError):
        return False
    return True


def _has_digits(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 3 and not text.isdigit()
