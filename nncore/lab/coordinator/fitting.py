"""Fitting simple models beside the trainings: one data set at a time, only in an idle slot.

A process of its own fits them. It is put off, which costs nothing that had ended, as soon as
trainings take all slots; it is ended when it takes too long or too much memory. Nothing of it is
waited for by a training.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from subprocess import Popen

from sqlalchemy import Connection

from nncore.baselines.catalogue import models_for
from nncore.datasets.catalogue import DATASETS
from nncore.lab.coordinator import fits
from nncore.lab.keys import baseline_version
from nncore.lab.store.store import Store
from nncore.lab.workers.channel import Channel
from nncore.lab.workers.messages import Fit, FittingEnded, ModelFitted
from nncore.lab.workers.processes import death, rss, start, worked
from nncore.results.simple import SimpleScore
from nncore.system.errors import UnknownName
from nncore.system.machine import Stopwatch

log = logging.getLogger("nncore.lab.coordinator.fitting")

SECONDS = 60.0  # of the processor, for all models of a data set together
LONGEST = 600.0  # by the clock: it gives way to everything else on the machine
_WATCH_EVERY = 0.25  # seconds between looks at time and memory
_OTHER_VERSION = "The program has changed since they were asked for. Run it again."
_TOO_LONG = f"It was not done within {SECONDS:g} seconds of computing."
_NO_DATA = "Their data set is not known here any more."

Write = Callable[[Callable[[Connection], object]], None]


class Fitting:
    """What is fitted now, if anything. All that isn't in the store yet is written again."""

    def __init__(self, store: Store, write: Write, most_bytes: int) -> None:
        """`write`: one transaction under the coordinator's lease; `most_bytes`: of the process."""
        self.store = store
        self.write = write
        self.most_bytes = most_bytes
        self.version = baseline_version()
        self._may_wait = True  # there may be some
        self._claim: fits.FitClaim | None = None
        self._process: Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._scores: list[SimpleScore] = []
        self._unwritten: Callable[[Connection], object] | None = None
        self._stopwatch = Stopwatch()
        self._began = self._watched = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether something is fitted, or its end isn't stored yet."""
        return self._claim is not None

    @property
    def pid(self) -> int | None:
        """Of the process that fits now."""
        return None if self._process is None else self._process.pid

    def look(self) -> None:
        """Others have written, or a training has ended: there may be some to fit, or to end."""
        self._may_wait = True
        if self._process is not None and self._claim is not None:
            with self.store.read() as connection:
                wanted = fits.is_wanted(connection, self._claim.baseline)
            if not wanted:
                self.put_off()

    def advance(self, *, idle: bool, free: bool) -> None:
        """Hear the process, write what it has done, begin the next. Raises StoreError.

        `idle`: no training waits, and a slot is free; `free`: a slot is.
        """
        self._stopwatch.look()
        if self._process is not None:
            if not free:
                self.put_off()
            else:
                self._hear()
        self._write()
        if self._claim is None and idle and self._may_wait:
            self._begin_next()

    def put_off(self) -> None:
        """End the process; what isn't fitted waits again, as if it had not been tried."""
        if self._claim is not None and self._process is not None:
            self._end(partial(fits.again, claimed=self._claim, scores=tuple(self._scores)))

    def close(self) -> None:
        """End the process at once and store what came of it. Raises StoreError."""
        self.put_off()
        self._write()

    def kill(self) -> None:
        """End the process, and store nothing: the store is somebody else's."""
        self._end(None)

    def _write(self) -> None:
        """Store what is new; a process that has ended leaves with that."""
        if self._unwritten is not None:
            self.write(self._unwritten)
            self._unwritten = None
        if self._process is None:
            self._claim = None

    def _begin_next(self) -> None:
        with self.store.read() as connection:
            waiting = fits.next_waiting(connection)
        self._may_wait = waiting is not None
        if waiting is None:
            return
        claims: list[fits.FitClaim | None] = []
        self.write(lambda c: claims.append(fits.claim(c, waiting)))
        claimed = claims[-1]
        if claimed is None:
            return
        self._claim, self._scores = claimed, list(claimed.known)
        if claimed.version != self.version:
            self._unwritten = partial(self._ended, error=_OTHER_VERSION)
            return
        try:
            task = DATASETS[str(claimed.config.get("dataset"))].task
        except UnknownName:
            self._unwritten = partial(self._ended, error=_NO_DATA)
            return
        known = {score.model for score in self._scores}
        left = tuple(model.name for model in models_for(task) if model.name not in known)
        ours, self._process = start("nncore.lab.workers.fitter")
        self._channel = Channel(ours, waits=False)
        self._channel.send(Fit(claimed.config, claimed.data_folders, left))
        self._began = self._stopwatch.seconds

    def _ended(self, connection: Connection, error: str) -> None:
        """Store that no more will come."""
        if self._claim is not None:
            fits.end(connection, self._claim.baseline, self._scores, error)

    def _hear(self) -> None:
        channel, claimed = self._channel, self._claim
        if channel is None or claimed is None or self._process is None:
            return
        for message in channel.receive():
            match message:
                case ModelFitted(fitted):
                    self._scores.append(fitted)
                    self._unwritten = partial(
                        fits.keep, baseline=claimed.baseline, scores=tuple(self._scores)
                    )
                case FittingEnded(error):
                    self._end(partial(self._ended, error=error))
                    return
        if channel.closed:
            how = death(self._process.wait())
            log.warning("the process of simple models %s", how)
            self._broken(f"The process that fitted them {how}.")
        elif time.monotonic() - self._watched > _WATCH_EVERY:
            self._watched = time.monotonic()
            self._watch(self._process.pid)

    def _watch(self, pid: int) -> None:
        if worked(pid) > SECONDS or self._stopwatch.seconds - self._began > LONGEST:
            self._broken(_TOO_LONG)
        elif rss(pid) > self.most_bytes:
            self._broken(f"It needed more memory than {self.most_bytes / 2**20:,.0f} MB.")

    def _broken(self, why: str) -> None:
        if self._claim is not None:
            scores = tuple(self._scores)
            self._end(partial(fits.broken, claimed=self._claim, scores=scores, why=why))

    def _end(self, unwritten: Callable[[Connection], object] | None) -> None:
        """End the process; `unwritten` is what the store is to be told of that."""
        self._unwritten = unwritten
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._channel is not None:
            self._channel.close()
        self._process = self._channel = None
