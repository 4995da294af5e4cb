"""Test scores that somebody wanted to see.

They are folded away until then, because whoever compares many arms by them has used them up. That
they were shown is stored once per comparison and data set; how many comparisons on the same rows
that holds for stands beside them.
"""

import time

from sqlalchemy import Connection, func, insert, select

from nncore.lab.intent import stored
from nncore.lab.store.schema import SHOWN
from nncore.questions.comparisons import Comparison
from nncore.system.owners import Visitor


def test_rows(comparison: Comparison) -> str:
    """Which test rows a comparison has, as the store says it: "mnist:extract"."""
    config = comparison.config(comparison.arms[0])
    return f"{config.dataset}:{config.variant}"


def show(connection: Connection, public_id: str, by: Visitor) -> None:
    """Store that a comparison's test scores are looked at.

    Raises InvalidSetting when there is none of that id that `by` may see.
    """
    comparison, _, _ = stored(connection, public_id, by)
    rows = test_rows(comparison)
    known = select(SHOWN).where(SHOWN.c.comparison_id == public_id, SHOWN.c.dataset == rows)
    if connection.execute(known).first() is None:
        values = {"comparison_id": public_id, "dataset": rows, "shown_at": time.time()}
        connection.execute(insert(SHOWN), values)


def looks(connection: Connection, comparison: Comparison) -> int:
    """For how many comparisons on the same test rows their scores were shown."""
    query = select(func.count()).select_from(SHOWN)
    return connection.execute(query.where(SHOWN.c.dataset == test_rows(comparison))).scalar_one()
