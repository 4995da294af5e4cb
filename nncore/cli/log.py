"""`compare --log`: what every epoch measured, or the cost every so many iterations."""

from collections.abc import Iterator
from math import ceil

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.trials import ReadTrial
from nncore.config.config import Config
from nncore.system.wording import number


class Log:
    """The lines of all trainings that a reading has new; each is told once.

    every: iterations (updates) between two costs; None: a line per epoch on record.
    """

    def __init__(self, every: int | None = None) -> None:
        self.every = every
        self._told: dict[tuple[str, int], int] = {}  # records of a training
        self._costs: dict[tuple[str, int], int] = {}  # multiples of `every` behind it

    def new_lines(self, reading: Reading) -> list[str]:
        """What wasn't told yet."""
        return [line for arm in reading.arms for trial in arm.trials
                for line in self._of(reading, arm, trial)]  # fmt: skip

    def _of(self, reading: Reading, arm: ReadArm, trial: ReadTrial) -> Iterator[str]:
        key = trial.arm, trial.seed
        name = f"{arm.title}, seed {trial.seed}"
        begin = self._told.get(key, 0)
        self._told[key] = len(trial.epochs)
        measures = ("loss", reading.metric, "val_loss", f"val_{reading.metric}")
        columns = {measure: trial.series(measure) for measure in measures}
        for place in range(begin, len(trial.epochs)):
            epoch = trial.epochs[place]
            if self.every is not None:
                skipped = epoch - 1 - (trial.epochs[place - 1] if place else 0)
                if (due := self._due(key, self.every, arm.config, epoch, skipped)) is not None:
                    yield f"{name}: {_when(*due)}: {_cost(columns['loss'][place])}"
                continue
            told = ", ".join(f"{m} {number(columns[m][place], 4)}" for m in measures)
            yield f"{name}, epoch {epoch:,}/{arm.config.epochs:,}: {told}"

    def _due(
        self, key: tuple[str, int], every: int, config: Config, epoch: int, skipped: int
    ) -> tuple[int, int] | None:
        """The first and last iteration, from 0, whose cost the record of this epoch has.

        None where it isn't to be told. The loss of an epoch is measured before its updates are
        made. With one update per epoch that is the cost at the update's start; with several it is
        the mean of their costs, for the engines keep no other.
        skipped: epochs before it that are not on record, as in long trainings; of their costs
        this is the nearest.
        """
        updates = ceil(config.counts()[0] / config.batch_size)
        at = updates * epoch - 1
        behind = (at + 1 if updates > 1 else at + skipped) // every
        if behind <= self._costs.get(key, -1):
            return None
        self._costs[key] = behind
        return at - updates + 1, at


def _when(first: int, last: int) -> str:
    if first == last:
        return f"cost after iteration {last:,}"
    return f"mean cost of iterations {first:,} to {last:,}, an epoch"


def _cost(value: float | None) -> str:
    return "not a number" if value is None else f"{value:.6f}"
