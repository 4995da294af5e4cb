"""The course of trainings over what they spend: epochs, updates, seconds, samples or FLOPs.

All but seconds are counted from the config, the same for every seed. Seconds differ by seed, so
each seed's measures are read off at common moments, in between two records on a straight line.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nncore.analysis.cost import flops_until, rows_per_epoch, steps_per_epoch
from nncore.analysis.reading import ReadArm
from nncore.analysis.trials import History, ReadTrial, history
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
            clock = history((trial.sound for trial in _timed(arm)), "seconds")
            mean = _mean(clock.values)
            return lambda epochs: np.interp(epochs, clock.epochs, mean)
    return lambda epochs: epochs


def course(arm: ReadArm, name: str, over: str) -> History:
    """A measure by seed over what is spent, which stands in place of the epochs.

    Records that show a divergence are left out. Over seconds it ends where the first seed does,
    and while trainings run those that are done count alone: else every new seed would shorten it.
    """
    if checked_spent(over) == "seconds":
        return _over_seconds(_timed(arm), name)
    over_epochs = arm.sound_history(name)
    return replace(over_epochs, epochs=spending(arm, over)(over_epochs.epochs))


def _timed(arm: ReadArm) -> tuple[ReadTrial, ...]:
    return arm.finished or arm.trials


def _over_seconds(trials: tuple[ReadTrial, ...], name: str) -> History:
    sound = [trial.sound for trial in trials]
    measures, clock = history(sound, name), history(sound, "seconds")
    timed = np.isfinite(clock.values)
    if not timed.any(axis=1).all():  # nobody took the time
        return History((), np.array([]), np.empty((0, 0)))
    firsts = [row[ok][0] for row, ok in zip(clock.values, timed, strict=True)]
    lasts = [row[ok][-1] for row, ok in zip(clock.values, timed, strict=True)]
    begin, end = max(firsts, default=0.0), min(lasts, default=0.0)
    if end < begin:  # one was done before another had begun: it stays where it ended
        end = max(lasts)
    moments = _mean(clock.values)
    inner = moments[(moments > begin) & (moments < end)]
    grid = np.unique([begin, *inner, end]) if firsts else np.array([])
    values = np.full((len(measures.seeds), len(grid)), np.nan)
    for row, track, seconds in zip(values, measures.values, clock.values, strict=True):
        finite = np.isfinite(track) & np.isfinite(seconds)
        if finite.any():
            row[:] = np.interp(grid, seconds[finite], track[finite])
    return History(measures.seeds, grid, values)


def _mean(values: Array) -> Array:
    """Of each column, of what is finite in it; every column of a clock has something."""
    finite = np.isfinite(values)
    return np.where(finite, values, 0.0).sum(axis=0) / np.maximum(finite.sum(axis=0), 1)
