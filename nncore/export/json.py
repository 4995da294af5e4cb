"""JSON of a comparison for people's own programs, and of a whole snapshot for our own."""

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from nncore.analysis.beside import beside, by_data, to_json
from nncore.analysis.chosen import chosen_by
from nncore.analysis.climbing import climbing
from nncore.analysis.importance import importance
from nncore.analysis.pair_words import chance_of_winning, pair_words
from nncore.analysis.pairs import Pair
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.speed import SPENDS, Pace, Speed, speed
from nncore.analysis.speed_words import speed_words
from nncore.analysis.statistics import Interval
from nncore.analysis.trials import ReadTrial
from nncore.analysis.uneven import rarest_class
from nncore.analysis.words import covers
from nncore.questions.comparisons import Comparison
from nncore.results.records import Record
from nncore.results.results import Result
from nncore.results.simple import Simple
from nncore.results.snapshots import Snapshot, Status, Trial

Json = dict[str, Any]


def compare_json(
    reading: Reading,
    wall_seconds: float | None = None,
    *,
    tests: bool = True,
    level: float | None = None,
) -> Json:
    """What `compare --json` writes: every arm, every run, every record; not finite is null.

    `history` holds "epoch" beside the measures of `keras.Model.fit`; losses include
    penalties, and "mae" (regression) is on the scale trained on. `still_climbing` names the arms
    whose scores say how fast they learn rather than how far they get. `verdict` has every pair of
    arms that share two seeds: the mean of a minus b, of shares or in the target's unit, with what
    holds for all pairs and all looks together (`looks`: seed counts since the plan), and `beats`,
    the chance that a is better than b with a fresh seed; `covers` says what these intervals are
    about, `judging` by what arms were judged, which is each run's `score`; `rarest_class` is null
    unless classes are uneven, and then runs have "pr_auc", too. A run's `train` has the
    measures of the epoch whose weights it returned, as they were while it trained; `validation`
    and `test` those of the returned weights; of classes `confusion` (a row per true class) and
    `report` are of its test rows. Before it stands
    `reliability`, the runs of each arm that trained, because means are of those alone.
    `chosen_on_validation` says of arms what the rows that measure their scores also chose.
    `tests`: whether test scores are among it; `test_looks` counts the comparisons on the same test
    rows whose scores were shown.
    `baselines` is what simple models reach on the validation rows of the arms.
    `speed` has the epochs and seconds of every arm until validation reaches a level, the
    fastest arm first (`nncore.analysis.speed`): a mean with its interval where all runs did, null
    where some never did, and then `at_least`. `level`: as LEVEL there; found where none is given.
    `importance` has, of every arm of a table, what its columns are worth, those worth most first: a
    share of accuracy lost with the column shuffled, or error gained in the target's unit
    (`nncore.engines.importance`); `nearly_decides` names one that nearly knows the answer.
    """
    first, climbs, ranking = reading.config, climbing(reading), Ranking(reading)
    train, validation, test = first.counts()
    return plain(
        {
            "comparison": reading.snapshot.comparison.question,
            "dataset": {
                "name": first.dataset,
                "variant": first.variant,
                "train": train,
                "validation": validation,
                "test": test,
            },
            "engine": first.engine,
            "repeat_splits": reading.repeats_splits,
            "judging": reading.judging.to_json(reading.task),
            "covers": covers(reading),
            "rarest_class": rarest_class(reading),
            "arms": [_arm(arm, reading, tests) for arm in reading.arms],
            "still_climbing": [arm.label for arm in climbs.arms] if climbs else [],
            "reliability": _reliability(ranking),
            "verdict": [_pair(pair, reading, ranking) for pair in ranking.judgement.pairs],
            "baselines": [
                row for arm, _ in by_data(reading) for row in to_json(beside(reading, arm=arm))
            ],
            "cost": [_cost(arm) for arm in reading.arms],
            "chosen_on_validation": {
                arm.label: by for arm in reading.arms if (by := chosen_by(arm.config))
            },
            "test_looks": reading.snapshot.test_looks if tests else None,
            "speed": _speed(speed(reading, level)),
            "importance": [said for arm in reading.arms if (said := _importance(reading, arm))],
            "wall_seconds": wall_seconds,
        }
    )


def _pair(pair: Pair, reading: Reading, ranking: Ranking) -> Json:
    return {
        "a": pair.a,
        "b": pair.b,
        "metric": f"val_{reading.criterion.name}",
        "difference": pair.difference,
        "beats": chance_of_winning(pair, reading),
        "low": pair.low,
        "high": pair.high,
        "p_adjusted": pair.p_adjusted,
        "seeds": pair.seeds,
        "looks": pair.looks,
        "state": pair.state,
        "text": pair_words(pair, reading, ranking),
        "seeds_needed": list(pair.seeds_needed) if pair.seeds_needed else None,
    }


def _cost(arm: ReadArm) -> Json:
    """Counted work, and seconds as a mean over the runs that ended, with its 95 % interval."""
    seconds = arm.seconds
    return {
        "arm": arm.label,
        "parameters": arm.cost.parameters,
        "flops_forward": arm.cost.flops_forward,
        "mflops_forward": arm.cost.mflops,
        "flops_step": arm.cost.flops_step,
        "flops_total": arm.flops_spent.mean,
        "seconds": None
        if seconds is None
        else {"mean": seconds.mean, "low": seconds.low, "high": seconds.high, "runs": seconds.n},
    }


def _speed(made: Speed) -> Json:
    level = made.level
    return {
        "metric": made.measure,
        "level": level.value if level else None,
        "is_given": level.is_given if level else None,
        "arms": [_pace(pace) for pace in made.paces],
        "text": speed_words(made),
    }


def _pace(pace: Pace) -> Json:
    return {
        "arm": pace.arm.label,
        "reached": pace.reached,
        "runs": [
            {"seed": run.seed, "epochs": run.epochs, "seconds": run.seconds} for run in pace.runs
        ],
        **{over: _interval(pace.interval(over)) for over in SPENDS},
        "at_least": {over: pace.at_least(over) for over in SPENDS},
    }


def _interval(mean: Interval | None) -> Json | None:
    return None if mean is None else {"mean": mean.mean, "low": mean.low, "high": mean.high}


def _importance(reading: Reading, arm: ReadArm) -> Json | None:
    if (found := importance(reading, arm)) is None:
        return None
    return {
        "arm": arm.label,
        "rows": found.rows,
        "repeats": found.repeats,
        "seeds": found.seeds,
        "columns": [
            {"column": worth.column, **(_interval(worth.drop) or {})} for worth in found.columns
        ],
        "nearly_decides": found.decides or None,
    }


def _reliability(ranking: Ranking) -> Json:
    """The runs that trained, and the pairs of arms whose shares are told apart."""
    return {
        "arms": [
            {"arm": arm.label, "trained": runs.trained, "of": runs.of}
            for arm, runs in ranking.runs.items()
        ],
        "pairs": [
            {"a": p.a, "b": p.b, "p_adjusted": p.p_adjusted, "told_apart": p.told_apart}
            for p in ranking.shares
        ],
    }


def _arm(arm: ReadArm, reading: Reading, tests: bool) -> Json:
    flat = arm.config.flat()
    del flat["seed"]  # every run has its own
    if reading.repeats_splits:  # which follows it
        flat.pop("split_seed", None)
    return {
        "label": arm.label,
        "config": flat,
        "parameters": arm.cost.parameters,
        "flops_forward": arm.cost.flops_forward,
        "runs": [run_json(trial, reading, tests=tests) for trial in arm.trials],
    }


def run_json(trial: ReadTrial, reading: Reading, *, tests: bool = True) -> Json:
    """One training, as `compare_json` has it under `runs`."""
    metric = reading.metric
    names = ("epoch", "loss", metric, "val_loss", f"val_{metric}")
    measured = trial.measures("test") if tests else {}
    run: Json = {
        "seed": trial.seed,
        "status": trial.status.value,
        "from_cache": trial.from_cache,
        "seconds": trial.final("seconds") if trial.seconds is None else trial.seconds,
        "history": {name: trial.series(name) for name in names},
        "best_epoch": trial.best_epoch,
        "score": trial.score(reading.criterion.name, when=reading.judging.at),
        "train": trial.measures("training"),
        "validation": trial.measures("validation"),
        "test": {"loss": None, metric: None} | measured,
    }
    if not reading.is_regression:
        matrix = trial.confusion if tests else None
        run["confusion"] = None if matrix is None else matrix.tolist()
        run["report"] = [vars(row) for row in trial.report] if matrix is not None else None
    return run | ({"error": trial.error} if trial.error else {})


def snapshot_json(snapshot: Snapshot) -> Json:
    """A snapshot as plain JSON values; `read_snapshot` makes it again, but for `extra`."""
    trials = [
        {
            **{f.name: getattr(trial, f.name) for f in fields(Trial)},
            "records": [record.to_json() for record in trial.records],
            "result": trial.result.to_json() if trial.result is not None else None,
        }
        for trial in snapshot.trials
    ]
    return plain(
        {
            "id": snapshot.id,
            "comparison": snapshot.comparison.to_json(),
            "trials": trials,
            "created_at": snapshot.created_at,
            "note": snapshot.note,
            "coordinator_alive": snapshot.coordinator_alive,
            "simple": [simple.to_json() for simple in snapshot.simple],
        }
    )


def read_snapshot(data: Mapping[str, Any]) -> Snapshot:
    """The snapshot that `snapshot_json` wrote."""
    trials = tuple(_trial(flat) for flat in data["trials"])
    return Snapshot(
        id=data["id"],
        comparison=Comparison.from_json(data["comparison"]),
        trials=trials,
        created_at=data["created_at"],
        note=data["note"],
        coordinator_alive=data["coordinator_alive"],
        simple=tuple(map(Simple.from_json, data.get("simple", ()))),
    )


def _trial(flat: Mapping[str, Any]) -> Trial:
    result = flat["result"]
    typed = {
        "status": Status(flat["status"]),
        "records": tuple(map(Record.from_json, flat["records"])),
        "result": Result.from_json(result) if result is not None else None,
    }
    return Trial(**{**flat, **typed})


def plain(value: Any) -> Any:
    """`value` with lists for tuples, plain dicts, and None for numbers that aren't finite."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
