"""One reading of a snapshot: an object per arm, made once, with all that is asked of it.

Figures, tables, verdict and exports loop over these objects; what a single training says is
`nncore.analysis.trials`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nncore.analysis.cost import Cost, cost, flops_until
from nncore.analysis.histories import History, history
from nncore.analysis.judging import DEFAULT, LAST, MEAN, Criterion, Judging
from nncore.analysis.limits import Limits, limits_of, overlap_of
from nncore.analysis.parts import Baseline
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.trials import ReadTrial
from nncore.config.config import Config
from nncore.datasets.definition import Dataset
from nncore.datasets.preparation.prepare import target_scale
from nncore.engines.run import metric_of
from nncore.questions.catalogue import Question, titles
from nncore.results.snapshots import Snapshot, Status
from nncore.system.errors import InvalidSetting, suggestion
from nncore.system.wording import listing


@dataclass(frozen=True, eq=False)  # made once, so that itself alone is equal
class ReadArm:
    """An arm of a comparison and its trainings."""

    label: str
    title: str  # how people see it: plain text, and no two arms of a comparison share one
    position: int  # in the comparison; figures draw it accordingly
    config: Config  # with the first seed
    trials: tuple[ReadTrial, ...]  # by seed
    overlap: float = 0.0  # validation rows per training row, where every seed has its own split

    @cached_property
    def finished(self) -> tuple[ReadTrial, ...]:
        """The trainings whose scores count, by seed."""
        return tuple(trial for trial in self.trials if trial.is_scored)

    def of_status(self, status: Status) -> tuple[ReadTrial, ...]:
        """The trainings that stand at `status`, by seed."""
        return tuple(trial for trial in self.trials if trial.status is status)

    @cached_property
    def diverged(self) -> tuple[ReadTrial, ...]:
        return self.of_status(Status.DIVERGED)

    def scores(self, name: str, *, part: str = "validation", when: str = LAST) -> dict[int, float]:
        """Seed -> score, as `ReadTrial.score` has it; seeds without one are left out."""
        scores = {t.seed: t.score(name, part=part, when=when) for t in self.finished}
        return {seed: score for seed, score in scores.items() if score is not None}

    def interval(
        self, name: str, *, part: str = "validation", when: str = LAST, centre: str = MEAN
    ) -> Interval | None:
        """Mean or median of those scores and its interval; None without any."""
        scores = self.scores(name, part=part, when=when).values()
        return interval(scores, centre=centre, **self.limits(name, part))

    def limits(self, name: str, part: str = "validation") -> Limits:
        """What its scores can be, and how far those of different seeds share rows."""
        return limits_of(name, self.config, part, self.overlap)

    def history(self, name: str) -> History:
        """A measure of all records, by seed and epoch."""
        return history(self.trials, name)

    def sound_history(self, name: str) -> History:
        """The same without the records that show a divergence."""
        return history((trial.sound for trial in self.trials), name)

    @cached_property
    def cost(self) -> Cost:
        """What one training costs, counted before it runs."""
        return cost(self.config)

    @property
    def may_stop(self) -> bool:
        """Whether a training may end before its last epoch."""
        return bool(self.config.patience or self.config.stop_loss)

    def flops(self, epochs: int) -> int:
        """FLOPs of a training that ended after so many epochs."""
        return int(flops_until(self.config, np.array(epochs)))

    @cached_property
    def flops_spent(self) -> Interval:
        """FLOPs of the epochs trained; of those planned, until a training that may stop is done."""
        ends = [t.last_epoch for t in self.finished] if self.may_stop else []
        spent = interval(float(self.flops(epoch)) for epoch in ends if epoch is not None)
        return spent or Interval(float(self.cost.flops_total), 1, None)

    @cached_property
    def unit_scale(self) -> float | None:
        """What leads an error on the scale trained on to the target's unit; None while unknown.

        It is part of a result, and the same for all trainings of an arm. Before the first one,
        the data on this machine says it.
        """
        scales = (trial.target_scale for trial in self.trials)
        told = next((float(scale) for scale in scales if scale), None)
        return told or target_scale(self.config)

    @cached_property
    def seconds(self) -> Interval | None:
        """Wall time of a whole training: one that diverged ended early and would look cheap."""
        return interval(self.timed)

    @cached_property
    def timed(self) -> tuple[float, ...]:
        """The same of each training."""
        return tuple(t.seconds for t in self.finished if t.seconds is not None)


@dataclass(frozen=True, eq=False)
class Reading:
    """A comparison at one moment, as it is read: its arms, what all share, how it is judged."""

    snapshot: Snapshot
    arms: tuple[ReadArm, ...]  # in the comparison's order
    trials: tuple[ReadTrial, ...]  # of all arms, in the order of training
    judging: Judging = DEFAULT

    @property
    def id(self) -> str:
        return self.snapshot.id

    @property
    def active(self) -> bool:
        """Some training is queued or running."""
        return self.snapshot.active

    @property
    def question(self) -> Question:
        return self.snapshot.question

    @property
    def seeds(self) -> tuple[int, ...]:
        return self.snapshot.comparison.seeds

    @cached_property
    def config(self) -> Config:
        """The first arm's: to be asked for what all arms share, as data."""
        return self.arms[0].config

    @cached_property
    def data(self) -> Dataset:
        return self.config.data

    @cached_property
    def task(self) -> str:
        """ "binary", "multiclass" or "regression"."""
        return self.data.task

    @cached_property
    def is_regression(self) -> bool:
        return self.task == "regression"

    @cached_property
    def metric(self) -> str:
        """What its trainings are measured by: "accuracy" (more is better) or "mae" (less)."""
        return metric_of(self.task)

    @cached_property
    def criterion(self) -> Criterion:
        """What its arms are judged by."""
        return self.judging.criterion(self.task)

    @cached_property
    def course(self) -> Criterion:
        """The same where scores of every epoch are asked for: not all are measured then."""
        return DEFAULT.criterion(self.task) if self.criterion.at_end else self.criterion

    def scores(self, arm: ReadArm) -> dict[int, float]:
        """Seed -> the score that an arm of it is judged by."""
        return arm.scores(self.criterion.name, when=self.judging.at)

    def middle(self, arm: ReadArm) -> Interval | None:
        """Their mean or median, and its interval."""
        how = self.judging
        return arm.interval(self.criterion.name, when=how.at, centre=how.centre)

    def judged(self, judging: Judging) -> "Reading":
        """The same comparison, judged otherwise. Its arms are the same objects.

        Raises InvalidSetting when its results can't be judged so.
        """
        if judging == self.judging:
            return self
        judging.check(self.task, repeats_splits=self.repeats_splits)
        return replace(self, judging=judging)

    @property
    def repeats_splits(self) -> bool:
        """Whether every seed has its own validation rows."""
        return self.snapshot.comparison.repeat_splits

    def limits(self, name: str, part: str = "validation") -> Limits:
        """What its scores can be, for `interval` and `band`."""
        return self.arms[0].limits(name, part)

    def arm(self, label: str) -> ReadArm:
        """Raises InvalidSetting when the comparison has no such arm."""
        if label not in self._by_label:
            hint, labels = suggestion(label, self._by_label), ", ".join(self._by_label)
            raise InvalidSetting(f"Unknown arm {label!r}.{hint} Known: {labels}.")
        return self._by_label[label]

    @cached_property
    def _by_label(self) -> dict[str, ReadArm]:
        return {arm.label: arm for arm in self.arms}

    @property
    def moment(self) -> str:
        """Of which epochs it judges, in words."""
        match self.judging.at:
            case "best":
                return "best epoch"
            case "mean":
                return "mean of the last fifth of the epochs"
        return self.end

    @property
    def end(self) -> str:
        """What the end of training is called: "returned weights" if not always the last epoch."""
        restored = any(arm.config.restore_best for arm in self.arms)
        return "returned weights" if restored else "last epoch"

    @cached_property
    def validation_note(self) -> str:
        """What "validation" means for arms that hold no rows out, as a sentence; "" without any."""
        seen = [arm.title for arm in self.arms if arm.config.split == "none"]
        if not seen:
            return ""
        note = "the rows trained on are those that validate, so validation says nothing of new data"
        return f"T{note[1:]}." if len(seen) == len(self.arms) else f"For {listing(seen)}, {note}."

    def baseline(self, name: str, part: str = "validation") -> Baseline | None:
        """The trivial model's score; with other rows for every seed, its mean over seeds."""
        baselines = (trial.baseline(name, part) for trial in self.trials)
        known = [baseline for baseline in baselines if baseline is not None]
        if len(known) < 2 or not self.repeats_splits:
            return known[0] if known else None
        level = sum(baseline.level for baseline in known) / len(known)
        return known[0]._replace(level=level)

    def of_status(self, status: Status) -> tuple[ReadTrial, ...]:
        """The trainings of all arms that stand at `status`."""
        return tuple(trial for trial in self.trials if trial.status is status)


def read(snapshot: Snapshot, judging: Judging = DEFAULT) -> Reading:
    """The reading of a snapshot. It is made once: a snapshot doesn't change.

    Raises InvalidSetting when its results can't be judged so.
    """
    # beside its cached properties, so that all go together
    held: dict[Judging, Reading] = vars(snapshot).setdefault(_HELD, {})
    if DEFAULT not in held:
        held[DEFAULT] = _read(snapshot)
    if judging not in held:
        if len(held) > _MOST_HELD:  # an example's snapshot is everybody's
            del held[next(each for each in held if each != DEFAULT)]
        held[judging] = held[DEFAULT].judged(judging)
    return held[judging]


_HELD = "readings"
_MOST_HELD = 4  # beside the default


def _read(snapshot: Snapshot) -> Reading:
    comparison = snapshot.comparison
    trials = tuple(ReadTrial(trial) for trial in snapshot.trials)
    names = titles(comparison.arms, snapshot.question)
    return Reading(
        snapshot,
        tuple(
            ReadArm(
                arm.label,
                names[arm.label],
                position,
                snapshot.configs[arm.label],
                _by_seed(trial for trial in trials if trial.arm == arm.label),
                overlap_of(snapshot.configs[arm.label]) if comparison.repeat_splits else 0.0,
            )
            for position, arm in enumerate(comparison.arms)
        ),
        trials,
    )


def _by_seed(trials: Iterable[ReadTrial]) -> tuple[ReadTrial, ...]:
    return tuple(sorted(trials, key=lambda trial: trial.seed))
