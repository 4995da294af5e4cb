"""A user's table and choices -> the arrays of a data set, kept. For child processes."""

from collections.abc import Sequence

from nncore.datasets.definition import Dataset
from nncore.datasets.files import fingerprint
from nncore.datasets.own.choice import Choice, Plan
from nncore.datasets.own.csv_table import Table
from nncore.datasets.own.store import clean_label, keep, own_by_name
from nncore.datasets.splits import without_test
from nncore.system.errors import InvalidSetting

MOST_SETS = 100  # kept on this machine, so that a shared one isn't filled up


def make(
    table: Table, target: str, features: Sequence[str], task: str, label: str, owner: str
) -> Dataset:
    """Keep a table as a data set; see `own.upload.add`. Takes several times its size."""
    label = clean_label(label)
    choice = Choice(table, target, tuple(features), task)
    planned = choice.plan()
    raw = without_test(choice.x(), choice.y(), stratify=bool(planned.classes))
    about = {
        "label": label,
        "text": _description(table, target, planned),
        "file": " ".join(table.filename.split())[:100],
        "task": planned.task,
        "target": target,
        "classes": list(planned.classes),
        "features": list(planned.columns),
        "train": len(raw.x_train),
        "test": len(raw.x_test),
        "sha256": fingerprint(raw.arrays()),
    }
    if len(own_by_name()) >= MOST_SETS:
        raise InvalidSetting(
            f"{MOST_SETS} tables are kept here already, which is the most: somebody must delete "
            "one first."
        )
    return keep(about, raw, owner)


def _description(table: Table, target: str, planned: Plan) -> str:
    text = f"{planned.rows:,} rows of {table.filename}, to predict {target}."
    return " ".join([text, *planned.notes])
