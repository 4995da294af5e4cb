"""The Scores tab: every seed's validation score, all parts side by side, or what columns matter."""

import streamlit as st

from nncore.analysis.importance import has_columns
from nncore.analysis.reading import Reading
from nncore.analysis.side_by_side import measured_everywhere
from nncore.figures.trained.importance import column_importance
from nncore.figures.trained.scores import score_points
from nncore.figures.trained.side_by_side import side_bars, side_table
from ui.controls.shown import view
from ui.controls.widgets import one_of
from ui.results.charts import drawn, show, table
from ui.results.errors import choice_of_arm
from ui.results.looking import tests_shown

_SEEDS, _COLUMNS = "seeds", "columns"


def scores(key: str, reading: Reading, chosen: str) -> None:
    """Draw the view that is picked. `chosen`: label of the arm that stands out; "" for none."""
    criteria = {criterion.name: criterion for criterion in measured_everywhere(reading)}
    titles = {_SEEDS: "Each seed"} | {
        name: f"{criterion.title} by part" for name, criterion in criteria.items()
    }
    if has_columns(reading):
        titles[_COLUMNS] = "Which columns matter"
    at, widget = view(reading.question, "scores_as", titles, _SEEDS)
    shape = one_of("Scores as", titles, first=at, **widget)
    if shape == _COLUMNS:
        _columns(key, reading, chosen)
    elif shape not in criteria:
        show(drawn(score_points, reading), f"{key}.points")
    else:
        tests = tests_shown(key, reading)
        show(drawn(side_bars, reading, criteria[shape], tests=tests), f"{key}.sides")
        if not (rows := side_table(reading, tests=tests)).empty:
            table(rows, f"{key}.sides.both")


def _columns(key: str, reading: Reading, chosen: str) -> None:
    """Of the chosen arm, or else the best."""
    arm = reading.arms[0]
    if len(reading.arms) > 1:
        first = reading.arm(chosen) if chosen else None
        with st.container(width=260):
            arm = choice_of_arm("Columns of", reading, f"{key}.columns", first=first)
    show(drawn(column_importance, reading, arm), f"{key}.importance")
