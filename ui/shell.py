"""The frame around every page: menu, page settings, and the guard for cold deep links."""

import gc
import sys
import types
from pathlib import Path
from typing import Any

import streamlit as st

from nncore.comparisons import QUESTIONS

_HERE = Path(__file__).resolve().parent
_HOME = "home"


def shell() -> Any:
    """Set up the page and the menu; the page to run. Called by dashboard.py only."""
    st.set_page_config(
        page_title="NN Lab",
        page_icon=_HERE / "icon.png",  # one of the icon font would be fetched from afar
        layout="wide",
    )
    st.html(_HERE / "style.css")
    st.session_state["shell"] = True
    return _navigation()


def require_shell() -> None:
    """First call of every page file.

    A deep link into a server that has not yet run dashboard.py makes Streamlit run the page
    alone, from the folder `pages`; calling `st.navigation` once switches that off for good.
    """
    if not st.session_state.get("shell"):
        _navigation()
        st.rerun()
    _freeze_imports()


def page_path(name: str) -> str:
    """The file of the page called `name`."""
    return f"pages/{name}.py"


def has_page(name: str) -> bool:
    """Whether a question has a page of its own."""
    return name in QUESTIONS and (_HERE.parent / page_path(name)).is_file()


def _navigation() -> Any:
    home = st.Page(page_path(_HOME), title="Home", icon=":material/home:", default=True)
    pages = [
        st.Page(page_path(name), title=QUESTIONS[name].label, icon=QUESTIONS[name].icon)
        for name in QUESTIONS
        if has_page(name)
    ]
    return st.navigation([home, *pages], position="top")


def _freeze_imports() -> None:
    """Take what the imports left out of garbage collection.

    Streamlit collects after every script run, which costs 50 ms per live tick; frozen it
    costs 7. The mark lives in a module without a file, which the file watcher never evicts.
    """
    process = sys.modules.setdefault("_nnlab_process", types.ModuleType("_nnlab_process"))
    if getattr(process, "frozen_modules", 0) != len(sys.modules):
        gc.collect()
        gc.freeze()
        process.frozen_modules = len(sys.modules)  # type: ignore[attr-defined]
