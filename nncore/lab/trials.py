"""What a comparison wants, as rows of the store, as trials, and counted."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from nncore.lab.store.outcomes import Outcome
from nncore.lab.store.schema import TRAINING, WANTED
from nncore.results.snapshots import Status, Trial

_SMALL = [column for column in TRAINING.c if column.name not in ("config", "records", "result")]
_DAMAGED = "What is stored of it can't be read: it is damaged, or of another version of NN Lab."


def wanted_rows(connection: Connection, public_id: str) -> Sequence[Any]:
    """What a comparison wants, in the order of training, without records and results."""
    wanted = (WANTED.c.arm, WANTED.c.seed, WANTED.c.round, WANTED.c.cached, WANTED.c.dropped)
    query = select(*_SMALL, *wanted).join(WANTED, WANTED.c.training_id == TRAINING.c.id)
    of_it = query.where(WANTED.c.comparison_id == public_id)
    return connection.execute(of_it.order_by(WANTED.c.ordinal)).all()


def trial_of(row: Any, outcome: Outcome) -> Trial:
    """The training of one of `wanted_rows`, with what it has brought."""
    status = Status.FAILED if outcome.is_damaged else _status(row.status, row.dropped)
    records = outcome.records
    error = row.error if status == row.status else row.dropped
    if status is Status.FAILED and error is None:
        error = _DAMAGED
    return Trial(
        arm=row.arm,
        seed=row.seed,
        key=row.key,
        status=status,
        from_cache=bool(row.cached),
        epochs_done=records[-1].epoch if records else 0,
        records=records,
        result=outcome.result if status.has_result else None,
        error=error,
        attempt=row.attempt,
    )


def _status(status: str, dropped: str | None) -> Status:
    """A training another comparison still wants is cancelled for one that doesn't.

    One that stands as this version doesn't know counts as failed.
    """
    own = Status(status) if status in set(Status) else Status.FAILED
    return Status.CANCELLED if dropped is not None and not own.is_finished else own


def count_statuses(connection: Connection, ids: Sequence[str]) -> dict[str, Counter[Status]]:
    """Comparison -> its trainings counted by status."""
    counted = connection.execute(
        select(WANTED.c.comparison_id, TRAINING.c.status, WANTED.c.dropped, func.count())
        .join(TRAINING, TRAINING.c.id == WANTED.c.training_id)
        .where(WANTED.c.comparison_id.in_(ids))
        .group_by(WANTED.c.comparison_id, TRAINING.c.status, WANTED.c.dropped)
    )
    counts: dict[str, Counter[Status]] = defaultdict(Counter)
    for public_id, status, dropped, number in counted:
        counts[public_id][_status(status, dropped)] += number
    return counts
