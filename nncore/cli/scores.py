"""The table that `compare` prints: every score with its interval and number of seeds."""

from collections.abc import Sequence
from textwrap import wrap

from nncore.analysis.beside import Beside, beside, by_data
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.verdict import verdict
from nncore.cli.output import table
from nncore.results.simple import Fitted
from nncore.results.snapshots import Status
from nncore.system.wording import listing, number, percent, times

WIDTH = 100  # letters of a line of text
WAITS = "not fitted yet"
ENDINGS = (Status.DIVERGED, Status.FAILED, Status.CANCELLED)


def score_text(reading: Reading) -> str:
    """Title, table, simple models and what the seeds are worth, ready to print."""
    config = reading.config
    n_train, n_val, n_test = config.counts()
    held_out = "the same as validation" if config.split == "none" else f"{n_val:,} validation"
    metric = reading.metric
    head = (
        "Arm",
        "Seeds",
        f"Test {metric}",
        f"Validation {metric}",
        "Parameters",
        "FLOPs forward",
        "Seconds",
        "Remarks",
    )
    rows = [_row(reading, arm) for arm in reading.arms]
    lines = [
        f"{reading.question.label}: {config.data.label}, {config.form.note}, {_shared(reading)}",
        f"{n_train:,} training, {held_out} and {n_test:,} test samples",
        "",
        table(head, rows, right=(1, 4, 5, 6)),
        "",
    ]
    for arm, titles in by_data(reading):
        lines += _beside(reading, beside(reading, arm=arm), titles)
    if len(reading.seeds) == 1:
        lines.append("One seed: differences may be luck. Take --seeds 3 or more for intervals.")
    else:
        lines.append("± is half a 95 % t-interval of the mean over seeds.")
    lines += ["", *wrap(f"Verdict: {verdict(reading).text}", WIDTH)]
    return "\n".join(lines)


def _beside(reading: Reading, models: Sequence[Beside], titles: str) -> list[str]:
    """What simple models reach; `titles`: of the arms whose data it is, where others differ."""
    if not models:
        return []
    head = ("Beside simple models", f"Validation {reading.metric}", "Trained on", "Seconds")
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
        f"Brackets: 95 % intervals over these {times(models[0].rows, 'validation row')}{data}.",
        "",
    ]


def _reached(reading: Reading, model: Beside) -> str:
    if model.score is None:
        return WAITS if model.state is Fitted.WAITING else model.text
    ends = [_value(reading, end) for end in (model.low, model.high) if end is not None]
    between = f" [{', '.join(ends)}]" if ends else ""
    return f"{_value(reading, model.score)}{between}"


def _shared(reading: Reading) -> str:
    """ "5 epochs, numpy"; where arms differ, both ends: "5 to 30 epochs, keras and numpy"."""
    configs = [arm.config for arm in reading.arms]
    epochs = sorted({config.epochs for config in configs})
    engines = listing(sorted({config.engine for config in configs}))
    fewest = f"{epochs[0]} to " if len(epochs) > 1 else ""
    return f"{fewest}{times(epochs[-1], 'epoch')}, {engines}"


def _row(reading: Reading, arm: ReadArm) -> tuple[str, ...]:
    seconds = interval(trial.seconds for trial in arm.trials if trial.seconds)
    test = arm.interval(reading.metric, part="test")
    endings = [(status, arm.of_status(status)) for status in ENDINGS]
    remarks = [f"{times(len(trials), 'seed')} {status}" for status, trials in endings if trials]
    return (
        arm.title,
        str(test.n if test else 0),
        _with_half(reading, test),
        _with_half(reading, arm.interval(reading.metric)),
        f"{arm.cost.parameters:,}",
        f"{arm.cost.flops_forward:,}",
        number(seconds.mean if seconds else None),
        ", ".join(remarks),
    )


def _with_half(reading: Reading, score: Interval | None) -> str:
    if score is None:
        return "–"
    spread = "" if score.half is None else f" ± {_value(reading, score.half)}"
    return f"{_value(reading, score.mean)}{spread}"


def _value(reading: Reading, value: float) -> str:
    """A share as percent; an error in the target's unit."""
    if not reading.is_regression:
        return percent(value)
    return f"{number(value)} {reading.data.unit}".rstrip()
