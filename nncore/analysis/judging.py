"""By what arms are judged: which score, of which epochs, which middle of seeds, which margin.

It is asked for beside a comparison, not in it: nothing is trained anew, and the same results can
be judged in several ways. Whoever tries several until one says what was hoped for has looked more
often than the verdict knows; so the choice is shown and stands in the link.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nncore.declare.domains import AUTO, Choice, Range
from nncore.declare.params import Param
from nncore.system.errors import InvalidSetting

LAST, BEST, MEAN_OF_LAST = WHENS = ("last", "best", "mean")
MEAN, MEDIAN = CENTRES = ("mean", "median")
LAST_SHARE = 0.2  # of the epochs trained: what "mean" is over
MARGIN_OF_SHARES, MARGIN_OF_NUMBERS = 0.5, 1.0  # points; % of the trivial model's error


@dataclass(frozen=True)
class Criterion:
    """A score that arms can be judged by."""

    name: str  # of the score, as results and records have it
    label: str  # "accuracy"
    of_classes: bool
    of_numbers: bool
    is_share: bool = False  # of rows, or like one: shown as a percentage
    less: bool = False  # is better
    in_unit: bool = False  # of the target
    at_end: bool = False  # measured after training only
    more: str = ""  # what else its name in a menu says

    @property
    def title(self) -> str:
        """Its name where it stands alone."""
        name = self.label[0].upper() + self.label[1:]
        return f"{name} ({self.more})" if self.more else name

    @property
    def margin_unit(self) -> str:
        """What a margin is given in."""
        if self.is_share:
            return "points"
        return {"mae": "% of the trivial error", "r2": "% of the variance"}.get(
            self.name, "% of the best arm's loss"
        )

    def fits(self, task: str) -> bool:
        """Whether results of such a task have it."""
        return self.of_numbers if task == "regression" else self.of_classes


CRITERIA: Mapping[str, Criterion] = {
    "accuracy": Criterion("accuracy", "accuracy", True, False, is_share=True),
    "balanced_accuracy": Criterion(
        "balanced_accuracy", "balanced accuracy", True, False, is_share=True, at_end=True
    ),
    "f1": Criterion("f1", "F1", True, False, is_share=True, at_end=True, more="mean over classes"),
    "mae": Criterion("mae", "mean absolute error", False, True, less=True, in_unit=True),
    "r2": Criterion("r2", "R²", False, True, at_end=True),
    "loss": Criterion("data_loss", "loss", True, True, less=True),
}
# of uneven classes; they stand beside accuracy, and nothing is judged by them
RARE_F1 = Criterion("rare_f1", "F1 of the rarer class", True, False, is_share=True, at_end=True)
PR_AUC = Criterion("pr_auc", "PR-AUC", True, False, is_share=True, at_end=True)


@dataclass(frozen=True)
class Judging:
    """How a comparison is judged; the defaults are those of every page."""

    metric: str = AUTO  # of CRITERIA; auto: the accuracy of classes, the mean error of numbers
    at: str = LAST  # of WHENS
    centre: str = MEAN  # of CENTRES, over seeds
    margin: float | None = None  # points of a share, or % of the trivial model's error

    def __post_init__(self) -> None:
        for name, param in PARAMS.items():
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, param.clean(value))

    def criterion(self, task: str) -> Criterion:
        """What it judges results of this task by; their own where they haven't what is asked."""
        chosen = CRITERIA.get(self.metric)
        if chosen is None or not chosen.fits(task):
            return CRITERIA["mae" if task == "regression" else "accuracy"]
        return chosen

    def check(self, task: str, *, repeats_splits: bool = False) -> None:
        """Raise InvalidSetting when results of this task can't be judged so."""
        for fault in self._faults(task, repeats_splits).values():
            raise InvalidSetting(fault)

    def fitted(self, task: str, *, repeats_splits: bool = False) -> "tuple[Judging, str]":
        """As much of it as results of this task can be judged by, and why not all of it."""
        faults = self._faults(task, repeats_splits)
        made = replace(self, **{name: PARAMS[name].default for name in faults})
        return made, " ".join(f"{fault} Using {PARAMS[n].default}." for n, fault in faults.items())

    def _faults(self, task: str, repeats_splits: bool) -> dict[str, str]:
        """What of it doesn't fit, and why."""
        faults, chosen = {}, self.criterion(task)
        if self.metric != AUTO and CRITERIA[self.metric] is not chosen:
            what = "a number is predicted" if task == "regression" else "classes are predicted"
            faults["metric"] = (
                f"metric must be one of {', '.join(metrics_of(task))} where {what}; "
                f"got {self.metric!r}."
            )
        if chosen.at_end and self.at != LAST:
            faults["at"] = (
                f"at must be {LAST} for {chosen.label}, which is measured at the end only; "
                f"got {self.at!r}."
            )
        if repeats_splits and self.centre == MEDIAN:
            faults["centre"] = (
                f"centre must be {MEAN} where splits are repeated: scores on splits that share "
                "rows aren't independent, which tests of medians need."
            )
        return faults

    def margin_for(self, criterion: Criterion, guess: float | None) -> float:
        """The margin in the unit of the scores; `guess`: the trivial model's score, if known."""
        if criterion.is_share:
            return (MARGIN_OF_SHARES if self.margin is None else self.margin) / 100
        share = (MARGIN_OF_NUMBERS if self.margin is None else self.margin) / 100
        if criterion.name == "r2":  # the trivial model leaves all of the variance
            return share
        return share * abs(guess) if guess is not None else 0.0

    def chosen(self) -> dict[str, str]:
        """What differs from the defaults, as text, as links have it."""
        values = ((name, getattr(self, name)) for name in PARAMS)
        return {n: PARAMS[n].domain.text(v) for n, v in values if v != PARAMS[n].default}

    @property
    def key(self) -> str:
        """A short text that differs where it does."""
        return ",".join(self.chosen().values())

    def words(self, task: str) -> str:
        """What differs from the defaults: "loss, best epoch, median over seeds"; "" for none."""
        said = [self.criterion(task).label] if self.metric != AUTO else []
        said += [] if self.at == LAST else [AT_TITLES[self.at].lower()]
        said += [] if self.centre == MEAN else ["median over seeds"]
        if self.margin is not None:
            said.append(f"margin {self.margin:g} {self.criterion(task).margin_unit}")
        return ", ".join(said)

    def to_json(self, task: str) -> dict[str, Any]:
        """All of it, defaults filled in."""
        criterion = self.criterion(task)
        own = MARGIN_OF_SHARES if criterion.is_share else MARGIN_OF_NUMBERS
        name = next(name for name, each in CRITERIA.items() if each is criterion)
        margin = own if self.margin is None else self.margin
        return {"metric": name, "at": self.at, "centre": self.centre, "margin": margin}

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Judging":
        """From texts, as links and the command line have them. Raises InvalidSetting."""
        given = {n: text for n in PARAMS if (text := texts.get(n, "").strip()) not in ("", AUTO)}
        return cls(**{name: PARAMS[name].parse(text) for name, text in given.items()})


AT_TITLES = {LAST: "Last epoch", BEST: "Best epoch", MEAN_OF_LAST: "Mean of the last fifth"}
PARAMS: dict[str, Param] = {
    param.name: param
    for param in (
        Param(
            "metric",
            "Score",
            Choice((AUTO, *CRITERIA)),
            AUTO,
            titles={name: each.title for name, each in CRITERIA.items()},
            help="What arms are judged by, on validation rows. Balanced accuracy and F1 count "
            "every class alike.",
        ),
        Param(
            "at",
            "Of",
            Choice(WHENS),
            LAST,
            titles=AT_TITLES,
            help="The best epoch is that of the lowest validation loss, so the rows that judge "
            "have chosen it. A fifth is one of the epochs trained.",
        ),
        Param(
            "centre",
            "Over seeds",
            Choice(CENTRES),
            MEAN,
            titles={MEAN: "Mean", MEDIAN: "Median"},
            help="A median doesn't mind a bad seed, but takes about ten seeds to tell arms apart.",
        ),
        Param(
            "margin",
            "Margin",
            Range(0.0, 50.0),
            None,
            levels=("0", "0.1", "0.2", "0.5", "1", "2", "5"),
            help="Differences up to it are the same for practical purposes. Automatic: 0.5 points, "
            "of errors and losses 1 %.",
        ),
    )
}


def metrics_of(task: str) -> list[str]:
    """The names of CRITERIA that fit a task."""
    return [name for name, each in CRITERIA.items() if each.fits(task)]


DEFAULT = Judging()
