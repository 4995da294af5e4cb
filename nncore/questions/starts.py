"""Where a question starts on a data set: its base, fitted to the set's size and kind by rules.

A question's base was chosen for the data set it names. On another one its few epochs may be too
few updates to learn anything, and its learning rate may be far too large. The rules below aim at
as many updates as the question makes at home, at least UPDATES; what makes the question what it
is, it keeps. `benchmarks.defaults` says what comes of them on every bundled data set.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Dataset, counts
from nncore.network.models import MODELS, default_model
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import Question

UPDATES = 1_500  # in which small networks level off
_BATCHES = (8, 16, 32, 64, 128, 256)
_BATCH = 32  # unless that makes too few or too many updates per epoch
_FEWEST, _MOST = 10, 150  # updates per epoch: points of a curve, and what fits between them
_FEW_ROWS = 20  # of so few, none can be held out
_SMALL, _MEDIUM = 500, 2_000  # training rows
_WIDTHS = {_SMALL: 32, _MEDIUM: 64}  # units per layer that so few rows can use
_NARROW = 32  # units that even many inputs don't ask for at the least
_FULL_ROWS, _FULL_INPUTS = 2_000, 30  # of which a whole batch costs hardly more than a small one
_DEEP = 3  # hidden layers that plain descent gets through at its usual rate
_FIT = 200  # epochs of plain fit at most
_SINGLE = 200_000  # updates that the arm of single samples makes at most
_TEXT = {"batch_size": 128, "epochs": 3}  # a passage of texts takes long, and few are enough
_LINE = "Linear regression:model=mlp,hidden=none"
_NICE = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)  # and those times ten, and so on


@dataclass(frozen=True)
class Start:
    """What a form or the command line starts from: flat plain settings, and the arms as text."""

    values: Mapping[str, Any]
    arms: tuple[str, ...]


def start(question: Question, dataset: str) -> Start:
    """Where a question starts on a data set; its own arms, as far as they fit the data."""
    own, levels = question.base, question.levels
    if dataset in question.on:
        here = question.on[dataset]
        return Start({**own, "dataset": dataset, **here.base}, here.levels)
    if dataset == own["dataset"]:
        return Start(own, levels)
    data = DATASETS[dataset]
    if question.factor == "model":
        levels = _families(levels, data)[: len(levels)]
    if question.factor == "engine":
        can = MODELS[default_model(data.kind)].engines
        levels = tuple(level for level in levels if not can or level in can)
    values = _Fitted(question, data).values()
    if question.factor == "epochs":
        times = values["epochs"] / own["epochs"]
        levels = tuple(str(nice(int(level) * times)) for level in levels)
    return Start(values, levels)


def nice(number: float) -> int:
    """The nearest whole number that is easy to read; at least 1."""
    if number < _NICE[0]:
        return max(1, round(number))
    size = 10 ** (len(str(int(number))) - 2)
    return min((step * size for step in _NICE), key=lambda near: abs(near - number))


class _Fitted:
    """The rules, for one question on one data set that isn't its own."""

    def __init__(self, question: Question, data: Dataset) -> None:
        self.question, self.data = question, data
        self.base = dict(question.base)
        by_time = data.recipe is not None and data.recipe.by_time
        self.split = "last:0.2" if by_time else "stratified:0.2"  # the newest rows validate, then
        self.rows = _rows(self.base, data, self.split)

    def values(self) -> dict[str, Any]:
        """All settings; what the data set leaves to chance or to a definition isn't among them."""
        base = self.base | {"dataset": self.data.name}
        if self.rows + 1 < _FEW_ROWS:
            base["split"] = "none"
        elif self.split != "stratified:0.2":
            base["split"] = self.split
        base |= self._network()
        base |= self._length()
        base |= self._rate()
        fixed = {key: self.question.base[key] for key in self.question.keeps}
        return base | fixed

    @property
    def _is_text(self) -> bool:
        return self.data.kind == "text"

    def _network(self) -> dict[str, Any]:
        """Hidden layers that the rows can fill, and an engine that can train them."""
        if self._is_text:
            return {"engine": "keras"} if self.base.get("engine") == "numpy" else {}
        if "hidden" not in self.base:
            return {}
        hidden = self.base["hidden"]
        inputs = next((b for b in _BATCHES if b >= min(self.data.n_features, _NARROW)), _NARROW)
        hidden = [max(units, inputs) if len(hidden) == 1 else units for units in hidden]
        most = next((width for rows, width in _WIDTHS.items() if self.rows <= rows), max(hidden))
        return {"hidden": [min(units, most) for units in hidden]}

    def _length(self) -> dict[str, Any]:
        """Batch size and epochs that come to enough updates."""
        question, base = self.question, self.base
        own = DATASETS[base["dataset"]]
        if self._is_text:
            return {k: v for k, v in _TEXT.items() if k != question.factor}
        updates = max(UPDATES, _updates(base, _rows(base, own, self.split)))
        if question.factor == "batch_size":  # the arms of a usual batch learn enough
            usual = min(_BATCH, self.rows)
            epochs = nice(max(base["epochs"], UPDATES * usual / self.rows))
            return {"epochs": min(epochs, nice(_SINGLE / self.rows))}
        if self._takes_all:
            return {"epochs": nice(updates)}
        batch = self._batch()
        most = _FIT if self._has_fit else math.inf
        length = {"epochs": min(nice(updates * batch / self.rows), most)}
        return length if batch == base.get("batch_size", _BATCH) else length | {"batch_size": batch}

    @property
    def _takes_all(self) -> bool:
        """Whether every update takes all rows, as the question's own do."""
        is_small = self.rows <= _FULL_ROWS and self.data.n_features <= _FULL_INPUTS
        everything = self.base.get("batch_size", _BATCH) > _rows(self.base, self.data, self.split)
        is_usual = self.data.task != "regression" and not self._has_fit
        return everything and is_small and is_usual

    @property
    def _has_fit(self) -> bool:
        """Whether an arm takes a tenth of a second per epoch, however few its updates."""
        return "keras_fit" in self.question.levels

    def _batch(self) -> int:
        if _FEWEST <= self.rows / _BATCH <= _MOST:
            return _BATCH
        if self.rows < _FEWEST * _BATCH:
            return max((b for b in _BATCHES if b * _FEWEST <= self.rows), default=_BATCHES[0])
        return next((b for b in _BATCHES if b * _MOST >= self.rows), _BATCHES[-1])

    def _rate(self) -> dict[str, Any]:
        """A learning rate that neither crawls nor jumps out of the valley."""
        question, base = self.question, self.base
        if question.factor in ("learning_rate", "optimizer") or self._takes_all:
            return {}
        if self._is_text:
            sgd = {"optimizer": "adam", "learning_rate": 0.001}
            return sgd if "learning_rate" in base else {}
        if base.get("optimizer") != "sgd":
            return {"learning_rate": 0.003} if self.data.kind == "plane" else {}
        deep = len(base.get("hidden", ())) > _DEEP
        single = question.factor == "batch_size"  # one row's step is as long as its inputs are
        if self.data.task == "regression":
            return {"learning_rate": 0.001 if single else 0.003 if deep else 0.01}
        if single and self.data.kind == "table":
            return {"learning_rate": float(f"{min(0.1, 2 / self.data.n_features):.1g}")}
        return {"learning_rate": 0.05 if deep else 0.1}


def _rows(base: Mapping[str, Any], data: Dataset, split: str) -> int:
    """Training rows, of the smaller form of the data where it has two."""
    variant = data.variants["extract"] if "extract" in data.variants else data.variants["full"]
    if data.drawn and base.get("points"):
        variant = data.drawn.form(base["points"], data.drawn.noise)
    return counts(variant, split)[0]


def _updates(base: Mapping[str, Any], rows: int) -> float:
    """How many the question makes at home."""
    return float(base["epochs"] * max(1.0, rows / base.get("batch_size", _BATCH)))


def offered(question: Question, dataset: str) -> tuple[str, ...]:
    """Arms to choose from on a data set: of model families those that suit it."""
    if question.factor != "model" or dataset not in DATASETS:
        return question.options
    return _families(question.options, DATASETS[dataset])


def _families(arms: tuple[str, ...], data: Dataset) -> tuple[str, ...]:
    """Those of the arms that suit the data, then the other families that do.

    A number is predicted by a straight line instead of a straight border.
    """
    if data.task == "regression" and data.kind != "text":
        arms = tuple(_LINE if arm == "logistic" else arm for arm in arms)
    fitting = [n for n, m in MODELS.items() if data.kind in m.kinds and data.task in m.tasks]
    first = [arm for arm in arms if parse_arm(arm, "model").overrides["model"] in fitting]
    return (*first, *(name for name in fitting if name not in first))
