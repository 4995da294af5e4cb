"""Whose a comparison is, and who may see it."""

from nncore.system.owners import OPERATOR, NotYours, Visitor, check_owner

__all__ = ["OPERATOR", "NotYours", "Visitor", "check_comparison"]


def check_comparison(by: Visitor, owner: str, doing: str, instead: str = "") -> None:
    """Raise NotYours unless `by` may change a comparison of `owner`. `doing`: "stop", "rename"."""
    check_owner(by, owner, "comparison", doing, instead)
