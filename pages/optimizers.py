"""Optimizers: which update rule gets furthest in the same number of epochs?"""

import streamlit as st

from nncore.figures.untrained.definitions import optimizer_paths
from nncore.figures.untrained.surfaces import SURFACES
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.controls.form import Form
from ui.controls.sidebar import extra_control
from ui.results.charts import show
from ui.shell import require_shell

require_shell()
QUESTION = QUESTIONS["optimizers"]


def paths(form: Form) -> None:
    """The ways of the chosen rules, with their settings, over a surface of two weights."""
    for column, name in zip(st.columns(3), ("surface", "surface_rate", "steps"), strict=True):
        with column:
            form = extra_control(form, name)
    surface = SURFACES[form.value("surface")]
    st.markdown(f"${surface.formula}$. {surface.help}")
    chart = optimizer_paths(
        form.definitions("optimizer"),
        surface.name,
        form.value("steps"),
        learning_rate=form.value("surface_rate"),
    )
    show(chart, "optimizers.paths")


comparison_page(QUESTION, special=paths, special_label="Their paths over a loss surface")
