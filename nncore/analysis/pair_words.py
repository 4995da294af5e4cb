"""What is said of one pair of arms, as a sentence."""

from nncore.analysis.judging import MEDIAN
from nncore.analysis.pairs import BETTER, ROWS, SAME, Pair
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import Reading
from nncore.analysis.words import Words, more_rows
from nncore.system.wording import times


def pair_words(pair: Pair, reading: Reading, ranking: Ranking) -> str:
    """Who is better and by how much, or why that can't be told."""
    words = Words(reading)
    less = reading.criterion.less
    ahead = -pair.difference if less else pair.difference
    first, second = pair.a, pair.b
    low, high = pair.low, pair.high
    if less and low is not None and high is not None:
        low, high = -high, -low
    if ahead < 0:
        ahead, first, second = -ahead, second, first
        low, high = (None, None) if low is None or high is None else (-high, -low)
    first, second = (reading.arm(label).title for label in (first, second))
    gap = words.amount(ahead)
    if low is None or high is None:
        if ranking.is_in and reading.judging.centre == MEDIAN:
            few = times(pair.seeds, "seed")
            needed = needed_words(pair.seeds_needed, ranking.judgement.most)
            return f"{first} is {gap} ahead of {second}; {few} give medians no interval; {needed}."
        if ranking.is_in:
            return f"{first} and {second} scatter too far to be compared."
        plan = times(max(ranking.judgement.plan, 2), "seed")
        return f"{first} is {gap} ahead of {second} so far; nothing is said before {plan} are in."
    between = f"95 % interval {words.bare(low)} to {words.bare(high)}"
    if pair.state == BETTER:
        return f"{first} is {gap} better than {second} ({between})."
    if pair.state == SAME:
        margin = words.amount(ranking.scale.margin)
        return f"{first} and {second} are the same within {margin} ({between})."
    start = f"{first} is {gap} ahead of {second}, which may be chance ({between})"
    if pair.state == ROWS:
        return f"{start}; more seeds won't tell, {more_rows(reading)}."
    return f"{start}; {needed_words(pair.seeds_needed, ranking.judgement.most)}."


def chance_of_winning(pair: Pair, reading: Reading) -> float | None:
    """The chance that the first is better than the second with a seed that wasn't among these."""
    if pair.more is None:
        return None
    return 1 - pair.more if reading.criterion.less else pair.more


def needed_words(needed: tuple[int, int] | None, most: int) -> str:
    """How many seeds it may take, of at `most` so many."""
    if needed is None:
        return f"even {most:,} seeds would hardly tell"
    low, high = needed
    many = f"{low:,} or more" if high >= most else f"{low:,} to {high:,}"
    return f"{many} seeds may be needed to tell"
