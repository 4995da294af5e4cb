"""Names of a table's columns, short enough to be typed: "median_income", "house_age"."""

import re
from collections.abc import Iterable
from typing import Any

from nncore.declare.domains import Domain

ALL = "all"  # stands for every column
_NO_LIST = "none"  # how an empty list is written
_TAKEN = (ALL, _NO_LIST)  # words that a list of columns may be instead


class ColumnName(Domain):
    """A column's name, however it is written: "House age (years)" is house_age."""

    def clean(self, value: Any) -> str:
        if not isinstance(value, str) or set(value) & set("-,"):  # those separate names
            raise ValueError(value)
        if (name := _short(value)) in ("", _NO_LIST):
            raise ValueError(value)
        return name

    def parse(self, text: str) -> str:
        return self.clean(text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ColumnName)

    def __hash__(self) -> int:
        return hash(ColumnName)

    def __str__(self) -> str:
        return "the name of a column, such as median_income"


def column_names(features: Iterable[str]) -> tuple[str, ...]:
    """A short name for each column; those that would be alike are numbered."""
    names: list[str] = []
    for place, feature in enumerate(features, start=1):
        name = _short(feature) or f"column_{place}"
        names.append(name if name not in {*names, *_TAKEN} else f"{name}_{place}")
    return tuple(names)


def _short(text: str) -> str:
    """Small letters, digits and underscores; what stands in brackets at the end is a unit."""
    without = re.sub(r"\s*\([^()]*\)\s*$", "", text)
    return re.sub(r"\W+", "_", without.lower()).strip("_")[:100]
