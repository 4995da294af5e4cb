"""How long trainings take on this machine: from those it has trained, else from a plain count.

A training takes its epochs, all alike; a start, in which its network is built and its program
compiled, unless the worker that gets it has that program already; and what stands around both:
its turn, its data, its scores. The three are measured apart, because they grow with different
things.
"""

import json
import math
import operator
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from nncore.analysis.cost import cost, rows_per_epoch, steps_per_epoch
from nncore.config.config import Config
from nncore.config.engine_names import ENGINES
from nncore.definitions.activations import ACTIVATIONS, Activation
from nncore.definitions.optimizers import Optimizer
from nncore.engines.run import chunk
from nncore.lab.coordinator.scheduling import next_of
from nncore.network.layers import Activate, BatchNorm, Dense, Dropout
from nncore.results.records import timed
from nncore.results.snapshots import Trial
from nncore.system.errors import InvalidSetting

_RUNS, _PRODUCTS = 5, 20  # runs of what is timed; matrix products in one of them
_MOST_PLAYED = 150  # trainings whose order is played through; of more, only sums are taken
_MOST_WORKS = 1_000  # programs whose work is remembered
_LONGEST_AROUND = 60.0  # seconds; beyond it the clock was set
_FAR = 0.05  # weight of a measured training that is nothing like the one in question


class Work(NamedTuple):
    """What one epoch does, its validation included; each a count of something that takes time."""

    flops: float
    calls: float  # of the library's routines: a few for every layer and step
    updates: float  # numbers of weights and optimizer state that all steps write
    values: float  # of activations; one that takes longer than ReLU counts more often
    draws: float  # random numbers of dropout, values that batch normalization goes through
    inputs: float  # numbers of the rows that are gathered into batches
    records: float


class Measured(NamedTuple):
    """A training of this machine, in seconds; None where that isn't known."""

    program: str
    work: Work
    epoch: float | None
    whole: float | None = None  # an epoch's share of all, which may hold a compilation
    start: float | None = None
    around: float | None = None


def stored(row: Any) -> Measured | None:
    """A finished training as the store has it; None where this version can't read that."""
    around = (row.finished_at or 0.0) - (row.started_at or 0.0) - (row.seconds or 0.0)
    try:
        done = _work_of(row.program, Config.from_flat(json.loads(row.config)))
    except (InvalidSetting, ValueError, TypeError, RecursionError):
        return None
    return Measured(
        row.program,
        done,
        epoch=row.epoch_seconds,
        whole=(row.seconds or 0.0) / (row.epochs_done or row.epochs),
        start=row.start_seconds,
        around=around if 0.0 <= around < _LONGEST_AROUND else None,
    )


def live(program: str, config: Config, trial: Trial) -> Measured | None:
    """A training under way or just finished; None while its records don't tell."""
    last = trial.records[-1] if trial.records and not trial.from_cache else None
    if last is None or not math.isfinite(last.seconds):
        return None
    epoch, start = timed(trial.records)
    if epoch is None and ENGINES[config.engine].needs_tensorflow:
        return None  # a first record alone doesn't tell its epoch from a compilation
    whole = last.seconds / last.epoch
    return Measured(program, _work_of(program, config), epoch, whole, start)


class Task(NamedTuple):
    """A training that waits, or what is left of one that runs, in seconds."""

    program: str
    round: int  # how many seeds come before
    seconds: float  # its epochs, and what stands around them
    start: float  # beside that, in a worker without its program


class _Typical(NamedTuple):
    """What an engine takes for what it does, measured on one machine: seconds for one of each."""

    efficiency: float  # share of the speed of a large matrix product
    calls: float
    updates: float
    values: float
    draws: float
    inputs: float
    records: float
    start: float  # per program
    around: float  # per training


_TYPICAL = {
    "numpy": _Typical(0.7, 11e-6, 0.34e-9, 0.75e-9, 2.2e-9, 0.95e-9, 0.08e-3, 0.0, 0.05),
    "keras": _Typical(1.1, 0.8e-6, 0.13e-9, 0.8e-9, 1.6e-9, 0.9e-9, 0.5e-3, 0.9, 0.05),
    "keras_fit": _Typical(0.4, 0.1e-3, 0.3e-9, 1.0e-9, 3.0e-9, 1.4e-9, 40e-3, 0.5, 0.05),
}
_works: dict[str, Work] = {}  # by program
_NORMALIZED, _SLOT = 3.0, 0.25  # calls of batch normalization, and for one more state per weight


def work(config: Config) -> Work:
    """What an epoch of this training does."""
    n_train, n_val, _ = config.counts()
    n_measured = n_val + config.selection_rows
    records = 1 / chunk(config, n_train)
    spent, rows, steps = cost(config), rows_per_epoch(config), steps_per_epoch(config)
    layers = config.layers()
    dense, normalized, dropped = (
        [layer.units for layer in layers if isinstance(layer, kind)]
        for kind in (Dense, BatchNorm, Dropout)
    )
    states = _states(config.optimizer)
    values = sum(
        layer.units * (_relative(layer.activation) if config.engine == "numpy" else 1.0)
        for layer in layers
        if isinstance(layer, Activate)
    )
    calls = len(dense) + _NORMALIZED * len(normalized) + _SLOT * states
    return Work(
        flops=spent.flops_total / config.epochs,
        calls=steps * calls,
        updates=steps * spent.trainable * (1 + states),
        values=(rows + n_measured / 2) * values,
        draws=rows * sum(normalized + dropped),
        inputs=(rows + n_measured) * config.n_features,
        records=records,
    )


class Pace:
    """What an engine's trainings take here, judged by those measured; without any, by typical."""

    def __init__(self, engine: str, measured: Iterable[Measured] = ()) -> None:
        self._typical = _TYPICAL[engine]
        measured = list(measured)
        self._timed = [(m, m.epoch) for m in measured if m.epoch]
        if not self._timed:
            self._timed = [(m, m.whole) for m in measured if m.whole]
        self._whole = {m.program: m.whole for m in measured if m.whole}
        self._starts: dict[str, float] = {}  # the longest of each: others found it compiled
        for m in measured:
            if m.start is not None:
                self._starts[m.program] = max(self._starts.get(m.program, 0.0), m.start)
        self._around = [m.around for m in measured if m.around is not None]

    def task(self, program: str, round_: int, config: Config, epochs: int) -> Task:
        """A training that waits, or so many epochs of it."""
        seconds = self.epoch(program, _work_of(program, config)) * epochs + self.around()
        return Task(program, round_, seconds, self.start(program))

    def epoch(self, program: str, work: Work) -> float:
        """Seconds of one epoch."""
        same = [epoch for m, epoch in self._timed if m.program == program]
        if same:
            return median(same)
        if program in self._whole:
            return self._whole[program]
        weighed = [(_likeness(m.work, work), m, epoch) for m, epoch in self._timed]
        total = sum(weight for weight, *_ in weighed) + _FAR
        off = sum(w * math.log(epoch / self._counted(m.work)) for w, m, epoch in weighed)
        return self._counted(work) * math.exp(off / total)

    def start(self, program: str) -> float:
        """Seconds before the first epoch, in a worker that hasn't the program yet."""
        if program in self._starts:
            return self._starts[program]
        return median(self._starts.values()) if self._starts else self._typical.start

    def around(self) -> float:
        """Seconds that each training takes besides."""
        return median(self._around) if self._around else self._typical.around

    def knows(self, program: str) -> bool:
        """Whether a training of this very program was measured."""
        return program in self._whole or any(m.program == program for m, _ in self._timed)

    def __bool__(self) -> bool:
        """Whether any training was measured."""
        return bool(self._timed)

    def _counted(self, work: Work) -> float:
        flops, *others = work
        _, *each = self._typical[: len(work)]
        seconds = flops / (_flops_per_second() * self._typical.efficiency)
        return seconds + sum(map(operator.mul, others, each))


def play(
    waiting: Sequence[Task], workers: int, running: Sequence[Task] = (), *, alone: float = 0.0
) -> float:
    """Seconds until the last of a comparison's trainings has ended, in the dispatcher's order.

    running: what is left of those under way, each in a worker of its own. alone: seconds for which
    the first trainings, one for every second worker, have the processor for themselves.
    """
    first = max(1, workers // 2)
    free = [(max(task.seconds, alone), {task.program}) for task in running]
    free += [(0.0 if n < first else alone, set[str]()) for n in range(len(free), workers)]
    ended = max((task.seconds for task in running), default=0.0)
    if len(waiting) > _MOST_PLAYED:
        starts = {task.program: task.start for task in waiting}
        busy = sum(seconds for seconds, _ in free) + sum(task.seconds for task in waiting)
        return max(ended, (busy + sum(starts.values())) / len(free))
    left = list(waiting)
    while left:
        number = min(range(len(free)), key=lambda n: free[n][0])
        seconds, mine = free[number]
        others = {p for n, (_, programs) in enumerate(free) if n != number for p in programs}
        task = next_of(left, mine, others)
        left.remove(task)
        seconds += task.seconds + (0.0 if task.program in mine else task.start)
        free[number] = max(seconds, alone), mine | {task.program}
        ended = max(ended, seconds)
    return ended


def _work_of(program: str, config: Config) -> Work:
    """`work`, counted once for all that share a program."""
    if program not in _works:
        if len(_works) >= _MOST_WORKS:
            _works.clear()
        _works[program] = work(config)
    return _works[program]


def _likeness(one: Work, other: Work) -> float:
    """1 for epochs that do the same, `_FAR` for those that have nothing in common."""
    apart = sum(math.log10(max(a, 1.0) / max(b, 1.0)) ** 2 for a, b in zip(one, other, strict=True))
    return _FAR + math.exp(-apart)


def _states(optimizer: Optimizer) -> int:
    """Numbers that it keeps for every weight."""
    one = np.zeros(1, np.float32)
    return sum(isinstance(slot, np.ndarray) for slot in optimizer.init(one).values())


@lru_cache(maxsize=100)
def _relative(activation: Activation) -> float:
    """How many times as long as ReLU it takes here, derivative included."""
    return _timed(activation) / _timed(ACTIVATIONS["relu"]())


@lru_cache(maxsize=100)
def _timed(activation: Activation) -> float:
    z = np.linspace(-3, 3, 64 * 128, dtype=np.float32).reshape(64, 128)
    return _best(lambda: activation.with_derivative(z.copy()))


def _best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of some runs; the first one may start threads of a library.

    In processor time of this thread: by the clock, every return to Python may wait for its turn
    a hundred times as long, as it does in the first seconds of a new server.
    """
    best = math.inf
    for _ in range(_RUNS):
        before = time.thread_time()
        work()
        best = min(best, time.thread_time() - before)
    return best


@lru_cache(maxsize=1)
def _flops_per_second() -> float:
    """Of products of a common size, many in one call; takes some ten milliseconds, once."""
    a = np.broadcast_to(np.ones((64, 784), np.float32), (_PRODUCTS, 64, 784))
    b = np.ones((784, 128), np.float32)
    return 2.0 * a.size * 128 / _best(lambda: np.matmul(a, b))
