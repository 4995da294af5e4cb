"""A page of nothing but controls and chips, of the question that the session names."""

import streamlit as st

from nncore.questions.catalogue import EVERY_QUESTION
from ui.controls.chips import chips
from ui.controls.fields import blank_of
from ui.controls.session import arrive
from ui.controls.sidebar import controls

chips(controls(arrive(blank_of(EVERY_QUESTION[st.session_state["question"]]))))
