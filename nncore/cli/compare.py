"""`compare`: submit a comparison to the lab, follow it, print the scores."""

import argparse
import sys
import time
from dataclasses import replace

from nncore.analysis.judging import PARAMS, Judging
from nncore.analysis.reading import Reading, read
from nncore.analysis.speed import LEVEL
from nncore.cli import own_file
from nncore.cli.follow import await_simple, follow
from nncore.cli.interrupts import Interrupts
from nncore.cli.log import Log
from nncore.cli.options import add_settings, add_storing, merge, read_settings
from nncore.cli.output import JsonTarget, put
from nncore.cli.scores import score_text
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.preparation.cache import available
from nncore.declare.domains import AUTO, Range
from nncore.declare.params import Param
from nncore.export.json import compare_json
from nncore.lab.lab import Lab
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import SEEDS, TIME_LIMIT, Comparison
from nncore.system.errors import InvalidSetting
from nncore.system.owners import OPERATOR

HELP = "train every arm of a question over several seeds"
DESCRIPTION = "Train every arm of a question over several seeds and compare the scores."
EXAMPLE = "compare activations --arms sigmoid,relu --seeds 3 --epochs 5"
FAILED = 1
_EVERY = Range(1, 1_000_000, integer=True)  # iterations


# dests of what says which comparison is asked, where none is stored
ASKING: tuple[str, ...] = (
    *("dataset", "variant", "engine", "epochs", "seeds", "arms", "arm", "by", "settings"),
    *("repeat_splits", "time_limit", "no_cache", "csv", "sheet", "target", "features"),
    *("test_csv", "recipe"),
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that only `compare` has."""
    add = parser.add_argument
    add("comparison", metavar="COMPARISON", help=", ".join(QUESTIONS))
    add_asking(parser)
    add(
        "--no-baselines",
        action="store_true",
        help="without simple models (regression, neighbours, boosting) beside the arms",
    )
    add("--test", action="store_true", help="print test scores, too; JSON always has them")
    add("--level", metavar="SCORE", help=LEVEL.help.replace("%", "%%"))
    add("--log", action="store_true", help="print what every epoch measured, on standard error")
    add(
        "--log-every",
        metavar="K",
        help="print the cost every K iterations (updates) instead; where an epoch makes several, "
        "its mean over them, for no other is on record",
    )


def add_asking(parser: argparse.ArgumentParser) -> None:
    """What says which comparison is asked, how it is judged and where it is stored."""
    add = parser.add_argument
    add("--dataset", metavar="NAME", help="data set (default: the question's own)")
    own_file.add_file_options(parser)
    add("--engine", metavar="NAME", help="keras (default), numpy or keras_fit")
    add("--epochs", metavar="N", help="times through the training data (default: the question's)")
    add("--seeds", metavar="N", default="3", help="seeds 0 to N-1 for every arm (default 3)")
    add("--arms", metavar="A,B", help="values of what the question varies; layers joined by -")
    add(
        "--arm",
        action="append",
        default=[],
        metavar="LABEL:KEY=VALUE,...",
        help="an arm of any settings; may repeat",
    )
    add(
        "--by",
        action="append",
        default=[],
        metavar="KEY=VALUE,VALUE",
        help="cross every arm with the values of a second setting; may repeat",
    )
    add("--repeat-splits", action="store_true", help="other validation rows with every seed")
    for param in PARAMS.values():
        add(f"--{param.name}", metavar=param.name.upper(), help=_about(param))
    add("--time-limit", metavar="SECONDS", default="1800", help="of training, for all arms")
    add_storing(parser)
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Train, print the scores; 0, or 1 when a training failed or was cancelled by others.

    Interrupted: cancel what this comparison alone wants; 130, or 143 by SIGTERM.
    """
    comparison = comparison_of(options)
    target = JsonTarget(options.json)
    started = time.perf_counter()
    judging = judging_of(options, comparison)
    log, level = log_of(options), level_of(options)
    reading, code = train(comparison, options, simple=not options.no_baselines, log=log)
    if reading is None:
        return code
    wall = time.perf_counter() - started
    if options.test or target.is_wanted:  # JSON has them, too
        reading = with_tests(reading, options.store)
    reading = reading.judged(judging)
    target.write(compare_json(reading, wall, level=level))
    if not target.takes_stdout:
        put(sys.stdout, score_text(reading, tests=options.test, level=level) + "\n")
    return code


def with_tests(reading: Reading, store: str | None) -> Reading:
    """The same after the store knows that test scores are looked at, and how often they were."""
    lab = Lab(store)
    lab.show_tests(reading.id, OPERATOR)
    looked = lab.snapshot(reading.id)
    count = looked.test_looks if looked is not None else 0
    return read(replace(reading.snapshot, test_looks=count), reading.judging)


def train(
    comparison: Comparison,
    options: argparse.Namespace,
    *,
    simple: bool = False,
    log: Log | None = None,
) -> tuple[Reading | None, int]:
    """Train a comparison in the lab that `options` name: (what came of it, exit code).

    None when it was interrupted. `simple`: with simple models beside it, as far as they are fitted
    within their time.
    """
    _check_data(comparison)
    lab = Lab(options.store)
    with Interrupts() as interrupts:
        comparison_id = lab.submit(
            comparison, use_cache=not options.no_cache, owner=OPERATOR.key, simple=simple
        )
        reading = follow(lab, comparison_id, until=lambda: bool(interrupts), log=log)
        if reading.active:
            lab.cancel(comparison_id, OPERATOR)
            put(sys.stderr, "Interrupted: what was finished stays in the store.\n")
            return None, interrupts.exit_code
        if reading.snapshot.fits:
            reading = await_simple(lab, reading, until=lambda: bool(interrupts))
    finished = all(trial.status.has_result for trial in reading.trials)
    return reading, 0 if finished else FAILED


def comparison_of(options: argparse.Namespace) -> Comparison:
    """The comparison that the options describe.

    Raises InvalidSetting for the first mistake.
    """
    question = QUESTIONS[options.comparison]
    brought = own_file.kept_file(options)
    settings = merge(
        read_settings(options.settings),
        dataset=options.dataset if brought is None else brought.name,
        variant=options.variant,
        engine=options.engine,
        epochs=options.epochs,
    )
    seeds = Param("--seeds", "Seeds", SEEDS, 3).parse(options.seeds)
    limit = Param("--time-limit", "Time limit", TIME_LIMIT, 1800.0).parse(options.time_limit)
    return ask(
        question,
        _arm_texts(options),
        by=options.by,
        settings=settings,
        seeds=seeds,
        time_limit=limit,
        repeat_splits=options.repeat_splits,
    )


def log_of(options: argparse.Namespace) -> Log | None:
    """What is to be logged, if anything. Raises InvalidSetting."""
    if options.log_every is None:
        return Log() if options.log else None
    if options.log:
        raise InvalidSetting("--log and --log-every are two kinds of lines: give one of them.")
    return Log(Param("--log-every", "Log every", _EVERY, 10).parse(options.log_every))


def judging_of(options: argparse.Namespace, comparison: Comparison) -> Judging:
    """By what the options judge a comparison; before anything is trained.

    Raises InvalidSetting where its results can't be judged so.
    """
    judging = Judging.of({name: getattr(options, name) or "" for name in PARAMS})
    task = comparison.config(comparison.arms[0]).data.task
    judging.check(task, repeats_splits=comparison.repeat_splits)
    return judging


def level_of(options: argparse.Namespace) -> float | None:
    """What arms are timed to, before anything is trained; raises InvalidSetting."""
    if options.level is None:
        return None
    return float(Param("--level", LEVEL.label, LEVEL.domain, None).parse(options.level))


def _about(param: Param) -> str:
    """What an option of the judging takes."""
    default = "as the task has it" if param.default in (None, AUTO) else param.default
    return f"{param.label.lower()} to judge by: {param.domain} (default {default})"


def _arm_texts(options: argparse.Namespace) -> list[str]:
    if options.arms is None:
        return list(options.arm)
    texts = [text.strip() for text in options.arms.split(",")]
    if not all(texts):
        raise InvalidSetting(f"--arms must be values separated by commas; got {options.arms!r}.")
    return texts + list(options.arm)


def _check_data(comparison: Comparison) -> None:
    """Raise DataMissing before anything is queued, rather than fail every training."""
    configs = [comparison.config(arm) for arm in comparison.arms]
    for dataset, variant in {(c.dataset, c.variant) for c in configs}:
        if not available(dataset, variant):
            DATASETS[dataset].variants[variant].load()  # says which file and which folders
