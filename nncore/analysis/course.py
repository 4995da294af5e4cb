"""The course of trainings over what they spend: epochs, updates, seconds, samples or FLOPs.

All but seconds are counted from the config. Seconds are the mean over seeds, epoch by epoch: what a
clock says of one seed is as much about what else the machine did.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nncore.analysis.cost import flops_until, rows_per_epoch, steps_per_epoch
from nncore.analysis.histories import History, history
from nncore.analysis.reading import ReadArm
from nncore.analysis.trials import ReadTrial
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting, suggestion

SPENT = ("epochs", "updates", "seconds", "samples", "flops")


def checked_spent(over: str) -> str:
    """Raises InvalidSetting for what isn't in SPENT."""
    if over not in SPENT:
        hint = suggestion(over, SPENT)
        raise InvalidSetting(f"over must be one of {', '.join(SPENT)}; got {over!r}.{hint}")
    return over


def spent(arm: ReadArm, trial: ReadTrial, over: str) -> Array:
    """(records,) what a training had spent by each of its records."""
    if checked_spent(over) == "seconds":
        return trial.track("seconds")
    return spending(arm, over)(np.array(trial.epochs, dtype=int))


def spending(arm: ReadArm, over: str) -> Callable[[Array], Array]:
    """What leads from epochs to what is spent by then; seconds are the mean over seeds."""
    config = arm.config
    match checked_spent(over):
        case "updates":
            steps = steps_per_epoch(config)
            return lambda epochs: epochs * steps
        case "samples":
            rows = rows_per_epoch(config)
            return lambda epochs: epochs * rows
        case "flops":
            return lambda epochs: flops_until(config, epochs)
        case "seconds":
            at, seconds = _clock(arm)
            if not at.size:
                return lambda epochs: np.full(len(epochs), np.nan)
            return lambda epochs: np.interp(epochs, at, seconds)
    return lambda epochs: epochs


def course(arm: ReadArm, name: str, over: str) -> History:
    """A measure by seed over what is spent, which stands in place of the epochs.

    Records that show a divergence are left out. No history where nobody took the time.
    """
    over_epochs = arm.sound_history(name)
    places = spending(arm, over)(over_epochs.epochs)
    if not np.isfinite(places).all():
        return History((), np.array([]), np.empty((0, 0)))
    return replace(over_epochs, epochs=places)


def _clock(arm: ReadArm) -> tuple[Array, Array]:
    """Epochs, and the mean seconds by which they were over; of finished trainings once there are.

    It never goes back, though the mean of fewer seeds may, after early stopping.
    """
    clock = history((trial.sound for trial in arm.finished or arm.trials), "seconds")
    timed = np.isfinite(clock.values).any(axis=0)
    seconds = np.nanmean(clock.values[:, timed], axis=0) if timed.any() else np.array([])
    return clock.epochs[timed], np.maximum.accumulate(seconds)
