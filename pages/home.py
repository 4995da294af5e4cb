"""Home: a finished answer, the questions, and what was compared last."""

import streamlit as st

from nncore.lab.lab import Lab
from ui.archive.recent import recent_results
from ui.guards.store import usable_store
from ui.home import all_else, featured, how_to_read, welcome
from ui.shell import require_shell

require_shell()
st.session_state["page"] = "home"
welcome()
featured()
with usable_store():
    recent_results(Lab())
all_else()
how_to_read()
