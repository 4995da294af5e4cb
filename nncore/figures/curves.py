"""Learning curves over epochs, and the gap between training and validation."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.scores import History, history, titles, with_status
from nncore.analysis.statistics import band, interval
from nncore.analysis.wording import listing, number, times
from nncore.definition import Array
from nncore.figures.chart import (
    GREY,
    Chart,
    Style,
    bar_height,
    blank,
    empty,
    numbers_table,
    style,
    thin,
)
from nncore.figures.measures import Measure, curve_measure, loss_measure
from nncore.results import Snapshot, Status

CURVE_COLUMNS = ("Arm", "Part", "Epoch", "Mean", "Low", "High", "Seeds")
GAP_COLUMNS = ("Arm", "Gap", "Low", "High", "Seeds")
GAP_CURVE_COLUMNS = ("Arm", "Epoch", "Mean", "Low", "High", "Seeds")
_NOTHING = "No training has finished an epoch yet."


@dataclass(frozen=True)
class _Curve:
    """Mean and band of one arm, thinned for drawing."""

    arm: str
    title: str
    part: str  # "training" or "validation"
    style: Style
    history: History
    mean: Array
    low: Array
    high: Array
    diverged: bool

    @property
    def epochs(self) -> Array:
        return self.history.epochs


def learning_curves(
    snapshot: Snapshot, metric: str, *, single_seeds: bool = False, log: bool = False
) -> Chart:
    """Training (thin, dotted) and validation (solid) means of every arm with 95 % bands.

    `metric` is "loss", "accuracy" or "mae". `single_seeds` draws each validation curve, too.
    """
    measure = curve_measure(snapshot, metric)
    key = f"{snapshot.id}:{metric}:{log}"
    curves = [
        curve
        for part in ("training", "validation")
        for curve in _curves(snapshot, _key(measure.key, part), part, measure.factor)
    ]
    if not curves:
        return empty("Epoch", measure.title(), CURVE_COLUMNS, _NOTHING, key=key)
    figure = blank("Epoch", measure.title(), key=key, height=460)
    for curve in curves:
        if single_seeds and curve.part == "validation":
            _add_seeds(figure, curve)
        _add_curve(figure, curve, measure)
    _add_part_legend(figure)
    figure.update_yaxes(tickformat=measure.tickformat, type="log" if log else "linear")
    figure.update_yaxes(range=_view(curves, metric, log))
    held_out = [curve for curve in curves if curve.part == "validation"]
    return Chart(
        figure,
        _curve_table(curves, CURVE_COLUMNS),
        _curves_alt(snapshot, held_out, measure),
        _curves_look_for(metric, held_out),
    )


def gap_curves(snapshot: Snapshot) -> Chart:
    """Validation minus training loss over epochs: how much better the network knows what it saw."""
    measure = loss_measure(snapshot)
    y = f"Validation − training {measure.title().lower()}"
    key = f"{snapshot.id}:gap"
    curves = _gaps(snapshot)
    if not curves:
        return empty("Epoch", y, GAP_CURVE_COLUMNS, _NOTHING, key=key)
    figure = blank("Epoch", y, key=key, height=460)
    figure.add_hline(y=0, line={"color": GREY, "width": 1, "dash": "dot"})
    for curve in curves:
        _add_curve(figure, curve, measure, dash=curve.style.dash)
    figure.update_yaxes(range=_view(curves, "gap", False))
    ends = [f"{c.title} {number(_last(c.mean))}" for c in curves]
    return Chart(
        figure,
        _curve_table(curves, GAP_CURVE_COLUMNS),
        f"Line chart of the gap between validation and training loss over "
        f"{times(int(curves[0].epochs[-1]), 'epoch')}. At the end: {listing(ends)}.",
        "A gap that grows means overfitting: the network goes on learning its training data "
        "while unseen data gains nothing. Dropout can push the gap below zero, because training "
        "is measured with units switched off.",
    )


def gap_bars(snapshot: Snapshot) -> Chart:
    """Validation minus training loss at the last epoch, a bar per arm."""
    measure = loss_measure(snapshot)
    x = f"Validation − training {measure.title().lower()}"
    key = f"{snapshot.id}:gap_bars"
    rows, colors = [], []
    for curve in _gaps(snapshot):
        found = interval(_last(row) for row in curve.history.values)
        if found is not None:
            rows.append((curve.title, found.mean, found.low, found.high, found.n))
            colors.append(curve.style.color)
    if not rows:
        return empty(x, "Arm", GAP_COLUMNS, _NOTHING, key=key)
    table = numbers_table(rows, GAP_COLUMNS)
    figure = blank(x, "Arm", key=key, height=bar_height(len(rows)))
    half = (table["High"].astype(float) - table["Gap"]).to_numpy()
    figure.add_bar(
        x=table["Gap"].to_numpy(),
        y=table["Arm"].to_numpy(),
        orientation="h",
        marker={"color": colors},
        error_x={"type": "data", "array": np.nan_to_num(half), "color": GREY},
        text=[number(gap) for gap in table["Gap"]],
        textposition="inside",
        insidetextanchor="start",
        showlegend=False,
        hovertemplate="%{y}: %{x:.4g}<extra></extra>",
    )
    figure.update_yaxes(autorange="reversed", type="category")
    spoken = [f"{row[0]} {number(row[1])}" for row in rows]
    return Chart(
        figure,
        table,
        f"Bar chart of the gap between validation and training loss at the last epoch: "
        f"{listing(spoken)}.",
        "The longer the bar, the more the network has learnt by heart what does not carry over "
        "to new data. Below zero, training is harder than validation, as dropout makes it.",
    )


def _key(name: str, part: str) -> str:
    return name if part == "training" else f"val_{name}"


def _curves(snapshot: Snapshot, name: str, part: str, factor: float) -> list[_Curve]:
    """A curve for every arm that has one finite value at least."""
    shown = titles(snapshot)
    found = []
    for position, arm in enumerate(snapshot.arms):
        h = history(snapshot.of_arm(arm.label), name)
        if np.isfinite(h.values).any():
            found.append(_curve(snapshot, arm.label, shown, part, position, h, factor))
    return found


def _gaps(snapshot: Snapshot) -> list[_Curve]:
    shown = titles(snapshot)
    found = []
    for position, arm in enumerate(snapshot.arms):
        trials = snapshot.of_arm(arm.label)
        train, held_out = history(trials, "data_loss"), history(trials, "val_data_loss")
        gap = History(train.seeds, train.epochs, held_out.values - train.values)
        if np.isfinite(gap.values).any():
            found.append(_curve(snapshot, arm.label, shown, "gap", position, gap, 1.0))
    return found


def _curve(
    snapshot: Snapshot,
    arm: str,
    shown: dict[str, str],
    part: str,
    position: int,
    h: History,
    factor: float,
) -> _Curve:
    keep = thin(len(h.epochs))
    h = History(h.seeds, h.epochs[keep], h.values[:, keep] * factor)
    diverged = bool(with_status(snapshot, arm, Status.DIVERGED))
    return _Curve(arm, shown[arm], part, style(position), h, *band(h.values), diverged)


def _add_curve(figure: go.Figure, curve: _Curve, measure: Measure, dash: str | None = None) -> None:
    """The band, then the mean; a cross where the arm's last diverged training was still finite."""
    look, training = curve.style, curve.part == "training"
    whole = np.isfinite(curve.low) & np.isfinite(curve.high)
    if whole.sum() > 1 and not training:
        figure.add_scatter(
            x=np.concatenate([curve.epochs[whole], curve.epochs[whole][::-1]]),
            y=np.concatenate([curve.high[whole], curve.low[whole][::-1]]),
            fill="toself",
            fillcolor=look.band_fill(),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            legendgroup=curve.arm,
            showlegend=False,
        )
    line = look.line(width=1.2, dash="dot") if training else look.line(width=2.2, dash=dash)
    name = f"{curve.title}, diverged" if curve.diverged else curve.title
    figure.add_scatter(
        x=curve.epochs,
        y=curve.mean,
        mode="lines" if training else "lines+markers",
        line=line,
        marker={"symbol": look.marker, "size": 8, "color": look.color, "maxdisplayed": 12},
        name=name,
        legendgroup=curve.arm,
        showlegend=not training,
        hovertemplate=f"{curve.title}, {curve.part}<br>epoch %{{x}}: "
        f"%{{y:{measure.tickformat or '.4g'}}}<extra></extra>",
    )
    if curve.diverged and not training:
        last = np.flatnonzero(np.isfinite(curve.mean))[-1:]
        figure.add_scatter(
            x=curve.epochs[last],
            y=curve.mean[last],
            mode="markers",
            marker={"symbol": "x-thin", "size": 14, "line": {"width": 3, "color": look.color}},
            legendgroup=curve.arm,
            showlegend=False,
            hovertemplate=f"{curve.title}: last value before a training diverged<extra></extra>",
        )


def _add_seeds(figure: go.Figure, curve: _Curve) -> None:
    for seed, values in zip(curve.history.seeds, curve.history.values, strict=True):
        figure.add_scatter(
            x=curve.epochs,
            y=values,
            mode="lines",
            line=curve.style.line(width=1),
            opacity=0.5,
            legendgroup=curve.arm,
            showlegend=False,
            hovertemplate=f"{curve.title}, seed {seed}<br>epoch %{{x}}: %{{y:.4g}}<extra></extra>",
        )


def _add_part_legend(figure: go.Figure) -> None:
    """Two grey entries that say what solid and dotted mean."""
    for name, width, dash in (("validation", 2.2, "solid"), ("training", 1.2, "dot")):
        line = {"color": GREY, "width": width, "dash": dash}
        figure.add_scatter(x=[None], y=[None], mode="lines", line=line, name=name)


def _view(curves: list[_Curve], metric: str, log: bool) -> list[float] | None:
    """The y range: all means, and of wide bands or diverging losses only what leaves them room."""
    steady = [c for c in curves if not c.diverged] or curves
    means = np.concatenate([c.mean for c in steady])
    means = means[np.isfinite(means)]
    if metric == "loss" and len(steady) < len(curves):
        others = np.concatenate([c.mean for c in curves])
        means = np.append(means, others[np.isfinite(others) & (others < 4 * means.max())])
    low, high = float(means.min()), float(means.max())
    if log:
        low, high = float(means[means > 0].min(initial=high)), high
        return None if low <= 0 else [np.log10(low) - 0.1, np.log10(high) + 0.1]
    span = (high - low) or abs(high) or 1.0
    edges = np.concatenate([np.r_[c.low, c.high] for c in curves])
    edges = edges[np.isfinite(edges)]
    bottom = max(min(low, edges.min(initial=low)), low - span) - 0.03 * span
    top = min(max(high, edges.max(initial=high)), high + span) + 0.03 * span
    if metric == "accuracy":
        bottom, top = max(bottom, 0.0), min(top, 1.0 + 0.02 * span)
    return [bottom, top]


def _curve_table(curves: list[_Curve], columns: tuple[str, ...]) -> pd.DataFrame:
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


def _last(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if known.size else float("nan")


def _curves_alt(snapshot: Snapshot, curves: list[_Curve], measure: Measure) -> str:
    epochs = max((int(c.epochs[-1]) for c in curves), default=0)
    ends = [f"{c.title} {measure.write(_last(c.mean))}" for c in curves]
    seeds = times(len(snapshot.comparison.seeds), "seed")
    told = f" Validation at the last epoch: {listing(ends)}." if ends else ""
    gone = [c.title for c in curves if c.diverged]
    lost = f" Diverged in some seed: {listing(gone)}." if gone else ""
    return (
        f"Line chart of training and validation {measure.label} over {times(epochs, 'epoch')}, "
        f"mean of up to {seeds}.{told}{lost}"
    )


def _curves_look_for(metric: str, curves: list[_Curve]) -> str:
    several = any(len(c.history.seeds) > 1 for c in curves)
    better = "Higher" if metric == "accuracy" else "Lower"
    bands = (
        "Where shaded bands overlap widely, the difference may be chance."
        if several
        else "With one seed there are no bands: small differences may be chance."
    )
    return (
        f"{better} is better. See who is ahead after the first epochs and who at the end; a "
        f"validation curve that turns round while training goes on is overfitting. {bands}"
    )
