import math

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.statistics import MOST_SEEDS, band, differences, holm, interval, seeds_needed

SCORES = [0.912, 0.931, 0.905, 0.918, 0.927]


def by_seed(*scores):
    return dict(enumerate(scores))


def only(values, **options):
    (difference,) = differences(values, **options)
    return difference


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


def test_differences_are_scipys_paired_t_test():
    other = [0.90, 0.925, 0.90, 0.905, 0.925]
    difference = only({"a": by_seed(*SCORES), "b": by_seed(*other)})
    expected = stats.ttest_rel(SCORES, other)
    limits = expected.confidence_interval(0.95)
    assert difference.p == difference.p_holm == pytest.approx(expected.pvalue)
    assert (difference.interval.low, difference.interval.high) == pytest.approx(
        (limits.low, limits.high)
    )
    assert difference.told_apart


def test_pairing_takes_the_luck_of_the_seed_out():
    luck = np.array([0.0, 0.1, -0.1, 0.05])  # far larger than the difference of 0.01
    a, b = luck + 0.51 + np.array([1, -1, 1, -1]) * 1e-3, luck + 0.5
    assert only({"a": by_seed(*a), "b": by_seed(*b)}).told_apart
    assert stats.ttest_ind(a, b).pvalue > 0.8


def test_the_order_of_arms_only_turns_the_sign():
    a, b = by_seed(0.9, 0.8, 0.85), by_seed(0.7, 0.75, 0.72)
    one, two = only({"a": a, "b": b}), only({"b": b, "a": a})
    assert one.interval.mean == -two.interval.mean
    assert (one.p, one.sd, one.seeds_needed) == (two.p, two.sd, two.seeds_needed)


def test_only_shared_seeds_are_compared():
    difference = only({"a": {0: 0.9, 1: 0.8, 2: 0.1}, "b": {1: 0.7, 0: 0.7, 3: 0.0}})
    assert difference.interval.n == 2
    assert difference.interval.mean == pytest.approx(0.15)


def test_arms_that_share_fewer_than_two_seeds_are_not_compared():
    values = {"a": {0: 0.9, 1: 0.8}, "b": {1: 0.7, 2: 0.6}, "c": {0: 0.5, 1: 0.55}}
    assert [(d.arm, d.other) for d in differences(values)] == [("a", "c")]
    assert differences({}) == differences({"a": by_seed(1.0, 2.0)}) == []


def test_holm_by_hand():
    # sorted: 0.005 * 4, 0.01 * 3, 0.03 * 2, 0.04 * 1 -> 0.04 may not be below the one before
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_never_lowers_and_never_exceeds_one():
    assert holm([0.3]) == [0.3]
    assert holm([0.5, 0.9, 0.6]) == [1.0, 1.0, 1.0]
    assert holm([]) == []


def test_holm_keeps_false_alarms_rare():
    # six arms that are all the same: among 15 pairs, some pair is told apart in at most 5 %
    rng = np.random.default_rng(0)
    alarms = [
        any(d.told_apart for d in differences({k: by_seed(*rng.normal(size=5)) for k in "abcdef"}))
        for _ in range(200)
    ]
    assert np.mean(alarms) <= 0.08  # 0.05 and two standard errors


def test_all_pairs_are_corrected_together():
    values = {
        "a": by_seed(0.90, 0.91, 0.92),
        "b": by_seed(0.80, 0.83, 0.81),
        "c": by_seed(0.79, 0.80, 0.83),
    }
    pairs = differences(values)
    assert len(pairs) == 3
    assert [d.p_holm for d in pairs] == holm([d.p for d in pairs])
    assert all(d.p_holm >= d.p for d in pairs)


def test_equal_arms_are_not_told_apart_for_want_of_variance():
    same = by_seed(0.9, 0.9, 0.9)
    for resolution in (0.0, 1 / 360):
        difference = only({"a": same, "b": dict(same)}, resolution=resolution)
        assert (difference.interval.mean, difference.p, difference.seeds_needed) == (0, 1, None)
        assert not difference.told_apart


def test_a_difference_that_never_varies_is_certain_where_values_are_exact():
    difference = only({"a": by_seed(0.3, 0.2, 0.1), "b": by_seed(0.4, 0.3, 0.2)})
    assert difference.told_apart
    assert (difference.p, difference.sd) == (0, 0)
    assert difference.interval.low == difference.interval.high == pytest.approx(-0.1)


def test_a_difference_of_one_row_with_every_seed_is_not_certain():
    a, b = by_seed(*[301 / 360] * 3), by_seed(*[300 / 360] * 3)
    difference = only({"a": a, "b": b}, resolution=1 / 360)
    assert 0.01 < difference.p < 0.2
    assert difference.interval.low < difference.interval.mean < difference.interval.high


def test_rounding_errors_are_no_difference():
    # 0.95 - 0.94 and 0.93 - 0.94 don't quite cancel in floating point
    difference = only({"a": by_seed(0.95, 0.93), "b": by_seed(0.94, 0.94)})
    assert (difference.interval.mean, difference.p) == (0, 1)
    tiny = only({"a": by_seed(0.1 + 0.2, 0.3), "b": by_seed(0.3, 0.3)})
    assert (tiny.interval.mean, tiny.p) == (0, 1)


def test_seeds_needed_have_the_power_promised():
    # the power of the paired t-test from the noncentral t-distribution
    for effect in (0.4, 0.7, 1.0, 2.0):
        n = seeds_needed(effect, 1.0)
        limit = stats.t.ppf(0.975, n - 1)
        assert 0.75 < stats.nct.sf(limit, n - 1, effect * math.sqrt(n)) < 0.93


def test_seeds_needed_grow_with_noise_and_with_pairs_and_shrink_with_the_effect():
    assert seeds_needed(0.01, 0.01) < seeds_needed(0.01, 0.02) < seeds_needed(0.01, 0.05)
    assert seeds_needed(0.05, 0.02) < seeds_needed(0.02, 0.02) < seeds_needed(0.005, 0.02)
    assert seeds_needed(0.01, 0.02, 1) < seeds_needed(0.01, 0.02, 6) < seeds_needed(0.01, 0.02, 78)
    assert seeds_needed(-0.01, 0.02) == seeds_needed(0.01, 0.02)


def test_seeds_needed_has_ends():
    assert seeds_needed(0.0, 0.01) is None
    assert seeds_needed(0.0, 0.0) is None
    assert seeds_needed(1e-6, 1.0) is None
    assert seeds_needed(1.0, 0.0) == 2
    assert 2 < seeds_needed(0.1, 1.0) <= MOST_SEEDS


def test_scores_whose_squares_overflow_have_a_difference_without_an_interval():
    difference = only({"a": by_seed(1e200, 3.0, 1.0), "b": by_seed(1.0, 3.0, 2.0)})
    assert difference.interval.half is None
    assert not difference.told_apart
