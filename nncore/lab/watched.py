"""Trainings that somebody only watches: no results, listed nowhere, gone after an hour.

A comparison is watched when its question is (`Question.is_watched`). What it says of itself begins
with its question, so that the store can tell without a column of its own.
"""

import json
import time

from sqlalchemy import ColumnElement, Connection, delete, exists, or_, select

from nncore.lab.store.schema import COMPARISON, METADATA, RECORD, TRAINING, WANTED
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.results.snapshots import Status

WATCHED = tuple(name for name, question in EVERY_QUESTION.items() if question.is_watched)
KEPT = 3600.0  # seconds by the time of day: what a jump takes is trained again in no time
_AT_ONCE = 200  # comparisons that are forgotten in one transaction
_NAMING = [  # columns of other tables that name a comparison: what they say goes with it
    column
    for table in METADATA.tables.values()
    for column in table.columns
    if column.references(COMPARISON.c.id)
]
_UNFINISHED = (Status.QUEUED.value, Status.RUNNING.value)


def is_watched() -> ColumnElement[bool]:
    """The condition that a comparison is one that is only watched."""
    starts = (json.dumps({"question": name})[:-1] + "," for name in WATCHED)
    return or_(*(COMPARISON.c.body.startswith(start, autoescape=True) for start in starts))


def forget_watched(connection: Connection) -> int:
    """Delete what was watched more than KEPT seconds ago, with all that nothing else wants of it.

    What still waits or trains stays. How many comparisons were deleted.
    """
    unfinished = exists().where(
        WANTED.c.comparison_id == COMPARISON.c.id,
        WANTED.c.dropped.is_(None),
        WANTED.c.training_id == TRAINING.c.id,
        TRAINING.c.status.in_(_UNFINISHED),
    )
    old = (is_watched(), COMPARISON.c.created_at < time.time() - KEPT, ~unfinished)
    gone = connection.execute(select(COMPARISON.c.id).where(*old).limit(_AT_ONCE)).scalars().all()
    if not gone:
        return 0
    of_gone = WANTED.c.comparison_id.in_(gone)
    wanted = connection.execute(select(WANTED.c.training_id).where(of_gone).distinct())
    trainings = wanted.scalars().all()
    for column in _NAMING:
        connection.execute(delete(column.table).where(column.in_(gone)))
    connection.execute(delete(COMPARISON).where(COMPARISON.c.id.in_(gone)))
    still = exists().where(WANTED.c.training_id == TRAINING.c.id)
    mine = (TRAINING.c.id.in_(trainings), ~still, TRAINING.c.status.not_in(_UNFINISHED))
    left = connection.execute(select(TRAINING.c.id).where(*mine)).scalars().all()
    connection.execute(delete(RECORD).where(RECORD.c.training_id.in_(left)))
    connection.execute(delete(TRAINING).where(TRAINING.c.id.in_(left)))
    return len(gone)
