"""How far a comparison is, arm by arm."""

import pandas as pd

from nncore.analysis.reading import Reading
from nncore.figures.parts.chart import numbers_table
from nncore.results.snapshots import Status

COLUMNS = (
    *("Arm", "Epochs done", "Epochs", "Trainings done", "Trainings"),
    *("Diverged", "Failed", "Cancelled"),
)


def progress_table(reading: Reading) -> pd.DataFrame:
    """A row per arm. "Trainings done" counts all that ended."""
    rows = [
        (
            arm.title,
            sum(t.epochs_done for t in arm.trials),
            # what diverged or was cancelled early has no epochs to come
            sum(t.epochs_done if t.status.is_finished else arm.config.epochs for t in arm.trials),
            sum(t.status.is_finished for t in arm.trials),
            len(arm.trials),
            *(len(arm.of_status(s)) for s in (Status.DIVERGED, Status.FAILED, Status.CANCELLED)),
        )
        for arm in reading.arms
    ]
    return numbers_table(rows, COLUMNS)
