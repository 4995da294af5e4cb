"""Published figures beside ours, and claimed differences beside ours: one row per claim."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.claims import Judged
from nncore.analysis.wording import listing, number
from nncore.cases.definition import EXACT, MEASURES, Alike, More, Value
from nncore.figures.chart import (
    GREY,
    Chart,
    bar_height,
    blank,
    empty,
    numbers_table,
    style,
)

COLUMNS = ("Claim", "Published", "Ours", "Low", "High", "Seeds")
_OURS, _THEIRS = style(0), style(1)


def published_and_ours(judged: Sequence[Judged], *, key: str) -> Chart:
    """Printed figures (open diamonds) beside our means with their 95 % intervals."""
    shown = [j for j in judged if isinstance(j.claim, Value) and j.claim.measure not in EXACT]
    measures = list(dict.fromkeys(MEASURES[j.claim.measure] for j in shown))
    x = listing(measures).capitalize() or "Measure"
    if not any(j.mean is not None for j in shown):
        why = "Nothing trained yet: press Run to put our figures beside the published ones."
        return empty(x, "Claim", COLUMNS, why, key=key)
    figure = blank(x, "", key=key, height=bar_height(len(shown)))
    texts = [j.claim.text for j in shown]
    figure.add_scatter(
        x=np.array([j.claim.published for j in shown], dtype=float),
        y=np.array(texts),
        mode="markers",
        name="published",
        marker={"symbol": "diamond-open", "size": 12, "color": _THEIRS.color},
        hovertemplate="%{y}, published: %{x:.4g}<extra></extra>",
    )
    _add_ours(figure, shown, "ours, mean with 95 % interval")
    values = np.array([v for j in shown for v in (j.claim.published, j.low, j.mean, j.high) if v])
    if values.size and np.ptp(values) == 0:  # left to itself, the axis would go from 0 to 2
        figure.update_xaxes(range=[0.9 * values[0], 1.1 * values[0]])
    spoken = [
        f"{j.claim.text}: published {number(j.claim.published, 4)}, ours {number(j.mean, 4)}"
        for j in shown
        if j.mean is not None
    ]
    return Chart(
        figure,
        _table(shown),
        f"Dot chart of {x.lower()}: {'; '.join(spoken)}.",
        "A published diamond inside our interval holds. Outside of it, the source was lucky or "
        "unlucky, or did something it doesn't tell.",
    )


def claimed_differences(judged: Sequence[Judged], *, key: str) -> Chart:
    """Differences between two arms with their paired 95 % intervals, against no difference."""
    shown = [j for j in judged if isinstance(j.claim, More | Alike)]
    x = "Difference, seed by seed"
    if not any(j.mean is not None for j in shown):
        return empty(x, "Claim", COLUMNS, "Nothing trained yet.", key=key)
    figure = blank(x, "", key=key, height=bar_height(len(shown)))
    _add_ours(figure, shown, "mean difference with 95 % interval")
    figure.add_vline(x=0, line={"color": GREY, "width": 1.5, "dash": "dash"})
    spoken = [f"{j.claim.text}: {number(j.mean)}" for j in shown if j.mean is not None]
    return Chart(
        figure,
        _table(shown),
        f"Dot chart of differences: {'; '.join(spoken)}.",
        "An interval that crosses the dashed line leaves open which of the two is ahead.",
    )


def _add_ours(figure: go.Figure, shown: Sequence[Judged], name: str) -> None:
    known = [j for j in shown if j.mean is not None]
    halves = [0.0 if j.high is None or j.mean is None else j.high - j.mean for j in known]
    figure.add_scatter(
        x=np.array([j.mean for j in known], dtype=float),
        y=np.array([j.claim.text for j in known]),
        mode="markers",
        name=name,
        marker={"symbol": _OURS.marker, "size": 12, "color": _OURS.color},
        error_x={"type": "data", "array": halves, "thickness": 2, "color": _OURS.color},
        hovertemplate="%{y}, ours: %{x:.4g}<extra></extra>",
    )
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=[j.claim.text for j in shown],
        autorange="reversed",
    )


def _table(shown: Sequence[Judged]) -> pd.DataFrame:
    rows = [(j.claim.text, j.claim.published, j.mean, j.low, j.high, j.seeds) for j in shown]
    return numbers_table(rows, COLUMNS)
