"""Results that come along: what each question's starting point gave, shown before the first run.

Built by `python -m tools.build_examples`, through the lab like any other comparison.
"""

import json
from functools import cache
from pathlib import Path

from nncore.export.json import read_snapshot
from nncore.results.snapshots import Snapshot

FOLDER = Path(__file__).parent
_ID = "example-"  # no stored comparison's id begins so


@cache
def example(question: str) -> Snapshot | None:
    """The finished comparison that comes along for a question; None where there is none.

    It is read once, so that what is made of it is made once, too.
    """
    path = FOLDER / f"{question}.json"
    return read_snapshot(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def example_id(question: str) -> str:
    """The id of a question's example."""
    return _ID + question


def is_example(snapshot: Snapshot) -> bool:
    """Whether these results came along and are in no store."""
    return snapshot.id.startswith(_ID)
