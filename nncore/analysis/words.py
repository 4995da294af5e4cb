"""Scores, differences and names of arms, as the verdict writes them."""

from collections.abc import Sequence
from typing import Protocol

from nncore.analysis.judging import LAST, MEDIAN, Criterion
from nncore.analysis.reading import Reading
from nncore.config.config import Config
from nncore.datasets.split_form import published
from nncore.system.wording import listing, number, percent, times


class Titled(Protocol):
    """An arm, ranked or not."""

    @property
    def title(self) -> str:
        """How people see it."""


class Words:
    """Scores in words: shares, errors in the target's unit, or bare numbers.

    `criterion`: what they are of, if not of what the reading is judged by.
    """

    def __init__(self, reading: Reading, criterion: Criterion | None = None) -> None:
        self.criterion = criterion or reading.criterion
        self.less = self.criterion.less
        self.is_share = self.criterion.is_share
        self.unit = reading.data.unit if self.criterion.in_unit else ""
        self.score = self.criterion.label
        self.short = "error" if self.criterion.in_unit else self.score
        is_median = reading.judging.centre == MEDIAN
        self.centre = "in the median" if is_median else "on average"

    def value(self, score: float) -> str:
        """ "95.0 %", "48.0 points"."""
        if self.is_share:
            return percent(score)
        return f"{number(score)} {self.unit}".rstrip()

    def amount(self, difference: float) -> str:
        """A difference with its unit: "0.8 points of accuracy", "1,200 $", "0.02 of loss"."""
        if self.is_share:
            return f"{self.bare(difference)} points of {self.score}"
        unit = self.unit if self.criterion.in_unit else f"of {self.score}"
        return f"{self.bare(difference)} {unit}".rstrip()

    def bare(self, difference: float) -> str:
        """A difference without its unit."""
        if not self.is_share:
            return number(difference, 2)
        points = 100 * difference
        return f"{points:.1f}".replace("-", "−") if abs(points) >= 0.1 else number(points, 1)


def names_of(arms: Sequence[Titled]) -> str:
    """Their titles, listed."""
    return listing([arm.title for arm in arms])


def split_words(config: Config) -> str:
    """Whose split it is, to follow the counts of its parts; "" unless it is a published one."""
    drawn = published(config.split)
    if drawn is None:
        return ""
    if config.form.test_given:
        return f"validation rows as scikit-learn draws them with state {drawn.state}"
    return f"the published split of scikit-learn with state {drawn.state}, its test part, too"


def covers(reading: Reading) -> str:
    """What the intervals of a comparison are about, to follow "over seeds, "."""
    train, validation, _ = reading.config.counts()
    if reading.config.split == "none":
        return f"on the {times(validation, 'row')} trained on"
    if reading.repeats_splits:
        return f"over splits of these {times(train + validation, 'row')}"
    return f"on these {times(validation, 'validation row')}"


def more_rows(reading: Reading) -> str:
    """What tells where more seeds don't."""
    return "more rows would" if reading.repeats_splits else "more validation rows would"


def wins_words(chance: float) -> str:
    """ "94 times in 100": a chance, no nearer to 0 and 1 than anybody can know."""
    return f"{min(max(round(100 * chance), 1), 99)} times in 100"


def judged_by(reading: Reading) -> str:
    """How it is judged where that isn't as usual, as a sentence; "" where it is."""
    words = reading.judging.words(reading.task)
    return f"Judged by: {words}." if words else ""


def lacking(reading: Reading) -> str:
    """That older results haven't what is judged by, as a sentence; "" where all have it."""
    finished = [trial for arm in reading.arms for trial in arm.finished]
    name, at = reading.criterion.name, reading.judging.at
    if not finished or not (reading.criterion.at_end or at != LAST):
        return ""
    without = sum(trial.score(name, when=at) is None for trial in finished)
    if not without:
        return ""
    return (
        f"{times(without, 'training')} of {len(finished)} have no {reading.criterion.label} on "
        "record: it wasn't measured when they were trained. Train them anew, or choose another "
        "score."
    )
