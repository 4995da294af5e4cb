"""One reading of a snapshot: an object per arm, made once, with all that is asked of it.

Figures, tables, verdict and exports loop over these objects; what a single training says is
`nncore.analysis.trials`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncore.analysis.cost import Cost, cost, flops_until
from nncore.analysis.limits import Limits, limits_of
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.trials import Baseline, History, ReadTrial, history
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

    def scores(
        self, name: str, *, part: str = "validation", when: str = "last"
    ) -> dict[int, float]:
        """Seed -> score, as `ReadTrial.score` has it; seeds without one are left out."""
        scores = {t.seed: t.score(name, part=part, when=when) for t in self.finished}
        return {seed: score for seed, score in scores.items() if score is not None}

    def interval(
        self, name: str, *, part: str = "validation", when: str = "last"
    ) -> Interval | None:
        """Mean and interval of those scores; None without any."""
        limits = limits_of(name, self.config, part)
        return interval(self.scores(name, part=part, when=when).values(), **limits)

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
    """A comparison at one moment, as it is read: its arms, and what all of them share."""

    snapshot: Snapshot
    arms: tuple[ReadArm, ...]  # in the comparison's order
    trials: tuple[ReadTrial, ...]  # of all arms, in the order of training

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
        """What arms are compared on: "accuracy" (more is better) or "mae" (less is better)."""
        return metric_of(self.task)

    def limits(self, name: str, part: str = "validation") -> Limits:
        """What its scores can be, for `interval` and `band`."""
        return limits_of(name, self.config, part)

    def arm(self, label: str) -> ReadArm:
        """Raises InvalidSetting when the comparison has no such arm."""
        if label not in self._by_label:
            hint, labels = suggestion(label, self._by_label), ", ".join(self._by_label)
            raise InvalidSetting(f"Unknown arm {label!r}.{hint} Known: {labels}.")
        return self._by_label[label]

    @cached_property
    def _by_label(self) -> dict[str, ReadArm]:
        return {arm.label: arm for arm in self.arms}

    def moment(self, when: str = "last") -> str:
        """What "last" or "best" is called: "last epoch", or "returned weights" if not always it."""
        if when == "best":
            return "best epoch"
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
        """The trivial model's score, from the first training that knows it."""
        baselines = (trial.baseline(name, part) for trial in self.trials)
        return next((baseline for baseline in baselines if baseline is not None), None)

    def of_status(self, status: Status) -> tuple[ReadTrial, ...]:
        """The trainings of all arms that stand at `status`."""
        return tuple(trial for trial in self.trials if trial.status is status)


def read(snapshot: Snapshot) -> Reading:
    """The reading of a snapshot. It is made once: a snapshot doesn't change."""
    held = vars(snapshot)  # beside its cached properties, so that both go together
    if _HELD not in held:
        held[_HELD] = _read(snapshot)
    reading: Reading = held[_HELD]
    return reading


_HELD = "reading"


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
            )
            for position, arm in enumerate(comparison.arms)
        ),
        trials,
    )


def _by_seed(trials: Iterable[ReadTrial]) -> tuple[ReadTrial, ...]:
    return tuple(sorted(trials, key=lambda trial: trial.seed))
