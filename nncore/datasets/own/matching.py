"""Rows of another file, brought into the form of the raw rows that a data set has."""

from collections.abc import Mapping, Sequence

import numpy as np

from nncore.datasets.definition import Dataset
from nncore.datasets.own.csv_table import Column, Table, class_labels
from nncore.datasets.own.profile import date_values
from nncore.datasets.recipe.definition import DATE, INPUT, RawColumn
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting
from nncore.system.wording import listing


def raw_rows(about: Dataset, table: Table) -> Array:
    """(rows, raw columns) float64 of a table, whose columns are found by their names.

    Other columns are no trouble, nor is their order. Raises InvalidSetting for columns that lack
    or hold something else.
    """
    if about.kind != "table":
        raise InvalidSetting(f"{about.label} is no table: rows of a file can't be read for it.")
    if about.recipe is not None:
        columns = about.recipe.columns
    else:
        columns = tuple(RawColumn(name, "number") for name in about.features)
    units = (about.how or {}).get("units", {})
    x = rows_of_columns(columns, table, "the network was trained on them", units)
    if about.recipe is None and np.isnan(x).any():
        gaps = int(np.isnan(x).any(axis=1).sum())
        raise InvalidSetting(
            f"{gaps:,} of {table.rows:,} rows of {table.filename} lack a value, and {about.label} "
            "says nothing of how to fill it in."
        )
    return x


def rows_of_columns(
    columns: Sequence[RawColumn], table: Table, why: str, units: Mapping[str, str]
) -> Array:
    """(rows, columns) float64 of a table, for columns that are known.

    why: what to say where one lacks, such as "the network was trained on them"; units: of numbers,
    by column, as far as they are known. Raises InvalidSetting for columns that lack or hold
    something else.
    """
    there = {column.name for column in table.columns}
    lacking = [c.name for c in columns if c.use == INPUT and c.name not in there]
    if lacking:
        more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
        raise InvalidSetting(
            f"{table.filename} lacks {listing(lacking[:5])}{more}: {why}. Columns are found by "
            "their names, in any order."
        )
    return np.column_stack([_values(c, table, units.get(c.name, "")) for c in columns])


def _values(raw: RawColumn, table: Table, unit: str) -> Array:
    """unit: of its numbers, as far as it is known; then no other will do."""
    if raw.use != INPUT:  # it says something of training rows alone
        return np.zeros(table.rows)
    column = table.column(raw.name)
    if not column.present.any():
        return np.full(table.rows, np.nan)
    if raw.kind == DATE:
        if not column.date_form:
            raise InvalidSetting(f"{raw.name} must hold dates; {table.filename} has none there.")
        return date_values(column, column.date_form)
    if raw.is_categorical:
        return _codes(raw, column)
    return numbers_of(column, table, unit)


def numbers_of(column: Column, table: Table, unit: str) -> Array:
    """(rows,) float64 of a column of numbers, NaN where one lacks.

    unit: of the training rows, "" where it isn't known; then no other will do. Raises
    InvalidSetting for texts and for another unit.
    """
    if column.kind != "number":
        raise InvalidSetting(
            f"{column.name} must hold numbers; {table.filename} has texts there, such as "
            f"{column.categories[0][:40]!r}."
        )
    if unit and column.unit not in ("", unit):
        raise InvalidSetting(
            f"{column.name} must be in {unit}, as in the training rows; in {table.filename} it is "
            f"in {column.unit}."
        )
    return column.values


def _codes(raw: RawColumn, column: Column) -> Array:
    """Places among the categories that the data set knows; one more for texts that are new."""
    places = {text: float(place) for place, text in enumerate(raw.categories)}
    if column.kind == "category":
        known = [places.get(text, float(raw.other)) for text in column.categories]
        return np.asarray(np.array([*known, np.nan])[column.values])
    levels, codes = np.unique(column.values, return_inverse=True)  # NaN comes last
    known = [
        np.nan if np.isnan(level) else places.get(label, float(raw.other))
        for level, label in zip(levels, class_labels(column, levels), strict=True)
    ]
    return np.asarray(np.array(known)[codes])
