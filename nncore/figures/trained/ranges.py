"""The learning-rate range test drawn: loss against a growing rate, edge and suggestion."""

import numpy as np
import plotly.graph_objects as go

from nncore.analysis.range_test import Range, ranges, suggestion, words
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval
from nncore.figures.parts.chart import GREY, Chart, blank, empty, log_ticks, numbers_table, style
from nncore.figures.parts.lines import NOWHERE
from nncore.figures.parts.measures import loss_measure
from nncore.figures.parts.views import view
from nncore.system.wording import number, times

RANGE_COLUMNS = ("Seed", "Learning rate", "Validation loss", "Smoothed")
_OVERSHOOT = 0.4  # of the fall: so far above its start a loss is followed


def range_chart(reading: Reading, arm: ReadArm) -> Chart:
    """Validation loss after each rate: measured (pale) and smoothed, a line per seed.

    A band marks the suggestion with its interval, dotted lines the seeds' edges.
    """
    measure = loss_measure(reading)
    x, y = "Learning rate (log scale)", measure.title("validation")
    key, tests = f"{reading.id}:range:{arm.label}", [r for r in ranges(arm) if len(r.rates)]
    if not tests:
        why = "No range test has finished yet." if reading.active else _none(arm)
        return empty(x, y, RANGE_COLUMNS, why, key=key)
    figure = blank(x, y, key=key, height=440)
    for position, seen in enumerate(tests):
        _add_seed(figure, seen, position)
    together = suggestion(tests)
    if together is not None:
        _add_suggestion(figure, together)
    if any(seen.edge for seen in tests):
        line = {"color": GREY, "dash": "dot", "width": 1.5}
        figure.add_scatter(x=NOWHERE, y=NOWHERE, mode="lines", line=line, name="too large from")
    rates = np.concatenate([seen.rates for seen in tests])
    low, high = np.log10(rates.min()) - 0.1, np.log10(rates.max()) + 0.1
    figure.update_xaxes(type="log", range=[low, high], **log_ticks(low, high))
    figure.update_yaxes(range=_view(tests))
    rows = [
        (seen.seed, *point)
        for seen in tests
        for point in zip(seen.rates, seen.losses, seen.smooth, strict=True)
    ]
    advice = words(tests).replace("*", "")
    return Chart(
        figure,
        numbers_table(rows, RANGE_COLUMNS),
        f"Line chart of the validation loss against a growing learning rate, log axis, "
        f"{times(len(tests), 'seed')}. {advice}",
        "Flat on the left: steps too small to matter. Take a rate from the steep part, well "
        "before the loss climbs again: the lowest point is already too close to the edge.",
    )


def _add_seed(figure: go.Figure, seen: Range, position: int) -> None:
    look, add = style(position), figure.add_scatter
    name = f"Seed {seen.seed}"
    add(
        x=seen.rates,
        y=seen.losses,
        mode="lines",
        line=look.line(width=1),
        opacity=0.4,
        showlegend=False,
        legendgroup=name,
        hoverinfo="skip",
    )
    add(
        x=seen.rates,
        y=seen.smooth,
        mode="lines+markers",
        line=look.line(width=2.2, dash=look.dash),
        marker={"symbol": look.marker, "size": 7, "maxdisplayed": 12},
        name=name,
        legendgroup=name,
        hovertemplate=f"{name}<br>rate %{{x:.3~g}}: %{{y:.4g}}<extra></extra>",
    )
    if seen.edge is not None:
        line = {"color": look.color, "dash": "dot", "width": 1.5}
        figure.add_vline(x=seen.edge, line=line)


def _add_suggestion(figure: go.Figure, together: Interval) -> None:
    if together.low is not None and together.high is not None:
        figure.add_vrect(
            x0=10**together.low,
            x1=10**together.high,
            fillcolor=GREY,
            opacity=0.22,
            line_width=0,
        )
    rate = 10**together.mean
    figure.add_vline(x=rate, line={"color": GREY, "width": 2.5})
    line = {"color": GREY, "width": 2.5}
    figure.add_scatter(
        x=NOWHERE, y=NOWHERE, mode="lines", line=line, name=f"suggestion: {number(rate, 2)}"
    )


def _view(tests: list[Range]) -> list[float] | None:
    """Room for the flat start and the fall; a loss that explodes leaves the picture."""
    start = max(float(seen.smooth[0]) for seen in tests)
    lowest = min(float(seen.smooth.min()) for seen in tests)
    top = start + _OVERSHOOT * max(start - lowest, 0.1 * abs(start))
    seen = np.concatenate([r.smooth for r in tests])
    return view(np.minimum(seen, top), np.empty(0))


def _none(arm: ReadArm) -> str:
    if all(trial.has_begun for trial in arm.trials):
        return "Every range test diverged at its first rate: even that is too large."
    return "No range test has finished: they failed or were stopped."
