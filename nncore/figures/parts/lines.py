"""Mean lines with bands over epochs: what the curve charts are drawn with."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.reading import ReadArm
from nncore.analysis.statistics import band
from nncore.analysis.trials import History
from nncore.figures.parts.chart import GREY, Style, style, thin
from nncore.figures.parts.measures import Measure
from nncore.figures.parts.text import literal
from nncore.system.arrays import Array

LEAST_SHARE = 1e-8  # of the largest value: as far as a log axis goes down
_ALONE = 10  # times the largest loss of any other arm
NOWHERE = np.array([None])  # for traces that are only entries of the legend


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
    ends: Array  # epochs at which a training that diverged was finite for the last time
    stops: Array  # epochs after which early stopping ended a training

    @property
    def title(self) -> str:
        return self.arm.title

    @property
    def style(self) -> Style:
        return style(self.arm.position)

    @property
    def epochs(self) -> Array:
        return self.history.epochs


def curves_of(arms: Iterable[ReadArm], name: str, part: str, factor: float) -> list[Curve]:
    """A curve for every arm that has one finite value at least."""
    return _curves(((arm, arm.sound_history(name)) for arm in arms), part, factor)


def gaps_of(arms: Iterable[ReadArm]) -> list[Curve]:
    """Validation minus training loss, without penalties, of every arm that has one."""
    return _curves(((arm, _gap(arm)) for arm in arms), "gap", 1.0)


def _gap(arm: ReadArm) -> History:
    train, held_out = arm.sound_history("data_loss"), arm.sound_history("val_data_loss")
    return History(train.seeds, train.epochs, held_out.values - train.values)


def _curves(histories: Iterable[tuple[ReadArm, History]], part: str, factor: float) -> list[Curve]:
    return [
        _curve(arm, part, history, factor)
        for arm, history in histories
        if np.isfinite(history.values).any()
    ]


def _curve(arm: ReadArm, part: str, history: History, factor: float) -> Curve:
    keep = thin(len(history.epochs))
    values = history.values[:, keep] * factor
    ends = {trial.sound.last_epoch for trial in arm.diverged}
    stops = {trial.stopped_epoch for trial in arm.trials}
    return Curve(
        arm,
        part,
        History(history.seeds, history.epochs[keep], values),
        *band(values),
        diverged=bool(arm.diverged),
        ends=_epochs(ends),
        stops=_epochs(stops),
    )


def _epochs(epochs: Iterable[int | None]) -> Array:
    return np.array(sorted(epoch for epoch in epochs if epoch is not None), dtype=int)


def add_curve(
    figure: go.Figure,
    curve: Curve,
    measure: Measure,
    *,
    dash: str | None = None,
    floor: float | None = None,
    over: str = "epoch",
) -> None:
    """The band, then the mean; a cross where a training that diverged was finite for the last time.

    A stroke marks where early stopping ended a training: from there on, the mean is of fewer.
    `floor` (log axes): bands end there, and only positive means are drawn. `over`: the x axis.
    """
    look, training, name = curve.style, curve.part == "training", literal(curve.title)
    mean, low, high = curve.mean, curve.low, curve.high
    if floor is not None:
        mean = np.where(mean > 0, mean, np.nan)
        low, high = np.maximum(low, floor), np.maximum(high, floor)
    whole = np.isfinite(low) & np.isfinite(high)
    if whole.sum() > 1 and not training:
        figure.add_scatter(
            x=np.concatenate([curve.epochs[whole], curve.epochs[whole][::-1]]),
            y=np.concatenate([high[whole], low[whole][::-1]]),
            fill="toself",
            fillcolor=look.band_fill(),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            legendgroup=curve.arm.label,
            showlegend=False,
        )
    line = look.line(width=1.2, dash="dot") if training else look.line(width=2.2, dash=dash)
    figure.add_scatter(
        x=curve.epochs,
        y=mean,
        mode="lines" if training else "lines+markers",
        line=line,
        marker={"symbol": look.marker, "size": 8, "color": look.color, "maxdisplayed": 12},
        name=f"{name}, diverged" if curve.diverged else name,
        legendgroup=curve.arm.label,
        showlegend=not training,
        customdata=np.isfinite(curve.history.values).sum(axis=0),
        hovertemplate=f"{name}, {curve.part}<br>{over} %{{x}}: "
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
                y=np.interp(at, curve.epochs, mean),
                mode="markers",
                marker={"symbol": symbol, "size": 14, "line": {"width": 3, "color": look.color}},
                legendgroup=curve.arm.label,
                showlegend=False,
                hovertemplate=f"{name}: a training {what} after {over} %{{x}}<extra></extra>",
            )


def add_seeds(figure: go.Figure, curve: Curve) -> None:
    """A pale line for every single training."""
    for seed, values in zip(curve.history.seeds, curve.history.values, strict=True):
        figure.add_scatter(
            x=curve.epochs,
            y=values,
            mode="lines",
            line=curve.style.line(width=1),
            opacity=0.5,
            legendgroup=curve.arm.label,
            showlegend=False,
            hovertemplate=f"{literal(curve.title)}, seed {seed}<br>epoch %{{x}}: %{{y:.4g}}"
            "<extra></extra>",
        )


def add_part_legend(figure: go.Figure, *, seen: bool = False) -> None:
    """Two grey entries that say what solid and dotted mean; `seen`: no rows are held out."""
    validation = "validation, on rows trained on" if seen else "validation"
    for name, width, dash in ((validation, 2.2, "solid"), ("training", 1.2, "dot")):
        line = {"color": GREY, "width": width, "dash": dash}
        figure.add_scatter(x=NOWHERE, y=NOWHERE, mode="lines", line=line, name=name)


def add_lost(figure: go.Figure, arms: Iterable[ReadArm], drawn: Collection[ReadArm]) -> None:
    """Legend entries of those arms that diverged before there was anything to draw."""
    for arm in arms:
        if arm.diverged and arm not in drawn:
            look = style(arm.position)
            figure.add_scatter(
                x=NOWHERE,
                y=NOWHERE,
                mode="lines+markers",
                line=look.line(width=2.2),
                marker={"symbol": look.marker, "size": 8, "color": look.color},
                name=f"{literal(arm.title)}, diverged",
            )


def curves_view(curves: list[Curve], metric: str, log: bool = False) -> list[float] | None:
    """The y range of a chart of `curves`, in the axis's own numbers: exponents when `log`.

    Losses of arms that diverge, or that one alone reaches, leave room for those of the others.
    """
    steady = [c for c in curves if not c.diverged] or curves
    if metric == "loss" and not log and (lone := beyond(steady)):
        steady = [c for c in steady if c.arm is not lone]
    mean = np.concatenate([c.mean for c in steady])
    if metric == "loss" and len(steady) < len(curves):
        others = np.concatenate([c.mean for c in curves])
        with np.errstate(invalid="ignore"):
            mean = np.append(mean, others[others < 4 * np.nanmax(mean)])
    edges = np.concatenate([[*c.low, *c.high] for c in curves])
    limits = view(mean, edges, share=metric == "accuracy", log=log)
    if limits and not log and metric in ("loss", "mae"):
        limits[0] = max(limits[0], -0.03 * limits[1])  # none is below 0, whatever its band says
    return list(np.log10(limits)) if log and limits else limits


def beyond(curves: list[Curve]) -> ReadArm | None:
    """The arm whose losses alone would flatten those of all others; None when there is none."""
    peaks: dict[ReadArm, float] = {}
    for curve in curves:
        peaks[curve.arm] = max(peaks.get(curve.arm, 0.0), float(np.nanmax(curve.mean)))
    *others, highest = sorted(peaks, key=peaks.__getitem__)
    return highest if others and peaks[highest] > _ALONE * peaks[others[-1]] else None


def view(
    mean: Array, edges: Array, *, share: bool = False, log: bool = False
) -> list[float] | None:
    """A y range with room for all means, and for the edges of bands only as much again.

    With two seeds a band is twelve times as wide as the spread, and would flatten the curves.
    `share`: values can't leave 0 to 1. None when there is nothing to show.
    """
    mean, edges = mean[np.isfinite(mean)], edges[np.isfinite(edges)]
    if log:
        mean = mean[mean > 0]
        if not mean.size:
            return None
        # far below the largest value, a loss is rounding error and would flatten the others
        low, high = max(mean.min(), mean.max() * LEAST_SHARE), mean.max()
        return [float(low) / 1.3, float(high) * 1.3]
    if not mean.size:
        return None
    low, high = float(mean.min()), float(mean.max())
    span = (high - low) or abs(high) or 1.0
    bottom = max(min(low, edges.min(initial=low)), low - span) - 0.03 * span
    top = min(max(high, edges.max(initial=high)), high + span) + 0.03 * span
    return [max(bottom, 0.0), min(top, 1.0 + 0.02 * span)] if share else [bottom, top]


def curve_table(curves: list[Curve], columns: tuple[str, ...]) -> pd.DataFrame:
    """A row per curve and epoch, with the columns named."""
    frames = [
        pd.DataFrame(
            {
                "Arm": c.title,
                "Part": c.part,
                "Epoch": c.epochs,
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
