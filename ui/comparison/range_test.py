"""The learning-rate range test of a page: start it, follow it, read what it suggests."""

import streamlit as st

from nncore.analysis.range_test import comparison_of, ranges, words
from nncore.analysis.reading import Reading
from nncore.figures.trained.ranges import range_chart
from nncore.lab.lab import Lab
from nncore.results.snapshots import Snapshot
from ui.comparison.deleted import unless_deleted
from ui.comparison.readiness import missing_variant
from ui.comparison.run import stop, submit
from ui.controls.fields import Blank
from ui.controls.form import Form
from ui.controls.session import form_now, put
from ui.guards.plain import plain
from ui.guards.store import stored
from ui.guards.trouble import guarded
from ui.guards.visitor import may_change, reads_only
from ui.results.charts import show
from ui.results.live import follow
from ui.results.states import progress, state

RANGE = "range"  # the extra control that names a stored range test, in the link
_ABOUT = (
    "The rate grows from batch to batch by a constant factor, and the validation loss is "
    "measured on the way, over the seeds chosen in the sidebar. It takes about as long as two "
    "epochs, and uses the network, data and optimizer of the sidebar."
)


def range_test(form: Form) -> None:
    """Draw the range test of the chosen network."""
    st.markdown(_ABOUT)
    lab = Lab()
    tested = _tested(lab, form)
    ready = form.comparison is not None and missing_variant(form) is None and not reads_only()
    if tested is not None and form.comparison is not None and not _is_of(tested, form):
        st.info(
            "You changed settings: press **Range test** to test the network as it is now. Below "
            "is still the one tested before.",
            icon=":material/edit:",
        )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Range test",
            key=f"{form.blank.name}.{RANGE}.run",
            icon=":material/network_check:",
            disabled=not ready or (tested is not None and tested.active),
            on_click=_start,
            args=(form.blank,),
        )
        if tested is not None and tested.active and may_change(tested.owner):
            st.button(
                "Stop the range test",
                key=f"{form.blank.name}.{RANGE}.stop",
                icon=":material/stop:",
                on_click=stop,
                args=(tested.id,),
            )
    if tested is not None:
        follow(lab, tested, draw_range_test)
    elif ready:
        st.caption("Nothing tested yet.")


def draw_range_test(reading: Reading) -> None:
    """Where the test stands, what it suggests, and the loss against the rate."""
    state(reading)
    if reading.active:
        progress(reading)
    for arm in reading.arms:
        if suggested := words(ranges(arm)):
            st.markdown(f":material/network_check: {suggested}")
        show(range_chart(reading, arm), f"{reading.question.name}.{RANGE}.{arm.label}")


def _start(blank: Blank) -> None:
    comparison = form_now(blank).comparison
    if comparison is None:
        return  # the page says why, beside the control
    with guarded("The range test could not be started."):
        put(blank, **{RANGE: submit(comparison_of(comparison))})


def _tested(lab: Lab, form: Form) -> Snapshot | None:
    public_id = form.value(RANGE) or ""
    snapshot = stored(lab, public_id)
    if public_id and snapshot is None:
        st.info(
            f"This store has no range test {plain(repr(public_id))}.", icon=":material/search_off:"
        )
    return unless_deleted(snapshot)


def _is_of(tested: Snapshot, form: Form) -> bool:
    if form.comparison is None:
        return False
    return tested.comparison.trains_like(comparison_of(form.comparison))
