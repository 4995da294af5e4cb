"""What somebody only watches is stopped when nobody does any more.

Its page was left, or its tab was closed. Streamlit tells of the latter only who asks, so a thread
of this process does, for as long as there is something to stop. Whoever comes back trains it anew.
"""

import logging
import threading
import time

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nncore.lab.lab import Lab
from nncore.system.errors import UserError
from nncore.system.owners import Visitor

LOOK, GONE = 1.0, 8.0  # seconds between looks, and until a closed connection is no pause any more
_WATCHES = "leaving.watches"  # in the session: page, comparison, by whom
_LOG = logging.getLogger(__name__)


class Leaving:
    """The sessions of this process that watch something."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watched: dict[str, tuple[Lab, str, Visitor]] = {}  # by session
        self._thread: threading.Thread | None = None

    def expect(self, session: str, lab: Lab, public_id: str, by: Visitor) -> None:
        """Stop this comparison once the session has gone, rather than the one before it."""
        with self._lock:
            self._watched[session] = lab, public_id, by
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, daemon=True)
                self._thread.start()

    def forget(self, session: str) -> None:
        """Nothing is to be stopped for this session."""
        with self._lock:
            self._watched.pop(session, None)

    def _look(self) -> None:
        gone_since: dict[str, float] = {}
        while True:
            time.sleep(LOOK)
            with self._lock:
                if not self._watched:
                    self._thread = None
                    return
                watched = dict(self._watched)
            now = time.monotonic()
            for session, (lab, public_id, by) in watched.items():
                if runtime.exists() and runtime.get_instance().is_active_session(session):
                    gone_since.pop(session, None)
                elif now - gone_since.setdefault(session, now) >= GONE:
                    _stop(lab, public_id, by)
                    self.forget(session)


_LEAVING = Leaving()


def stop_when_left(page: str, lab: Lab, public_id: str, by: Visitor) -> None:
    """From now on this is what the session watches on a page."""
    st.session_state[_WATCHES] = page, public_id, by
    context = get_script_run_ctx()
    if context is not None and runtime.exists():
        _LEAVING.expect(context.session_id, lab, public_id, by)


def stop_what_was_left(here: str) -> None:
    """Stop what the session watched on another page than the one that is drawn now."""
    page, public_id, by = st.session_state.get(_WATCHES, (here, "", None))
    if page == here:
        return
    del st.session_state[_WATCHES]
    context = get_script_run_ctx()
    if context is not None:
        _LEAVING.forget(context.session_id)
    _stop(Lab(), public_id, by)


def _stop(lab: Lab, public_id: str, by: Visitor) -> None:
    """What has ended stays as it is."""
    try:
        lab.cancel(public_id, by)
    except UserError as error:  # gone already, or the store can't be written: it ends by itself
        _LOG.info("%s could not be stopped: %s", public_id, error)
