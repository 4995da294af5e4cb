"""Which waiting training a free worker takes."""

from nncore.lab.coordinator.queue import Candidate
from nncore.lab.coordinator.scheduling import Compiling, choose


def waiting(*rows, group="alice", comparison="c"):
    """Candidates from (program, round) pairs; their ids count from 0."""
    return [
        Candidate(i, "numpy", "", program, round_, comparison, group)
        for i, (program, round_) in enumerate(rows)
    ]


def chosen(candidates, *, running=None, served=None, mine=(), others=()):
    candidate = choose(
        candidates, running=running or {}, served=served or {}, mine=mine, others=others
    )
    assert candidate in candidates
    return candidate.program, candidate.round


GRID = waiting(("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2))


def test_nothing_waits():
    assert choose([], running={}, served={}, mine=(), others=()) is None


def test_a_new_worker_takes_the_first():
    assert chosen(GRID) == ("a", 0)


def test_a_program_of_its_own_comes_first_within_the_round():
    assert chosen(GRID, mine={"b"}) == ("b", 0)


def test_another_workers_program_is_left_to_it():
    assert chosen(GRID, others={"a"}) == ("b", 0)


def test_rather_the_next_round_than_compiling_twice():
    assert chosen(GRID[1:], mine={"a"}, others={"b"}) == ("a", 1)


def test_never_two_rounds_ahead():
    far = waiting(("b", 0), ("b", 1), ("a", 2))
    assert chosen(far, mine={"a"}, others={"b"}) == ("b", 0)


def test_an_idle_worker_compiles_again_rather_than_wait():
    assert chosen(waiting(("a", 0)), others={"a"}) == ("a", 0)


def test_the_owner_with_fewer_running_is_next():
    both = GRID + waiting(("z", 0), group="bob", comparison="d")
    assert chosen(both, running={"alice": 1}) == ("z", 0)
    assert chosen(both, running={"alice": 1, "bob": 1}) == ("a", 0)


def test_of_equals_the_one_who_waited_longest():
    both = GRID + waiting(("z", 0), group="bob", comparison="d")
    assert chosen(both, served={"alice": 2.0, "bob": 1.0}) == ("z", 0)


def test_a_later_comparison_of_the_same_owner_waits():
    both = GRID[2:] + waiting(("z", 0), comparison="d")
    assert chosen(both, mine={"z"}) == ("a", 1)


def test_a_comparison_waits_for_the_first_epoch_of_half_of_the_slots():
    first, second, third, *_ = GRID
    compiling = Compiling()
    compiling.begun(first, now=10.0)
    assert compiling.holds(second, slots=2, now=10.5)
    assert not compiling.holds(second, slots=4, now=10.5)
    compiling.begun(second, now=10.2)
    assert compiling.holds(third, slots=4, now=10.5)
    compiling.ended(first.training, now=10.5)
    assert compiling.holds(third, slots=4, now=10.6)  # a page draws that epoch
    compiling.ended(second.training, now=10.8)  # a later one holds nobody again
    assert not compiling.holds(third, slots=4, now=11.0)
    compiling.begun(third, now=11.0)  # what is compiled after its first epoch holds nobody
    assert not compiling.holds(second, slots=2, now=11.0)


def test_no_other_comparison_waits_and_none_for_long():
    compiling = Compiling()
    compiling.begun(GRID[0], now=10.0)
    (other,) = waiting(("z", 0), comparison="d")
    assert not compiling.holds(other, slots=2, now=10.5)
    assert not compiling.holds(GRID[1], slots=2, now=14.0)
