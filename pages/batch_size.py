"""Batch size: how many samples should the network look at before each step?"""

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.figures.trained.updates import loss_against, updates_table, updates_words
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.controls.form import Form
from ui.guards.plain import plain
from ui.results.charts import show, table
from ui.results.tabs import More
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


def price(reading: Reading) -> None:
    """The validation loss over what it took to get there."""
    left, right = st.columns(2)
    with left:
        st.subheader("Loss against updates", anchor=False)
        show(loss_against(reading, "updates"), "batch_size.against_updates")
    with right:
        st.subheader("Loss against seconds", anchor=False)
        show(loss_against(reading, "seconds"), "batch_size.against_seconds")
    configs = {arm.title: arm.config for arm in reading.arms}
    table(updates_table(configs), "batch_size.trained_updates", shares=["Noise of a step"])


comparison_page(
    QUESTIONS["batch_size"],
    special=updates,
    special_label="Updates per epoch, and the noise of each",
    more=More(tab="Updates and seconds", draw=price),
)
