"""Batch size: how many samples should the network look at before each step?"""

import streamlit as st

from nncore.figures.trained.updates import updates_table, updates_words
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.controls.form import Form
from ui.guards.plain import plain
from ui.results.charts import table
from ui.shell import require_shell

require_shell()


def updates(form: Form) -> None:
    """How many steps the chosen batches take, and how noisy each is."""
    configs = form.configs()
    if not configs:
        return
    table(updates_table(configs), "batch_size.updates", shares=["Noise of a step"])
    st.caption(
        f"{plain(updates_words(configs))} Noise is that of the mean gradient of a batch, as a "
        "share of a single sample's: half of it takes four times the samples."
    )


comparison_page(
    QUESTIONS["batch_size"],
    special=updates,
    special_label="Updates per epoch, and the noise of each",
)
