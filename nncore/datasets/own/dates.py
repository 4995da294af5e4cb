"""Texts that are dates -> days since 1970-01-01. In how many forms people write them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from nncore.datasets.own.how import How, Step
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
DAYS = "days"  # the key of the step that takes days to stand before months


def date_forms(columns: Mapping[str, Sequence[str]], how: How) -> tuple[dict[str, str], list[Step]]:
    """(column -> the form of its dates, of columns that hold some; what was taken for granted).

    Where days and months could stand either way round, another column of the file decides.
    """
    found = {name: date_form(texts, how.dates.get(name, "")) for name, texts in columns.items()}
    forms = {name: form for name, form in found.items() if form}
    doubtful = [
        name
        for name, form in forms.items()
        if form != how.dates.get(name) and is_ambiguous(columns[name], form)
    ]
    if not doubtful:
        return forms, []
    evident = [form for name, form in forms.items() if name not in doubtful]
    by_days, by_months = (
        any(form.startswith(order) for form in evident) for order in (_DAYS_FIRST, _MONTHS_FIRST)
    )
    steps = []
    if by_days == by_months:
        names = f"{', '.join(doubtful[:3])}{', ...' if len(doubtful) > 3 else ''}"
        example = columns[doubtful[0]][0]
        text = f"Take days to stand before months in {names}, such as {example[:_LONGEST]}"
        steps.append(how.step(DAYS, text))
        by_months = not steps[0].done
    if by_months:
        forms |= {name: _turned(forms[name]) for name in doubtful}
    return forms, steps


def has_an_order(form: str) -> bool:
    """Whether a form is one of those whose days and months some people write the other way."""
    return form.startswith((*_DAYS_FIRST, *_MONTHS_FIRST))


def date_form(texts: Sequence[str], likely: str = "") -> str:
    """The form in which all of these texts are dates; "" where there is none.

    `likely` where it fits; else days stand first where both orders can be read.
    """
    if not texts or max(map(len, texts)) > _LONGEST or not all(_has_digits(t) for t in texts):
        return ""
    probed = [*texts[: _PROBED // 2], *texts[-_PROBED // 2 :]]
    forms = (*filter(None, [likely]), *(date + time for time in _TIMES for date in _DATES))
    return next((f for f in forms if _reads(probed, f) and _reads(texts, f)), "")


def is_ambiguous(texts: Sequence[str], form: str) -> bool:
    """Whether days and months could as well stand the other way round."""
    other = _turned(form)
    return other.startswith(_MONTHS_FIRST) and _reads(texts, other)


def _turned(form: str) -> str:
    """A form with days and months the other way round."""
    return form.replace("%d", "%?", 1).replace("%m", "%d", 1).replace("%?", "%m", 1)


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
