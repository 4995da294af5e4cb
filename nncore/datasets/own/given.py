"""A test part from a second file: the same columns, by name, and never a part of training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nncore.datasets.own.csv_table import Column, Table, class_labels
from nncore.datasets.own.matching import numbers_of, rows_of_columns
from nncore.datasets.own.wish import LEAVE_ROWS_OUT, Wish
from nncore.datasets.recipe.definition import RawColumn
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting
from nncore.system.wording import times

LEAST_TEST_ROWS = 4  # as of the smallest table


@dataclass(frozen=True, eq=False)
class GivenTest:
    """Rows to test with, as the training rows are kept."""

    x: Array  # (rows, raw columns) float64
    y: Array  # (rows,) int64 places among the classes, or float64
    notes: tuple[str, ...]  # what is left out and what is new, in sentences


def given_test(
    table: Table,
    wished: Wish,
    columns: Sequence[RawColumn],
    classes: Sequence[str],
    training: tuple[Array, Array],
    units: Mapping[str, str],
) -> GivenTest:
    """The rows of a file that test what is learnt from another one.

    columns: of the training rows; classes: of theirs, none of a number; training: x and y of them,
    only to count those that are there twice; units: of their numbers. Rows without a target, or
    of a class that training rows don't have, are left out. Raises InvalidSetting for a file that
    can't test.
    """
    if wished.target not in {column.name for column in table.columns}:
        raise InvalidSetting(
            f"{table.filename} lacks {wished.target}, which is to be predicted: rows can only test "
            "where the right answer is known."
        )
    target = table.column(wished.target)
    kept = target.present.copy()
    notes = _left_out(~kept, f"lack {target.name}", table)
    y = (
        _classes(target, classes)
        if classes
        else numbers_of(target, table, units.get(target.name, ""))
    )
    if classes:
        new = kept & (y < 0)
        notes += _left_out(new, "are of classes that training rows don't have", table)
        kept &= ~new
    x = rows_of_columns(columns, table, "training rows have them", units)
    if wished.gaps == LEAVE_ROWS_OUT:
        gaps = kept & np.isnan(x).any(axis=1)
        notes += _left_out(gaps, "lack a value", table)
        kept &= ~gaps
    if kept.sum() < LEAST_TEST_ROWS:
        why = f" {' '.join(notes)}" if notes else ""
        raise InvalidSetting(
            f"{table.filename} has {times(int(kept.sum()), 'row')} to test with, but at least "
            f"{LEAST_TEST_ROWS} are needed.{why}"
        )
    x, y = x[kept], y[kept]
    notes += [*_new_texts(columns, x, table), *_known((x, y), training, table)]
    return GivenTest(x, y, tuple(notes))


def _left_out(rows: Array, why: str, table: Table) -> list[str]:
    count = int(rows.sum())
    return [f"{count:,} of {table.rows:,} rows of {table.filename} {why}: left out."] * bool(count)


def _classes(target: Column, classes: Sequence[str]) -> Array:
    """(rows,) int64 places among the classes; -1 of none."""
    places = {label: place for place, label in enumerate(classes)}
    there = target.present
    y = np.full(len(there), -1)
    y[there] = [places.get(label, -1) for label in class_labels(target, target.values[there])]
    return y


def _new_texts(columns: Sequence[RawColumn], x: Array, table: Table) -> list[str]:
    """That some rows hold texts without a place of their own, column by column."""
    counts = {
        column.name: int((x[:, place] == column.other).sum())
        for place, column in enumerate(columns)
        if column.is_categorical
    }
    named = [f"{name}: {count:,}" for name, count in counts.items() if count]
    if not named:
        return []
    more = f" and {len(named) - 5} more" if len(named) > 5 else ""
    return [f"Rows of {table.filename} with a rare or new text: {', '.join(named[:5])}{more}."]


def _known(rows: tuple[Array, Array], training: tuple[Array, Array], table: Table) -> list[str]:
    """That most rows train, too, as when the same file is given twice."""
    seen = set(map(bytes, np.column_stack(training)))
    count = sum(bytes(row) in seen for row in np.column_stack(rows))
    if 2 * count <= len(rows[1]):
        return []
    return [
        f"{count:,} of {len(rows[1]):,} rows of {table.filename} are among the training rows, too: "
        "scores on them are better than on new ones."
    ]
