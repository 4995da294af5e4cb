"""Tabulate M, the factor of `nncore.analysis.boundary`, by simulation.

    python -m tools.build_factors [--comparisons 16000]

Normal scores, arms without any difference, a look at every seed count from the plan to the most
seeds a comparison may have. M is the least factor that keeps the share of comparisons with any
false claim to 5 % where all arms scatter alike, to 6 % where no spread is twice another's, and,
from 5 seeds on, to 7 % where one arm scatters 3, 4 or 5 times as far. Written to
nncore/analysis/factors.py; takes about an hour.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.worlds import after_each_seed, spreads, tail_of_many
from nncore.analysis.blocks import FEW
from nncore.analysis.boundary import CLAIMED, at_one_look, share
from nncore.questions.comparisons import MOST_TRAININGS
from nncore.system.arrays import Array, Rng

SEED = 20261130
ARMS = (2, 3, 4, 6, 8, 12, 16, 24, 32)
MANY = 12  # arms from which a quarter of the comparisons is made
PLANS = (2, 3, 4, 5, 7, 10, 15, 22, 33, 50, 75)
WITHIN_2, WIDE = 0.06, 0.07  # false claims kept to, where spreads differ so
WIDE_FROM = 3.0
AT_ONCE = 20_000_000  # numbers in memory
FILE = Path(__file__).parents[1] / "nncore/analysis/factors.py"
HEAD = '''"""M, the factor of `nncore.analysis.boundary`: a row per number of arms, a column a plan.

Written by `python -m tools.build_factors`, which says what it keeps.
"""

'''


def smallest_p(arms: int, sd: Sequence[float], made: int, rng: Rng) -> Array:
    """(comparisons, looks): the smallest chance among pairs at each look, from 2 seeds on."""
    seeds = MOST_TRAININGS // arms
    batch = max(100, AT_ONCE // (arms * max(seeds, arms * arms)))
    parts = []
    for start in range(0, made, batch):
        scores = rng.normal(size=(min(batch, made - start), arms, seeds)) * np.array(sd)[:, None]
        looks = (at_one_look(found, tail=tail_of_many) for _, found in after_each_seed(scores, 2))
        parts.append(np.stack([p.min(axis=1) for p in looks], axis=1).astype(np.float32))
    return np.concatenate(parts)


def factors_of(arms: int, made: int) -> list[float]:
    """M for every plan; plans beyond the most seeds there may be have the last one's."""
    rng = np.random.default_rng([SEED, arms])
    needed = np.zeros(len(PLANS))
    for name, sd in spreads(arms).items():
        kept, first = (CLAIMED, 2) if name == "equal" else (WITHIN_2, 2)
        if max(sd) >= WIDE_FROM:
            kept, first = WIDE, FEW
        p = smallest_p(arms, sd, made, rng)
        looks = np.arange(2, 2 + p.shape[1])
        for column, plan in enumerate(PLANS):
            counted = looks >= max(plan, first)
            if counted.any():
                shares = np.array([share(n, plan) for n in looks[counted]])
                rarest = np.quantile((p[:, counted] / shares).min(axis=1), kept)
                needed[column] = max(needed[column], CLAIMED / rarest)
        print(f"{arms} arms, {name}: {np.round(needed, 2)}", flush=True)
        if arms == 2:
            break  # the difference of two has one spread
    for column in range(1, len(PLANS)):
        needed[column] = needed[column] or needed[column - 1]
    return [max(1.0, factor) for factor in needed]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--comparisons", type=int, default=16_000)
    made = parser.parse_args().comparisons
    rows = []
    for arms in ARMS:
        factors = factors_of(arms, made // 4 if arms >= MANY else made)
        rows.append(", ".join(f"{factor:.2f}" for factor in factors))
    table = "\n".join(f"    ({row})," for row in rows)
    FILE.write_text(f"{HEAD}ARMS = {ARMS}\nPLANS = {PLANS}\nFACTORS = (\n{table}\n)\n")


if __name__ == "__main__":
    main()
