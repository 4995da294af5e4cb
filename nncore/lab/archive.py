"""All comparisons of a store as rows: filtered, sorted and paged by the database.

Order and count need no comparison's body; that is read for the rows of one page only.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, tuple_

from nncore.datasets.own.store import sharing
from nncore.lab.owners import may_see
from nncore.lab.remarks import tags_of
from nncore.lab.store.schema import COMPARISON, SUMMARY, TRAINING
from nncore.lab.summaries import searched, under_way
from nncore.lab.trials import count_statuses
from nncore.lab.watched import WATCHED
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.results.snapshots import STATES, UNDER_WAY, UNREADABLE, Status, Summary, state_of
from nncore.results.snapshots import TRAINING as RUNS
from nncore.system.errors import InvalidSetting, suggestion
from nncore.system.owners import looking

LISTED_STATES = (*STATES, UNREADABLE)
_ESCAPE = "\\"
_OWN = "csv@_%"  # names of users' own sets
_BY: dict[str, tuple[ColumnElement[Any], ...]] = {
    "number": (COMPARISON.c.number,),  # in the order they were asked
    "name": (func.lower(func.nullif(COMPARISON.c.name, "")),),
    "question": (SUMMARY.c.question,),
    "dataset": (SUMMARY.c.dataset,),
    "engine": (SUMMARY.c.engines,),
    "state": (SUMMARY.c.state,),
    "winner": (func.lower(SUMMARY.c.winner),),
    "score": (SUMMARY.c.metric, SUMMARY.c.score),  # an error beside an accuracy says nothing
    "seeds": (SUMMARY.c.seeds,),
    "seconds": (SUMMARY.c.seconds,),
}
SORTS = tuple(_BY)


@dataclass(frozen=True)
class Filter:
    """Which comparisons; as it stands here all but deleted ones. None is only watched."""

    text: str = ""  # every word of it is in what is asked or in what people say
    question: str = ""
    dataset: str = ""
    engine: str = ""  # of at least one arm
    state: str = ""  # one of LISTED_STATES
    since: float | None = None  # Unix seconds, included
    until: float | None = None  # likewise, left out
    owner: str | None = None  # whose; None: everybody's
    deleted: bool = False  # only what was deleted

    def __post_init__(self) -> None:
        """Raises InvalidSetting for a state that none can be in."""
        if self.state and self.state not in LISTED_STATES:
            raise _unknown("state", self.state, LISTED_STATES)


@dataclass(frozen=True)
class Sort:
    """By which column; equal ones the newest first, those that have none last."""

    by: str = "number"
    descending: bool = True

    def __post_init__(self) -> None:
        """Raises InvalidSetting for what isn't in SORTS."""
        if self.by not in _BY:
            raise _unknown("column to sort by", self.by, SORTS)


@dataclass(frozen=True)
class Listed:
    """A comparison in a list."""

    id: str
    number: int  # in the order they were asked; 0 in a store that doesn't count them yet
    created_at: float  # Unix seconds
    owner: str
    state: str  # one of LISTED_STATES
    question: str = ""  # this and what follows is empty where the body can't be read
    base: Mapping[str, Any] = field(default_factory=dict)  # flat, what differs from the defaults
    arms: tuple[str, ...] = ()  # labels
    seeds: int = 0  # how many
    dataset: str = ""
    engines: tuple[str, ...] = ()
    counts: Mapping[Status, int] = field(default_factory=dict)  # of what isn't summed up yet
    summary: Summary | None = None  # of what is
    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    deleted_at: float | None = None  # Unix seconds

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it changes by itself any more."""
        return self.summary is not None or self.state == UNREADABLE


@dataclass(frozen=True)
class Page:
    """Some of the rows, and how many there are in all."""

    rows: tuple[Listed, ...]
    count: int


def read_page(
    connection: Connection,
    which: Filter,
    sort: Sort,
    *,
    first: int,
    most: int,
) -> Page:
    """At most so many rows from place `first` on, which counts from 0."""
    wanted = _conditions(which)
    ids = select(COMPARISON.c.id).select_from(_rows()).where(*wanted)
    ordered = ids.order_by(*_order(sort)).limit(most).offset(first)
    count = select(func.count()).select_from(_rows()).where(*wanted)
    found = list(connection.execute(ordered).scalars())
    return Page(tuple(_listed(connection, found)), connection.execute(count).scalar_one())


def read_rows(connection: Connection, ids: Sequence[str]) -> tuple[Listed, ...]:
    """The rows of these comparisons in this order, without those there aren't.

    Deleted ones are there for whoever may restore them.
    """
    seen = select(COMPARISON.c.id).select_from(_rows())
    seen = seen.where(COMPARISON.c.id.in_(ids), *_visible())
    there = set(connection.execute(seen).scalars())
    rows = _listed(connection, [public_id for public_id in ids if public_id in there])
    return tuple(r for r in rows if r.deleted_at is None or looking().may_change(r.owner))


def _rows() -> Any:
    """Every comparison, also of a store whose older version has no summaries."""
    return COMPARISON.outerjoin(SUMMARY, SUMMARY.c.comparison_id == COMPARISON.c.id)


def _visible() -> list[ColumnElement[bool]]:
    """What others keep to themselves isn't there for who looks, as `may_see` has it."""
    who, owner = looking(), COMPARISON.c.owner
    if who.is_admin:
        return []
    names, private = sharing()
    kept = tuple_(owner, SUMMARY.c.dataset).in_(sorted(private))
    shared = and_(SUMMARY.c.dataset.in_(sorted(names)), ~kept)
    # where no summary names the data, it may be private: it waits for its summary
    return [
        or_(
            and_(owner == who.key, owner != ""),
            SUMMARY.c.dataset.not_like(_OWN, escape="@"),
            shared,
        )
    ]


def _conditions(which: Filter) -> list[ColumnElement[bool]]:
    deleted = COMPARISON.c.deleted_at
    wanted: list[ColumnElement[bool]] = []
    wanted.append(deleted.is_not(None) if which.deleted else deleted.is_(None))
    wanted += _visible()
    question = SUMMARY.c.question
    wanted.append(or_(question.is_(None), question.not_in(WATCHED)))
    if which.owner is not None:
        wanted.append(COMPARISON.c.owner == which.owner)
    if which.question:
        wanted.append(SUMMARY.c.question == which.question)
    if which.dataset:
        wanted.append(SUMMARY.c.dataset == which.dataset)
    if which.engine:
        wanted.append(_has(SUMMARY.c.engines, f",{which.engine},"))
    if which.since is not None:
        wanted.append(COMPARISON.c.created_at >= which.since)
    if which.until is not None:
        wanted.append(COMPARISON.c.created_at < which.until)
    if which.state:
        wanted.append(_in_state(which.state))
    for word in searched(which.text).split():
        wanted.append(or_(_has(SUMMARY.c.asked, word), _has(SUMMARY.c.said, word)))
    return wanted


def _in_state(state: str) -> ColumnElement[bool]:
    """What is under way is counted now; what has ended is summed up."""
    if state not in UNDER_WAY:
        return SUMMARY.c.state == state
    runs = COMPARISON.c.id.in_(under_way().where(TRAINING.c.status == Status.RUNNING.value))
    return runs if state == RUNS else and_(COMPARISON.c.id.in_(under_way()), ~runs)


def _has(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    for sign in (_ESCAPE, "%", "_"):
        text = text.replace(sign, _ESCAPE + sign)
    return column.like(f"%{text}%", escape=_ESCAPE)


def _order(sort: Sort) -> list[ColumnElement[Any]]:
    newest_first = [COMPARISON.c.number.desc(), COMPARISON.c.id]
    columns = _BY[sort.by]
    if sort.by == "number":
        return newest_first if sort.descending else [COMPARISON.c.number, COMPARISON.c.id.desc()]
    *groups, last = columns
    return [
        last.is_(None),
        *groups,
        last.desc() if sort.descending else last.asc(),
        *newest_first,
    ]


def _listed(connection: Connection, ids: Sequence[str]) -> list[Listed]:
    columns = [c for c in SUMMARY.c if c.name not in ("comparison_id", "question")]
    query: Select[Any] = select(*COMPARISON.c, *columns).select_from(_rows())
    found = connection.execute(query.where(COMPARISON.c.id.in_(ids))).all()
    rows = {row.id: row for row in found}
    open_ends = [public_id for public_id in ids if not rows[public_id].version]
    counts = count_statuses(connection, open_ends) if open_ends else {}
    who = looking()  # of one that can't be read, a summary may not know the data
    seen = [rows[i] for i in ids if may_see(who, rows[i].owner, rows[i].body)]
    return [_row(row, counts.get(row.id, {})) for row in seen]


def _row(row: Any, counts: Mapping[Status, int]) -> Listed:
    asked = _asked(row.body)
    summary = _summary(row)
    state = state_of(counts)
    if state in UNDER_WAY:
        summary = None
    elif summary is not None:
        state = summary.state
    if not asked:
        state, summary = UNREADABLE, None
    if row.dataset and asked:
        asked["dataset"] = row.dataset  # arms may say it, too
    return Listed(
        id=row.id,
        number=row.number,
        created_at=row.created_at,
        owner=row.owner,
        state=state,
        engines=tuple(filter(None, (row.engines or "").split(","))),
        counts=counts,
        summary=summary,
        name=row.name,
        note=row.note,
        tags=tags_of(row.tags),
        deleted_at=row.deleted_at,
        **asked,
    )


def _asked(body: str) -> dict[str, Any]:
    """What the body says, without building its configs; nothing where it can't be read."""
    try:
        flat = json.loads(body)
        base = dict(flat["base"])
        return {
            "question": EVERY_QUESTION[str(flat["question"])].name,
            "base": base,
            "arms": tuple(str(arm["label"]) for arm in flat["arms"]),
            "seeds": len(flat["seeds"]),
            "dataset": str(base.get("dataset", "digits")),
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _summary(row: Any) -> Summary | None:
    if not row.state:
        return None
    return Summary(
        row.state,
        winner=row.winner or "",
        place=row.place or "",
        metric=row.metric or "",
        unit=row.unit or "",
        score=row.score,
        half=row.half,
        seconds=row.seconds,
    )


def _unknown(what: str, came: str, known: Sequence[str]) -> InvalidSetting:
    hint = suggestion(came, known)
    return InvalidSetting(f"Unknown {what} {came!r}.{hint} Known: {', '.join(known)}.")
