"""The ranking of a comparison's arms: their validation scores, order and paired differences.

The numbers of the verdict; `nncore.analysis.verdict` puts them into words.
"""

from dataclasses import dataclass
from typing import Any

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Difference, Interval, SeedValues, differences, interval

SINGLE = 1e-6  # relative: a difference that single precision can't hold is none


@dataclass(frozen=True)
class RankedArm:
    """An arm with scores."""

    arm: ReadArm
    scores: SeedValues
    mean: Interval

    @property
    def title(self) -> str:
        return self.arm.title

    @property
    def ignores_the_seed(self) -> bool:
        return self.mean.n > 1 and len(set(self.scores.values())) == 1


@dataclass(frozen=True)
class Rival:
    """An arm beside the leader, compared on the seeds both have."""

    ranked: RankedArm
    pair: Difference
    ahead: Interval  # the leader's advantage, positive when it is better
    is_level: bool  # the two means are the same but for rounding

    @property
    def title(self) -> str:
        return self.ranked.title

    @property
    def is_beaten(self) -> bool:
        """Whether the leader is ahead by more than chance makes."""
        return self.pair.told_apart and self.ahead.mean > 0

    @property
    def seeds_needed(self) -> int | None:
        """Seeds to tell the arm from the leader; None where it is, and where too many."""
        if self.is_beaten or self.pair.seeds_needed is None:
            return None
        # a plan that asks for no more seeds than there are contradicts the test just made
        return max(self.pair.seeds_needed, self.ahead.n + 1)


class Ranking:
    """The arms of a comparison at the "last" or "best" epoch.

    `arms`: those with scores, the best first. `rivals`: all but the leader, in that order,
    that share two seeds with it. `n_pairs`: how many pairs of arms were tested together.
    Scores closer than half of `resolution` are equal.
    """

    def __init__(self, reading: Reading, when: str) -> None:
        self.regression = reading.is_regression
        scored = []
        for arm in reading.arms:
            scores = arm.scores(reading.metric, when=when)
            if (mean := interval(scores.values())) is not None:
                scored.append(RankedArm(arm, scores, mean))
        if self.regression:
            largest = max((abs(ranked.mean.mean) for ranked in scored), default=0.0)
            self.resolution = SINGLE * largest
        else:
            n_val = reading.config.counts()[1]
            self.resolution = 1 / n_val
        by_arm = {ranked.arm.label: ranked.scores for ranked in scored}
        pairs = differences(by_arm, resolution=self.resolution)
        self.n_pairs = len(pairs)
        self.arms = self._in_order(scored, pairs)
        self.rivals = self._rivals(pairs)

    @property
    def leader(self) -> RankedArm:
        return self.arms[0]

    def _in_order(self, scored: list[RankedArm], pairs: list[Difference]) -> list[RankedArm]:
        """The best first: who wins most pairs, then who has the better mean.

        With all seeds done that is the order of the means. With some missing, the means would
        also compare the luck of the seeds, which pairs leave out.
        """
        wins = dict.fromkeys((ranked.arm.label for ranked in scored), 0)
        for pair in pairs:
            if pair.interval.mean:
                less = pair.interval.mean < 0
                wins[pair.arm if less == self.regression else pair.other] += 1
        sign = 1 if self.regression else -1
        return sorted(scored, key=lambda r: (-wins[r.arm.label], sign * r.mean.mean))

    def _rivals(self, pairs: list[Difference]) -> list[Rival]:
        rivals = []
        for ranked in self.arms[1:]:
            both = {self.leader.arm.label, ranked.arm.label}
            for pair in pairs:
                if {pair.arm, pair.other} == both:
                    rivals.append(self._rival(ranked, pair))
        return rivals

    def _rival(self, ranked: RankedArm, pair: Difference) -> Rival:
        gap, leader = pair.interval, self.leader
        flipped = (pair.arm != leader.arm.label) != self.regression
        ahead = Interval(-gap.mean if flipped else gap.mean, gap.n, gap.half)
        return Rival(ranked, pair, ahead, abs(gap.mean) <= SINGLE * abs(leader.mean.mean))

    def level(self) -> list[RankedArm]:
        """The arms whose means equal the leader's, itself included."""
        best = self.leader.mean.mean
        return [r for r in self.arms if abs(r.mean.mean - best) <= self.resolution / 2]

    def no_better_than(self, level: float) -> list[RankedArm]:
        """The arms whose means are at `level` or worse, the best of them first."""
        sign = -1 if self.regression else 1
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
                "p": rival.pair.p,
                "p (Holm)": rival.pair.p_holm,
                "Told apart": rival.pair.told_apart,
                "Seeds needed": rival.seeds_needed,
            }
            for rival in self.rivals
        )
