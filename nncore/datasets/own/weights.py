"""The column of a user's table that says how much each row counts in training."""

import numpy as np

from nncore.datasets.own.csv_table import Column, Table
from nncore.datasets.own.profile import WEIGHT
from nncore.datasets.own.wish import Wish
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting
from nncore.system.wording import listing, times


def weight_column(table: Table, wished: Wish) -> Column | None:
    """That column; None where there is none. Raises InvalidSetting unless it can weigh rows."""
    names = [name for name, role in wished.roles.items() if role == WEIGHT]
    if not names:
        return None
    if len(names) > 1:
        raise InvalidSetting(
            f"One column at most says how much a row counts; {listing(names)} are used as weights."
        )
    column = table.column(names[0])
    if column.kind != "number":
        raise InvalidSetting(
            f"{column.name} holds texts, so it can't say how much a row counts: a weight is a "
            "number from 0 on. Use it as a category."
        )
    values = column.values[column.present]
    if below := int((values < 0).sum()):
        raise InvalidSetting(
            f"{column.name} can't be a weight: a weight must be 0 or more, but "
            f"{times(below, 'row')} of {table.rows:,} have less, down to {values.min():.6g}. Use "
            "it as a number."
        )
    return column


def check_weights(name: str, train: Array) -> None:
    """Raise InvalidSetting where too few training rows (n,) count for anything."""
    if not (np.asarray(train) > 0).sum() > 1:
        raise InvalidSetting(
            f"{name} can't be a weight: no two rows to train on have a weight above 0."
        )
