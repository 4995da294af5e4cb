"""Shares that trained, against scipy's Fisher test and statsmodels' Holm."""

import warnings

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.reliability import Trained, compare_shares, fisher, holm


@pytest.mark.parametrize("seed", range(5))
def test_fishers_test_is_scipys(seed):
    rng = np.random.default_rng(seed)
    for _ in range(40):
        of = rng.integers(1, 30, 2)
        trained = [int(rng.integers(0, n + 1)) for n in of]
        table = [[t, int(n) - t] for t, n in zip(trained, of, strict=True)]
        a, b = (Trained(t, int(n)) for t, n in zip(trained, of, strict=True))
        assert fisher(a, b) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6)


@pytest.mark.slow
def test_holm_is_that_of_statsmodels():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsmodels.stats.multitest import multipletests
    for p in ([0.01, 0.04, 0.03, 0.005], [0.3], [0.5, 0.9, 0.6], [0.02] * 5):
        assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
    assert holm([]) == []


def test_shares_that_differ_by_far_are_told_apart():
    runs = {"a": Trained(20, 20), "b": Trained(4, 20)}
    (pair,) = compare_shares(runs, plan=20, seeds=20)
    assert pair.told_apart
    assert pair.p_adjusted > stats.fisher_exact([[20, 0], [4, 16]]).pvalue


def test_a_few_runs_tell_nothing():
    runs = {"a": Trained(3, 3), "b": Trained(0, 3)}
    (pair,) = compare_shares(runs, plan=3, seeds=3)
    assert not pair.told_apart
    assert compare_shares(runs, plan=5, seeds=3) == []


def test_who_trains_with_four_of_ten_is_not_reliable():
    assert [Trained(n, 10).is_reliable for n in (4, 7, 8, 10)] == [False, False, True, True]
    assert not Trained(0, 0).is_reliable
