"""Arms: one side of a comparison each, and how people write and read them.

An arm is written as text: a value of the question's factor ("relu", "0.3", "128-64"), or
`key=value` pairs joined by commas ("optimizer=sgd,learning_rate=0.1"), or those behind a
label of one's own ("slow:learning_rate=0.001").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nncore.config.settings import SETTINGS
from nncore.system.errors import InvalidSetting


@dataclass(frozen=True)
class Arm:
    """A label and the flat config fields it overrides: S trainings that differ only in seed."""

    label: str
    overrides: Mapping[str, Any]


def parse_arm(text: str, factor: str) -> Arm:
    """The arm that `text` writes; the text is its label unless it gives another.

    Raises InvalidSetting (UnknownName for names) with the declared domain.
    """
    if labelled := _labelled(text):
        label, settings = labelled
        if not label:
            raise InvalidSetting(f"An arm needs a label before its colon; got {text!r}.")
        return Arm(label, parse_settings(settings))
    if "=" in text:
        return Arm(text.strip(), parse_settings(text))
    if not factor:  # a bare name sets nothing
        return Arm(text.strip(), {})
    return Arm(text.strip(), {factor: SETTINGS[factor].parse(text)})


def write_arms(arms: Iterable[Arm], factor: str, at: Any = None) -> tuple[str, ...]:
    """Arms as text; `at`: what those set the factor to that leave it alone, None for nothing."""
    pinned = {} if at is None else {factor: at}
    return tuple(write_arm(Arm(arm.label, {**pinned, **arm.overrides}), factor) for arm in arms)


def write_arm(arm: Arm, factor: str) -> str:
    """What `parse_arm` reads back as this arm, also from between others joined by commas."""
    try:
        if parse_arm(arm.label, factor) == arm and ("," not in arm.label or "=" in arm.label):
            return arm.label
    except InvalidSetting:
        pass  # a label of the user's own
    pairs = ",".join(f"{key}={SETTINGS[key].write(value)}" for key, value in arm.overrides.items())
    return f"{arm.label}:{pairs}"


def _labelled(text: str) -> tuple[str, str] | None:
    """(label, settings) of an arm with a label of its own; both may have colons in them."""
    colons = [place for place, sign in enumerate(text) if sign == ":" and "=" in text[place:]]
    begins = (c for c in colons if text[c + 1 :].partition("=")[0].strip() in SETTINGS)
    plain = (c for c in colons[:1] if "=" not in text[:c])  # of a setting that nobody knows
    at = next(begins, next(plain, None))
    return None if at is None else (text[:at].strip(), text[at + 1 :])


def parse_settings(text: str) -> dict[str, Any]:
    """`key=value` pairs joined by commas, each by its declared domain."""
    settings: dict[str, Any] = {}
    for key, value in _pairs(text):
        if key in settings:
            raise InvalidSetting(f"{key} is given twice in {text!r}.")
        settings[key] = SETTINGS[key].parse(value)
    return settings


def arm_title(label: str, factor: str) -> str:
    """An arm's label as people read it: "ReLU" for "relu", "L2 0.001" for "l2=0.001".

    Of an arm written with a label of its own, "slow:learning_rate=0.01", it is that label.
    """
    if labelled := _labelled(label):
        return labelled[0]
    try:
        pairs = _pairs(label) if "=" in label else [(factor, label)]
        return ", ".join(SETTINGS[key].named(text) for key, text in pairs)
    except InvalidSetting:
        return label  # a label of the user's own


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for part in text.split(","):
        key, equals, value = part.partition("=")
        if not equals or not key.strip():
            raise InvalidSetting(f"An arm must be key=value pairs joined by commas; got {text!r}.")
        pairs.append((key.strip(), value.strip()))
    return pairs
