"""Training length: how long should a network train, and who tells it to stop?"""

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.analysis.turning import prefix_words, turning_words
from nncore.figures.trained.stopping import where_to_stop
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.guards.plain import plain
from ui.results.charts import show
from ui.results.tabs import More
from ui.shell import require_shell

require_shell()


def stop(reading: Reading) -> None:
    """When each should have stopped, drawn and in words."""
    show(where_to_stop(reading), "epochs.when")
    for title, words in turning_words(reading).items():
        st.markdown(f"- **{plain(title)}**: {plain(words)}")
    if same := prefix_words(reading):
        st.caption(plain(same))


comparison_page(QUESTIONS["epochs"], more=More(tab="When to stop", draw=stop))
