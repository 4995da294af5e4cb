"""A training under way, as every engine offers it and the shared loop drives it."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from nncore.config.config import Config
from nncore.results.records import Measures
from nncore.system.arrays import Array

MOST_RECORDS = 250  # of a long full-batch training; others record every epoch


class Stopped(Exception):
    """The training was asked to stop and did so at the end of an epoch or chunk."""


class Run(ABC):
    """One training under way: a network, its optimizer state and its random streams.

    Weights travel as Keras's `model.get_weights()` has them: per layer, in order, dense
    kernel and bias; batch-norm gamma, beta, moving mean, moving variance.
    """

    @abstractmethod
    def advance(self, epochs: int, rate: float) -> Measures:
        """Train `epochs` more at one learning rate; what the last measured while it trained.

        Keys: loss (with penalties and weights of rows), data_loss (without), and the metric; each a
        mean over samples, as `keras.Model.fit` reports it.
        """

    @abstractmethod
    def evaluate(self, x: Array, y: Array) -> Measures:
        """The same measures on other data, in inference mode."""

    @abstractmethod
    def predict(self, x: Array) -> Array:
        """Outputs after the output activation, (n, units), in inference mode."""

    @abstractmethod
    def get_weights(self) -> list[Array]:
        """Copies of all weights."""

    @abstractmethod
    def set_weights(self, weights: list[Array]) -> None:
        """Replace all weights; optimizer state and streams stay."""


# Looks at a run before its first epoch (0) and after each record's last; what the record
# has besides its measures. Must not change the run.
Watch = Callable[[Run, int], Mapping[str, Any]]


def unwatched(run: Run, epoch: int) -> Mapping[str, Any]:
    """Nothing is looked at."""
    return {}


def metric_of(task: str) -> str:
    """The metric beside the loss: accuracy for classes, mean absolute error for numbers."""
    return "mae" if task == "regression" else "accuracy"


def record_names(task: str) -> tuple[str, ...]:
    """The measures in a record. Beside them: `epoch` (from 1), `learning_rate`, `seconds`.

    The rate is that of the record's epoch; seconds count from the start of the training.
    """
    train = ("loss", "data_loss", metric_of(task))
    return train + tuple(f"val_{name}" for name in train)


def chunk(config: Config, n_train: int) -> int:
    """Epochs per record: 1, but more for long full-batch trainings.

    Of plain `fit` all, in one call, unless something may end or choose in between: called anew for
    every record it would take several times as long, and who asks for it asks how long it takes.
    """
    if config.batch_size < n_train or config.epochs <= MOST_RECORDS:
        return 1
    steered = config.patience or config.stop_loss or config.restore_best
    if config.engine == "keras_fit" and not steered and config.schedule.name == "constant":
        return config.epochs
    return math.ceil(config.epochs / MOST_RECORDS)
