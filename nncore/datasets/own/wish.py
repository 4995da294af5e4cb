"""What is wished of a table; where nothing is, what suits it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from nncore.datasets.own.csv_table import Table
from nncore.datasets.own.orders import order_from
from nncore.datasets.own.profile import GROUP, ORDERED, ROLES, read_profiles
from nncore.datasets.own.raw_columns import ordered_texts
from nncore.datasets.own.suggest import input_roles, suggest, suggested_target
from nncore.system.errors import InvalidSetting

IMPUTE, LEAVE_ROWS_OUT = GAPS = ("impute", "leave_rows_out")


@dataclass(frozen=True)
class Wish:
    """What is to be learnt from a table, and from which of its columns; plain JSON."""

    target: str
    task: str  # CLASSIFICATION or REGRESSION
    roles: Mapping[str, str]  # of columns, see `own.profile`; those not named are left out
    gaps: str = IMPUTE  # of GAPS: what becomes of rows that lack a value
    by_time: str = ""  # a column of dates or numbers: then the last rows validate and test
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by hand, lowest first
    why: Mapping[str, str] = field(default_factory=dict)  # of roles that the table suggests


def wish(
    table: Table,
    *,
    target: str = "",
    task: str = "",
    features: Sequence[str] | None = None,
    roles: Mapping[str, str] | None = None,
    gaps: str = IMPUTE,
    by_time: str = "",
    orders: Mapping[str, str | Sequence[str]] | None = None,
    why: Mapping[str, str] | None = None,
) -> Wish:
    """What is chosen, and where nothing is, what suits the table.

    features: the only columns that are inputs; roles: of some columns; why: of roles, where they
    were suggested. orders: of ordered categories, as a person writes them ("low < high", which
    must name every text) or as texts (those they lack have no place of their own). Raises
    InvalidSetting for columns and words that don't exist.
    """
    made = _wish(table, target, task, features, roles, gaps, by_time, why)
    by_hand = {name: _order(table, name, said) for name, said in (orders or {}).items()}
    return replace(
        made, orders={n: order for n, order in by_hand.items() if made.roles.get(n) == ORDERED}
    )


def _order(table: Table, name: str, said: str | Sequence[str]) -> tuple[str, ...]:
    if not isinstance(said, str):
        return tuple(said)
    return order_from(said, ordered_texts(table.column(name)), name)


def _wish(
    table: Table,
    target: str,
    task: str,
    features: Sequence[str] | None,
    roles: Mapping[str, str] | None,
    gaps: str,
    by_time: str,
    why: Mapping[str, str] | None,
) -> Wish:
    target = table.column(target).name if target else suggested_target(table)
    others = {column.name for column in table.columns} - {target}
    if task and features is None and others <= (roles or {}).keys():  # nothing to be found out
        return Wish(target, task, _checked(table, target, roles or {}), gaps, by_time, why or {})
    said = suggest(table, target, task)
    chosen = dict(said.roles)
    if features is not None:
        names = [table.column(name).name for name in features if name != target]
        seen = read_profiles(table)
        kept = {name: _as_input(table, chosen[name], name, seen[name].role) for name in names}
        chosen = kept | {n: r for n, r in chosen.items() if r == GROUP and n not in kept}
    chosen |= _checked(table, target, roles or {})
    reasons = {name: said.why[name] for name, role in chosen.items() if role == said.roles[name]}
    return Wish(target, said.task, chosen, gaps, by_time, reasons)


def _checked(table: Table, target: str, roles: Mapping[str, str]) -> dict[str, str]:
    """Roles of columns that there are, without the target."""
    for name, role in roles.items():
        table.column(name)
        if role not in ROLES:
            raise InvalidSetting(f"{name} can be used as {', '.join(ROLES)}; got {role!r}.")
    return {name: role for name, role in roles.items() if name != target}


def _as_input(table: Table, role: str, name: str, seen: str) -> str:
    """The role of a column that somebody wants as an input."""
    if role in input_roles({name: role}):
        return role
    if seen in input_roles({name: seen}):
        return seen
    return table.column(name).kind
