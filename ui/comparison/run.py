"""What the buttons do: submit, stop, add seeds. Callbacks only write intent to the store."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import streamlit as st

from nncore.lab.estimate import Estimate
from nncore.lab.lab import Lab
from nncore.questions.comparisons import TIME_LIMIT, Comparison
from nncore.results.snapshots import Snapshot
from nncore.system.errors import UserError
from ui.controls.fields import COUNT, Blank
from ui.controls.session import form_now, form_of, keep, renew
from ui.guards.visitor import known_visitor, once_known

_LOG = logging.getLogger(__name__)
MANY_TRAININGS, LONG = 60, 300.0  # trainings and seconds beyond which Run asks first


def needs_a_yes(estimate: Estimate) -> bool:
    """Whether a comparison is so large that one click shouldn't start it."""
    return estimate.to_train > MANY_TRAININGS or estimate.high > LONG


def time_limit(seconds: float) -> float:
    """When to stop what should take `seconds`: after half an hour, or three times that."""
    return min(max(Comparison.time_limit, 3 * seconds), TIME_LIMIT.high)


@once_known
def run(blank: Blank, *, use_cache: bool = True) -> None:
    """Submit what the controls hold now and show it."""
    form = form_now(blank)
    if form.comparison is None:
        return  # the page says why, beside the control
    with guarded("The comparison could not be started."):
        keep(form.showing(submit(form.comparison, use_cache=use_cache)))


def submit(comparison: Comparison, *, use_cache: bool = True, replaces: str = "") -> str:
    """Hand a comparison to the lab, with time enough for it; its id.

    `replaces`: one of which nothing more is wanted.
    """
    lab, owner = Lab(), known_visitor().key
    limit = time_limit(lab.estimate(comparison).high)
    return lab.submit(
        replace(comparison, time_limit=limit), use_cache=use_cache, owner=owner, replaces=replaces
    )


def stop(snapshot_id: str) -> None:
    """Stop all of a comparison that nobody else wants."""
    with guarded("The comparison could not be stopped."):
        Lab().cancel(snapshot_id, known_visitor())
        st.session_state["stopping"] = snapshot_id


@once_known
def add_seeds(blank: Blank, snapshot: Snapshot, count: int) -> None:
    """Train the next seeds, too; the link stays, unless the comparison is another's."""
    with guarded("The seeds could not be added."):
        by = known_visitor()
        if by.may_change(snapshot.owner):
            Lab().add_seeds(snapshot.id, count, by)
            shown = form_of(blank)
        else:  # one of one's own: what is trained already comes from the cache
            shown = form_of(blank).showing(submit(snapshot.comparison.enlarged(count)))
        total = len(snapshot.comparison.seeds) + count
        keep(replace(shown, seeds=total))
        renew(blank.name, COUNT)


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
