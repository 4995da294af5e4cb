"""The frame around every page: menu, page settings, and the guard for cold deep links."""

import gc
import sys
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from nncore.questions.catalogue import QUESTIONS
from ui.guards.reach import tell_if_open
from ui.guards.sent import refuse_what_cannot_be_read, tell_if_refused
from ui.running import running

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Entry:
    """A page as the menu and the home page have it."""

    name: str  # of its file in `pages/`, without the ending
    label: str
    icon: str
    about: str = ""  # what one does there, in one sentence


HOME = Entry("home", "Home", ":material/home:")
COMPARE = "Compare"  # the menu of the questions; every other page stands on its own
QUESTION_PAGES = tuple(Entry(q.name, q.label, q.icon, q.question) for q in QUESTIONS.values())
OTHER_PAGES = (
    Entry(
        "playground",
        "Playground",
        ":material/toys:",
        "Watch a small network draw its border through points of the plane.",
    ),
    Entry(
        "workshop",
        "Workshop",
        ":material/construction:",
        "Take one network from data to saved model, and ask it about single samples.",
    ),
    Entry(
        "data",
        "Data",
        ":material/database:",
        "Look at what networks learn from, fetch larger sets, and bring a table of your own.",
    ),
    Entry(
        "cases",
        "Cases",
        ":material/menu_book:",
        "Published experiments, repeated over seeds: what was claimed, and whether it holds.",
    ),
)


def shell() -> Any:
    """Set up the page and the menu; the page to run. Called by dashboard.py only."""
    refuse_what_cannot_be_read()
    _page_config()
    st.html(_HERE / "style.css")
    st.session_state["shell"] = True
    tell_if_open()
    tell_if_refused()
    page = _navigation()
    running({entry.name: page_path(entry.name) for entry in entries()}, page.url_path or HOME.name)
    return page


def require_shell() -> None:
    """First call of every page file.

    A deep link into a server that has not yet run dashboard.py makes Streamlit run the page
    alone, from the folder `pages`; calling `st.navigation` once switches that off for good.
    """
    if not st.session_state.get("shell"):
        _page_config()
        _navigation()
        st.rerun()
    _freeze_imports()


def page_path(name: str) -> str:
    """The file of the page called `name`."""
    return f"pages/{name}.py"


def has_page(name: str) -> bool:
    """Whether the menu has a page called `name`."""
    return any(entry.name == name for entry in entries())


def entries() -> list[Entry]:
    """The pages there are, home first, in the order of the menu."""
    listed = (HOME, *QUESTION_PAGES, *OTHER_PAGES)
    return [entry for entry in listed if (_HERE.parent / page_path(entry.name)).is_file()]


def _page_config() -> None:
    """Title, icon and layout; before the menu, of whose entries the browser else takes them.

    Their icons are of the icon font: as the icon of a page, one would be fetched from afar.
    """
    st.set_page_config(page_title="NN Lab", page_icon=_HERE / "icon.png", layout="wide")


def _navigation() -> Any:
    there = entries()
    # what has no heading comes first, whatever the order here: `style.css` puts the questions
    # behind home
    menu = {"": (HOME, *OTHER_PAGES), COMPARE: QUESTION_PAGES}
    return st.navigation(
        {
            heading: [_page(entry) for entry in section if entry in there]
            for heading, section in menu.items()
            if any(entry in there for entry in section)
        },
        position="top",
    )


def _page(entry: Entry) -> Any:
    path = page_path(entry.name)
    return st.Page(path, title=entry.label, icon=entry.icon, default=entry is HOME)


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
