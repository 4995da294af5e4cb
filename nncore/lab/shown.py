"""Test scores that somebody wanted to see.

They are folded away until then, because whoever compares many arms by them has used them up. That
they were shown is stored once per comparison and data set; how many comparisons on the same rows
that holds for stands beside them. Asking the same again, with these seeds or more, is no further
comparison.
"""

import time

from sqlalchemy import Connection, distinct, func, insert, select

from nncore.lab.intent import stored
from nncore.lab.store.schema import SHOWN, SUMMARY
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
    if not is_shown(connection, public_id):
        values = {"comparison_id": public_id, "dataset": test_rows(comparison)}
        connection.execute(insert(SHOWN), {**values, "shown_at": time.time()})


def is_shown(connection: Connection, public_id: str) -> bool:
    """Whether that comparison's were."""
    known = select(SHOWN).where(SHOWN.c.comparison_id == public_id)
    return connection.execute(known).first() is not None


def looks(connection: Connection, comparison: Comparison) -> int:
    """For how many comparisons on the same test rows their scores were shown."""
    asked = func.coalesce(func.nullif(SUMMARY.c.compared, ""), SHOWN.c.comparison_id)
    query = (
        select(func.count(distinct(asked)))
        .select_from(SHOWN)
        .outerjoin(SUMMARY, SUMMARY.c.comparison_id == SHOWN.c.comparison_id)
        .where(SHOWN.c.dataset == test_rows(comparison))
    )
    return connection.execute(query).scalar_one()
