"""The parts of the data that a training is scored on, and what is known of each."""

import math
from typing import NamedTuple

from nncore.results.records import Measures
from nncore.results.results import Baseline as Trivial
from nncore.results.results import Result
from nncore.system.arrays import Array

TRAINING, VALIDATION, TEST = PARTS = ("training", "validation", "test")


class Baseline(NamedTuple):
    """The score of the trivial model, in the target's unit, and what that model does."""

    level: float
    says: str  # "always predicts '3'"


class Points(NamedTuple):
    """Test rows of a regression, in the target's unit."""

    actual: Array
    predicted: Array
    of: int  # test rows there are; some are left out where they are many


def of_part(scored: Result | Trivial, part: str) -> Measures:
    """What was scored on validation or test rows."""
    return scored.test if part == TEST else scored.validation


def finite(value: float) -> float | None:
    """The value; None where there is none."""
    return value if math.isfinite(value) else None
