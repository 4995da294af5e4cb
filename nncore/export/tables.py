"""CSV of every record and of every score, for spreadsheets and data frames."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from nncore.analysis.reading import Reading
from nncore.engines.run import record_names

_FORMULA = "=+-@＝＋－＠"  # what a spreadsheet takes for the beginning of a formula
_NUMBER = re.compile(r"-?[\d.,]+(e[-+]?\d+)?", re.IGNORECASE)


def records_csv(reading: Reading) -> str:
    """A row per training and epoch: arm, seed, status, epoch, all measures, seconds.

    Measures are as recorded: errors on the scale trained on; empty where not finite.
    """
    recorded = ("epoch", "learning_rate", *record_names(reading.task), "seconds")
    rows = (
        (t.arm, t.seed, t.status.value, *measures)
        for t in reading.trials
        for measures in zip(*map(t.series, recorded), strict=True)
    )
    return csv_text(("arm", "seed", "status", *recorded), rows)


def scores_csv(reading: Reading, *, tests: bool = True) -> str:
    """A row per training: how it ended, its scores, the baseline, what it cost.

    Without `tests` those columns are left out.
    FLOPs of a whole training are those of the epochs it trained.
    Errors are on the scale trained on; times `target_scale` they are in the target's unit.
    """
    metric, parts = reading.metric, ("validation", "test") if tests else ("validation",)
    at_end = ["r2"] if metric == "mae" else ["balanced_accuracy", "f1"]
    names = ["loss", "data_loss", metric, *at_end]
    columns = (
        *("arm", "seed", "status", "from_cache", "epochs_done", "best_epoch"),
        *("stopped_by", "returned_epoch"),
        *(f"{part}_{name}" for part in parts for name in names),
        *(f"baseline_{part}_{metric}" for part in parts),
        *("target_scale", "parameters", "flops_forward", "flops_step", "flops_total"),
        *("seconds", "error"),
    )
    rows = []
    for t in reading.trials:
        arm = reading.arm(t.arm)
        rows.append(
            (
                *(t.arm, t.seed, t.status.value, str(t.from_cache).lower(), t.epochs_done),
                *(t.best_epoch, t.stopped_by, t.returned_epoch),
                *(t.measured(name, part) for part in parts for name in names),
                *(t.guessed(metric, part) for part in parts),
                *(t.target_scale, arm.cost.parameters, arm.cost.flops_forward),
                *(arm.cost.flops_step, arm.flops(t.epochs_done) if t.epochs_done else None),
                *(t.seconds, t.error),
            )
        )
    return csv_text(columns, rows)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate what stands in this cell; a number is no formula."""
    bare = text.strip()
    return bare.startswith(tuple(_FORMULA)) and not _NUMBER.fullmatch(bare)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A line of names, then a line per row; what a spreadsheet would calculate is kept from it."""
    lines = [",".join(map(_cell, columns)), *(",".join(map(_cell, row)) for row in rows)]
    return "".join(f"{line}\n" for line in lines)


def _cell(value: Any) -> str:
    """Empty for what isn't known or finite; formulas get an apostrophe.

    Quotes hold a text together, also where a spreadsheet takes semicolons between cells.
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if not isinstance(value, str):
        return str(value)
    line = " ".join(value.split())  # a row is one line, and no tab hides what follows it
    line = f"'{line}" if is_formula(line) else line
    return '"{}"'.format(line.replace('"', '""')) if set(line) & set('",;') else line
