"""The bar under a page's title: what a click would cost, Run, Stop, Add seeds."""

import streamlit as st

from nncore.datasets.preparation.cache import available
from nncore.lab.lab import Lab
from nncore.results.snapshots import Snapshot
from nncore.system.errors import StoreError
from ui.comparison.missing_data import missing_data
from ui.comparison.run import MANY_TRAININGS, add_seeds, needs_a_yes, run, stop, time_limit
from ui.controls.draft import same_trainings
from ui.controls.form import Form
from ui.controls.words import duration, estimate_words
from ui.guards.plain import plain
from ui.guards.store import unreadable

_SEEDS_MORE = 2


def actions(form: Form, lab: Lab, snapshot: Snapshot | None) -> None:
    """Draw the bar. `snapshot`: what the page shows below, if anything."""
    blank = form.blank
    active = snapshot is not None and snapshot.active
    up_to_date = is_shown(form, snapshot)
    ready = may_run(form, None if not_asked(snapshot, up_to_date) else lab, is_shown=up_to_date)
    if trouble := st.session_state.pop("trouble", ""):
        st.error(plain(trouble), icon=":material/error:")
    if snapshot is not None and not up_to_date and form.comparison is not None:
        st.info(
            "You changed settings: press **Run** to train them. Below is still what was "
            "trained before.",
            icon=":material/edit:",
        )
    with st.container(horizontal=True, gap="small"):
        again = up_to_date and not active
        st.button(
            "Run again" if again else "Run",
            key=f"{blank.name}.run",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not ready or (active and up_to_date),
            on_click=run,
            args=(blank,),
            help="Trainings that are stored already are taken from there." if again else None,
        )
        stop_button(form, snapshot if active else None)
        if snapshot is not None and blank.factor:
            st.button(
                f"Add {_SEEDS_MORE} seeds",
                key=f"{blank.name}.more",
                icon=":material/add:",
                disabled=not up_to_date,
                on_click=add_seeds,
                args=(blank, snapshot, _SEEDS_MORE),
                help="Train everything with the next seeds, too, for narrower intervals.",
            )
        if again and snapshot is not None and len(snapshot.trials) <= MANY_TRAININGS:
            st.button(
                "Train anew",
                key=f"{blank.name}.anew",
                icon=":material/replay:",
                disabled=not ready,
                on_click=run,
                args=(blank,),
                kwargs={"use_cache": False},
                help="Train everything once more instead of taking it from the cache.",
            )


def stop_button(form: Form, active: Snapshot | None) -> None:
    if active is None:
        st.session_state.pop("stopping", None)
        return
    stopping = st.session_state.get("stopping") == active.id
    st.button(
        "Stopping …" if stopping else "Stop",
        key=f"{form.blank.name}.stop",
        icon=":material/stop:",
        disabled=stopping,
        on_click=stop,
        args=(active.id,),
    )


def is_shown(form: Form, snapshot: Snapshot | None) -> bool:
    """Whether the page shows what the controls say."""
    if snapshot is None or form.comparison is None:
        return False
    return same_trainings(form.comparison, snapshot.comparison)


def not_asked(snapshot: Snapshot | None, up_to_date: bool) -> bool:
    """Whether what Run would do is not asked: it does nothing now, or the store can't be read."""
    return snapshot is not None and ((snapshot.active and up_to_date) or not snapshot.is_current)


def may_run(form: Form, lab: Lab | None, *, is_shown: bool) -> bool:
    """Say what Run would do, or why it can't; whether it may. Without a lab nothing is asked."""
    if form.comparison is None:
        st.warning(plain(form.problem), icon=":material/block:")
        return False
    if missing := missing_variant(form):
        missing_data(*missing, key=f"{form.blank.name}.missing")
        return False
    if lab is None:
        return True
    try:
        estimate = lab.estimate(form.comparison)
    except StoreError as error:
        unreadable(error)
        return False
    if not is_shown or estimate.to_train:
        st.markdown(f":material/timer: {estimate_words(estimate)}")
    if not needs_a_yes(estimate):
        return True
    length = duration(estimate.seconds)
    about = length if length.startswith("under") else f"about {length}"
    return st.checkbox(
        f"Yes, start these {estimate.to_train:,} trainings ({about}; stopped after "
        f"{duration(time_limit(estimate.seconds))} of training at the latest)",
        key=f"{form.blank.name}.yes",
    )


def missing_variant(form: Form) -> tuple[str, str] | None:
    """The first data set and variant that is not on this machine; None when all is there."""
    if form.comparison is None:
        return None
    configs = [form.comparison.config(arm) for arm in form.comparison.arms]
    pairs = dict.fromkeys((config.dataset, config.variant) for config in configs)
    return next((pair for pair in pairs if not available(*pair)), None)
