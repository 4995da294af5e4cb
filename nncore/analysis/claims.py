"""What our seeds say of the claims of a published experiment: consistent, contradicted, not shown.

A printed figure stands for its rounding interval. One of a single run is held against the interval
that another single run of ours would lie in (the prediction interval), not against that of the
mean, which shrinks with every seed until it leaves out most single runs; where several runs were
printed, their mean against that of as many. It is consistent where the two intervals meet, else
contradicted. A published range must contain our mean. A claimed difference is what the verdict
says of the two arms, judged together with all that claims of that measure tie to them: consistent
when it is on that side, contradicted when on the other, else not shown. Seconds are compared as
ratios. With one seed nothing is said, except of what depends on no seed; nor of figures whose data
isn't known.

Reference: Hahn and Meeker, Statistical Intervals, 1991, chapter 4.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from nncore.analysis.limits import Limits, limits_of
from nncore.analysis.measured import measured
from nncore.analysis.pairs import Pair, Scale, judge_pairs
from nncore.analysis.ranking import that_trained
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval, SeedValues, interval
from nncore.cases.definition import (
    EXACT,
    NO_FIGURES,
    RATIOS,
    Alike,
    Case,
    Claim,
    More,
    Value,
    Within,
)

CONSISTENT, CONTRADICTED, NOT_SHOWN = "consistent", "contradicted", "not shown"
_FOUND = {True: CONSISTENT, False: CONTRADICTED, None: NOT_SHOWN}
_MISSED = 0.05  # of figures whose runs are like ours, by chance
_PARTS = {"": "training", "val": "validation", "test": "test"}  # in the order of `Config.counts`


@dataclass(frozen=True)
class Judged:
    """A claim beside what we found. `mean`, `low` and `high` are in the published unit.

    The interval is that of a further run where the published figure is of a single one. Of a
    measure that is compared as a ratio, all three are ratios.
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

    @property
    def is_by_chance(self) -> bool:
        """Whether chance alone would contradict it now and then: a figure held to an interval."""
        is_held = isinstance(self.claim, Value) and self.holds is not None
        return is_held and self.claim.measure not in NO_FIGURES

    def to_json(self) -> dict[str, Any]:
        """One entry of `case --json`."""
        also = self.claim.also if isinstance(self.claim, Value) else ()
        return {
            "text": self.claim.text,
            "published": self.claim.published,
            **({"also": list(also)} if also else {}),
            "mean": self.mean,
            "low": self.low,
            "high": self.high,
            "seeds": self.seeds,
            "holds": self.holds,
            "found": self.found,
        }


def judge(case: Case, reading: Reading) -> list[Judged]:
    """Every claim of `case` beside what the finished trainings say."""
    pairs: dict[tuple[str, ...], dict[tuple[str, str], Pair]] = {}  # by measure and arms
    judged = []
    for claim in case.claims:
        if isinstance(claim, More | Alike):
            together = _tied_to(case, claim)
            key = (claim.measure, *together)
            if key not in pairs:
                pairs[key] = _pairs(together, claim, reading)
            judged.append(_difference(claim, reading, pairs[key]))
        else:
            judged.append(_figure(case, claim, reading))
    return judged


def missed_by_chance(judged: Sequence[Judged]) -> tuple[int, float]:
    """(figures held against an interval, how many of them chance alone would contradict)."""
    held = sum(j.is_by_chance for j in judged)
    return held, _MISSED * held


def _figure(case: Case, claim: Claim, reading: Reading) -> Judged:
    arm = reading.arm(claim.arm)
    limits = _limits(claim, arm)
    ours = interval((v / claim.scale for v in measured(arm, claim).values()), **limits)
    if ours is None:
        return Judged(claim, None, None, None, 0, None)
    if case.single_run and isinstance(claim, Value):
        ours = ours.of_further(len(claim.figures), step=limits.get("step", 0.0))
    holds = _figure_holds(claim, ours) if _may_be_judged(case, claim, ours) else None
    return Judged(claim, ours.mean, ours.low, ours.high, ours.n, holds)


def _may_be_judged(case: Case, claim: Claim, ours: Interval) -> bool:
    if claim.measure in EXACT:
        return True
    return ours.n > 1 and (case.data_known or isinstance(claim, Within))


def _figure_holds(claim: Claim, ours: Interval) -> bool | None:
    if isinstance(claim, Within):
        return claim.low <= ours.mean <= claim.high
    if not isinstance(claim, Value) or not claim.figures:
        return None
    published = sum(claim.figures) / len(claim.figures)
    low = ours.mean if ours.low is None else ours.low
    high = ours.mean if ours.high is None else ours.high
    return low - claim.rounding <= published <= high + claim.rounding


def _limits(claim: Claim, arm: ReadArm) -> Limits:
    """What the measure can be, in the published unit."""
    if claim.measure in ("right", "epochs"):  # whole numbers
        return {"step": 1.0, "least": 0.0}
    if claim.measure == "all_accuracy":
        train, _, test = arm.config.counts()
        return {"step": 1 / (train + test), "least": 0.0, "most": 1.0}
    if claim.measure in ("output", "predicted", "lost", "precision", "f1"):
        shares = claim.measure != "output" or arm.config.data.task != "regression"
        return {"least": 0.0, "most": 1.0} if shares else {}
    part, _, name = claim.measure.rpartition("_")
    if name not in ("accuracy", "loss", "mae") or part not in _PARTS:
        return {}
    limits = dict(limits_of(name, arm.config, _PARTS[part]))
    return cast(Limits, {key: float(v) / claim.scale for key, v in limits.items()})  # type: ignore


def _tied_to(case: Case, claim: More | Alike) -> tuple[str, ...]:
    """A claim's arms, those they are compared with by the same measure, and so on."""
    like = [c for c in case.claims if isinstance(c, More | Alike) and c.measure == claim.measure]
    found, more = set[str](), {claim.arm, claim.than}
    while more > found:
        found = more
        more = found.union(*({c.arm, c.than} for c in like if {c.arm, c.than} & found))
    return tuple(sorted(found))


def _pairs(labels: Sequence[str], like: Claim, reading: Reading) -> dict[tuple[str, str], Pair]:
    """What the verdict says of these arms."""
    every = {arm: measured(arm, like) for arm in (reading.arm(label) for label in labels)}
    if like.measure in RATIOS:
        every = {arm: _logs(values) for arm, values in every.items()}
    scores: dict[str, SeedValues] = {
        arm.label: values for arm, values in that_trained(reading, every).items()
    }
    plan = reading.snapshot.comparison.plan
    found = judge_pairs(scores, plan, _scale(like, reading.arm(like.arm))).pairs
    return {(pair.a, pair.b): pair for pair in found}


def _logs(values: SeedValues) -> dict[int, float]:
    return {seed: math.log(value) for seed, value in values.items() if value > 0}


def _scale(claim: Claim, arm: ReadArm) -> Scale:
    """Of an accuracy, its rows: seeds that agree exactly prove nothing."""
    part, _, name = claim.measure.rpartition("_")
    if name != "accuracy" or part not in _PARTS:
        return Scale()
    overlap = arm.overlap if part == "val" else 0.0
    return Scale(rows=arm.config.counts()[list(_PARTS).index(part)], overlap=overlap)


def _difference(
    claim: More | Alike, reading: Reading, pairs: dict[tuple[str, str], Pair]
) -> Judged:
    sign, pair = 1.0, pairs.get((claim.arm, claim.than))
    if pair is None:
        sign, pair = -1.0, pairs.get((claim.than, claim.arm))
    if pair is None or pair.low is None or pair.high is None:
        return _before(claim, reading)
    low, high = sorted((sign * pair.low, sign * pair.high))
    if isinstance(claim, Alike):
        margin = claim.margin * claim.scale
        within = -margin <= low and high <= margin
        without = low > margin or high < -margin
    else:
        told = pair.told_apart
        within, without = (
            (told and high < 0, told and low > 0)
            if claim.less
            else (told and low > 0, told and high < 0)
        )
    mean, low, high = (_shown(claim, v) for v in (sign * pair.difference, low, high))
    return Judged(
        claim, mean, low, high, pair.seeds, True if within else False if without else None
    )


def _before(claim: More | Alike, reading: Reading) -> Judged:
    """A difference of which the verdict says nothing, because the plan isn't in."""
    mine, other = (measured(reading.arm(label), claim) for label in (claim.arm, claim.than))
    if claim.measure in RATIOS:
        mine, other = _logs(mine), _logs(other)
    shared = [mine[seed] - other[seed] for seed in mine if seed in other]
    mean = _shown(claim, sum(shared) / len(shared)) if shared else None
    return Judged(claim, mean, None, None, len(shared), None)


def _shown(claim: Claim, difference: float) -> float:
    return math.exp(difference) if claim.measure in RATIOS else difference / claim.scale
