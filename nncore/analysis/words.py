"""Scores, differences and names of arms, as the verdict writes them."""

from collections.abc import Sequence
from typing import Protocol

from nncore.analysis.reading import Reading
from nncore.system.wording import listing, number, percent


class Titled(Protocol):
    """An arm, ranked or not."""

    @property
    def title(self) -> str:
        """How people see it."""


class Words:
    """The scores of one reading in words: accuracies, or errors in the target's unit."""

    def __init__(self, reading: Reading) -> None:
        self.is_regression = reading.is_regression
        self.unit = reading.data.unit
        self.score = "mean absolute error" if reading.is_regression else "accuracy"

    def value(self, score: float) -> str:
        """ "95.0 %", "48.0 points"."""
        if self.is_regression:
            return f"{number(score)} {self.unit}".rstrip()
        return percent(score)

    def amount(self, difference: float) -> str:
        """A difference with its unit: "0.8 points of accuracy", "1,200 $"."""
        unit = self.unit if self.is_regression else "points of accuracy"
        return f"{self.bare(difference)} {unit}".rstrip()

    def bare(self, difference: float) -> str:
        """A difference without its unit."""
        if self.is_regression:
            return number(difference, 2)
        points = 100 * difference
        return f"{points:.1f}".replace("-", "−") if abs(points) >= 0.1 else number(points, 1)


def names_of(arms: Sequence[Titled]) -> str:
    """Their titles, listed."""
    return listing([arm.title for arm in arms])
