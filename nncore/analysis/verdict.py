"""The verdict: what a comparison has shown, in plain words, practical size first.

It says who is ahead and by how much, with the interval of that difference, who can't be
told apart, and how many seeds it would take. Nothing here looks at test data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nncore.analysis.scores import (
    baseline,
    is_regression,
    main_metric,
    titles,
    values,
    with_status,
)
from nncore.analysis.statistics import (
    CONFIDENCE,
    MOST_SEEDS,
    Difference,
    Interval,
    SeedValues,
    differences,
    interval,
)
from nncore.analysis.wording import listing, number, percent, times
from nncore.results import Snapshot, Status

SPELLED_OUT = 3  # arms whose gap to the leader stands in the text; all stand in the rows


@dataclass(frozen=True)
class Verdict:
    """What can be said.

    `state`: "nothing" (no scores), "one arm", "one seed" (no verdict), "open" (the leader
    can't be told apart from some arm) or "clear". `rows` compare the leader with every other
    arm: Leader, Other, Difference (positive: the leader is better), Low, High, p, p (Holm),
    Told apart, Seeds needed.
    """

    text: str
    rows: tuple[dict[str, Any], ...]
    state: str


def verdict(snapshot: Snapshot, when: str = "last") -> Verdict:
    """The verdict on validation scores of the "last" or "best" epoch."""
    return _Judge(snapshot, when).verdict()


class _Judge:
    """Scores of one snapshot, and the sentences about them."""

    def __init__(self, snapshot: Snapshot, when: str) -> None:
        self.snapshot = snapshot
        self.metric = main_metric(snapshot)
        self.titles = titles(snapshot)
        config = next(iter(snapshot.configs.values()))
        self.unit = config.data.unit
        self.rounding = 0.0 if is_regression(snapshot) else 1.0 / config.counts()[1]
        scores = {
            arm.label: values(snapshot, arm.label, self.metric, when=when) for arm in snapshot.arms
        }
        self.scores: dict[str, SeedValues] = {k: v for k, v in scores.items() if v}
        self.means: dict[str, Interval] = {
            k: found for k, v in self.scores.items() if (found := interval(v.values()))
        }
        sign = 1 if is_regression(snapshot) else -1
        self.order = sorted(self.means, key=lambda k: sign * self.means[k].mean)

    def verdict(self) -> Verdict:
        if not self.order:
            return self._close("nothing", self._no_scores(), ())
        if len(self.order) == 1:
            only = self.order[0]
            text = f"Only {self.titles[only]} has scores: {self._score(only)}."
            return self._close("one arm", [text], ())
        pairs = differences(self.scores, resolution=self.rounding)
        leads = self._leads(pairs)
        if not leads:
            return self._close("one seed", self._one_seed(), ())
        state = "clear" if all(d.told_apart for d in leads.values()) else "open"
        rows = tuple(self._row(label, lead) for label, lead in leads.items())
        return self._close(state, self._several_seeds(leads, len(pairs)), rows)

    def _close(self, state: str, sentences: list[str], rows: tuple[dict[str, Any], ...]) -> Verdict:
        if self.snapshot.active and self.order:
            sentences = ["More trainings are under way; so far:", *sentences]
        return Verdict(" ".join(sentences + self._baseline() + self._lost()), rows, state)

    def _leads(self, pairs: list[Difference]) -> dict[str, Difference]:
        """Other arm -> how far the leader is ahead of it, nearest rank first."""
        leader, *others = self.order
        found: dict[str, Difference] = {}
        for other in others:
            for pair in pairs:
                if {pair.arm, pair.other} == {leader, other}:
                    found[other] = pair
        return found

    def _ahead(self, lead: Difference) -> Interval:
        """The leader's advantage, positive when it is better."""
        flipped = (lead.arm != self.order[0]) != is_regression(self.snapshot)
        mean = -lead.interval.mean if flipped else lead.interval.mean
        return Interval(mean, lead.interval.n, lead.interval.half)

    def _several_seeds(self, leads: Mapping[str, Difference], n_pairs: int) -> list[str]:
        leader = self.titles[self.order[0]]
        seeds = times(self.means[self.order[0]].n, "seed")
        start = f"{self._score(self.order[0])} on average over {seeds}"
        apart = [k for k, lead in leads.items() if lead.told_apart]
        tied = [k for k in leads if k not in apart]
        sentences = []
        if not tied:
            first, *rest = apart
            sentences.append(
                f"{leader} is best: {start}, {self._gap(leads[first])} better than "
                f"{self.titles[first]} ({self._range(leads[first])})."
            )
            if rest:
                sentences.append(f"It is ahead of {self._sizes(rest, leads)}, too.")
        else:
            sentences.append(
                f"{leader} is in front with {start}, but can't be told apart from "
                f"{self._near(tied, leads)}."
            )
            sentences += self._doubt(tied, leads, n_pairs)
            sentences.append(self._plan(tied[0], leads[tied[0]]))
            if apart:
                sentences.append(f"It is ahead of {self._sizes(apart, leads)}.")
        if n_pairs > 1:
            sentences.append(
                f"The {n_pairs} pairs of arms were tested together, seed by seed "
                "(paired t-tests with Holm's correction)."
            )
        unmatched = [self.titles[k] for k in self.order[1:] if k not in leads]
        if unmatched:
            sentences.append(f"Too few seeds yet to judge {listing(unmatched)}.")
        return sentences

    def _near(self, tied: list[str], leads: Mapping[str, Difference]) -> str:
        """The arms at the leader's heels, the nearest ones with their gaps."""
        near = [
            f"{self.titles[k]} ({self._gap(leads[k])} behind, {self._range(leads[k])})"
            for k in tied[:SPELLED_OUT]
        ]
        return listing(near + [self.titles[k] for k in tied[SPELLED_OUT:]])

    def _doubt(self, tied: list[str], leads: Mapping[str, Difference], n_pairs: int) -> list[str]:
        """Why an interval that leaves out 0 is not enough here."""
        alone = [self.titles[k] for k in tied[:SPELLED_OUT] if leads[k].p < 1 - CONFIDENCE]
        if not alone:
            return []
        return [
            f"Taken alone, the interval against {listing(alone)} leaves out 0, but among "
            f"{n_pairs} pairs with so few seeds, chance makes such gaps."
        ]

    def _plan(self, other: str, lead: Difference) -> str:
        name = self.titles[other]
        if lead.interval.mean == 0:
            return f"On these seeds it scores exactly as {name} does."
        if lead.seeds_needed is None:
            return (
                f"Even {MOST_SEEDS:,} seeds would hardly separate it from {name}: in practice they "
                "are equal here."
            )
        # a plan that asks for no more seeds than there are contradicts the test just made
        count = max(lead.seeds_needed, lead.interval.n + 1)
        return f"A difference from {name} of this size would take roughly {count:,} seeds to show."

    def _one_seed(self) -> list[str]:
        leader, second = self.order[:2]
        gap = self._amount(abs(self.means[leader].mean - self.means[second].mean))
        return [
            "One seed gives no verdict.",
            f"{self.titles[leader]} is in front with {self._score(leader)}, {gap} better than "
            f"{self.titles[second]}, but another seed may well turn that round.",
            "One seed shows whether a setting works at all; add seeds to compare them.",
        ]

    def _no_scores(self) -> list[str]:
        if self.snapshot.active or not self.snapshot.trials:
            return ["No training has finished yet."]
        return ["No training has a score, so there is nothing to compare."]

    def _baseline(self) -> list[str]:
        trivial = baseline(self.snapshot, self.metric)
        if trivial is None or not self.order:
            return []
        level, says = trivial
        sign = -1 if is_regression(self.snapshot) else 1
        dull = [k for k in self.order if sign * (self.means[k].mean - level) <= 0]
        if not dull:
            return []
        verb = "is" if len(dull) == 1 else "are"
        names = listing([self.titles[k] for k in dull])
        return [f"{names} {verb} no better than a model that {says} ({self._value(level)})."]

    def _lost(self) -> list[str]:
        """What diverged, failed or was stopped, by name."""
        told = []
        for status, verb in (
            (Status.DIVERGED, "diverged"),
            (Status.FAILED, "failed"),
            (Status.CANCELLED, "stopped"),
        ):
            for label, name in self.titles.items():
                gone, of = with_status(self.snapshot, label, status), self.snapshot.of_arm(label)
                if not gone:
                    continue
                was = "was stopped" if verb == "stopped" else verb
                if len(gone) == len(of):
                    every = "its only seed" if len(of) == 1 else "every seed"
                    told.append(f"{name} {was} with {every} and has no score.")
                else:
                    rest = " Its score is that of the other seeds." if label in self.scores else ""
                    told.append(f"{name} {was} with {len(gone)} of {len(of)} seeds.{rest}")
        return told

    def _row(self, other: str, lead: Difference) -> dict[str, Any]:
        ahead = self._ahead(lead)
        return {
            "Leader": self.titles[self.order[0]],
            "Other": self.titles[other],
            "Difference": ahead.mean,
            "Low": ahead.low,
            "High": ahead.high,
            "p": lead.p,
            "p (Holm)": lead.p_holm,
            "Told apart": lead.told_apart,
            "Seeds needed": lead.seeds_needed,
        }

    def _sizes(self, labels: list[str], leads: Mapping[str, Difference]) -> str:
        return listing([f"{self.titles[k]} by {self._gap(leads[k])}" for k in labels])

    def _gap(self, lead: Difference) -> str:
        return self._amount(abs(self._ahead(lead).mean))

    def _range(self, lead: Difference) -> str:
        ahead = self._ahead(lead)
        if ahead.low is None or ahead.high is None:
            return "no interval"
        return f"95 % interval {self._bare(ahead.low)} to {self._bare(ahead.high)}"

    def _score(self, label: str) -> str:
        word = "mean absolute error" if is_regression(self.snapshot) else "accuracy"
        return f"a validation {word} of {self._value(self.means[label].mean)}"

    def _value(self, score: float) -> str:
        if is_regression(self.snapshot):
            return f"{number(score)} {self.unit}".rstrip()
        return percent(score)

    def _amount(self, difference: float) -> str:
        """A difference with its unit: "0.8 points of accuracy", "1,200 $"."""
        unit = self.unit if is_regression(self.snapshot) else "points of accuracy"
        return f"{self._bare(difference)} {unit}".rstrip()

    def _bare(self, difference: float) -> str:
        if is_regression(self.snapshot):
            return number(difference, 2)
        points = 100 * difference
        return f"{points:.1f}".replace("-", "−") if abs(points) >= 0.1 else number(points, 1)
