"""`errors`: what an arm gets wrong on test data."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nncore.analysis.looks import looks_words
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.trials import ReadTrial
from nncore.cli import asked, network_of
from nncore.cli.compare import train, with_tests
from nncore.cli.output import JsonTarget, put, table
from nncore.config.config import Config
from nncore.declare.domains import Range
from nncore.declare.params import Param
from nncore.export.json import plain
from nncore.figures.trained.errors import counts, report_table, value_titles
from nncore.results.snapshots import Status
from nncore.system.errors import InvalidSetting
from nncore.system.wording import number, percent, times

HELP = "confusion matrix, report and worst mistakes of an arm"
DESCRIPTION = (
    "Show what an arm of a comparison gets wrong on test data. That counts as a look at its test "
    "scores."
)
EXAMPLE = """errors activations --dataset digits --engine numpy --arms relu,tanh --of relu
errors 0123456789abcdef --worst 10 --json errors.json"""
_MOST_WORST = 24  # as many as a training keeps
_SEED, _WORST = Range(0, 2**31 - 1, integer=True), Range(0, _MOST_WORST, integer=True)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The comparison, the arm and the run."""
    asked.add_options(parser)
    add = parser.add_argument
    add("--of", metavar="LABEL", help="the arm (default: the one in front)")
    add("--seed", metavar="N", help="of this run alone (default: all runs of the arm together)")
    add(
        "--worst",
        metavar="N",
        default="0",
        help=f"its N worst mistakes, too, at most {_MOST_WORST}; of one run, by default the first. "
        "Where they weren't kept, it is trained once more as the Workshop does",
    )


def run(options: argparse.Namespace) -> int:
    """Print or write what is wrong; 0, or the code of a training that failed or was interrupted."""
    target = JsonTarget(options.json)
    worst = int(Param("--worst", "Worst", _WORST, 0).parse(options.worst))
    seed = None if options.seed is None else Param("--seed", "Seed", _SEED, 0).parse(options.seed)
    reading, code = asked.reading_of(options)
    if reading is None:
        return code
    arm = _of_seed(_arm(reading, options.of), seed)
    reading = with_tests(reading, options.store)
    mistakes, again = _mistakes(arm, options) if worst else (None, 0)
    if worst and mistakes is None:
        return again
    if mistakes is not None:
        mistakes = {**mistakes, "rows": list(mistakes["rows"])[:worst]}
    target.write(errors_json(reading, arm, mistakes))
    if not target.takes_stdout:
        put(sys.stdout, _text(reading, arm, mistakes) + "\n")
    return code


def _arm(reading: Reading, label: str | None) -> ReadArm:
    if label is not None:
        return reading.arm(label)
    ranked = Ranking(reading).arms
    return ranked[0].arm if ranked else reading.arms[0]


def _of_seed(arm: ReadArm, seed: int | None) -> ReadArm:
    """The arm with one of its runs alone. Raises InvalidSetting where none of them has ended."""
    trials = tuple(trial for trial in arm.trials if seed is None or trial.seed == seed)
    if not trials:
        known = ", ".join(str(trial.seed) for trial in arm.trials)
        raise InvalidSetting(f"{arm.title} has no run with seed {seed}. Its seeds: {known}.")
    ended = replace(arm, trials=trials)
    if not ended.finished:
        fates = ", ".join(dict.fromkeys(trial.status.value for trial in trials))
        raise InvalidSetting(
            f"{arm.title} has no run that was trained to its end, so nothing is known of its "
            f"errors; its runs: {fates}."
        )
    return ended


def _mistakes(arm: ReadArm, options: argparse.Namespace) -> tuple[Mapping[str, Any] | None, int]:
    """The worst mistakes of the first run, from a training of the Workshop where it has none."""
    first: ReadTrial = arm.finished[0]
    if first.mistakes is not None:
        return first.mistakes, 0
    config = replace(arm.config, seed=first.seed)
    reading, code = train(network_of.as_workshop(config), options)
    if reading is None:
        return None, code
    (trial,) = reading.trials
    if trial.status is not Status.DONE:
        raise InvalidSetting(f"{arm.title}, trained once more, {trial.status}: {trial.error or ''}")
    return trial.mistakes, 0


def errors_json(reading: Reading, arm: ReadArm, mistakes: Mapping[str, Any] | None) -> Any:
    """The JSON form.

    Of classes `confusion` (a row per true class, added up over `seeds`) and `report` (means over
    them), of numbers `actual` and `predicted` of the first run, in the target's unit.
    """
    entries: dict[str, Any] = {
        "comparison": reading.id,
        "arm": arm.label,
        "seeds": [trial.seed for trial in arm.finished],
        "test_looks": reading.snapshot.test_looks,
    }
    if reading.is_regression:
        points = arm.finished[0].points
        entries |= {"unit": reading.data.unit, "actual": None, "predicted": None}
        if points is not None:
            entries |= {"actual": points.actual.tolist(), "predicted": points.predicted.tolist()}
    else:
        matrix, _ = counts(arm)
        entries["classes"] = list(reading.data.classes)
        entries["confusion"] = None if matrix is None else matrix.tolist()
        report = report_table(arm).rename(columns=lambda name: name.lower())
        entries["report"] = report.rename(columns={"class": "label"}).to_dict("records")
    if mistakes is not None:
        entries["mistakes"] = mistakes
    return plain(entries)


def _text(reading: Reading, arm: ReadArm, mistakes: Mapping[str, Any] | None) -> str:
    seeds = ", ".join(str(trial.seed) for trial in arm.finished)
    lines = [f"{arm.title}, {times(len(arm.finished), 'run')} (seed {seeds}), on test data", ""]
    if reading.is_regression:
        lines += _numbers(reading, arm)
    else:
        lines += _classes(reading, arm)
    if mistakes is not None:
        lines += ["", *_worst(arm.config, mistakes)]
    return "\n".join([*lines, "", looks_words(reading)])


def _classes(reading: Reading, arm: ReadArm) -> list[str]:
    matrix, n = counts(arm)
    if matrix is None:
        return ["Its predictions were not kept."]
    names = list(reading.data.classes)
    rows = [(name, *map(str, row)) for name, row in zip(names, matrix.tolist(), strict=True)]
    report = [
        (str(r[0]), *(percent(v) for v in r[1:4]), f"{r[4]:,}")
        for r in report_table(arm).itertuples(index=False)
    ]
    return [
        f"Rows are true classes, columns predicted ones; added up over {times(n, 'run')}.",
        table(("True class", *names), rows, right=range(1, len(names) + 1)),
        "",
        table(("Class", "Precision", "Recall", "F1", "Support"), report, right=range(1, 5)),
    ]


def _numbers(reading: Reading, arm: ReadArm) -> list[str]:
    points, unit = arm.finished[0].points, reading.data.unit
    if points is None:
        return ["Its predictions were not kept."]
    off = points.predicted - points.actual
    return [
        f"Run with seed {arm.finished[0].seed}, {len(off):,} of {points.of:,} test rows",
        f"Mean absolute error: {number(float(abs(off).mean()))} {unit}".rstrip(),
        f"Mean error: {number(float(off.mean()))} {unit}".rstrip(),
    ]


def _worst(config: Config, mistakes: Mapping[str, Any]) -> list[str]:
    rows, data = mistakes["rows"], config.data
    if not rows:
        return [f"No mistakes: all {times(mistakes['of'], 'test row')} are right."]
    if data.task == "regression":
        told = [
            (str(r["index"]), number(r["actual"], 4), number(r["predicted"], 4),
             number(r["predicted"] - r["actual"], 4)) for r in rows
        ]  # fmt: skip
        head = ("Test row", *value_titles(data), "Error")
        return ["The largest errors:", table(head, told, right=range(4))]
    named = [
        (str(r["index"]), data.classes[r["true"]], data.classes[r["predicted"]],
         percent(r["probability"])) for r in rows
    ]  # fmt: skip
    head = ("Test row", "Truth", "Answer", "Its probability")
    count = times(mistakes["wrong"], "mistake")
    return [f"The worst of {count}:", table(head, named, right=(0, 3))]
