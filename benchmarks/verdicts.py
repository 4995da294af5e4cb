"""Whether verdicts keep their promises: false claims, coverage, power, by simulation.

    python -m benchmarks.verdicts [--quick] [--comparisons 10000] [--seed 0]

Every figure stands beside its bound. "At most" is read with two standard errors; a bound that is
missed ends the program with 1. The plan is 3 seeds and looks are taken at each count up to 40
unless a line says otherwise.
"""

import argparse
import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from itertools import combinations

import numpy as np
from scipy.special import stdtr

from benchmarks.repeats import medians, repeated_splits
from benchmarks.report import Report
from benchmarks.worlds import after_each_seed, spreads, tail_of_many
from nncore.analysis.blocks import FEW, Blocks, blocks
from nncore.analysis.boundary import CLAIMED, at_one_look, factor, level, share
from nncore.analysis.pairs import Scale, judge_pairs
from nncore.analysis.planning import enough
from nncore.analysis.reliability import Trained, fisher
from nncore.analysis.statistics import interval
from nncore.system.arrays import Array, Rng

ARMS, LAST, PLAN = (2, 4, 8), 40, 3
ROWS = 300  # validation rows of rounded scores
GUESS = 0.1
TRUE = 0.9  # a share of rows


# worlds without any difference


def normal(rng: Rng, shape: tuple[int, ...]) -> Array:
    return rng.normal(size=shape)


def skewed(rng: Rng, shape: tuple[int, ...]) -> Array:
    """Most runs near the best, a few far below."""
    return -rng.lognormal(sigma=1.0, size=shape)


def rounded(rng: Rng, shape: tuple[int, ...]) -> Array:
    """Accuracies on ROWS rows that scatter by one row."""
    return np.round(TRUE * ROWS + rng.normal(size=shape)) / ROWS


def collapsing(rng: Rng, shape: tuple[int, ...]) -> Array:
    """The same, but a run in ten ends at 50 %, which is no guess: it counts as a score."""
    return np.where(rng.random(shape) < 0.1, np.round(0.5 * ROWS) / ROWS, rounded(rng, shape))


WORLDS = {"normal": normal, "skewed": skewed, "rounded": rounded, "collapses": collapsing}


def floor_of(world: str) -> float:
    return Scale(rows=ROWS).floor if world in ("rounded", "collapses") else 0.0


def smallest(scores: Array, first: int, floor: float = 0.0) -> Array:
    """(comparisons, looks): the smallest chance among pairs at each look."""
    looks = (at_one_look(found, tail_of_many) for _, found in after_each_seed(scores, first, floor))
    return np.stack([np.fmin.reduce(p, axis=1) for p in looks], axis=1)


def claims(p: Array, arms: int, first: int, plan: int = PLAN) -> Array:
    """(comparisons, looks): whether anything is claimed."""
    levels = np.array([level(first + i, arms, plan) for i in range(p.shape[1])])
    return p < levels


def false_claims(report: Report, rng: Rng) -> None:
    report.title("Any false claim, all arms one distribution")
    clicks = np.arange(0, LAST - PLAN + 1, 2)
    for world, draw in WORLDS.items():
        for arms in ARMS:
            scores = draw(rng, (report.made, arms, LAST))
            found = claims(smallest(scores, PLAN, floor_of(world)), arms, PLAN)
            what = f"{world}, {arms} arms"
            report.share(f"{what}, every seed 3 to {LAST}", found.any(axis=1), most=0.05)
            report.share(f"{what}, by clicks of 2", found[:, clicks].any(axis=1), most=0.05)
    for plan in (2, 5, 10, 20):
        for arms in ARMS:
            p = smallest(normal(rng, (report.made, arms, LAST)), plan)
            found = claims(p, arms, plan, plan)
            report.share(f"normal, {arms} arms, plan {plan}", found.any(axis=1), most=0.05)
    for arms in (3, 5, 13, 20):
        p = smallest(normal(rng, (report.made // 4, arms, LAST)), PLAN)
        report.share(f"normal, {arms} arms", claims(p, arms, PLAN).any(axis=1), most=0.05)
    p = smallest(normal(rng, (report.made // 4, 2, 400)), PLAN)
    report.share("normal, 2 arms, every seed 3 to 400", claims(p, 2, PLAN).any(axis=1), most=0.05)


def reliability(report: Report, rng: Rng) -> None:
    """Runs that end as good as a guess are left out of the means and counted for themselves."""
    report.title("Arms of one distribution whose runs get nowhere with some probability")
    for rate in (0.03, 0.1, 0.3, 0.5):
        for arms in ARMS:
            gone = rng.random((report.made, arms, LAST)) < rate
            scores = np.where(gone, np.nan, rounded(rng, gone.shape))
            with np.errstate(invalid="ignore"):
                means = claims(smallest(scores, PLAN, floor_of("rounded")), arms, PLAN).any(axis=1)
            shares = share_claims(gone, arms)
            what = f"{100 * rate:g} %, {arms} arms"
            report.share(f"{what}: means", means)
            report.share(f"{what}: shares", shares)
            report.share(f"{what}: either", means | shares, most=0.05)


def share_claims(gone: Array, arms: int) -> Array:
    """(comparisons,): whether two shares are ever told apart."""
    pairs = np.array(list(combinations(range(arms), 2)))
    lost = np.cumsum(gone, axis=2)
    ever = np.zeros(len(gone), dtype=bool)
    for n in range(PLAN, LAST + 1):
        mine = lost[:, :, n - 1]
        p = _fishers(n)[mine[:, pairs[:, 0]], mine[:, pairs[:, 1]]].min(axis=1)
        ever |= len(pairs) * p * factor(arms, PLAN) / share(n, PLAN) < CLAIMED
    return ever


@lru_cache(maxsize=64)
def _fishers(n: int) -> Array:
    return np.array(
        [[fisher(Trained(a, n), Trained(b, n)) for b in range(n + 1)] for a in range(n + 1)]
    )


def unequal_spreads(report: Report, rng: Rng) -> None:
    report.title("Any false claim, means equal, spreads not")
    for plan in (3, 5, 10):
        for arms in ARMS[1:]:  # the difference of two has one spread
            _spread(report, rng, arms, plan)


def between(report: Report, rng: Rng) -> None:
    report.title("The same between the arms and plans that M is tabulated for")
    for arms, plan in ((3, 6), (5, 3), (5, 6), (7, 4), (10, 3), (10, 6)):
        _spread(report, rng, arms, plan)


def _spread(report: Report, rng: Rng, arms: int, plan: int) -> None:
    for name, sd in spreads(arms).items():
        if name == "equal":
            continue
        scores = rng.normal(size=(report.made, arms, LAST)) * np.array(sd)[:, None]
        found = claims(smallest(scores, plan), arms, plan, plan)
        what = f"{arms} arms, {name}, plan {plan}"
        if max(sd) <= 2:
            report.share(what, found.any(axis=1), most=0.06)
            continue
        since = max(0, FEW - plan)
        report.share(f"{what}, from {FEW} seeds on", found[:, since:].any(axis=1), most=0.07)
        if since:
            report.share(f"{what}, before", found[:, :since].any(axis=1))


def coverage(report: Report, rng: Rng) -> None:
    report.title("Coverage of all stated differences at once")
    for world, draw in WORLDS.items():
        for arms in ARMS:
            shape = (report.made, arms, LAST)
            offsets = np.linspace(0, 4, arms)
            if floor_of(world):
                offsets = np.round(offsets) / ROWS
            scores = draw(rng, shape) + offsets[:, None]
            truth = np.array([a - b for a, b in combinations(offsets, 2)])
            missed = []
            for n, found in after_each_seed(scores, PLAN, floor_of(world)):
                off = replace(found, gap=found.gap - truth)
                p = at_one_look(off, tail_of_many).min(axis=1)
                missed.append(p < level(n, arms, PLAN))
            covered = ~np.array(missed)
            what = f"{world}, {arms} arms"
            report.share(f"{what}, all looks 3 to {LAST}", covered.all(axis=0), least=0.93)
            if world == "normal":
                report.share(f"{what}, the plan's look", covered[0], most=0.99)
                report.share(f"{what}, at {LAST} seeds alone", covered[-1])


def small_sets(report: Report, rng: Rng) -> None:
    report.title("Coverage of means on few validation rows")
    for rows in (30, 100):
        for right in (0.7, 0.9, 0.97):
            for seeds in (2, 3, 5, 10):
                made = rng.binomial(rows, right, (report.made, seeds)) / rows
                ends = [interval(mine, step=1 / rows, least=0.0, most=1.0) for mine in made]
                covered = np.array([e.low - 1e-12 <= right <= e.high + 1e-12 for e in ends])
                what = f"{rows} rows, {100 * right:g} % right, {seeds} seeds"
                report.share(what, covered, least=0.93)


def power(report: Report, rng: Rng) -> None:
    report.title("Power: one arm ahead by so many standard deviations, at the plan's look")
    for arms, seeds, gap, least in (
        (4, 3, 4, 0.65),
        (4, 5, 2, 0.0),
        (8, 3, 4, 0.0),
        (2, 3, 4, 0.0),
    ):
        scores = rng.normal(size=(report.made, arms, seeds))
        scores[:, 0] += gap
        ((_, found),) = after_each_seed(scores, seeds)
        p = at_one_look(found, tail_of_many)[:, 0]
        what = f"{arms} arms, {seeds} seeds, {gap} sd"
        report.share(f"{what}", p < level(seeds, arms, seeds), least=least)
        own = np.abs(found.gap[:, 0]) * np.sqrt(seeds / found.own[:, 0])
        pairs = found.gap.shape[1]
        report.share("    paired t-tests, Bonferroni", 2 * pairs * stdtr(seeds - 1, -own) < CLAIMED)
        mixed = anytime(found, 0, seeds)
        report.share("    anytime-valid t, normal mixture, Bonferroni", mixed)


def anytime(found: Blocks, pair: int, seeds: int, mixing: float = 1.0) -> Array:
    """Whether the other design, an anytime-valid t-test with pooled residuals, claims a pair.

    Reference: Lindon, Ham, Tingley and Bojinov, Anytime-valid linear models, 2022.
    """
    t2 = found.gap[:, pair] ** 2 * seeds / (2 * found.pooled)
    df, shrink = found.df, mixing / (mixing + seeds)
    log_e = 0.5 * np.log(shrink) + (df + 1) / 2 * (np.log1p(t2 / df) - np.log1p(shrink * t2 / df))
    return log_e >= np.log(found.gap.shape[1] / CLAIMED)


def speed(report: Report, rng: Rng) -> None:
    """A fixed design knows its seeds before: as many as see the gap with 80 % at one look."""
    report.title("Median seeds to a true verdict, over those of a design fixed for 80 % power")
    made = max(200, report.made // 10)
    for arms in ARMS:
        for gap, seeds in ((2.0, 40), (1.0, 120), (0.6, 300)):
            scores = rng.normal(size=(made, arms, seeds))
            scores[:, 0] += gap
            one, ours, other = [], [], []
            for n, found in after_each_seed(scores, PLAN):
                p = at_one_look(found, tail_of_many)[:, 0]
                one.append(np.mean(p < CLAIMED))
                ours.append(p < level(n, arms, PLAN))
                other.append(anytime(found, 0, n))
            counts = np.arange(PLAN, seeds + 1)
            half, fixed = (counts[np.argmax(np.array(one) >= power)] for power in (0.5, 0.8))
            median, mixed = (_median(np.array(told), counts) for told in (ours, other))
            what = f"{arms} arms, {gap:g} sd: {median:g} seeds, fixed {fixed}"
            report.number(what, median / fixed, most=2.0)
            report.say("", f"({half} for 50 % power; anytime-valid t {mixed:g})")


def _median(told: Array, counts: Array) -> float:
    firsts = np.where(told.any(axis=0), counts[told.argmax(axis=0)], np.inf)
    return float(np.median(firsts))


def ranges(report: Report, rng: Rng) -> None:
    """Whether the range of seeds said where it can't be told yet holds the number it takes."""
    report.title("Seeds needed: how often the range said holds the truth (no bound)")
    for arms, gap in ((2, 1.0), (4, 1.0), (4, 0.6)):
        for seeds in (3, 5, 10):
            truth = enough(gap, math.sqrt(2), arms, PLAN)
            inside, wide = [], []
            for scores in rng.normal(size=(min(report.made, 600), arms, seeds)):
                scores[0] += gap
                pair = judge_pairs(
                    {str(i): dict(enumerate(mine)) for i, mine in enumerate(scores)}, PLAN, Scale()
                ).pairs[0]
                if pair.state == "open" and pair.seeds_needed is not None:
                    low, high = pair.seeds_needed
                    inside.append(low <= truth <= high)
                    wide.append(high / low)
            what = f"{arms} arms, {gap:g} sd, at {seeds} seeds: truth {truth:g}"
            report.share(f"{what}, ends differ {np.median(wide):.0f} times", np.array(inside))


def old(report: Report, rng: Rng) -> None:
    report.title("What it replaces: paired t-tests with Holm's correction, looked at every seed")
    for arms in ARMS:
        scores = normal(rng, (report.made, arms, LAST))
        ever = np.zeros(report.made, dtype=bool)
        for n, found in after_each_seed(scores, PLAN):
            t = np.abs(found.gap) * np.sqrt(n / found.own)
            ever |= (2 * stdtr(n - 1, -t)).min(axis=1) * found.gap.shape[1] < CLAIMED
        report.share(f"normal, {arms} arms, every seed 3 to {LAST}", ever)


def agreement(rng: Rng) -> None:
    """The simulation judges as the pages do: one comparison at a time, scores by arm and seed."""
    for arms, seeds in ((2, 3), (4, 5), (8, 3), (5, 12)):
        scores = rng.normal(size=(40, arms, seeds)) * np.where(np.arange(arms) == 1, 9, 1)[:, None]
        *_, (_, together) = after_each_seed(scores, PLAN)
        for i, mine in enumerate(scores):
            one = judge_pairs(
                {str(a): dict(enumerate(v)) for a, v in enumerate(mine)}, PLAN, Scale()
            )
            alone = blocks([dict(enumerate(v)) for v in mine])
            np.testing.assert_allclose(together.variances[i], alone.variances, rtol=1e-9)
            p = np.minimum(1, at_one_look(alone) * CLAIMED / level(seeds, arms, PLAN))
            np.testing.assert_allclose([pair.p_adjusted for pair in one.pairs], p, rtol=1e-9)


def parts() -> Iterator[Callable[[Report, Rng], None]]:
    yield from (old, false_claims, reliability, unequal_spreads, coverage, small_sets)
    yield from (power, speed, ranges, between)
    yield from (repeated_splits, partial(medians, worlds=WORLDS))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--comparisons", type=int, default=10_000, help="a cell")
    parser.add_argument("--quick", action="store_true", help="1,000 comparisons a cell")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    report = Report(1000 if options.quick else options.comparisons)
    print(f"{report.made:,} comparisons a cell, seed {options.seed}")
    agreement(np.random.default_rng(options.seed))
    for i, part in enumerate(parts()):
        part(report, np.random.default_rng([options.seed, i]))
    print(f"\n{report.missed} bounds missed" if report.missed else "\nAll bounds kept")
    return min(report.missed, 1)


if __name__ == "__main__":
    sys.exit(main())
