"""What a chart is drawn of: a comparison, what came of it, an answer, the claims of a case."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.weights import Weights
from nncore.config.config import Config
from nncore.datasets.preparation.overview import Overview
from nncore.datasets.preparation.overviews import kept_overview, make_overview
from nncore.datasets.preparation.prepare import raw_of
from nncore.figures.trained.claims import Claims
from nncore.figures.untrained.rows import Example, Points, example_of, points_of
from nncore.questions.catalogue import EVERY_QUESTION, titles
from nncore.questions.comparisons import Comparison
from nncore.questions.grids import Axis, axes
from nncore.saved.answers import Answer
from nncore.saved.weights import arm_weights
from nncore.system.errors import InvalidSetting
from nncore.system.owners import OPERATOR


class Needs(Enum):
    """What a chart must be given."""

    DATA = "a data set"
    ROW = "a data set and a row's number"
    ARMS = "a comparison; nothing is trained"
    TRAININGS = "a comparison, trained"
    RANGE = "a comparison, whose range test is trained"
    WEIGHTS = "a network, or a comparison, trained"
    ANSWER = "a network and an input"
    CLAIMS = "the number of a case, trained"


@dataclass(frozen=True)
class Subject:
    """What a chart is drawn of: a comparison, and what came of it where it was trained."""

    comparison: Comparison
    reading: Reading | None = None
    arm: str = ""  # the label of the arm that charts of one are of; "": the one in front
    level: float | None = None  # as `nncore.analysis.speed.LEVEL`
    row: int = 0  # of the training rows
    network: Weights | None = None  # where it isn't one of the reading's
    said: Answer | None = None
    truth: int | None = None  # the class of the input that was asked about, if it is known
    judged: Claims | None = None

    @property
    def config(self) -> Config:
        """The named arm's; else the first one's, to be asked for what all arms share."""
        arms = self.comparison.arms
        named = [arm for arm in arms if arm.label == self.arm]
        return self.comparison.config(named[0] if named else arms[0])

    def answer(self) -> Answer:
        if self.said is None:
            raise InvalidSetting("This chart shows what a network answers: give it an input.")
        return self.said

    def claims(self) -> Claims:
        if self.judged is None:
            raise InvalidSetting("This chart shows the claims of a case, and this is none.")
        return self.judged

    def points(self) -> Points:
        return points_of(self.config, raw_of(self.config))

    def example(self) -> Example:
        raw, overview = raw_of(self.config), self.overview()
        if not 0 <= self.row < len(raw.y_train):
            raise InvalidSetting(
                f"The row must be from 0 to {len(raw.y_train) - 1:,}; got {self.row:,}."
            )
        return example_of(self.config, overview, raw, self.row)

    def configs(self) -> dict[str, Config]:
        """The config of every arm, by the title that people see."""
        arms = self.comparison.arms
        names = titles(arms, EVERY_QUESTION[self.comparison.question])
        return {names[arm.label]: self.comparison.config(arm) for arm in arms}

    def read(self) -> Reading:
        if self.reading is None:
            raise InvalidSetting("This chart shows trainings, and there are none of it yet.")
        return self.reading

    def read_arm(self) -> ReadArm:
        reading = self.read()
        if self.arm:
            return reading.arm(self.arm)
        ranked = Ranking(reading).arms
        return ranked[0].arm if ranked else reading.arms[0]

    def weights(self) -> Weights:
        """Of the arm, after training where they are kept."""
        return self.network or arm_weights(self.read(), self.read_arm(), OPERATOR)

    def definitions(self, kind: str) -> list[Any]:
        """The activations, initializers or optimizers of the arms, with their settings."""
        values = [getattr(config, kind) for config in self.configs().values()]
        each = [v for value in values for v in (value if isinstance(value, tuple) else (value,))]
        return list(dict.fromkeys(each))

    def axis(self, place: int) -> Axis:
        """Of a grid of two settings or more, the rows (0) or the columns (1)."""
        found = axes(self.comparison.arms)
        if not found:
            raise InvalidSetting(
                "A heatmap needs two settings that vary, each arm one pair of their values: "
                "cross the arms with --by KEY=VALUE,VALUE."
            )
        return found[place]

    def overview(self) -> Overview:
        """Made in a child process where it isn't there yet."""
        wanted = self.config.dataset, self.config.variant, self.config.split
        return kept_overview(*wanted) or make_overview(*wanted)
