"""Whether Run may be pressed: what it would train, how long that takes, or why it can't."""

import streamlit as st

from nncore.datasets.preparation.cache import available
from nncore.lab.estimate import Estimate
from nncore.lab.lab import Lab
from nncore.results.snapshots import Snapshot
from nncore.system.errors import StoreError
from ui.comparison.missing_data import missing_data
from ui.comparison.run import needs_a_yes, time_limit
from ui.controls.form import Form
from ui.controls.words import duration, estimate_words, span
from ui.guards.plain import plain
from ui.guards.store import unreadable
from ui.guards.visitor import ask_to_log_in, reads_only


def is_shown(form: Form, snapshot: Snapshot | None) -> bool:
    """Whether the page shows what the controls say."""
    if snapshot is None or form.comparison is None:
        return False
    return form.comparison.trains_like(snapshot.comparison)


def not_asked(snapshot: Snapshot | None, up_to_date: bool) -> bool:
    """Whether what Run would do is not asked: it does nothing now, or the store can't be read."""
    return snapshot is not None and ((snapshot.active and up_to_date) or not snapshot.is_current)


def may_run(form: Form, lab: Lab | None, *, is_shown: bool) -> bool:
    """Say what Run would do, or why it can't; whether it may. Without a lab nothing is asked."""
    line = st.empty()
    estimate, ready = estimated(form, lab)
    if estimate is not None and (not is_shown or estimate.to_train):
        line.markdown(f":material/timer: {estimate_words(estimate)}")
    return ready


def estimated(form: Form, lab: Lab | None) -> tuple[Estimate | None, bool]:
    """What Run would cost, and whether it may be pressed; says why where it can't.

    What is large asks for a yes. Without a lab nothing is asked, and nothing keeps Run from
    being pressed.
    """
    missing = missing_variant(form)
    if reads_only():
        ask_to_log_in("train")
        return None, False
    if form.comparison is None:
        st.warning(plain(form.problem), icon=":material/block:")
        return None, False
    if missing:
        missing_data(*missing, key=f"{form.blank.name}.missing")
        return None, False
    if lab is None:
        return None, True
    try:
        estimate = lab.estimate(form.comparison)
    except StoreError as error:
        unreadable(error)
        return None, False
    if not needs_a_yes(estimate):
        return estimate, True
    return estimate, st.checkbox(
        f"Yes, start these {estimate.to_train:,} trainings ({span(estimate)}; stopped after "
        f"{duration(time_limit(estimate.high))} of training at the latest)",
        key=f"{form.blank.name}.yes",
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
            "No answer to this yet. Press **Run**: the curves grow while it trains, and what is "
            "stored already is there at once.",
            icon=":material/play_circle:",
        )


def missing_variant(form: Form) -> tuple[str, str] | None:
    """The first data set and variant that is not on this machine; None when all is there."""
    if form.comparison is None:
        return None
    configs = [form.comparison.config(arm) for arm in form.comparison.arms]
    pairs = dict.fromkeys((config.dataset, config.variant) for config in configs)
    return next((pair for pair in pairs if not available(*pair)), None)
