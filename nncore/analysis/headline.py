"""The verdict as a headline: who, by how much, and the interval of that."""

from collections.abc import Sequence

from nncore.analysis.ranking import Lead, RankedArm, Ranking, Rival
from nncore.analysis.reading import Reading
from nncore.analysis.words import Words, names_of


def headline(reading: Reading, ranking: Ranking, state: str) -> str:
    """A line for the `state` of a verdict."""
    writer = _Headline(reading, ranking)
    match state:
        case "nothing":
            waits = reading.active or not reading.trials
            return "No scores yet" if waits else "Nothing to compare: no training has a score"
        case "one arm":
            return writer.one_arm()
        case "one seed":
            return writer.one_seed()
        case "same":
            return writer.same()
    return writer.several_seeds(state)


class _Headline:
    """The lines about one ranking."""

    def __init__(self, reading: Reading, ranking: Ranking) -> None:
        self.ranking = ranking
        self.words = Words(reading)
        self.so_far = " so far" if reading.active else ""

    def one_arm(self) -> str:
        only = self.ranking.leader
        ends = [only.mean.low, only.mean.high]
        low, high = [self._bare_score(end) for end in ends if end is not None] or ["", ""]
        between = f" [{low}, {high}]" if low != high else ""
        return f"{only.title}{self.so_far}: {self.words.value(only.mean.mean)}{between}"

    def one_seed(self) -> str:
        ranking = self.ranking
        one_each = all(ranked.mean.n == 1 for ranked in ranking.arms)
        on = self.so_far or (" with one seed" if one_each else " on too few shared seeds")
        leader, second = ranking.arms[:2]
        if second in ranking.level():
            return f"{self._level(ranking.level())}{on}: {self.words.value(leader.mean.mean)}"
        gap = abs(leader.mean.mean - second.mean.mean)
        return f"{leader.title} is in front{on}: {self._ahead(Lead(gap, 1))}"

    def same(self) -> str:
        leader = self.ranking.leader
        near = [rival for rival in self.ranking.rivals if rival.is_same]
        same: list[RankedArm | Rival] = [leader, *near]
        if all(rival.is_level for rival in near):
            return f"{self._level(same)}: {self.words.value(leader.mean.mean)}"
        return f"{self._names(same)} are the same within {self._margin()}"

    def several_seeds(self, state: str) -> str:
        leader, rivals = self.ranking.leader, self.ranking.rivals
        if state == "clear":
            return f"{leader.title} is best: {self._ahead(rivals[0].ahead)}"
        so_far = " so far" if state == "so far" else ""
        level = [rival for rival in rivals if rival.is_level and not rival.is_beaten]
        if level:
            start = self._level([leader, *level])
            return f"{start}{so_far}: {self.words.value(leader.mean.mean)}"
        near = next((rival for rival in rivals if not rival.is_beaten), rivals[0])
        front = f"{leader.title} is in front{so_far}"
        # on the seeds both have, the other one may be ahead
        return f"{front}: {self._ahead(near.ahead)}" if near.ahead.mean > 0 else front

    def _ahead(self, ahead: Lead) -> str:
        """ "+1.2 points [0.9, 1.5]"; of errors "its error is 8.0 $ lower [7.1, 8.9]"."""
        bare = self.words.bare
        low, high = (None if end is None else bare(end) for end in (ahead.low, ahead.high))
        between = f" [{low}, {high}]" if low != high else ""
        if self.words.is_share:
            return f"+{bare(ahead.mean)} points{between}"
        amount = f"{bare(ahead.mean)} {self.words.unit}".rstrip()
        more = "lower" if self.words.less else "higher"
        return f"its {self.words.short} is {amount} {more}{between}"

    def _bare_score(self, score: float) -> str:
        """A score without its unit."""
        return self.words.value(score).removesuffix(self.words.unit).removesuffix("%").strip()

    def _margin(self) -> str:
        margin = self.ranking.scale.margin
        return (
            f"{self.words.bare(margin)} points"
            if self.words.is_share
            else self.words.amount(margin)
        )

    def _level(self, arms: Sequence[RankedArm | Rival]) -> str:
        return f"{self._names(arms)} are level"

    def _names(self, arms: Sequence[RankedArm | Rival]) -> str:
        if len(arms) > 2:
            return f"{arms[0].title} and {len(arms) - 1} others"
        return names_of(arms)
