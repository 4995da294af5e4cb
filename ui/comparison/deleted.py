"""What a link to a deleted comparison shows: that it was deleted, and to its owner a way back."""

import streamlit as st

from nncore.lab.lab import Lab
from nncore.results.snapshots import Snapshot
from ui.controls.session import PAGE
from ui.guards.plain import plain
from ui.guards.trouble import guarded
from ui.guards.visitor import known_visitor, may_change


def unless_deleted(snapshot: Snapshot | None) -> Snapshot | None:
    """The comparison; None with a sentence in its place where it was deleted."""
    if snapshot is None or snapshot.deleted_at is None:
        return snapshot
    what = f"The result {plain(repr(snapshot.name))}" if snapshot.name else "This result"
    is_theirs = may_change(snapshot.owner)
    whose = "It can be restored as it was." if is_theirs else "Only who made it can restore it."
    st.warning(f"{what} was deleted. {whose}", icon=":material/delete:")
    if is_theirs:
        st.button(
            "Restore",
            key=f"restore.{snapshot.id}",
            icon=":material/restore_from_trash:",
            on_click=_restore,
            args=(snapshot.id,),
        )
    return None


def _restore(public_id: str) -> None:
    with guarded("It could not be restored."):
        Lab().restore(public_id, known_visitor())
        st.session_state.pop(PAGE, None)  # the link sets the page as if it had just been opened
