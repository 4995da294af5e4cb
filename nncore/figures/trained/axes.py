"""The x axes of learning curves: what a training has spent by then."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from nncore.analysis.course import checked_spent
from nncore.analysis.reading import Reading
from nncore.config.engine_names import ENGINES
from nncore.figures.parts.chart import log_ticks
from nncore.figures.parts.lines import Curve
from nncore.system.wording import number, short, times

_APART = 8.0  # times as much spent by one arm as by another: a linear axis would hide the latter
_FEW = 12  # epochs: so few have a tick each
_ROOM = 0.015  # of the axis, at either end


@dataclass(frozen=True)
class Axis:
    """One quantity along the x axis."""

    label: str  # in menus
    title: str  # under the axis
    column: str  # in the table behind the chart
    hover: str  # one place of it, in plotly's template
    look_for: str  # what comparing at equal amounts of it means

    def amount(self, value: float) -> str:
        """ "5 epochs", "1.3 seconds"."""
        match self.label:
            case "Epochs":
                return times(round(value), "epoch")
            case "Seconds":
                return f"{number(value)} seconds"
            case "FLOPs":
                return f"{short(value)} FLOPs"
        return f"{value:,.0f} {self.label.lower()}"


_AXES: Mapping[str, Axis] = {
    "epochs": Axis("Epochs", "Epoch", "Epoch", "epoch %{x}", ""),
    "updates": Axis(
        "Updates",
        "Updates of the weights",
        "Updates",
        "%{x:,.0f} updates",
        "Where curves lie on top of each other, what else an update cost bought nothing.",
    ),
    "seconds": Axis(
        "Seconds",
        "Seconds of training",
        "Seconds",
        "%{x:.3~g} seconds",
        "Seconds are the price that counts; other work on the machine lengthens them.",
    ),
    "samples": Axis(
        "Samples",
        "Samples seen",
        "Samples",
        "%{x:,.0f} samples",
        "Every row that training went through counts, each time.",
    ),
    "flops": Axis(
        "FLOPs",
        "FLOPs spent",
        "FLOPs",
        "%{x:.3~s} FLOPs",
        "FLOPs are the work done, the same on every machine.",
    ),
}
AXES: Mapping[str, str] = {name: axis.label for name, axis in _AXES.items()}


def axis_of(over: str) -> Axis:
    """Raises InvalidSetting for what isn't in AXES."""
    return _AXES[checked_spent(over)]


def set_axis(figure: go.Figure, reading: Reading, over: str, curves: Sequence[Curve]) -> None:
    """Title, range and ticks of the x axis of a chart that has these curves.

    It is logarithmic where arms spend so differently that some would be squeezed into a corner.
    """
    axis, is_log = axis_of(over), over != "epochs" and _are_apart(reading, curves)
    low = min(float(c.x[0]) for c in curves) if is_log or over == "epochs" else 0.0
    high = max(float(c.x[-1]) for c in curves)
    ticks: dict[str, Any] = {}
    if is_log:
        low, high = math.log10(low), math.log10(high)
        ticks = {"type": "log", **log_ticks(low, high)}
    elif over == "epochs":
        ticks = {"dtick": 1 if high <= _FEW else None}
    else:
        ticks = {"nticks": 8, "tickformat": "~s" if over == "flops" else ""}
    room = _ROOM * (high - low) or 0.5
    figure.update_xaxes(
        title_text=axis.title + (" (log scale)" if is_log else ""),
        range=[low - (0.0 if low == 0 and not is_log else room), high + room],
        **ticks,
    )


def _are_apart(reading: Reading, curves: Sequence[Curve]) -> bool:
    """Whether some arm spends many times what another one does, all epochs done."""
    ends = [float(c.x[-1]) * _share_left(reading, c) for c in curves]
    return min(ends) > 0 and max(ends) > _APART * min(ends) and all(c.x[0] > 0 for c in curves)


def _share_left(reading: Reading, curve: Curve) -> float:
    """What leads from the epochs so far to those planned: an axis stays as it is while it grows."""
    so_far = max((trial.epochs_done for trial in curve.arm.trials), default=0)
    return curve.arm.config.epochs / so_far if reading.active and so_far else 1.0


def axis_words(reading: Reading, over: str) -> str:
    """What to mind on this axis; "" where nothing."""
    keras = any(ENGINES[arm.config.engine].needs_tensorflow for arm in reading.arms)
    compiling = " The first seconds of a Keras training are those of compiling the network."
    return axis_of(over).look_for + (compiling if over == "seconds" and keras else "")
