"""Whether curves had levelled off when training ended, or the verdict measures speed alone.

An arm still climbs when its validation score, averaged over the seeds that trained to the last
epoch, is better over the last quarter of its records than over the quarter before, by more than
nobody would notice and by more than the curve trembles from record to record. A training that
stopped by itself has chosen its end, and nothing is claimed of it.
"""

import math
from dataclasses import dataclass

import numpy as np

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.words import names_of
from nncore.system.arrays import Array

NOTICED = 0.005  # of an accuracy: half a point; of an error: its share
_FEWEST = 4  # records; of fewer nobody can say how much they tremble
_SURE = 2.0  # standard errors
_MOST_EPOCHS = 20_000  # that a config may have


@dataclass(frozen=True)
class Climbing:
    """The arms that still climbed, in the comparison's order, and what would be enough to see."""

    arms: tuple[ReadArm, ...]
    of: int  # arms with scores
    epochs: int  # twice as many as now, for all arms

    @property
    def headline(self) -> str:
        """Who, and what that means."""
        one = len(self.arms) == 1
        if len(self.arms) == self.of and not one:
            who = "All arms"
        elif len(self.arms) > 2:  # names would fill a phone; the curves have them
            who = f"{len(self.arms)} of {self.of} arms"
        else:
            who = names_of(self.arms)
        climbs = f"{who} still {'climbs' if one else 'climb'} at the end"
        return f"{climbs}." if self.of == 1 else f"{climbs}, so this measures speed."

    @property
    def words(self) -> str:
        """The same, and what to do."""
        return f"{self.headline} Take more epochs to see how far {self._they} gets."

    @property
    def _they(self) -> str:
        return "it" if self.of == 1 else "each"


def climbing(reading: Reading) -> Climbing | None:
    """The arms that still climb; None where none does, and until all trainings have ended.

    Where arms differ in their epochs, only those that trained longest are looked at: of the
    others the comparison shows itself how they go on.
    """
    if reading.active:
        return None
    scored = [arm for arm in reading.arms if arm.finished]
    longest = max((arm.config.epochs for arm in scored), default=0)
    arms = tuple(
        arm for arm in scored if arm.config.epochs == longest and still_climbs(arm, reading.metric)
    )
    if not arms:
        return None
    return Climbing(arms, len(scored), min(2 * longest, _MOST_EPOCHS))


def still_climbs(arm: ReadArm, metric: str) -> bool:
    """Whether the mean validation curve of one arm had not levelled off."""
    curve = _mean_curve(arm, f"val_{metric}")
    if len(curve) < _FEWEST:
        return False
    window = max(1, len(curve) // 4)
    before, last = curve[-2 * window : -window].mean(), curve[-window:].mean()
    gain = before - last if metric == "mae" else last - before
    one_row = 1 / arm.config.counts()[1]  # of the validation data is chance, too
    noticed = NOTICED * abs(before) if metric == "mae" else max(NOTICED, one_row)
    trembling = _tremble(curve[-max(2 * window, _FEWEST) :]) * math.sqrt(2 / window)
    return bool(gain > max(noticed, _SURE * trembling))


def _mean_curve(arm: ReadArm, name: str) -> Array:
    """(records,) over the seeds that trained to the last epoch; () without any."""
    ended = [t for t in arm.finished if t.stopped_epoch is None and t.has_begun]
    tracks = [track for track in (t.track(name) for t in ended) if np.isfinite(track).all()]
    if not tracks:
        return np.empty(0)
    return np.mean(tracks, axis=0)


def _tremble(curve: Array) -> float:
    """Standard deviation of a record about a smooth curve, from second differences.

    A straight line has none, so a trend isn't taken for noise; of independent noise with
    deviation s they have s sqrt(6).
    """
    return float(np.sqrt(np.mean(np.diff(curve, n=2) ** 2) / 6))
