"""What a stored comparison shows while it trains: polls the store only while it must."""

from collections.abc import Callable

import streamlit as st

from nncore.analysis.reading import Reading, read
from nncore.lab.lab import Lab
from nncore.results.snapshots import Snapshot
from ui.guards.store import read_snapshot
from ui.results.states import has_begun

_EVERY = 1.0  # seconds between two looks at the store
_SOON = 0.4  # the same until the first epoch, when there is little to draw


def follow(
    lab: Lab,
    snapshot: Snapshot,
    draw: Callable[[Reading], None],
    *,
    every: float = _EVERY,
    soon: float = _SOON,
) -> None:
    """Draw a comparison; while it is under way read and draw it again every so many seconds.

    What can't be read now stays as it was, with a note that says so.
    `soon`: the same until its first epoch.
    """
    first = [snapshot]  # the page has just read it; later looks read anew
    watched, waiting = snapshot.active, snapshot.active and not has_begun(read(snapshot))
    is_old = not snapshot.is_current

    def panel() -> None:
        now = first.pop() if first else read_snapshot(lab, snapshot.id)
        if now is None or (watched and not now.active) or (is_old and now.is_current):
            st.rerun()  # a full run drops the timer and enables the buttons
        reading = read(now)
        draw(reading)
        if waiting and has_begun(reading):
            st.rerun()  # from the short timer to the long one

    pause = soon if waiting else every
    st.fragment(panel, run_every=pause if watched or is_old else None)()
