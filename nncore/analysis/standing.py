"""Where the arms of a comparison stand: their validation scores, ranks and paired differences.

The numbers of the verdict; `nncore.analysis.verdict` puts them into words.
"""

from typing import Any

from nncore.analysis.scores import is_regression, main_metric, titles, values
from nncore.analysis.statistics import Difference, Interval, SeedValues, differences, interval
from nncore.results.snapshots import Snapshot

SINGLE = 1e-6  # relative: a difference that single precision can't hold is none


class Standing:
    """The arms of `snapshot` at the "last" or "best" epoch.

    `scores`: arm -> seed -> score, arms without any left out. `means`: their means. `order`:
    those arms, the best first. `leads`: other arm -> its paired difference from the leader,
    in that order, for arms that share two seeds with it. `n_pairs`: how many pairs of arms
    were tested together. Scores closer than half of `resolution` are equal.
    """

    def __init__(self, snapshot: Snapshot, when: str) -> None:
        self.titles = titles(snapshot)
        self.regression = is_regression(snapshot)
        metric = main_metric(snapshot)
        found = {a.label: values(snapshot, a.label, metric, when=when) for a in snapshot.arms}
        self.scores: dict[str, SeedValues] = {k: v for k, v in found.items() if v}
        self.means: dict[str, Interval] = {
            k: mean for k, v in self.scores.items() if (mean := interval(v.values()))
        }
        if self.regression:
            largest = max((abs(m.mean) for m in self.means.values()), default=0.0)
            self.resolution = SINGLE * largest
        else:
            n_val = next(iter(snapshot.configs.values())).counts()[1]
            self.resolution = 1 / n_val
        pairs = differences(self.scores, resolution=self.resolution)
        self.order = self._ranked(pairs)
        self.n_pairs = len(pairs)
        self.leads: dict[str, Difference] = {}
        for other in self.order[1:]:
            for pair in pairs:
                if {pair.arm, pair.other} == {self.order[0], other}:
                    self.leads[other] = pair

    def _ranked(self, pairs: list[Difference]) -> list[str]:
        """Arms with scores, the best first: who wins most pairs, then who has the better mean.

        With all seeds done that is the order of the means. With some missing, the means would
        also compare the luck of the seeds, which pairs leave out.
        """
        wins = dict.fromkeys(self.means, 0)
        for pair in pairs:
            if pair.interval.mean:
                less = pair.interval.mean < 0
                wins[pair.arm if less == self.regression else pair.other] += 1
        sign = 1 if self.regression else -1
        return sorted(self.means, key=lambda k: (-wins[k], sign * self.means[k].mean))

    def ahead(self, lead: Difference) -> Interval:
        """The leader's advantage on the seeds both have, positive when it is better."""
        flipped = (lead.arm != self.order[0]) != self.regression
        mean = -lead.interval.mean if flipped else lead.interval.mean
        return Interval(mean, lead.interval.n, lead.interval.half)

    def beats(self, lead: Difference) -> bool:
        """Whether the leader is ahead by more than chance makes."""
        return lead.told_apart and self.ahead(lead).mean > 0

    def is_level(self, lead: Difference) -> bool:
        """Whether the two means are the same but for rounding."""
        return abs(lead.interval.mean) <= SINGLE * abs(self.means[self.order[0]].mean)

    def level(self) -> list[str]:
        """The arms whose means equal the leader's, itself included."""
        best = self.means[self.order[0]].mean
        return [k for k in self.order if abs(self.means[k].mean - best) <= self.resolution / 2]

    def no_better_than(self, level: float) -> list[str]:
        """The arms whose means are at `level` or worse, the best of them first."""
        sign = -1 if self.regression else 1
        # 0.1 measured in single precision is 0.10000000149 and no better than 0.1
        most = SINGLE * abs(level)
        return [k for k in self.order if sign * (self.means[k].mean - level) <= most]

    def ignores_the_seed(self, label: str) -> bool:
        return self.means[label].n > 1 and len(set(self.scores[label].values())) == 1

    def seeds_needed(self, lead: Difference) -> int | None:
        """Seeds to tell the arm from the leader; None where it is, and where too many."""
        if self.beats(lead) or lead.seeds_needed is None:
            return None
        # a plan that asks for no more seeds than there are contradicts the test just made
        return max(lead.seeds_needed, lead.interval.n + 1)

    def rows(self) -> tuple[dict[str, Any], ...]:
        """The leader against every arm in `leads`, as `Verdict.rows` has it."""
        return tuple(self._row(other, lead) for other, lead in self.leads.items())

    def _row(self, other: str, lead: Difference) -> dict[str, Any]:
        ahead = self.ahead(lead)
        return {
            "Leader": self.titles[self.order[0]],
            "Other": self.titles[other],
            "Difference": ahead.mean,
            "Low": ahead.low,
            "High": ahead.high,
            "p": lead.p,
            "p (Holm)": lead.p_holm,
            "Told apart": lead.told_apart,
            "Seeds needed": self.seeds_needed(lead),
        }
