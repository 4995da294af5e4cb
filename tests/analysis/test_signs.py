"""Medians: sign tests and their intervals, against scipy's binomial test and printed tables."""

import math

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.boundary import level
from nncore.analysis.judging import MEDIAN
from nncore.analysis.pairs import Scale, judge_pairs
from nncore.analysis.signs import fewest_signs, sign_chance, sign_interval
from nncore.analysis.statistics import fewer_signs, interval


def only(a, b, plan=10, **scale):
    values = {"a": dict(enumerate(a)), "b": dict(enumerate(b))}
    (pair,) = judge_pairs(values, plan, Scale(centre=MEDIAN, **scale)).pairs
    return pair


@pytest.mark.parametrize("n", [6, 9, 15, 40])
def test_a_sign_test_is_scipys(n):
    gaps = np.random.default_rng(n).normal(0.7, 1, n)
    expected = stats.binomtest(int((gaps > 0).sum()), n).pvalue
    assert sign_chance(gaps, 1) == pytest.approx(expected)
    assert sign_chance(gaps, 6) == pytest.approx(min(1, 6 * expected))
    assert sign_chance(-gaps, 1) == pytest.approx(expected)


def test_ties_count_against_a_claim():
    assert sign_chance(np.zeros(20), 1) == 1.0
    with_tie = sign_chance(np.array([0.0, *[1.0] * 19]), 1)
    assert with_tie > sign_chance(np.ones(20), 1)


# n -> r: Hahn and Meeker, Statistical Intervals, and Conover's table A3: the r-th smallest and
# largest of n hold the median with at least 95 %
@pytest.mark.parametrize(("n", "r"), [(5, 0), (6, 1), (8, 1), (9, 2), (12, 3), (20, 6), (25, 8)])
def test_the_interval_of_a_median_stands_in_tables(n, r):
    assert fewer_signs(n, 0.05) == r
    values = np.random.default_rng(n).permutation(n).astype(float)
    found = interval(values, centre=MEDIAN)
    assert found.mean == np.median(values)
    if r:
        assert (found.low, found.high) == (r - 1, n - r)
    else:
        assert (found.low, found.high) == (None, None)


def test_few_rows_widen_the_interval_of_a_median_and_it_stays_within_what_is_possible():
    found = interval([1.0] * 10, centre=MEDIAN, step=0.1, least=0.0, most=1.0)
    assert (found.low, found.high) == (pytest.approx(0.95), 1.0)


@pytest.mark.parametrize("shift", [0.0, 0.4, 0.9, 1.5])
def test_the_interval_leaves_out_0_exactly_where_the_test_claims(shift):
    rng = np.random.default_rng(3)
    states = set()
    for _ in range(200):
        a = np.round(rng.normal(shift, 1, 14), 1)
        pair = only(a, np.zeros(14))
        assert (pair.low > 0 or pair.high < 0) == (pair.p_adjusted < 0.05)
        assert pair.low <= pair.difference <= pair.high
        states.add(pair.state)
    assert "open" in states or shift > 1


def test_from_so_many_seeds_on_a_median_can_tell():
    for arms, plan in ((2, 3), (4, 3), (8, 5), (2, 20)):
        fewest = fewest_signs(arms, plan)
        tests = math.comb(arms, 2)
        assert tests * stats.binomtest(0, fewest).pvalue < level(fewest, arms, plan)
        if fewest > plan:
            assert tests * stats.binomtest(0, fewest - 1).pvalue >= level(fewest - 1, arms, plan)
    early, late = (only(np.ones(n), np.zeros(n) + 0.01 * np.arange(n), plan=3) for n in (9, 10))
    assert (early.state, early.low, early.high) == ("open", None, None)
    assert early.seeds_needed[0] >= 10
    assert late.state == "better"


def test_a_bad_seed_moves_a_mean_and_no_median():
    a = np.full(12, 0.9) + 0.001 * np.arange(12)
    b = a - 0.05
    spoiled = np.where(np.arange(12) == 4, 0.1, a)
    assert only(spoiled, b, plan=12).state == "better"
    values = {"a": dict(enumerate(spoiled)), "b": dict(enumerate(b))}
    (mean,) = judge_pairs(values, 12, Scale()).pairs
    assert mean.state == "open"


def test_an_interval_without_ends_is_no_interval():
    assert sign_interval(np.arange(4.0), 0.05) is None
