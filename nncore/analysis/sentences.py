"""The verdict's sentences, about one ranking."""

from collections.abc import Sequence

from nncore.analysis.fates import collapsed, diverged, less_often
from nncore.analysis.method import tested
from nncore.analysis.pair_words import needed_words
from nncore.analysis.pairs import ROWS
from nncore.analysis.ranking import RankedArm, Ranking, Rival
from nncore.analysis.reading import Reading
from nncore.analysis.words import Words, more_rows, names_of
from nncore.system.wording import listing, times

SPELLED_OUT = 3  # arms whose gap to the leader stands in the text; all stand in the rows
UNDER_WAY = "More trainings are under way."
_NAMED = 8  # arms without their gaps; more are counted
_ONE_SEED = "One seed shows whether a setting works at all; add seeds to compare them."


class Sentences:
    """The sentences; `of` puts together those of a state, which `Verdict` lists."""

    def __init__(self, reading: Reading, ranking: Ranking) -> None:
        self.reading = reading
        self.ranking = ranking
        self.words = Words(reading)

    def of(self, state: str) -> list[str]:
        """What the means say; `reliability` says first of which runs they are."""
        match state:
            case "nothing":
                return self.no_scores()
            case "one arm":
                return self.one_arm()
            case "one seed":
                return self.one_seed()
            case "so far":
                return self.so_far()
        return self.several_seeds()

    def reliability(self) -> list[str]:
        """Who doesn't train with every seed; nothing where all do."""
        ranking = self.ranking
        return [*diverged(self.reading, ranking), *collapsed(ranking), *less_often(ranking)]

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
            over = (
                f"{self.words.centre} over {times(mean.n, 'seed')} (95 % interval {low} to {high})"
            )
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

    def so_far(self) -> list[str]:
        """Before the plan's seeds are in, nobody is called better than another."""
        leader, nearest = self.ranking.leader, self.ranking.rivals[0]
        plan = self.ranking.judgement.plan
        front = f"{leader.title} is in front so far with {self._score(leader)}"
        if nearest.ahead.mean > 0:
            front += f", {self._gap(nearest)} better than {nearest.title}"
        return [f"{front}. Nobody is called better before all {times(plan, 'seed')} are in."]

    def several_seeds(self) -> list[str]:
        ranking, leader = self.ranking, self.ranking.leader
        start = f"{self._score(leader)} {self.words.centre} over {times(leader.mean.n, 'seed')}"
        beaten = [rival for rival in ranking.rivals if rival.is_beaten]
        same = [rival for rival in ranking.rivals if rival.is_same]
        ahead = [rival for rival in ranking.rivals if rival.is_ahead]
        open_ = [rival for rival in ranking.rivals if rival.is_open]
        sentences = []
        if ahead and not same and not open_:
            sentences.append(f"{leader.title} is in front with {start}.")
        elif not same and not open_:
            first, *rest = beaten
            sentences.append(
                f"{self.best()}{start}, {self._gap(first)} better than "
                f"{first.title} ({self._range(first)})."
            )
            if rest:
                sentences.append(f"It is ahead of {self._sizes(rest)}, too.")
            if not leader.runs.is_reliable:
                sentences.append("No arm is called best that trains so rarely.")
        else:
            if same:
                sentences += self._same(start, same)
            if open_:
                sentences += self._open(start, open_, begun=bool(same))
        if beaten and (ahead or same or open_):
            who = leader.title if same or (open_ and open_[0].is_level) else "It"
            sentences.append(f"{who} is ahead of {self._sizes(beaten)}.")
        sentences += [self._ahead(rival) for rival in ahead]
        sentences += self._wider()
        if ranking.n_pairs > 1:
            sentences.append(tested(self.ranking))
        compared = [rival.ranked for rival in ranking.rivals]
        unmatched = [ranked for ranked in ranking.arms[1:] if ranked not in compared]
        if unmatched:
            sentences.append(f"Too few shared seeds to judge {names_of(unmatched)}.")
        return sentences

    def best(self) -> str:
        """How the text of a clear verdict begins."""
        leader = self.ranking.leader
        return f"{leader.title} is {'best' if leader.runs.is_reliable else 'in front'}: "

    def details(self, sentences: Sequence[str]) -> list[str]:
        """The text without its tests and without what the headline says."""
        begun = [s.removeprefix(self.best()) if self.ranking.arms else s for s in sentences]
        return [s[:1].upper() + s[1:] for s in begun if s != tested(self.ranking)]

    def _same(self, start: str, same: list[Rival]) -> list[str]:
        """Who is as good as the leader for all practical purposes."""
        leader = self.ranking.leader
        if all(rival.is_level for rival in same):
            width = self._range(same[0])
            whose = "their difference" if len(same) == 1 else "the first two's difference"
            return [
                f"{names_of([leader, *same])} are level: {start} (of {whose}: {width}).",
                *self._fixed(same),
            ]
        margin = self.words.amount(self.ranking.scale.margin)
        first = [f"{rival.title} ({self._range(rival)})" for rival in same[:SPELLED_OUT]]
        near = listing(first + _more(same[SPELLED_OUT:]))
        return [
            f"{leader.title} has {start}. Within {margin}, the same for practical purposes: {near}."
        ]

    def _open(self, start: str, tied: list[Rival], *, begun: bool) -> list[str]:
        """A leader that can't be told apart from `tied`; those as good as it stand beside it."""
        leader = self.ranking.leader
        level = [rival for rival in tied if rival.is_level]
        behind = [rival for rival in tied if not rival.is_level]
        if begun:
            return [
                f"{leader.title} can't be told apart from {self._near(tied)} yet.",
                self._plan(tied[0]),
            ]
        if not level:
            head = f"{leader.title} is in front with {start}, but can't"
            plan = [self._plan(tied[0])]
        else:
            whose = "their difference" if len(level) == 1 else "the first two's difference"
            width = self._range(level[0])
            head = f"{names_of([leader, *level])} are level: {start} (of {whose}: {width})"
            plan = self._fixed(level) or [self._plan(level[0])]
            if not behind:
                return [f"{head}.", *plan]
            head += ". They can't"
        return [f"{head} be told apart from {self._near(behind)} yet.", *plan]

    def _fixed(self, level: list[Rival]) -> list[str]:
        """That no more seeds are worth having, where no seed changes anything."""
        ranked = (self.ranking.leader, *(rival.ranked for rival in level))
        if not all(each.ignores_the_seed for each in ranked):
            return []
        return ["None of them depends on the seed: more seeds show no more."]

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

    def _ahead(self, rival: Rival) -> str:
        """Why an arm doesn't lead that is better on the seeds both have."""
        runs = rival.ranked.runs
        gap, width = self._gap(rival), self._between(rival.ahead.high, rival.ahead.low, sign=-1)
        start = f"{rival.title} is {gap} better on the seeds both have ({width}), but"
        if runs.is_reliable:
            return f"{start} wins against fewer arms."
        return f"{start} trained with {runs.trained} of {times(runs.of, 'seed')} only."

    def _wider(self) -> list[str]:
        """Whose scores scatter much further, and what comes of it."""
        wide = [r for r in self.ranking.arms if r.arm.label in self.ranking.judgement.wider]
        if not wide:
            return []
        its = "its" if len(wide) == 1 else "their"
        return [
            f"Scores of {names_of(wide)} scatter several times as far as the others', so {its} "
            "pairs are judged by their own spread alone."
        ]

    def _plan(self, rival: Rival) -> str:
        if self.ranking.leader.ignores_the_seed and rival.ranked.ignores_the_seed:
            return (
                f"Neither it nor {rival.title} depends on the seed here, so more seeds show no "
                "more."
            )
        if rival.pair.state == ROWS:
            return (
                f"More seeds won't tell whether it differs from {rival.title}; "
                f"{more_rows(self.reading)}."
            )
        needed = needed_words(rival.pair.seeds_needed, self.ranking.judgement.most)
        return f"{needed[0].upper()}{needed[1:]} it from {rival.title}."

    def trivial(self) -> list[str]:
        """Who is no better than the trivial model."""
        guess = self.reading.baseline(self.reading.criterion.name)
        dull = self.ranking.no_better_than(guess.level) if guess else []
        if guess is None or not dull:
            return []
        verb = "is" if len(dull) == 1 else "are"
        return [
            f"{names_of(dull)} {verb} no better than a model that {guess.says} "
            f"({self.words.value(guess.level)})."
        ]

    def _sizes(self, rivals: list[Rival]) -> str:
        near = [f"{rival.title} by {self._gap(rival)}" for rival in rivals[:SPELLED_OUT]]
        return listing(near + _more(rivals[SPELLED_OUT:]))

    def _gap(self, rival: Rival) -> str:
        return self.words.amount(abs(rival.ahead.mean))

    def _range(self, rival: Rival) -> str:
        return self._between(rival.ahead.low, rival.ahead.high)

    def _between(self, low: float | None, high: float | None, sign: int = 1) -> str:
        if low is None or high is None:
            return "no interval"
        ends = [self.words.bare(sign * end) for end in (low, high)]
        same = ends[0] == ends[1]
        return f"95 % interval {'within rounding' if same else f'{ends[0]} to {ends[1]}'}"

    def _score(self, ranked: RankedArm) -> str:
        return f"a validation {self.words.score} of {self.words.value(ranked.mean.mean)}"


def _more(rivals: list[Rival]) -> list[str]:
    """Further arms by name, or how many when nobody would read the names."""
    if len(rivals) > _NAMED:
        return [f"{len(rivals)} others"]
    return [rival.title for rival in rivals]
