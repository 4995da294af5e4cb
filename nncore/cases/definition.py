"""What a case study is: a published experiment as data, never as code.

A case names the configs of the experiment as arms, what was claimed, and the figure that was
published. `nncore.analysis.claims` says what our seeds make of the claims.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nncore.datasets.catalogue import DATASETS
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.system.errors import InvalidSetting

# of a training that has finished; "exact" ones depend on no seed
MEASURES: Mapping[str, str] = {
    "accuracy": "training accuracy",
    "loss": "training loss",
    "val_accuracy": "validation accuracy",
    "val_loss": "validation loss",
    "val_mae": "validation mean absolute error",
    "test_accuracy": "test accuracy",
    "gap": "validation loss minus training loss",
    "seconds": "seconds of training",
    "parameters": "parameters",
    "weight": "weight",
    "output": "output",
}
EXACT = ("parameters", "weight", "output")


@dataclass(frozen=True)
class Claim:
    """A sentence of the source, about one measure of one arm.

    `decimals`: how many the published figure was printed with. `scale`: the published figure
    times this is in our unit. `at`: which weight (its place in Keras's order), or which input
    row of the test data an output belongs to.
    """

    text: str
    arm: str
    measure: str = "val_accuracy"
    published: float | None = None
    decimals: int = 0
    scale: float = 1.0
    at: int = 0


@dataclass(frozen=True)
class Value(Claim):
    """The figure was printed. Consistent inside our interval, or within its printed rounding."""


@dataclass(frozen=True)
class More(Claim):
    """The measure is larger than that of the arm `than` (`less`: smaller).

    Consistent when the paired interval of the difference excludes 0 on that side.
    """

    than: str = ""
    less: bool = False


@dataclass(frozen=True)
class Alike(Claim):
    """The measure is that of the arm `than`, give or take `margin`.

    Consistent when the paired interval of the difference lies within the margin.
    """

    than: str = ""
    margin: float = 0.0


@dataclass(frozen=True)
class Within(Claim):
    """The measure lies between `low` and `high`: our interval must meet that range."""

    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True)
class Case:
    """A published experiment.

    `base` and `arms` are flat, as in a Comparison; `question` is the page its comparison
    opens on. `fails`: the configs contradict themselves, and the case ends in our
    explanation instead of a training.
    """

    number: int
    label: str
    story: str  # what was done and claimed, in two or three plain sentences
    question: str
    base: Mapping[str, Any]
    arms: Mapping[str, Mapping[str, Any]]
    claims: tuple[Claim, ...] = ()
    single_run: bool = True  # the published figures come from one run each
    notes: str = ""  # what the source leaves open, and what we took
    look: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)  # Playground's link
    fails: bool = False

    @property
    def name(self) -> str:
        """Its number as text: how the registry, the link and the command line know it."""
        return str(self.number)

    def comparison(self, seeds: int) -> Comparison:
        """All arms of the case over `seeds` seeds. Raises InvalidSetting when they can't work."""
        arms = tuple(Arm(label, dict(overrides)) for label, overrides in self.arms.items())
        return Comparison(self.question, dict(self.base), arms, tuple(range(seeds)), 86_400.0)

    @property
    def looks_at_tests(self) -> bool:
        """Whether a claim is about test scores, so that training it is to look at them."""
        return any(claim.measure.startswith("test_") for claim in self.claims)

    def measure(self, claim: Claim) -> str:
        """What the claim's figures measure, with their unit where the words don't have it."""
        words = MEASURES[claim.measure]
        if not claim.measure.endswith("mae"):
            return words
        unit = DATASETS[str(self.base["dataset"])].unit
        return f"{words} ({f'{claim.scale:,.0f} ' if claim.scale != 1 else ''}{unit})"

    @cached_property
    def explanation(self) -> str:
        """Why the case can't work; "" when it can."""
        try:
            self.comparison(1)
        except InvalidSetting as error:
            return str(error)
        return ""
