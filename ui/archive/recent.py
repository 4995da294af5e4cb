"""The newest comparisons on the home page: what was asked, who won, and where each stands."""

import streamlit as st

from nncore.lab.archive import Listed
from nncore.lab.lab import Lab
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.results.snapshots import UNREADABLE
from ui.archive.words import (
    ago,
    asks,
    badge,
    endings,
    have_summed_up,
    in_front,
    settings,
)
from ui.controls.fields import STORED
from ui.guards.plain import plain
from ui.guards.store import LAST, last_read, unreadable
from ui.shell import has_page, page_path

_LOOKED_AT, _LISTED = 16, 8


def recent_results(lab: Lab) -> None:
    """The newest comparisons, each with its link."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="left"):
        st.header("Recent results", anchor=False, width="content")
        if has_page("results"):
            st.page_link(page_path("results"), label="All results", icon=":material/table_rows:")
    newest, error = last_read("recent", lambda: lab.results(most=_LOOKED_AT))
    if error is not None:
        unreadable(error, LAST)
    listed = [row for row in newest.rows if _is_listed(row)][:_LISTED]
    if not listed:
        st.caption("None yet. The first comparison you run will be listed here, to come back to.")
    for row in listed:
        _recent(row)
    if error is None:
        have_summed_up(lab, listed)


def _is_listed(row: Listed) -> bool:
    """Whether there is a page to open it."""
    return row.state != UNREADABLE and has_page(row.question)


def _recent(row: Listed) -> None:
    what, outcome = st.columns((3, 2), gap="medium", vertical_alignment="center")
    with what:
        title, asked = row.name or asks(row), [asks(row)] if row.name else []
        words = [*asked, *settings(row), ago(row.created_at), *endings(row)]
        st.page_link(
            page_path(row.question),
            label=f"**{plain(title)}**  \n{plain(' · '.join(words))}",
            icon=EVERY_QUESTION[row.question].icon,
            query_params={STORED: row.id},
        )
    with outcome:
        st.markdown(f"{badge(row)} {in_front(row)}")
