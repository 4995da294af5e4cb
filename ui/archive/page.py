"""The page of all results, from the filters down to what is chosen."""

import math
from dataclasses import replace

import streamlit as st

from nncore.lab.archive import Listed, Page
from nncore.lab.lab import Lab
from nncore.system.errors import StoreError
from nncore.system.wording import times
from ui.archive.details import details, forget_deleted, tell_deleted
from ui.archive.link import (
    PAGE,
    blank,
    chosen,
    clear,
    filter_of,
    is_filtered,
    menu,
    sort_of,
    touched,
)
from ui.archive.overlay import overlay
from ui.archive.rows import rows
from ui.archive.words import have_summed_up
from ui.controls import session
from ui.controls.form import Form
from ui.controls.session import arrive, form_of, keep, live, publish, put
from ui.guards.plain import plain
from ui.guards.store import LAST, last_read, unreadable
from ui.shell import page_path

_A_PAGE = 10  # rows: what is chosen has its panel in sight below them
_EVERY = 3.0  # seconds between two looks at what changes by itself


def results_page(lab: Lab) -> None:
    """Draw it."""
    if st.session_state.get(session.PAGE) != PAGE:
        forget_deleted()
    form = replace(arrive(blank()), blank=blank())  # data sets come and go
    for why in (*form.refused.values(), *form.notes):
        st.warning(plain(why))
    if trouble := st.session_state.pop("trouble", ""):
        st.error(plain(trouble), icon=":material/error:")
    tell_deleted()
    form, found, error = _found(_filters(form), lab)
    publish(form)
    if error is not None:
        unreadable(error, LAST)
    if not found.count:
        _nothing(form)
    picked = _picked(lab, chosen(form), found.rows)
    if found.count or picked:
        _pages(form, found.count)
        rows(found.rows, picked)
    if len(picked) < len(chosen(form)):
        st.info("Some of the chosen results aren't in this store.", icon=":material/search_off:")
    if len(picked) == 1:
        details(lab, picked[0])
    elif picked:
        overlay(lab, picked)
    if error is None:
        have_summed_up(lab, found.rows)
        _follow(lab, found.rows)


def _picked(lab: Lab, ids: list[str], shown: tuple[Listed, ...]) -> list[Listed]:
    """The rows that are chosen, on this page or not."""
    there = {row.id: row for row in shown}
    if others := [public_id for public_id in ids if public_id not in there]:
        listed, _ = last_read(f"chosen {others}", lambda: lab.listed(others))
        there |= {row.id: row for row in listed}
    return [there[public_id] for public_id in ids if public_id in there]


def _filters(form: Form) -> Form:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        find = st.text_input(
            "Search",
            form.texts["find"],
            max_chars=200,
            placeholder="Name, tag, note, arm …",
            icon=":material/search:",
            width=220,
            **live(PAGE, "find", touched, "find"),
        )
        form = form.having(find=" ".join((find or "").split()))
        for name in ("question", "dataset", "whose", "sort"):
            form = menu(form, name)
        more = sum(form.texts[n] != form.blank.fields[n].start for n in ("engine", "state", "days"))
        label = f"More filters ({more})" if more else "More filters"
        with st.popover(label, icon=":material/filter_list:", type="tertiary"):
            for name in ("engine", "state", "days"):
                form = menu(form, name)
    return form


def _found(form: Form, lab: Lab) -> tuple[Form, Page, StoreError | None]:
    """The rows of the page that the form names, or of the last one there is."""
    which, sort = filter_of(form), sort_of(form)

    def read() -> Page:
        first = (int(form.texts["page"]) - 1) * _A_PAGE
        return lab.results(which, sort, first=first, most=_A_PAGE)

    found, error = last_read(f"results {sorted(form.texts.items())}", read)
    if found.count and not found.rows:
        put(form.blank, page=str(math.ceil(found.count / _A_PAGE)))
        form = form.having(page=form_of(form.blank).texts["page"])
        found = read()
    return form, found, error


def _nothing(form: Form) -> None:
    """What there is to do where no row is."""
    if is_filtered(form):
        st.info("No result matches these filters.", icon=":material/filter_alt_off:")
        st.button("Clear filters", key="results.clear", on_click=clear)
        return
    st.info(
        "No results yet. Every comparison that is run is kept here, to come back to.",
        icon=":material/science:",
    )
    st.page_link(
        page_path("activations"), label="Ask a first question", icon=":material/play_arrow:"
    )


def _pages(form: Form, count: int) -> None:
    """How many there are, and the way to others."""
    pages = math.ceil(count / _A_PAGE)
    # to the left: over its right corner the table shows buttons of its own
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.caption(times(count, "result"), width="content")
        if pages > 1:
            st.pagination(pages, default=int(form.texts["page"]), **live(PAGE, "page", _turned))


def _turned() -> None:
    """The page is in the form with the next run."""
    keep(form_of(blank()).settled("page"))


def _follow(lab: Lab, shown: tuple[Listed, ...]) -> None:
    """Draw the page anew when what changes by itself has changed."""
    moving = [row for row in shown if not row.is_settled]
    if not moving:
        return
    fresh = [True]  # the page has just read them

    def look_again() -> None:
        if fresh:
            fresh.clear()
            return
        now, error = last_read("moving", lambda: lab.listed([row.id for row in moving]))
        if error is None and [_stands(row) for row in now] != [_stands(row) for row in moving]:
            st.rerun()

    st.fragment(look_again, run_every=_EVERY)()


def _stands(row: Listed) -> object:
    return row.id, row.state, row.summary, row.deleted_at
