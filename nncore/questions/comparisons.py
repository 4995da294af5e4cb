"""Comparisons: a base config, arms that override some of its fields, and seeds.

The questions people ask, each with its starting point, are in `nncore.questions`.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from nncore.config.agreement import check_redrawn
from nncore.config.config import Config
from nncore.config.settings import SETTINGS
from nncore.datasets.split_form import published
from nncore.declare.domains import AUTO, Range
from nncore.declare.params import HIDDEN, params_of
from nncore.network.models import MODELS
from nncore.questions.arms import Arm
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.system.errors import InvalidSetting

MOST_TRAININGS = 1000
SEEDS = Range(1, 1000, integer=True)  # how many
TIME_LIMIT = Range(1.0, 86_400.0)  # seconds
LONGEST_LABEL = 200  # characters
_PLAN_OF_OLD = 3  # seeds that a comparison stored without a plan began with, at most
_SAME_DATA = ("dataset", "variant")  # of all arms: scores on other data can't be compared
# What shapes hidden layers; an arm whose family has none leaves out what the base says of them
OF_HIDDEN = tuple(name for name, setting in SETTINGS.items() if HIDDEN in setting.needs)
_UNREADABLE = "This stored comparison can't be read by this version of NN Lab"
_NO_TEXT = {"Cc", "Cs", "Zl", "Zp"}  # Unicode: control, broken, line and paragraph characters


@dataclass(frozen=True)
class Comparison:
    """What one click trains: every arm with every seed.

    `base` is flat and holds only what differs from the defaults. A definition's setting in
    `base` (such as `learning_rate`) applies to every arm that has it, and what `base` says of
    hidden layers (such as `hidden`) to every arm whose model family has some. Before `plan`
    seeds are in, no arm is called better; the plan stays when seeds are added. With
    `repeat_splits` every seed draws its own validation rows, the same for all arms.

    Raises InvalidSetting when an arm's config is impossible, a setting fits no arm, arms
    differ in their data, labels can't be shown, labels or seeds repeat, or there are more than
    MOST_TRAININGS trainings.
    """

    question: str
    base: Mapping[str, Any]
    arms: tuple[Arm, ...]
    seeds: tuple[int, ...] = (0, 1, 2)
    time_limit: float = 1800.0  # seconds in which it trains, then the rest is cancelled
    plan: int = 0  # seeds it began with, whatever was added since; 0: those it has now
    repeat_splits: bool = False  # split_seed follows the seed

    def __post_init__(self) -> None:
        if not self.plan:  # `replace` hands it on
            object.__setattr__(self, "plan", len(self.seeds))
        if not self.arms or not self.seeds:
            raise InvalidSetting("A comparison needs at least one arm and one seed.")
        labels = [_label(arm) for arm in self.arms]
        twice = next((label for label in labels if labels.count(label) > 1), None)
        if twice is not None:
            raise InvalidSetting(f"Two arms are called {twice!r}: every arm needs its own label.")
        if len(set(self.seeds)) < len(self.seeds):
            raise InvalidSetting(f"Every seed must be given once; got {list(self.seeds)}.")
        count = len(self.arms) * len(self.seeds)
        if count > MOST_TRAININGS:
            raise InvalidSetting(
                f"A comparison may have at most {MOST_TRAININGS:,} trainings; {len(self.arms)} "
                f"arms x {len(self.seeds)} seeds are {count:,}. Take fewer arms or seeds."
            )
        if self.time_limit not in TIME_LIMIT:
            raise InvalidSetting(
                f"The time limit in seconds must be {TIME_LIMIT}; got {self.time_limit!r}."
            )
        if self.plan not in SEEDS:
            raise InvalidSetting(f"The seeds planned must be {SEEDS}; got {self.plan!r}.")
        for seed in self.seeds:
            SETTINGS["seed"].param.clean(seed)
        self._check_base()
        self._check_data()
        self._check_splits()
        self._check_watched()

    @property
    def observe(self) -> tuple[str, ...]:
        """What its trainings bring besides records and scores; see `nncore.observations`."""
        return EVERY_QUESTION[self.question].observe if self.question in EVERY_QUESTION else ()

    def _check_data(self) -> None:
        if any("seed" in settings for settings in (self.base, *(a.overrides for a in self.arms))):
            raise InvalidSetting("seed differs within every arm: give the number of seeds instead.")
        for name in _SAME_DATA:
            values = dict.fromkeys(str(getattr(config, name)) for config in self._configs)
            if len(values) > 1:
                raise InvalidSetting(
                    f"Every arm must have the same {name}, or scores can't be compared; "
                    f"got {', '.join(values)}."
                )

    def _check_splits(self) -> None:
        splits = dict.fromkeys(config.split for config in self._configs)
        if len(splits) > 1 and any(map(published, splits)):
            raise InvalidSetting(
                "Every arm must have the same split where one is published, or they would be "
                f"tested on other rows; got {', '.join(splits)}."
            )
        if not self.repeat_splits:
            return
        if any("split_seed" in each for each in (self.base, *(a.overrides for a in self.arms))):
            raise InvalidSetting(
                "split_seed follows the seed where splits are repeated: set one of both only."
            )
        for config in self._configs:
            check_redrawn(config)

    def _check_watched(self) -> None:
        data = self._configs[0].data
        question = EVERY_QUESTION.get(self.question)
        if question is not None and question.draws_the_plane and data.drawn is None:
            raise InvalidSetting(
                f"{data.label} has {data.n_features} inputs, and only the plane of two can be "
                "drawn: take one of the generated sets, such as circles or moons."
            )

    def _check_base(self) -> None:
        used = {key for config in self._configs for key in config.flat()}
        for key in self.base:
            if key not in used and not _of_config(key):
                having = ", ".join(c.name for c in SETTINGS[key].owners)
                raise InvalidSetting(f"No arm has the setting {key!r}: it belongs to {having}.")

    @cached_property
    def _configs(self) -> tuple[Config, ...]:
        """The config of every arm with the first seed; a fault all arms share names no arm."""
        configs: list[Config] = []
        faults: dict[str, InvalidSetting] = {}
        for arm in self.arms:
            try:
                configs.append(self.config(arm, self.seeds[0]))
            except InvalidSetting as error:
                faults[arm.label] = error
        if not faults:
            return tuple(configs)
        label, fault = next(iter(faults.items()))
        if len(faults) == len(self.arms) and len({str(f) for f in faults.values()}) == 1:
            raise fault
        raise type(fault)(f"Arm {label!r}: {fault}") from fault

    def config(self, arm: Arm, seed: int = 0) -> Config:
        """The config of one training."""
        place = next((i for i, mine in enumerate(self.arms) if mine is arm), None)
        if place is None:
            return self._config(arm, seed)
        if (place, seed) not in self._made:
            self._made[place, seed] = self._config(arm, seed)
        return self._made[place, seed]

    @cached_property
    def _made(self) -> dict[tuple[int, int], Config]:
        """Configs by place of the arm and seed: pages ask for the same ones again and again."""
        return {}

    def _config(self, arm: Arm, seed: int) -> Config:
        base = dict(self.base)
        family = MODELS.get(str({**base, **arm.overrides}.get("model", AUTO)))
        if family is not None and family.most_hidden == 0:
            base = {k: v for k, v in base.items() if k not in OF_HIDDEN}
            own = next((k for k in arm.overrides if k in OF_HIDDEN), None)
            if own is not None:
                raise InvalidSetting(
                    f"{family.label} has no hidden layers, so {own} means nothing to it. "
                    "Take a model that has some, such as mlp."
                )
        flat = {**base, **arm.overrides, **self._numbers(seed)}
        meant = {*arm.overrides, *_chosen_settings(flat)}
        # a base setting of a definition this arm doesn't use is not meant for it
        return Config.from_flat({k: v for k, v in flat.items() if k in meant or _of_config(k)})

    def trainings(self) -> Iterator[tuple[Arm, Config]]:
        """Every training, seed-major: after each round the picture is a valid comparison."""
        for seed in self.seeds:
            for arm, config in zip(self.arms, self._configs, strict=True):
                yield arm, replace(config, **self._numbers(seed))

    def _numbers(self, seed: int) -> dict[str, Any]:
        """What differs from seed to seed. Seed 0 has the split that all comparisons share."""
        return {"seed": seed, "split_seed": seed} if self.repeat_splits else {"seed": seed}

    @property
    def most_seeds(self) -> int:
        """How many seeds it may have."""
        return MOST_TRAININGS // len(self.arms)

    def enlarged(self, count: int) -> "Comparison":
        """The same with the next `count` integers as seeds, too.

        Raises InvalidSetting when that would be too many trainings.
        """
        following = max(self.seeds) + 1
        return replace(self, seeds=(*self.seeds, *range(following, following + count)))

    def trains_like(self, other: "Comparison") -> bool:
        """Whether both train the same configs under the same labels with the same seeds."""
        if set(self.seeds) != set(other.seeds) or len(self.arms) != len(other.arms):
            return False
        if self.repeat_splits != other.repeat_splits:
            return False
        pairs = zip(self.arms, other.arms, strict=True)
        return all(a.label == b.label and self.config(a) == other.config(b) for a, b in pairs)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reads them back."""
        return {
            "question": self.question,
            "base": dict(self.base),
            "arms": [{"label": a.label, "overrides": dict(a.overrides)} for a in self.arms],
            "seeds": list(self.seeds),
            "time_limit": self.time_limit,
            "plan": self.plan,
            "repeat_splits": self.repeat_splits,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Comparison":
        """The comparison that `to_json` wrote, by this or another version of the program.

        Raises InvalidSetting when it can't be read.
        """
        try:
            arms = tuple(Arm(str(a["label"]), dict(a["overrides"])) for a in data["arms"])
            question = EVERY_QUESTION[str(data["question"])].name
            limit = float(data["time_limit"])
            seeds = tuple(data["seeds"])
            # of older ones nobody knows how many seeds were added: few are safe to assume
            plan = int(data.get("plan", min(len(seeds), _PLAN_OF_OLD)))
            splits = bool(data.get("repeat_splits"))
            return cls(question, dict(data["base"]), arms, seeds, limit, plan, splits)
        except InvalidSetting as error:
            raise type(error)(f"{_UNREADABLE}: {error}") from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"{type(error).__name__}: {error}"
            raise InvalidSetting(f"{_UNREADABLE} ({what}). Set it up anew.") from error


def _label(arm: Arm) -> str:
    """An arm's label, checked: it stands in tables, legends and file names."""
    label = arm.label
    is_text = label.strip() and not any(unicodedata.category(c) in _NO_TEXT for c in label)
    if not is_text or len(label) > LONGEST_LABEL:
        came = repr(label if len(label) <= LONGEST_LABEL else f"{label[:40]}...")
        raise InvalidSetting(
            f"An arm's label must be 1 to {LONGEST_LABEL} characters on one line; got {came}."
        )
    return label


def _chosen_settings(flat: Mapping[str, Any]) -> set[str]:
    """The settings that the definitions named in `flat` (or by default) declare."""
    bare = Config.from_flat({k: v for k, v in flat.items() if k in SETTINGS and _of_config(k)})
    return {p.name for definition in bare.definitions() for p in params_of(definition)}


def _of_config(key: str) -> bool:
    """Whether a key is meant for every arm; UnknownName for what is no setting."""
    return SETTINGS[key].of_config
