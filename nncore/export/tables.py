"""CSV of every record and of every score, for spreadsheets and data frames."""

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from nncore.analysis.beside import of_split
from nncore.analysis.parts import TRAINING
from nncore.analysis.reading import Reading
from nncore.analysis.speed import speed
from nncore.analysis.trials import ReadTrial
from nncore.analysis.uneven import beside_accuracy
from nncore.baselines.catalogue import models_for
from nncore.engines.run import record_names

_FORMULA = "=+-@＝＋－＠"  # what a spreadsheet takes for the beginning of a formula
_NUMBER = re.compile(r"-?[\d.,]+(e[-+]?\d+)?", re.IGNORECASE)


def records_csv(reading: Reading) -> str:
    """A row per training and epoch: arm, seed, status, epoch, all measures, seconds, simple models.

    Measures are as recorded: errors on the scale trained on; empty where not finite. What simple
    models reach on the training's validation rows is the same at every epoch.
    """
    recorded = ("epoch", "learning_rate", *record_names(reading.task), "seconds")
    simple = models_for(reading.task)
    rows = (
        (t.arm, t.seed, t.status.value, *measures, *reached)
        for t in reading.trials
        for reached in [[score for score, *_ in _beside(reading, t)]]
        for measures in zip(*map(t.series, recorded), strict=True)
    )
    metric = reading.metric
    return csv_text(
        ("arm", "seed", "status", *recorded, *(f"{m.name}_val_{metric}" for m in simple)), rows
    )


def scores_csv(reading: Reading, *, tests: bool = True, level: float | None = None) -> str:
    """A row per training: how it ended, its scores, simple models' on the same rows, what it cost.

    Without `tests` those columns are left out. Training scores were measured while it trained, in
    the epoch whose weights it returned. `baseline` is the trivial model as the training knew it;
    simple models have the ends of their 95 % intervals over validation rows, and how many rows
    they were trained on. `level`, a share or in the target's unit, is what validation reached after
    `epochs_to_level` and `seconds_to_level`; these are empty where it never did, or training didn't
    end. The argument is as `nncore.analysis.speed.LEVEL`.
    FLOPs of a whole training are those of the epochs it trained; mflops_forward counts in 2^20.
    Of tables, `without NAME` is what shuffling that column cost (`nncore.engines.importance`).
    Errors are on the scale trained on; times `target_scale` they are in the target's unit.
    """
    metric, parts = reading.metric, ("validation", "test") if tests else ("validation",)
    uneven = [c.name for c in beside_accuracy(reading)]
    at_end = ["r2"] if metric == "mae" else ["balanced_accuracy", "f1"]
    at_end += [name for name in uneven if name not in (metric, *at_end)]
    in_training = ["loss", "data_loss", metric]
    names = [*in_training, *at_end]
    simple = models_for(reading.task)
    made = speed(reading, level)
    runs = {(p.arm.label, run.seed): run for p in made.paces for run in p.runs}
    goal = made.level.value if made.level else None
    worths = [t.importance.drops if t.importance else {} for t in reading.trials]
    table = list(dict.fromkeys(name for worth in worths for name in worth))
    columns = (
        *("arm", "seed", "status", "from_cache", "epochs_done", "best_epoch"),
        *("stopped_by", "returned_epoch"),
        *(f"{TRAINING}_{name}" for name in in_training),
        *(f"{part}_{name}" for part in parts for name in names),
        *(f"baseline_{part}_{metric}" for part in parts),
        *(f"{m.name}_{what}" for m in simple for what in _of_simple(metric)),
        *("target_scale", "parameters", "flops_forward", "mflops_forward"),
        *("flops_step", "flops_total"),
        *("seconds", "level", "epochs_to_level", "seconds_to_level", "error"),
        *(f"without {name}" for name in table),
    )
    rows = []
    for t, worth in zip(reading.trials, worths, strict=True):
        arm, run = reading.arm(t.arm), runs.get((t.arm, t.seed))
        rows.append(
            (
                *(t.arm, t.seed, t.status.value, str(t.from_cache).lower(), t.epochs_done),
                *(t.best_epoch, t.stopped_by, t.returned_epoch),
                *(t.measured(name, TRAINING) for name in in_training),
                *(t.measured(name, part) for part in parts for name in names),
                *(t.guessed(metric, part) for part in parts),
                *(cell for cells in _beside(reading, t) for cell in cells),
                *(t.target_scale, arm.cost.parameters, arm.cost.flops_forward, arm.cost.mflops),
                *(arm.cost.flops_step, arm.flops(t.epochs_done) if t.epochs_done else None),
                *(t.seconds, goal, run and run.epochs, run and run.seconds, t.error),
                *(worth.get(name) for name in table),
            )
        )
    return csv_text(columns, rows)


def _of_simple(metric: str) -> tuple[str, ...]:
    """What a simple model has in a row of scores, as `_beside` gives it."""
    return (
        *(f"validation_{metric}", f"validation_{metric}_low", f"validation_{metric}_high"),
        "trained_on",
    )


def _beside(reading: Reading, trial: ReadTrial) -> list[tuple[float | int | None, ...]]:
    """What each simple model reaches on a training's validation rows, on the scale trained on."""
    arm = reading.arm(trial.arm)
    simple = of_split(reading, arm, trial.seed)
    known = {score.model: score for score in simple.models} if simple else {}
    scale = 1.0
    if reading.is_regression:
        scale = trial.target_scale or arm.unit_scale or math.nan
    cells: list[tuple[float | int | None, ...]] = []
    for model in models_for(reading.task):
        score = known.get(model.name)
        reached = score.scores.get(reading.metric) if score else None
        if score is None or reached is None:
            cells.append((None,) * 4)
        else:
            ends = (None if end is None else end / scale for end in reached)
            cells.append((*ends, score.trained_on))
    return cells


def chart_csv(table: pd.DataFrame) -> str:
    """The numbers behind a chart."""
    return csv_text([str(name) for name in table.columns], table.itertuples(index=False))


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
