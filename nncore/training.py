"""The training loop that every engine shares: rates, records, early stopping, divergence.

An engine supplies a `Run`; this module decides how often to measure and what to report.
Test data is touched once, at the end, with the weights that training returns.
"""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from nncore.config import Config
from nncore.datasets.data import Data
from nncore.definition import Array
from nncore.engines import ENGINES
from nncore.stopping import Record, why_stop

MOST_RECORDS = 200  # of a long full-batch training; others record every epoch
Measures = dict[str, float]


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

        Keys: loss (with penalties), data_loss (without), and the metric; each a mean over
        samples, as `keras.Model.fit` reports it.
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
    """Epochs per record: 1, but more for long full-batch trainings."""
    full_batch = config.batch_size >= n_train
    return math.ceil(config.epochs / MOST_RECORDS) if full_batch else 1


def train(
    config: Config,
    data: Data,
    on_record: Callable[[Record], None],
    should_stop: Callable[[], bool] = lambda: False,
    watch: Watch = unwatched,
) -> tuple[Run, list[Record], str]:
    """Train one config; (run, records, "done" or "diverged").

    The run has the weights to be used: the last ones, or the best if the config wants them.
    Why it ended, `nncore.stopping.ending` says. `on_record` receives each record as it is
    measured, with what `watch` makes of the run. Raises Stopped when `should_stop` says so at
    the end of a chunk. A diverged training ends with the record that shows it, its values not
    finite.
    """
    started = time.perf_counter()
    run = ENGINES[config.engine].begin(config, data)
    watch(run, 0)
    records: list[Record] = []
    epoch, step = 0, chunk(config, len(data.x_train))
    losses: list[float] = []  # of the validation data, without penalties
    best: Record | None = None
    best_weights: list[Array] = []
    while epoch < config.epochs:
        if should_stop():
            raise Stopped
        planned = rates(config, epoch, min(step, config.epochs - epoch), losses)
        for rate, same in groupby(planned):
            measured = run.advance(len(list(same)), rate)
        epoch += len(planned)
        held_out = run.evaluate(data.x_val, data.y_val)
        record: Record = {"epoch": epoch, "learning_rate": planned[-1], **measured}
        record |= {f"val_{name}": value for name, value in held_out.items()}
        record["seconds"] = time.perf_counter() - started
        record |= watch(run, epoch)
        records.append(record)
        on_record(record)
        if not math.isfinite(measured["loss"]) or not math.isfinite(held_out["loss"]):
            return run, records, "diverged"
        losses.append(held_out["data_loss"])
        if best is None or losses[-1] < best["val_data_loss"]:
            best = record
            best_weights = run.get_weights() if config.restore_best else []
        if why_stop(config, records, best):
            break
    if best_weights:
        run.set_weights(best_weights)
    return run, records, "done"


def rates(config: Config, epoch: int, epochs: int, losses: Sequence[float]) -> list[float]:
    """The learning rates of `epochs` epochs from `epoch` (from 0) on.

    `losses`: the validation losses measured before them, without penalties.
    """
    rate, factor = config.optimizer.learning_rate, config.schedule.factor
    return [rate * factor(k, config.epochs, losses) for k in range(epoch, epoch + epochs)]
