"""What came of a comparison in a few words and numbers, as lists show it."""

from collections import Counter

from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import Reading
from nncore.analysis.verdict import BEST, verdict
from nncore.results.snapshots import Summary, state_of


def summarize(reading: Reading) -> Summary:
    """Sum up a comparison that has ended. Needs the results of its trainings, and no records."""
    state = state_of(Counter(trial.status for trial in reading.trials))
    timed = [trial.seconds for trial in reading.trials if trial.seconds is not None]
    seconds = sum(timed) if timed else None
    ranking = Ranking(reading, "last")
    if not ranking.arms:
        return Summary(state, seconds=seconds)
    leader, place = ranking.leader, verdict(reading).state
    mean = leader.mean
    return Summary(
        state,
        winner=leader.title if place == BEST else "",
        leader=leader.title,
        place=place,
        metric=reading.metric,
        unit=reading.data.unit if reading.is_regression else "",
        score=mean.mean,
        half=mean.half,
        seconds=seconds,
    )
