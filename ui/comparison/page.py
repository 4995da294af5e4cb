"""A comparison page from top to bottom."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import streamlit as st

from nncore.analysis.reading import Reading, read
from nncore.config.engine_names import ENGINES
from nncore.examples import example
from nncore.lab.lab import Lab
from nncore.questions.catalogue import Question
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot
from nncore.system.errors import StoreError
from ui.comparison.actions import Report, action_bar, actions
from ui.comparison.deleted import unless_deleted
from ui.comparison.other_question import question_selector
from ui.comparison.readiness import is_shown, nothing_yet
from ui.controls.chips import chips
from ui.controls.fields import STORED, Blank, blank_of
from ui.controls.form import Form
from ui.controls.judged import judging_of, not_judged_so
from ui.controls.session import arrive
from ui.controls.sidebar import controls
from ui.guards.store import stored, usable_store
from ui.guards.visitor import reads_only
from ui.results.ahead import browser_has_charts, charts_are_loaded, load_charts_ahead
from ui.results.live import follow
from ui.results.tabs import More, explanation, results
from ui.shell import has_page, page_head, page_path, sidebar_opens

# seconds that a browser needs to load what draws charts; it draws last what it is sent last
_AHEAD = 0.9
_OPENED = "page.opened"  # in the session: the finished comparison that it showed last


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
    more = more or More()
    # parts with a place of their own: what appears in one doesn't redraw the others
    sidebar_opens()
    head, bar = st.container(gap="xsmall"), action_bar()
    beneath, below, aside = st.container(), st.container(), st.container()
    with head:
        title = page_head(question.label, question.question)
        changed = st.container()
    with usable_store():
        lab = Lab()
        form, linked, mine = arrived(blank_of(question), lab)
        chart_first = mine is not None and not mine.active and _is_first(mine.id)
        if not chart_first:
            form = controls(form)
        with title:
            question_selector(form)
        with changed:
            chips(form)
        with beneath:
            report = actions(bar, form, lab, mine)
            not_judged_so(form, mine)
        with below:
            has_answer = _answer(form, lab, linked, mine, report, more)
        if chart_first:
            time.sleep(_AHEAD)
            form = controls(form)
        with aside:
            if special is not None:
                _special(form, special, special_label, expanded=not has_answer)
            warm_up(lab, form)
            if more.body is not None or not has_answer:  # else a tab of the answer says it
                _why(question)


def _is_first(public_id: str) -> bool:
    """Whether a browser without what draws charts opens this one: what a link says is all there is.

    Its chart is sent before the controls then, which nobody can have touched.
    """
    opened = st.session_state.get(_OPENED)
    st.session_state[_OPENED] = public_id
    return opened is None and not browser_has_charts()


def _answer(
    form: Form,
    lab: Lab,
    linked: Snapshot | None,
    mine: Snapshot | None,
    report: Report,
    more: More,
) -> bool:
    """What is stored, or else what came along, or what there is to do; whether it is an answer."""
    question, came_along = form.question, None
    wanted = judging_of(form)
    if mine is None and linked is not None:
        elsewhere(linked)
        return False
    if mine is None:
        stored_here = example(question.name)
        came_along = stored_here if is_shown(form, stored_here) else None
        if form.stored or came_along is None:
            nothing_yet(form)
            load_charts_ahead()

    def draw(reading: Reading, *, chart_first: bool = False, charts: bool = True) -> None:
        report(reading)
        note = "" if mine else "Example, trained on another machine"
        judging, _ = wanted.fitted(reading.task, repeats_splits=reading.repeats_splits)
        judged = read(reading.snapshot, judging)
        results(question, judged, more, note=note, charts=charts, chart_first=chart_first)

    if mine is not None:
        follow(lab, mine, draw, begin=partial(draw, chart_first=True))
    elif came_along is not None:
        shown = read(came_along)  # what the visitor can do comes first
        st.fragment(lambda: draw(shown, charts=charts_are_loaded()))()
    return mine is not None or came_along is not None


def _special(form: Form, special: Callable[[Form], None], label: str, *, expanded: bool) -> None:
    """What can be seen without training: open while there is nothing else, or a link sets it."""
    fields = form.blank.fields
    own = ((n, f) for n, f in fields.items() if f.extra and not f.of_results)
    expanded |= any(form.texts[n] != f.start for n, f in own)
    fold = st.expander(
        label,
        expanded,
        key=f"{form.blank.name}.special.{expanded}",  # a page with an answer begins anew
        icon=":material/insights:",
        on_change="rerun",
    )
    if fold.open:
        with fold:
            special(form)


def _why(question: Question) -> None:
    label = "Why is that?" if question.factor else "What happens, step by step"
    fold = st.expander(
        label, key=f"{question.name}.why", icon=":material/school:", on_change="rerun"
    )
    if fold.open:
        with fold:
            explanation(question)


def arrived(blank: Blank, lab: Lab) -> tuple[Form, Snapshot | None, Snapshot | None]:
    """The form, which the link sets when it should; what it names; that again if it is ours."""

    def mine(snapshot: Snapshot | None) -> Snapshot | None:
        if snapshot is None or snapshot.deleted_at is not None:
            return None
        return snapshot if snapshot.comparison.question == blank.name else None

    def lookup(public_id: str) -> Comparison | None:
        snapshot = mine(stored(lab, public_id))
        return None if snapshot is None else snapshot.comparison

    form = arrive(blank, lookup)
    linked = stored(lab, form.stored)
    return form, linked, mine(linked)


def elsewhere(snapshot: Snapshot) -> None:
    """What there is instead of a comparison that isn't shown here: deleted, or another page's."""
    if unless_deleted(snapshot) is None:
        return
    other = snapshot.question
    st.info(f"The link's comparison belongs to another page: {other.label}.")
    if has_page(other.name):
        st.page_link(
            page_path(other.name),
            label=f"Open it in {other.label}",
            icon=other.icon,
            query_params={STORED: snapshot.id},
        )


def warm_up(lab: Lab, form: Form) -> None:
    """Have a worker ready before the first click; once per session, and late: nobody waits."""
    if form.comparison is None or reads_only() or st.session_state.get("warm"):
        return
    configs = (form.comparison.config(arm) for arm in form.comparison.arms)
    if not any(ENGINES[config.engine].needs_tensorflow for config in configs):
        return  # a NumPy worker is there in no time
    st.session_state["warm"] = True
    with suppress(StoreError):  # Run will say what is wrong
        lab.warm_up()
