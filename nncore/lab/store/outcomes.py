"""Records and results of finished trainings, parsed once and kept: a live page asks every second.

What is kept is never changed by anybody, and forgotten oldest first.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from nncore.lab.store.schema import TRAINING
from nncore.results.records import Record
from nncore.results.results import Result

_MOST_TEXT = 8_000_000  # characters of JSON; parsed about three times as many bytes


@dataclass(frozen=True)
class Outcome:
    """What a training has brought: its records and, if it got that far, its result."""

    records: tuple[Record, ...]
    result: Result | None
    is_damaged: bool = False  # what is stored can't be read


class Outcomes:
    """A bounded memory of outcomes. Safe from several threads."""

    def __init__(self, most_text: int = _MOST_TEXT) -> None:
        self._most_text = most_text
        self._text = 0
        self._kept: OrderedDict[tuple[str, float], tuple[Outcome, int]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, connection: Connection, rows: Sequence[Any]) -> dict[int, Outcome]:
        """Training id -> outcome, of rows with id, key and finished_at."""
        outcomes: dict[int, Outcome] = {}
        missing: dict[int, tuple[str, float]] = {}
        for row in rows:
            outcome = self._recall((row.key, row.finished_at))
            if outcome is None:
                missing[row.id] = (row.key, row.finished_at)
            else:
                outcomes[row.id] = outcome
        if missing:
            columns = select(TRAINING.c.id, TRAINING.c.records, TRAINING.c.result)
            for row in connection.execute(columns.where(TRAINING.c.id.in_(list(missing)))):
                outcomes[row.id] = self._keep(missing[row.id], row.records, row.result)
        return outcomes

    def _recall(self, name: tuple[str, float]) -> Outcome | None:
        with self._lock:
            if name not in self._kept:
                return None
            self._kept.move_to_end(name)
            return self._kept[name][0]

    def _keep(self, name: tuple[str, float], records: str | None, result: str | None) -> Outcome:
        outcome = parsed(records, result)
        size = len(records or "") + len(result or "")
        with self._lock:
            self._text += size - self._kept.pop(name, (outcome, 0))[1]
            self._kept[name] = (outcome, size)
            while self._text > self._most_text:
                self._text -= self._kept.popitem(last=False)[1][1]
        return outcome


def parsed(records: str | None, result: str | None) -> Outcome:
    """The outcome in a row's two texts; one that is damaged says so."""
    try:
        flat = json.loads(records) if records else []
        if not isinstance(flat, list):
            raise ValueError("no records")
        return Outcome(
            tuple(map(Record.from_json, flat)),
            Result.from_json(json.loads(result)) if result else None,
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Outcome((), None, is_damaged=True)


FINISHED = Outcomes()
