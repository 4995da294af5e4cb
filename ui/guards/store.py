"""The store as pages read it: what can't be read now is shown as it was read last, and why."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from nncore.lab.lab import Lab
from nncore.results.snapshots import Snapshot
from nncore.system.errors import InvalidSetting, StoreError

T = TypeVar("T")
_AGAIN = 3.0  # seconds between two looks at a store that can't be read
_REMEMBERED = 8  # things that a session has read last
_SHARED = 16  # finished comparisons that the process holds for all sessions
_finished: dict[str, Snapshot] = {}  # by id, oldest first
LAST = "Below is what was read last; the page looks again every few seconds."


@contextmanager
def usable_store() -> Iterator[None]:
    """When the store can't be read, say so in place of what needs it."""
    try:
        yield
    except StoreError as error:
        unreadable(error)


def unreadable(error: StoreError, meanwhile: str = "") -> None:
    """Say what is wrong with the store; once it can be read again, the page is drawn anew.

    `meanwhile`: what is to be seen until then.
    """
    nothing = "Nothing can be trained or shown here until that is mended; the page looks again "
    nothing += "every few seconds."
    tell = st.warning if meanwhile else st.error
    tell(f"{error} {meanwhile or nothing}", icon=":material/database_off:")
    tried = [True]  # by the page, a moment ago

    def look_again() -> None:
        if tried:
            tried.clear()
            return
        try:
            Lab().status()
        except StoreError:
            return
        st.rerun()

    st.fragment(look_again, run_every=_AGAIN)()


def last_read(name: str, read: Callable[[], T]) -> tuple[T, StoreError | None]:
    """What `read` gives; when the store can't be read what it gave last in this session, and why.

    Raises StoreError when there is nothing yet.
    """
    last_reads: dict[str, Any] = st.session_state.setdefault("last_read", {})
    try:
        value = read()
    except StoreError as error:
        if name not in last_reads:
            raise
        return last_reads[name], error
    last_reads.pop(name, None)
    last_reads[name] = value
    while len(last_reads) > _REMEMBERED:
        del last_reads[next(iter(last_reads))]
    return value, None


def read_snapshot(lab: Lab, public_id: str) -> Snapshot | None:
    """A stored comparison as it is, or as it was read last, with a note that says so.

    None when there is none of that id; raises InvalidSetting when it can't be shown.
    """
    snapshot, error = last_read(public_id, lambda: lab.snapshot(public_id))
    if snapshot is None or error is None:
        return snapshot and _shared(snapshot)
    return replace(snapshot, note=f"{error} {LAST}", is_current=False)


def _shared(snapshot: Snapshot) -> Snapshot:
    """An equal one that was read before, with all that was made of it since: verdict and charts.

    A finished comparison is opened again and again: every rerun of a page reads it anew.
    """
    if snapshot.active:
        return snapshot
    held = _finished.pop(snapshot.id, None)
    newest = held if held == snapshot else snapshot
    _finished[snapshot.id] = newest
    for oldest in list(_finished)[:-_SHARED]:
        _finished.pop(oldest, None)
    return newest


def stored(lab: Lab, public_id: str) -> Snapshot | None:
    """The comparison that a link names; None when there is none, or none that can be shown."""
    try:
        return read_snapshot(lab, public_id) if public_id else None
    except StoreError:
        raise
    except InvalidSetting as error:  # another version wrote it
        st.warning(str(error), icon=":material/history_off:")
        return None
