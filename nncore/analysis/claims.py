"""Which claims of a published experiment hold over our seeds.

A printed figure holds when it lies inside our 95 % interval, or when our mean rounds to it. A
claimed difference holds when the paired interval excludes 0 on that side. With one seed
nothing is said, except of what depends on no seed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nncore.analysis.cost import cost
from nncore.analysis.scores import done, unit_scale, values
from nncore.analysis.statistics import Interval, differences, interval
from nncore.cases.definition import EXACT, Alike, Case, Claim, More, Value, Within
from nncore.results.snapshots import Snapshot, Trial


@dataclass(frozen=True)
class Judged:
    """A claim beside what we found. `mean`, `low` and `high` are in the published unit."""

    claim: Claim
    mean: float | None
    low: float | None
    high: float | None
    seeds: int
    holds: bool | None  # None: nothing can be said

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
        }


def judge(case: Case, snapshot: Snapshot) -> list[Judged]:
    """Every claim of `case` beside what the snapshot's finished trainings say."""
    return [_judge(claim, snapshot) for claim in case.claims]


def measured(snapshot: Snapshot, arm: str, claim: Claim) -> dict[int, float]:
    """Seed -> the claim's measure of the arm's finished trainings, in our unit."""
    name = claim.measure
    if name.startswith("val_"):
        return values(snapshot, arm, name.removeprefix("val_"))
    if name.startswith("test_"):
        return values(snapshot, arm, name.removeprefix("test_"), part="test")
    found = {trial.seed: _of_trial(trial, snapshot, claim) for trial in done(snapshot, arm)}
    return {seed: v for seed, v in found.items() if v is not None and math.isfinite(v)}


def _of_trial(trial: Trial, snapshot: Snapshot, claim: Claim) -> float | None:
    result: Mapping[str, Any] = trial.result or {}
    last: Mapping[str, Any] = trial.records[-1] if trial.records else {}
    match claim.measure:
        case "seconds":
            return result.get("seconds")
        case "parameters":
            return float(cost(snapshot.configs[trial.arm]).parameters)
        case "gap":
            return _number(last, "val_data_loss") - _number(last, "data_loss")
        case "weight":
            return _at(result.get("weights"), claim.at)
        case "output":
            return _at(result.get("outputs"), claim.at)
        case "mae":
            return _number(last, "mae") * unit_scale(trial)
    return _number(last, claim.measure)


def _number(record: Mapping[str, Any], name: str) -> float:
    value = record.get(name)
    return math.nan if value is None else float(value)


def _at(numbers: Any, place: int) -> float | None:
    return float(numbers[place]) if numbers and place < len(numbers) else None


def _judge(claim: Claim, snapshot: Snapshot) -> Judged:
    mine = measured(snapshot, claim.arm, claim)
    if isinstance(claim, More | Alike):
        other = measured(snapshot, claim.than, claim)
        return _difference(claim, mine, other, _resolution(claim, snapshot))
    found = interval(v / claim.scale for v in mine.values())
    if found is None:
        return Judged(claim, None, None, None, 0, None)
    return Judged(claim, found.mean, found.low, found.high, found.n, _value_holds(claim, found))


def _value_holds(claim: Claim, found: Interval) -> bool | None:
    if found.n < 2 and claim.measure not in EXACT:
        return None
    low = found.mean if found.low is None else found.low
    high = found.mean if found.high is None else found.high
    if isinstance(claim, Within):
        return low <= claim.high and high >= claim.low
    if not isinstance(claim, Value) or claim.published is None:
        return None
    # half a unit of the last printed digit, and what binary fractions add to it
    rounding = 0.5 * 10.0**-claim.decimals * (1 + 1e-9)
    return low <= claim.published <= high or abs(found.mean - claim.published) <= rounding


def _resolution(claim: Claim, snapshot: Snapshot) -> float:
    """The smallest step that an accuracy can make: seeds that agree exactly prove nothing."""
    parts = {"accuracy": 0, "val_accuracy": 1, "test_accuracy": 2}
    if claim.measure not in parts:
        return 0.0
    return 1 / snapshot.configs[claim.arm].counts()[parts[claim.measure]]


def _difference(
    claim: More | Alike, mine: dict[int, float], other: dict[int, float], resolution: float
) -> Judged:
    pairs = differences({claim.arm: mine, claim.than: other}, resolution=resolution)
    if not pairs or pairs[0].interval.half is None:
        shared = [mine[seed] - other[seed] for seed in mine if seed in other]
        mean = shared[0] / claim.scale if shared else None
        return Judged(claim, mean, None, None, len(shared), None)
    found = pairs[0].interval
    mean, half = found.mean / claim.scale, (found.half or 0.0) / claim.scale
    low, high = mean - half, mean + half
    if isinstance(claim, Alike):
        holds = -claim.margin <= low and high <= claim.margin
    else:
        holds = high < 0 if claim.less else low > 0
    return Judged(claim, mean, low, high, found.n, holds)
