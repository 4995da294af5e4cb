"""Where longer training stopped helping: the epoch of the best validation loss, over seeds.

Two moments of a training are looked for: the epoch with the lowest validation loss, and the
epoch from which on the training metric stays better than the validation metric. Losses leave
penalties out.

The best epoch is chosen by the validation data it is judged on, so what a stop there would
have gained is a little too good.

Reference: Prechelt, Early stopping - but when?, Neural Networks: Tricks of the Trade, 1998.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

from nncore.analysis.scores import done, main_metric, titles
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.wording import listing, number, times
from nncore.results import Snapshot, Trial
from nncore.stopping import best_record

_SAME = 1e-6  # relative difference below which two losses count as the same number


@dataclass(frozen=True)
class Turning:
    """Of one arm, over its finished seeds; epochs count from 1."""

    arm: str
    title: str
    seeds: tuple[int, ...]
    bests: tuple[int, ...]  # per seed, the epoch of the lowest validation loss
    lasts: tuple[int, ...]  # per seed, the last epoch trained
    best: Interval
    last: Interval
    lost: Interval  # validation loss at the end minus the lowest
    overtaking: Interval | None  # from here on training is ahead; None where some seed never was

    @property
    def still_falling(self) -> bool:
        """Every seed was at its best when it ended."""
        return self.bests == self.lasts


def turnings(snapshot: Snapshot) -> list[Turning]:
    """One per arm with finished trainings, in the comparison's order."""
    shown, found = titles(snapshot), []
    for arm in snapshot.arms:
        trials = [t for t in done(snapshot, arm.label) if t.records]
        if not trials:
            continue
        bests = [best_record([dict(r) for r in t.records]) or t.records[-1] for t in trials]
        lasts = [t.records[-1] for t in trials]
        best, last, lost = (
            interval(record["epoch"] for record in bests),
            interval(record["epoch"] for record in lasts),
            interval(
                end["val_data_loss"] - low["val_data_loss"]
                for end, low in zip(lasts, bests, strict=True)
            ),
        )
        if best is None or last is None or lost is None:
            continue
        ahead = [_overtaking(t, main_metric(snapshot)) for t in trials]
        found.append(
            Turning(
                arm.label,
                shown[arm.label],
                tuple(t.seed for t in trials),
                tuple(record["epoch"] for record in bests),
                tuple(record["epoch"] for record in lasts),
                best,
                last,
                lost,
                interval(e for e in ahead if e is not None) if None not in ahead else None,
            )
        )
    return found


def turning_words(snapshot: Snapshot) -> dict[str, str]:
    """Title of an arm -> when it should have stopped, and what that would have gained."""
    return {t.title: _words(t, snapshot) for t in turnings(snapshot)}


def prefix_words(snapshot: Snapshot) -> str:
    """Whether shorter trainings are the beginnings of longer ones, as their records show.

    "" where no two arms differ in epochs alone, or their records are not the same.
    """
    groups: dict[Any, list[str]] = {}
    for label, config in snapshot.configs.items():
        groups.setdefault(replace(config, epochs=1), []).append(label)
    same: list[str] = []
    for labels in groups.values():
        if len(labels) > 1 and _all_prefixes(snapshot, labels):
            same += labels
    if not same:
        return ""
    shown = titles(snapshot)
    names = [shown[arm.label] for arm in snapshot.arms if arm.label in same]
    return (
        f"The arms {listing(names)} are the same training, ended at different moments: with the "
        "same seed they have the same first weights and the same batches, so the shorter ones are "
        "the first epochs of the longer ones, number for number."
    )


def _overtaking(trial: Trial, metric: str) -> int | None:
    """The first epoch of the last stretch in which training is better than validation."""
    sign = -1 if metric == "mae" else 1
    since: int | None = None
    for record in trial.records:
        train, held_out = _number(record.get(metric)), _number(record.get(f"val_{metric}"))
        ahead = sign * (train - held_out) > 0
        since = (since or record["epoch"]) if ahead else None
    return since


def _words(t: Turning, snapshot: Snapshot) -> str:
    config = snapshot.configs[t.arm]
    n = "one seed" if len(t.seeds) == 1 else f"n = {times(len(t.seeds), 'seed')}"
    if t.still_falling:
        early = max(t.lasts) < config.epochs
        more = "it was stopped too early" if early else "longer training may gain more"
        return f"the validation loss was at its best at the very end ({n}): {more}."
    if config.restore_best:
        return f"it took back the weights of epoch {_epochs(t.best, max(t.lasts))} ({n})."
    spared = round(t.last.mean - t.best.mean)
    if spared == 0:
        return (
            f"the validation loss was at its best at the very end, give or take an epoch ({n}): "
            "longer training may gain more."
        )
    gain = number(t.lost.mean, 2)
    if t.lost.low is not None and t.lost.high is not None:
        gain += f" [{number(t.lost.low, 2)}, {number(t.lost.high, 2)}]"
    doubt = ""
    if t.lost.low is None or t.lost.low <= 0:
        doubt = ", which so few seeds can't tell from chance"
    return (
        f"stopping after epoch {_epochs(t.best, max(t.lasts))} ({n}) would have left the "
        f"validation loss lower by {gain}{doubt}, with {times(spared, 'epoch')} less."
    )


def _epochs(found: Interval, most: int) -> str:
    """ "9 [7, 12]", whole epochs between the first and the last trained."""
    if found.low is None or found.high is None:
        return str(round(found.mean))
    low, high = max(1, round(found.low)), min(most, round(found.high))
    return f"{round(found.mean)} [{low}, {high}]"


def _all_prefixes(snapshot: Snapshot, labels: list[str]) -> bool:
    """Whether, seed by seed, the records of these arms agree for as long as both have some."""
    compared = 0
    for seed in snapshot.comparison.seeds:
        trials = [t for label in labels for t in snapshot.of_arm(label) if t.seed == seed]
        tracks = [{r["epoch"]: r.get("val_data_loss") for r in t.records} for t in trials]
        longest = max(tracks, key=len, default={})
        for track in tracks:
            for epoch in track.keys() & longest.keys():
                one, other = _number(track[epoch]), _number(longest[epoch])
                if abs(one - other) > _SAME * abs(other):
                    return False
                compared += track is not longest
    return compared > 0


def _number(value: float | None) -> float:
    return math.nan if value is None else value
