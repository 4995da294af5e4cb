"""The training loop that every engine shares: epochs, records, the best epoch, divergence.

An engine supplies a `Run`; this module decides how often to measure and what to report.
Test data is touched once, at the end, with the weights that training returns.
"""

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from nncore.config import Config
from nncore.datasets.data import Data
from nncore.definition import Array
from nncore.engines import ENGINES

MOST_RECORDS = 200  # of a long full-batch training; others record every epoch
Record = dict[str, Any]  # see `record_names`
Measures = dict[str, float]


class Stopped(Exception):
    """The training was asked to stop and did so at the end of an epoch or chunk."""


class Run(ABC):
    """One training under way: a network, its optimizer state and its random streams.

    Weights travel as Keras's `model.get_weights()` has them: per layer, in order, dense
    kernel and bias; batch-norm gamma, beta, moving mean, moving variance.
    """

    @abstractmethod
    def advance(self, epochs: int) -> Measures:
        """Train `epochs` more; what the last of them measured while it trained.

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


def metric_of(task: str) -> str:
    """The metric beside the loss: accuracy for classes, mean absolute error for numbers."""
    return "mae" if task == "regression" else "accuracy"


def record_names(task: str) -> tuple[str, ...]:
    """The keys of a record, besides `epoch` (from 1) and `seconds` (since the start)."""
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
) -> tuple[Run, list[Record], str]:
    """Train one config; (run, records, "done" or "diverged").

    `on_record` receives each record as it is measured. Raises Stopped when `should_stop`
    says so at the end of a chunk. A diverged training ends with the record that shows it,
    its values not finite.
    """
    started = time.perf_counter()
    run = ENGINES[config.engine].begin(config, data)
    records: list[Record] = []
    epoch, step = 0, chunk(config, len(data.x_train))
    while epoch < config.epochs:
        if should_stop():
            raise Stopped
        epochs = min(step, config.epochs - epoch)
        epoch += epochs
        measured = run.advance(epochs)
        held_out = run.evaluate(data.x_val, data.y_val)
        record: Record = {"epoch": epoch, **measured}
        record |= {f"val_{name}": value for name, value in held_out.items()}
        record["seconds"] = time.perf_counter() - started
        records.append(record)
        on_record(record)
        if not math.isfinite(measured["loss"]) or not math.isfinite(held_out["loss"]):
            return run, records, "diverged"
    return run, records, "done"


def best_record(records: list[Record]) -> Record | None:
    """The record with the lowest finite validation loss without penalties; first of equals."""
    finite = [r for r in records if math.isfinite(_number(r["val_data_loss"]))]
    return min(finite, key=lambda r: float(r["val_data_loss"])) if finite else None


def _number(value: float | None) -> float:
    return math.nan if value is None else value
