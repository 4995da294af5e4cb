"""How fast arms learn: epochs and seconds until validation reaches a level, "never" included.

The level is the reader's, or 95 % of what the best arm gains, from the trivial model's score to the
best point of its mean curve. A training reaches it with the first record at or beyond it, so
epochs are known to a record, which is one epoch but in long trainings of the whole data at once.

A training that ended below the level never reached it in the epochs it had, and so did one that
diverged. Where some seeds of an arm never did, the mean over the others would flatter it: all that
is known then is that the mean is at least that of all seeds, each counted until it reached the
level or ended.

Seconds are those of the training itself, without the time it waited.

Reference: Coleman et al., DAWNBench: an end-to-end deep learning benchmark and competition, 2017
(time to accuracy).
"""

import math
from dataclasses import dataclass

import numpy as np

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.trials import ReadTrial
from nncore.declare.domains import Range
from nncore.declare.params import Param
from nncore.engines.run import chunk

GAIN = 0.95  # of the best arm's gain: the level where nobody sets one
SPENDS = ("epochs", "seconds")
LEVEL = Param(
    "level",
    "Level to reach",
    Range(-1e12, 1e12),
    None,
    levels=("50", "80", "90", "95", "97", "99"),
    help="Validation score that counts as learnt, as the charts show it: 90 for 90 % of accuracy. "
    "Automatic: 95 % of what the best arm gains over guessing.",
)


@dataclass(frozen=True)
class Level:
    """What trainings are timed to."""

    value: float  # a share, or in the target's unit
    is_given: bool  # by the reader, rather than found
    guess: float | None = None  # where gains are counted from, if it was found
    best: float | None = None  # and to


@dataclass(frozen=True)
class Reached:
    """When one training reached the level; None for both where it never did."""

    seed: int
    epochs: float | None
    seconds: float | None
    spent: tuple[float, float]  # epochs and seconds until it reached it or ended

    @property
    def never(self) -> bool:
        return self.epochs is None

    def until(self, over: str) -> float | None:
        """Epochs or seconds."""
        return self.epochs if over == "epochs" else self.seconds


@dataclass(frozen=True)
class Pace:
    """How fast one arm reaches the level, over its trainings that ended."""

    arm: ReadArm
    runs: tuple[Reached, ...]  # by seed
    step: int  # epochs between two records

    @property
    def reached(self) -> int:
        return sum(not run.never for run in self.runs)

    @property
    def always(self) -> bool:
        return bool(self.runs) and self.reached == len(self.runs)

    def interval(self, over: str) -> Interval | None:
        """Mean over seeds with its 95 % interval, in "epochs" or "seconds"; None if some never."""
        if not self.always:
            return None
        values = (run.until(over) for run in self.runs)
        step = float(self.step) if over == "epochs" else 0.0
        return interval((v for v in values if v is not None), step=step, least=0.0)

    def at_least(self, over: str) -> float | None:
        """What the mean is at least where some seeds never reached the level, but not all."""
        if not self.reached or self.always:
            return None
        mean = float(np.mean([run.spent[SPENDS.index(over)] for run in self.runs]))
        return mean if math.isfinite(mean) else None


@dataclass(frozen=True)
class Speed:
    """How fast all arms learn."""

    reading: Reading
    level: Level | None  # None where there is none to be timed to
    paces: tuple[Pace, ...]  # the fastest first, those that never arrive last

    @property
    def measure(self) -> str:
        """What is timed, as records call it."""
        return f"val_{self.reading.course.name}"


def speed(reading: Reading, level: float | None = None) -> Speed:
    """The speed of every arm with trainings that ended. `level`: see LEVEL; shares in percent."""
    found = _found(reading) if level is None else Level(_given(reading, level), True)
    if found is None:
        return Speed(reading, None, ())
    paces = [_pace(reading, arm, found.value) for arm in reading.arms]
    return Speed(reading, found, tuple(sorted((p for p in paces if p.runs), key=_rank)))


def reached(reading: Reading, trial: ReadTrial, level: float) -> Reached:
    """When a training that ended got to a level, a share or in the target's unit."""
    epochs, seconds = np.array(trial.epochs, dtype=float), trial.track("seconds")
    track = trial.track(f"val_{reading.course.name}")
    if reading.course.in_unit:
        track = track * (reading.arm(trial.arm).unit_scale or 1.0)
    with np.errstate(invalid="ignore"):
        there = np.flatnonzero(track <= level if reading.course.less else track >= level)
    if there.size and trial.is_scored:
        at = (float(epochs[there[0]]), float(seconds[there[0]]))
        return Reached(trial.seed, at[0], at[1] if math.isfinite(at[1]) else None, at)
    end = (float(epochs[-1]), float(seconds[-1])) if epochs.size else (0.0, 0.0)
    return Reached(trial.seed, None, None, end)


def _given(reading: Reading, level: float) -> float:
    return level / 100 if reading.course.is_share else level


def _found(reading: Reading) -> Level | None:
    """95 % of the best arm's gain; None where no arm is better than guessing."""
    curves = [arm.sound_history(f"val_{reading.course.name}") for arm in reading.arms]
    scales = [(arm.unit_scale or 1.0) if reading.course.in_unit else 1.0 for arm in reading.arms]
    means = []
    for arm, curve, scale in zip(reading.arms, curves, scales, strict=True):
        ended = [trial.seed for trial in arm.finished]
        rows = [row for row, seed in enumerate(curve.seeds) if seed in ended]
        if rows:
            whole = curve.values[rows][:, np.isfinite(curve.values[rows]).all(axis=0)]
            means.append(whole.mean(axis=0) * scale)
    if not any(mean.size for mean in means):
        return None
    points = np.concatenate(means)
    less = reading.course.less
    best = float(points.min() if less else points.max())
    trivial = reading.baseline(reading.course.name)
    firsts = [float(mean[0]) for mean in means if mean.size]
    guess = trivial.level if trivial is not None else (max(firsts) if less else min(firsts))
    no_better = best >= guess if less else best <= guess
    if no_better or math.isclose(best, guess):  # a mean of equal scores may differ by rounding
        return None
    return Level(guess + GAIN * (best - guess), False, guess, best)


def _pace(reading: Reading, arm: ReadArm, level: float) -> Pace:
    ended = sorted((*arm.finished, *arm.diverged), key=lambda trial: trial.seed)
    runs = tuple(reached(reading, trial, level) for trial in ended)
    return Pace(arm, runs, chunk(arm.config, arm.config.counts()[0]))


def _rank(pace: Pace) -> tuple[float, ...]:
    """The fastest first by epochs, then by seconds."""
    if not pace.always:
        least = pace.at_least("epochs")
        return (2.0,) if least is None else (1.0, least)
    means = (pace.interval(over) for over in SPENDS)
    return (0.0, *(math.inf if mean is None else mean.mean for mean in means))
