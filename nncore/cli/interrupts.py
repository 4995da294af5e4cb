"""Ctrl-C and SIGTERM while a comparison is followed: noted at once, acted on between two looks."""

import signal
import time
from types import FrameType, TracebackType
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)
IMPATIENT = 1.0  # seconds after the first signal: one more then ends the program at once


class Interrupts:
    """Notes signals from `with` on, so that none can hit in the middle of a write to the store.

    An impatient second one raises KeyboardInterrupt.
    """

    def __init__(self) -> None:
        self.number = 0  # the first signal that has come; 0 while none has
        self._at = 0.0
        self._before: dict[int, Any] = {}

    def __bool__(self) -> bool:
        return self.number != 0

    @property
    def exit_code(self) -> int:
        """What shells expect: 130 after Ctrl-C, 143 after SIGTERM."""
        return 128 + self.number

    def __enter__(self) -> "Interrupts":
        # a shell ignores interrupts for what it runs in the background; whoever sends one means it
        self._before = {number: signal.signal(number, self._note) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            # while an interrupted program leaves, one more signal shouldn't change its exit code
            signal.signal(number, signal.SIG_IGN if self else before)

    def _note(self, number: int, _: FrameType | None) -> None:
        if not self:
            self.number, self._at = number, time.monotonic()
        elif time.monotonic() - self._at > IMPATIENT:
            raise KeyboardInterrupt
