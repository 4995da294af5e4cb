"""Who works on the store: one coordinator, told from a dead or frozen one by its beat.

The lease's fence grows with every holder, and every write of a coordinator checks it: one
that was frozen and taken for dead can't spoil what its successor does.
"""

import json
import os
import socket
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select, update

from nncore.lab.store.schema import LEASE
from nncore.lab.store.store import Store

COORDINATOR = "coordinator"
START = "start"  # beats when somebody starts a coordinator
WARM = "warm"  # beats when somebody will soon want to train with TensorFlow
BEAT = 2.0  # seconds between beats
FRESH = 6.0  # seconds; a lease that hasn't beaten for longer may be dead


class LeaseLost(Exception):
    """Another coordinator has taken over; this one must not write any more."""


@dataclass(frozen=True)
class Lease:
    """A row of the lease table."""

    name: str
    holder: str = ""
    host: str = ""
    pid: int = 0
    fence: int = 0
    beat_at: float = 0.0
    state: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_fresh(self) -> bool:
        """It has beaten lately (wall clock)."""
        return abs(time.time() - self.beat_at) < FRESH

    @property
    def holder_runs(self) -> bool | None:
        """Whether the holder's process is there; None when it is on another machine."""
        return process_runs(self.pid) if self.host == socket.gethostname() else None

    @property
    def is_alive(self) -> bool:
        """Its holder is at work, as far as can be told from here."""
        return self.is_fresh and self.holder_runs is not False


def process_runs(pid: int) -> bool:
    """Whether a process of this machine is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def look(connection: Connection, name: str) -> Lease:
    """The lease of that name; one that nobody ever held when there is none."""
    row = connection.execute(select(LEASE).where(LEASE.c.name == name)).mappings().first()
    return Lease(**{**row, "state": json.loads(row["state"])}) if row else Lease(name)


def touch(connection: Connection, name: str) -> None:
    """Beat for a row that nobody holds, START or WARM."""
    _put(connection, look(connection, name), Lease(name, beat_at=time.time()))


def _put(connection: Connection, before: Lease, after: Lease) -> None:
    values = {**vars(after), "state": json.dumps(after.state)}
    known = before.fence or before.beat_at or before.holder
    if known:
        connection.execute(update(LEASE).where(LEASE.c.name == after.name), values)
    else:
        connection.execute(insert(LEASE), values)


class Hold:
    """A coordinator's grip on its store."""

    def __init__(self, store: Store, lease: Lease) -> None:
        self.store = store
        self.lease = lease
        self.beaten = 0.0  # monotonic

    @classmethod
    def take(cls, store: Store) -> "Hold | None":
        """Become the store's coordinator; None when there is one at work.

        A holder whose process has ended is replaced at once. One that can't be seen from
        here, or doesn't beat, is watched for a while first: after a computer's sleep all
        beats look old.
        """
        with store.read() as connection:
            seen = look(connection, COORDINATOR)
        if seen.is_alive:
            return None
        if seen.beat_at and seen.holder_runs is not False:
            time.sleep(FRESH)
        with store.write() as connection:
            now = look(connection, COORDINATOR)
            if (now.fence, now.beat_at) != (seen.fence, seen.beat_at):
                return None
            mine = Lease(
                COORDINATOR,
                holder=uuid.uuid4().hex,
                host=socket.gethostname(),
                pid=os.getpid(),
                fence=seen.fence + 1,
                beat_at=time.time(),
            )
            _put(connection, now, mine)
        return cls(store, mine)

    def check(self, connection: Connection) -> None:
        """Raise LeaseLost if another one holds the store by now."""
        if look(connection, COORDINATOR).fence != self.lease.fence:
            raise LeaseLost

    def write(self, what: Callable[[Connection], object]) -> None:
        """One transaction under the lease; all of it happens or nothing."""
        with self.store.write() as connection:
            self.check(connection)
            what(connection)

    def beat(self, connection: Connection, state: Mapping[str, Any]) -> None:
        """Show that this coordinator is at work, and what it has to say."""
        self.check(connection)
        values = {"beat_at": time.time(), "state": json.dumps(dict(state))}
        connection.execute(update(LEASE).where(LEASE.c.name == COORDINATOR), values)
        self.beaten = time.monotonic()

    def give_back(self) -> None:
        """Let the next one start at once."""
        with self.store.write() as connection:
            if look(connection, COORDINATOR).fence == self.lease.fence:
                free = {"beat_at": 0.0, "holder": "", "state": "{}"}
                connection.execute(update(LEASE).where(LEASE.c.name == COORDINATOR), free)
