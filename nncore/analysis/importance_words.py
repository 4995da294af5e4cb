"""What the columns of a table are worth, in words and in the unit that people see."""

from dataclasses import dataclass, replace

from nncore.analysis.digits import plus_minus
from nncore.analysis.importance import Importance
from nncore.analysis.reading import Reading
from nncore.analysis.statistics import Interval

SHARED = "Columns that tell the same share their importance."


@dataclass(frozen=True)
class Unit:
    """How the worth of a column is written."""

    what: str  # "accuracy lost"
    unit: str  # "points", "$"
    factor: float  # shown value = worth * factor

    def shown(self, drop: Interval) -> Interval:
        """An interval in this unit."""
        half = None if drop.half is None else self.factor * drop.half
        least, most = self.factor * drop.least, self.factor * drop.most
        return replace(drop, mean=self.factor * drop.mean, half=half, least=least, most=most)

    def write(self, drop: Interval) -> str:
        """ "12.3 ± 1.4", without the unit."""
        return plus_minus(self.shown(drop))


def unit_of(reading: Reading) -> Unit:
    """Points of accuracy, or the target's own unit."""
    if reading.is_regression:
        return Unit("mean absolute error gained", reading.data.unit, 1.0)
    return Unit("accuracy lost", "points", 100.0)


def look_for(found: Importance) -> str:
    """What to look for, and what to beware of."""
    said = [
        "The longer a bar, the more the network leans on the column.",
        "One seed has no interval." if found.seeds < 2 else _luck(found),
        deciding_words(found),
        SHARED,
    ]
    return " ".join(filter(None, said))


def _luck(found: Importance) -> str:
    pale = "Pale bars, whose 95 % interval over seeds reaches 0, may be luck."
    return pale if any(not worth.is_clear for worth in found.columns) else ""


def deciding_words(found: Importance) -> str:
    """A warning of a column that nearly knows the answer; "" without one."""
    if not found.decides:
        return ""
    return (
        f"Without {found.decides}, nearly all is lost, and no other column counts for much: was it "
        "known before the answer was?"
    )
