"""What pages and the command line write into the store: what they want, and want no more."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, insert, select, update

from nncore.analysis.cost import Cost, cost
from nncore.config.config import Config
from nncore.lab.keys import code_hash, program_key, training_key
from nncore.lab.owners import may_see, unknown
from nncore.lab.store.schema import COMPARISON, RECORD, SUMMARY, TRAINING, WANTED
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status
from nncore.system.errors import InvalidSetting
from nncore.system.owners import Visitor
from nncore.system.paths import data_folders

STOPPED = "Stopped."
_UNFINISHED = (Status.QUEUED.value, Status.RUNNING.value)
_RESULTS = (Status.DONE.value, Status.DIVERGED.value)


@dataclass(frozen=True)
class PlannedTraining:
    """One training of a comparison, with all that the store needs to know of it."""

    arm: str
    config: Config
    key: str
    code: str
    program: str
    spent: Cost
    ordinal: int  # place in the comparison
    round: int  # how many seeds come before
    observe: tuple[str, ...] = ()


def planned_trainings(comparison: Comparison, salt: str = "") -> list[PlannedTraining]:
    """The trainings of a comparison in the order they are to be trained."""
    rounds = {seed: i for i, seed in enumerate(comparison.seeds)}
    codes: dict[str, str] = {}
    planned = []
    for ordinal, (arm, config) in enumerate(comparison.trainings()):
        if config.engine not in codes:
            codes[config.engine] = code_hash(config.engine)
        code = codes[config.engine]
        program, key = program_key(config), training_key(config, code, salt, comparison.observe)
        planned.append(
            PlannedTraining(
                arm=arm.label,
                config=config,
                key=key,
                code=code,
                program=program,
                spent=cost(config),
                ordinal=ordinal,
                round=rounds[config.seed],
                observe=comparison.observe,
            )
        )
    return planned


def add_comparison(
    connection: Connection, public_id: str, comparison: Comparison, owner: str, salt: str
) -> None:
    """A new comparison, with nothing wanted yet."""
    connection.execute(
        insert(COMPARISON),
        {
            "id": public_id,
            "owner": owner,
            "body": json.dumps(comparison.to_json()),
            "salt": salt,
            "time_limit": comparison.time_limit,
            "created_at": time.time(),
            "number": (connection.execute(select(func.max(COMPARISON.c.number))).scalar() or 0) + 1,
        },
    )


def stored(connection: Connection, public_id: str, by: Visitor) -> tuple[Comparison, str, str]:
    """A comparison, its salt, and its owner.

    Raises InvalidSetting when there is none of that id that `by` may see, it was deleted, or it
    can't be read.
    """
    row = _row_of(connection, public_id, by)
    if row.deleted_at is not None:
        raise InvalidSetting("This comparison was deleted. Restore it, then try again.")
    return read_comparison(row.body), row.salt, row.owner


def owner_of(connection: Connection, public_id: str, by: Visitor) -> str:
    """Whose a comparison is.

    Raises InvalidSetting when there is none of that id that `by` may see.
    """
    return str(_row_of(connection, public_id, by).owner)


def is_there(connection: Connection, public_id: str, by: Visitor) -> bool:
    """Whether there is a comparison of that id that `by` may see."""
    return _found(connection, public_id, by) is not None


def _row_of(connection: Connection, public_id: str, by: Visitor) -> Any:
    row = _found(connection, public_id, by)
    if row is None:
        raise unknown(public_id)
    return row


def _found(connection: Connection, public_id: str, by: Visitor) -> Any:
    columns = (COMPARISON.c.body, COMPARISON.c.salt, COMPARISON.c.owner, COMPARISON.c.deleted_at)
    row = connection.execute(select(*columns).where(COMPARISON.c.id == public_id)).first()
    return row if row is not None and may_see(by, row.owner, row.body) else None


def read_comparison(body: str) -> Comparison:
    """The comparison in a row of the store. Raises InvalidSetting when it can't be read."""
    try:
        return Comparison.from_json(json.loads(body))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InvalidSetting(f"This stored comparison is damaged ({error}).") from error


def enlarge(connection: Connection, public_id: str, comparison: Comparison) -> None:
    """Give a comparison more seeds; its time limit counts anew."""
    connection.execute(
        update(COMPARISON)
        .where(COMPARISON.c.id == public_id)
        .values(body=json.dumps(comparison.to_json()), ran_before=COMPARISON.c.ran)
    )


def want(connection: Connection, public_id: str, planned: Sequence[PlannedTraining]) -> None:
    """Link trainings to a comparison and queue those without a result."""
    rows = _stored_trainings(connection, [training.key for training in planned])
    new = {training.key: training for training in planned if training.key not in rows}
    if new:
        connection.execute(insert(TRAINING), [_row(training) for training in new.values()])
        rows |= _stored_trainings(connection, list(new))
    again = [
        row.id
        for row in rows.values()
        if row.status not in _UNFINISHED and row.status not in _RESULTS
    ]
    if again:
        _queue_again(connection, again)
    connection.execute(
        insert(WANTED),
        [
            {
                "comparison_id": public_id,
                "ordinal": training.ordinal,
                "training_id": rows[training.key].id,
                "arm": training.arm,
                "seed": training.config.seed,
                "round": training.round,
                "cached": int(rows[training.key].status in _RESULTS),
            }
            for training in planned
        ],
    )


def drop(connection: Connection, public_id: str, why: str) -> None:
    """Want nothing unfinished of this comparison any more.

    What no other comparison wants is cancelled if it waits; the coordinator stops it if it
    runs.
    """
    unfinished = select(TRAINING.c.id).where(TRAINING.c.status.in_(_UNFINISHED))
    connection.execute(
        update(WANTED)
        .where(_of(public_id), WANTED.c.dropped.is_(None), WANTED.c.training_id.in_(unfinished))
        .values(dropped=why)
    )
    connection.execute(
        update(TRAINING)
        .where(TRAINING.c.status == Status.QUEUED.value, ~wanted_by_any())
        .values(status=Status.CANCELLED.value, finished_at=time.time(), error=why)
    )


def wanted_by_any() -> ColumnElement[bool]:
    """The condition that some comparison still wants a training."""
    return exists().where(and_(WANTED.c.training_id == TRAINING.c.id, WANTED.c.dropped.is_(None)))


def outdate(connection: Connection, trainings: Sequence[int]) -> None:
    """What is said of comparisons that want these trainings, or did, may no longer hold."""
    wanting = select(WANTED.c.comparison_id).where(WANTED.c.training_id.in_(trainings))
    them = SUMMARY.c.comparison_id.in_(wanting)
    connection.execute(update(SUMMARY).where(them).values(version=""))


def _stored_trainings(connection: Connection, keys: list[str]) -> dict[str, Any]:
    """Key -> row with id, key and status, of those that the store has."""
    columns = select(TRAINING.c.id, TRAINING.c.key, TRAINING.c.status)
    rows = connection.execute(columns.where(TRAINING.c.key.in_(keys)))
    return {row.key: row for row in rows}


def _row(training: PlannedTraining) -> dict[str, Any]:
    config = training.config
    return {
        "key": training.key,
        "config": json.dumps(config.flat()),
        "observe": json.dumps(training.observe),
        "data_folders": _data_folders(),
        "engine": config.engine,
        "code": training.code,
        "program": training.program,
        "flops": float(training.spent.flops_total),
        "steps": float(training.spent.steps),
        "updates": float(training.spent.steps * training.spent.trainable),
        "epochs": config.epochs,
        "status": Status.QUEUED.value,
        "queued_at": time.time(),
    }


def _queue_again(connection: Connection, ids: list[int]) -> None:
    """Queue trainings anew; comparisons in which they failed don't start again by that."""
    failed = select(TRAINING.c.error).where(TRAINING.c.id == WANTED.c.training_id)
    connection.execute(
        update(WANTED)
        .where(WANTED.c.training_id.in_(ids), WANTED.c.dropped.is_(None))
        .values(dropped=func.coalesce(failed.scalar_subquery(), STOPPED))
    )
    outdate(connection, ids)
    connection.execute(delete(RECORD).where(RECORD.c.training_id.in_(ids)))
    connection.execute(
        update(TRAINING)
        .where(TRAINING.c.id.in_(ids))
        .values(
            status=Status.QUEUED.value,
            data_folders=_data_folders(),
            attempt=0,
            lost=0,
            epochs_done=0,
            queued_at=time.time(),
            started_at=None,
            finished_at=None,
            records=None,
            error=None,
        )
    )


def _data_folders() -> str:
    return json.dumps([str(folder) for folder in data_folders()])


def _of(public_id: str) -> ColumnElement[bool]:
    return WANTED.c.comparison_id == public_id
