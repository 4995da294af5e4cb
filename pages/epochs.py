"""Training length: how long should a network train, and who tells it to stop?"""

from collections.abc import Collection

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.analysis.turning import prefix_words, turning_words
from nncore.figures.trained.curves import gap_curves
from nncore.figures.trained.stopping import where_to_stop
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.results.charts import show
from ui.results.tabs import More
from ui.shell import require_shell

require_shell()


def gap(reading: Reading, only: Collection[str]) -> None:
    """How far validation falls behind training, epoch by epoch."""
    show(gap_curves(reading, only=only), "epochs.gaps")


def stop(reading: Reading) -> None:
    """When each should have stopped, drawn and in words."""
    show(where_to_stop(reading), "epochs.when")
    for sentence in turning_words(reading):
        st.markdown(f"- {sentence}")
    if same := prefix_words(reading):
        st.caption(same)


comparison_page(QUESTIONS["epochs"], more=More(curves=gap, tab="When to stop", draw=stop))
