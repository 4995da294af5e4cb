"""Optimizers: which update rule gets furthest in the same number of epochs?"""

import streamlit as st

from nncore.figures.untrained.definitions import optimizer_paths
from nncore.figures.untrained.surfaces import SURFACES
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.controls.draft import Draft
from ui.controls.sidebar import extra_control
from ui.results.charts import show
from ui.shell import require_shell

require_shell()
QUESTION = QUESTIONS["optimizers"]


def paths(draft: Draft) -> None:
    """The ways of the chosen rules, with their settings, over a surface of two weights."""
    for column, name in zip(st.columns(3), ("surface", "surface_rate", "steps"), strict=True):
        with column:
            extra_control(QUESTION, name)
    surface = SURFACES[draft.extra("surface")]
    st.markdown(f"${surface.formula}$. {surface.help}")
    chart = optimizer_paths(
        draft.definitions("optimizer"),
        surface.name,
        draft.extra("steps"),
        learning_rate=draft.extra("surface_rate"),
    )
    show(chart, "optimizers.paths")


comparison_page(QUESTION, special=paths, special_label="Their paths over a loss surface")
