"""What a stored comparison shows while it trains: polls the store only while it must."""

import time
from collections.abc import Callable

import streamlit as st

from nncore.analysis.reading import Reading, read
from nncore.lab.lab import Lab
from nncore.results.snapshots import Snapshot
from nncore.system.errors import InvalidSetting
from ui.guards.store import read_snapshot
from ui.results.states import has_begun

_EVERY = 1.0  # seconds between two looks at the store
_LOOK = 0.04  # the same until the first epoch, of which nothing is drawn
_PULSE, _HELD = 0.5, 0.4  # seconds between two visits of the browser meanwhile, and of one
_AT_ONCE = 0.8  # seconds after a click for which the page holds what it draws of the answer
_BEGUN = "live.begun"  # in the session: the comparison of which something was drawn last
_LONGEST = 3.0  # seconds until the words about what is waited for are drawn anew


def follow(
    lab: Lab,
    snapshot: Snapshot,
    draw: Callable[[Reading], None],
    *,
    begin: Callable[[Reading], None] | None = None,
    every: float = _EVERY,
) -> None:
    """Draw a comparison; while it is under way read and draw it again every so many seconds.

    `begin` draws it for the first time once it has something to show.

    Until its first epoch it is drawn once and only looked at, here rather than by the browser,
    which draws at every visit: the processor is wanted elsewhere. What can't be read now stays as
    it was, with a note that says so.
    """
    watched, is_old = snapshot.active, not snapshot.is_current
    since = time.time() - snapshot.created_at
    if since >= 0:  # clocks may jump
        # a worker that knows the network needs less than a browser to draw that it waits
        snapshot = _awaited(lab, snapshot, _AT_ONCE - since) or snapshot
    if _waits(snapshot):
        draw(read(snapshot))
        drawn_at, fresh = time.monotonic(), [snapshot]

        def pulse() -> None:
            if fresh:  # the page has just read it
                fresh.clear()
                return
            now = _awaited(lab, snapshot, _HELD)
            same = now is not None and now.active and now.is_current and now.note == snapshot.note
            is_late = time.monotonic() - drawn_at > _LONGEST
            if now is None or not same or is_late or has_begun(read(now)):
                st.rerun()

        st.fragment(pulse, run_every=_PULSE)()
        return
    first = [snapshot]  # the page has just read it; later looks read anew

    def panel() -> None:
        now = first.pop() if first else _look(lab, snapshot.id)
        if now is None or (watched and not now.active) or (is_old and now.is_current):
            st.rerun()  # a full run drops the timer and enables the buttons
        begins = st.session_state.get(_BEGUN) != now.id
        st.session_state[_BEGUN] = now.id
        (begin if begin is not None and begins else draw)(read(now))

    st.fragment(panel, run_every=every if watched or is_old else None)()


def _look(lab: Lab, public_id: str) -> Snapshot | None:
    """What there is now; None where there is nothing to be shown any more, and the page says why.

    A table that it was trained on may have been deleted, or is not shared any more.
    """
    try:
        return read_snapshot(lab, public_id)
    except InvalidSetting:
        return None


def _waits(snapshot: Snapshot) -> bool:
    """Whether there is nothing to draw yet."""
    return snapshot.active and snapshot.is_current and not has_begun(read(snapshot))


def _awaited(lab: Lab, snapshot: Snapshot, seconds: float) -> Snapshot | None:
    """A comparison as soon as its first epoch is there, or as it is after so many seconds.

    What somebody clicks meanwhile ends it: Streamlit sees to that when the session is read.
    """
    until, now = time.monotonic() + seconds, snapshot
    while _waits(now) and time.monotonic() < until:
        time.sleep(_LOOK)
        newest = _look(lab, snapshot.id)
        if newest is None:
            return None
        now = newest
    return now
