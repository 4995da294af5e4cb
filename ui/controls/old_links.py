"""Links from before start values had a version, said as a link of today says the same.

A link says what differs from a page's start, so it means something only together with the start
values of its time.
"""

from collections.abc import Mapping
from typing import Any

from nncore.config.settings import SETTINGS
from nncore.questions.arms import parse_arm, write_arms
from nncore.questions.starts_v1 import FIRST_BASES, FIRST_LEVELS
from nncore.system.errors import InvalidSetting
from ui.controls.fields import ARMS, BY, STORED, VERSION, Blank

Query = Mapping[str, list[str]]
_AS_AT_FIRST = {"playground": "2"}  # a later version of a page whose start values were the same


def of_today(blank: Blank, query: Query, *, is_stored: bool) -> Query:
    """A link of the version of today. One that has it, or says nothing of settings, stays as it is.

    `is_stored`: the settings that it leaves out are those of the stored comparison it names.
    """
    said = query.get(VERSION, [""])[-1]
    is_first = said in ("", _AS_AT_FIRST.get(blank.name))
    if not is_first or blank.name not in FIRST_BASES or not set(query) - {STORED}:
        return query
    arms = [text for value in query.get(ARMS, []) for text in split_arms(value)]
    arms = arms or list(FIRST_LEVELS[blank.name])
    if is_stored:
        then = {ARMS: arms} if BY in query else {}
        return {**then, **query, VERSION: [blank.version]}
    base = FIRST_BASES[blank.name]
    texts = {n: f.start if f.extra else f.setting.default for n, f in blank.fields.items()}
    texts |= {k: SETTINGS[k].write(value) for k, value in base.items() if k in blank.fields}
    then = {name: [text] for name, text in texts.items()}
    arms = [_at(base.get(blank.factor), text, blank.factor) for text in arms]
    return {**then, **query, ARMS: arms, VERSION: [blank.version]}


def split_arms(value: str) -> list[str]:
    """One parameter may hold several arms, as on the command line, unless it is key=value."""
    return [value] if "=" in value else [t for t in value.split(",") if t.strip()]


def _at(value: Any, text: str, factor: str) -> str:
    """An arm that says what the question varies as it was then, where it leaves that alone."""
    try:
        return write_arms([parse_arm(text, factor)], factor, value)[0]
    except InvalidSetting:
        return text  # whoever reads the link says why
