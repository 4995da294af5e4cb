"""What learning curves carry: names where they end, best epochs, crossings."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from nncore.analysis.course import spending
from nncore.analysis.gaps import Crossing, crossings
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.turning import turnings
from nncore.figures.parts.chart import GREY
from nncore.figures.parts.ends import End
from nncore.figures.parts.lines import PALE, Curve, Standing, last_known
from nncore.figures.parts.text import literal
from nncore.figures.parts.traces import add_entry
from nncore.figures.trained.axes import axis_of
from nncore.system.wording import times

_BEST, CROSSING = "hexagram", "circle-open"  # no arm has such markers
_NAMES = {_BEST: "best epoch", CROSSING: "training and validation cross"}
_FAINT = 0.5
MARKS_WORDS = (
    "A star marks the epoch of the lowest validation loss, on average over the finished seeds; a "
    "ring marks where training and validation cross."
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
    """A star at the best epoch of every arm, a ring where its training and validation cross.

    `more`: the more of the metric, the better.
    """
    best_of = {turning.arm: turning.best for turning in turnings(reading)}
    hover, drawn = axis_of(over).hover, set()
    for curve in (curve for curve in curves if curve.part == "validation"):
        stands = standing(curve, chosen)
        if best := best_of.get(curve.arm):
            place = float(spending(curve.arm, over)(np.array(best.mean)))
            if curve.x[0] <= place <= curve.x[-1]:
                drawn.add(_BEST)
                at, what = (place, curve.at(place)), f"{_NAMES[_BEST]}<br>{hover}"
                _add_mark(figure, curve, _BEST, at, what, stands)
        for training in (c for c in curves if c.arm is curve.arm and c.part == "training"):
            gap = (training.mean - curve.mean) * (1 if more else -1)
            for crossing in crossings(curve.x, gap):
                drawn.add(CROSSING)
                height = curve.at(crossing.place)
                add_crossing(figure, curve, crossing, height, hover, stands)
    for symbol in sorted(drawn):
        add_mark_entry(figure, symbol)


def add_mark_entry(figure: go.Figure, symbol: str) -> None:
    """What a mark means, in the legend."""
    add_entry(figure, _NAMES[symbol], marker=_marker(symbol, 12, GREY))


def _marker(symbol: str, size: int, color: str) -> dict[str, Any]:
    line = {"width": 2 if symbol == CROSSING else 0}
    return {"symbol": symbol, "size": size, "color": color, "line": line}


def add_crossing(
    figure: go.Figure, curve: Curve, crossing: Crossing, y: float, hover: str, stands: Standing
) -> None:
    """A ring at height `y` where an arm's training and validation cross."""
    first, second = ("training", "validation") if crossing.ahead else ("validation", "training")
    what = f"{first} overtakes {second}<br>{hover}"
    _add_mark(figure, curve, CROSSING, (crossing.place, y), what, stands)


def _add_mark(
    figure: go.Figure,
    curve: Curve,
    symbol: str,
    at: tuple[float, float],
    what: str,
    stands: Standing,
) -> None:
    figure.add_scatter(
        x=np.array([at[0]]),
        y=np.array([at[1]]),
        mode="markers",
        marker=_marker(symbol, 17, curve.style.color),
        opacity=PALE if stands is Standing.BACK else None,
        legendgroup=curve.arm.label,
        showlegend=False,
        hovertemplate=f"{literal(curve.title)}: {what}<extra></extra>",
    )
