"""Blocks against the analysis of variance: a textbook table, and statsmodels."""

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from nncore.analysis.blocks import Blocks, blocks

# Box, Hunter and Hunter, Statistics for Experimenters, 1978, table 7.1: the yield of penicillin,
# four ways to make it on five blends. Their table of variance: residual 226 with 12 degrees of
# freedom, that is 18.8.
PENICILLIN = {
    "A": [89, 84, 81, 87, 79],
    "B": [88, 77, 87, 92, 81],
    "C": [97, 92, 87, 89, 80],
    "D": [94, 79, 85, 84, 88],
}


def by_seed(values):
    return {seed: float(v) for seed, v in enumerate(values) if np.isfinite(v)}


def residual(table):
    """Residual mean square and degrees of freedom, by statsmodels."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsmodels.formula.api import ols
        from statsmodels.stats.anova import anova_lm
    rows = [(a, s, v) for a, mine in enumerate(table) for s, v in enumerate(mine) if np.isfinite(v)]
    data = pd.DataFrame(rows, columns=["arm", "seed", "score"])
    found = anova_lm(ols("score ~ C(arm) + C(seed)", data).fit()).loc["Residual"]
    return found["mean_sq"], found["df"]


def test_the_textbook_table():
    found = blocks([by_seed(v) for v in PENICILLIN.values()])
    assert found.df == 12
    assert found.pooled * found.df == pytest.approx(226)
    # treatments: a sum of squares of 70, here from the gaps of all pairs
    assert 5 * (found.gap**2).sum() / 4 == pytest.approx(70)


@pytest.mark.parametrize(("arms", "seeds"), [(2, 3), (3, 2), (4, 3), (8, 10)])
def test_the_pooled_variance_is_that_of_statsmodels(arms, seeds):
    rng = np.random.default_rng(arms * seeds)
    table = rng.normal(size=(arms, seeds)) + 5 * rng.normal(size=seeds) + np.arange(arms)[:, None]
    found = blocks([by_seed(mine) for mine in table])
    expected, df = residual(table)
    assert found.pooled == pytest.approx(expected)
    assert found.df == df


def test_with_missing_seeds_it_stays_close_and_claims_no_more_freedom():
    rng = np.random.default_rng(1)
    ratios = []
    for _ in range(40):
        table = rng.normal(size=(5, 12)) + 3 * rng.normal(size=12)
        table[rng.random(table.shape) < 0.2] = np.nan
        found = blocks([by_seed(mine) for mine in table])
        if found.wider.any():
            continue
        expected, df = residual(table)
        ratios.append(found.pooled / expected)
        assert found.df <= df
    assert np.mean(ratios) == pytest.approx(1, abs=0.03)
    assert min(ratios) > 0.8
    assert max(ratios) < 1.25


def test_what_a_seed_does_to_all_arms_is_no_scatter():
    rng = np.random.default_rng(2)
    table, luck = rng.normal(size=(4, 5)), 100 * rng.normal(size=5)
    still, lucky = (blocks([by_seed(mine) for mine in t]) for t in (table, table + luck))
    np.testing.assert_allclose(lucky.variances, still.variances, rtol=1e-9)
    np.testing.assert_allclose(lucky.gap, still.gap, rtol=1e-9)


def test_two_arms_are_their_paired_differences():
    a, b = [0.9, 0.8, 0.85, 0.7], [0.7, 0.75, 0.72, 0.71]
    found = blocks([by_seed(a), by_seed(b)])
    assert found.variances == pytest.approx([np.var(np.subtract(a, b), ddof=1)])
    assert found.df == 3


def test_an_arms_own_variance_is_found_behind_the_luck_of_the_seeds():
    rng = np.random.default_rng(3)
    sd = np.array([1.0, 2.0, 3.0, 0.5])
    table = rng.normal(size=(4, 4000)) * sd[:, None] + 7 * rng.normal(size=4000)
    found = blocks([by_seed(mine) for mine in table])
    own = found._arm_variances(np.ones(4, dtype=bool))
    np.testing.assert_allclose(np.sqrt(own), sd, rtol=0.06)
    for (a, b), variance in zip(combinations(range(4), 2), found.variances, strict=True):
        assert variance >= 0.9 * (sd[a] ** 2 + sd[b] ** 2)


def test_a_wild_arm_is_named_and_does_not_hide_the_others():
    rng = np.random.default_rng(4)
    calm = rng.normal(size=(4, 6))
    alone = blocks([by_seed(mine) for mine in calm])
    wild = blocks([by_seed(mine) for mine in [*calm, 100 * rng.normal(size=6)]])
    assert wild.wider.tolist() == [False] * 4 + [True]
    assert not alone.wider.any()
    assert wild.pooled == pytest.approx(alone.pooled)
    assert wild.df == alone.df
    pairs = list(combinations(range(5), 2))
    assert [4 in pair for pair in pairs] == wild.alone.tolist()


def test_of_two_arms_nobody_knows_which_is_wild():
    rng = np.random.default_rng(5)
    found = blocks([by_seed(rng.normal(size=9)), by_seed(100 * rng.normal(size=9))])
    assert not found.wider.any()


def test_a_score_is_never_surer_than_the_floor():
    same = by_seed([0.5, 0.5, 0.5])
    found = blocks([same, same, same], floor=0.01)
    assert found.variances == pytest.approx([0.02] * 3)


def test_rounding_errors_are_no_difference():
    # 0.95 - 0.94 and 0.93 - 0.94 don't quite cancel in floating point
    assert blocks([by_seed([0.95, 0.93]), by_seed([0.94, 0.94])]).gap == pytest.approx(0, abs=1e-15)
    tiny = blocks([by_seed([0.1 + 0.2, 0.3]), by_seed([0.3, 0.3])])
    assert (tiny.gap, tiny.own) == (0, 0)


def test_many_comparisons_at_once_are_judged_as_one():
    rng = np.random.default_rng(6)
    tables = rng.normal(size=(50, 4, 5)) * np.array([1, 1, 1, 9])[:, None]
    single = [blocks([by_seed(mine) for mine in table]) for table in tables]
    together = Blocks(
        4, *(np.stack([getattr(b, n) for b in single]) for n in ("seeds", "gap", "own"))
    )
    for name in ("wider", "alone", "pooled", "df", "variances"):
        expected = np.stack([getattr(b, name) for b in single])
        np.testing.assert_allclose(getattr(together, name), expected, rtol=1e-12)
