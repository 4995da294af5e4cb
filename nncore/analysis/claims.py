"""What our seeds say of the claims of a published experiment: consistent, contradicted, not shown.

A figure of a single run is held against the interval that another single run of ours would lie in
(the prediction interval), not against that of the mean, which shrinks with every seed until it
leaves out most single runs. It is consistent inside, or where our mean rounds to it, else
contradicted. A claimed difference is consistent when its interval excludes 0 on that side,
contradicted when it does on the other, else not shown. With one seed nothing is said, except of
what depends on no seed.

Reference: Hahn and Meeker, Statistical Intervals, 1991, chapter 4.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from nncore.analysis.limits import Limits, limits_of
from nncore.analysis.pairs import Scale, judge_pairs
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.trials import ReadTrial
from nncore.cases.definition import EXACT, Alike, Case, Claim, More, Value, Within

CONSISTENT, CONTRADICTED, NOT_SHOWN = "consistent", "contradicted", "not shown"
_FOUND = {True: CONSISTENT, False: CONTRADICTED, None: NOT_SHOWN}


@dataclass(frozen=True)
class Judged:
    """A claim beside what we found. `mean`, `low` and `high` are in the published unit.

    The interval is that of a further run where the published figure is of a single one.
    """

    claim: Claim
    mean: float | None
    low: float | None
    high: float | None
    seeds: int
    holds: bool | None  # True: consistent; False: contradicted; None: not shown

    @property
    def found(self) -> str:
        """One of CONSISTENT, CONTRADICTED and NOT_SHOWN."""
        return _FOUND[self.holds]

    def to_json(self) -> dict[str, Any]:
        """One entry of `case --json`."""
        return {
            "text": self.claim.text,
            "published": self.claim.published,
            "mean": self.mean,
            "low": self.low,
            "high": self.high,
            "seeds": self.seeds,
            "holds": self.holds,
            "found": self.found,
        }


def judge(case: Case, reading: Reading) -> list[Judged]:
    """Every claim of `case` beside what the finished trainings say."""
    return [_judge(claim, reading, single_run=case.single_run) for claim in case.claims]


def measured(arm: ReadArm, claim: Claim) -> dict[int, float]:
    """Seed -> the claim's measure of the arm's finished trainings, in our unit."""
    name = claim.measure
    if name.startswith("val_"):
        return arm.scores(name.removeprefix("val_"))
    if name.startswith("test_"):
        return arm.scores(name.removeprefix("test_"), part="test")
    by_seed = {trial.seed: _of_trial(trial, arm, claim) for trial in arm.finished}
    return {seed: v for seed, v in by_seed.items() if v is not None and math.isfinite(v)}


def _of_trial(trial: ReadTrial, arm: ReadArm, claim: Claim) -> float | None:
    match claim.measure:
        case "seconds":
            return trial.seconds
        case "parameters":
            return float(arm.cost.parameters)
        case "gap":
            return trial.final("val_data_loss") - trial.final("data_loss")
        case "weight":
            return _at(trial.weights, claim.at)
        case "output":
            return _at(trial.outputs, claim.at)
        case "mae":
            return trial.final("mae") * trial.unit_scale
    return trial.final(claim.measure)


def _at(numbers: Sequence[float] | None, place: int) -> float | None:
    return float(numbers[place]) if numbers and place < len(numbers) else None


def _judge(claim: Claim, reading: Reading, *, single_run: bool) -> Judged:
    arm = reading.arm(claim.arm)
    mine = measured(arm, claim)
    if isinstance(claim, More | Alike):
        other = measured(reading.arm(claim.than), claim)
        plan = reading.snapshot.comparison.plan
        return _difference(claim, mine, other, _scale(claim, arm), plan)
    limits = _limits(claim, arm)
    ours = interval((v / claim.scale for v in mine.values()), **limits)
    if ours is None:
        return Judged(claim, None, None, None, 0, None)
    if single_run:
        ours = ours.of_a_further_one()
    return Judged(claim, ours.mean, ours.low, ours.high, ours.n, _value_holds(claim, ours))


def _value_holds(claim: Claim, ours: Interval) -> bool | None:
    if ours.n < 2 and claim.measure not in EXACT:
        return None
    low = ours.mean if ours.low is None else ours.low
    high = ours.mean if ours.high is None else ours.high
    if isinstance(claim, Within):
        return low <= claim.high and high >= claim.low
    if not isinstance(claim, Value) or claim.published is None:
        return None
    # half a unit of the last printed digit, and what binary fractions add to it
    rounding = 0.5 * 10.0**-claim.decimals * (1 + 1e-9)
    return low <= claim.published <= high or abs(ours.mean - claim.published) <= rounding


def _limits(claim: Claim, arm: ReadArm) -> Limits:
    """What the measure can be, in the published unit."""
    part, _, name = claim.measure.rpartition("_")
    parts = {"": "training", "val": "validation", "test": "test"}
    if name not in ("accuracy", "loss", "mae") or part not in parts:
        return {}
    limits = dict(limits_of(name, arm.config, parts[part]))
    return cast(Limits, {key: float(v) / claim.scale for key, v in limits.items()})  # type: ignore


def _scale(claim: Claim, arm: ReadArm) -> Scale:
    """Of an accuracy, its rows: seeds that agree exactly prove nothing."""
    parts = {"accuracy": 0, "val_accuracy": 1, "test_accuracy": 2}
    if claim.measure not in parts:
        return Scale()
    return Scale(rows=arm.config.counts()[parts[claim.measure]])


def _difference(
    claim: More | Alike, mine: dict[int, float], other: dict[int, float], scale: Scale, plan: int
) -> Judged:
    judgement = judge_pairs({claim.arm: mine, claim.than: other}, plan, scale)
    pair = judgement.pairs[0] if judgement.pairs else None
    if pair is None or pair.low is None or pair.high is None:
        shared = [mine[seed] - other[seed] for seed in mine if seed in other]
        mean = sum(shared) / len(shared) / claim.scale if shared else None
        return Judged(claim, mean, None, None, len(shared), None)
    mean, low, high = (v / claim.scale for v in (pair.difference, pair.low, pair.high))
    if isinstance(claim, Alike):
        within = -claim.margin <= low and high <= claim.margin
        without = low > claim.margin or high < -claim.margin
    else:
        within, without = (high < 0, low > 0) if claim.less else (low > 0, high < 0)
    holds = True if within else False if without else None
    return Judged(claim, mean, low, high, pair.seeds, holds)
