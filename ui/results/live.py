"""What a stored comparison shows while it trains: polls the store only while it must."""

import time
from collections.abc import Callable

import streamlit as st

from nncore.analysis.reading import Reading, read
from nncore.lab.lab import Lab
from nncore.results.snapshots import Snapshot
from ui.guards.store import read_snapshot
from ui.results.states import has_begun

_EVERY = 1.0  # seconds between two looks at the store
_AT_ONCE = 0.4  # seconds after a click in which a first epoch is waited for with the page half drawn
_LOOK = 0.02  # seconds between two looks meanwhile
_PULSE = 0.12  # the same until the first epoch, of which nothing is drawn
_LONGEST = 3.0  # seconds until the words about what is waited for are drawn anew


def follow(
    lab: Lab, snapshot: Snapshot, draw: Callable[[Reading], None], *, every: float = _EVERY
) -> None:
    """Draw a comparison; while it is under way read and draw it again every so many seconds.

    Until its first epoch it is drawn once and only looked at, often: the processor is wanted
    elsewhere. What can't be read now stays as it was, with a note that says so.
    """
    watched, is_old = snapshot.active, not snapshot.is_current
    snapshot = _awaited(lab, snapshot)
    if _waits(snapshot):
        draw(read(snapshot))
        drawn_at, fresh = time.monotonic(), [snapshot]

        def pulse() -> None:
            if fresh:  # the page has just read it
                fresh.clear()
                return
            now = read_snapshot(lab, snapshot.id)
            same = now is not None and now.active and now.is_current and now.note == snapshot.note
            is_late = time.monotonic() - drawn_at > _LONGEST
            if now is None or not same or is_late or has_begun(read(now)):
                st.rerun()

        st.fragment(pulse, run_every=_PULSE)()
        return
    first = [snapshot]  # the page has just read it; later looks read anew

    def panel() -> None:
        now = first.pop() if first else read_snapshot(lab, snapshot.id)
        if now is None or (watched and not now.active) or (is_old and now.is_current):
            st.rerun()  # a full run drops the timer and enables the buttons
        draw(read(now))

    st.fragment(panel, run_every=every if watched or is_old else None)()


def _waits(snapshot: Snapshot) -> bool:
    """Whether there is nothing to draw yet."""
    return snapshot.active and snapshot.is_current and not has_begun(read(snapshot))


def _awaited(lab: Lab, snapshot: Snapshot) -> Snapshot:
    """A comparison as it is; one that was just submitted as it is when its first epoch is there.

    A worker that knows the network needs less time for that than a browser to draw that it waits.
    What else somebody clicks meanwhile ends it: Streamlit looks for that when a session is read.
    """
    since = time.time() - snapshot.created_at
    until = time.monotonic() + _AT_ONCE - since if since >= 0 else 0.0  # clocks may jump
    while _waits(snapshot) and time.monotonic() < until:
        time.sleep(_LOOK)
        snapshot = read_snapshot(lab, snapshot.id) or snapshot
    return snapshot
