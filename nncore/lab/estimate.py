"""How long a comparison will take, before the click, and how long it still takes while it trains.

From what this machine has trained already; without history from a count of operations alone,
which is rough, and called so.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select

from nncore.config.engine_names import ENGINES
from nncore.lab.coordinator.scheduling import DRAWS
from nncore.lab.intent import PlannedTraining, planned_trainings
from nncore.lab.pace import Measured, Pace, live, play, stored
from nncore.lab.store.lease import COORDINATOR, look
from nncore.lab.store.schema import TRAINING
from nncore.lab.workers.slots import slots
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status, Trial

_HISTORY = 40  # newest trainings of an engine that are looked at
_COORDINATOR, _TEMPLATE = 0.5, 3.0  # seconds until either is there, if it isn't yet
_TIMED = [
    *(TRAINING.c[name] for name in ("config", "program", "epochs", "epochs_done", "seconds")),
    *(TRAINING.c[name] for name in ("epoch_seconds", "start_seconds", "started_at", "finished_at")),
]
_UNKNOWN, _OTHER, _SAME = 1.41, 1.38, 1.25  # how far either way the truth may be: times as long
_SHORT, _OF_SHORT = 5.0, 1.8  # of what ends within so many seconds, moments decide: the same for it


@dataclass(frozen=True)
class Estimate:
    """What a comparison will cost. Seconds and FLOPs are of what isn't cached."""

    trainings: int
    cached: int  # of them, stored already
    low: float  # seconds; `benchmarks/estimates.py` says how often the truth is in between
    high: float
    flops: float
    rough: bool  # this machine hasn't trained with one of the engines yet
    at_most: bool  # some training may end before its last epoch: nothing is known of low

    @property
    def to_train(self) -> int:
        """How many trainings aren't cached."""
        return self.trainings - self.cached


def estimate(connection: Connection, comparison: Comparison) -> Estimate:
    """What training this comparison would cost now; equal trainings are trained once."""
    planned = planned_trainings(comparison)
    finished = _finished(connection, {training.key for training in planned})
    todo = list({t.key: t for t in planned if t.key not in finished}.values())
    engines = {training.config.engine for training in todo}
    programs = {training.program for training in todo}
    paces = {engine: Pace(engine, _history(connection, engine, programs)) for engine in engines}
    seconds, off = _until_it_works(connection, engines), _off(todo, paces)
    if todo:
        tasks = [
            paces[t.config.engine].task(t.program, t.round, t.config, t.config.epochs) for t in todo
        ]
        seconds += play(tasks, slots(), alone=_alone(todo[0].config.engine, tasks[0].start))
    low, high = _between(seconds, off)
    return Estimate(
        trainings=len(planned),
        cached=sum(training.key in finished for training in planned),
        low=low,
        high=high,
        flops=sum(training.spent.flops_total for training in todo),
        rough=not all(paces.values()),
        at_most=any(t.config.patience or t.config.stop_loss for t in todo),
    )


def seconds_left(
    connection: Connection,
    comparison: Comparison,
    ran: float,
    rows: Sequence[Any],
    trials: Sequence[Trial],
) -> float:
    """Seconds until the last training of a comparison under way, by what was measured of it so far.

    ran: seconds since its first training began. rows, trials: in the same order, of the trainings
    it wants, as the store has them and as they are read.
    """
    configs = {arm.label: comparison.config(arm) for arm in comparison.arms}
    mine = [(row, trial) for row, trial in zip(rows, trials, strict=True) if not trial.from_cache]
    paces = {}
    for engine in {row.engine for row, _ in mine}:
        own = [live(r.program, configs[t.arm], t) for r, t in mine if r.engine == engine]
        timed = [measured for measured in own if measured is not None]
        paces[engine] = Pace(engine, timed or _history(connection, engine))
    waiting, running, alone = [], [], 0.0
    first = min((t.records[0].seconds for _, t in mine if t.records), default=None)
    for row, trial in mine:
        if trial.status.is_finished:
            continue
        config, pace = configs[trial.arm], paces[row.engine]
        left = config.epochs - trial.epochs_done
        task = pace.task(row.program, row.round, config, left)
        if trial.status is Status.RUNNING:
            begun = 0.0 if trial.records else max(task.start - ran, 0.0)
            begins = ran + begun if first is None else min(first, ran)
            alone = max(alone, _alone(row.engine, begins - ran))
            running.append(task._replace(seconds=task.seconds + begun))
        else:
            waiting.append(task)
    return play(waiting, max(slots(), len(running)), running, alone=alone)


def _alone(engine: str, start: float) -> float:
    """Seconds for which a comparison's first training has the processor: until its first epoch,
    in `start` seconds, is drawn."""
    return max(start + DRAWS, 0.0) if ENGINES[engine].needs_tensorflow else 0.0


def _finished(connection: Connection, keys: Iterable[str]) -> set[str]:
    results = (Status.DONE.value, Status.DIVERGED.value)
    query = select(TRAINING.c.key).where(
        TRAINING.c.key.in_(list(keys)), TRAINING.c.status.in_(results)
    )
    return set(connection.execute(query).scalars())


def _history(connection: Connection, engine: str, programs: Collection[str] = ()) -> list[Measured]:
    """The newest finished trainings of an engine, and of the programs in question."""
    done = (TRAINING.c.engine == engine, TRAINING.c.status == Status.DONE.value)
    newest = select(TRAINING.c.id).where(*done).order_by(TRAINING.c.id.desc()).limit(_HISTORY)
    same = newest.where(TRAINING.c.program.in_(list(programs)))
    rows = connection.execute(
        select(*_TIMED).where(or_(TRAINING.c.id.in_(newest), TRAINING.c.id.in_(same)))
    )
    return [measured for row in rows if (measured := stored(row)) is not None]


def _off(todo: Sequence[PlannedTraining], paces: Mapping[str, Pace]) -> float:
    """How many times longer or shorter it may take, by how much of it is known."""
    if not all(paces.values()):
        return _UNKNOWN
    known = all(paces[t.config.engine].knows(t.program) for t in todo)
    return _SAME if known else _OTHER


def _between(seconds: float, off: float) -> tuple[float, float]:
    if seconds * off >= _SHORT:
        return seconds / off, seconds * off
    off = max(off, _OF_SHORT)
    return seconds / off, min(seconds * off, _SHORT)


def _until_it_works(connection: Connection, engines: Collection[str]) -> float:
    """Seconds until there is somebody who trains."""
    coordinator = look(connection, COORDINATOR)
    if not engines:
        return 0.0
    if not any(ENGINES[engine].needs_tensorflow for engine in engines):
        return 0.0 if coordinator.is_alive else _COORDINATOR
    return 0.0 if coordinator.is_alive and coordinator.state.warm else _COORDINATOR + _TEMPLATE
