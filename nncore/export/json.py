"""JSON of a comparison for people's own programs, and of a whole snapshot for our own."""

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from nncore.analysis.cost import cost
from nncore.engines.run import metric_of
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Status, Trial

Json = dict[str, Any]


def compare_json(snapshot: Snapshot, wall_seconds: float | None = None) -> Json:
    """What `compare --json` writes: every arm, every run, every record; not finite is null.

    `history` holds "epoch" beside the measures of `keras.Model.fit`; losses include
    penalties, and "mae" (regression) is on the scale trained on.
    """
    first = next(iter(snapshot.configs.values()))
    train, validation, test = first.counts()
    arms = []
    for label, config in snapshot.configs.items():
        counted, metric = cost(config), metric_of(config.data.task)
        flat = config.flat()
        del flat["seed"]  # every run has its own
        arms.append(
            {
                "label": label,
                "config": flat,
                "parameters": counted.parameters,
                "flops_forward": counted.flops_forward,
                "runs": [_run(trial, metric) for trial in _by_seed(snapshot.of_arm(label))],
            }
        )
    return plain(
        {
            "comparison": snapshot.comparison.question,
            "dataset": {
                "name": first.dataset,
                "variant": first.variant,
                "train": train,
                "validation": validation,
                "test": test,
            },
            "engine": first.engine,
            "arms": arms,
            "wall_seconds": wall_seconds,
        }
    )


def _run(trial: Trial, metric: str) -> Json:
    result = trial.result or {}
    last = trial.records[-1] if trial.records else {}
    names = ("epoch", "loss", metric, "val_loss", f"val_{metric}")
    run = {
        "seed": trial.seed,
        "status": trial.status.value,
        "from_cache": trial.from_cache,
        "seconds": result.get("seconds", last.get("seconds")),
        "history": {name: [record.get(name) for record in trial.records] for name in names},
        "best_epoch": result.get("best_epoch"),
        "test": {name: (result.get("test") or {}).get(name) for name in ("loss", metric)},
    }
    return run | ({"error": trial.error} if trial.error else {})


def _by_seed(trials: tuple[Trial, ...]) -> list[Trial]:
    return sorted(trials, key=lambda trial: trial.seed)


def snapshot_json(snapshot: Snapshot) -> Json:
    """A snapshot as plain JSON values; `read_snapshot` makes it again, but for `extra`."""
    trials = [{f.name: getattr(t, f.name) for f in fields(Trial)} for t in snapshot.trials]
    return plain(
        {
            "id": snapshot.id,
            "comparison": snapshot.comparison.to_json(),
            "trials": trials,
            "created_at": snapshot.created_at,
            "note": snapshot.note,
            "coordinator_alive": snapshot.coordinator_alive,
        }
    )


def read_snapshot(data: Mapping[str, Any]) -> Snapshot:
    """The snapshot that `snapshot_json` wrote."""
    trials = tuple(
        Trial(**{**t, "status": Status(t["status"]), "records": tuple(t["records"])})
        for t in data["trials"]
    )
    return Snapshot(
        id=data["id"],
        comparison=Comparison.from_json(data["comparison"]),
        trials=trials,
        created_at=data["created_at"],
        note=data["note"],
        coordinator_alive=data["coordinator_alive"],
    )


def plain(value: Any) -> Any:
    """`value` with lists for tuples, plain dicts, and None for numbers that aren't finite."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
