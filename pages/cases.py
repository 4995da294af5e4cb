"""Case studies: published experiments, repeated over seeds."""

import streamlit as st

from nncore.lab.lab import Lab
from ui.cases import case_page
from ui.guards.store import usable_store
from ui.shell import page_head, require_shell

require_shell()
page_head("Case studies", "What was published with a single figure: does it hold over seeds?")
st.markdown(
    "Published experiments, each repeated here. A figure is **consistent** when it may be that of "
    "another run of ours, a difference when our verdict has it on that side, too."
)
with usable_store():
    case_page(Lab())
