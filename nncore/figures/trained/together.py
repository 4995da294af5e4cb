"""Loss and score of one training in one chart, as courses draw the history of a network."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nncore.analysis.reading import Reading
from nncore.figures.parts.chart import Chart, blank, empty, log_ticks, style
from nncore.figures.parts.lines import Curve, curve_table, curves_of, final
from nncore.figures.parts.measures import Measure, curve_measure
from nncore.figures.parts.missing import no_curves
from nncore.figures.parts.views import curves_view
from nncore.figures.trained.axes import set_axis
from nncore.figures.trained.curve_words import how_far
from nncore.system.wording import listing

COLUMNS = ("Measure", "Part", "Epoch", "Mean")
_HEIGHT = 460
_DASHES = {"training": "dot", "validation": "solid"}
_Pair = tuple[str, Measure, list[Curve]]


def loss_and_score(reading: Reading, *, log: bool = False) -> Chart:
    """Loss on the left axis, accuracy or error on the right one; the first arm's means.

    Training is dotted, validation solid. `log`: a logarithmic axis of the loss.
    """
    arms, parts = list(reading.arms[:1]), ("training", "validation")
    pairs: list[_Pair] = []
    for metric in ("loss", reading.metric):
        measure = curve_measure(reading, metric)
        curves = [curve for part in parts for curve in curves_of(arms, measure, part)]
        pairs.append((metric, measure, curves))
    key = f"{reading.id}:together:{log}"
    (_, loss, losses), (_, score, scores) = pairs
    if not (losses and scores):
        return empty("Epoch", loss.title(), COLUMNS, no_curves(reading, loss.key), key=key)
    figure = blank("Epoch", loss.title(), key=key, height=_HEIGHT)
    figure.update_layout(
        yaxis2={
            "title": {"text": score.title()},
            "overlaying": "y",
            "side": "right",
            "showgrid": False,
            "tickmode": "auto",
            "automargin": True,
            "tickformat": score.tickformat,
            "range": curves_view(scores, reading.metric),
        }
    )
    for place, (_, measure, curves) in enumerate(pairs):
        for curve in curves:
            name = f"{measure.label}, {curve.part}"
            figure.add_scatter(
                x=curve.x,
                y=np.where(curve.mean > 0, curve.mean, np.nan) if log else curve.mean,
                mode="lines",
                line={**style(place).line(width=2), "dash": _DASHES[curve.part]},
                name=name,
                yaxis=f"y{place + 1}",
                hovertemplate=f"{name}<br>epoch %{{x}}: %{{y:{measure.tickformat or '.4g'}}}"
                "<extra></extra>",
            )
    set_axis(figure, reading, "epochs", [*losses, *scores])
    limits = curves_view(losses, "loss", log)
    figure.update_layout(yaxis_range=limits)
    if log:
        figure.update_layout(yaxis={"type": "log", **(log_ticks(*limits) if limits else {})})
    return Chart(figure, _table(pairs), _alt(pairs), _look_for(score))


def _table(pairs: Sequence[_Pair]) -> pd.DataFrame:
    tables = []
    for _, measure, curves in pairs:
        rows = curve_table(curves, ("Arm", "Part", "Epoch", "Mean", "Low", "High", "Seeds"))
        tables.append(rows.assign(Measure=measure.title()))
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def _alt(pairs: Sequence[_Pair]) -> str:
    ends = [
        f"{curve.part} {measure.label} {measure.write(final(curve))}"
        for _, measure, curves in pairs
        for curve in curves
    ]
    far = how_far([curve for _, _, curves in pairs for curve in curves], "epochs")
    return f"Line chart with two axes over {far}. At the end: {listing(ends)}."


def _look_for(score: Measure) -> str:
    if score.is_share:
        return (
            f"Training lowers the loss, on the left; the {score.label}, on the right, is what one "
            "wants. Validation loss that grows again while validation accuracy stays: the network "
            "errs no more often, but is surer of its errors."
        )
    return (
        f"Training lowers the loss, on the left; the {score.label}, on the right, says how far "
        "off predictions are. Validation that turns round while training goes on improving: "
        "overfitting."
    )
