"""What people say of a stored comparison: its name, a note, tags; and that it is to go.

Only its owner or an admin may, and what can't be stored as it came is refused in a sentence.
"""

import json
import time
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select, update

from nncore.lab import summaries
from nncore.lab.intent import drop
from nncore.lab.owners import check_comparison, may_see, unknown
from nncore.lab.store.schema import COMPARISON, SUMMARY
from nncore.system.errors import InvalidSetting
from nncore.system.owners import Visitor
from nncore.system.printable import printable
from nncore.system.wording import times

LONGEST_NAME, LONGEST_NOTE, LONGEST_TAG, MOST_TAGS = 120, 2_000, 30, 8  # characters; tags
DELETED = "Deleted."


def rename(connection: Connection, public_id: str, name: str, by: Visitor) -> None:
    """Give it a name; "" for none. Raises InvalidSetting and NotYours."""
    line = " ".join(printable(name).split())
    _check_length("The name of a comparison", line, LONGEST_NAME)
    _say(connection, public_id, by, "rename", name=line)


def annotate(connection: Connection, public_id: str, note: str, by: Visitor) -> None:
    """Give it a note, of several lines or none. Raises InvalidSetting and NotYours."""
    text = "\n".join(printable(line).rstrip() for line in note.splitlines()).strip()
    _check_length("The note on a comparison", text, LONGEST_NOTE)
    _say(connection, public_id, by, "annotate", note=text)


def tag(connection: Connection, public_id: str, tags: Iterable[str], by: Visitor) -> None:
    """Give it these tags in place of those it has. Raises InvalidSetting and NotYours."""
    lines = (" ".join(printable(text).split()) for text in tags)
    wanted = list({line.casefold(): line for line in lines if line}.values())
    for line in wanted:
        _check_length("A tag", line, LONGEST_TAG)
    if len(wanted) > MOST_TAGS:
        raise InvalidSetting(
            f"A comparison can have at most {times(MOST_TAGS, 'tag')}; got {len(wanted)}. "
            "Leave some out."
        )
    _say(connection, public_id, by, "tag", tags=json.dumps(wanted, ensure_ascii=False))


def delete(connection: Connection, public_id: str, by: Visitor) -> None:
    """Hide it, and stop what is unfinished of it. Its trainings stay: others may share them."""
    if _row(connection, public_id, by, "delete").deleted_at is None:
        drop(connection, public_id, DELETED)
        _set(connection, public_id, deleted_at=time.time())


def restore(connection: Connection, public_id: str, by: Visitor) -> None:
    """Show it again. What was stopped stays so."""
    _row(connection, public_id, by, "restore")
    _set(connection, public_id, deleted_at=None)


def tags_of(text: str) -> tuple[str, ...]:
    """The tags in a row of the store; none where that is damaged."""
    try:
        tags = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    return tuple(filter(None, map(str, tags))) if isinstance(tags, list) else ()


def _say(connection: Connection, public_id: str, by: Visitor, doing: str, **said: str) -> None:
    row = _row(connection, public_id, by, doing)
    _set(connection, public_id, **said)
    now = {"name": row.name, "note": row.note, "tags": row.tags} | said
    text = summaries.searched(now["name"], *tags_of(now["tags"]), now["note"])
    summary = update(SUMMARY).where(SUMMARY.c.comparison_id == public_id)
    connection.execute(summary.values(said=text))


def _row(connection: Connection, public_id: str, by: Visitor, doing: str) -> Any:
    """The comparison's row, if it may be changed."""
    row = connection.execute(select(COMPARISON).where(COMPARISON.c.id == public_id)).first()
    if row is None or not may_see(by, row.owner, row.body):
        raise unknown(public_id)
    check_comparison(by, row.owner, doing)
    return row


def _set(connection: Connection, public_id: str, **values: Any) -> None:
    connection.execute(update(COMPARISON).where(COMPARISON.c.id == public_id).values(**values))


def _check_length(what: str, text: str, most: int) -> None:
    if len(text) > most:
        raise InvalidSetting(
            f"{what} must have at most {most:,} characters; got {len(text):,}. Shorten it."
        )
