"""Data: what networks learn from, what is done to it first, and tables of one's own."""

import streamlit as st

from ui.data.page import data_page
from ui.shell import page_head, require_shell

require_shell()
page_head("Data", "What do the networks learn from?")
st.markdown(
    "Look at single examples before you trust a score: what they show, how common each answer is, "
    "and what is done to the numbers before training."
)
data_page()
