"""Where longer training stopped helping: the epoch of the best validation loss, over seeds.

Two moments of a training are looked for: the epoch with the lowest validation loss, and the
epoch from which on the training metric stays better than the validation metric. Losses leave
penalties out. What a stop at the best epoch would have gained, other seeds judge than those that
chose it (`nncore.analysis.earlier`).

Reference: Prechelt, Early stopping - but when?, Neural Networks: Tricks of the Trade, 1998.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nncore.analysis.earlier import Earlier, earlier
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.trials import ReadTrial, history
from nncore.system.wording import listing, number, times

_SAME = 1e-6  # relative difference below which two losses count as the same number


@dataclass(frozen=True)
class Turning:
    """Of one arm, over its finished seeds; epochs count from 1."""

    arm: ReadArm
    seeds: tuple[int, ...]
    bests: tuple[int, ...]  # per seed, the epoch of the lowest validation loss
    lasts: tuple[int, ...]  # per seed, the last epoch trained
    best: Interval
    last: Interval
    earlier: Earlier | None  # what an earlier stop would have gained
    overtaking: Interval | None  # from here on training is ahead; None where some seed never was

    @property
    def still_falling(self) -> bool:
        """Every seed was at its best when it ended."""
        return self.bests == self.lasts


def turnings(reading: Reading) -> list[Turning]:
    """One per arm with finished trainings, in the comparison's order."""
    per_arm = [_turning(arm, reading) for arm in reading.arms]
    return [turning for turning in per_arm if turning is not None]


def _turning(arm: ReadArm, reading: Reading) -> Turning | None:
    trials = [trial for trial in arm.finished if trial.has_begun]
    bests = tuple(trial.epochs[trial.lowest] for trial in trials)
    lasts = tuple(trial.epochs[-1] for trial in trials)
    best, last = interval(bests), interval(lasts)
    if best is None or last is None:
        return None
    losses, plan = history(trials, "val_data_loss"), reading.snapshot.comparison.plan
    would = earlier(losses.epochs, losses.values, plan, len(reading.arms))
    ahead = [_overtaking(trial, reading.metric) for trial in trials]
    overtaking = interval(e for e in ahead if e is not None) if None not in ahead else None
    seeds = tuple(trial.seed for trial in trials)
    return Turning(arm, seeds, bests, lasts, best, last, would, overtaking)


def turning_words(reading: Reading) -> dict[str, str]:
    """Title of an arm -> when it should have stopped, and what that would have gained."""
    return {t.arm.title: _words(t) for t in turnings(reading)}


def prefix_words(reading: Reading) -> str:
    """Whether shorter trainings are the beginnings of longer ones, as their records show.

    "" where no two arms differ in epochs alone, or their records are not the same.
    """
    groups: dict[Any, list[ReadArm]] = {}
    for arm in reading.arms:
        groups.setdefault(replace(arm.config, epochs=1), []).append(arm)
    same = [
        arm
        for arms in groups.values()
        if len(arms) > 1 and _all_prefixes(arms, reading.seeds)
        for arm in arms
    ]
    if not same:
        return ""
    names = [arm.title for arm in sorted(same, key=lambda arm: arm.position)]
    return (
        f"The arms {listing(names)} are the same training, ended at different moments: with the "
        "same seed they have the same first weights and the same batches, so the shorter ones are "
        "the first epochs of the longer ones, number for number."
    )


def _overtaking(trial: ReadTrial, metric: str) -> int | None:
    """The first epoch of the last stretch in which training is better than validation."""
    sign = -1 if metric == "mae" else 1
    ahead = sign * (trial.track(metric) - trial.track(f"val_{metric}")) > 0
    behind = np.flatnonzero(~ahead)
    first = int(behind[-1]) + 1 if behind.size else 0
    return trial.epochs[first] if first < len(ahead) else None


def _words(t: Turning) -> str:
    config = t.arm.config
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
    return _stop_words(t.earlier, spared) if t.earlier else f"its best epoch is unknown ({n})."


def _stop_words(stop: Earlier, spared: int) -> str:
    """Whether an earlier stop would have helped, as far as other seeds say."""
    chose = f"epoch {stop.epoch}, chosen by {times(stop.choosing, 'seed')},"
    if stop.gain is None:
        return f"whether a stop after {chose} would have helped is for other seeds to say."
    others = times(stop.judging, "other seed")
    if stop.low is None or stop.high is None:
        return f"whether a stop after {chose} would have helped can't be told by {others} yet."
    ends = f"95 % interval {number(stop.low, 2)} to {number(stop.high, 2)}"
    if stop.helps:
        return (
            f"a stop after {chose} would have left the validation loss of {others} lower by "
            f"{number(stop.gain, 2)} ({ends}), with {times(spared, 'epoch')} less."
        )
    if stop.high < 0:
        return f"a stop after {chose} would have done harm, as {others} show ({ends})."
    return f"whether a stop after {chose} would have helped can't be told by {others} ({ends})."


def _epochs(epoch: Interval, most: int) -> str:
    """ "9 [7, 12]", whole epochs between the first and the last trained."""
    if epoch.low is None or epoch.high is None:
        return str(round(epoch.mean))
    low, high = max(1, round(epoch.low)), min(most, round(epoch.high))
    return f"{round(epoch.mean)} [{low}, {high}]"


def _all_prefixes(arms: list[ReadArm], seeds: tuple[int, ...]) -> bool:
    """Whether, seed by seed, the records of these arms agree for as long as both have some."""
    compared = 0
    for seed in seeds:
        trials = [trial for arm in arms for trial in arm.trials if trial.seed == seed]
        tracks = [dict(zip(t.epochs, t.track("val_data_loss"), strict=True)) for t in trials]
        longest = max(tracks, key=len, default={})
        for track in tracks:
            for epoch in track.keys() & longest.keys():
                if abs(track[epoch] - longest[epoch]) > _SAME * abs(longest[epoch]):
                    return False
                compared += track is not longest
    return compared > 0
