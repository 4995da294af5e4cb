"""The table that `compare` prints: every score with its interval and number of seeds."""

from collections.abc import Sequence
from textwrap import wrap

from nncore.analysis.beside import (
    NO_SCORE,
    Beside,
    beside,
    by_data,
    fewest_splits,
    name_of,
    remarks,
    scored_on,
    written,
)
from nncore.analysis.chosen import MARK, chosen_by
from nncore.analysis.importance import importance
from nncore.analysis.importance_words import SHARED, deciding_words, unit_of
from nncore.analysis.judging import MEDIAN, Criterion
from nncore.analysis.looks import looks_words
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.reliability import Trained
from nncore.analysis.speed import SPENDS, Speed, speed
from nncore.analysis.speed_words import level_words, pace_text, speed_words
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.uneven import beside_accuracy, uneven_words
from nncore.analysis.verdict import verdict
from nncore.analysis.words import Words, covers, judged_by, split_words, wins_words
from nncore.cli.output import table
from nncore.results.simple import Fitted
from nncore.results.snapshots import Status
from nncore.system.wording import listing, number, times

WIDTH = 100  # letters of a line of text
WAITS = "not fitted yet"
_COSTS = ("Parameters", "FLOPs forward", "Seconds")
_MOST_COLUMNS = 10
ENDINGS = (Status.DIVERGED, Status.FAILED, Status.CANCELLED)


def score_text(reading: Reading, *, tests: bool = False, level: float | None = None) -> str:
    """Title, tables and what the seeds are worth, ready to print; `tests`: with test scores.

    `level`: what arms are timed to, as `nncore.analysis.speed.LEVEL`.
    """
    config = reading.config
    n_train, n_val, n_test = config.counts()
    held_out = "the same as validation" if config.split == "none" else f"{n_val:,} validation"
    metric = reading.criterion.name.removeprefix("data_")
    test = (f"Test {metric}",) if tests else ()
    head = ("Arm", "Trained", f"Validation {metric}", *test, *_COSTS, "Remarks")
    ranking = Ranking(reading)
    rows = [_row(reading, arm, ranking.runs[arm], tests) for arm in reading.arms]
    lines = [
        f"{reading.question.label}: {config.data.label}, {config.form.note}, {_shared(reading)}",
        f"{n_train:,} training, {held_out} and {n_test:,} test samples"
        + (", validation drawn anew with every seed" if reading.repeats_splits else "")
        + (f": {said}" if (said := split_words(config)) else ""),
        "",
        table(head, rows, right=range(3 + tests, 6 + tests)),
        "",
    ]
    lines += _uneven(reading)
    lines += _speed(speed(reading, level))
    lines += _columns(reading, ranking)
    for arm, titles in by_data(reading):
        lines += _beside(reading, beside(reading, arm=arm), titles)
    if len(reading.seeds) == 1:
        lines.append("One seed: differences may be luck. Take --seeds 3 or more for intervals.")
    else:
        lines.append(_spread(reading))
    if tests:
        lines.append(looks_words(reading))
    lines += wrap(_winning(ranking), WIDTH)
    said = f"{judged_by(reading)} Verdict: {verdict(reading).text}".strip()
    lines += ["", *wrap(said, WIDTH)]
    return "\n".join(lines)


def _uneven(reading: Reading) -> list[str]:
    """What stands beside accuracy where classes are uneven, and why."""
    criteria = beside_accuracy(reading)
    if not criteria:
        return []
    how = {"when": reading.judging.at, "centre": reading.judging.centre}
    rows = [
        (arm.title, *(_with_half(reading, arm.interval(c.name, **how), c) for c in criteria))
        for arm in reading.arms
    ]
    head = ("Classes are uneven", *(f"Validation {c.label}" for c in criteria))
    return [table(head, rows), *wrap(uneven_words(reading), WIDTH), ""]


def _speed(made: Speed) -> list[str]:
    """How long every arm takes to the level, the fastest first."""
    if not made.paces:
        return []
    rows = [
        (
            pace.arm.title,
            f"{pace.reached} of {len(pace.runs)}",
            *(pace_text(pace, over) for over in SPENDS),
        )
        for pace in made.paces
    ]
    said = f"Until {level_words(made)}. {speed_words(made)}".strip()
    return [
        table(("How fast", "Reached", "Epochs", "Seconds"), rows, right=(2, 3)),
        *wrap(said, WIDTH),
        "",
    ]


def _columns(reading: Reading, ranking: Ranking) -> list[str]:
    """Which columns of a table the arm in front leans on, as far as that was measured."""
    arm = ranking.arms[0].arm if ranking.arms else None
    if arm is None or (found := importance(reading, arm)) is None:
        return []
    unit = unit_of(reading)
    rows = [(worth.column, unit.write(worth.drop)) for worth in found.columns[:_MOST_COLUMNS]]
    if more := len(found.columns) - len(rows):
        rows.append((f"... and {more} more", ""))
    on = times(found.rows, "validation row")
    said = f"Of {arm.title}, on {on}, with one column shuffled at a time."
    head = ("Column", f"{unit.what.capitalize()} ({unit.unit})".removesuffix(" ()"))
    words = " ".join(filter(None, [said, deciding_words(found), SHARED]))
    return [table(head, rows, right=(1,)), *wrap(words, WIDTH), ""]


def _beside(reading: Reading, models: Sequence[Beside], titles: str) -> list[str]:
    """What simple models reach; `titles`: of the arms whose data it is, where others differ."""
    if not models:
        return []
    head = (
        "Beside simple models",
        f"Validation {name_of(models[0].metric.removeprefix('val_'))}",
        "Trained on",
        "Seconds",
    )
    rows = [
        (
            model.label,
            _reached(reading, model),
            "" if model.trained_on is None else f"{model.trained_on:,} of {model.of:,}",
            number(model.seconds) if model.seconds is not None else "",
        )
        for model in models
    ]
    data = f" of {titles}" if titles else ""
    return [
        table(head, rows, right=(2, 3)),
        f"Brackets: 95 % intervals {scored_on(reading, fewest_splits(models))}{data}.",
        *(line for remark in remarks(models) for line in wrap(remark, WIDTH)),
        "",
    ]


def _reached(reading: Reading, model: Beside) -> str:
    if model.score is None:
        return WAITS if model.state is Fitted.WAITING else NO_SCORE
    metric = model.metric.removeprefix("val_")
    ends = [written(reading, metric, end) for end in (model.low, model.high) if end is not None]
    between = f" [{', '.join(ends)}]" if ends else ""
    return f"{written(reading, metric, model.score)}{between}"


def _shared(reading: Reading) -> str:
    """ "5 epochs, numpy"; where arms differ, both ends: "5 to 30 epochs, keras and numpy"."""
    configs = [arm.config for arm in reading.arms]
    epochs = sorted({config.epochs for config in configs})
    engines = listing(sorted({config.engine for config in configs}))
    fewest = f"{epochs[0]} to " if len(epochs) > 1 else ""
    return f"{fewest}{times(epochs[-1], 'epoch')}, {engines}"


def _row(reading: Reading, arm: ReadArm, runs: Trained, tests: bool) -> tuple[str, ...]:
    seconds = interval(trial.seconds for trial in arm.trials if trial.seconds)
    endings = [(status, arm.of_status(status)) for status in ENDINGS]
    remarks = [f"{times(len(trials), 'seed')} {status}" for status, trials in endings if trials]
    name, how = reading.criterion.name, reading.judging
    score, mark = reading.middle(arm), f" {MARK}" if chosen_by(arm.config, how.at) else ""
    tested = arm.interval(name, part="test", centre=how.centre)
    test = (_with_half(reading, tested),) if tests else ()
    return (
        arm.title,
        str(runs),
        _with_half(reading, score) + (mark if score else ""),
        *test,
        f"{arm.cost.parameters:,}",
        f"{arm.cost.flops_forward:,}",
        number(seconds.mean if seconds else None),
        ", ".join(remarks),
    )


def _with_half(reading: Reading, score: Interval | None, criterion: Criterion | None = None) -> str:
    if score is None:
        return "–"
    write = Words(reading, criterion).value
    if score.low is None or score.high is None:
        return write(score.mean)
    if score.ends:
        return f"{write(score.mean)} ({write(score.low)} to {write(score.high)})"
    return f"{write(score.mean)} ± {write(score.half or 0.0)}"


def _spread(reading: Reading) -> str:
    """What stands beside scores, and which rows validation is about."""
    if reading.judging.centre == MEDIAN:
        what = "Brackets are 95 % intervals of the median over seeds, from 6 on,"
    else:
        what = "± is half a 95 % t-interval of the mean over seeds,"
    return f"{what} {covers(reading)}."


def _winning(ranking: Ranking) -> str:
    """How often the leader will be ahead with another seed."""
    told = [(rival.title, rival.ahead.wins) for rival in ranking.rivals]
    known = [f"{title} {wins_words(wins)}" for title, wins in told if wins is not None]
    if not known:
        return ""
    return f"With a fresh seed, {ranking.leader.title} is ahead of {listing(known)}."
