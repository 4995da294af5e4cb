"""The verdict: what a comparison has shown, in plain words, practical size first.

It says who is ahead and by how much, with the interval of that difference, who can't be
told apart, and how many seeds it would take. Nothing here looks at test data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nncore.analysis.climbing import Climbing, climbing
from nncore.analysis.headline import headline
from nncore.analysis.ranking import RankedArm, Ranking, Rival
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import CONFIDENCE, MOST_SEEDS
from nncore.analysis.words import Words, names_of
from nncore.results.snapshots import Status
from nncore.system.wording import listing, times

SPELLED_OUT = 3  # arms whose gap to the leader stands in the text; all stand in the rows
_NAMED = 8  # arms without their gaps; more are counted
_ONE_SEED = "One seed shows whether a setting works at all; add seeds to compare them."
_UNDER_WAY = "More trainings are under way."
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

    text: str  # all of it, as the command line and JSON have it
    rows: tuple[dict[str, Any], ...]
    state: str
    headline: str = ""  # who, by how much, and the interval of that
    details: str = ""  # the rest of the text, below the headline
    method: str = ""  # how it was tested; "" where it wasn't
    seeds: int = 0  # behind the leader's score
    climbing: Climbing | None = None  # whose curves had not levelled off


def verdict(reading: Reading, when: str = "last") -> Verdict:
    """The verdict on validation scores of the "last" or "best" epoch."""
    ranking = Ranking(reading, when)
    writer = _Writer(reading, ranking)
    if not ranking.arms:
        state, sentences = "nothing", writer.no_scores()
    elif len(ranking.arms) == 1:
        state, sentences = "one arm", writer.one_arm()
    elif not ranking.rivals:
        state, sentences = "one seed", writer.one_seed()
    else:
        clear = all(rival.is_beaten for rival in ranking.rivals)
        state, sentences = "clear" if clear else "open", writer.several_seeds()
    if reading.active and ranking.arms:
        sentences = [_UNDER_WAY, *sentences]
    note = reading.validation_note if ranking.arms else ""
    end = [*writer.trivial(), *writer.lost(), *filter(None, [note])]
    climbs = climbing(reading)
    return Verdict(
        " ".join([*sentences, *end, *([climbs.words] if climbs else [])]),
        ranking.rows(),
        state,
        headline(reading, ranking, state),
        " ".join([*writer.details(sentences), *end]),
        writer.method(),
        ranking.leader.mean.n if ranking.arms else 0,
        climbs,
    )


class _Writer:
    """The sentences about one ranking."""

    def __init__(self, reading: Reading, ranking: Ranking) -> None:
        self.reading = reading
        self.ranking = ranking
        self.words = Words(reading)

    def no_scores(self) -> list[str]:
        if self.reading.active or not self.reading.trials:
            return ["No training has a score yet."]
        return ["No training has a score, so there is nothing to compare."]

    def one_arm(self) -> list[str]:
        only = self.ranking.leader
        mean = only.mean
        over = f"with {times(mean.n, 'seed')}"
        if mean.low is not None and mean.high is not None:
            low, high = self.words.value(mean.low), self.words.value(mean.high)
            over = f"on average over {times(mean.n, 'seed')} (95 % interval {low} to {high})"
        return [f"Only {only.title} has scores: {self._score(only)} {over}."]

    def one_seed(self) -> list[str]:
        ranking = self.ranking
        leader, second = ranking.arms[:2]
        level = ranking.level()
        if second in level:
            front = f"{names_of(level)} are level with {self._score(leader)}"
        else:
            gap = self.words.amount(abs(leader.mean.mean - second.mean.mean))
            front = (
                f"{leader.title} is in front with {self._score(leader)}, {gap} better "
                f"than {second.title}"
            )
        one_each = all(ranked.mean.n == 1 for ranked in ranking.arms)
        why = "One seed gives" if one_each else "Arms that share fewer than two seeds give"
        return [
            f"{why} no verdict.",
            f"{front}, but another seed may well turn that round.",
            *([] if self.reading.active else [_ONE_SEED]),
        ]

    def several_seeds(self) -> list[str]:
        ranking, leader = self.ranking, self.ranking.leader
        start = f"{self._score(leader)} on average over {times(leader.mean.n, 'seed')}"
        apart = [rival for rival in ranking.rivals if rival.is_beaten]
        tied = [rival for rival in ranking.rivals if not rival.is_beaten]
        sentences = []
        if not tied:
            first, *rest = apart
            sentences.append(
                f"{self.best()}{start}, {self._gap(first)} better than "
                f"{first.title} ({self._range(first)})."
            )
            if rest:
                sentences.append(f"It is ahead of {self._sizes(rest)}, too.")
        else:
            sentences += self._tie(start, tied)
            if apart:
                who = leader.title if tied[0].is_level else "It"
                sentences.append(f"{who} is ahead of {self._sizes(apart)}.")
        if ranking.n_pairs > 1:
            sentences.append(self.tests())
        compared = [rival.ranked for rival in ranking.rivals]
        unmatched = [ranked for ranked in ranking.arms[1:] if ranked not in compared]
        if unmatched:
            sentences.append(f"Too few shared seeds to judge {names_of(unmatched)}.")
        return sentences

    def best(self) -> str:
        """How the text of a clear verdict begins."""
        return f"{self.ranking.leader.title} is best: "

    def tests(self) -> str:
        """How pairs of arms were tested."""
        if self.ranking.n_pairs == 1:
            return "The two arms were compared seed by seed (a paired t-test)."
        return (
            f"The {self.ranking.n_pairs} pairs of arms were tested together, seed by seed "
            "(paired t-tests with Holm's correction)."
        )

    def details(self, sentences: Sequence[str]) -> list[str]:
        """The text without its tests and without what the headline says."""
        begun = [s.removeprefix(self.best()) if self.ranking.arms else s for s in sentences]
        return [s[:1].upper() + s[1:] for s in begun if s not in (_UNDER_WAY, self.tests())]

    def method(self) -> str:
        """The tests, what the intervals are of, and which data had a say."""
        if not self.ranking.rivals:
            return ""
        return (
            f"{self.tests()} Brackets are 95 % intervals of the mean difference over seeds, each "
            "for its pair alone. Only validation data has a say; test data is looked at once, at "
            "the end of each training."
        )

    def _tie(self, start: str, tied: list[Rival]) -> list[str]:
        """A leader that can't be told apart from `tied`; those as good as it stand beside it."""
        leader = self.ranking.leader
        level = [rival for rival in tied if rival.is_level]
        behind = [rival for rival in tied if not rival.is_level]
        if not level:
            head = f"{leader.title} is in front with {start}, but can't"
            plan = [self._plan(tied[0])]
        else:
            whose = "their difference" if len(level) == 1 else "the first two's difference"
            width = self._range(level[0])
            head = f"{names_of([leader, *level])} are level: {start} (of {whose}: {width})"
            fixed = all(ranked.ignores_the_seed for ranked in (leader, *(r.ranked for r in level)))
            plan = ["None of them depends on the seed: more seeds show no more."] if fixed else []
            if not behind:
                return [f"{head}.", *plan]
            head += ". They can't"
        return [f"{head} be told apart from {self._near(behind)}.", *self._doubt(behind), *plan]

    def _near(self, tied: list[Rival]) -> str:
        """The arms at the leader's heels, the nearest ones with their gaps."""
        near = [
            f"{rival.title} ({self._behind(rival)}, {self._range(rival)})"
            for rival in tied[:SPELLED_OUT]
        ]
        return listing(near + _more(tied[SPELLED_OUT:]))

    def _behind(self, rival: Rival) -> str:
        """Where the other arm stands, on the seeds it shares with the leader."""
        where = "behind" if rival.ahead.mean > 0 else "in front on the seeds both have"
        return f"{self._gap(rival)} {where}"

    def _doubt(self, tied: list[Rival]) -> list[str]:
        """Why an interval that leaves out 0 is not enough here."""
        alone = [rival for rival in tied[:SPELLED_OUT] if rival.pair.p < 1 - CONFIDENCE]
        if not alone:
            return []
        return [
            f"Taken alone, the interval against {names_of(alone)} leaves out 0, but among "
            f"{self.ranking.n_pairs} pairs with so few seeds, chance alone makes such gaps."
        ]

    def _plan(self, rival: Rival) -> str:
        if self.ranking.leader.ignores_the_seed and rival.ranked.ignores_the_seed:
            return (
                f"Neither it nor {rival.title} depends on the seed here, so more seeds show no "
                "more."
            )
        count = rival.seeds_needed
        if count is None:
            return (
                f"Its difference from {rival.title} is so small beside the spread between seeds "
                f"that even {MOST_SEEDS:,} seeds would hardly show it."
            )
        return (
            f"A difference from {rival.title} of this size would take roughly {count:,} seeds to "
            "show."
        )

    def trivial(self) -> list[str]:
        """Who is no better than the trivial model."""
        guess = self.reading.baseline(self.reading.metric)
        dull = self.ranking.no_better_than(guess.level) if guess else []
        if guess is None or not dull:
            return []
        verb = "is" if len(dull) == 1 else "are"
        return [
            f"{names_of(dull)} {verb} no better than a model that {guess.says} "
            f"({self.words.value(guess.level)})."
        ]

    def lost(self) -> list[str]:
        """What diverged, failed or was stopped, by name; arms of one fate share a sentence."""
        fates: dict[tuple[str, int, int], list[ReadArm]] = {}
        for status, verb in _ENDINGS.items():
            for arm in self.reading.arms:
                if gone := len(arm.of_status(status)):
                    fates.setdefault((verb, gone, len(arm.trials)), []).append(arm)
        return [self._fate(*fate, arms) for fate, arms in fates.items()]

    def _fate(self, verb: str, gone: int, of: int, arms: list[ReadArm]) -> str:
        one = len(arms) == 1
        if verb == "stopped":
            verb = "was stopped" if one else "were stopped"
        start = f"{names_of(arms)} {verb} with"
        if gone == of:
            every = f"{'its' if one else 'their'} only seed" if of == 1 else "every seed"
            return f"{start} {every} and {'has' if one else 'have'} no score."
        sentence = f"{start} {gone} of {of} seeds{'' if one else ' each'}."
        scored = [ranked.arm for ranked in self.ranking.arms]
        if all(arm in scored for arm in arms):
            score = "Its score is that" if one else "Their scores are those"
            sentence += f" {score} of the other seeds."
        return sentence

    def _sizes(self, rivals: list[Rival]) -> str:
        near = [f"{rival.title} by {self._gap(rival)}" for rival in rivals[:SPELLED_OUT]]
        return listing(near + _more(rivals[SPELLED_OUT:]))

    def _gap(self, rival: Rival) -> str:
        return self.words.amount(abs(rival.ahead.mean))

    def _range(self, rival: Rival) -> str:
        if rival.ahead.low is None or rival.ahead.high is None:
            return "no interval"
        low, high = self.words.bare(rival.ahead.low), self.words.bare(rival.ahead.high)
        return f"95 % interval {low} to {high}" if low != high else "the same with every seed"

    def _score(self, ranked: RankedArm) -> str:
        return f"a validation {self.words.score} of {self.words.value(ranked.mean.mean)}"


def _more(rivals: list[Rival]) -> list[str]:
    """Further arms by name, or how many when nobody would read the names."""
    if len(rivals) > _NAMED:
        return [f"{len(rivals)} others"]
    return [rival.title for rival in rivals]
