"""The coordinator: a detached process, one per store, that turns waiting rows into results.

`python -m nncore.lab.coordinator` starts it; NNLAB_STORE names the store. It polls that for what is
wanted, gives trainings to the runner, and writes what comes back in groups. It may be killed at
any time: workers end with it, and the next one queues again what was running, as if it had not
been tried.
"""

import logging
import math
import time
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from nncore.lab.coordinator import fits, queue
from nncore.lab.coordinator.dispatch import Dispatcher
from nncore.lab.coordinator.fitting import Fitting
from nncore.lab.coordinator.summing_up import SummingUp
from nncore.lab.store.coordinator_state import CoordinatorState
from nncore.lab.store.lease import BEAT, WARM, CoordinatorLease, look
from nncore.lab.store.store import Store
from nncore.lab.watched import forget_watched
from nncore.lab.workers.events import Event, Finished, Recorded
from nncore.lab.workers.messages import Outcome
from nncore.lab.workers.runner import LocalRunner
from nncore.results.records import Record
from nncore.results.snapshots import Status
from nncore.system.errors import StoreError

log = logging.getLogger("nncore.lab.coordinator")

# seconds of waiting for workers; with nothing to do, a click is noticed sooner, for half a
# percent of a core
POLL_BUSY, POLL_IDLE = 0.05, 0.03
LOOK = 1.0  # seconds between looks at a store that nobody else has written to
GROUP = 0.08  # seconds after a commit in which records wait to be committed together
PATIENCE = 2.0  # seconds to wait for another writer; workers must be watched meanwhile
RETRY = 1.0  # seconds until a failed write is tried again
FORGET = 60.0  # seconds between looks for what was watched long ago
LARGE_LOG = 4 * 2**20  # bytes of write-ahead log that are worth a checkpoint
_STATUSES = {
    Outcome.DONE: Status.DONE,
    Outcome.DIVERGED: Status.DIVERGED,
    Outcome.FAILED: Status.FAILED,
    Outcome.TIMEOUT: Status.FAILED,
    Outcome.MEMORY: Status.FAILED,
    Outcome.STOPPED: Status.CANCELLED,
}


class Coordinator:
    """One run of the loop. Everything it knows is in the store, but for what is under way."""

    def __init__(
        self, store: Store, lease: CoordinatorLease, runner: LocalRunner, idle: float
    ) -> None:
        self.store = store
        self.lease = lease
        self.runner = runner
        self.idle = idle
        self.dispatcher = Dispatcher(self._write, runner)
        self.summing_up = SummingUp(store, self._write)
        self.fitting = Fitting(store, self._write, runner.limits.bytes)
        self.ended = False  # by a signal
        self._records: dict[int, list[Record]] = {}  # of running trainings
        self._counted = 0.0  # seconds of the runner that the store knows of
        self._unwritten: list[Event] = []
        self._committed = -math.inf  # when events were last
        self._retry_at = 0.0
        self._looked = 0.0
        self._checked = 0.0
        self._forgot = -math.inf
        self._said_warm = False
        self._wants_work = True
        self._last_work = time.monotonic()

    def run(self) -> None:
        """Work until there has been nothing to do for a while, or a signal ends it."""
        self._write(self._recover)
        while not self.ended:
            pause = POLL_BUSY if self._busy else POLL_IDLE
            for event in self.runner.poll(pause):
                self._take(event)
            try:
                self._tick()
            except StoreError as error:  # full or locked: what is unwritten stays in memory
                log.warning("%s", error)
                self._retry_at = time.monotonic() + RETRY
            if self._done:
                return

    def stop(self) -> None:
        """End all processes; what was running waits again, as if it had not been tried."""
        tasks = self.runner.running
        self.runner.close()
        if self.store.is_replaced():
            self.fitting.kill()
            return
        self.fitting.close()
        self._write(self._store_events)
        for task in tasks:
            self._write(partial(queue.again, training=task.training, spent=False))
        self.store.checkpoint()
        self.lease.release()

    def leave(self) -> None:
        """End all processes; what the store holds of them is another coordinator's matter."""
        self.runner.close()
        self.fitting.kill()

    def _write(self, what: Callable[[Connection], object]) -> None:
        """One transaction under the lease, which also counts the time since the last one."""
        seconds = self.runner.stopwatch.seconds

        def count_and(connection: Connection) -> None:
            queue.add_seconds(connection, seconds - self._counted)
            what(connection)

        self.lease.write(count_and)
        self._counted = seconds

    @property
    def _busy(self) -> bool:
        return self._wants_work or bool(self.runner.running or self._unwritten)

    @property
    def _done(self) -> bool:
        if self.runner.running or self.runner.is_warming or self._unwritten:
            return False
        if self.dispatcher.outdated:
            return True
        idle_for = time.monotonic() - self._last_work
        return not (self._wants_work or self.fitting.is_busy) and idle_for > self.idle

    def _take(self, event: Event) -> None:
        self._unwritten.append(event)
        if isinstance(event, Recorded):
            self.dispatcher.recorded(event.task.training)
            self._records.setdefault(event.task.training, []).append(event.record)

    def _tick(self) -> None:
        now = time.monotonic()
        if now - self._checked > BEAT:
            self._checked = now
            self._check_ground()
        if now < self._retry_at:
            return
        finished = any(isinstance(event, Finished) for event in self._unwritten)
        grouped = self._unwritten and now - self._committed >= GROUP
        due = now - self.lease.renewed_at > BEAT
        if finished or grouped or due or self.runner.warm != self._said_warm:
            self._write(self._store_events)
            self._forget_written()
        free = self.runner.seats.free(watched=False) > 0
        ready = self._wants_work and free  # it waits for the template
        if finished or ready or now - self._looked >= LOOK or self.store.is_changed():
            self._looked = now
            self._look()
            self.summing_up.look()
            self.fitting.look()
        free = self.runner.seats.free(watched=False) > 0
        if not self._wants_work or not free:
            self.summing_up.advance(idle=not self._busy)
        self.fitting.advance(
            idle=free and not (self._wants_work or self.dispatcher.outdated), free=free
        )
        if self._busy or self.fitting.is_busy:
            self._last_work = now
        if self.store.log_bytes() > LARGE_LOG:
            self.store.checkpoint()

    def _recover(self, connection: Connection) -> None:
        for training in queue.running(connection):
            queue.lost(connection, training)
        fits.recover(connection)

    def _store_events(self, connection: Connection) -> None:
        self.lease.renew(connection, self._state())
        ended = {e.task.training for e in self._unwritten if isinstance(e, Finished)}
        queue.add_records(
            connection,
            (
                (e.task.training, e.task.attempt, e.record)
                for e in self._unwritten
                if isinstance(e, Recorded) and e.task.training not in ended
            ),
        )
        for event in self._unwritten:
            if isinstance(event, Finished):
                self._finish(connection, event)

    def _forget_written(self) -> None:
        if self._unwritten:
            self._committed = time.monotonic()
        for event in self._unwritten:
            if isinstance(event, Finished):
                self._records.pop(event.task.training, None)
                self.dispatcher.ended(event.task.training)
        self._unwritten.clear()
        self._said_warm = self.runner.warm

    def _check_ground(self) -> None:
        """Leave when the store's file has gone; start anew when the sources have changed."""
        if self.store.is_replaced():
            log.warning("the store's file has gone")
            self.ended = True
            return
        self.dispatcher.check_sources()
        now = time.monotonic()
        if now - self._forgot > FORGET:
            self._forgot = now
            self._write(forget_watched)

    def _finish(self, connection: Connection, event: Finished) -> None:
        training, end = event.task.training, event.end
        if end.outcome in (Outcome.CRASHED, Outcome.SPOILED):
            spent = end.outcome is Outcome.CRASHED
            queue.crashed(connection, training, end.error, spent=spent)
            return
        if end.outcome is Outcome.STOPPED and queue.is_wanted(connection, training):
            # somebody has asked for it again since it was told to stop
            queue.again(connection, training, spent=False, lost=0)
            return
        queue.finish(
            connection,
            training,
            _STATUSES[end.outcome],
            records=self._records.get(training, []),
            result=end.result,
            error=end.error or None,
        )

    def _state(self) -> CoordinatorState:
        return CoordinatorState(
            warm=self.runner.warm,
            forks=self.runner.forks,
            slots=self.runner.seats.slots,
            running=len(self.runner.running),
            workers=tuple(worker.pid for worker in self.runner.workers),
        )

    def _look(self) -> None:
        """See what the store wants now, and do it."""
        with self.store.read() as connection:
            free = any(self.runner.seats.free(watched) for watched in (False, True))
            waiting = queue.candidates(connection) if free else []
            late = queue.overdue(connection) if self.runner.running or waiting else []
            unwanted = queue.unwanted(connection) if self.runner.running else []
            warm = look(connection, WARM)
        self._wants_work = bool(waiting)
        if warm.age < self.idle:
            self._last_work = max(self._last_work, time.monotonic() - warm.age)
            self.runner.warm_up()
        for public_id, limit in late:
            self._write(partial(queue.end_overdue, public_id=public_id, limit=limit))
        for training in unwanted:
            self.runner.stop(training)
        if waiting and not late:
            self.dispatcher.dispatch(waiting)
