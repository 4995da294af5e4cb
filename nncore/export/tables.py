"""CSV of every record and of every score, for spreadsheets and data frames."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from nncore.analysis.cost import cost
from nncore.analysis.scores import main_metric
from nncore.config import Config
from nncore.results import Snapshot, Trial
from nncore.training import record_names

_FORMULA = "=+-@＝＋－＠"  # what a spreadsheet takes for the beginning of a formula
_NUMBER = re.compile(r"-?[\d.,]+(e[-+]?\d+)?", re.IGNORECASE)


def records_csv(snapshot: Snapshot) -> str:
    """A row per training and epoch: arm, seed, status, epoch, all measures, seconds.

    Measures are as recorded: errors on the scale trained on; empty where not finite.
    """
    tasks = dict.fromkeys(config.data.task for config in snapshot.configs.values())
    measures = list(dict.fromkeys(name for task in tasks for name in record_names(task)))
    columns = ["arm", "seed", "status", "epoch", "learning_rate", *measures, "seconds"]
    rows = (
        {"arm": t.arm, "seed": t.seed, "status": t.status.value, **record}
        for t in snapshot.trials
        for record in t.records
    )
    return _csv(columns, rows)


def scores_csv(snapshot: Snapshot) -> str:
    """A row per training: how it ended, its scores, the baseline, what it cost.

    FLOPs of a whole training are those of the epochs it trained.
    Errors are on the scale trained on; times `target_scale` they are in the target's unit.
    """
    metric = main_metric(snapshot)
    names = ["loss", "data_loss", metric] + (["r2"] if metric == "mae" else [])
    columns = [
        *("arm", "seed", "status", "from_cache", "epochs_done", "best_epoch"),
        *("stopped_by", "returned_epoch"),
        *(f"{part}_{name}" for part in ("validation", "test") for name in names),
        *(f"baseline_{part}_{metric}" for part in ("validation", "test")),
        *("target_scale", "parameters", "flops_forward", "flops_step", "flops_total"),
        *("seconds", "error"),
    ]
    counted = {label: cost(config) for label, config in snapshot.configs.items()}
    rows = []
    for t in snapshot.trials:
        result, price = t.result or {}, counted[t.arm]
        row: dict[str, Any] = {
            "arm": t.arm,
            "seed": t.seed,
            "status": t.status.value,
            "from_cache": str(t.from_cache).lower(),
            "epochs_done": t.epochs_done,
            "best_epoch": result.get("best_epoch"),
            "stopped_by": result.get("stopped_by"),
            "returned_epoch": result.get("returned_epoch"),
            "target_scale": result.get("target_scale"),
            "parameters": price.parameters,
            "flops_forward": price.flops_forward,
            "flops_step": price.flops_step,
            "flops_total": _spent(snapshot.configs[t.arm], t),
            "seconds": result.get("seconds"),
            "error": t.error,
        }
        for part in ("validation", "test"):
            scores = result.get(part) or {}
            row |= {f"{part}_{name}": scores.get(name) for name in names}
            trivial = (result.get("baseline") or {}).get(part) or {}
            row[f"baseline_{part}_{metric}"] = trivial.get(metric)
        rows.append(row)
    return _csv(columns, rows)


def _spent(config: Config, trial: Trial) -> int | None:
    """FLOPs of the epochs trained, early stopping or not; None before the first."""
    epochs = trial.epochs_done
    return int(cost(replace(config, epochs=epochs)).flops_total) if epochs else None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate what stands in this cell; a number is no formula."""
    bare = text.strip()
    return bare.startswith(tuple(_FORMULA)) and not _NUMBER.fullmatch(bare)


def _csv(columns: list[str], rows: Iterable[Mapping[str, Any]]) -> str:
    lines = [",".join(columns)]
    lines += [",".join(_cell(row.get(column)) for column in columns) for row in rows]
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
