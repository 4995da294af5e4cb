"""Training length: how long should a network train, and who tells it to stop?"""

from collections.abc import Collection

import streamlit as st

from nncore.analysis.turning import prefix_words, turning_words
from nncore.comparisons import QUESTIONS
from nncore.figures.curves import gap_curves
from nncore.figures.stopping import where_to_stop
from nncore.results import Snapshot
from ui.charts import show
from ui.page import comparison_page
from ui.plain import plain
from ui.results import More
from ui.shell import require_shell

require_shell()


def gap(snapshot: Snapshot, only: Collection[str]) -> None:
    """How far validation falls behind training, epoch by epoch."""
    show(gap_curves(snapshot, only=only), "epochs.gaps")


def stop(snapshot: Snapshot) -> None:
    """When each should have stopped, drawn and in words."""
    show(where_to_stop(snapshot), "epochs.when")
    for title, words in turning_words(snapshot).items():
        st.markdown(f"- **{plain(title)}**: {plain(words)}")
    if same := prefix_words(snapshot):
        st.caption(plain(same))


comparison_page(QUESTIONS["epochs"], more=More(curves=gap, tab="When to stop", draw=stop))
