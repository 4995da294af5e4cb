"""What the columns of a table are worth to an arm's networks: means over seeds, with intervals.

`nncore.engines.importance` says how it is measured. Every seed shuffles by orders of its own, so
that intervals have the luck of shuffling in them beside that of training; not that of which rows
validate, unless every seed has its own split.
"""

import math
from dataclasses import dataclass

import numpy as np

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.trials import ReadTrial

_NEARLY_ALL = 0.8  # of what a network knows more than a guess
_LITTLE = 0.25


@dataclass(frozen=True)
class Worth:
    """What a column is worth: accuracy lost without it, a share, or error, in the target's unit."""

    column: str
    drop: Interval

    @property
    def is_clear(self) -> bool:
        """Whether its interval lies above 0."""
        return self.drop.low is not None and self.drop.low > 0


@dataclass(frozen=True)
class Importance:
    """What was measured of one arm."""

    columns: tuple[Worth, ...]  # those worth most first
    rows: int  # validation rows it was measured on
    repeats: int  # times each column was shuffled, per seed
    seeds: int
    decides: str  # a column that nearly knows the answer, alone; "" where there is none


def has_columns(reading: Reading) -> bool:
    """Whether its data is a table, whose columns can be shuffled."""
    return reading.data.kind == "table"


def importance(reading: Reading, arm: ReadArm) -> Importance | None:
    """That of an arm; None where no training of it is done, or it wasn't measured."""
    measured = [(trial, said) for trial in arm.finished if (said := trial.importance)]
    if not measured:
        return None
    rows = min(said.rows for _, said in measured)
    step, most = (0.0, math.inf) if reading.is_regression else (1 / rows, 1.0)
    worths = []
    for column in dict.fromkeys(name for _, said in measured for name in said.drops):
        drops = [
            said.drops.get(column, np.nan) * (trial.unit_scale if reading.is_regression else 1.0)
            for trial, said in measured
        ]
        drop = interval(drops, overlap=arm.overlap, step=step, least=-most, most=most)
        if drop is not None:
            worths.append(Worth(column, drop))
    worths.sort(key=lambda worth: -worth.drop.mean)
    return Importance(
        tuple(worths),
        rows,
        min(said.repeats for _, said in measured),
        len(measured),
        _deciding(worths, _known(reading, [trial for trial, _ in measured])),
    )


def _known(reading: Reading, trials: list[ReadTrial]) -> float:
    """How much better than a guess networks are on validation rows, on average."""
    better = []
    for trial in trials:
        score, guess = trial.score(reading.metric), trial.baseline(reading.metric, "validation")
        if score is not None and guess is not None:
            better.append(guess.level - score if reading.is_regression else score - guess.level)
    return float(np.mean(better)) if better else 0.0


def _deciding(worths: list[Worth], known: float) -> str:
    """The column without which nearly all is lost, while every other counts for little."""
    if known <= 0 or len(worths) < 2:
        return ""
    first, second = (worth.drop.mean for worth in worths[:2])
    alone = first >= _NEARLY_ALL * known and second < _LITTLE * known
    return worths[0].column if alone else ""
