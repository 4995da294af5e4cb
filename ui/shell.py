"""The frame around every page: menu, head, page settings, and the guard for cold deep links."""

import gc
import re
import sys
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nncore.datasets.own.store import own_names_in
from nncore.lab.lab import Lab
from nncore.questions.catalogue import QUESTIONS
from nncore.system.errors import StoreError
from ui.guards.leaving import stop_what_was_left
from ui.guards.plain import plain
from ui.guards.reach import tell_if_open
from ui.guards.sent import refuse_what_cannot_be_read, tell_if_refused
from ui.guards.visitor import (
    ask_browser,
    do_what_was_held,
    let_visitors_look,
    needs_login,
    tell_if_forgotten,
    tell_what_is_held,
    visitor,
    wait_for_visitor,
)
from ui.running import running

_COMPARISON = re.compile(r"[0-9a-f]{16}")  # what the lab calls one
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
        "results",
        "Results",
        ":material/table_rows:",
        "Find what was compared before, name it, and lay results over each other.",
    ),
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
        "Case studies",
        ":material/menu_book:",
        "Published experiments, repeated over seeds: what was claimed, and whether it holds.",
    ),
)


def shell() -> Any:
    """Set up the page and the menu; the page to run. Called by dashboard.py only."""
    refuse_what_cannot_be_read()
    let_visitors_look()
    _page_config()
    st.html(_HERE / "style.css")
    st.session_state["shell"] = True
    tell_if_open()
    tell_if_refused()
    tell_if_forgotten()
    page = _navigation()
    do_what_was_held(page.url_path)
    tell_what_is_held()
    _menu(page.url_path or HOME.name)
    wait_for_visitor(_names_what_not_all_see)
    stop_what_was_left(page.url_path or HOME.name)
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


def page_head(title: str, question: str) -> DeltaGenerator:
    """Draw title and question; the row of the title, for what else belongs there."""
    with st.container(gap="xsmall"):
        row = st.container(horizontal=True, vertical_alignment="center", key="title")
        row.title(title, anchor=False, width="content")
        with st.container(key="question"):
            st.markdown(question)
    return row


def sidebar_opens() -> None:
    """Show the sidebar before there is anything in it: what is drawn beside it stays in place."""
    st.sidebar.container(height=1, border=False, key="sidebar.room")


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
    """Streamlit knows all pages, and draws no menu.

    Its own shows pages without a heading before all others, and on a phone a list that no screen
    reader takes for one.
    """
    return st.navigation([_page(entry) for entry in entries()], position="hidden")


def _menu(here: str) -> None:
    """The way to every page, in the order in which Tab goes. `here`: the page that is drawn."""
    there = entries()
    questions, others = (
        [entry for entry in section if entry in there] for section in (QUESTION_PAGES, OTHER_PAGES)
    )
    with st.container(
        key="menu", horizontal=True, gap="xxsmall", vertical_alignment="center", wrap=False
    ):
        _link(HOME, here)
        _section("compare", COMPARE, questions, here, icon=":material/compare_arrows:")
        with st.container(key="menu.others", horizontal=True, gap="xxsmall", width="content"):
            for entry in others:
                _link(entry, here)
        _section("more", "More", others, here)  # in their place on a phone: `style.css`
        _login()
        ask_browser()


def _section(key: str, title: str, pages: list[Entry], here: str, icon: str | None = None) -> None:
    """A menu of pages: keys lead into it, as they don't into a popover, which ends the page."""
    labels = {e.name: f"{e.icon} {_named(e.label, is_here=e.name == here)}" for e in pages}
    chosen = st.menu_button(
        _named(title, is_here=here in labels),
        list(labels),
        key=f"menu.{key}",
        format_func=lambda name: labels.get(name, name),
        type="tertiary",
        icon=icon,
    )
    if chosen in labels and chosen != here:
        st.switch_page(page_path(chosen))


def _names_what_not_all_see() -> bool:
    """Whether the link names a table, or a comparison that isn't there for everybody."""
    values = [value for key in st.query_params for value in st.query_params.get_all(key)]
    if any(own_names_in(value) for value in values):
        return True
    try:
        named = [name for value in values for name in value.split(",")]
        return any(_COMPARISON.fullmatch(name) and not Lab().has(name) for name in named)
    except StoreError:
        return False  # the page says so


def _login() -> None:
    """The way in and out, where the host has configured one."""
    if not needs_login():
        return
    now = visitor()
    if now is None:
        st.button(
            "Log in", key="login", icon=":material/login:", type="tertiary", on_click=st.login
        )
    else:
        st.button(
            "Log out",
            key="logout",
            icon=":material/logout:",
            type="tertiary",
            on_click=st.logout,
            help=f"Logged in as {plain(now.name)}.",
        )


def _link(entry: Entry, here: str) -> None:
    label = _named(entry.label, is_here=entry.name == here)
    st.page_link(page_path(entry.name), label=label, icon=entry.icon)


def _named(title: str, *, is_here: bool) -> str:
    """As it is drawn; where one is stands out, and is said to those who don't see it."""
    return f"{title} *(you are here)*" if is_here else title


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
