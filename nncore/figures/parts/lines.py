"""Mean lines with bands over what is spent: what the curve charts are drawn with."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.course import course, spending
from nncore.analysis.gaps import gap_history
from nncore.analysis.histories import History, relative_to_start
from nncore.analysis.judging import Criterion
from nncore.analysis.limits import Limits
from nncore.analysis.reading import ReadArm
from nncore.analysis.statistics import band
from nncore.figures.parts.chart import GREY, Style, style, thin
from nncore.figures.parts.measures import Measure
from nncore.figures.parts.text import literal
from nncore.figures.parts.traces import add_entry, stroke
from nncore.system.arrays import Array

PALE = 0.25  # of what stands back


class Standing(Enum):
    """How an arm is drawn where one of them is chosen."""

    OUT = "the chosen one"
    LEVEL = "none is chosen"
    BACK = "another one is chosen"


@dataclass(frozen=True)
class Curve:
    """Mean and band of one arm, thinned for drawing."""

    arm: ReadArm
    part: str  # "training", "validation" or "gap"
    history: History
    mean: Array
    low: Array
    high: Array
    diverged: bool
    ends: Array  # where a training that diverged was finite for the last time
    stops: Array  # where early stopping ended a training

    @property
    def title(self) -> str:
        return self.arm.title

    @property
    def style(self) -> Style:
        return style(self.arm.position)

    @property
    def x(self) -> Array:
        """Epochs, or what else is spent."""
        return self.history.epochs

    def at(self, place: float) -> float:
        """The mean somewhere along the curve."""
        return float(np.interp(place, self.x, self.mean))


def curves_of(
    arms: Iterable[ReadArm], measure: Measure, part: str, over: str = "epochs"
) -> list[Curve]:
    """A curve of the "training" or "validation" measure for every arm that has a finite value."""
    name = measure.key if part == "training" else f"val_{measure.key}"
    histories = ((arm, course(arm, name, over)) for arm in arms)

    def limits(arm: ReadArm) -> Limits:
        return arm.limits(measure.key, part)

    return _curves(histories, part, measure.factor_of, over, limits)


def gaps_of(arms: Iterable[ReadArm], criterion: Criterion, measure: Measure) -> list[Curve]:
    """How much worse held-out rows are, of every arm that has both parts."""
    histories = ((arm, gap_history(arm, criterion)) for arm in arms)
    return _curves(histories, "gap", measure.factor_of, "epochs", lambda arm: {})


def relative_of(arms: Iterable[ReadArm], measure: Measure, over: str) -> list[Curve]:
    """Training curves as shares of their first values, seed by seed."""
    histories = ((arm, relative_to_start(course(arm, measure.key, over))) for arm in arms)
    return _curves(histories, "relative", lambda arm: 1.0, over, lambda arm: {"least": 0.0})


def _curves(
    histories: Iterable[tuple[ReadArm, History]],
    part: str,
    factor_of: Callable[[ReadArm], float],
    over: str,
    limits: Callable[[ReadArm], Limits],
) -> list[Curve]:
    return [
        _curve(arm, part, history, factor_of(arm), over, limits(arm))
        for arm, history in histories
        if np.isfinite(history.values).any()
    ]


def _curve(
    arm: ReadArm, part: str, history: History, factor: float, over: str, limits: Limits
) -> Curve:
    keep = thin(len(history.epochs))
    values = history.values[:, keep] * factor
    place, last = spending(arm, over), history.epochs[-1]
    ends = {trial.sound.last_epoch for trial in arm.diverged}
    stops = {trial.stopped_epoch for trial in arm.trials}
    return Curve(
        arm,
        part,
        History(history.seeds, history.epochs[keep], values),
        *band(values, **limits),
        diverged=bool(ends),
        ends=_places(ends, place, last),
        stops=_places(stops, place, last),
    )


def _places(epochs: Iterable[int | None], place: Callable[[Array], Array], last: float) -> Array:
    """Where these epochs lie on the axis, as far as the curve goes."""
    places = place(np.array(sorted(epoch for epoch in epochs if epoch is not None), dtype=int))
    return places[places <= last]


def add_curve(
    figure: go.Figure,
    curve: Curve,
    measure: Measure,
    *,
    dash: str | None = None,
    floor: float | None = None,
    hover: str = "epoch %{x}",
    stands: Standing = Standing.LEVEL,
    legend: bool = True,
    note: str = "",
) -> None:
    """The band, then the mean; a cross where a training that diverged was finite for the last time.

    A stroke marks where early stopping ended a training: from there on, the mean is of fewer.
    `floor` (log axes): bands end there, and only positive means are drawn. `hover`: a place on
    the x axis in plotly's template. `legend`: whether the legend names the arm, with `note`.
    """
    look, training, name = curve.style, curve.part == "training", literal(curve.title)
    mean, low, high = curve.mean, curve.low, curve.high
    if floor is not None:
        mean = np.where(mean > 0, mean, np.nan)
        low, high = np.maximum(low, floor), np.maximum(high, floor)
    wider = 1.2 if stands is Standing.OUT else 0.0
    whole = np.isfinite(low) & np.isfinite(high)
    if whole.sum() > 1 and not training and stands is not Standing.BACK:
        figure.add_scatter(
            x=np.concatenate([curve.x[whole], curve.x[whole][::-1]]),
            y=np.concatenate([high[whole], low[whole][::-1]]),
            fill="toself",
            fillcolor=look.band_fill(),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            legendgroup=curve.arm.label,
            showlegend=False,
        )
    width, dash = (1.2, "dot") if training else (2.2, dash)
    figure.add_scatter(
        x=curve.x,
        y=mean,
        mode="lines" if training else "lines+markers",
        line=look.line(width=width + wider, dash=dash),
        marker=look.dot(8, maxdisplayed=12),
        opacity=PALE if stands is Standing.BACK else None,
        name=name + ", diverged" * curve.diverged + (f" · {note}" if note else ""),
        legendgroup=curve.arm.label,
        showlegend=legend and not training,
        customdata=np.isfinite(curve.history.values).sum(axis=0),
        hovertemplate=f"{name}, {curve.part}<br>{hover}: "
        f"%{{y:{measure.tickformat or '.4g'}}}"
        + ("<br>mean of the %{customdata} seeds that got so far" if curve.stops.size else "")
        + "<extra></extra>",
    )
    for at, symbol, what in (
        (curve.ends, "x-thin", "diverged"),
        (curve.stops, "line-ns", "was stopped"),
    ):
        if at.size and not training:
            figure.add_scatter(
                x=at,
                y=np.interp(at, curve.x, mean),
                mode="markers",
                marker=stroke(symbol, look.color),
                legendgroup=curve.arm.label,
                showlegend=False,
                hovertemplate=f"{name}: a training {what} after {hover}<extra></extra>",
            )


def add_seeds(figure: go.Figure, curve: Curve, hover: str = "epoch %{x}") -> None:
    """A pale line for every single training."""
    for seed, values in zip(curve.history.seeds, curve.history.values, strict=True):
        figure.add_scatter(
            x=curve.x,
            y=values,
            mode="lines",
            line=curve.style.line(width=1),
            opacity=0.5,
            legendgroup=curve.arm.label,
            showlegend=False,
            hovertemplate=f"{literal(curve.title)}, seed {seed}<br>{hover}: %{{y:.4g}}"
            "<extra></extra>",
        )


def add_part_legend(figure: go.Figure, *, seen: bool = False) -> None:
    """Two grey entries that say what solid and dotted mean; `seen`: no rows are held out."""
    validation = "validation, on rows trained on" if seen else "validation"
    for name, width, dash in ((validation, 2.2, "solid"), ("training", 1.2, "dot")):
        add_entry(figure, name, line={"color": GREY, "width": width, "dash": dash})


def add_lost(figure: go.Figure, arms: Iterable[ReadArm], drawn: Collection[ReadArm]) -> None:
    """Legend entries of those arms that diverged before there was anything to draw."""
    for arm in arms:
        if arm.diverged and arm not in drawn:
            look = style(arm.position)
            name = f"{literal(arm.title)}, diverged"
            add_entry(figure, name, line=look.line(width=2.2), marker=look.dot(8))


def curve_table(
    curves: list[Curve], columns: tuple[str, ...], along: str = "Epoch"
) -> pd.DataFrame:
    """A row per curve and place `along` the x axis, with the columns named."""
    frames = [
        pd.DataFrame(
            {
                "Arm": c.title,
                "Part": c.part,
                along: c.x,
                "Mean": c.mean,
                "Low": c.low,
                "High": c.high,
                "Seeds": np.isfinite(c.history.values).sum(axis=0),
            }
        )
        for c in curves
    ]
    return pd.concat(frames, ignore_index=True)[list(columns)]


def final(curve: Curve) -> float:
    """The mean where the curve ends; where trainings stopped at different epochs, of their ends."""
    if not curve.stops.size:
        return last_known(curve.mean)
    return float(np.nanmean([last_known(values) for values in curve.history.values]))


def last_known(values: Array) -> float:
    """The last finite value; NaN without any."""
    finite = values[np.isfinite(values)]
    return float(finite[-1]) if finite.size else float("nan")
