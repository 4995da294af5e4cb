"""What came of a comparison in a few words and numbers, as lists show it."""

from collections import Counter
from dataclasses import dataclass

from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import Reading
from nncore.analysis.verdict import verdict
from nncore.results.snapshots import state_of

UNREADABLE = "unreadable"  # of another version, or damaged


@dataclass(frozen=True)
class Summary:
    """Of a comparison of which nothing is unfinished; without a score nobody is in front."""

    state: str  # of `nncore.results.snapshots.STATES`, or UNREADABLE
    winner: str = ""  # title of the arm in front
    place: str = ""  # how it is in front: the state of the verdict
    metric: str = ""
    unit: str = ""  # of the score; "" where it is a share
    score: float | None = None  # mean on validation data, of the returned weights
    half: float | None = None  # half the width of its 95 % interval; None with one seed
    seconds: float | None = None  # that all its trainings took


def summarize(reading: Reading) -> Summary:
    """Sum up a comparison that has ended. Needs the results of its trainings, and no records."""
    state = state_of(Counter(trial.status for trial in reading.trials))
    timed = [trial.seconds for trial in reading.trials if trial.seconds is not None]
    seconds = sum(timed) if timed else None
    ranking = Ranking(reading, "last")
    if not ranking.arms:
        return Summary(state, seconds=seconds)
    mean = ranking.leader.mean
    return Summary(
        state,
        winner=ranking.leader.title,
        place=verdict(reading).state,
        metric=reading.metric,
        unit=reading.data.unit if reading.is_regression else "",
        score=mean.mean,
        half=mean.half,
        seconds=seconds,
    )
