"""How far a comparison is, arm by arm, and how long it will take."""

import heapq

import numpy as np
import pandas as pd

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.trials import ReadTrial
from nncore.figures.parts.chart import numbers_table
from nncore.results.snapshots import Status

COLUMNS = (
    *("Arm", "Epochs done", "Epochs", "Trainings done", "Trainings"),
    *("Diverged", "Failed", "Cancelled", "Seconds left"),
)


def progress_table(reading: Reading) -> pd.DataFrame:
    """A row per arm. "Trainings done" counts all that ended; "Seconds left" may be unknown."""
    left = seconds_left(reading)
    rows = [
        (
            arm.title,
            sum(t.epochs_done for t in arm.trials),
            # what diverged or was cancelled early has no epochs to come
            sum(t.epochs_done if t.status.is_finished else arm.config.epochs for t in arm.trials),
            sum(t.status.is_finished for t in arm.trials),
            len(arm.trials),
            *(len(arm.of_status(s)) for s in (Status.DIVERGED, Status.FAILED, Status.CANCELLED)),
            left[arm],
        )
        for arm in reading.arms
    ]
    return numbers_table(rows, COLUMNS)


def seconds_left(reading: Reading) -> dict[ReadArm, float | None]:
    """Rough seconds until an arm's last training ends; 0 when all have, None if unknown.

    Every training takes the seconds per epoch of its arm so far, or, for arms not begun,
    of the others per FLOP; as many run at a time as run now.
    """
    left: dict[ReadArm, float | None] = dict.fromkeys(reading.arms, 0.0)
    waiting = [t for t in reading.trials if not t.status.is_finished]
    if not waiting:
        return left
    pace = _pace(reading)
    if not pace:
        return left | {reading.arm(t.arm): None for t in waiting}
    running = sum(t.status is Status.RUNNING for t in waiting)
    free = [0.0] * max(1, running)  # when each worker has time again
    for trial in sorted(waiting, key=lambda t: t.status is not Status.RUNNING):
        arm = reading.arm(trial.arm)
        end = heapq.heappop(free) + pace[arm] * (arm.config.epochs - trial.epochs_done)
        heapq.heappush(free, end)
        left[arm] = max(left[arm] or 0.0, end)
    return left


def _pace(reading: Reading) -> dict[ReadArm, float]:
    """Seconds per epoch of each arm; empty when nothing has been timed."""
    work = {arm: arm.cost.flops_total / arm.config.epochs for arm in reading.arms}
    own = {
        arm: float(np.median(timed))
        for arm in reading.arms
        if (timed := [s for t in arm.trials if (s := _epoch_seconds(t)) is not None])
    }
    if not own:
        return {}
    per_flop = float(np.median([own[arm] / work[arm] for arm in own]))
    return {arm: own.get(arm, per_flop * work[arm]) for arm in reading.arms}


def _epoch_seconds(trial: ReadTrial) -> float | None:
    if trial.last_epoch is None or trial.from_cache:
        return None
    return trial.final("seconds") / trial.last_epoch
