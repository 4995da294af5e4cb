"""Arms: one side of a comparison each, and how people write and read them.

An arm is written as text: a value of the question's factor ("relu", "0.3", "128-64"), or
`key=value` pairs joined by commas ("optimizer=sgd,learning_rate=0.1"), or those behind a
label of one's own ("slow:learning_rate=0.001").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nncore.config.fields import FULL_BATCH
from nncore.config.settings import DEFINED, FIELDS, parse_setting, short_title
from nncore.declare.domains import Name
from nncore.system.errors import InvalidSetting
from nncore.system.wording import times

_COUNTED = {"epochs": "epoch"}  # settings whose value is a number of these


@dataclass(frozen=True)
class Arm:
    """A label and the flat config fields it overrides: S trainings that differ only in seed."""

    label: str
    overrides: Mapping[str, Any]


def parse_arm(text: str, factor: str) -> Arm:
    """The arm that `text` writes; the text is its label unless it gives another.

    Raises InvalidSetting (UnknownName for names) with the declared domain.
    """
    label, colon, settings = text.partition(":")
    if colon and "=" in settings:
        if not label.strip():
            raise InvalidSetting(f"An arm needs a label before its colon; got {text!r}.")
        return Arm(label.strip(), parse_settings(settings))
    if "=" in text:
        return Arm(text.strip(), parse_settings(text))
    if not factor:  # a bare name sets nothing
        return Arm(text.strip(), {})
    return Arm(text.strip(), {factor: parse_setting(factor, text)})


def parse_settings(text: str) -> dict[str, Any]:
    """`key=value` pairs joined by commas, each by its declared domain."""
    settings: dict[str, Any] = {}
    for key, value in _pairs(text):
        if key in settings:
            raise InvalidSetting(f"{key} is given twice in {text!r}.")
        settings[key] = parse_setting(key, value)
    return settings


def arm_title(label: str, factor: str) -> str:
    """An arm's label as people read it: "ReLU" for "relu", "L2 0.001" for "l2=0.001".

    Of an arm written with a label of its own, "slow:learning_rate=0.01", it is that label.
    """
    own, colon, settings = label.partition(":")
    if colon and "=" in settings:
        return own.strip()
    try:
        pairs = _pairs(label) if "=" in label else [(factor, label)]
        return ", ".join(_setting_title(key, text) for key, text in pairs)
    except InvalidSetting:
        return label  # a label of the user's own


def value_title(text: str, key: str) -> str:
    """A setting's value beside its name: "ReLU", "0.3", "No hidden layer"."""
    return text if key in _COUNTED else arm_title(text, key).removeprefix(f"{short_title(key)} ")


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for part in text.split(","):
        key, equals, value = part.partition("=")
        if not equals or not key.strip():
            raise InvalidSetting(f"An arm must be key=value pairs joined by commas; got {text!r}.")
        pairs.append((key.strip(), value.strip()))
    return pairs


def _setting_title(key: str, text: str) -> str:
    value = parse_setting(key, text)
    if key in DEFINED:
        names = value if isinstance(value, list) else [value]
        return " – ".join(DEFINED[key][name].label for name in names)
    if key == "hidden" and isinstance(value, list):
        return _widths(value)
    domain = FIELDS[key].domain if key in FIELDS else None
    if isinstance(domain, Name):
        return str(domain.registry[value].label)
    if key in _COUNTED:
        return times(value, _COUNTED[key])
    if key == "batch_size" and value == FULL_BATCH:
        return "Full batch"
    return f"{short_title(key)} {text}" if not isinstance(value, bool) else _switch(key, value)


def _widths(hidden: list[int]) -> str:
    if len(hidden) < 2:
        return f"{hidden[0]} units" if hidden else "No hidden layer"
    return " – ".join(map(str, hidden))


def _switch(key: str, on: bool) -> str:
    return short_title(key) if on else f"No {short_title(key).lower()}"
