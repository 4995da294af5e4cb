"""What the coordinator reads from and writes into the store about simple models."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select, update

from nncore.lab.beside import DAMAGED, MOST_ATTEMPTS
from nncore.lab.coordinator.queue import MOST_LOSSES
from nncore.lab.store.schema import BASELINE, BESIDE, COMPARISON, TRAINING, WANTED
from nncore.results.simple import SimpleScore
from nncore.results.snapshots import Status

_SET_ASIDE = f"The lab ended without warning {MOST_LOSSES} times in a row while they were fitted."


@dataclass(frozen=True)
class FitClaim:
    """One attempt at the simple models of a data set."""

    baseline: int
    attempt: int
    version: str
    config: dict[str, Any]  # flat
    data_folders: tuple[str, ...]
    known: tuple[SimpleScore, ...]  # of those that have ended before


def next_waiting(connection: Connection) -> int | None:
    """The one that waits longest, of those beside a comparison of which something is trained.

    Before that nobody knows whether the data is there, and nothing would be beside it.
    """
    query = select(BASELINE.c.id).where(BASELINE.c.status == Status.QUEUED.value, _is_beside(True))
    return connection.execute(query.order_by(BASELINE.c.queued_at).limit(1)).scalar()


def is_wanted(connection: Connection, baseline: int) -> bool:
    """Whether it stands beside a comparison that wasn't deleted."""
    query = select(BASELINE.c.id).where(BASELINE.c.id == baseline, _is_beside(False))
    return connection.execute(query).first() is not None


def claim(connection: Connection, baseline: int) -> FitClaim | None:
    """Mark a waiting one as running; None if it no longer waits, or its row is damaged."""
    waits = (BASELINE.c.id == baseline, BASELINE.c.status == Status.QUEUED.value)
    row = connection.execute(select(BASELINE).where(*waits)).first()
    if row is None:
        return None
    try:
        claimed = FitClaim(
            row.id,
            row.attempt + 1,
            row.version,
            dict(json.loads(row.config)),
            tuple(json.loads(row.data_folders)),
            tuple(SimpleScore.from_json(flat) for flat in json.loads(row.models)),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        end(connection, baseline, (), DAMAGED)
        return None
    _set(connection, baseline, status=Status.RUNNING.value, attempt=claimed.attempt)
    return claimed


def keep(connection: Connection, baseline: int, scores: Sequence[SimpleScore]) -> None:
    """Store what has ended so far."""
    _set(connection, baseline, models=_text(scores))


def end(
    connection: Connection, baseline: int, scores: Sequence[SimpleScore], error: str = ""
) -> None:
    """No more will come; `error` says why where some are missing."""
    status = Status.FAILED if error else Status.DONE
    values = {"status": status.value, "finished_at": time.time(), "error": error or None}
    _set(connection, baseline, models=_text(scores), **values)


def again(connection: Connection, claimed: FitClaim, scores: Sequence[SimpleScore]) -> None:
    """Queue one again that was put off, as if it had not been tried; what it has stays."""
    values = {"status": Status.QUEUED.value, "attempt": claimed.attempt - 1}
    _set(connection, claimed.baseline, models=_text(scores), **values)


def broken(
    connection: Connection, claimed: FitClaim, scores: Sequence[SimpleScore], why: str
) -> None:
    """An attempt that didn't come to its end: once more, or failed."""
    if claimed.attempt >= MOST_ATTEMPTS:
        end(connection, claimed.baseline, scores, why)
    else:
        values = {"status": Status.QUEUED.value, "models": _text(scores)}
        _set(connection, claimed.baseline, **values)


def recover(connection: Connection) -> None:
    """Queue again what ran when a coordinator was lost; one that was there too often, fails."""
    running = select(BASELINE.c.id, BASELINE.c.attempt, BASELINE.c.lost)
    for row in connection.execute(running.where(BASELINE.c.status == Status.RUNNING.value)).all():
        if row.lost + 1 >= MOST_LOSSES:
            _set(connection, row.id, status=Status.FAILED.value, error=_SET_ASIDE)
        else:
            values = {"status": Status.QUEUED.value, "attempt": row.attempt - 1}
            _set(connection, row.id, **values, lost=row.lost + 1)


def _is_beside(trained: bool) -> ColumnElement[bool]:
    """The condition that it stands beside a comparison, where `trained` one with a result."""
    link = select(BESIDE.c.baseline_id).join(COMPARISON, COMPARISON.c.id == BESIDE.c.comparison_id)
    if trained:
        link = link.join(WANTED, WANTED.c.comparison_id == COMPARISON.c.id)
        link = link.join(TRAINING, TRAINING.c.id == WANTED.c.training_id)
        link = link.where(TRAINING.c.status == Status.DONE.value)
    mine = link.where(BESIDE.c.baseline_id == BASELINE.c.id, COMPARISON.c.deleted_at.is_(None))
    return exists(mine.correlate(BASELINE))


def _set(connection: Connection, baseline: int, **values: Any) -> None:
    connection.execute(update(BASELINE).where(BASELINE.c.id == baseline).values(**values))


def _text(scores: Sequence[SimpleScore]) -> str:
    return json.dumps([score.to_json() for score in scores])
