"""A column as it was read, in the role that was chosen for it -> a raw column of the kept set."""

from collections.abc import Sequence

import numpy as np

from nncore.datasets.own.csv_table import MOST_CATEGORIES, Column, class_labels
from nncore.datasets.own.dates import has_hours
from nncore.datasets.own.orders import in_order
from nncore.datasets.own.profile import (
    CATEGORY,
    DATE,
    NUMBER,
    ORDERED,
    Profile,
    date_values,
    shown_role,
)
from nncore.datasets.recipe.constant import is_constant
from nncore.datasets.recipe.definition import (
    MEDIAN,
    MOST_FREQUENT,
    ONE_HOT,
    ORDINAL,
    OWN_CATEGORY,
    TARGET,
    RawColumn,
)
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting

_RARE = 5  # training rows; of a text that comes less often nothing can be learnt
_RARE_SHARE = 0.002
_MOST_LETTERS = 100  # of a category: menus and tables must hold it


def raw_column(
    column: Column,
    role: str,
    profile: Profile,
    rows: Array,
    train: Array,
    order: Sequence[str] = (),
) -> tuple[RawColumn, Array] | str:
    """(what is kept of a column, its values (rows,)); why nothing is, where it tells nothing.

    rows: numbers of those kept; train: (rows,) whether each is outside of the test part, which
    alone decides which texts are rare. order: of an ordered category by hand, lowest first; each
    text of it has a place of its own, and others have none. Raises InvalidSetting for a role that
    it can't have.
    """
    if role == NUMBER:
        return _numbers(column, profile, rows, train)
    if role == DATE:
        return _dates(column, profile, rows, train)
    if role in (CATEGORY, ORDERED):
        return _categories(column, role, rows, train, order)
    raise InvalidSetting(f"{column.name} can't be an input as {shown_role(role)}.")


def _numbers(
    column: Column, profile: Profile, rows: Array, train: Array
) -> tuple[RawColumn, Array] | str:
    if column.kind != "number":
        raise InvalidSetting(
            f"{column.name} holds texts, so it can't be used as a number. Use it as a category."
        )
    values = column.values[rows]
    there = values[train & ~np.isnan(values)]
    if not len(there):
        return "it is empty in the training rows"
    mean, std = there.mean(keepdims=True), there.std(keepdims=True)
    if is_constant(mean, std, len(there)).all():
        return "it is the same in every training row"
    gaps = bool(np.isnan(values).any())
    return RawColumn(
        column.name, NUMBER, impute=MEDIAN, indicator=gaps, scale=profile.scale
    ), values


def _dates(
    column: Column, profile: Profile, rows: Array, train: Array
) -> tuple[RawColumn, Array] | str:
    if not profile.date_form:
        raise InvalidSetting(
            f"{column.name} can't be used as a date: its values aren't written as dates are."
        )
    values = date_values(column, profile.date_form)[rows]
    seen = values[train & ~np.isnan(values)]
    if not len(seen) or seen.min() == seen.max():
        return "it is the same in every training row"
    gaps = bool(np.isnan(values).any())
    hours = has_hours(profile.date_form)
    return RawColumn(column.name, DATE, impute=MEDIAN, indicator=gaps, has_hours=hours), values


def _categories(
    column: Column, role: str, rows: Array, train: Array, order: Sequence[str]
) -> tuple[RawColumn, Array] | str:
    codes, texts = _coded(column, rows)
    sizes = np.bincount(codes[train & (codes >= 0)], minlength=len(texts))
    least = max(_RARE, _RARE_SHARE * train.sum())
    is_small = train.sum() < 20 * _RARE  # of few rows every text counts
    common = [i for i, n in enumerate(sizes) if n >= (2 if is_small else least)]
    if (
        not common
        or len(common) + bool((codes < 0).any()) + (sizes.sum() > sizes[common].sum()) < 2
    ):
        return "it is the same in nearly every training row"
    able = list(range(len(texts))) if order else common
    named = _distinct([texts[i] for i in able])
    labels = list(order) or list(in_order(named) if role == ORDERED else named)
    at = {label: place for place, label in enumerate(labels)}
    place = np.full(len(texts) + 1, len(labels), np.float64)
    place[able] = [at.get(name, len(labels)) for name in named]
    place[-1] = np.nan
    values = place[codes]
    has_gaps = bool((codes < 0).any())
    encode = TARGET if len(common) > MOST_CATEGORIES else ONE_HOT
    if role == ORDERED:
        encode = ORDINAL
    raw = RawColumn(
        column.name,
        role,
        categories=tuple(labels),
        has_other=bool((values == len(labels)).any()),
        impute=OWN_CATEGORY if has_gaps and role == CATEGORY else MOST_FREQUENT,
        indicator=has_gaps and role == ORDERED,
        encode=encode,
    )
    return raw, values


def _coded(column: Column, rows: Array) -> tuple[Array, list[str]]:
    """(places (rows,) among texts, -1 for missing; these texts)."""
    values = column.values[rows]
    if column.kind == "category":
        return values, list(column.categories)
    there = ~np.isnan(values)
    levels, places = np.unique(values[there], return_inverse=True)
    codes = np.full(len(values), -1)
    codes[there] = places
    return codes, class_labels(column, levels)


def ordered_texts(column: Column) -> list[str]:
    """The texts of a column as an order by hand names them, in the order that suits them."""
    rows = np.arange(len(column.values))
    return list(in_order(_distinct(_coded(column, rows)[1])))


def _distinct(texts: list[str]) -> list[str]:
    """Texts that menus can hold, cut where they are long, and different all the same."""
    cut: dict[str, None] = {}  # in order
    for text in texts:
        short = text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 4]} ..."
        name, count = short, 1
        while name in cut:
            count += 1
            name = f"{short} ({count})"
        cut[name] = None
    return list(cut)
