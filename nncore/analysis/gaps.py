"""The gap between training and held-out rows: how much better a network knows what it has seen.

A gap is positive where held-out rows are worse: training minus validation accuracy, validation
minus training loss or error. It grows when a network learns its rows by heart. How large is too
large, nobody can say for all data: the thresholds are the reader's to set.

What training measures is measured while it trains, with dropout on, so a gap may be below zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from nncore.analysis.histories import History
from nncore.analysis.judging import Criterion
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.trials import ReadTrial
from nncore.declare.domains import Range
from nncore.declare.params import Param
from nncore.system.arrays import Array

THRESHOLDS: Mapping[str, Param] = {  # by the criterion's name, in points where it is a share
    "accuracy": Param(
        "gap_points",
        "Too far apart: points",
        Range(0.0, 100.0),
        5.0,
        levels=("1", "2", "5", "10"),
        help="Training may be so many points of accuracy ahead of validation. A line in the "
        "charts, and no more: it changes no training and no verdict.",
    ),
    "data_loss": Param(
        "gap_loss",
        "Too far apart: loss",
        Range(0.0, 1e6),
        0.1,
        levels=("0.02", "0.05", "0.1", "0.2", "0.5"),
        help="Validation may lie so much above training loss. A line in the charts, and no more: "
        "it changes no training and no verdict.",
    ),
    "mae": Param(
        "gap_error",
        "Too far apart: error",
        Range(0.0, 1e12),
        None,
        help="Validation may be so much further off than training, in the target's unit. "
        "Automatic: 5 % of the error of always guessing the same, as 5 points are of accuracy. A "
        "line in the charts, and no more: it changes no training and no verdict.",
    ),
}
_SHARE = 0.05  # of a guess's error


def threshold_of(reading: Reading, criterion: Criterion, said: float | None) -> float | None:
    """Where a gap is too large: what the reader says, else what stands for it; None where nothing.

    In points where the measure is a share, else as the measure is shown.
    """
    param = THRESHOLDS.get(criterion.name)
    if param is None or said is not None:
        return said
    if param.default is not None:
        return float(param.default)
    guess = reading.baseline(criterion.name)
    return None if guess is None else _rounded(_SHARE * guess.level)


def _rounded(value: float) -> float:
    """To two digits: a threshold is a matter of size."""
    return float(f"{value:.2g}")


@dataclass(frozen=True)
class Crossing:
    """Where training and held-out rows change places on the mean curves."""

    place: float  # on the x axis
    ahead: bool  # whether training is the better one from there on


def gap_history(arm: ReadArm, criterion: Criterion) -> History:
    """The gap by seed and epoch, on the scale trained on."""
    train, held_out = (arm.sound_history(f"{of}{criterion.name}") for of in ("", "val_"))
    return History(train.seeds, train.epochs, _sign(criterion) * (train.values - held_out.values))


def gap_at_end(arm: ReadArm, criterion: Criterion, *, when: str, centre: str) -> Interval | None:
    """The gap of finished trainings where they are judged: paired by seed, in the target's unit."""
    name, sign = criterion.name, _sign(criterion)
    gaps = (
        sign * (t.recorded(name, when) - t.recorded(f"val_{name}", when)) * _unit(criterion, t)
        for t in arm.finished
    )
    return interval(gaps, centre=centre)


def _unit(criterion: Criterion, trial: ReadTrial) -> float:
    return trial.unit_scale if criterion.in_unit else 1.0


def _sign(criterion: Criterion) -> int:
    """What leads from training minus validation to how much worse validation is."""
    return -1 if criterion.less else 1


def crossings(x: Array, gap: Array) -> list[Crossing]:
    """Where a mean gap changes its sign, on a straight line between two of its points.

    Points without a value are passed over, and so are zeros: curves that only touch don't cross.
    """
    known = np.isfinite(gap) & (gap != 0)
    x, gap = x[known], gap[known]
    return [
        Crossing(
            float(x[i] + (x[i + 1] - x[i]) * gap[i] / (gap[i] - gap[i + 1])), bool(gap[i + 1] > 0)
        )
        for i in np.flatnonzero(np.sign(gap[1:]) != np.sign(gap[:-1]))
    ]


def first_over(x: Array, gap: Array, threshold: float) -> float | None:
    """The first place whose mean gap is above the threshold; None where none is."""
    with np.errstate(invalid="ignore"):
        over: Iterable[int] = np.flatnonzero(gap > threshold)
    return next((float(x[i]) for i in over), None)
