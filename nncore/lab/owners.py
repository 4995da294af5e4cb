"""Whose a comparison is, and who may see it."""

from nncore.datasets.own.store import own_by_name, own_names_in
from nncore.system.errors import InvalidSetting
from nncore.system.owners import Visitor, check_owner


def may_see(visitor: Visitor, owner: str, body: str) -> bool:
    """Whether a comparison is there at all for a visitor; `body`: its JSON, as the store has it.

    One on a table is as private as the table is to the owner of the comparison. One on a table
    that is gone stays its owner's.
    """
    if visitor.may_change(owner):
        return True
    names = own_names_in(body)
    if not names:
        return True
    tables = own_by_name(Visitor(owner))
    return all(name in tables and tables[name].shared for name in names)


def unknown(public_id: str) -> InvalidSetting:
    """What is said of an id that names nothing, or nothing that the visitor may see."""
    return InvalidSetting(f"There is no comparison {public_id!r} in this store.")


def check_comparison(by: Visitor, owner: str, doing: str, instead: str = "") -> None:
    """Raise NotYours unless `by` may change a comparison of `owner`. `doing`: "stop", "rename"."""
    check_owner(by, owner, "comparison", doing, instead)
