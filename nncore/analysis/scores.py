"""Reading a snapshot: scores per seed, histories, titles. Figures, verdict and export share it.

`when` is "last" (the weights that training returned) or "best" (the epoch with the lowest
validation loss). Test data is measured once, with the last weights, so test scores are the
same for both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.analysis.wording import listing
from nncore.comparisons import Arm, Question, title
from nncore.definition import Array
from nncore.registry import InvalidSetting, suggestion
from nncore.results import Snapshot, Status, Trial
from nncore.training import metric_of

WHENS = ("last", "best")


@dataclass(frozen=True)
class History:
    """One measure of several trainings over epochs, NaN where there is none (yet)."""

    seeds: tuple[int, ...]
    epochs: Array  # (epochs,), increasing
    values: Array  # (seeds, epochs)


def task_of(snapshot: Snapshot) -> str:
    """ "binary", "multiclass" or "regression"."""
    return next(iter(snapshot.configs.values())).data.task


def is_regression(snapshot: Snapshot) -> bool:
    return task_of(snapshot) == "regression"


def main_metric(snapshot: Snapshot) -> str:
    """What arms are compared on: "accuracy" (more is better) or "mae" (less is better)."""
    return metric_of(task_of(snapshot))


def titles(snapshot: Snapshot) -> dict[str, str]:
    """Arm label -> how people see it."""
    return arm_titles(snapshot.arms, snapshot.question)


def arm_titles(arms: Iterable[Arm], question: Question) -> dict[str, str]:
    """Arm label -> how people see it; two arms of one title keep their labels apart."""
    shown = {arm.label: title(arm.label, question) for arm in arms}
    names = list(shown.values())
    return {k: v if names.count(v) == 1 else f"{v} ({k})" for k, v in shown.items()}


def known_arm(snapshot: Snapshot, label: str) -> str:
    """`label` itself; InvalidSetting when the comparison has no such arm."""
    labels = [arm.label for arm in snapshot.arms]
    if label not in labels:
        raise InvalidSetting(
            f"Unknown arm {label!r}.{suggestion(label, labels)} Known: {', '.join(labels)}."
        )
    return label


def checked_when(when: str) -> str:
    if when not in WHENS:
        raise InvalidSetting(f"when must be one of {', '.join(WHENS)}; got {when!r}.")
    return when


def done(snapshot: Snapshot, arm: str) -> list[Trial]:
    """The arm's trainings that have scores, by seed."""
    trials = [t for t in snapshot.of_arm(arm) if t.status is Status.DONE and t.result is not None]
    return sorted(trials, key=lambda t: t.seed)


def values(
    snapshot: Snapshot, arm: str, name: str, *, part: str = "validation", when: str = "last"
) -> dict[int, float]:
    """Seed -> the arm's score `name` ("accuracy", "mae", "loss", "data_loss", "r2").

    `part` is "validation" or "test". "mae" is in the target's unit. Seeds without a finite
    score are left out.
    """
    checked_when(when)
    found: dict[int, float] = {}
    for trial in done(snapshot, arm):
        result = trial.result or {}
        if when == "best" and part == "validation" and name != "r2":
            value = _at_best(trial, name)
        else:
            value = (result.get(part) or {}).get(name)
        if value is not None and np.isfinite(value):
            found[trial.seed] = float(value) * (unit_scale(trial) if name == "mae" else 1.0)
    return found


def _at_best(trial: Trial, name: str) -> float | None:
    best = (trial.result or {}).get("best_epoch")
    return next((r.get(f"val_{name}") for r in trial.records if r["epoch"] == best), None)


def returned_record(trial: Trial) -> Mapping[str, Any]:
    """The record of the epoch whose weights a finished training returned."""
    epoch = (trial.result or {}).get("returned_epoch")
    return next((r for r in trial.records if r["epoch"] == epoch), trial.records[-1])


def moment(snapshot: Snapshot, when: str = "last") -> str:
    """What "last" or "best" is called: "last epoch", or "returned weights" if not always that."""
    if when == "best":
        return "best epoch"
    restored = any(config.restore_best for config in snapshot.configs.values())
    return "returned weights" if restored else "last epoch"


def validation_note(snapshot: Snapshot) -> str:
    """What "validation" means for arms that hold no rows out, as a sentence; "" without any."""
    configs, shown = snapshot.configs, titles(snapshot)
    seen = [shown[label] for label, config in configs.items() if config.split == "none"]
    if not seen:
        return ""
    whose = "" if len(seen) == len(configs) else f"For {listing(seen)}, "
    note = "the rows trained on are those that validate, so validation says nothing of new data."
    return whose + note if whose else note[0].upper() + note[1:]


def unit_scale(trial: Trial) -> float:
    """What an error on the scale trained on is multiplied with to be in the target's unit."""
    return float((trial.result or {}).get("target_scale") or 1.0)


def baseline(
    snapshot: Snapshot, name: str, *, part: str = "validation"
) -> tuple[float, str] | None:
    """(score of the trivial model, what it does), from the first training that knows it."""
    for trial in snapshot.trials:
        told: Mapping[str, Any] = (trial.result or {}).get("baseline") or {}
        value = (told.get(part) or {}).get(name)
        if value is not None:
            return value * (unit_scale(trial) if name == "mae" else 1.0), str(told["says"])
    return None


def history(trials: Iterable[Trial], name: str) -> History:
    """The measure `name` of a record, for each training that has begun."""
    begun = sorted((t for t in trials if t.records), key=lambda t: t.seed)
    epochs = sorted({r["epoch"] for t in begun for r in t.records})
    column = {epoch: i for i, epoch in enumerate(epochs)}
    table = np.full((len(begun), len(epochs)), np.nan)
    for row, trial in zip(table, begun, strict=True):
        for record in trial.records:
            value = record.get(name)
            row[column[record["epoch"]]] = np.nan if value is None else value
    table[~np.isfinite(table)] = np.nan
    return History(tuple(t.seed for t in begun), np.array(epochs, dtype=int), table)


def with_status(snapshot: Snapshot, arm: str, status: Status) -> list[int]:
    """Seeds of the arm's trainings that stand at `status`."""
    return sorted(t.seed for t in snapshot.of_arm(arm) if t.status is status)
