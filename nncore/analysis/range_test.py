"""The learning-rate range test: which rate a network bears, read from a growing one.

The rate grows by a constant factor while the network trains (schedule `range_test`), and after
each rate the validation loss is measured. Measured on thousands of rows it hardly jumps; what
jumps remain are taken out by a running median, before anything is looked for.

- The **edge** is the first rate at which the smoothed loss has lost half of what it had gained,
  or the training diverged.
- The **suggestion** is the rate at which the smoothed loss falls fastest, but at most a fifth
  of the edge. Each seed makes its own; together they are a geometric mean with its interval.
- There is none when the loss never falls clearly: by a share of what it was, and by a multiple
  of its own jumps.

References: Smith, Cyclical Learning Rates for Training Neural Networks, WACV 2017; Tukey,
Exploratory Data Analysis, 1977, on running medians.
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.trials import ReadTrial
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status
from nncore.system.arrays import Array
from nncore.system.wording import number, times

LABEL = "Range test"
LOWEST, SPAN, RATES = 1e-6, 1e8, 97  # 12 rates per power of ten, up to 100
_LEAST_POINTS = 8
_LEAST_FALL = 0.03  # of the loss at the start
_OVER_NOISE = 4.0  # times the typical jump
_LOST = 0.5  # of the fall, at the edge
_BELOW_EDGE = 5.0
_DOUBT = 1.0  # powers of ten between the ends of the interval from which seeds disagree
_NOT_MEANT = ("schedule", "patience", "stop_loss", "restore_best", "learning_rate", "epochs")


@dataclass(frozen=True)
class Range:
    """What one seed's range test shows. `rate` is None when there is nothing to suggest."""

    seed: int
    rates: Array  # (n,), increasing
    losses: Array  # (n,), validation losses without penalties
    smooth: Array  # (n,)
    rate: float | None
    edge: float | None
    why: str = ""  # there is no suggestion


def comparison_of(comparison: Comparison) -> Comparison:
    """The range test of the network that `comparison` trains, with the same seeds.

    What its arms vary is left at the base's, and so is everything that would end a training
    early.
    """
    base = {k: v for k, v in comparison.base.items() if k not in _NOT_MEANT}
    settings = {"schedule": "range_test", "range_span": SPAN, "learning_rate": LOWEST}
    arm = Arm(LABEL, {**settings, "epochs": RATES})
    return replace(comparison, base=base, arms=(arm,))


def is_range_test(reading: Reading) -> bool:
    """Whether all its trainings are range tests."""
    return all(arm.config.schedule.name == "range_test" for arm in reading.arms)


def ranges(arm: ReadArm) -> list[Range]:
    """What every training of the arm that has ended shows, by seed."""
    return [range_of(trial) for trial in arm.trials if trial.status.has_result]


def range_of(trial: ReadTrial) -> Range:
    """One training's rates and losses, and what they suggest."""
    rates, losses = trial.track("learning_rate"), trial.track("val_data_loss")
    finite = np.isfinite(losses) & np.isfinite(trial.track("loss"))
    rates, losses = rates[finite], losses[finite]
    smooth = smoothed(losses)
    rate, edge, why = suggest(rates, losses, diverged=trial.status is Status.DIVERGED)
    return Range(trial.seed, rates, losses, smooth, rate, edge, why)


def smoothed(losses: Array) -> Array:
    """A running median of five, which no single spike moves, then a running mean of three."""
    return _running(_running(losses, 5, np.median), 3, np.mean)


def suggest(
    rates: Array, losses: Array, *, diverged: bool
) -> tuple[float | None, float | None, str]:
    """(suggested rate, edge, why there is no suggestion) of one training's losses."""
    if len(rates) < _LEAST_POINTS:
        return None, None, "it diverged at the smallest rates"
    smooth = smoothed(losses)
    start = float(np.median(smooth[: max(3, len(smooth) // 8)]))
    lowest = np.minimum.accumulate(smooth)
    fallen = start - lowest
    bad = np.flatnonzero((smooth - lowest > _LOST * fallen) & (fallen > _LEAST_FALL * abs(start)))
    last = int(bad[0]) if bad.size else len(smooth)
    edge = float(rates[last]) if bad.size else float(rates[-1]) if diverged else None
    bottom = int(np.argmin(smooth[:last]))
    fall = start - float(smooth[bottom])
    jumps = np.abs(losses - _running(losses, 5, np.median))[: bottom + 1]
    noise = float(np.median(jumps)) * 1.4826  # of a normal distribution: its standard deviation
    if fall < _LEAST_FALL * abs(start):
        return None, edge, "the loss stays flat until it climbs" if edge else "the loss stays flat"
    if fall < _OVER_NOISE * noise:
        return None, edge, "the loss jumps more than it falls"
    if bottom == 0:
        return None, edge, "the loss climbs from the smallest rate on"
    slope = np.gradient(smooth[: bottom + 1], np.log10(rates[: bottom + 1]))
    steepest = float(rates[int(np.argmin(slope))])
    return min(steepest, edge / _BELOW_EDGE) if edge else steepest, edge, ""


def suggestion(tests: list[Range]) -> Interval | None:
    """Mean and interval over seeds of the suggested rates' powers of ten.

    No narrower than the step between two rates tested, however well the seeds agree.
    """
    together = interval(math.log10(r.rate) for r in tests if r.rate is not None)
    if together is None or together.half is None:
        return together
    step = max(math.log10(r.rates[1] / r.rates[0]) for r in tests if r.rate is not None)
    return replace(together, half=max(together.half, step / 2))


def words(tests: list[Range]) -> str:
    """What the seeds suggest together, or why they suggest nothing."""
    if not tests:
        return ""
    together = suggestion(tests)
    silent = Counter(r.why for r in tests if r.rate is None)
    if together is None or together.n <= len(tests) / 2:
        why = "; ".join(f"{reason} ({_of(n, len(tests))})" for reason, n in silent.items())
        return f"**No suggestion**: {why}. Try another optimizer, start or network first."
    low, high = together.low, together.high
    rate = number(10**together.mean, 2)
    if low is None or high is None:
        text = f"**Suggested learning rate: {rate}** (one seed, so no interval)."
    elif high - low > 2 * _DOUBT:
        text = (
            f"**The seeds disagree** about the rate, from {number(10**low, 2)} to "
            f"{number(10**high, 2)}; their mean is {rate}. Add seeds, or compare rates around it."
        )
    else:
        text = (
            f"**Suggested learning rate: {rate}** [{number(10**low, 2)}, {number(10**high, 2)}] "
            f"(n = {times(together.n, 'seed')})."
        )
    return f"{text} {_about_edge(tests)}{_about_silent(silent, len(tests))}"


def _about_edge(tests: list[Range]) -> str:
    edges = interval(math.log10(r.edge) for r in tests if r.edge is not None)
    if edges is None:
        return "No rate up to the largest was too large: the edge lies beyond."
    return f"From about {number(10**edges.mean, 2)} on the loss climbs or is no number any more."


def _about_silent(silent: Counter[str], n: int) -> str:
    reasons = "; ".join(f"{reason} ({_of(count, n)})" for reason, count in silent.items())
    return f" Left out: {reasons}." if reasons else ""


def _of(count: int, n: int) -> str:
    return f"{count} of {times(n, 'seed')}"


def _running(values: Array, width: int, middle: Callable[[Array], Any]) -> Array:
    """`middle` of the `width` values around each one; of fewer at the ends, still centred."""
    reach = width // 2
    spans = ((k, min(reach, k, len(values) - 1 - k)) for k in range(len(values)))
    return np.array([middle(values[k - r : k + r + 1]) for k, r in spans])
