"""What the coordinator reads from and writes into the store; every write checks the lease."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from nncore.lab.intent import drop, outdate, wanted_by_any
from nncore.lab.store.schema import COMPARISON, RECORD, TRAINING, WANTED
from nncore.results.records import Record, timed
from nncore.results.results import Result
from nncore.results.snapshots import Status

MOST_ATTEMPTS = 2
MOST_LOSSES = 5  # in a row, of the coordinator or the machine that a training ran on
_SET_ASIDE = (
    f"The lab ended without warning {MOST_LOSSES} times in a row while this trained, so it is set "
    "aside. If you ended it yourself, run it again. If not, memory may run short: choose a smaller "
    "network or smaller batches, or let fewer train at a time (NNLAB_SLOTS)."
)


@dataclass(frozen=True)
class Candidate:
    """A training that waits, as one comparison wants it."""

    training: int
    engine: str
    code: str
    program: str
    round: int
    comparison: str
    group: str  # whose turn it is: the owner, or without owners the comparison


def candidates(connection: Connection) -> list[Candidate]:
    """All that waits: oldest comparison first, seed-major within."""
    rows = connection.execute(
        select(
            TRAINING.c.id,
            TRAINING.c.engine,
            TRAINING.c.code,
            TRAINING.c.program,
            WANTED.c.round,
            COMPARISON.c.owner,
            COMPARISON.c.id.label("comparison"),
        )
        .join(WANTED, WANTED.c.training_id == TRAINING.c.id)
        .join(COMPARISON, COMPARISON.c.id == WANTED.c.comparison_id)
        .where(TRAINING.c.status == Status.QUEUED.value, WANTED.c.dropped.is_(None))
        .order_by(COMPARISON.c.number, COMPARISON.c.created_at, WANTED.c.ordinal)
    )
    return [
        Candidate(r.id, r.engine, r.code, r.program, r.round, r.comparison, r.owner or r.comparison)
        for r in rows
    ]


@dataclass(frozen=True)
class Claim:
    """One attempt at a training."""

    attempt: int
    config: dict[str, Any]  # flat
    data_folders: tuple[str, ...]
    key: str
    observe: tuple[str, ...]


def claim(connection: Connection, training: int) -> Claim | None:
    """Mark a waiting training as running; None if it no longer waits, or its row is damaged."""
    row = connection.execute(
        select(TRAINING).where(TRAINING.c.id == training, TRAINING.c.status == Status.QUEUED.value)
    ).first()
    if row is None:
        return None
    try:
        claimed = Claim(
            row.attempt + 1,
            dict(json.loads(row.config)),
            tuple(json.loads(row.data_folders)),
            row.key,
            tuple(json.loads(row.observe)),
        )
    except (ValueError, TypeError, RecursionError):  # else every coordinator would end by it
        finish(connection, training, Status.FAILED, error="What is stored of it is damaged.")
        return None
    now = time.time()
    connection.execute(delete(RECORD).where(RECORD.c.training_id == training))
    connection.execute(
        update(TRAINING)
        .where(TRAINING.c.id == training)
        .values(status=Status.RUNNING.value, attempt=claimed.attempt, epochs_done=0, started_at=now)
    )
    wanting = select(WANTED.c.comparison_id).where(
        WANTED.c.training_id == training, WANTED.c.dropped.is_(None)
    )
    connection.execute(
        update(COMPARISON)
        .where(COMPARISON.c.id.in_(wanting), COMPARISON.c.started_at.is_(None))
        .values(started_at=now)
    )
    return claimed


def add_records(connection: Connection, arrived: Iterable[tuple[int, int, Record]]) -> None:
    """Store (training, attempt, record) triples."""
    rows = [
        {"training_id": t, "attempt": a, "epoch": r.epoch, "body": json.dumps(r.to_json())}
        for t, a, r in arrived
    ]
    if not rows:
        return
    connection.execute(insert(RECORD), rows)
    for training, epoch in {row["training_id"]: row["epoch"] for row in rows}.items():
        done = update(TRAINING).where(TRAINING.c.id == training)
        connection.execute(done.values(epochs_done=epoch))


def finish(
    connection: Connection,
    training: int,
    status: Status,
    *,
    records: Sequence[Record] | None = None,
    result: Result | None = None,
    error: str | None = None,
) -> None:
    """The end of a training. Its records move from rows of their own into the training's."""
    epoch, start = timed(records or ())
    outdate(connection, [training])
    connection.execute(delete(RECORD).where(RECORD.c.training_id == training))
    connection.execute(
        update(TRAINING)
        .where(TRAINING.c.id == training)
        .values(
            status=status.value,
            finished_at=time.time(),
            records=json.dumps([r.to_json() for r in records]) if records is not None else None,
            # the last records came with the end and never had rows of their own
            epochs_done=records[-1].epoch if records else TRAINING.c.epochs_done,
            result=json.dumps(result.to_json()) if result is not None else None,
            seconds=result.seconds if result is not None else None,
            epoch_seconds=epoch,
            start_seconds=start,
            error=error,
        )
    )


def crashed(connection: Connection, training: int, why: str, *, spent: bool = True) -> None:
    """A running training whose process has died: once more, or failed after two attempts.

    Not `spent`: the attempt doesn't count.
    """
    row = _running(connection, training)
    if row is None:
        return
    if not row.wanted:
        finish(connection, training, Status.CANCELLED)
    elif spent and row.attempt >= MOST_ATTEMPTS:
        finish(
            connection, training, Status.FAILED, error=f"{why} It was tried {row.attempt} times."
        )
    else:
        again(connection, training, spent=spent)


def lost(connection: Connection, training: int) -> None:
    """A running training whose coordinator is gone: again, as if it had not been tried.

    Only what ran at every one of several losses is set aside: it may be their cause.
    """
    row = _running(connection, training)
    if row is None:
        return
    if not row.wanted:
        finish(connection, training, Status.CANCELLED)
    elif row.lost + 1 >= MOST_LOSSES:
        finish(connection, training, Status.FAILED, error=_SET_ASIDE)
    else:
        again(connection, training, spent=False, lost=row.lost + 1)


def again(connection: Connection, training: int, *, spent: bool, **counts: int) -> None:
    """Queue a running training again; `spent`: the attempt counts."""
    connection.execute(delete(RECORD).where(RECORD.c.training_id == training))
    connection.execute(
        update(TRAINING)
        .where(TRAINING.c.id == training)
        .values(
            status=Status.QUEUED.value,
            epochs_done=0,
            started_at=None,
            attempt=TRAINING.c.attempt if spent else TRAINING.c.attempt - 1,
            **counts,
        )
    )


def _running(connection: Connection, training: int) -> Any:
    """The row of a training that is marked as running, and whether it is `wanted`."""
    columns = (TRAINING.c.attempt, TRAINING.c.lost, wanted_by_any().label("wanted"))
    is_it = (TRAINING.c.id == training, TRAINING.c.status == Status.RUNNING.value)
    return connection.execute(select(*columns).where(*is_it)).first()


def is_wanted(connection: Connection, training: int) -> bool:
    """Whether some comparison wants this training."""
    query = select(wanted_by_any()).select_from(TRAINING).where(TRAINING.c.id == training)
    return bool(connection.execute(query).scalar_one())


def running(connection: Connection) -> list[int]:
    """Trainings that are marked as running."""
    query = select(TRAINING.c.id).where(TRAINING.c.status == Status.RUNNING.value)
    return list(connection.execute(query).scalars())


def unwanted(connection: Connection) -> list[int]:
    """Running trainings that nobody wants any more."""
    query = select(TRAINING.c.id).where(TRAINING.c.status == Status.RUNNING.value, ~wanted_by_any())
    return list(connection.execute(query).scalars())


def add_seconds(connection: Connection, seconds: float) -> None:
    """Count seconds that have passed for every comparison of which something ran in them."""
    trained = (
        select(WANTED.c.comparison_id)
        .join(TRAINING, TRAINING.c.id == WANTED.c.training_id)
        .where(WANTED.c.dropped.is_(None), TRAINING.c.status == Status.RUNNING.value)
    )
    connection.execute(
        update(COMPARISON)
        .where(COMPARISON.c.id.in_(trained))
        .values(ran=COMPARISON.c.ran + seconds)
    )


def overdue(connection: Connection) -> list[tuple[str, float]]:
    """(id, time limit) of comparisons whose time is up and that still want something."""
    unfinished = (
        select(WANTED.c.comparison_id)
        .join(TRAINING, TRAINING.c.id == WANTED.c.training_id)
        .where(
            WANTED.c.dropped.is_(None),
            TRAINING.c.status.in_((Status.QUEUED.value, Status.RUNNING.value)),
        )
    )
    query = select(COMPARISON.c.id, COMPARISON.c.time_limit).where(
        COMPARISON.c.id.in_(unfinished),
        COMPARISON.c.ran - COMPARISON.c.ran_before > COMPARISON.c.time_limit,
    )
    return [(row.id, row.time_limit) for row in connection.execute(query)]


def end_overdue(connection: Connection, public_id: str, limit: float) -> None:
    """Drop what is left of a comparison whose time is up."""
    drop(connection, public_id, f"The comparison's time limit of {limit:g} seconds was reached.")
