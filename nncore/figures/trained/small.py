"""Curves so small that they fit a card: the course of every arm, with the leader's in front."""

import plotly.graph_objects as go

from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import Reading
from nncore.figures.parts.chart import Chart, dress, empty
from nncore.figures.parts.lines import Curve, curve_table, curves_of, final
from nncore.figures.parts.measures import curve_measure
from nncore.figures.parts.missing import no_curves
from nncore.figures.parts.views import curves_view
from nncore.system.wording import listing

COLUMNS = ("Arm", "Epoch", "Mean", "Low", "High", "Seeds")
_HEIGHT = 110
_PALE = 0.45  # of those behind the leader


def small_curves(reading: Reading) -> Chart:
    """Validation scores over epochs, so small that they fit a card: no axes, no names.

    The leader's line is strong, those of the others are pale. Epochs whatever the question's own
    axis is: they are what the verdict beside it holds equal.
    """
    measure, key = curve_measure(reading, reading.metric), f"{reading.id}:small"
    curves = curves_of(reading.arms, measure, "validation")
    if not curves:
        why = no_curves(reading, measure.key)
        return empty("Epoch", measure.title(), COLUMNS, why, key=key)
    ranking = Ranking(reading)
    leader = ranking.leader.arm if ranking.arms else curves[0].arm
    figure = go.Figure()
    dress(figure, key=key, height=_HEIGHT)
    for curve in sorted(curves, key=lambda curve: curve.arm is leader):  # the leader on top
        _add(figure, curve, is_leader=curve.arm is leader)
    figure.update_layout(margin={"l": 2, "r": 8, "t": 6, "b": 2}, showlegend=False)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, range=curves_view(curves, reading.metric))
    ends = [f"{curve.title} {measure.write(final(curve))}" for curve in curves]
    return Chart(
        figure,
        curve_table(curves, COLUMNS),
        f"Small line chart of validation {measure.label} over epochs. At the end: {listing(ends)}.",
        f"The strong line is {leader.title}, in front at the last epoch.",
    )


def _add(figure: go.Figure, curve: Curve, *, is_leader: bool) -> None:
    figure.add_scatter(
        x=curve.x,
        y=curve.mean,
        mode="lines",
        line=curve.style.line(width=2.8 if is_leader else 1.6),
        opacity=1.0 if is_leader else _PALE,
        hoverinfo="skip",
    )
    if is_leader:
        figure.add_scatter(
            x=curve.x[-1:],
            y=curve.mean[-1:],
            mode="markers",
            marker=curve.style.dot(9),
            hoverinfo="skip",
        )
