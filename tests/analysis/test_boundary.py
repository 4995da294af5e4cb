"""The studentized range against scipy, the boundary against its promise."""

import math

import numpy as np
import pytest
from scipy import stats

from benchmarks.worlds import after_each_seed, tail_of_many
from nncore.analysis.blocks import blocks
from nncore.analysis.boundary import CLAIMED, at_one_look, factor, halves, level, share
from nncore.analysis.studentized import quantile, tail


@pytest.mark.parametrize(
    ("arms", "df"), [(2, 1), (2, 9), (3, 4), (4, 6), (8, 14), (16, 30), (32, 90)]
)
def test_the_studentized_range_is_scipys(arms, df):
    q = np.array([0.0, 0.5, 2.0, 3.5, 5.0, 8.0])
    np.testing.assert_allclose(
        tail(q, arms, df), stats.studentized_range.sf(q, arms, df), rtol=2e-5
    )


def test_of_two_arms_it_is_students_t():
    for df in (1, 2, 5, 40, 1000):
        t = np.array([0.3, 1.0, 2.5, 4.0])
        np.testing.assert_allclose(tail(math.sqrt(2) * t, 2, df), 2 * stats.t.sf(t, df), rtol=2e-5)


@pytest.mark.parametrize("chance", [0.2, 0.05, 0.02, 1e-4])
def test_the_quantile_is_where_the_tail_is(chance):
    for arms, df in ((2, 1), (4, 6), (9, 32)):
        assert tail(quantile(chance, arms, df), arms, df) == pytest.approx(chance, rel=1e-6)


def test_a_table_of_many_is_close_enough():
    q = np.random.default_rng(0).uniform(0, 30, 500)
    np.testing.assert_allclose(tail_of_many(q, 5, 8), tail(q, 5, 8), rtol=1e-3)


def test_at_one_look_it_is_tukeys_test():
    rng = np.random.default_rng(1)
    table = rng.normal(size=(4, 6)) + np.arange(4)[:, None]
    found = blocks([dict(enumerate(mine)) for mine in table])
    # scipy's own knows no blocks; the range is over the residual mean square of the blocked table
    means = table.mean(axis=1)
    rests = table - means[:, None] - table.mean(axis=0) + table.mean()
    error = math.sqrt((rests**2).sum() / 15 / 6)
    expected = [
        stats.studentized_range.sf(abs(means[a] - means[b]) / error, 4, 15)
        for a in range(4)
        for b in range(a + 1, 4)
    ]
    pooled = found.variances == 2 * found.pooled
    assert pooled.any()
    np.testing.assert_allclose(at_one_look(found)[pooled], np.array(expected)[pooled], rtol=1e-4)
    assert (at_one_look(found) >= np.array(expected) * 0.9999).all()  # never surer than Tukey


def test_interval_and_p_are_one_test():
    rng = np.random.default_rng(2)
    for _ in range(60):
        arms, seeds = int(rng.integers(2, 7)), int(rng.integers(3, 9))
        sd = np.where(rng.random(arms) < 0.2, 12.0, 1.0)
        table = rng.normal(size=(arms, seeds)) * sd[:, None] + 2 * np.arange(arms)[:, None]
        found = blocks([dict(enumerate(mine)) for mine in table])
        for chance in (0.1, 0.03, 0.001):
            beyond = np.abs(found.gap) > halves(found, chance)
            assert (beyond == (at_one_look(found) < chance)).all()


def test_what_looks_get_falls_and_never_ends():
    for plan in (2, 3, 10):
        given = [share(n, plan) for n in range(1, 200)]
        assert given[:plan] == [1.0] * plan
        assert all(a > b > 0 for a, b in zip(given[plan - 1 :], given[plan:], strict=False))


def test_the_factor_is_between_those_tabulated_and_never_below_one():
    for arms in range(2, 70):
        for plan in (1, 2, 3, 6, 20, 400):
            assert 1 <= factor(arms, plan) < 10
    assert factor(64, 3) > factor(40, 3) > factor(32, 3) > factor(28, 3) > factor(24, 3)
    assert factor(4, 1000) == factor(4, 75)


@pytest.mark.slow
@pytest.mark.parametrize(("arms", "plan"), [(2, 3), (4, 3), (8, 5)])
def test_false_claims_stay_rare_however_often_one_looks(arms, plan):
    rng = np.random.default_rng(arms)
    made = 1500
    scores = rng.normal(size=(made, arms, 30))
    claimed = np.zeros(made, dtype=bool)
    for n, found in after_each_seed(scores, plan):
        p = at_one_look(found, tail_of_many).min(axis=1)
        claimed |= p < level(n, arms, plan)
    assert claimed.mean() <= CLAIMED + 2 * math.sqrt(0.05 * 0.95 / made)
    assert claimed.mean() >= 0.015  # nor is power given away
