"""The same curves over updates and over seconds, which are what batches of other sizes cost."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.trials import history
from nncore.config.config import Config
from nncore.config.engine_names import ENGINES
from nncore.figures.parts.chart import Chart, blank, empty, log_ticks
from nncore.figures.parts.lines import (
    Curve,
    add_curve,
    add_lost,
    curve_table,
    curves_of,
    curves_view,
    last_known,
)
from nncore.figures.parts.measures import loss_measure
from nncore.figures.parts.missing import diverged, no_curves
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting, suggestion
from nncore.system.wording import listing, number, times

UPDATE_COLUMNS = ("Arm", "Batch", "Updates per epoch", "Updates in all", "Noise of a step")
AXES = {"updates": "Updates (log scale)", "seconds": "Seconds of training (log scale)"}
_WORDS = {"updates": "update", "seconds": "second"}
_LOOK_FOR = {
    "updates": (
        "Where the curves lie on top of each other, the additional samples of a larger batch "
        "bought nothing: its steps are less noisy, but no longer. Where the larger batch lies "
        "lower or runs calmer, they did."
    ),
    "seconds": (
        "This is the price that counts: whose loss is lowest after the time you have? Seconds "
        "were measured where it was trained, and other work there lengthens them."
    ),
}


def loss_against(reading: Reading, over: str) -> Chart:
    """Validation loss of every arm over "updates" or over "seconds", both on a log axis.

    Seconds are the mean over seeds of when an epoch was over. Raises InvalidSetting for
    another `over`.
    """
    if over not in AXES:
        options = ", ".join(AXES)
        hint = suggestion(over, AXES)
        raise InvalidSetting(f"over must be one of {options}; got {over!r}.{hint}")
    measure = loss_measure(reading)
    x, y, word = AXES[over], measure.title("validation"), _WORDS[over]
    key, columns = f"{reading.id}:loss:{over}", ("Arm", word.title() + "s", "Mean", "Low", "High")
    places = _updates if over == "updates" else _seconds
    curves = [
        _moved(curve, places(curve.arm))
        for curve in curves_of(reading.arms, f"val_{measure.key}", "validation", measure.factor)
    ]
    curves = [curve for curve in curves if (curve.epochs > 0).all()]
    if not curves:
        return empty(x, y, columns, no_curves(reading, measure.key), key=key)
    figure = blank(x, y, key=key, height=440)
    for curve in curves:
        add_curve(figure, curve, measure, dash=curve.style.dash, over=word)
    add_lost(figure, reading.arms, {curve.arm for curve in curves})
    ends = np.concatenate([curve.epochs for curve in curves])
    low, high = math.log10(ends.min()) - 0.05, math.log10(ends.max()) + 0.05
    figure.update_xaxes(type="log", range=[low, high], **log_ticks(low, high))
    figure.update_yaxes(range=curves_view(curves, "loss"), rangemode="tozero")
    table = curve_table(curves, ("Arm", "Epoch", "Mean", "Low", "High"))
    spoken = [
        f"{c.title} {number(last_known(c.mean))} after {number(float(c.epochs[-1]))}"
        for c in curves
    ]
    return Chart(
        figure,
        table.rename(columns={"Epoch": columns[1]}),
        f"Line chart of validation {measure.label} over {word}s, on a log axis. At the end: "
        f"{listing(spoken)}.{diverged(reading)}",
        _LOOK_FOR[over] + (_compiling(reading) if over == "seconds" else ""),
    )


def _compiling(reading: Reading) -> str:
    if not any(ENGINES[arm.config.engine].needs_tensorflow for arm in reading.arms):
        return ""
    return " The first seconds of a Keras training are those of compiling the network."


def updates_table(configs: Mapping[str, Config]) -> pd.DataFrame:
    """A row per arm: samples of a batch, updates, and the noise of one step's gradient.

    `configs`: title of an arm -> its config. Noise is the standard error of the mean of B
    samples drawn without putting back from N, as a share of a single sample's spread:
    sqrt((N - B) / (N - 1) / B).

    Source: Cochran, Sampling Techniques, 1977, theorem 2.2.
    """
    rows = []
    for name, config in configs.items():
        n = config.counts()[0]
        batch = min(config.batch_size, n)
        steps = math.ceil(n / batch)
        noise = math.sqrt((n - batch) / max(n - 1, 1) / batch)
        rows.append((name, batch, steps, steps * config.epochs, noise))
    return pd.DataFrame(rows, columns=list(UPDATE_COLUMNS))


def updates_words(configs: Mapping[str, Config]) -> str:
    """What the table says of the smallest and the largest batch."""
    table = updates_table(configs)
    if table["Batch"].nunique() < 2:
        return "All arms take batches of the same size."
    small, *_, large = table.sort_values("Batch").to_dict("records")
    few, many = int(large["Updates per epoch"]), int(small["Updates per epoch"])
    ratio = large["Noise of a step"] / small["Noise of a step"] if small["Noise of a step"] else 1.0
    noise = "without noise" if ratio == 0 else f"with {number(100 * ratio, 2)} % of the noise"
    steps = f"{small['Arm']} takes {times(many, 'step')} per epoch"
    return f"{steps}, {large['Arm']} {few:,}, but {noise}."


def _moved(curve: Curve, place: Callable[[Array], Array]) -> Curve:
    """The curve with its epochs at other places of the x axis."""
    history = replace(curve.history, epochs=place(curve.epochs))
    return replace(curve, history=history, ends=place(curve.ends))


def _updates(arm: ReadArm) -> Callable[[Array], Array]:
    n = arm.config.counts()[0]
    steps = math.ceil(n / min(arm.config.batch_size, n))
    return lambda epochs: epochs * steps


def _seconds(arm: ReadArm) -> Callable[[Array], Array]:
    """When an epoch was over, on average; of finished trainings where there are any."""
    clock = history([trial.sound for trial in arm.finished or arm.trials], "seconds")
    mean = np.nanmean(clock.values, axis=0)
    return lambda epochs: np.interp(epochs, clock.epochs, mean)
