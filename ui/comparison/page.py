"""A comparison page from top to bottom."""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from nncore.analysis.reading import read
from nncore.config.engine_names import ENGINES
from nncore.examples import example
from nncore.lab.lab import Lab
from nncore.questions.catalogue import Question
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot
from nncore.system.errors import StoreError
from ui.comparison.actions import actions, missing_variant
from ui.controls.fields import STORED, Blank, blank_of
from ui.controls.form import Form
from ui.controls.session import arrive
from ui.controls.sidebar import controls
from ui.controls.words import trained_words
from ui.guards.plain import plain
from ui.guards.store import stored, usable_store
from ui.results.live import live
from ui.results.tabs import More, results
from ui.shell import has_page, page_path


def comparison_page(
    question: Question,
    *,
    special: Callable[[Form], None] | None = None,
    special_label: str = "",
    more: More | None = None,
) -> None:
    """Draw the page of `question`.

    `special(form)` draws what can be seen without training; `more` is what this question
    adds to its results.
    """
    st.title(question.label, anchor=False)
    st.markdown(f"**{question.question}** {question.look_for}")
    # parts with a place of their own: what appears in one doesn't redraw the others
    bar, below, aside, last = (st.container() for _ in range(4))
    with usable_store():
        lab = Lab()
        form, linked, mine = arrived(blank_of(question), lab)
        form = controls(form)
        with bar:
            actions(form, lab, mine)
        with below:
            if mine is not None:
                live(question, lab, mine, more)
            elif linked is not None:
                elsewhere(linked)
            else:
                nothing_yet(form)
        with aside:
            if special is not None:
                icon = ":material/insights:"
                with st.expander(special_label, expanded=mine is None, icon=icon):
                    special(form)
            with st.expander(
                "Why is that?" if question.factor else "What happens, step by step",
                icon=":material/school:",
            ):
                st.markdown(question.why)
        if linked is None:
            with last:
                _example(question, more)
        warm_up(lab, form)


def arrived(blank: Blank, lab: Lab) -> tuple[Form, Snapshot | None, Snapshot | None]:
    """The form, which the link sets when it should; what it names; that again if it is ours."""

    def mine(snapshot: Snapshot | None) -> Snapshot | None:
        ours = snapshot is not None and snapshot.comparison.question == blank.name
        return snapshot if ours else None

    def lookup(public_id: str) -> Comparison | None:
        snapshot = mine(stored(lab, public_id))
        return None if snapshot is None else snapshot.comparison

    form = arrive(blank, lookup)
    linked = stored(lab, form.stored)
    return form, linked, mine(linked)


def elsewhere(snapshot: Snapshot) -> None:
    other = snapshot.question
    st.info(f"The link's comparison belongs to another page: {other.label}.")
    if has_page(other.name):
        st.page_link(
            page_path(other.name),
            label=f"Open it in {other.label}",
            icon=other.icon,
            query_params={STORED: snapshot.id},
        )


def nothing_yet(form: Form) -> None:
    """What there is to do where results will be; the bar above says what keeps Run from working."""
    ready = form.comparison is not None and missing_variant(form) is None
    if form.stored:
        then = " Press **Run** to train what the controls say." if ready else ""
        st.info(
            f"This store has no comparison {plain(repr(form.stored))}; perhaps it was made on "
            f"another machine.{then}",
            icon=":material/search_off:",
        )
    elif ready:
        st.info(
            "Nothing trained yet. Press **Run** and watch the curves grow while it trains.",
            icon=":material/play_circle:",
        )


def _example(question: Question, more: More | None) -> None:
    """What the start values gave elsewhere, until there are results of one's own."""
    snapshot = example(question.name)
    if snapshot is None:
        return
    st.subheader("An example", anchor=False)
    reading = read(snapshot)
    words = plain(trained_words(reading))
    st.markdown(f"What the start values gave on another machine. **Trained:** {words}")
    results(question, reading, more)


def warm_up(lab: Lab, form: Form) -> None:
    """Have a worker ready before the first click; once per session, and last: nobody waits."""
    if form.comparison is None or st.session_state.get("warm"):
        return
    configs = (form.comparison.config(arm) for arm in form.comparison.arms)
    if not any(ENGINES[config.engine].needs_tensorflow for config in configs):
        return  # a NumPy worker is there in no time
    st.session_state["warm"] = True
    with suppress(StoreError):  # Run will say what is wrong
        lab.warm_up()
