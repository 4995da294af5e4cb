"""Which waiting training a free worker takes. Pure: no store, no processes.

Fair: the group with the fewest running trainings is next, then the one served least
recently. Within a comparison seed-major: of a round of seeds, a worker first takes what it
has a compiled program for, then what nobody has. It takes from the next round rather than
compile again what another worker has.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, TypeVar

from nncore.lab.coordinator.queue import Candidate


class InTurn(Protocol):
    """A training of a comparison, as its turn depends on it."""

    @property
    def program(self) -> str: ...

    @property
    def round(self) -> int: ...


_LONGEST_ALONE = 3.0  # seconds for which the rest of a comparison waits for its first epoch
DRAWS = 0.4  # seconds for which a page has the processor, then

T = TypeVar("T", bound=InTurn)


def choose(
    waiting: Sequence[Candidate],
    *,
    running: Mapping[str, int],
    served: Mapping[str, float],
    mine: Collection[str],
    others: Collection[str],
) -> Candidate | None:
    """The next of `waiting` (in queue order), or None when nothing waits.

    `running` counts by group, `served` says when a group's last training started; `mine`
    and `others` are the programs compiled by the free worker and by all others.
    """
    if not waiting:
        return None
    groups = list(dict.fromkeys(candidate.group for candidate in waiting))
    group = min(groups, key=lambda g: (running.get(g, 0), served.get(g, 0.0)))
    first = next(candidate for candidate in waiting if candidate.group == group)
    queue = [candidate for candidate in waiting if candidate.comparison == first.comparison]
    return next_of(queue, mine, others)


def next_of(queue: Sequence[T], mine: Collection[str], others: Collection[str]) -> T:
    """The next of one comparison's trainings, at least one, which stand in its order."""
    first = queue[0]
    this_round = [candidate for candidate in queue if candidate.round == first.round]
    next_round = [candidate for candidate in queue if candidate.round == first.round + 1]
    preferred = (
        *(candidate for candidate in this_round if candidate.program in mine),
        *(candidate for candidate in this_round if candidate.program not in others),
        *(candidate for candidate in next_round if candidate.program in mine),
        first,
    )
    return preferred[0]


class Compiling:
    """Which comparisons wait for their first epoch, while a network is being compiled for it.

    Compiling takes more than a core: all workers at it, the first epoch comes half a second
    later, and somebody waits for that. So half of the slots begin. Nor is anything compiled while
    a page draws that epoch, which takes a core of the same machine or two.
    """

    def __init__(self) -> None:
        self._since: dict[int, tuple[str, float]] = {}  # training -> its comparison, and since when
        self._ended: dict[str, float] = {}  # comparison -> when it had its first epoch

    def begun(self, chosen: Candidate, now: float) -> None:
        """A training has been given to a worker that must compile its network."""
        self._since[chosen.training] = (chosen.comparison, now)

    def ended(self, training: int, now: float) -> None:
        """A training has had an epoch, or has ended."""
        compiled = self._since.pop(training, None)
        if compiled is not None:
            self._ended.setdefault(compiled[0], now)

    def holds(self, candidate: Candidate, slots: int, now: float) -> bool:
        """Whether a waiting training must leave the processor to the first of its comparison."""
        if candidate.comparison in self._ended:
            return now - self._ended[candidate.comparison] < DRAWS
        since = [at for of, at in self._since.values() if of == candidate.comparison]
        return len(since) >= max(1, slots // 2) and now - min(since) < _LONGEST_ALONE
