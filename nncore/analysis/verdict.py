"""The verdict: what a comparison has shown, in plain words, practical size first.

It says who is ahead and by how much, with the interval of that difference, who can't be
told apart, and how many seeds it would take. Nothing here looks at test data.
"""

from dataclasses import dataclass
from typing import Any

from nncore.analysis.scores import baseline, main_metric, validation_note, with_status
from nncore.analysis.standing import Standing
from nncore.analysis.statistics import CONFIDENCE, MOST_SEEDS, Difference
from nncore.results.snapshots import Snapshot, Status
from nncore.system.wording import listing, number, percent, times

SPELLED_OUT = 3  # arms whose gap to the leader stands in the text; all stand in the rows
_NAMED = 8  # arms without their gaps; more are counted
_ONE_SEED = "One seed shows whether a setting works at all; add seeds to compare them."
_ENDINGS = {Status.DIVERGED: "diverged", Status.FAILED: "failed", Status.CANCELLED: "stopped"}


@dataclass(frozen=True)
class Verdict:
    """What can be said.

    `state`: "nothing" (no scores), "one arm", "one seed" (no verdict: the leader shares fewer
    than two seeds with any arm), "open" (the leader can't be told apart from some arm) or
    "clear". `rows` compare the leader with every arm it shares two seeds with: Leader, Other,
    Difference (positive: the leader is better), Low, High, p, p (Holm), Told apart, Seeds
    needed (None where told apart, where the arms score alike, and over MOST_SEEDS).
    """

    text: str
    rows: tuple[dict[str, Any], ...]
    state: str


def verdict(snapshot: Snapshot, when: str = "last") -> Verdict:
    """The verdict on validation scores of the "last" or "best" epoch."""
    standing = Standing(snapshot, when)
    writer = _Writer(snapshot, standing)
    if not standing.order:
        state, sentences = "nothing", writer.no_scores()
    elif len(standing.order) == 1:
        state, sentences = "one arm", writer.one_arm()
    elif not standing.leads:
        state, sentences = "one seed", writer.one_seed()
    else:
        clear = all(standing.beats(lead) for lead in standing.leads.values())
        state, sentences = "clear" if clear else "open", writer.several_seeds()
    if snapshot.active and standing.order:
        sentences = ["More trainings are under way.", *sentences]
    note = validation_note(snapshot) if standing.order else ""
    text = " ".join([*sentences, *writer.trivial(), *writer.lost(), *filter(None, [note])])
    return Verdict(text, standing.rows(), state)


class _Writer:
    """The sentences about one standing."""

    def __init__(self, snapshot: Snapshot, standing: Standing) -> None:
        self.snapshot = snapshot
        self.standing = standing
        self.titles = standing.titles
        self.leads = standing.leads
        self.unit = next(iter(snapshot.configs.values())).data.unit

    def no_scores(self) -> list[str]:
        if self.snapshot.active or not self.snapshot.trials:
            return ["No training has a score yet."]
        return ["No training has a score, so there is nothing to compare."]

    def one_arm(self) -> list[str]:
        only = self.standing.order[0]
        mean = self.standing.means[only]
        over = f"with {times(mean.n, 'seed')}"
        if mean.low is not None and mean.high is not None:
            low, high = self._value(mean.low), self._value(mean.high)
            over = f"on average over {times(mean.n, 'seed')} (95 % interval {low} to {high})"
        return [f"Only {self.titles[only]} has scores: {self._score(only)} {over}."]

    def one_seed(self) -> list[str]:
        standing = self.standing
        leader, second = standing.order[:2]
        level = standing.level()
        if second in level:
            front = f"{self._names(level)} are level with {self._score(leader)}"
        else:
            gap = self._amount(abs(standing.means[leader].mean - standing.means[second].mean))
            front = (
                f"{self.titles[leader]} is in front with {self._score(leader)}, {gap} better "
                f"than {self.titles[second]}"
            )
        one_each = all(mean.n == 1 for mean in standing.means.values())
        why = "One seed gives" if one_each else "Arms that share fewer than two seeds give"
        return [
            f"{why} no verdict.",
            f"{front}, but another seed may well turn that round.",
            *([] if self.snapshot.active else [_ONE_SEED]),
        ]

    def several_seeds(self) -> list[str]:
        standing = self.standing
        label = standing.order[0]
        leader, seeds = self.titles[label], times(standing.means[label].n, "seed")
        start = f"{self._score(label)} on average over {seeds}"
        apart = [k for k, lead in self.leads.items() if standing.beats(lead)]
        tied = [k for k in self.leads if k not in apart]
        sentences = []
        if not tied:
            first, *rest = apart
            sentences.append(
                f"{leader} is best: {start}, {self._gap(self.leads[first])} better than "
                f"{self.titles[first]} ({self._range(self.leads[first])})."
            )
            if rest:
                sentences.append(f"It is ahead of {self._sizes(rest)}, too.")
        else:
            sentences += self._tie(label, start, tied)
            if apart:
                who = leader if standing.is_level(self.leads[tied[0]]) else "It"
                sentences.append(f"{who} is ahead of {self._sizes(apart)}.")
        if standing.n_pairs > 1:
            sentences.append(
                f"The {standing.n_pairs} pairs of arms were tested together, seed by seed "
                "(paired t-tests with Holm's correction)."
            )
        unmatched = [k for k in standing.order[1:] if k not in self.leads]
        if unmatched:
            sentences.append(f"Too few shared seeds to judge {self._names(unmatched)}.")
        return sentences

    def _tie(self, label: str, start: str, tied: list[str]) -> list[str]:
        """A leader that can't be told apart from `tied`; those as good as it stand beside it."""
        standing = self.standing
        level = [k for k in tied if standing.is_level(self.leads[k])]
        behind = [k for k in tied if k not in level]
        if not level:
            head = f"{self.titles[label]} is in front with {start}, but can't"
            plan = [self._plan(tied[0])]
        else:
            whose = "their difference" if len(level) == 1 else "the first two's difference"
            width = self._range(self.leads[level[0]])
            head = f"{self._names([label, *level])} are level: {start} (of {whose}: {width})"
            fixed = all(standing.ignores_the_seed(k) for k in (label, *level))
            plan = ["None of them depends on the seed: more seeds show no more."] if fixed else []
            if not behind:
                return [f"{head}.", *plan]
            head += ". They can't"
        return [f"{head} be told apart from {self._near(behind)}.", *self._doubt(behind), *plan]

    def _near(self, tied: list[str]) -> str:
        """The arms at the leader's heels, the nearest ones with their gaps."""
        near = [
            f"{self.titles[k]} ({self._behind(self.leads[k])}, {self._range(self.leads[k])})"
            for k in tied[:SPELLED_OUT]
        ]
        return listing(near + self._more(tied[SPELLED_OUT:]))

    def _more(self, labels: list[str]) -> list[str]:
        """Further arms by name, or how many when nobody would read the names."""
        if len(labels) > _NAMED:
            return [f"{len(labels)} others"]
        return [self.titles[k] for k in labels]

    def _behind(self, lead: Difference) -> str:
        """Where the other arm stands, on the seeds it shares with the leader."""
        ahead = self.standing.ahead(lead).mean
        where = "behind" if ahead > 0 else "in front on the seeds both have"
        return f"{self._gap(lead)} {where}"

    def _doubt(self, tied: list[str]) -> list[str]:
        """Why an interval that leaves out 0 is not enough here."""
        alone = [k for k in tied[:SPELLED_OUT] if self.leads[k].p < 1 - CONFIDENCE]
        if not alone:
            return []
        return [
            f"Taken alone, the interval against {self._names(alone)} leaves out 0, but among "
            f"{self.standing.n_pairs} pairs with so few seeds, chance alone makes such gaps."
        ]

    def _plan(self, other: str) -> str:
        lead, name, standing = self.leads[other], self.titles[other], self.standing
        if standing.ignores_the_seed(standing.order[0]) and standing.ignores_the_seed(other):
            return f"Neither it nor {name} depends on the seed here, so more seeds show no more."
        count = standing.seeds_needed(lead)
        if count is None:
            return (
                f"Its difference from {name} is so small beside the spread between seeds that "
                f"even {MOST_SEEDS:,} seeds would hardly show it."
            )
        return f"A difference from {name} of this size would take roughly {count:,} seeds to show."

    def trivial(self) -> list[str]:
        """Who is no better than the trivial model."""
        known = baseline(self.snapshot, main_metric(self.snapshot))
        dull = self.standing.no_better_than(known[0]) if known else []
        if known is None or not dull:
            return []
        verb = "is" if len(dull) == 1 else "are"
        level, says = known
        return [
            f"{self._names(dull)} {verb} no better than a model that {says} ({self._value(level)})."
        ]

    def lost(self) -> list[str]:
        """What diverged, failed or was stopped, by name; arms of one fate share a sentence."""
        fates: dict[tuple[str, int, int], list[str]] = {}
        for status, verb in _ENDINGS.items():
            for label in self.titles:
                gone = len(with_status(self.snapshot, label, status))
                if gone:
                    of = len(self.snapshot.of_arm(label))
                    fates.setdefault((verb, gone, of), []).append(label)
        return [self._fate(*fate, labels) for fate, labels in fates.items()]

    def _fate(self, verb: str, gone: int, of: int, labels: list[str]) -> str:
        one = len(labels) == 1
        if verb == "stopped":
            verb = "was stopped" if one else "were stopped"
        start = f"{self._names(labels)} {verb} with"
        if gone == of:
            every = f"{'its' if one else 'their'} only seed" if of == 1 else "every seed"
            return f"{start} {every} and {'has' if one else 'have'} no score."
        told = f"{start} {gone} of {of} seeds{'' if one else ' each'}."
        if all(label in self.standing.scores for label in labels):
            score = "Its score is that" if one else "Their scores are those"
            told += f" {score} of the other seeds."
        return told

    def _names(self, labels: list[str]) -> str:
        return listing([self.titles[k] for k in labels])

    def _sizes(self, labels: list[str]) -> str:
        near = [f"{self.titles[k]} by {self._gap(self.leads[k])}" for k in labels[:SPELLED_OUT]]
        return listing(near + self._more(labels[SPELLED_OUT:]))

    def _gap(self, lead: Difference) -> str:
        return self._amount(abs(lead.interval.mean))

    def _range(self, lead: Difference) -> str:
        ahead = self.standing.ahead(lead)
        if ahead.low is None or ahead.high is None:
            return "no interval"
        low, high = self._bare(ahead.low), self._bare(ahead.high)
        return f"95 % interval {low} to {high}" if low != high else "the same with every seed"

    def _score(self, label: str) -> str:
        word = "mean absolute error" if self.standing.regression else "accuracy"
        return f"a validation {word} of {self._value(self.standing.means[label].mean)}"

    def _value(self, score: float) -> str:
        if self.standing.regression:
            return f"{number(score)} {self.unit}".rstrip()
        return percent(score)

    def _amount(self, difference: float) -> str:
        """A difference with its unit: "0.8 points of accuracy", "1,200 $"."""
        unit = self.unit if self.standing.regression else "points of accuracy"
        return f"{self._bare(difference)} {unit}".rstrip()

    def _bare(self, difference: float) -> str:
        if self.standing.regression:
            return number(difference, 2)
        points = 100 * difference
        return f"{points:.1f}".replace("-", "−") if abs(points) >= 0.1 else number(points, 1)
