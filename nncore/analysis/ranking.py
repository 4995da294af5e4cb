"""The ranking of a comparison's arms: their validation scores, order, and pairs.

The numbers of the verdict; `nncore.analysis.verdict` puts them into words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nncore.analysis.pairs import BETTER, SAME, Pair, Scale, judge_pairs
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.reliability import ShareDifference, Trained, compare_shares
from nncore.analysis.statistics import Interval, SeedValues, interval
from nncore.results.snapshots import Status

SINGLE = 1e-6  # relative: a difference that single precision can't hold is none
_LOST, _WON = 0.1, 0.5  # of what the best run gained over the trivial model


@dataclass(frozen=True)
class RankedArm:
    """An arm with scores: those of its runs that trained."""

    arm: ReadArm
    scores: SeedValues
    mean: Interval
    runs: Trained

    @property
    def title(self) -> str:
        return self.arm.title

    @property
    def ignores_the_seed(self) -> bool:
        """Whether no seed changes anything. Equal accuracies with unequal losses are chance."""
        losses = self.arm.scores("data_loss")
        return self.mean.n > 1 and all(len(set(v.values())) == 1 for v in (self.scores, losses))


@dataclass(frozen=True)
class Lead:
    """How far the leader is ahead, positive when it is better."""

    mean: float
    n: int  # seeds both have
    low: float | None = None
    high: float | None = None
    wins: float | None = None  # the chance that it is ahead with a fresh seed, too


@dataclass(frozen=True)
class Rival:
    """An arm beside the leader, compared on the seeds both have."""

    ranked: RankedArm
    pair: Pair
    ahead: Lead
    is_level: bool  # the two means are the same but for rounding

    @property
    def title(self) -> str:
        return self.ranked.title

    @property
    def is_beaten(self) -> bool:
        """Whether the leader's lead is told from 0, and may be more than the margin."""
        return self.pair.state == BETTER and self.ahead.mean > 0

    @property
    def is_ahead(self) -> bool:
        """Whether it is better than the leader on the seeds both have, and yet doesn't lead.

        It rarely trains, or loses against others on other seeds.
        """
        return self.pair.state == BETTER and self.ahead.mean < 0

    @property
    def is_open(self) -> bool:
        """Whether nothing is known of the difference."""
        return not (self.is_beaten or self.is_ahead or self.is_same)

    @property
    def is_same(self) -> bool:
        """Whether the difference is within the margin."""
        return self.pair.state == SAME


class Ranking:
    """The arms of a comparison, as its reading judges them.

    `arms`: those with scores, the best first, though none that rarely trains. `rivals`: all but
    the leader, in that order, that share two seeds with it. `judgement`: all pairs of arms.
    `shares`: which arms train more often than others. Scores closer than half of `resolution`
    are equal.
    """

    def __init__(self, reading: Reading) -> None:
        self.less = reading.criterion.less  # is better
        self.arms_in_all = len(reading.arms)
        every = {arm: reading.scores(arm) for arm in reading.arms}
        limits = reading.limits(reading.criterion.name)
        centre = reading.judging.centre
        trained = that_trained(reading, every)
        scored = [
            RankedArm(arm, trained[arm], mean, _runs(arm, every[arm], trained[arm]))
            for arm in reading.arms
            if (mean := interval(trained[arm].values(), centre=centre, **limits)) is not None
        ]
        self.scale = _scale(reading, scored)
        self.resolution = 1 / self.scale.rows if self.scale.rows else self.scale.noise
        plan = reading.snapshot.comparison.plan
        ended = _ended(reading)
        counted = ended if len(ended) >= plan else reading.seeds
        self.judgement = judge_pairs(
            {r.arm.label: {s: v for s, v in r.scores.items() if s in counted} for r in scored},
            plan,
            self.scale,
            len(ended),
            most=reading.snapshot.comparison.most_seeds,
        )
        self.runs = {arm: _runs(arm, every[arm], trained[arm]) for arm in reading.arms}
        self.shares: list[ShareDifference] = compare_shares(
            {arm.label: mine for arm, mine in self.runs.items()}, plan, len(ended)
        )
        self.arms = self._in_order(scored)
        self.rivals = self._rivals()

    @property
    def leader(self) -> RankedArm:
        return self.arms[0]

    @property
    def is_in(self) -> bool:
        """Whether the plan's seeds are."""
        return self.judgement.is_in

    @property
    def n_pairs(self) -> int:
        """How many pairs of arms were tested together."""
        return len(self.judgement.pairs)

    def _in_order(self, scored: list[RankedArm]) -> list[RankedArm]:
        """The best first: who wins most pairs, then who has the better mean.

        With all seeds done that is the order of the means. With some missing, the means would
        also compare the luck of the seeds, which pairs leave out. In front is the best of those
        that train reliably, where any does.
        """
        wins = dict.fromkeys((ranked.arm.label for ranked in scored), 0)
        for pair in self.judgement.pairs:
            if pair.difference:
                is_less = pair.difference < 0
                wins[pair.a if is_less == self.less else pair.b] += 1
        sign = 1 if self.less else -1
        ordered = sorted(scored, key=lambda r: (-wins[r.arm.label], sign * r.mean.mean))
        first = next((ranked for ranked in ordered if ranked.runs.is_reliable), None)
        if first is None:
            return ordered
        return [first, *(ranked for ranked in ordered if ranked is not first)]

    def _rivals(self) -> list[Rival]:
        rivals = []
        for ranked in self.arms[1:]:
            both = {self.leader.arm.label, ranked.arm.label}
            for pair in self.judgement.pairs:
                if {pair.a, pair.b} == both:
                    rivals.append(self._rival(ranked, pair))
        return rivals

    def _rival(self, ranked: RankedArm, pair: Pair) -> Rival:
        leader, ends = self.leader, (pair.low, pair.high)
        more = pair.more
        ahead = Lead(pair.difference, pair.seeds, *ends, more)
        if (pair.a != leader.arm.label) != self.less:
            low, high = (None if end is None else -end for end in ends)
            ahead = Lead(
                -pair.difference, pair.seeds, high, low, None if more is None else 1 - more
            )
        is_level = abs(pair.difference) <= SINGLE * abs(leader.mean.mean)
        return Rival(ranked, pair, ahead, is_level)

    def level(self) -> list[RankedArm]:
        """The arms whose means equal the leader's, itself included."""
        best = self.leader.mean.mean
        return [r for r in self.arms if abs(r.mean.mean - best) <= self.resolution / 2]

    def no_better_than(self, level: float) -> list[RankedArm]:
        """The arms whose means are at `level` or worse, the best of them first."""
        sign = -1 if self.less else 1
        # 0.1 measured in single precision is 0.10000000149 and no better than 0.1
        most = SINGLE * abs(level)
        return [r for r in self.arms if sign * (r.mean.mean - level) <= most]

    def rows(self) -> tuple[dict[str, Any], ...]:
        """The leader against every rival, as `Verdict.rows` has it."""
        return tuple(
            {
                "Leader": self.leader.title,
                "Other": rival.title,
                "Difference": rival.ahead.mean,
                "Low": rival.ahead.low,
                "High": rival.ahead.high,
                "Ahead with a fresh seed": rival.ahead.wins,
                "p (adjusted)": rival.pair.p_adjusted,
                "State": rival.pair.state,
                "Seeds needed": rival.pair.seeds_needed,
            }
            for rival in self.rivals
        )


def that_trained(
    reading: Reading, every: Mapping[ReadArm, SeedValues]
) -> dict[ReadArm, SeedValues]:
    """The scores without those of runs that collapsed: as good as a guess, unlike their arm's.

    What they collapsed in is what trainings are measured by, whatever judges them.

    An arm that is no better than a guess with every seed keeps its scores: that is what it can.
    """
    guess = reading.baseline(reading.metric)
    if guess is None:
        return dict(every)
    sign = -1 if reading.is_regression else 1
    gains = {
        arm: {seed: sign * (v - guess.level) for seed, v in _measured(reading, arm).items()}
        for arm in every
    }
    best = max((gain for mine in gains.values() for gain in mine.values()), default=0.0)
    if best <= 0:
        return dict(every)
    return {
        arm: {s: v for s, v in mine.items() if gains[arm].get(s, best) >= _LOST * best}
        if max(gains[arm].values(), default=0.0) > _WON * best
        else mine
        for arm, mine in every.items()
    }


def _measured(reading: Reading, arm: ReadArm) -> SeedValues:
    return arm.scores(reading.metric, when=reading.judging.at)


def _runs(arm: ReadArm, every: SeedValues, trained: SeedValues) -> Trained:
    """Of runs that ended by themselves: what crashed or was stopped says nothing of the arm."""
    return Trained(len(trained), len(every) + len(arm.of_status(Status.DIVERGED)))


def _ended(reading: Reading) -> set[int]:
    """The seeds whose trainings have ended with every arm."""
    waits = {trial.seed for trial in reading.trials if not trial.status.is_finished}
    return set(reading.seeds) - waits


def _scale(reading: Reading, scored: Iterable[RankedArm]) -> Scale:
    criterion, how = reading.criterion, reading.judging
    means = [abs(ranked.mean.mean) for ranked in scored]
    trivial = reading.baseline(criterion.name)
    guess = trivial.level if trivial else None
    if criterion.name == "data_loss":  # of which nobody knows what the trivial model has
        guess = min(means, default=None)
    margin = how.margin_for(criterion, guess)
    overlap = max(arm.overlap for arm in reading.arms)
    if criterion.is_share:
        rows = reading.config.counts()[1]
        return Scale(rows, margin=margin, overlap=overlap, centre=how.centre)
    noise = SINGLE * max(means, default=0.0)
    return Scale(noise=noise, margin=margin, overlap=overlap, centre=how.centre)
