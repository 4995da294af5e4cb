"""A recipe: what each raw column of a table holds, and what becomes of it before training.

Raw rows are float64 of shape (n, columns): numbers as they stand, dates as days since 1970-01-01,
categories as places in `categories`, one more for any other text, NaN where a value is missing.
What is done to a column is named from closed lists, so that a recipe is plain JSON; its numbers are
fitted on training rows (`fitting.py`) and applied by `fitted.py`. How many numbers come out is
known from the recipe alone.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from nncore.declare.domains import Range
from nncore.system.outside import Unreadable
from nncore.system.wording import number

NUMBER, CATEGORY, ORDERED, DATE = KINDS = ("number", "category", "ordered", "date")
INPUT, GROUP, WEIGHT = USES = ("input", "group", "weight")
MEDIAN, MOST_FREQUENT, OWN_CATEGORY = IMPUTERS = ("median", "most_frequent", "own_category")
AS_IT_IS, ONE_HOT, ORDINAL, TARGET = ENCODERS = ("as_it_is", "one_hot", "ordinal", "target")
STANDARD, ROBUST, QUANTILE, LOG = SCALERS = ("standard", "robust", "quantile", "log")
DATE_PARTS = ("year", "month", "weekday", "days since")
MOST_TYPED = 1e12  # of a number in a typed row
MOST_COLUMNS = 2_000  # of a recipe that comes from outside
MOST_CATEGORIES = 200_000  # of one column there
MOST_INPUTS = 100_000  # of all columns there; 500 of 100 classes' means make half of them
_ENCODERS_OF = {
    NUMBER: (AS_IT_IS,),
    DATE: (AS_IT_IS,),
    CATEGORY: (ONE_HOT, TARGET),
    ORDERED: (ORDINAL, ONE_HOT, TARGET),
}
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class RawColumn:
    """One column: what it holds, what it is for, and what is done to it."""

    name: str
    kind: str  # of KINDS
    use: str = INPUT  # of USES; only inputs are seen by a network
    categories: tuple[str, ...] = ()  # texts that have a place of their own, in order
    has_other: bool = False  # whether some rows hold a text that has none
    impute: str = MEDIAN  # of IMPUTERS
    indicator: bool = False  # whether one more input says where a value was missing
    encode: str = AS_IT_IS  # of ENCODERS
    scale: str = STANDARD  # of SCALERS; a 0 or 1 isn't scaled
    has_hours: bool = False  # dates: whether they have a time of day

    @property
    def is_categorical(self) -> bool:
        return self.kind in (CATEGORY, ORDERED)

    @property
    def parts(self) -> tuple[str, ...]:
        """What a date is taken apart into; one empty name for all else."""
        if self.kind != DATE:
            return ("",)
        return (*DATE_PARTS, "hour") if self.has_hours else DATE_PARTS

    @property
    def other(self) -> int:
        """The code of a text that has no place of its own."""
        return len(self.categories)

    @property
    def has_missing_place(self) -> bool:
        """Whether a missing value is a category like the others."""
        return self.is_categorical and self.impute == OWN_CATEGORY

    def text(self, value: float) -> str:
        """A raw value as people read it; "" where it is missing."""
        if math.isnan(value):
            return ""
        if self.is_categorical:
            code = int(value)
            return self.categories[code] if 0 <= code < self.other else "(other)"
        if self.kind == DATE:
            return (EPOCH + timedelta(days=int(value))).isoformat()
        return number(value, 6)

    def value(self, text: str) -> float:
        """The raw value of a typed text; NaN of none. Raises ValueError where it is no such value.

        Categories that are new are "(other)", as in rows of a file.
        """
        if not (text := text.strip()):
            return math.nan
        if self.is_categorical:
            places = {name: place for place, name in enumerate(self.categories)}
            return float(places.get(text, self.other))
        if self.kind == DATE:
            moment = datetime.fromisoformat(text).replace(tzinfo=None)
            midnight = datetime(EPOCH.year, EPOCH.month, EPOCH.day)
            return (moment - midnight) / timedelta(days=1)
        return Range(-MOST_TYPED, MOST_TYPED).parse(text)

    def inputs(self, outputs: int) -> tuple[str, ...]:
        """What the numbers made of it are called."""
        if self.use != INPUT:
            return ()
        gap = (f"{self.name} is missing",) if self.indicator else ()
        if self.kind == DATE:
            return (*(f"{self.name}: {part}" for part in self.parts), *gap)
        if self.encode == ONE_HOT:
            own = [*self.categories, *(["(other)"] if self.has_other else [])]
            own += ["(missing)"] if self.has_missing_place else []
            return (*(f"{self.name} = {text}" for text in own), *gap)
        if self.encode == TARGET:
            many = outputs > 1
            marks = [f" (class {i + 1})" if many else "" for i in range(outputs)]
            return (*(f"{self.name}: target's mean{mark}" for mark in marks), *gap)
        return (self.name, *gap)


@dataclass(frozen=True)
class Recipe:
    """The columns of a table's raw rows, in their order, and how its rows are split."""

    columns: tuple[RawColumn, ...]
    outputs: int = 1  # numbers that a target encoding makes: 1, or one per class of more than two
    by_time: str = ""  # the column by which rows stand in order, so that the last ones are newest

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the numbers that a network sees are called."""
        return tuple(name for column in self.columns for name in column.inputs(self.outputs))

    @cached_property
    def places(self) -> Mapping[str, tuple[int, ...]]:
        """Where the numbers made of each input column stand among them."""
        start, places = 0, {}
        for column in self.columns:
            end = start + len(column.inputs(self.outputs))
            if end > start:
                places[column.name] = tuple(range(start, end))
            start = end
        return places

    @property
    def width(self) -> int:
        """How many these are."""
        return len(self.names)

    @property
    def inputs(self) -> tuple[int, ...]:
        """Places of the columns that a network sees something of."""
        return tuple(i for i, column in enumerate(self.columns) if column.use == INPUT)

    @property
    def group(self) -> int | None:
        """The place of the column whose rows stay together; None where there is none."""
        return self._of_use(GROUP)

    @property
    def weight(self) -> int | None:
        """The place of the column that says how much a training row counts; None without one."""
        return self._of_use(WEIGHT)

    def _of_use(self, use: str) -> int | None:
        return next((i for i, c in enumerate(self.columns) if c.use == use), None)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `recipe_from` reads it."""
        return {
            "columns": [{**asdict(c), "categories": list(c.categories)} for c in self.columns],
            "outputs": self.outputs,
            "by_time": self.by_time,
        }


_KINDS_OF: Mapping[str, Any] = {f.name: f.type for f in fields(RawColumn)} | {"categories": list}


def recipe_from(value: Any) -> Recipe:
    """The recipe in JSON of any origin. Raises Unreadable where it is none."""
    if not isinstance(value, dict) or value.keys() != {"columns", "outputs", "by_time"}:
        raise Unreadable("its recipe is none")
    listed, outputs = value["columns"], value["outputs"]
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_COLUMNS:
        raise Unreadable("its recipe has no columns")
    if type(outputs) is not int or not 1 <= outputs <= MOST_COLUMNS:
        raise Unreadable("its recipe has no such outputs")
    if not _is_text(value["by_time"]):
        raise Unreadable("its recipe has no such order")
    columns = tuple(map(_column, listed))
    if len({c.name for c in columns}) != len(columns) or not any(c.use == INPUT for c in columns):
        raise Unreadable("its recipe has no inputs, or two of one name")
    if sum(outputs if c.encode == TARGET else len(c.categories) + 6 for c in columns) > MOST_INPUTS:
        raise Unreadable("its recipe makes too many inputs")
    return Recipe(columns, outputs, value["by_time"])


def _is_text(text: Any) -> bool:
    return isinstance(text, str) and text.isprintable()


def _column(said: Any) -> RawColumn:
    if (
        not isinstance(said, dict)
        or said.keys() != _KINDS_OF.keys()
        or not all(type(said[key]) is kind for key, kind in _KINDS_OF.items())
    ):
        raise Unreadable("a column of its recipe was changed")
    column = RawColumn(**{**said, "categories": tuple(said["categories"])})
    sound = (
        _is_text(column.name)
        and column.kind in KINDS
        and column.use in USES
        and column.impute in IMPUTERS
        and column.scale in SCALERS
        and (column.use != INPUT or column.encode in _ENCODERS_OF[column.kind])
        and len(column.categories) <= MOST_CATEGORIES
        and all(map(_is_text, column.categories))
        and bool(column.categories) <= column.is_categorical
        and (column.is_categorical or column.impute != OWN_CATEGORY)
    )
    if not sound:
        raise Unreadable("a column of its recipe was changed")
    return column
