"""The parts of `benchmarks.verdicts` on what is judged otherwise: splits repeated, and medians."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations

import numpy as np
from scipy.special import bdtr

from benchmarks.report import Report
from benchmarks.worlds import after_each_seed, spreads, tail_of_many
from nncore.analysis.boundary import at_one_look, level
from nncore.system.arrays import Array, Rng

ARMS, LAST, PLAN = (2, 4, 8), 40, 3
POOL, HELD_OUT = 50, 10  # rows, and how many of them validate: 20 %
OVERLAP = HELD_OUT / (POOL - HELD_OUT)
_SEED_NOISE = 0.3  # of a score, beside 1 of a row


def repeated_splits(report: Report, rng: Rng) -> None:
    """Every seed draws its own validation rows, the same for all arms; no arm is better."""
    report.title("Any false claim, splits repeated: 20 % of the rows validate")
    made = max(200, report.made // 4)
    for arms in ARMS:
        for name, draw in SPLIT_WORLDS.items():
            scores = draw(rng, made, arms)
            what = f"{name}, {arms} arms"
            report.share(what, _ever(scores, OVERLAP), most=0.05)
            report.share("    as if seeds were independent", _ever(scores, 0.0))
        scores = _pools(rng, made, arms, learnt=2.0)
        report.share(f"training rows matter as much, {arms} arms", _ever(scores, OVERLAP))
    report.title("Coverage of all stated differences over all looks, about these rows")
    for arms in ARMS:
        u = rng.normal(size=(made, arms, POOL))
        w = 2.0 * rng.normal(size=u.shape)
        truth = u.mean(axis=2) + w.mean(axis=2)  # over all splits of these rows
        covered = _covered(_scored(rng, u, w), truth)
        report.share(f"a pool of rows, {arms} arms", covered, least=0.93)


def _as_assumed(rng: Rng, made: int, arms: int) -> Array:
    """Any two seeds correlated by the share of validation rows, as Nadeau and Bengio have it."""
    shared = HELD_OUT / POOL
    common = rng.normal(size=(made, arms, 1))
    own = rng.normal(size=(made, arms, LAST))
    return math.sqrt(shared) * common + math.sqrt(1 - shared) * own


def _pools(rng: Rng, made: int, arms: int, learnt: float = 0.0) -> Array:
    """Rows drawn from a population in which all arms are equal, and splits of these rows."""
    u = rng.normal(size=(made, arms, POOL))
    return _scored(rng, u, learnt * rng.normal(size=u.shape))


def _scored(rng: Rng, u: Array, w: Array) -> Array:
    """(comparisons, arms, seeds): means of u over rows that validate, of w over those that train.

    u: how hard a row is for an arm. w: what an arm learns from it.
    """
    made, arms, _ = u.shape
    scores = np.empty((made, arms, LAST))
    for seed in range(LAST):
        rows = rng.random((made, POOL)).argsort(axis=1)
        held_out, train = rows[:, None, :HELD_OUT], rows[:, None, HELD_OUT:]
        judged = np.take_along_axis(u, held_out, axis=2).mean(axis=2)
        learnt = np.take_along_axis(w, train, axis=2).mean(axis=2)
        scores[:, :, seed] = judged + learnt
    return scores + _SEED_NOISE * rng.normal(size=scores.shape)


SPLIT_WORLDS: Mapping[str, Callable[[Rng, int, int], Array]] = {
    "correlated as assumed": _as_assumed,
    "a pool of rows": _pools,
}


def _ever(scores: Array, overlap: float) -> Array:
    """(comparisons,): whether any difference is ever claimed."""
    arms = scores.shape[1]
    ever = np.zeros(len(scores), dtype=bool)
    for n, found in after_each_seed(scores, PLAN, overlap=overlap):
        p = np.fmin.reduce(at_one_look(found, tail_of_many), axis=1)
        ever |= p < level(n, arms, PLAN)
    return ever


def _covered(scores: Array, truth: Array) -> Array:
    """(comparisons,): whether all intervals hold the true differences at each look."""
    arms = scores.shape[1]
    true = np.stack([truth[:, a] - truth[:, b] for a, b in combinations(range(arms), 2)], axis=1)
    covered = np.ones(len(scores), dtype=bool)
    for n, found in after_each_seed(scores, PLAN, overlap=OVERLAP):
        off = replace(found, gap=found.gap - true)
        covered &= at_one_look(off, tail_of_many).min(axis=1) >= level(n, arms, PLAN)
    return covered


def medians(
    report: Report, rng: Rng, worlds: Mapping[str, Callable[[Rng, tuple[int, ...]], Array]]
) -> None:
    """Sign tests of all pairs, looked at after every seed."""
    report.title("Any false claim about medians, all arms one distribution or of one median")
    for arms in ARMS:
        for name, draw in worlds.items():
            found = sign_claims(draw(rng, (report.made, arms, LAST)))
            report.share(f"{name}, {arms} arms", found.any(axis=1), most=0.05)
        sd = np.array(spreads(arms)["one arm 5 times"])[:, None]
        found = sign_claims(sd * rng.normal(size=(report.made, arms, LAST)))
        report.share(f"normal, one arm 5 times as wide, {arms} arms", found.any(axis=1), most=0.05)
    report.title("Seeds in the median until one arm 2 sd ahead of all others is told from one")
    for arms in ARMS:
        scores = rng.normal(size=(max(200, report.made // 10), arms, LAST))
        scores[:, 0] += 2.0
        told = sign_claims(scores, pair=0)
        firsts = np.where(told.any(axis=1), PLAN + told.argmax(axis=1), np.inf)
        report.say(f"{arms} arms", f"{np.median(firsts):g}")


def sign_claims(scores: Array, pair: int | None = None) -> Array:
    """(comparisons, looks): whether a sign test claims some pair, or that one."""
    arms = scores.shape[1]
    a, b = (np.array(side) for side in zip(*combinations(range(arms), 2), strict=True))
    gaps = scores[:, a] - scores[:, b]
    not_more, not_less = np.cumsum(gaps <= 0, axis=2), np.cumsum(gaps >= 0, axis=2)
    against = np.minimum(not_more, not_less)[:, :, PLAN - 1 :]
    against = against.min(axis=1) if pair is None else against[:, pair]
    counts = np.arange(PLAN, scores.shape[2] + 1)
    levels = np.array([level(int(n), arms, PLAN) for n in counts])
    return np.asarray(len(a) * 2 * bdtr(against, counts, 0.5) < levels)
