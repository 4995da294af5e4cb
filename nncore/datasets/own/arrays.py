"""A user's table and choices -> the arrays of a data set, kept. For child processes."""

from typing import Any

from nncore.datasets.definition import Dataset, Raw
from nncore.datasets.files import fingerprint
from nncore.datasets.own.alike import kept_how
from nncore.datasets.own.choice import Choice, Plan
from nncore.datasets.own.csv_table import Table
from nncore.datasets.own.store import clean_label, keep, own_by_name
from nncore.datasets.own.wish import Wish
from nncore.datasets.splits import mixed, without_test
from nncore.system.errors import InvalidSetting

MOST_SETS = 100  # kept on this machine, so that a shared one isn't filled up


def make(
    table: Table, wished: Wish, label: str, owner: str, test_file: Table | None = None
) -> Dataset:
    """Keep a table as a data set; see `own.upload.add`. Takes several times its size."""
    label = clean_label(label)
    choice = Choice(table, wished, test_file)
    planned = choice.plan()
    raw = _split(choice)
    about: dict[str, Any] = {
        "label": label,
        "text": _description(table, wished.target, planned, test_file),
        "file": " ".join(table.filename.split())[:100],
        "task": planned.task,
        "target": wished.target,
        "classes": list(planned.classes),
        "features": [column.name for column in planned.recipe.columns],
        "recipe": planned.recipe.to_json(),
        "how": kept_how(table, {*planned.features, wished.target}),
        "train": len(raw.x_train),
        "test": len(raw.x_test),
        "sha256": fingerprint(raw.arrays()),
    }
    if test_file is not None:
        about["test_given"] = True
    if len(own_by_name()) >= MOST_SETS:
        raise InvalidSetting(
            f"{MOST_SETS} tables are kept here already, which is the most: somebody must delete "
            "one first."
        )
    return keep(about, raw, owner)


def _split(choice: Choice) -> Raw:
    x, y = choice.x(), choice.y()
    if choice.given is not None:
        if not choice.wished.by_time:
            order = mixed(len(y), choice.groups)
            x, y = x[order], y[order]
        return Raw(x, y, choice.given.x, choice.given.y)
    if choice.wished.by_time:  # in order, so that "last" is newest
        n = len(y) - len(choice.test)
        return Raw(x[:n], y[:n], x[n:], y[n:])
    return without_test(x, y, stratify=choice.classifies, groups=choice.groups)


def _description(table: Table, target: str, planned: Plan, test_file: Table | None) -> str:
    text = f"{planned.rows:,} rows of {table.filename}, to predict {target}."
    if test_file is not None:
        text += f" {planned.test_rows:,} rows of {test_file.filename} test."
    return " ".join([text, *planned.notes])
