"""Published figures beside ours, and claimed differences beside ours: one row per claim.

Every measure has a chart of its own, because seconds and accuracies share no axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.claims import Judged
from nncore.cases.definition import NO_FIGURES, RATIOS, Alike, Case, Claim, More, Value
from nncore.figures.parts.chart import GREY, Chart, blank, empty, name_arms, numbers_table, style
from nncore.figures.parts.text import literals
from nncore.system.errors import InvalidSetting
from nncore.system.wording import number

_HELD = (
    "Our interval is where a further run of ours would lie. A published diamond inside is "
    "consistent with that; outside of it, the source did something it doesn't tell, or was very "
    "lucky or unlucky."
)
_OTHER_DATA = (
    "Published figures and ours are not held against each other: with other data or a single seed "
    "nothing can be said. Compare how either changes from row to row."
)
COLUMNS = ("Claim", "Published", "Ours", "Low", "High", "Seeds")
_PRINTED, _CLAIMED = (Value,), (More, Alike)
_OURS, _THEIRS = style(0), style(1)
_LETTERS = 26  # of a line of the axis title: a narrow screen must have room for it


@dataclass(frozen=True)
class Claims:
    """The judged claims of a case."""

    case: Case
    judged: Sequence[Judged]

    def by_measure(self, *kinds: type[Claim]) -> dict[str, list[Judged]]:
        """Those of these kinds that figures can be drawn of, by what is measured, with its unit."""
        found: dict[str, list[Judged]] = {}
        for judged in self.judged:
            claim = judged.claim
            if isinstance(claim, kinds) and claim.measure not in NO_FIGURES:
                found.setdefault(self.case.measure(claim), []).append(judged)
        return found

    def of(self, measure: str, *kinds: type[Claim]) -> tuple[list[Judged], str]:
        """Those of one measure ("": the first there is), and its name. Raises InvalidSetting."""
        found = self.by_measure(*kinds)
        if not found:
            what = "printed figures" if kinds == _PRINTED else "differences between two arms"
            raise InvalidSetting(f"Case {self.case.number} claims no {what}.")
        measure = measure or next(iter(found))
        if measure not in found:
            raise InvalidSetting(f"measure must be one of {'; '.join(found)}; got {measure!r}.")
        return found[measure], measure


def claim_charts(claims: Claims, *, key: str) -> list[Chart]:
    """A chart per measure of printed figures, then one per measure of claimed differences."""
    return [
        draw(claims, measure=measure, key=f"{key}:{draw.__name__}:{measure}")
        for draw, kinds in ((published_and_ours, _PRINTED), (claimed_differences, _CLAIMED))
        for measure in claims.by_measure(*kinds)
    ]


def published_and_ours(claims: Claims, *, measure: str = "", key: str) -> Chart:
    """Printed figures of one measure (open diamonds) beside our means with 95 % intervals.

    `measure`: as the axis calls it; "" is the first of the case.
    """
    judged, axis = claims.of(measure, *_PRINTED)
    x = axis[0].upper() + axis[1:]
    if not any(j.mean is not None for j in judged):
        why = "Nothing trained yet: press Run to put our figures beside the published ones."
        return empty(x, "Claim", COLUMNS, why, key=key)
    figure = _draw_published(judged, x, key)
    return _tell_published(judged, axis, figure)


def _draw_published(judged: Sequence[Judged], x: str, key: str) -> go.Figure:
    figure = _rows(judged, x, key=key)
    printed = [(value, j.claim.text) for j in judged for value in _figures(j.claim)]
    figure.add_scatter(
        x=np.array([value for value, _ in printed], dtype=float),
        y=literals(text for _, text in printed),
        mode="markers",
        name="published",
        marker={"symbol": "diamond-open", "size": 12, "color": _THEIRS.color},
        hovertemplate="%{y}, published: %{x:.4g}<extra></extra>",
    )
    _add_ours(figure, judged, "ours, with 95 % interval of a further run")
    values = np.array([v for j in judged for v in (*_figures(j.claim), j.low, j.mean, j.high) if v])
    if values.size and np.ptp(values) == 0:  # left to itself, the axis would go from 0 to 2
        figure.update_xaxes(range=[0.9 * values[0], 1.1 * values[0]])
    return figure


def _tell_published(judged: Sequence[Judged], axis: str, figure: go.Figure) -> Chart:
    spoken = [
        f"{j.claim.text}: published {number(j.claim.published, 4)}, ours {number(j.mean, 4)}"
        for j in judged
        if j.mean is not None
    ]
    return Chart(
        figure,
        _table(judged),
        f"Dot chart of {axis}: {'; '.join(spoken)}.",
        _HELD if any(j.holds is not None for j in judged) else _OTHER_DATA,
    )


def claimed_differences(claims: Claims, *, measure: str = "", key: str) -> Chart:
    """Differences of one measure between two arms, with paired 95 % intervals, against none.

    `measure`: as the axis calls it, without "Difference of"; "" is the first of the case.
    """
    judged, axis = claims.of(measure, *_CLAIMED)
    is_ratio = judged[0].claim.measure in RATIOS
    x = f"{'Ratio' if is_ratio else 'Difference'} of {axis}"
    if not any(j.mean is not None for j in judged):
        return empty(x, "Claim", COLUMNS, "Nothing trained yet.", key=key)
    figure = _rows(judged, x, key=key)
    mean = "mean ratio" if is_ratio else "mean difference"
    _add_ours(figure, judged, f"{mean}, seed by seed, with 95 % interval")
    figure.add_vline(x=1 if is_ratio else 0, line={"color": GREY, "width": 1.5, "dash": "dash"})
    spoken = [f"{j.claim.text}: {number(j.mean)}" for j in judged if j.mean is not None]
    return Chart(
        figure,
        _table(judged),
        f"Dot chart of {'ratios' if is_ratio else 'differences'} of {axis}: {'; '.join(spoken)}.",
        "An interval that crosses the dashed line leaves open which of the two is ahead.",
    )


def _figures(claim: Claim) -> tuple[float, ...]:
    return claim.figures if isinstance(claim, Value) else ()


def _rows(judged: Sequence[Judged], x: str, *, key: str) -> go.Figure:
    """A figure with a row per claim, its text in short lines."""
    figure = blank(x, "", key=key, letters=_LETTERS)
    name_arms(figure, [j.claim.text for j in judged])
    rows = [max(38, 28 + 18 * text.count("<br>")) for text in figure.layout.yaxis.ticktext]
    figure.update_layout(height=150 + max(sum(rows), 76))  # pixels
    return figure


def _add_ours(figure: go.Figure, judged: Sequence[Judged], name: str) -> None:
    measured = [j for j in judged if j.mean is not None]
    above = [0.0 if j.high is None or j.mean is None else j.high - j.mean for j in measured]
    below = [0.0 if j.low is None or j.mean is None else j.mean - j.low for j in measured]
    figure.add_scatter(
        x=np.array([j.mean for j in measured], dtype=float),
        y=literals(j.claim.text for j in measured),
        mode="markers",
        name=name,
        marker=_OURS.dot(12),
        error_x={
            "type": "data",
            "array": above,
            "arrayminus": below,
            "thickness": 2,
            "color": _OURS.color,
        },
        hovertemplate="%{y}, ours: %{x:.4g}<extra></extra>",
    )


def _table(judged: Sequence[Judged]) -> pd.DataFrame:
    rows = [(j.claim.text, j.claim.published, j.mean, j.low, j.high, j.seeds) for j in judged]
    return numbers_table(rows, COLUMNS)
