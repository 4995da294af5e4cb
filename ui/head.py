"""The head of a page: its title and the question it answers."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def page_head(title: str, question: str) -> DeltaGenerator:
    """Draw them; the row of the title, for what else belongs there."""
    with st.container(gap="xsmall"):
        row = st.container(horizontal=True, vertical_alignment="center", key="title")
        row.title(title, anchor=False, width="content")
        with st.container(key="question"):
            st.markdown(question)
    return row
