"""How far a comparison is, arm by arm, and how long it will take."""

import heapq

import numpy as np
import pandas as pd

from nncore.analysis.cost import cost
from nncore.analysis.scores import titles
from nncore.figures.parts.chart import numbers_table
from nncore.results.snapshots import Snapshot, Status, Trial

COLUMNS = (
    *("Arm", "Epochs done", "Epochs", "Trainings done", "Trainings"),
    *("Diverged", "Failed", "Cancelled", "Seconds left"),
)


def progress_table(snapshot: Snapshot) -> pd.DataFrame:
    """A row per arm. "Trainings done" counts all that ended; "Seconds left" may be unknown."""
    shown, left, rows = titles(snapshot), seconds_left(snapshot), []
    for label, config in snapshot.configs.items():
        trials = snapshot.of_arm(label)
        by_status = {s: sum(t.status is s for t in trials) for s in Status}
        # what diverged or was cancelled early has no epochs to come
        epochs = [t.epochs_done if t.status.is_finished else config.epochs for t in trials]
        rows.append(
            (
                shown[label],
                sum(t.epochs_done for t in trials),
                sum(epochs),
                sum(t.status.is_finished for t in trials),
                len(trials),
                *(by_status[s] for s in (Status.DIVERGED, Status.FAILED, Status.CANCELLED)),
                left[label],
            )
        )
    return numbers_table(rows, COLUMNS)


def seconds_left(snapshot: Snapshot) -> dict[str, float | None]:
    """Arm label -> rough seconds until its last training ends; 0 when all have, None if unknown.

    Every training takes the seconds per epoch of its arm so far, or, for arms not begun,
    of the others per FLOP; as many run at a time as run now.
    """
    left: dict[str, float | None] = {arm.label: 0.0 for arm in snapshot.arms}
    waiting = [t for t in snapshot.trials if not t.status.is_finished]
    if not waiting:
        return left
    pace = _pace(snapshot)
    if not pace:
        return left | {t.arm: None for t in waiting}
    running = sum(t.status is Status.RUNNING for t in waiting)
    free = [0.0] * max(1, running)  # when each worker has time again
    for trial in sorted(waiting, key=lambda t: t.status is not Status.RUNNING):
        config = snapshot.configs[trial.arm]
        end = heapq.heappop(free) + pace[trial.arm] * (config.epochs - trial.epochs_done)
        heapq.heappush(free, end)
        left[trial.arm] = max(left[trial.arm] or 0.0, end)
    return left


def _pace(snapshot: Snapshot) -> dict[str, float]:
    """Seconds per epoch of each arm; empty when nothing has been timed."""
    work = {label: cost(c).flops_total / c.epochs for label, c in snapshot.configs.items()}
    own = {
        label: float(np.median(timed))
        for label in work
        if (timed := [s for t in snapshot.of_arm(label) if (s := _epoch_seconds(t)) is not None])
    }
    if not own:
        return {}
    per_flop = float(np.median([own[label] / work[label] for label in own]))
    return {label: own.get(label, per_flop * work[label]) for label in work}


def _epoch_seconds(trial: Trial) -> float | None:
    if not trial.records or trial.from_cache:
        return None
    last = trial.records[-1]
    return float(last["seconds"]) / int(last["epoch"])
