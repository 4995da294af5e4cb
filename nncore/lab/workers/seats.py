"""Who may train at the same time: the slots, and seats that comparisons don't take."""

from collections.abc import Iterator

from nncore.lab.workers.processes import Worker

WATCHED = 2  # seats of their own for trainings that somebody watches: two networks, side by side


class Seats:
    """The workers of a runner, on the seats of two kinds: of what is watched, and of the rest."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.workers: list[Worker] = []

    def of(self, watched: bool) -> list[Worker]:
        """The workers on one kind of seats."""
        return [worker for worker in self.workers if worker.watched is watched]

    def idle(self, watched: bool) -> Iterator[Worker]:
        """Those of them that wait for a task."""
        return (worker for worker in self.of(watched) if worker.task is None)

    def has_room(self, watched: bool) -> bool:
        """Whether one more worker may start there."""
        return len(self.of(watched)) < (WATCHED if watched else self.slots)

    def free(self, watched: bool) -> int:
        """How many more trainings may start now.

        What is watched waits for a worker that is being stopped, rather than for a new one.
        """
        idle = len(list(self.idle(watched)))
        if watched:
            return idle if self.ends_watched else WATCHED - len(self.of(watched)) + idle
        return self.slots - len(self.of(watched)) + idle

    @property
    def ends_watched(self) -> bool:
        """Whether a worker of what is watched is being stopped."""
        return any(worker.stopping for worker in self.of(watched=True))
