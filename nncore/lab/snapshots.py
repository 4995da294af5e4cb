"""From the store's rows to what pages and the command line read."""

import json
from collections import defaultdict
from collections.abc import Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Connection, and_, select

from nncore.lab import beside
from nncore.lab.estimate import seconds_left
from nncore.lab.intent import read_comparison
from nncore.lab.owners import may_see
from nncore.lab.shown import is_shown, looks
from nncore.lab.store.lease import COORDINATOR, START, look
from nncore.lab.store.outcomes import FINISHED, Outcome
from nncore.lab.store.schema import COMPARISON, RECORD, TRAINING, WANTED
from nncore.lab.store.store import LEAST_FREE, Store
from nncore.lab.trials import count_statuses, trial_of, wanted_rows
from nncore.lab.watched import is_watched
from nncore.results.records import Record
from nncore.results.snapshots import ComparisonSummary, Snapshot, Status
from nncore.system.errors import InvalidSetting
from nncore.system.owners import looking

_STARTING = 15.0  # seconds that a coordinator may take to appear


def read_snapshot(store: Store, connection: Connection, public_id: str) -> Snapshot | None:
    """All that is known of a comparison; None when there is none of that id for who looks.

    Raises InvalidSetting when another version wrote it and this one can't read it.
    """
    about = connection.execute(select(COMPARISON).where(COMPARISON.c.id == public_id)).first()
    if about is None or not may_see(looking(), about.owner, about.body):
        return None
    rows = wanted_rows(connection, public_id)
    outcomes = FINISHED.of(connection, [row for row in rows if row.finished_at is not None])
    live = _live_records(connection, public_id)
    trials = tuple(
        trial_of(row, outcomes.get(row.id) or Outcome(tuple(live.get(row.id, ())), None))
        for row in rows
    )
    active = any(not trial.status.is_finished for trial in trials)
    lease, comparison = look(connection, COORDINATOR), read_comparison(about.body)
    left = seconds_left(connection, comparison, about.ran, rows, trials) if active else 0.0
    return Snapshot(
        id=public_id,
        comparison=comparison,
        trials=trials,
        created_at=about.created_at,
        note=_note(store, connection) if active else "",
        coordinator_alive=lease.is_alive,
        started_at=about.started_at,
        seconds_left=left,
        owner=about.owner,
        name=about.name,
        deleted_at=about.deleted_at,
        simple=beside.read(connection, public_id),
        test_looks=looks(connection, comparison),
        tests_shown=is_shown(connection, public_id),
    )


def read_recent(connection: Connection, limit: int) -> list[ComparisonSummary]:
    """The newest comparisons, newest first, with their trainings counted by status.

    Those that this version can't read, that were deleted, that who looks may not see, or that were
    only watched are left out.
    """
    who = looking()
    in_order = connection.execute(
        select(COMPARISON)
        .where(COMPARISON.c.deleted_at.is_(None), ~is_watched())
        .order_by(COMPARISON.c.number.desc(), COMPARISON.c.created_at.desc())
    )
    seen = (row for row in in_order if may_see(who, row.owner, row.body))
    newest = list(islice(seen, limit))
    in_order.close()
    counts = count_statuses(connection, [row.id for row in newest])
    summaries = (_summary(row, counts[row.id]) for row in newest)
    return [summary for summary in summaries if summary is not None]


def _summary(row: Any, counts: Mapping[Status, int]) -> ComparisonSummary | None:
    """None when this version can't read the comparison."""
    try:
        comparison = read_comparison(row.body)
    except InvalidSetting:
        return None
    return ComparisonSummary(
        id=row.id,
        question=comparison.question,
        base=comparison.base,
        arms=tuple(arm.label for arm in comparison.arms),
        seeds=comparison.seeds,
        counts=dict(counts),
        created_at=row.created_at,
        owner=row.owner,
    )


def _live_records(connection: Connection, public_id: str) -> dict[int, list[Record]]:
    """Records of trainings that are under way, by training."""
    rows = connection.execute(
        select(RECORD.c.training_id, RECORD.c.body)
        .join(
            TRAINING,
            and_(TRAINING.c.id == RECORD.c.training_id, TRAINING.c.attempt == RECORD.c.attempt),
        )
        .where(
            RECORD.c.training_id.in_(
                select(WANTED.c.training_id).where(WANTED.c.comparison_id == public_id)
            )
        )
        .order_by(RECORD.c.seq)
    )
    bodies: dict[int, list[str]] = defaultdict(list)
    for training, body in rows:
        bodies[training].append(body)
    return {
        training: [Record.from_json(flat) for flat in json.loads(f"[{','.join(texts)}]")]
        for training, texts in bodies.items()
    }


def _note(store: Store, connection: Connection) -> str:
    """What the reader of a comparison under way must know."""
    free = store.free_bytes()
    if free is not None and free < LEAST_FREE:
        return (
            f"The disk of the store is nearly full ({free / 2**20:.0f} MB free). Nothing is lost: "
            "trainings go on when there is space."
        )
    lease = look(connection, COORDINATOR)
    if lease.is_alive:
        return ""
    if lease.beat_at and lease.holder_runs:
        return "The engine can't write its results at the moment and keeps trying. Nothing is lost."
    if look(connection, START).age < _STARTING:
        return "The engine is starting."
    return f"The engine is restarting. If that goes on, {store.beside('.log').name} says why."
