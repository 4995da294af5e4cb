"""The Speed tab: who learns fastest, as a number."""

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.analysis.speed import LEVEL, SPENDS, speed
from nncore.analysis.speed_words import level_words, speed_words
from nncore.figures.trained.speed import relative_curves, speed_points, speed_table
from ui.controls.shown import shown_control
from ui.guards.plain import plain
from ui.results.chart import arms_drawn
from ui.results.charts import drawn, show, table


def fastest(key: str, reading: Reading) -> None:
    """Draw epochs and seconds until a level, and the loss relative to its start."""
    with st.container(width=220):
        level = shown_control(reading.question, LEVEL.name)
    made = speed(reading, level)
    if made.paces:
        st.markdown(f"Until {plain(level_words(made))}. {plain(speed_words(made))}")
        table(speed_table(made), f"{key}.speed.table")
    for over, column in zip(SPENDS, st.columns(2), strict=True):
        with column:
            show(speed_points(made, over), f"{key}.speed.{over}")
    st.subheader("Loss relative to its start", anchor=False)
    only = tuple(arms_drawn(key, reading))
    show(drawn(relative_curves, reading, only=only), f"{key}.relative")
