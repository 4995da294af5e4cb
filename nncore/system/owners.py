"""Who asks, and what is theirs: the one rule by which anything is changed.

What people make (comparisons, tables, networks) has an owner: the key of the visitor who made it.
Everybody may look at what isn't private; only the owner and admins change, stop, share or delete.
"""

from collections.abc import Callable
from dataclasses import dataclass

from nncore.system.errors import UserError


class NotYours(UserError):
    """Somebody would change what belongs to another; nothing was changed."""


@dataclass(frozen=True)
class Visitor:
    """Who asks."""

    key: str  # what the store calls them; never an address, never a token that lets one in
    name: str = ""  # as people see it
    is_admin: bool = False

    def may_change(self, owner: str) -> bool:
        """Whether what belongs to `owner` is theirs to change.

        What has no owner (kept before there were owners) is for admins only: nobody knows whose
        it was, and to let everybody would let each stop another's work. On a machine of one's own
        little is lost: its results are read, shared and trained further as before (more seeds
        make a comparison of one's own, from the cache), and whoever started the dashboard may be
        its admin.
        """
        return self.is_admin or (bool(owner) and owner == self.key)


OPERATOR = Visitor("operator", "the command line", is_admin=True)  # who holds the store's file
NOBODY = Visitor("")  # nothing is known of them yet: they see what everybody sees

_looking: Callable[[], Visitor] = lambda: OPERATOR  # noqa: E731 - replaced, not called by name


def looking() -> Visitor:
    """Who looks now: what is private to others isn't there for them.

    On the command line, in notebooks, workers and the coordinator it is the operator.
    """
    return _looking()


def let_look(who: Callable[[], Visitor]) -> None:
    """From now on in this process, `who` says who looks: for a program that serves many."""
    global _looking
    _looking = who


def check_owner(by: Visitor, owner: str, what: str, doing: str, instead: str = "") -> None:
    """Raise NotYours unless `by` may change what belongs to `owner`.

    `what`: "comparison"; `doing`: "stop"; `instead`: a sentence on what is possible.
    """
    if not by.may_change(owner):
        whose = "someone else" if owner else "nobody that is known (it is from an older version)"
        raise NotYours(
            f"This {what} belongs to {whose}: only its owner or an admin of this dashboard can "
            f"{doing} it. {instead}".rstrip()
        )
