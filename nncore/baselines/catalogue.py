"""The simple models, in the order they are fitted and shown. Light: scikit-learn waits.

Each says by `most_work` how much is fitted; where data is larger, a stated part of the training
rows is used. The numbers are of one thread of a small machine, for some ten seconds each.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from nncore.declare.registry import Registry


class Size(NamedTuple):
    """Of the data, as a model's work depends on it."""

    rows: int  # to train on
    features: float  # numbers of a row that aren't 0 by nature: of texts the words of one
    outputs: int  # classes; 1 for two of them and for a number
    scored: int  # validation rows


@dataclass(frozen=True)
class SimpleModel:
    """A model of scikit-learn beside the networks."""

    name: str
    label: str  # "Logistic regression"
    tasks: tuple[str, ...]
    make: Callable[[Size], Any]  # an estimator; imports scikit-learn
    work: Callable[[Size], float]  # grows with the time it takes
    most_work: float
    most_features: int = 0  # of texts, whose columns are words, the commonest; 0: all

    def suits(self, task: str) -> bool:
        """Whether it can do this task."""
        return task in self.tasks

    def most_rows(self, size: Size) -> int:
        """How many of the training rows are used: all, or as many as its work allows."""
        work = self.work(size)
        return size.rows if work <= self.most_work else int(size.rows * self.most_work / work)


_CLASSES, _NUMBERS = ("binary", "multiclass"), ("regression",)
_NEAREST, _BOOSTED = "Nearest neighbours", "Gradient boosting"
NEIGHBOURS = 5
MOST_ROUNDS = 100  # of boosting: scikit-learn's own number
_MOST_SPLITS = 2.4e5  # features and classes, times rounds of boosting


def _commonest(_: Size) -> Any:
    from sklearn.dummy import DummyClassifier

    return DummyClassifier(strategy="most_frequent")


def _mean(_: Size) -> Any:
    from sklearn.dummy import DummyRegressor

    return DummyRegressor(strategy="mean")


def _logistic(_: Size) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=300)


def _linear(_: Size) -> Any:
    from sklearn.linear_model import LinearRegression

    return LinearRegression()


def _neighbours(size: Size) -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(min(NEIGHBOURS, size.rows))


def _neighbours_mean(size: Size) -> Any:
    from sklearn.neighbors import KNeighborsRegressor

    return KNeighborsRegressor(min(NEIGHBOURS, size.rows))


def _boosting(size: Size) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(**_rounds(size))


def _boosting_mean(size: Size) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(**_rounds(size))


def _rounds(size: Size) -> dict[str, Any]:
    """scikit-learn's own settings; for many inputs and classes fewer, larger and coarser steps."""
    rounds = int(min(max(_MOST_SPLITS / (size.features * size.outputs), 20), MOST_ROUNDS))
    own = {"early_stopping": False, "random_state": 0}
    if rounds == MOST_ROUNDS:
        return own
    return {**own, "max_iter": rounds, "learning_rate": 10 / rounds, "max_bins": 16}


def _all_pairs(size: Size) -> float:
    return size.rows * size.features * size.scored


def _all_numbers(size: Size) -> float:
    return size.rows * size.features * size.outputs


def _squared(size: Size) -> float:
    return size.rows * size.features * size.features


TRIVIAL = ("commonest", "mean")  # the models that look at no input
MODELS: Registry[SimpleModel] = Registry(
    "baseline",
    SimpleModel("commonest", "The commonest class", _CLASSES, _commonest, _all_numbers, math.inf),
    SimpleModel("mean", "The mean", _NUMBERS, _mean, _all_numbers, math.inf),
    SimpleModel("logistic", "Logistic regression", _CLASSES, _logistic, _all_numbers, 4e8),
    SimpleModel("linear", "Linear regression", _NUMBERS, _linear, _squared, 1e11),
    SimpleModel("neighbours", _NEAREST, _CLASSES, _neighbours, _all_pairs, 2e11),
    SimpleModel("neighbours_mean", _NEAREST, _NUMBERS, _neighbours_mean, _all_pairs, 2e11),
    SimpleModel("boosting", _BOOSTED, _CLASSES, _boosting, _all_numbers, 1.2e8, 300),
    SimpleModel("boosting_mean", _BOOSTED, _NUMBERS, _boosting_mean, _all_numbers, 1.2e8, 300),
)


def models_for(task: str) -> tuple[SimpleModel, ...]:
    """The models of a task, the trivial one first."""
    suited = [model for model in MODELS.values() if model.suits(task)]
    return tuple(sorted(suited, key=lambda model: model.name not in TRIVIAL))
