"""NumPy and Keras: do a network written by hand and one built with Keras learn the same?"""

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.figures.trained.engines import engine_table, loss_differences
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.one_step import step_by_step
from ui.comparison.page import comparison_page
from ui.controls.form import Form
from ui.results.charts import show, table
from ui.results.tabs import More
from ui.shell import require_shell

require_shell()


def step(form: Form) -> None:
    """One training step, with the activation and update rule of the controls."""
    if form.comparison is not None:
        step_by_step(form.comparison.config(form.comparison.arms[0]))


def agreement(reading: Reading) -> None:
    """How far apart the engines are, and how fast each is."""
    show(loss_differences(reading), "engines.differences")
    st.subheader("Scores and seconds", anchor=False)
    table(engine_table(reading), "engines.table")
    st.caption(
        "± is half the 95 % interval over seeds. To see learning rates, iterations and layer sizes "
        "together, cross the engines with them in the sidebar, such as `learning_rate=0.1,0.5`, "
        "`epochs=50,250` and `hidden=20-5,80-50-40-20-5`."
    )


comparison_page(
    QUESTIONS["engines"],
    special=step,
    special_label="One training step in NumPy: the code beside its numbers",
    more=More(tab="Agreement", draw=agreement),
)
