import math

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.statistics import band, interval

SCORES = [0.912, 0.931, 0.905, 0.918, 0.927]


@pytest.mark.parametrize("n", [2, 3, 5])
def test_interval_is_scipys_t_interval(n):
    sample = SCORES[:n]
    mean_interval = interval(sample)
    low, high = stats.t.interval(0.95, n - 1, loc=np.mean(sample), scale=stats.sem(sample))
    assert (mean_interval.mean, mean_interval.low, mean_interval.high) == pytest.approx(
        (np.mean(sample), low, high)
    )
    assert mean_interval.n == n


def test_one_value_has_no_interval_and_none_has_nothing():
    one = interval([0.9])
    assert (one.mean, one.n, one.low, one.high) == (0.9, 1, None, None)
    assert interval([]) is None
    assert interval([math.nan, math.inf]) is None


def test_what_is_not_finite_does_not_count():
    assert interval([0.9, math.nan, 0.8, math.inf]) == interval([0.9, 0.8])


def test_equal_values_have_an_interval_without_width():
    same = interval([0.5, 0.5, 0.5])
    assert (same.low, same.high) == (0.5, 0.5)


def test_values_whose_squares_overflow_have_a_mean_and_no_interval():
    huge = interval([1e200, 3e200])
    assert huge.mean == pytest.approx(2e200)
    assert huge.half is None
    mean, low, high = band(np.array([[0.1, 1e200], [0.3, 3e200]]))
    np.testing.assert_allclose(mean, [0.2, 2e200])
    np.testing.assert_array_equal(np.isnan(low), [False, True])
    np.testing.assert_array_equal(np.isnan(high), [False, True])


def test_a_band_is_the_interval_of_every_epoch():
    values = np.array([[0.1, 0.5, 0.7], [0.2, np.nan, np.nan], [0.4, 0.6, np.nan]])
    mean, low, high = band(values)
    for epoch in range(2):
        expected = interval(values[:, epoch])
        assert (mean[epoch], low[epoch], high[epoch]) == pytest.approx(
            (expected.mean, expected.low, expected.high)
        )
    assert mean[2] == 0.7  # one seed: a line and no band
    assert np.isnan([low[2], high[2]]).all()


def test_a_band_of_nothing_is_nothing():
    mean, low, high = band(np.full((3, 2), np.nan))
    assert np.isnan([mean, low, high]).all()
    assert [part.shape for part in band(np.empty((0, 4)))] == [(4,)] * 3


def test_no_interval_leaves_what_is_possible():
    share = interval([0.99, 0.80], least=0.0, most=1.0)
    assert share.high == 1.0
    assert share.low == 0.0
    free = interval([0.99, 0.80])
    assert (free.low, free.high) != (share.low, share.high)
    assert free.half == share.half  # the spread is what it was
    values = np.array([[0.99, 0.1], [0.80, 0.1]])
    _, low, high = band(values, least=0.0, most=1.0)
    assert (low[0], high[0]) == (0.0, 1.0)


def test_seeds_that_agree_on_few_rows_are_not_certain():
    same = interval([27 / 30] * 2, step=1 / 30)
    # no spread counts for less than half a row
    half_a_row = stats.t.interval(0.95, 1, loc=0.9, scale=0.5 / 30 / math.sqrt(2))
    assert (same.low, same.high) == pytest.approx(half_a_row)
    mean, low, high = band(np.full((2, 1), 27 / 30), step=1 / 30)
    assert (mean[0], low[0], high[0]) == pytest.approx((same.mean, same.low, same.high))
    wide = [0.5, 0.9]
    assert interval(wide, step=1 / 30) == interval(wide)


@pytest.mark.parametrize(("share", "seeds"), [(0.7, 2), (0.9, 2), (0.97, 3), (0.97, 5), (0.9, 10)])
def test_means_of_small_validation_sets_cover(share, seeds):
    rng = np.random.default_rng(5)
    made = [
        interval(rng.binomial(30, share, seeds) / 30, step=1 / 30, least=0.0, most=1.0)
        for _ in range(1500)
    ]
    covered = np.mean([each.low - 1e-12 <= share <= each.high + 1e-12 for each in made])
    assert covered >= 0.93 - 2 * math.sqrt(0.93 * 0.07 / 1500)
