"""The table that `compare` prints: every score with its interval and number of seeds."""

from nncore.analysis.cost import cost
from nncore.analysis.scores import baseline, is_regression, main_metric, titles, values, with_status
from nncore.analysis.statistics import Interval, interval
from nncore.cli.output import table
from nncore.results.snapshots import Snapshot, Status
from nncore.system.wording import listing, number, percent, times

ENDINGS = (Status.DIVERGED, Status.FAILED, Status.CANCELLED)


def score_text(snapshot: Snapshot) -> str:
    """Title, table, baseline and what the seeds are worth, ready to print."""
    config = next(iter(snapshot.configs.values()))
    n_train, n_val, n_test = config.counts()
    held_out = "the same as validation" if config.split == "none" else f"{n_val:,} validation"
    metric = main_metric(snapshot)
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
    rows = [_row(snapshot, label, name, metric) for label, name in titles(snapshot).items()]
    lines = [
        f"{snapshot.question.label}: {config.data.label}, {config.form.note}, {_shared(snapshot)}",
        f"{n_train:,} training, {held_out} and {n_test:,} test samples",
        "",
        table(head, rows, right=(1, 4, 5, 6)),
        "",
    ]
    if trivial := baseline(snapshot, metric, part="test"):
        lines.append(f"Baseline, {trivial[1]}: test {metric} {_value(snapshot, trivial[0])}")
    if len(snapshot.comparison.seeds) == 1:
        lines.append("One seed: differences may be luck. Take --seeds 3 or more for intervals.")
    else:
        lines.append("± is half a 95 % t-interval of the mean over seeds.")
    return "\n".join(lines)


def _shared(snapshot: Snapshot) -> str:
    """ "5 epochs, numpy"; where arms differ, both ends: "5 to 30 epochs, keras and numpy"."""
    configs = snapshot.configs.values()
    epochs = sorted({config.epochs for config in configs})
    engines = listing(sorted({config.engine for config in configs}))
    fewest = f"{epochs[0]} to " if len(epochs) > 1 else ""
    return f"{fewest}{times(epochs[-1], 'epoch')}, {engines}"


def _row(snapshot: Snapshot, label: str, name: str, metric: str) -> tuple[str, ...]:
    spent = cost(snapshot.configs[label])
    seconds = interval(
        t.result["seconds"] for t in snapshot.of_arm(label) if t.result and t.result.get("seconds")
    )
    test = interval(values(snapshot, label, metric, part="test").values())
    endings = [(status, with_status(snapshot, label, status)) for status in ENDINGS]
    remarks = [f"{times(len(seeds), 'seed')} {status}" for status, seeds in endings if seeds]
    return (
        name,
        str(test.n if test else 0),
        _shown(snapshot, test),
        _shown(snapshot, interval(values(snapshot, label, metric).values())),
        f"{spent.parameters:,}",
        f"{spent.flops_forward:,}",
        number(seconds.mean if seconds else None),
        ", ".join(remarks),
    )


def _shown(snapshot: Snapshot, found: Interval | None) -> str:
    if found is None:
        return "–"
    spread = "" if found.half is None else f" ± {_value(snapshot, found.half)}"
    return f"{_value(snapshot, found.mean)}{spread}"


def _value(snapshot: Snapshot, value: float) -> str:
    """A share as percent; an error in the target's unit."""
    if not is_regression(snapshot):
        return percent(value)
    unit = next(iter(snapshot.configs.values())).data.unit
    return f"{number(value)} {unit}".rstrip()
