"""Training, validation and test side by side: validation alone doesn't show overfitting."""

from collections.abc import Mapping
from dataclasses import dataclass

from nncore.analysis.gaps import gap_at_end
from nncore.analysis.judging import CRITERIA, DEFAULT, Criterion
from nncore.analysis.parts import PARTS, TEST
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval


@dataclass(frozen=True)
class Sides:
    """One measure of one arm on each part of the data, over seeds."""

    arm: ReadArm
    scores: Mapping[str, Interval]  # by part, in the order of PARTS; only those measured
    gap: Interval | None  # how much worse validation is than training


def measured_everywhere(reading: Reading) -> tuple[Criterion, Criterion]:
    """What is measured on all parts: the metric of the task, and the loss without penalty."""
    return DEFAULT.criterion(reading.task), CRITERIA["loss"]


def side_by_side(reading: Reading, criterion: Criterion, *, tests: bool = False) -> list[Sides]:
    """Per arm with a score, in the comparison's order, of what is measured everywhere.

    Of the epochs, and over seeds, as the reading judges; test rows are measured once, with the
    returned weights. What training has was measured while it trained. Errors are in the target's
    unit. `tests`: whether test scores are among it.
    """
    at, centre = reading.judging.at, reading.judging.centre
    parts = PARTS if tests else [part for part in PARTS if part != TEST]
    per_arm = []
    for arm in reading.arms:
        known = {p: arm.interval(criterion.name, part=p, when=at, centre=centre) for p in parts}
        scores = {part: score for part, score in known.items() if score is not None}
        if scores:
            gap = gap_at_end(arm, criterion, when=at, centre=centre)
            per_arm.append(Sides(arm, scores, gap))
    return per_arm
