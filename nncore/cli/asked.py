"""Which comparison a command is about: one that is stored, or one asked like `compare`'s."""

import argparse
import re
from collections.abc import Callable

from nncore.analysis.reading import Reading, read
from nncore.cli.compare import ASKING, add_asking, comparison_of, judging_of, train
from nncore.cli.follow import follow
from nncore.cli.interrupts import Interrupts
from nncore.lab.lab import Lab
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot
from nncore.system.errors import InvalidSetting

_ID = re.compile(r"[0-9a-f]{16}")


def add_options(parser: argparse.ArgumentParser, *, needed: bool = True) -> None:
    """The comparison, and all that says what is asked where it isn't stored."""
    parser.add_argument(
        "comparison",
        metavar="COMPARISON",
        nargs=None if needed else "?",
        help=f"the id of a stored one (?c=... in its link), or a new one: {', '.join(QUESTIONS)}",
    )
    add_asking(parser)


def is_comparison(text: str) -> bool:
    """Whether this is the id of a stored one, or a question, rather than a network."""
    return bool(_ID.fullmatch(text)) or text in QUESTIONS


def stored(options: argparse.Namespace) -> Snapshot | None:
    """The stored comparison that the options name; None where they ask one.

    Raises InvalidSetting for an id that names none, or with options that would ask another.
    """
    if not _ID.fullmatch(options.comparison):
        return None
    default = options.parser.get_default
    beside = [name for name in ASKING if getattr(options, name) != default(name)]
    if beside:
        option = {"settings": "set"}.get(beside[0], beside[0]).replace("_", "-")
        raise InvalidSetting(
            f"A stored comparison brings its arms and settings along, so --{option} can't stand "
            f"beside {options.comparison}."
        )
    return stored_as(options.comparison, options.store)


def stored_as(public_id: str, store: str | None) -> Snapshot:
    """The comparison of that id. Raises InvalidSetting where there is none."""
    snapshot = Lab(store).snapshot(public_id)
    if snapshot is None:
        raise InvalidSetting(
            f"There is no comparison {public_id} in this store; --store names another one."
        )
    return snapshot


def reading_of(
    options: argparse.Namespace, instead: Callable[[Comparison], Comparison] | None = None
) -> tuple[Reading | None, int]:
    """The comparison as it is read when all of it has ended: (reading, exit code).

    None when it was interrupted. What isn't stored is trained, as by `compare`; `instead`: what
    is made of the comparison before.
    """
    snapshot = stored(options)
    comparison = comparison_of(options) if snapshot is None else snapshot.comparison
    if snapshot is None and instead is not None:
        comparison = instead(comparison)
    judging = judging_of(options, comparison)
    if snapshot is None:
        reading, code = train(comparison, options)
    else:
        reading, code = _ended(snapshot, options.store)
    return (None if reading is None else reading.judged(judging)), code


def comparison_only(options: argparse.Namespace) -> Comparison:
    """What is compared, without any training."""
    snapshot = stored(options)
    return comparison_of(options) if snapshot is None else snapshot.comparison


def _ended(snapshot: Snapshot, store: str | None) -> tuple[Reading | None, int]:
    """Somebody may be training it: it goes on when this is interrupted."""
    if not snapshot.active:
        return read(snapshot), 0
    with Interrupts() as interrupts:
        reading = follow(Lab(store), snapshot.id, until=lambda: bool(interrupts))
    return (None, interrupts.exit_code) if reading.active else (reading, 0)
