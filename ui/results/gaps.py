"""The Gaps tab: how far validation falls behind training, and where that is too far."""

import streamlit as st

from nncore.analysis.gaps import THRESHOLDS
from nncore.analysis.reading import Reading
from nncore.analysis.side_by_side import measured_everywhere
from nncore.figures.trained.gaps import gap_bars, gap_curves, gap_epochs
from ui.controls.shown import shown_control
from ui.results.chart import arms_drawn
from ui.results.charts import drawn, show
from ui.results.errors import choice_of_arm


def gaps(key: str, reading: Reading) -> None:
    """Draw the gap over epochs, at the end, and epoch by epoch of one arm."""
    criteria = {criterion.name: criterion for criterion in measured_everywhere(reading)}
    first, *_ = criteria
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        name = st.segmented_control(
            "Gap in",
            list(criteria),
            format_func=lambda name: criteria[name].title,
            default=first,
            required=True,
            label_visibility="collapsed",
            key=f"{key}.gap.of",
        )
        criterion, threshold = criteria[name or first], None
        if criterion.name in THRESHOLDS:
            with st.container(width=190):
                threshold = shown_control(reading.question, THRESHOLDS[criterion.name].name)
    only = tuple(arms_drawn(key, reading))
    chart = drawn(gap_curves, reading, criterion, threshold=threshold, only=only)
    show(chart, f"{key}.gap.curves")
    left, right = st.columns(2)
    with left:
        st.subheader("At the end", anchor=False)
        show(drawn(gap_bars, reading, criterion, threshold=threshold), f"{key}.gap")
    with right:
        st.subheader("Epoch by epoch", anchor=False)
        arm = choice_of_arm("Gap of", reading, f"{key}.gap.arm")
        chart = drawn(gap_epochs, reading, arm, criterion, threshold=threshold)
        show(chart, f"{key}.gap.epochs")
