"""Comparisons: a base config, arms that override some of its fields, and seeds.

The catalogue at the end holds the questions people ask; a page or command shows one.

An arm is written as text: a value of the question's factor ("relu", "0.3", "128-64"), or
`key=value` pairs joined by commas ("optimizer=sgd,learning_rate=0.1").
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nncore.config import DEFINED, Config, owners
from nncore.params import Chosen, Each, Param, params_of
from nncore.registry import InvalidSetting, Registry

MOST_TRAININGS = 600
_FIELDS = {p.name: p for p in params_of(Config)}


@dataclass(frozen=True)
class Arm:
    """A label and the flat config fields it overrides: S trainings that differ only in seed."""

    label: str
    overrides: Mapping[str, Any]


@dataclass(frozen=True)
class Comparison:
    """What one click trains: every arm with every seed.

    `base` is flat and holds only what differs from the defaults. A definition's setting in
    `base` (such as `learning_rate`) applies to every arm that has it.

    Raises InvalidSetting when an arm's config is impossible, a setting fits no arm, labels
    repeat, or there are more than MOST_TRAININGS trainings.
    """

    question: str
    base: Mapping[str, Any]
    arms: tuple[Arm, ...]
    seeds: tuple[int, ...] = (0, 1, 2)
    time_limit: float = 1800.0  # seconds for the whole comparison, then the rest is cancelled

    def __post_init__(self) -> None:
        if not self.arms or not self.seeds:
            raise InvalidSetting("A comparison needs at least one arm and one seed.")
        labels = [arm.label for arm in self.arms]
        twice = next((label for label in labels if labels.count(label) > 1), None)
        if twice is not None:
            raise InvalidSetting(f"Two arms are called {twice!r}: every arm needs its own label.")
        if len(self.arms) * len(self.seeds) > MOST_TRAININGS:
            raise InvalidSetting(
                f"A comparison may have at most {MOST_TRAININGS} trainings; "
                f"{len(self.arms)} arms x {len(self.seeds)} seeds are "
                f"{len(self.arms) * len(self.seeds)}. Take fewer arms or seeds."
            )
        configs = [self.config(arm) for arm in self.arms]
        for key in self.base:
            if key not in _FIELDS and not any(key in config.flat() for config in configs):
                having = ", ".join(c.name for c in owners(key)) or "nothing here"
                raise InvalidSetting(f"No arm has the setting {key!r}: it belongs to {having}.")

    def config(self, arm: Arm, seed: int = 0) -> Config:
        """The config of one training."""
        flat = {**self.base, **arm.overrides, "seed": seed}
        try:
            meant = {*_FIELDS, *arm.overrides, *_chosen_settings(flat)}
            # a base setting of a definition this arm doesn't use is not meant for it
            return Config.from_flat({k: v for k, v in flat.items() if k in meant or not owners(k)})
        except InvalidSetting as error:
            if len(self.arms) == 1 or not arm.overrides:
                raise
            raise type(error)(f"Arm {arm.label!r}: {error}") from error

    def trainings(self) -> Iterator[tuple[Arm, Config]]:
        """Every training, seed-major: after each round the picture is a valid comparison."""
        configs = [self.config(arm) for arm in self.arms]
        for seed in self.seeds:
            for arm, config in zip(self.arms, configs, strict=True):
                yield arm, replace(config, seed=seed)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reads them back."""
        return {
            "question": self.question,
            "base": dict(self.base),
            "arms": [{"label": a.label, "overrides": dict(a.overrides)} for a in self.arms],
            "seeds": list(self.seeds),
            "time_limit": self.time_limit,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Comparison":
        arms = tuple(Arm(str(a["label"]), dict(a["overrides"])) for a in data["arms"])
        return cls(
            str(data["question"]),
            dict(data["base"]),
            arms,
            tuple(data["seeds"]),
            float(data["time_limit"]),
        )


def _chosen_settings(flat: Mapping[str, Any]) -> set[str]:
    """The settings that the definitions named in `flat` (or by default) declare."""
    names: set[str] = set()
    bare = Config.from_flat({k: v for k, v in flat.items() if k in _FIELDS})
    for definition in bare.definitions():
        names |= {p.name for p in params_of(definition)}
    return names


def parse_arm(text: str, factor: str) -> Arm:
    """The arm that `text` writes: "relu", "0.3", "128-64", or "key=value,key=value".

    The text is the label; `label:key=value,...` gives another one.
    """
    label, colon, settings = text.partition(":")
    if colon and "=" in settings:
        return Arm(label.strip(), _pairs(settings))
    if "=" in text:
        return Arm(text.strip(), _pairs(text))
    param = _FIELDS[factor]
    value = param.parse(text.strip())
    return Arm(text.strip(), {factor: _plain(param, value)})


def _pairs(text: str) -> dict[str, Any]:
    pairs = {}
    for pair in text.split(","):
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise InvalidSetting(f"An arm must be key=value pairs joined by commas; got {text!r}.")
        pairs[key.strip()] = value.strip()
    return pairs


def _plain(param: Param, value: Any) -> Any:
    """A parsed value as plain JSON: definitions by name, tuples as lists."""
    if isinstance(param.domain, Chosen):
        return value.name
    if isinstance(param.domain, Each):
        entries = [getattr(v, "name", v) for v in value]
        return entries[0] if param.name in DEFINED and len(entries) == 1 else entries
    return value


def title(label: str, question: "Question") -> str:
    """An arm's label as charts and tables show it: "ReLU" for "relu", "Dropout 0.3" for "0.3"."""
    registry = DEFINED.get(question.factor)
    if registry is not None:
        return " – ".join(registry[n].label if n in registry else n for n in label.split("-"))
    return question.level_titles.get(label, label)


@dataclass(frozen=True)
class Question:
    """One entry of the catalogue: what varies, what to look for, and a good start."""

    name: str
    label: str
    question: str
    look_for: str  # two or three sentences under the title
    why: str  # the longer explanation, folded away; Markdown with LaTeX
    factor: str  # the Config field that an arm's bare value sets
    levels: tuple[str, ...]  # arms chosen at first
    options: tuple[str, ...]  # arms offered
    base: Mapping[str, Any]  # flat: where the question starts from
    level_titles: Mapping[str, str] = field(default_factory=dict)
    icon: str = ":material/science:"


_START = {"dataset": "mnist", "hidden": [128], "epochs": 5}

ACTIVATIONS_QUESTION = Question(
    name="activations",
    label="Activations",
    question="Which activation function learns fastest, and which ends best?",
    look_for="",
    why="",
    factor="activation",
    levels=("linear", "sigmoid", "tanh", "relu"),
    options=tuple(DEFINED["activation"]),
    base=_START,
)

QUESTIONS: Registry[Question] = Registry("comparison", ACTIVATIONS_QUESTION)
