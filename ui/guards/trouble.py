"""What goes wrong in a click: a sentence on the page, and the rest in the log."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from nncore.system.errors import UserError

_LOG = logging.getLogger(__name__)


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Turn what goes wrong inside into a sentence on the page, kept in `trouble`."""
    try:
        yield
    except UserError as error:
        st.session_state["trouble"] = str(error)
    except Exception as error:  # the page must go on; the log has the details
        st.session_state["trouble"] = apology(what, error)


def apology(what: str, error: Exception) -> str:
    """Log an error of ours under an id; a sentence with the cause and that id."""
    number = secrets.token_hex(3)
    _LOG.error("%s (%s)", what, number, exc_info=error)
    cause = next(iter(str(error).strip().splitlines()), "")[:200]
    words = f"{type(error).__name__}: {cause}" if cause else type(error).__name__
    return f"{what} {words}. The server's log has more under {number}."
