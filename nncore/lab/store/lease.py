"""Who works on the store: one coordinator, told from a dead or frozen one by its beat.

The lease's fence grows with every holder, and every write of a coordinator checks it: one
that was frozen and taken for dead can't spoil what its successor does.

Beats are stamped by the machine's monotonic clock, which all processes of one boot share and
nobody sets; the time of day decides nothing. What another machine stamped can't be compared with
anything here: such a row has beaten when it was seen to change.
"""

import json
import math
import os
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, insert, select, update

from nncore.lab.store.coordinator_state import CoordinatorState
from nncore.lab.store.schema import LEASE
from nncore.lab.store.store import Store
from nncore.system.machine import began, boot, place

COORDINATOR = "coordinator"
START = "start"  # beats when somebody starts a coordinator
WARM = "warm"  # beats when somebody will soon want to train with TensorFlow
BEAT = 2.0  # seconds between beats
FRESH = 6.0  # seconds; a lease that hasn't beaten for longer may be dead
_LOOKS = 12  # at a lease that may be dead, in FRESH seconds, before it is taken


class LeaseLost(Exception):
    """Another coordinator has taken over; this one must not write any more."""


@dataclass(frozen=True)
class Lease:
    """A row of the lease table, and how long ago it beat: endless when that can't be told."""

    name: str
    holder: str = ""
    host: str = ""
    pid: int = 0
    began: float = 0.0
    boot: str = ""
    fence: int = 0
    beat_at: float = 0.0
    state: CoordinatorState = field(default_factory=CoordinatorState)
    age: float = math.inf  # seconds, when it was looked at

    @property
    def beat(self) -> tuple[str, int, float]:
        """What changes with every beat."""
        return self.holder, self.fence, self.beat_at

    @property
    def holder_runs(self) -> bool | None:
        """Whether the holder's process is there; None when that can't be seen from here."""
        if self.host != place():
            return None
        if self.boot != boot():
            return False
        process_began = began(self.pid)
        if process_began is None:
            return None
        return process_began > 0 and process_began == self.began

    @property
    def is_alive(self) -> bool:
        """Its holder is at work, as far as can be told from here."""
        return self.beat_at > 0 and self.age < FRESH and self.holder_runs is not False


def look(connection: Connection, name: str) -> Lease:
    """The lease of that name; one that nobody ever held when there is none."""
    row = connection.execute(select(LEASE).where(LEASE.c.name == name)).mappings().first()
    if row is None:
        return Lease(name)
    lease = Lease(**{**row, "state": CoordinatorState.from_json(json.loads(row["state"]))})
    age = time.monotonic() - lease.beat_at if lease.boot == boot() else _since_change(lease)
    return replace(lease, age=age if age >= 0 else math.inf)


_seen: dict[tuple[str, str, str], tuple[float, float]] = {}  # who -> beat, when it changed


def _since_change(lease: Lease) -> float:
    """Seconds since another machine was seen to beat; endless at the first look."""
    who = (lease.name, lease.holder, lease.host)
    beat_at, changed = _seen.get(who, (lease.beat_at, -math.inf))
    if beat_at != lease.beat_at:
        changed = time.monotonic()
    _seen[who] = (lease.beat_at, changed)
    return time.monotonic() - changed


def touch(connection: Connection, name: str) -> None:
    """Beat for a row that nobody holds, START or WARM."""
    _put(connection, look(connection, name), _stamped(Lease(name)))


def _stamped(lease: Lease) -> Lease:
    return replace(lease, host=place(), boot=boot(), beat_at=time.monotonic())


def _put(connection: Connection, before: Lease, after: Lease) -> None:
    columns = {key: value for key, value in vars(after).items() if key in LEASE.c}
    values = {**columns, "state": _text(after.state)}
    is_stored = before.fence or before.beat_at or before.holder
    if is_stored:
        connection.execute(update(LEASE).where(LEASE.c.name == after.name), values)
    else:
        connection.execute(insert(LEASE), values)


def _text(state: CoordinatorState) -> str:
    return json.dumps(state.to_json())


class CoordinatorLease:
    """The lease of the coordinator that runs in this process."""

    def __init__(self, store: Store, fence: int) -> None:
        self.store = store
        self.fence = fence
        self.renewed_at = 0.0  # monotonic

    @classmethod
    def acquire(cls, store: Store) -> "CoordinatorLease | None":
        """Become the store's coordinator; None when there is one at work.

        A holder whose process has ended is replaced at once. One that can't be seen from
        here, or doesn't beat, is watched for a while first: after a computer's sleep all
        beats look old.
        """
        seen = _look(store)
        if seen.is_alive:
            return None
        if seen.beat_at and seen.holder_runs is not False and _beats(store, seen):
            return None
        with store.write() as connection:
            now = look(connection, COORDINATOR)
            if now.beat != seen.beat:
                return None
            mine = Lease(
                COORDINATOR,
                holder=uuid.uuid4().hex,
                pid=os.getpid(),
                began=began(os.getpid()) or 0.0,
                fence=seen.fence + 1,
            )
            _put(connection, now, _stamped(mine))
        return cls(store, mine.fence)

    def check(self, connection: Connection) -> None:
        """Raise LeaseLost if another one holds the store by now."""
        if look(connection, COORDINATOR).fence != self.fence:
            raise LeaseLost

    def write(self, what: Callable[[Connection], object]) -> None:
        """One transaction under the lease; all of it happens or nothing."""
        with self.store.write() as connection:
            self.check(connection)
            what(connection)

    def renew(self, connection: Connection, state: CoordinatorState) -> None:
        """Beat: show that this coordinator is at work, and what it has to say."""
        self.check(connection)
        values = {"beat_at": time.monotonic(), "state": _text(state)}
        connection.execute(update(LEASE).where(LEASE.c.name == COORDINATOR), values)
        self.renewed_at = time.monotonic()

    def release(self) -> None:
        """Let the next one start at once."""
        with self.store.write() as connection:
            if look(connection, COORDINATOR).fence == self.fence:
                free = {"beat_at": 0.0, "holder": "", "state": _text(CoordinatorState())}
                connection.execute(update(LEASE).where(LEASE.c.name == COORDINATOR), free)


def _look(store: Store) -> Lease:
    with store.read() as connection:
        return look(connection, COORDINATOR)


def _beats(store: Store, seen: Lease) -> bool:
    """Whether a lease beats while it is watched.

    It is looked at so many times, however long that takes: whatever froze its holder, such as a
    computer's sleep, may have frozen this process, too.
    """
    for _ in range(_LOOKS):
        time.sleep(FRESH / _LOOKS)
        if _look(store).beat != seen.beat:
            return True
    return False
