"""The Gaps tab: how far validation falls behind training, and where that is too far."""

import streamlit as st

from nncore.analysis.gaps import THRESHOLDS, threshold_of
from nncore.analysis.reading import Reading
from nncore.analysis.side_by_side import measured_everywhere
from nncore.figures.trained.gaps import gap_bars, gap_curves, gap_epochs
from ui.controls.shown import shown_control, view
from ui.controls.widgets import one_of
from ui.results.chart import arms_drawn
from ui.results.charts import drawn, show
from ui.results.errors import choice_of_arm

_CURVES, _ENDS, _EPOCHS = "curves", "ends", "epochs"
_VIEWS = {_CURVES: "Over epochs", _ENDS: "At the end", _EPOCHS: "Of one arm"}


def gaps(key: str, reading: Reading) -> None:
    """Draw the gap as it is chosen: over epochs, at the end, or epoch by epoch of one arm."""
    criteria = {criterion.name: criterion for criterion in measured_everywhere(reading)}
    titles = {name: criterion.title for name, criterion in criteria.items()}
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        at, widget = view(reading.question, "gap_of", titles, next(iter(titles)))
        criterion = criteria[one_of("Gap in", titles, first=at, **widget)]
        at, widget = view(reading.question, "gap_as", _VIEWS, _CURVES)
        shape = one_of("Gap as", _VIEWS, first=at, **widget)
        threshold, arm = None, None
        if criterion.name in THRESHOLDS:
            with st.container(width=190):
                said = shown_control(reading.question, THRESHOLDS[criterion.name].name)
                threshold = threshold_of(reading, criterion, said)
        if shape == _EPOCHS:
            with st.container(width=260):
                arm = choice_of_arm("Gap of", reading, f"{key}.gap.arm")
    if arm is not None:
        chart = drawn(gap_epochs, reading, arm, criterion, threshold=threshold)
    elif shape == _ENDS:
        chart = drawn(gap_bars, reading, criterion, threshold=threshold)
    else:
        only = tuple(arms_drawn(key, reading))
        chart = drawn(gap_curves, reading, criterion, threshold=threshold, only=only)
    show(chart, f"{key}.gap.{shape}")
