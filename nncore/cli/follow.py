"""Following a comparison in the lab until nothing of it is queued or running."""

import shutil
import sys
import time
from collections.abc import Callable
from typing import TextIO

from nncore.analysis.reading import Reading, read
from nncore.analysis.trials import ReadTrial
from nncore.cli.log import Log
from nncore.cli.output import put
from nncore.lab.lab import Lab
from nncore.results.snapshots import Status
from nncore.system.errors import InvalidSetting, StoreError
from nncore.system.wording import number

POLL = 0.2  # seconds between looks at the store
MOST_SIMPLE = 75.0  # seconds to wait for simple models: their own limit, and their start
GIVE_UP = 60.0  # seconds for which the store may be unreadable


def follow(
    lab: Lab,
    comparison_id: str,
    until: Callable[[], bool] = lambda: False,
    log: Log | None = None,
) -> Reading:
    """Show progress on standard error until all is finished, or `until` says so.

    The last reading. `log`: tells what was measured, too. The lab wakes another coordinator when
    one has died. Raises StoreError when the store can't be read for a minute, or at all when it
    should end.
    """
    progress = Progress(sys.stderr, log)
    seen = time.monotonic()
    while True:
        try:
            snapshot = lab.snapshot(comparison_id)
        except StoreError as error:  # the trainings go on: so does this
            if until() or time.monotonic() - seen > GIVE_UP:
                raise
            progress.note_down(str(error))
            time.sleep(POLL)
            continue
        seen = time.monotonic()
        if snapshot is None:
            raise InvalidSetting(f"The comparison {comparison_id} has gone from the store.")
        reading = read(snapshot)
        progress.show(reading)
        if not reading.active or until():
            progress.close()
            return reading
        time.sleep(POLL)


def await_simple(
    lab: Lab, reading: Reading, until: Callable[[], bool], most: float = MOST_SIMPLE
) -> Reading:
    """Wait until the simple models beside a comparison are fitted, or `until` says so.

    The last reading, after `most` seconds at the latest: they are no reason to wait for more.
    """
    put(sys.stderr, "Fitting simple models to stand beside the arms.\n")
    deadline = time.monotonic() + most
    while reading.snapshot.fits and time.monotonic() < deadline and not until():
        time.sleep(POLL)
        try:
            snapshot = lab.snapshot(reading.id)
        except StoreError:
            continue
        if snapshot is None:
            break
        reading = read(snapshot)
    return reading


class Progress:
    """On a terminal one line that updates; elsewhere one line per finished training."""

    def __init__(self, stream: TextIO, log: Log | None = None) -> None:
        self.stream = stream
        self.log = log
        self.updates = stream.isatty()
        self.started = time.monotonic()
        self.reported: set[tuple[str, int]] = set()
        self.note = ""

    def show(self, reading: Reading) -> None:
        """Say what is new."""
        self.note_down(reading.snapshot.note)
        for line in self.log.new_lines(reading) if self.log is not None else ():
            self._line(line)
        finished = [t for t in reading.trials if t.status.is_finished]
        for trial in finished:
            if (trial.arm, trial.seed) not in self.reported:
                self.reported.add((trial.arm, trial.seed))
                if not self.updates or trial.status is Status.FAILED:
                    count = f"[{len(self.reported)}/{len(reading.trials)}]"
                    title = reading.arm(trial.arm).title
                    self._line(f"{count} {title}, seed {trial.seed}: {_ending(trial)}")
        if self.updates:
            self._update(self._summary(reading, len(finished)))

    def note_down(self, note: str) -> None:
        """Say what the reader must know, once."""
        if note and note != self.note:
            self._line(note)
        self.note = note

    def close(self) -> None:
        """End the line that updates."""
        if self.updates:
            put(self.stream, "\n")

    def _summary(self, reading: Reading, finished: int) -> str:
        left = reading.snapshot.seconds_left
        parts = [f"{finished} of {len(reading.trials)} trainings"]
        parts += [f"about {left:.0f} s left"] if left else []
        for arm in reading.arms:
            total = arm.config.epochs * len(arm.trials)
            done = sum(_epochs(t, arm.config.epochs) for t in arm.trials)
            parts.append(f"{arm.title} {100 * done // total} %")
        return f"{time.monotonic() - self.started:4.0f} s  " + " · ".join(parts)

    def _update(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        put(self.stream, f"\r\x1b[K{text[:width]}")

    def _line(self, text: str) -> None:
        put(self.stream, f"\r\x1b[K{text}\n" if self.updates else f"{text}\n")


def _epochs(trial: ReadTrial, epochs: int) -> int:
    return epochs if trial.status.is_finished else trial.epochs_done


def _ending(trial: ReadTrial) -> str:
    if trial.status is Status.FAILED:
        return f"failed: {trial.error or 'no reason is known'}"
    words = trial.status.value
    if trial.status is Status.DIVERGED and trial.has_begun:
        words += f" at epoch {trial.last_epoch}"
    elif trial.status is Status.DONE:
        for name in ("accuracy", "mae"):
            if (score := trial.measured(name, "validation")) is not None:
                words += f", validation {name} {score:.4g}"
        if trial.stopped_by:
            words += f", stopped by {trial.stopped_by} after epoch {trial.stopped_epoch}"
    if trial.from_cache:
        return f"{words} (from cache)"
    return f"{words} ({number(trial.seconds, 2)} s)" if trial.seconds else words
