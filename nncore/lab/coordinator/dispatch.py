"""Giving waiting trainings to free workers."""

import logging
import time
from collections import Counter
from collections.abc import Callable

from sqlalchemy import Connection

from nncore.config.engine_names import ENGINES
from nncore.lab.coordinator import queue
from nncore.lab.coordinator.scheduling import Compiling, choose
from nncore.lab.keys import code_hash, lab_hash
from nncore.lab.workers.events import Task
from nncore.lab.workers.processes import Worker
from nncore.lab.workers.runner import LocalRunner
from nncore.results.snapshots import Status

Write = Callable[[Callable[[Connection], object]], None]

log = logging.getLogger("nncore.lab.coordinator.dispatch")


class Dispatcher:
    """Knows whose turn it is, and whether what is loaded here may train it."""

    def __init__(self, write: Write, runner: LocalRunner) -> None:
        self.write = write  # one transaction
        self.runner = runner
        self.outdated = False  # the sources on disk are newer than what is loaded here
        self._code = {name: code_hash(name) for name in ENGINES}  # what workers will have loaded
        self._sources = lab_hash()
        self._groups: dict[int, str] = {}  # running training -> whose turn it was
        self._served: dict[str, float] = {}
        self._compiling = Compiling()

    def recorded(self, training: int) -> None:
        """A training has had an epoch."""
        self._compiling.ended(training, time.monotonic())

    def ended(self, training: int) -> None:
        """A training is no longer running."""
        self._groups.pop(training, None)
        self._compiling.ended(training, time.monotonic())

    def check_sources(self) -> None:
        """See whether sources have changed: then nothing is dispatched any more."""
        if not self.outdated and lab_hash() != self._sources:
            log.info("sources have changed: starting anew")
            self.outdated = True

    def dispatch(self, waiting: list[queue.Candidate]) -> None:
        """Give waiting trainings to free workers, known ones first, then to new ones.

        What is watched has seats of its own, and takes others only when those are full.
        """
        waiting = [c for c in waiting if self._is_current(c)]
        if self.outdated:
            return
        left = self._seat([c for c in waiting if c.watched], watched=True)
        if self.runner.seats.ends_watched:
            left = []  # a worker that knows them already is there in a moment
        self._seat([c for c in waiting if not c.watched or c in left], watched=False)

    def _seat(self, waiting: list[queue.Candidate], *, watched: bool) -> list[queue.Candidate]:
        """Give them to one kind of seats; those that found none."""
        asked = {candidate.program for candidate in waiting}
        seats: list[Worker | None] = [
            *sorted(
                self.runner.seats.idle(watched),
                key=lambda worker: worker.programs.isdisjoint(asked),
            ),
            None,
        ]
        while waiting and self.runner.seats.free(watched):
            seat = seats.pop(0) if len(seats) > 1 else None
            if not watched:
                slots, now = self.runner.seats.slots, time.monotonic()
                waiting = [c for c in waiting if not self._compiling.holds(c, slots, now)]
            others = {p for w in self.runner.workers if w is not seat for p in w.programs}
            chosen = choose(
                [c for c in waiting if self.runner.accepts(_needs_tensorflow(c))],
                running=Counter(self._groups.values()),
                served=self._served,
                mine=seat.programs if seat else (),
                others=others,
            )
            if chosen is None:
                break
            waiting = [c for c in waiting if c.training != chosen.training]
            self._start(chosen, seat, watched=watched)
        return waiting

    def _start(self, chosen: queue.Candidate, seat: Worker | None, *, watched: bool) -> None:
        claimed: list[queue.Claim | None] = []
        self.write(lambda c: claimed.append(queue.claim(c, chosen.training)))
        claim = claimed[0]
        if claim is None:
            return  # cancelled a moment ago
        self._groups[chosen.training] = chosen.group
        self._served[chosen.group] = now = time.monotonic()
        is_new = not any(chosen.program in worker.programs for worker in self.runner.workers)
        if is_new and _needs_tensorflow(chosen):
            self._compiling.begun(chosen, now)
        task = Task(
            chosen.training,
            claim.attempt,
            claim.config,
            claim.data_folders,
            chosen.program,
            _needs_tensorflow(chosen),
            claim.key,
            claim.observe,
            watched,
        )
        self.runner.submit(task, seat)

    def _is_current(self, candidate: queue.Candidate) -> bool:
        """Whether the sources loaded here are those the training was asked for with.

        Otherwise either ours are old, and a new coordinator must take over, or the sources
        changed after the click, and nobody can train it any more.
        """
        if candidate.code == self._code.get(candidate.engine):
            return True
        self.check_sources()
        if self.outdated:
            return False
        why = "The training code has changed since this was asked for. Run it again."
        self.write(lambda c: queue.finish(c, candidate.training, Status.FAILED, error=why))
        return False


def _needs_tensorflow(candidate: queue.Candidate) -> bool:
    return ENGINES[candidate.engine].needs_tensorflow
