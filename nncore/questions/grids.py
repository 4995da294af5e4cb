"""Two settings at once: arms crossed with the values of more settings, and read back as a grid.

A crossing is written `key=value,value`, such as `learning_rate=0.001,0.01`; layers inside a
value are joined by hyphens, as in arms.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from nncore.config.settings import SETTINGS
from nncore.questions.arms import Arm, parse_arm, write_arm
from nncore.system.errors import InvalidSetting

Crossing = tuple[str, tuple[str, ...]]  # a setting and its values, as text


@dataclass(frozen=True)
class Axis:
    """A setting that varies over a grid, and its values in the order of the arms."""

    key: str
    values: tuple[Any, ...]  # plain JSON values, lists as tuples


def parse_crossing(text: str) -> Crossing:
    """The setting and the values that `text` names. Raises InvalidSetting."""
    key, equals, values = text.partition("=")
    key, texts = key.strip(), [value.strip() for value in values.split(",")]
    if not equals or not key or not all(texts):
        raise InvalidSetting(
            f"A second setting must be KEY=VALUE,VALUE,... such as {_such_as(key)}; got {text!r}."
        )
    for value in texts:
        SETTINGS[key].parse(value)
    twice = next((t for t in texts if texts.count(t) > 1), None)
    if twice is not None:
        raise InvalidSetting(f"{key} has the value {twice} twice in {text!r}.")
    return key, tuple(texts)


def _such_as(key: str) -> str:
    """A crossing as it should be written, of the setting that was meant where that is one."""
    setting = SETTINGS.get(key)
    values = (setting.param.crossed or setting.levels[:3]) if setting else ()
    return f"{key}={','.join(values)}" if values else "learning_rate=0.001,0.01"


def crossed(arms: Sequence[Arm], factor: str, crossings: Sequence[Crossing]) -> tuple[Arm, ...]:
    """Every arm with every combination of the crossings' values.

    What the question varies may be crossed, too: its values join the arms that set nothing else,
    and every other arm is trained with each of them, in place of its own.

    Raises InvalidSetting when a setting is crossed twice, or set by an arm already.
    """
    keys = [key for key, _ in crossings]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise InvalidSetting(f"{twice} is crossed twice: give all its values at once.")
    own = next((values for key, values in crossings if key == factor), ())
    arms = _with_own(arms, factor, own) if own else list(arms)
    crossings = [crossing for crossing in crossings if crossing[0] != factor]
    if not crossings:
        return tuple(arms)
    keys = [key for key, _ in crossings]
    for arm in arms:
        both = next((key for key in keys if key in arm.overrides), None)
        if both is not None:
            raise InvalidSetting(
                f"Arm {arm.label!r} sets {both} already, so it can't be crossed with it: "
                f"take {both} out of that arm, or out of the crossing."
            )
    combinations = list(product(*(values for _, values in crossings)))
    return tuple(_with(arm, factor, keys, values) for arm in arms for values in combinations)


def _with_own(arms: Sequence[Arm], factor: str, values: Sequence[str]) -> list[Arm]:
    """Arms that vary over more values of what the question varies."""
    bare = [arm for arm in arms if set(arm.overrides) == {factor}]
    there = [at(arm, factor) for arm in bare]
    new = [parse_arm(value, factor) for value in values]
    bare += [arm for arm in new if at(arm, factor) not in there]
    others = [arm for arm in arms if set(arm.overrides) != {factor}]
    return bare + [_instead(arm, factor, value) for arm in others for value in values]


def _instead(arm: Arm, factor: str, value: str) -> Arm:
    """An arm with this value of what the question varies, whatever its own was."""
    rest = {key: own for key, own in arm.overrides.items() if key != factor}
    settings = {factor: SETTINGS[factor].parse(value), **rest}
    if write_arm(arm, factor) != arm.label:
        return Arm(f"{arm.label}, {factor} {value}", settings)  # its label is its user's own
    pairs = (f"{key}={SETTINGS[key].write(own)}" for key, own in settings.items())
    return Arm(",".join(pairs), settings)


def _with(arm: Arm, factor: str, keys: Sequence[str], values: Sequence[str]) -> Arm:
    pairs = [f"{key}={value}" for key, value in zip(keys, values, strict=True)]
    if set(arm.overrides) == {factor} and "=" not in arm.label:
        label = ",".join([f"{factor}={arm.label}", *pairs])  # reads back as the same arm
    else:
        label = ", ".join([arm.label, *(pair.replace("=", " ") for pair in pairs)])
    more = {key: SETTINGS[key].parse(value) for key, value in zip(keys, values, strict=True)}
    return Arm(label, {**arm.overrides, **more})


def uncrossed(arms: Sequence[Arm], factor: str) -> tuple[tuple[Arm, ...], tuple[str, ...]]:
    """The arms and the crossings of which `crossed` makes these arms; without any, the arms."""
    grid = {axis.key: [_written(axis.key, value) for value in axis.values] for axis in axes(arms)}
    if factor in grid:
        bare = tuple(parse_arm(value, factor) for value in grid.pop(factor))
        crossings = [(key, tuple(values)) for key, values in grid.items()]
        if crossed(bare, factor, crossings) == tuple(arms):
            return bare, tuple(f"{key}={','.join(values)}" for key, values in crossings)
    return tuple(arms), ()


def _written(key: str, value: Any) -> str:
    return SETTINGS[key].write(list(value) if isinstance(value, tuple) else value)


def axes(arms: Iterable[Arm]) -> tuple[Axis, ...]:
    """The axes of arms that form a full grid over two settings or more; () when they don't."""
    arms = list(arms)
    keys = list(arms[0].overrides) if arms else []
    if len(keys) < 2 or any(set(arm.overrides) != set(keys) for arm in arms):
        return ()
    values_by_key = {key: list(dict.fromkeys(at(arm, key) for arm in arms)) for key in keys}
    cells = {tuple(at(arm, key) for key in keys) for arm in arms}
    varying = tuple(
        Axis(key, tuple(values)) for key, values in values_by_key.items() if len(values) > 1
    )
    size = 1
    for values in values_by_key.values():
        size *= len(values)
    return varying if len(varying) > 1 and size == len(cells) == len(arms) else ()


def at(arm: Arm, key: str) -> Any:
    """An arm's value of a setting, in a form that can be compared and be a key."""
    value = arm.overrides[key]
    return tuple(value) if isinstance(value, list) else value


def cell(arms: Iterable[Arm], wanted: Mapping[str, Any]) -> Arm | None:
    """The first arm with the wanted values."""
    return next((a for a in arms if all(at(a, k) == v for k, v in wanted.items())), None)
