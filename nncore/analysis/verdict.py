"""The verdict: what a comparison has shown, in plain words, practical size first.

It says which arms train at all, who is ahead and by how much, with the interval of that
difference, who is the same for practical purposes, who can't be told apart, and how many seeds
it would take. Nothing here looks at test data.
"""

from dataclasses import dataclass
from typing import Any

from nncore.analysis.beside import as_good
from nncore.analysis.chosen import chosen_note
from nncore.analysis.climbing import Climbing, climbing
from nncore.analysis.fates import missing
from nncore.analysis.headline import headline
from nncore.analysis.method import method
from nncore.analysis.pairs import ROWS
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import Reading
from nncore.analysis.sentences import UNDER_WAY, Sentences
from nncore.analysis.words import lacking

BEST = "clear"  # the state in which the leader is called best


@dataclass(frozen=True)
class Verdict:
    """What can be said.

    `state`: "nothing" (no scores), "one arm", "one seed" (no verdict: the leader shares fewer
    than two seeds with any arm), "so far" (the plan's seeds are not in), "clear" (the leader is
    better than all), "same" (all it isn't better than are the same within the margin), "rows"
    (more seeds won't tell, more rows would) or "open" (it can't be told yet). `rows` compare the
    leader with every arm it shares two seeds with: Leader, Other, Difference (positive: the
    leader is better), Low, High, Ahead with a fresh seed (the chance) and p (adjusted), None before
    the plan is in, State, Seeds needed (a pair of numbers where the state is "open" and so many
    seeds can be had).
    """

    text: str  # all of it, as the command line and JSON have it
    rows: tuple[dict[str, Any], ...]
    state: str
    headline: str = ""  # who, by how much, and the interval of that
    details: str = ""  # the rest of the text, but for reliability, below the headline
    method: str = ""  # how it was tested; "" where it wasn't
    seeds: int = 0  # behind the leader's score
    climbing: Climbing | None = None  # whose curves had not levelled off
    reliability: str = ""  # who doesn't train with every seed, to be read before the headline


def verdict(reading: Reading) -> Verdict:
    """The verdict on validation scores, as the reading judges them."""
    ranking = Ranking(reading)
    writer = Sentences(reading, ranking)
    state = _state(ranking)
    sentences, first = writer.of(state), writer.reliability()
    begun = [UNDER_WAY] if reading.active and ranking.arms else []
    notes = [reading.validation_note, chosen_note(reading)] if ranking.arms else []
    notes = [as_good(reading, ranking), *notes, lacking(reading)]
    end = [*writer.trivial(), *missing(reading, ranking), *filter(None, notes)]
    climbs = climbing(reading)
    return Verdict(
        " ".join([*begun, *first, *sentences, *end, *([climbs.words] if climbs else [])]),
        ranking.rows(),
        state,
        headline(reading, ranking, state),
        " ".join([*writer.details(sentences), *end]),
        method(reading, ranking),
        ranking.leader.mean.n if ranking.arms else 0,
        climbs,
        " ".join(first),
    )


def _state(ranking: Ranking) -> str:
    rivals = ranking.rivals
    if len(ranking.arms) < 2:
        return "one arm" if ranking.arms else "nothing"
    if not rivals:
        return "one seed"
    if not ranking.is_in:
        return "so far"
    if all(rival.is_beaten for rival in rivals):
        return BEST if ranking.leader.runs.is_reliable else "open"
    if all(rival.is_beaten or rival.is_same for rival in rivals):
        return "same"
    left = [rival for rival in rivals if rival.is_open]
    return "rows" if left and all(rival.pair.state == ROWS for rival in left) else "open"
