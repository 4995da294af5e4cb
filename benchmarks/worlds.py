"""Made-up comparisons: scores of arms whose truth is known, and what each seed count says of them.

Thousands at once, as arrays (comparisons, arms, seeds); `nncore.analysis.blocks` judges them the
same way as a single one.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np

from nncore.analysis.blocks import Blocks
from nncore.analysis.studentized import tail
from nncore.system.arrays import Array


def tail_of_many(q: Array, arms: int, df: int) -> Array:
    """`studentized.tail`, read off a table between whose places it is 1e-4 off at most."""
    places, logs = _tails(arms, df)
    return np.exp(np.interp(q, places, logs))


@lru_cache(maxsize=4096)
def _tails(arms: int, df: int) -> tuple[Array, Array]:
    places = np.concatenate([np.linspace(0, 12, 400), np.geomspace(12.05, 2000, 250)])
    return places, np.log(np.maximum(tail(places, arms, df), 1e-300))


def after_each_seed(
    scores: Array, first: int, floor: float = 0.0, overlap: float = 0.0
) -> Iterator[tuple[int, Blocks]]:
    """(seeds, blocks) at every seed count from `first` on; NaN where a training has no score."""
    made, arms, seeds = scores.shape
    a, b = (np.array(side) for side in zip(*combinations(range(arms), 2), strict=True))
    shared, sums, squares = np.zeros((3, made, len(a)))
    for n in range(1, seeds + 1):
        new = scores[:, a, n - 1] - scores[:, b, n - 1]
        there = np.isfinite(new)
        new = np.where(there, new, 0.0)
        shared, sums, squares = shared + there, sums + new, squares + new**2
        if n < first:
            continue
        with np.errstate(invalid="ignore", divide="ignore"):
            own = np.maximum(squares - sums**2 / shared, 0.0) / (shared - 1)
            gap = sums / shared
        yield n, Blocks(arms, shared, gap, np.where(shared > 1, own, np.nan), floor, overlap)


def spreads(arms: int) -> dict[str, Sequence[float]]:
    """Standard deviations of arms, by name."""
    half = arms // 2
    two = {
        "one arm 2 times": [2.0] + [1.0] * (arms - 1),
        "two arms 2 times": [2.0] * min(2, arms) + [1.0] * max(arms - 2, 0),
        "half the arms 2 times": [2.0] * half + [1.0] * (arms - half),
        "from 1 to 2": list(np.linspace(1, 2, arms)),
        "one arm half": [0.5] + [1.0] * (arms - 1),
    }
    wide = {f"one arm {s} times": [float(s)] + [1.0] * (arms - 1) for s in (3, 4, 5)}
    return {"equal": [1.0] * arms, **two, **wide}
