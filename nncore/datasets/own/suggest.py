"""What to start from with a table: target, task, and a role for every column, with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nncore.datasets.own.csv_table import CLASSIFICATION, MOST_CLASSES, REGRESSION, Column, Table
from nncore.datasets.own.profile import (
    DATE,
    GROUP,
    IDENTIFIER,
    LEAVE_OUT,
    NUMBER,
    OTHERS,
    TEXT,
    Profile,
    date_values,
    read_profiles,
    words_of,
)
from nncore.datasets.own.relation import relation
from nncore.datasets.own.sums import parts_of
from nncore.system.wording import percent

_FEW_NUMBERS = 10  # as many different whole numbers, or fewer, look like classes
_FEW_OF_A_CLASS = 5
_NEARLY_ALL = 0.95  # of the way to no mistake, by one column alone: a question
_FIRST = ("target", "label", "class", "outcome", "y", "response")
_OFTEN = (
    *("survived", "survival", "churn", "churned", "exited", "income", "saleprice", "price"),
    *("medv", "default", "diagnosis", "cnt", "count", "quality", "species", "result"),
)


@dataclass(frozen=True)
class Suggested:
    """The start choice for one target."""

    target: str
    task: str
    roles: Mapping[str, str]  # of every other column
    why: Mapping[str, str]  # of roles that aren't plain to see: "it counts the rows"
    warnings: Mapping[str, tuple[str, ...]]  # by column, what to think about
    relation: Mapping[str, float]  # how much each tells of the target, 0 to 1

    @property
    def left_out(self) -> dict[str, str]:
        """Columns that aren't inputs at the start, and why."""
        return {
            name: self.why[name]
            for name, role in self.roles.items()
            if role in (IDENTIFIER, TEXT, LEAVE_OUT)
        }


def suggested_target(table: Table) -> str:
    """A column called as targets are, else the last one that could be: most tables have it there.

    Neither constant, a date, a number of rows nor free text.
    """
    seen = read_profiles(table)
    able = [
        c for c in table.columns if seen[c.name].role not in (IDENTIFIER, TEXT, LEAVE_OUT, DATE)
    ]
    fit = [c for c in able if c.kind == "number" or c.distinct <= MOST_CLASSES]
    for known in (_FIRST, _OFTEN):
        for column in reversed(fit):
            if "".join(words_of(column.name)) in known:
                return column.name
    varied = [c for c in table.columns if not c.is_constant]
    return (fit or able or varied or table.columns)[-1].name


def suggested_task(table: Table, target: str) -> str:
    """Texts and few different whole numbers are classes; other numbers are to be predicted."""
    column = table.column(target)
    if column.kind == "category":
        return CLASSIFICATION
    values, sizes = np.unique(column.values[column.present], return_counts=True)
    whole = bool((values == np.rint(values)).all())
    few = len(values) <= _FEW_NUMBERS and whole
    if few and len(values) > 2 and sizes.min() < _FEW_OF_A_CLASS:
        return REGRESSION  # a scale with rare ends: as classes, rows would be lost
    return CLASSIFICATION if few else REGRESSION


def suggest(table: Table, target: str, task: str = "") -> Suggested:
    """What to start from; reads every column once, which takes a second for the largest tables."""
    seen = read_profiles(table)
    task = task or suggested_task(table, target)
    goal = table.column(target)
    known, y = goal.present, goal.values
    roles, why, shares = {}, {}, {}
    warnings = {name: profile.warnings for name, profile in seen.items()}
    classes = task == CLASSIFICATION
    for column in table.columns:
        if column.name == target:
            continue
        profile = seen[column.name]
        roles[column.name], why[column.name] = profile.role, profile.why
        if (
            profile.role == LEAVE_OUT
            or known.sum() < 4
            or (goal.kind == "category" and not classes)
        ):
            continue
        looked, values = column, column.values
        if profile.role == DATE:  # in days, which are near each other as texts aren't
            looked, values = (
                replace(column, kind="number"),
                date_values(column, profile.date_form),
            )
        told = relation(looked, values[known], y[known], classes=classes)
        shares[column.name] = told.share
        if profile.role in (IDENTIFIER, TEXT, GROUP):
            continue
        if told.is_copy and profile.role != DATE:
            roles[column.name] = LEAVE_OUT
            why[column.name] = f"it says the same as {target}"
        elif told.share >= _NEARLY_ALL:
            warnings[column.name] = (
                f"alone it gets {percent(told.share)} of the way to {target}: was it known "
                "beforehand?",
                *warnings[column.name],
            )
    if not classes and goal.kind == "number":
        _leave_out_parts(table, goal, roles, why)
    roles = _at_least_one(roles, why, seen)
    return Suggested(target, task, roles, why, warnings, shares)


def _leave_out_parts(
    table: Table, goal: Column, roles: dict[str, str], why: dict[str, str]
) -> None:
    """Columns that add up to the target aren't inputs, where others are left."""
    numbers = [c for c in table.columns if roles.get(c.name) == NUMBER]
    parts = parts_of(goal, numbers)
    names = {column.name for column, _ in parts}
    if not input_roles({n: r for n, r in roles.items() if n not in names}):
        return
    for column, _ in parts:
        roles[column.name] = LEAVE_OUT
        why[column.name] = f"{goal.name} is {_in_words(parts)}, in every row"


def _in_words(parts: Sequence[tuple[Column, int]]) -> str:
    """A sum as it is written: "casual + registered"."""
    first, *others = sorted(parts, key=lambda part: -part[1])
    text = first[0].name if first[1] > 0 else f"−{first[0].name}"
    return text + "".join(f" {'+' if sign > 0 else '−'} {c.name}" for c, sign in others)


def _at_least_one(
    roles: dict[str, str], why: dict[str, str], seen: Mapping[str, Profile]
) -> dict[str, str]:
    """The same roles; where no input is left, numbers that were taken for identifiers are some."""
    if input_roles(roles):
        return roles
    for name, role in roles.items():
        if role in (IDENTIFIER, GROUP) and seen[name].low is not None:
            return {**roles, name: "number"}
    return roles


def input_roles(roles: Mapping[str, str]) -> dict[str, str]:
    """Those of the columns that are inputs."""
    return {n: r for n, r in roles.items() if r not in OTHERS}


def missing_first(columns: list[Column]) -> list[Column]:
    """Columns with gaps, those with most of them first."""
    return sorted((c for c in columns if c.missing), key=lambda c: -c.missing)
