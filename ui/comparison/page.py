"""A comparison page from top to bottom."""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from nncore.analysis.reading import read
from nncore.config.engine_names import ENGINES
from nncore.examples import example
from nncore.lab.lab import Lab
from nncore.questions.catalogue import Question
from nncore.results.snapshots import Snapshot
from nncore.system.errors import StoreError
from ui.comparison.actions import actions, missing_variant
from ui.controls.draft import Draft
from ui.controls.sheet import STORED, arriving, fill, forget_widgets, has_sheet, sheet_of
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
    special: Callable[[Draft], None] | None = None,
    special_label: str = "",
    more: More | None = None,
) -> None:
    """Draw the page of `question`.

    `special(draft)` draws what can be seen without training; `more` is what this question
    adds to its results.
    """
    st.title(question.label, anchor=False)
    st.markdown(f"**{question.question}** {question.look_for}")
    # parts with a place of their own: what appears in one doesn't redraw the others
    bar, below, aside, last = (st.container() for _ in range(4))
    with usable_store():
        lab = Lab()
        found = arrive(question, lab)
        mine = found if found is not None and found.comparison.question == question.name else None
        draft = controls(question)
        with bar:
            actions(question, draft, lab, mine)
        with below:
            if mine is not None:
                live(question, lab, mine, more)
            elif found is not None:
                elsewhere(found)
            else:
                nothing_yet(sheet_of(question)["stored"], draft)
        with aside:
            if special is not None:
                icon = ":material/insights:"
                with st.expander(special_label, expanded=mine is None, icon=icon):
                    special(draft)
            with st.expander(
                "Why is that?" if question.factor else "What happens, step by step",
                icon=":material/school:",
            ):
                st.markdown(question.why)
        if found is None:
            with last:
                _example(question, more)
        warm_up(lab, draft)


def arrive(question: Question, lab: Lab) -> Snapshot | None:
    """Let the link set the controls when it should; the stored comparison the page shows."""
    new_page = st.session_state.get("page") != question.name
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    if arriving(question) and (query or not new_page or not has_sheet(question)):
        found = stored(lab, query.get(STORED, [""])[-1])
        mine = found is not None and found.comparison.question == question.name
        fill(question, found.comparison if found and mine else None, query)
    elif new_page:
        forget_widgets(question)
    st.session_state["page"] = question.name
    return stored(lab, sheet_of(question)["stored"])


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


def nothing_yet(named: str, draft: Draft) -> None:
    """What there is to do where results will be; the bar above says what keeps Run from working."""
    ready = draft.comparison is not None and missing_variant(draft) is None
    if named:
        then = " Press **Run** to train what the controls say." if ready else ""
        st.info(
            f"This store has no comparison {plain(repr(named))}; perhaps it was made on another "
            f"machine.{then}",
            icon=":material/search_off:",
        )
    elif ready:
        st.info(
            "Nothing trained yet. Press **Run** and watch the curves grow while it trains.",
            icon=":material/play_circle:",
        )


def _example(question: Question, more: More | None) -> None:
    """What the start values gave elsewhere, until there are results of one's own."""
    shown = example(question.name)
    if shown is None:
        return
    st.subheader("An example", anchor=False)
    reading = read(shown)
    words = plain(trained_words(reading))
    st.markdown(f"What the start values gave on another machine. **Trained:** {words}")
    results(question, reading, more)


def warm_up(lab: Lab, draft: Draft) -> None:
    """Have a worker ready before the first click; once per session, and last: nobody waits."""
    if draft.comparison is None or st.session_state.get("warm"):
        return
    configs = (draft.comparison.config(arm) for arm in draft.comparison.arms)
    if not any(ENGINES[config.engine].needs_tensorflow for config in configs):
        return  # a NumPy worker is there in no time
    st.session_state["warm"] = True
    with suppress(StoreError):  # Run will say what is wrong
        lab.warm_up()
