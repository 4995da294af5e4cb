"""Summing up comparisons beside the trainings: a little at a time, and only while nothing waits."""

import logging
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import Connection

from nncore.lab import summaries
from nncore.lab.keys import summary_version
from nncore.lab.store.store import Store
from nncore.system.errors import InvalidSetting, StoreError

log = logging.getLogger("nncore.lab.coordinator.summing_up")

AT_A_TIME = 20  # comparisons between two transactions
MOMENT = 0.02  # seconds of work at once, but for one training, which isn't divided
_MOST_AGAIN = 200  # unreadable ones that a coordinator tries once more


class SummingUp:
    """What is to be summed up, and how far that is. Whatever is lost of it is done again."""

    def __init__(
        self, store: Store, write: Callable[[Callable[[Connection], object]], None]
    ) -> None:
        """`write`: one transaction under the coordinator's lease."""
        self.store = store
        self.write = write
        self.version = summary_version()
        self._ended = self._others = True  # there may be some
        self._again: list[str] | None = None  # unreadable ones; None: not looked for yet
        self._due: list[str] = []
        self._pieces: Iterator[dict[str, Any] | None] | None = None  # of the first of these
        self._stand: summaries.Stand = ()
        self._done: dict[str, tuple[summaries.Stand, dict[str, Any]]] = {}

    def look(self) -> None:
        """Others have written, or something has ended: there may be some to sum up."""
        self._ended = True

    def advance(self, *, idle: bool) -> bool:
        """Do a little of it; whether there may be more.

        `idle`: nothing trains, so that what an older version summed up may be made anew, too.
        """
        until = time.monotonic() + MOMENT
        while time.monotonic() < until:
            if not self._due and not self._find(idle=idle):
                return False
            self._read_on()
            if not self._due or len(self._done) >= AT_A_TIME:
                self._store()
        return True

    def _find(self, *, idle: bool) -> bool:
        """Whether some are due; asked many times a second, so it looks only where there may be."""
        if not self._ended and not (idle and (self._others or self._again is None)):
            return False
        with self.store.read() as connection:
            if self._ended:
                self._due = summaries.due(connection, self.version, AT_A_TIME, ended=True)
                self._ended = bool(self._due)
            if not self._due and idle and self._others:
                self._due = summaries.due(connection, self.version, AT_A_TIME, ended=False)
                self._others = bool(self._due)
            if not self._due and idle and self._again is None:
                self._again = summaries.unreadable(connection, self.version, _MOST_AGAIN)
                self._due = list(self._again)
        return bool(self._due)

    def _read_on(self) -> None:
        """One more training of the first that is due, or the first look at it."""
        public_id = self._due[0]
        if self._pieces is None:
            with self.store.read() as connection:
                self._stand = summaries.stand(connection, public_id)
            self._pieces = summaries.pieces(self.store, public_id)
        try:
            values = next(self._pieces)
        except StoreError:
            self._pieces = None
            raise
        except Exception as error:  # of another version, or damaged: the row says so
            if not isinstance(error, InvalidSetting):
                log.warning("comparison %s can't be summed up", public_id, exc_info=True)
            values = summaries.unreadable_values(self._stand[0])
        if values is not None:
            self._done[public_id] = self._stand, values
            self._due.pop(0)
            self._pieces = None

    def _store(self) -> None:
        done, self._done = self._done, {}
        self.write(partial(self._write_rows, done=done))

    def _write_rows(
        self, connection: Connection, done: dict[str, tuple[summaries.Stand, dict[str, Any]]]
    ) -> None:
        for public_id, (stand, values) in done.items():
            if summaries.stand(connection, public_id) == stand:  # else it is due again
                summaries.write(connection, public_id, self.version, values)
