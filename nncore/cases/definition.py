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

# of a training that has finished; "exact" ones depend on no seed, "ratios" are compared as such
MEASURES: Mapping[str, str] = {
    "accuracy": "training accuracy",
    "loss": "training loss",
    "mae": "training mean absolute error",
    "val_accuracy": "validation accuracy",
    "val_loss": "validation loss",
    "val_mae": "validation mean absolute error",
    "test_accuracy": "test accuracy",
    "all_accuracy": "accuracy on the rows trained on and the test rows",
    "test_mae": "test mean absolute error",
    "gap": "validation loss minus training loss",
    "epochs": "epochs trained",
    "processor_seconds": "processor seconds of training",
    "parameters": "parameters",
    "mflops": "MFLOPs of a prediction (of 2^20)",
    "weight": "weight",
    "output": "output",
    "predicted": "share of runs that predict it",
    "lost": "share of runs that diverge or end at chance",
    "right": "test rows of a class that are right",
    "precision": "precision of a class on test rows",
    "f1": "F1 of a class on test rows",
}
EXACT = ("parameters", "mflops", "weight")
NO_FIGURES = (*EXACT, "predicted")  # nor are they drawn: one number, or yes and no
RATIOS = ("processor_seconds",)


@dataclass(frozen=True)
class Claim:
    """A sentence of the source, about one measure of one arm.

    `decimals`: how many the published figure was printed with. `scale`: the published figure
    times this is in our unit. `at`: which weight (its place in Keras's order), which output (of
    the first test rows, one after the other), which test row is predicted, or which class.
    `label`: the class predicted. `epoch`: of a loss or accuracy, after how many epochs; None: all.
    """

    text: str
    arm: str
    measure: str = "val_accuracy"
    published: float | None = None
    decimals: int = 0
    scale: float = 1.0
    at: int = 0
    label: int = 0
    epoch: int | None = None


@dataclass(frozen=True)
class Value(Claim):
    """The figure was printed, or several, of as many runs: `also` has those after the first.

    It stands for its rounding interval (0.98 for 0.975 to 0.985). Consistent when that meets the
    interval in which further runs of ours would lie.
    """

    also: tuple[float, ...] = ()

    @property
    def figures(self) -> tuple[float, ...]:
        """All published figures."""
        return () if self.published is None else (self.published, *self.also)

    @property
    def rounding(self) -> float:
        """Half a unit of the last printed digit, and what binary fractions add to it."""
        return 0.5 * 10.0**-self.decimals * (1 + 1e-9)


@dataclass(frozen=True)
class More(Claim):
    """The measure is larger than that of the arm `than` (`less`: smaller).

    Consistent when the verdict has the difference on that side, contradicted on the other.
    """

    than: str = ""
    less: bool = False


@dataclass(frozen=True)
class Alike(Claim):
    """The measure is that of the arm `than`, give or take `margin`.

    Consistent when the verdict's interval of the difference lies within the margin.
    """

    than: str = ""
    margin: float = 0.0


@dataclass(frozen=True)
class Within(Claim):
    """The measure lies between `low` and `high`: our mean must."""

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
    notes: str = ""  # what the source leaves open or does otherwise, and what we took
    look: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)  # Playground's link
    fails: bool = False
    data_known: bool = True  # else no figure that depends on the data can be held against ours

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
