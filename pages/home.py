"""Home: what can be compared, what was compared last, and how to read a comparison."""

import streamlit as st

from nncore.lab.lab import Lab
from ui.guards.store import usable_store
from ui.home import cards, data_sets, how_to_read, recent_results
from ui.shell import require_shell

require_shell()
st.session_state["page"] = "home"
st.title("NN Lab", anchor=False)
st.markdown(
    "What does a setting do to a neural network? Pick a question and press **Run**: every answer "
    "is trained over several seeds on real data, and drawn with what chance alone would do."
)
cards()
with usable_store():
    recent_results(Lab())
how_to_read()
data_sets()
