"""What a comparison can show, before it is trained: how large a difference must be to be seen.

That follows from arms and seeds, and from how far scores scatter from seed to seed: as they did in
results on the same data that are stored already, where there are some.
"""

import math
from dataclasses import dataclass
from statistics import median

from sqlalchemy import ColumnElement, Connection, select

from nncore.config.config import Config
from nncore.lab.plans import as_first_planned
from nncore.lab.store.schema import COMPARISON, SUMMARY
from nncore.questions.comparisons import Comparison

_NEWEST = 20  # results that are asked
_FEWEST = 3  # seeds that a spread is told from
_FULL = '"variant": "full"'  # in a body: the other variant is the default


@dataclass(frozen=True)
class Sight:
    """What is seen 4 times in 5, from here on."""

    difference: float | None  # of shares, or in the target's unit; None: no spread is known
    spreads: float  # the same in what scores scatter from seed to seed; inf: nothing is


def sight(connection: Connection, comparison: Comparison) -> Sight:
    """What this comparison's arms and seeds can show. Under 20 ms."""
    from nncore.analysis.planning import visible  # loads SciPy

    arms, seeds = len(comparison.arms), len(comparison.seeds)
    plan = as_first_planned(connection, comparison).plan
    times = visible(1.0, seeds, arms, plan)
    spread = None if math.isinf(times) else _spread(connection, comparison)
    return Sight(None if spread is None else times * spread, times)


def _spread(connection: Connection, comparison: Comparison) -> float | None:
    """How far single scores scattered on the same data: the median of the newest results."""
    from scipy.special import stdtrit

    config = comparison.config(comparison.arms[0])
    query = (
        select(SUMMARY.c.half, SUMMARY.c.seeds)
        .join(COMPARISON, COMPARISON.c.id == SUMMARY.c.comparison_id)
        .where(
            SUMMARY.c.dataset == config.dataset,
            SUMMARY.c.half > 0,
            SUMMARY.c.seeds >= _FEWEST,
            *_same_variant(config),
        )
        .order_by(COMPARISON.c.number.desc())
        .limit(_NEWEST)
    )
    rows = connection.execute(query).all()
    found = [row.half * math.sqrt(row.seeds) / stdtrit(row.seeds - 1, 0.975) for row in rows]
    return float(median(found)) if found else None


def _same_variant(config: Config) -> list[ColumnElement[bool]]:
    if len(config.data.variants) < 2:
        return []
    is_full = COMPARISON.c.body.contains(_FULL)
    return [is_full if config.variant == "full" else ~is_full]
