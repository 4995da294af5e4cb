"""What learning curves carry: names where they end, best epochs, crossings."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from nncore.analysis.course import spending
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.turning import turnings
from nncore.figures.parts.chart import GREY
from nncore.figures.parts.ends import End
from nncore.figures.parts.lines import PALE, Curve, Standing, last_known
from nncore.figures.parts.text import literal
from nncore.figures.parts.traces import add_entry
from nncore.figures.trained.axes import axis_of
from nncore.system.wording import times

_BEST, _CROSSING = "hexagram", "circle-open"  # no arm has such markers
_NAMES = {_BEST: "best epoch", _CROSSING: "training overtakes validation"}
_FAINT = 0.5
MARKS_WORDS = (
    "A star marks the epoch of the lowest validation loss, on average over the finished seeds; a "
    "ring marks where training overtakes validation for good."
)


def line_ends(
    reading: Reading, curves: list[Curve], limits: list[float], log: bool, chosen: str
) -> list[End]:
    """Name and progress of every arm, where its validation curve ends."""
    ends = []
    low, high = limits
    for curve in curves:
        at = last_known(curve.mean[curve.mean > 0] if log else curve.mean)
        value = float(np.log10(at)) if log else at
        if not np.isfinite(value):
            continue
        value = min(max(value, low), high)
        pale = standing(curve, chosen) is Standing.BACK
        ends.append(
            End(
                f"{curve.title}, diverged" if curve.diverged else curve.title,
                progress(reading, curve.arm),
                curve.style,
                (value - low) / (high - low),
                value,
                0.5 if pale else 1.0,
            )
        )
    return ends


def standing(curve: Curve, chosen: str) -> Standing:
    if not chosen:
        return Standing.LEVEL
    return Standing.OUT if curve.arm.label == chosen else Standing.BACK


def lead_to_edge(figure: go.Figure, curves: list[Curve], edge: float) -> None:
    """A faint line from where a curve ends to the right edge of the plot, where its name is."""
    for curve in curves:
        if curve.x[-1] < edge:
            figure.add_scatter(
                x=np.array([curve.x[-1], edge]),
                y=np.array([last_known(curve.mean)] * 2),
                mode="lines",
                line=curve.style.line(width=1, dash="dot"),
                opacity=_FAINT,
                showlegend=False,
                hoverinfo="skip",
            )


def progress(reading: Reading, arm: ReadArm) -> str:
    """How far an arm is while the comparison is under way; "" after it."""
    if not reading.active:
        return ""
    done = sum(trial.status.is_finished for trial in arm.trials)
    if done or len(arm.trials) > 1:
        return f"{done} of {times(len(arm.trials), 'seed')}"
    epoch = max((trial.epochs_done for trial in arm.trials), default=0)
    return f"epoch {epoch} of {arm.config.epochs}"


def add_marks(
    figure: go.Figure,
    reading: Reading,
    curves: list[Curve],
    over: str,
    chosen: str,
    *,
    more: bool,
) -> None:
    """A star at the best epoch of every arm, a ring where its training overtakes validation.

    `more`: the more of the metric, the better.
    """
    best_of = {turning.arm: turning.best for turning in turnings(reading)}
    hover, drawn = axis_of(over).hover, set()
    for curve in (curve for curve in curves if curve.part == "validation"):
        places = {}
        if best := best_of.get(curve.arm):
            place = float(spending(curve.arm, over)(np.array(best.mean)))
            if curve.x[0] <= place <= curve.x[-1]:
                places[_BEST] = place
        training = [c for c in curves if c.arm is curve.arm and c.part == "training"]
        if training and (crossing := overtaking(training[0], curve, more=more)) is not None:
            places[_CROSSING] = crossing
        for symbol, place in places.items():
            drawn.add(symbol)
            _add_mark(figure, curve, symbol, place, hover, standing(curve, chosen))
    for symbol in sorted(drawn):
        add_entry(figure, _NAMES[symbol], marker=_marker(symbol, 12, GREY))


def _marker(symbol: str, size: int, color: str) -> dict[str, Any]:
    line = {"width": 2 if symbol == _CROSSING else 0}
    return {"symbol": symbol, "size": size, "color": color, "line": line}


def _add_mark(
    figure: go.Figure, curve: Curve, symbol: str, place: float, hover: str, stands: Standing
) -> None:
    figure.add_scatter(
        x=np.array([place]),
        y=np.array([curve.at(place)]),
        mode="markers",
        marker=_marker(symbol, 17, curve.style.color),
        opacity=PALE if stands is Standing.BACK else None,
        legendgroup=curve.arm.label,
        showlegend=False,
        hovertemplate=f"{literal(curve.title)}: {_NAMES[symbol]}<br>{hover}<extra></extra>",
    )


def overtaking(training: Curve, validation: Curve, *, more: bool) -> float | None:
    """Where the mean of training crosses that of validation to stay better; None where it doesn't.

    `more`: the more, the better.
    """
    ahead = (training.mean - validation.mean) * (1 if more else -1)
    finite = np.isfinite(ahead)
    x, ahead = training.x[finite], ahead[finite]
    behind = np.flatnonzero(ahead <= 0)
    if not behind.size or behind[-1] == len(ahead) - 1:
        return None
    i = int(behind[-1])
    return float(x[i] + (x[i + 1] - x[i]) * ahead[i] / (ahead[i] - ahead[i + 1]))
