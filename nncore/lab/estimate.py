"""How long a comparison will take, before the click.

From what this machine has trained already: the same network's seconds per epoch, else how
far the engine's trainings were from a plain count. Without history the count alone, with a
short measurement of how fast this machine multiplies matrices: rough, and called so.
"""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, Float, cast, func, select

from nncore.analysis.cost import cost
from nncore.config.engine_names import ENGINES
from nncore.lab.intent import PlannedTraining, planned_trainings
from nncore.lab.store.lease import COORDINATOR, look
from nncore.lab.store.schema import TRAINING
from nncore.lab.workers.slots import slots
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status

_HISTORY = 40  # newest trainings of an engine that are looked at
_ROWS, _PRODUCTS = 5, 20  # so many matrix products are timed, one row at a time
_TEMPLATE = 3.0  # seconds until TensorFlow is loaded, if it isn't yet


@dataclass(frozen=True)
class Estimate:
    """What a comparison will cost. seconds and flops are of what isn't cached."""

    trainings: int
    cached: int  # of them, stored already
    seconds: float
    flops: float
    rough: bool  # this machine hasn't trained with one of the engines yet
    at_most: bool  # some training may end before its last epoch

    @property
    def to_train(self) -> int:
        """How many trainings aren't cached."""
        return self.trainings - self.cached


class Pace(NamedTuple):
    """What a count of operations takes in an engine, typically; measured on one machine."""

    efficiency: float  # share of the speed of a large matrix product
    per_step: float  # seconds
    per_update: float  # seconds per weight and step
    per_epoch: float  # seconds
    compiling: float  # seconds per program


class Work(NamedTuple):
    """What one training does."""

    flops: float
    steps: float
    updates: float
    epochs: float


_PACES = {
    "numpy": Pace(0.45, 40e-6, 0.8e-9, 1e-3, 0.0),
    "keras": Pace(0.45, 15e-6, 0.16e-9, 2e-3, 1.2),
    "keras_fit": Pace(0.3, 350e-6, 0.3e-9, 40e-3, 0.5),
}


def estimate(connection: Connection, comparison: Comparison) -> Estimate:
    """What training this comparison would cost now; equal trainings are trained once."""
    planned = planned_trainings(comparison)
    finished = _finished(connection, {training.key for training in planned})
    todo = list({t.key: t for t in planned if t.key not in finished}.values())
    engines = {training.config.engine for training in todo}
    history = {engine: _history(connection, engine) for engine in engines}
    seconds = [_seconds(training, history[training.config.engine]) for training in todo]
    # several at a time, but never faster than the longest of them
    total = max(sum(seconds) / min(slots(), len(todo)), *seconds) if todo else 0.0
    if any(ENGINES[engine].needs_tensorflow for engine in engines):
        warm = look(connection, COORDINATOR).state.warm
        total += 0.0 if warm else _TEMPLATE
    return Estimate(
        trainings=len(planned),
        cached=sum(training.key in finished for training in planned),
        seconds=total + _compiling(todo),
        flops=sum(cost(training.config).flops_total for training in todo),
        rough=not all(history.values()),
        at_most=any(t.config.patience or t.config.stop_loss for t in todo),
    )


def _finished(connection: Connection, keys: Iterable[str]) -> set[str]:
    results = (Status.DONE.value, Status.DIVERGED.value)
    query = select(TRAINING.c.key).where(
        TRAINING.c.key.in_(list(keys)), TRAINING.c.status.in_(results)
    )
    return set(connection.execute(query).scalars())


def _history(connection: Connection, engine: str) -> Sequence[Any]:
    """The newest finished trainings of an engine, with the work up to where they stopped."""
    epochs = func.coalesce(func.nullif(TRAINING.c.epochs_done, 0), TRAINING.c.epochs)
    share = cast(epochs, Float) / TRAINING.c.epochs
    planned = (TRAINING.c.flops, TRAINING.c.steps, TRAINING.c.updates)
    work = [epochs.label("epochs"), *((column * share).label(column.name) for column in planned)]
    return connection.execute(
        select(TRAINING.c.program, TRAINING.c.seconds, *work)
        .where(TRAINING.c.engine == engine, TRAINING.c.status == Status.DONE.value)
        .order_by(TRAINING.c.id.desc())
        .limit(_HISTORY)
    ).all()


def _seconds(training: PlannedTraining, history: Sequence[Any]) -> float:
    """Of one training, its program compiled."""
    config = training.config
    same = [row.seconds / row.epochs for row in history if row.program == training.program]
    if same:
        return float(min(same) * config.epochs)  # the others may hold a compilation
    pace, spent = _PACES[config.engine], cost(config)
    work = Work(spent.flops_total, spent.steps, spent.steps * spent.trainable, config.epochs)
    ratios = [
        row.seconds / _counted(pace, Work(row.flops, row.steps, row.updates, row.epochs))
        for row in history
    ]
    return _counted(pace, work) * (median(ratios) if ratios else 1.0)


def _counted(pace: Pace, work: Work) -> float:
    return (
        work.flops / (_flops_per_second() * pace.efficiency)
        + work.steps * pace.per_step
        + work.updates * pace.per_update
        + work.epochs * pace.per_epoch
    )


def _compiling(todo: Sequence[PlannedTraining]) -> float:
    """Seconds for the programs of all trainings, shared among the workers."""
    programs = {t.program: _PACES[t.config.engine].compiling for t in todo}
    return sum(programs.values()) / min(slots(), len(programs)) if programs else 0.0


@lru_cache(maxsize=1)
def _flops_per_second() -> float:
    """The best of some rows of products of a common size; takes some ten milliseconds, once.

    In processor time of this thread, and a row in one call: by the clock, every return to Python
    may wait for its turn a hundred times as long as a product takes, as it does in the first
    seconds of a new server. The first row starts the library's threads: so there are several.
    """
    a = np.broadcast_to(np.ones((64, 784), np.float32), (_PRODUCTS, 64, 784))
    b = np.ones((784, 128), np.float32)
    best = math.inf
    for _ in range(_ROWS):
        before = time.thread_time()
        np.matmul(a, b)
        best = min(best, time.thread_time() - before)
    return 2.0 * a.size * 128 / best
