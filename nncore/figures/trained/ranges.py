"""The learning-rate range test drawn: loss against a growing rate, edge and suggestion."""

import numpy as np
import plotly.graph_objects as go

from nncore.analysis.range_test import Range, is_range_test, ranges, suggestion, words
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval
from nncore.figures.parts.chart import GREY, Chart, blank, empty, log_axis, numbers_table, style
from nncore.figures.parts.measures import loss_measure
from nncore.figures.parts.traces import add_entry, add_line
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
    if not is_range_test(reading):
        why = "These trainings are no range test: their rates don't grow from batch to batch."
        return empty(x, y, RANGE_COLUMNS, why, key=key)
    if not tests:
        why = "No range test has finished yet." if reading.active else _none(arm)
        return empty(x, y, RANGE_COLUMNS, why, key=key)
    figure = _draw(tests, blank(x, y, key=key, height=440))
    return _tell(tests, figure)


def _draw(tests: list[Range], figure: go.Figure) -> go.Figure:
    for position, seen in enumerate(tests):
        _add_seed(figure, seen, position)
    together = suggestion(tests)
    if together is not None:
        _add_suggestion(figure, together)
    if any(seen.edge for seen in tests):
        add_entry(figure, "too large from", line={"color": GREY, "dash": "dot", "width": 1.5})
    rates = np.concatenate([seen.rates for seen in tests])
    low, high = np.log10(rates.min()) - 0.1, np.log10(rates.max()) + 0.1
    figure.update_xaxes(log_axis(low, high))
    figure.update_yaxes(range=_view(tests))
    return figure


def _tell(tests: list[Range], figure: go.Figure) -> Chart:
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
    look, name = style(position), f"Seed {seen.seed}"
    figure.add_scatter(
        x=seen.rates,
        y=seen.losses,
        mode="lines",
        line=look.line(width=1),
        opacity=0.4,
        showlegend=False,
        legendgroup=name,
        hoverinfo="skip",
    )
    hover = f"{name}<br>rate %{{x:.3~g}}: %{{y:.4g}}"
    add_line(figure, look, seen.rates, seen.smooth, hover, name=name, legendgroup=name)
    if seen.edge is not None:
        figure.add_vline(x=seen.edge, line=look.line(dash="dot", width=1.5))


def _add_suggestion(figure: go.Figure, together: Interval) -> None:
    if together.low is not None and together.high is not None:
        figure.add_vrect(
            x0=10**together.low,
            x1=10**together.high,
            fillcolor=GREY,
            opacity=0.22,
            line_width=0,
        )
    rate, line = 10**together.mean, {"color": GREY, "width": 2.5}
    figure.add_vline(x=rate, line=line)
    add_entry(figure, f"suggestion: {number(rate, 2)}", line=line)


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
