"""Whether a column can be predicted, as classes or as a number."""

import numpy as np

from nncore.datasets.own.csv_table import MOST_CLASSES, Column, class_labels
from nncore.system.arrays import Array
from nncore.system.errors import InvalidSetting

LEAST_OF_A_CLASS = 5  # one of them falls into the test part
MOST_LETTERS = 100  # of a class: legends and tables must hold it


def class_sizes(target: Column, kept: Array) -> tuple[dict[str, int], Array, str]:
    """(class -> rows, (rows,) which rows are kept, what to say of those that aren't).

    Rows of classes that are too rare are left out. Raises InvalidSetting when nothing is to learn.
    """
    values, counts = np.unique(target.values[kept], return_counts=True)
    name = target.name
    enough = counts >= LEAST_OF_A_CLASS
    if enough.sum() > MOST_CLASSES or len(values) > MOST_CLASSES + (~enough).sum():
        other = ", or take regression" if target.kind == "number" else ""
        raise InvalidSetting(
            f"{name} has {len(values):,} classes, but at most {MOST_CLASSES} can be told apart "
            f"here. Choose another target{other}."
        )
    if len(values) == 1:
        raise InvalidSetting(
            f"{name} has one class only ({class_labels(target, values)[0]}) in the rows "
            "that are kept, so there is nothing to tell apart. Choose another target."
        )
    labels = class_labels(target, values)
    sizes = dict(zip(labels, counts.tolist(), strict=True))
    rare = [f"{label} ({n})" for label, n in sizes.items() if n < LEAST_OF_A_CLASS]
    more = ", ..." if len(rare) > 5 else ""
    if enough.sum() < 2:
        other = ", or take regression" if target.kind == "number" else ""
        raise InvalidSetting(
            f"{name} has {len(values):,} classes. Each needs at least {LEAST_OF_A_CLASS} rows, "
            f"to be trained on and tested; too rare: {', '.join(rare[:5])}{more}. Choose "
            f"another target{other}."
        )
    note = ""
    if rare:
        kept = kept & np.isin(target.values, values[enough])
        note = (
            f"Left out, because each class needs at least {LEAST_OF_A_CLASS} rows: "
            f"{', '.join(rare[:5])}{more}."
        )
    left = {label: n for label, n in sizes.items() if n >= LEAST_OF_A_CLASS}
    longest = max(map(len, left))
    if longest > MOST_LETTERS:
        raise InvalidSetting(
            f"{name} holds texts of up to {longest:,} characters, but classes may have at most "
            f"{MOST_LETTERS}: choose another target or shorten them."
        )
    return left, kept, note


def check_number(target: Column, kept: Array) -> None:
    """Raise InvalidSetting for a column that is no number to predict."""
    if target.kind == "category":
        raise InvalidSetting(
            f"{target.name} holds texts, but regression predicts a number. Take "
            "classification or choose another target."
        )
    values = target.values[kept]
    if not (values != values[0]).any():
        raise InvalidSetting(
            f"{target.name} has the same value in every row that is kept, so there is "
            "nothing to predict. Choose another target."
        )
