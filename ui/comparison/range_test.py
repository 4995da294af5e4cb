"""The learning-rate range test of a page: start it, follow it, read what it suggests."""

import streamlit as st

from nncore.analysis.range_test import comparison_of, ranges, words
from nncore.analysis.reading import Reading
from nncore.figures.trained.ranges import range_chart
from nncore.lab.lab import Lab
from nncore.results.snapshots import Snapshot
from ui.comparison.actions import missing_variant
from ui.comparison.run import guarded, stop, submit
from ui.controls.draft import Draft, same_trainings
from ui.controls.sheet import sheet_of
from ui.controls.sidebar import current_draft
from ui.guards.plain import plain
from ui.guards.store import stored
from ui.results.charts import show
from ui.results.live import follow, progress, state

RANGE = "range"  # the extra control that names a stored range test, in the link
_ABOUT = (
    "The rate grows from batch to batch by a constant factor, and the validation loss is "
    "measured on the way, over the seeds chosen in the sidebar. It takes about as long as two "
    "epochs, and uses the network, data and optimizer of the sidebar."
)


def range_test(draft: Draft) -> None:
    """Draw the range test of the chosen network."""
    st.markdown(_ABOUT)
    lab = Lab()
    shown = _tested(lab, draft)
    ready = draft.comparison is not None and missing_variant(draft) is None
    if shown is not None and draft.comparison is not None and not _is_of(shown, draft):
        st.info(
            "You changed settings: press **Range test** to test the network as it is now. Below "
            "is still the one tested before.",
            icon=":material/edit:",
        )
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Range test",
            key=f"{draft.question.name}.{RANGE}.run",
            icon=":material/network_check:",
            disabled=not ready or (shown is not None and shown.active),
            on_click=_start,
            args=(draft,),
        )
        if shown is not None and shown.active:
            st.button(
                "Stop the range test",
                key=f"{draft.question.name}.{RANGE}.stop",
                icon=":material/stop:",
                on_click=stop,
                args=(shown.id,),
            )
    if shown is not None:
        follow(lab, shown, draw_range_test)
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


def _start(draft: Draft) -> None:
    comparison = current_draft(draft.question).comparison
    if comparison is None:
        return  # the page says why, beside the control
    with guarded("The range test could not be started."):
        sheet_of(draft.question)["texts"][RANGE] = submit(comparison_of(comparison))


def _tested(lab: Lab, draft: Draft) -> Snapshot | None:
    public_id = draft.extra(RANGE)
    found = stored(lab, public_id)
    if public_id and found is None:
        st.info(
            f"This store has no range test {plain(repr(public_id))}.", icon=":material/search_off:"
        )
    return found


def _is_of(shown: Snapshot, draft: Draft) -> bool:
    if draft.comparison is None:
        return False
    return same_trainings(shown.comparison, comparison_of(draft.comparison))
