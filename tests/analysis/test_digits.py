"""Numbers with no more digits than are known."""

import pytest

from nncore.analysis.digits import as_far_as, decimals_for, plus_minus, rounded, spread
from nncore.analysis.statistics import Interval


@pytest.mark.parametrize(
    ("half", "decimals"),
    [(2.5, 1), (3.4, 0), (0.9, 1), (0.29, 2), (0.1, 2), (0.034, 2), (12, 0), (34, -1), (2_500, -2)],
)
def test_an_interval_has_one_digit_or_two_where_the_first_is_small(half, decimals):
    assert decimals_for(half) == decimals
    assert abs(float(rounded(half, decimals).replace(",", "")) - half) <= 0.17 * half


@pytest.mark.parametrize(
    ("mean", "half", "options", "text"),
    [
        (0.95, 0.02484, {"share": True}, "95.0 % ± 2.5"),
        (0.9512, 0.0342, {"share": True}, "95 % ± 3"),
        (0.9512, 0.00042, {"share": True}, "95.1 % ± <0.1"),
        (0.9512, None, {"share": True}, "95.1 %"),
        (0.9512, 0.0, {"share": True}, "95.1 %"),
        (48.0, 1.987, {"unit": "points"}, "48.0 ± 2.0 points"),
        (48_321.0, 1_234.0, {"unit": "$"}, "48,300 ± 1,200 $"),
        (48_321.0, None, {"unit": "$"}, "48,300 $"),
        (0.00123, 0.000456, {}, "0.0012 ± 0.0005"),
        (3.0, 1e-9, {}, "3.0000 ± <0.0001"),
        (-0.02, 0.3, {}, "0.0 ± 0.3"),
    ],
)
def test_a_mean_is_written_as_far_as_its_interval_goes(mean, half, options, text):
    assert plus_minus(Interval(mean, 3, half), **options) == text


@pytest.mark.parametrize(
    ("values", "options", "text"),
    [
        ([8.0, 31.0, 2.7], {"unit": "s"}, "13.9 s, 3 to 31"),
        ([0.1, 0.2, 0.35], {"unit": "s"}, "0.217 s, 0.10 to 0.35"),
        ([1.71, 1.72], {"unit": "s"}, "1.7 s"),
        ([40.0, 3100.0], {"unit": "s"}, "1,570 s, 40 to 3,100"),
        ([4, 5, 4], {"whole": True}, "4.3, 4 to 5"),
        ([5, 5], {"whole": True}, "5"),
        ([2000], {"whole": True}, "2,000"),
        ([], {}, ""),
        ([0.0], {"unit": "s"}, "0 s"),
    ],
)
def test_a_mean_with_its_extremes(values, options, text):
    assert spread(values, **options) == text


def test_digits_beyond_an_interval_are_rounded_off():
    assert as_far_as(48_014_967.3, 49_696_462.5) == 5e7
    assert as_far_as(123.456, 2.0) == 123.5
    assert as_far_as(123.456, None) == 123.456
    assert as_far_as(None, None) is None
