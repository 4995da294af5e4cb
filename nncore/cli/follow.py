"""Following a comparison in the lab until nothing of it is queued or running."""

import shutil
import sys
import time
from collections.abc import Callable
from typing import TextIO

from nncore.analysis.scores import titles
from nncore.analysis.wording import number
from nncore.cli.output import put
from nncore.lab.lab import Lab
from nncore.lab.store import StoreError
from nncore.registry import InvalidSetting
from nncore.results import Snapshot, Status, Trial

POLL = 0.2  # seconds between looks at the store
GIVE_UP = 60.0  # seconds for which the store may be unreadable


def follow(lab: Lab, comparison_id: str, until: Callable[[], bool] = lambda: False) -> Snapshot:
    """Show progress on standard error until all is finished, or `until` says so.

    The last snapshot. The lab wakes another coordinator when one has died. Raises StoreError
    when the store can't be read for a minute, or at all when it should end.
    """
    progress = Progress(sys.stderr)
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
        progress.show(snapshot)
        if not snapshot.active or until():
            progress.close()
            return snapshot
        time.sleep(POLL)


class Progress:
    """On a terminal one line that updates; elsewhere one line per finished training."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.updates = stream.isatty()
        self.started = time.monotonic()
        self.told: set[tuple[str, int]] = set()
        self.note = ""

    def show(self, snapshot: Snapshot) -> None:
        """Say what is new."""
        self.note_down(snapshot.note)
        finished = [t for t in snapshot.trials if t.status.is_finished]
        names = titles(snapshot)
        for trial in finished:
            if (trial.arm, trial.seed) not in self.told:
                self.told.add((trial.arm, trial.seed))
                if not self.updates or trial.status is Status.FAILED:
                    count = f"[{len(self.told)}/{len(snapshot.trials)}]"
                    self._line(f"{count} {names[trial.arm]}, seed {trial.seed}: {_ending(trial)}")
        if self.updates:
            self._update(self._summary(snapshot, len(finished)))

    def note_down(self, note: str) -> None:
        """Say what the reader must know, once."""
        if note and note != self.note:
            self._line(note)
        self.note = note

    def close(self) -> None:
        """End the line that updates."""
        if self.updates:
            put(self.stream, "\n")

    def _summary(self, snapshot: Snapshot, finished: int) -> str:
        names = titles(snapshot)
        left = snapshot.extra.get("seconds_left")
        parts = [f"{finished} of {len(snapshot.trials)} trainings"]
        parts += [f"about {left:.0f} s left"] if left else []
        for arm in snapshot.arms:
            trials = snapshot.of_arm(arm.label)
            total = sum(snapshot.configs[arm.label].epochs for _ in trials)
            done = sum(_epochs(t, snapshot.configs[arm.label].epochs) for t in trials)
            parts.append(f"{names[arm.label]} {100 * done // total} %")
        return f"{time.monotonic() - self.started:4.0f} s  " + " · ".join(parts)

    def _update(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        put(self.stream, f"\r\x1b[K{text[:width]}")

    def _line(self, text: str) -> None:
        put(self.stream, f"\r\x1b[K{text}\n" if self.updates else f"{text}\n")


def _epochs(trial: Trial, epochs: int) -> int:
    return epochs if trial.status.is_finished else trial.epochs_done


def _ending(trial: Trial) -> str:
    result = trial.result or {}
    if trial.status is Status.FAILED:
        return f"failed: {trial.error or 'no reason is known'}"
    words = trial.status.value
    if trial.status is Status.DIVERGED and trial.records:
        words += f" at epoch {trial.records[-1]['epoch']}"
    elif trial.status is Status.DONE:
        measured = result.get("validation") or {}
        scores = [
            f"{k} {measured[k]:.4g}" for k in ("accuracy", "mae") if measured.get(k) is not None
        ]
        words += "".join(f", validation {score}" for score in scores)
        if result.get("stopped_by"):
            words += f", stopped by {result['stopped_by']} after epoch {result['stopped_epoch']}"
    if trial.from_cache:
        return f"{words} (from cache)"
    return f"{words} ({number(result['seconds'], 2)} s)" if result.get("seconds") else words
