"""Splits that share rows: Nadeau and Bengio's variance, and what intervals are said to cover."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.blocks import blocks
from nncore.analysis.boundary import at_one_look, level
from nncore.analysis.overlay import differences
from nncore.analysis.pairs import Scale, judge_pairs
from nncore.analysis.planning import enough, seeds_needed, visible
from nncore.analysis.reading import read
from nncore.analysis.statistics import band, interval
from nncore.analysis.verdict import verdict
from nncore.analysis.words import covers
from nncore.export.json import compare_json
from tests import snapshots

TRAIN, HELD_OUT = 1150, 287  # of digits
A = [0.912, 0.931, 0.905, 0.918, 0.927]
B = [0.90, 0.925, 0.90, 0.905, 0.925]


def repeated(made):
    return replace(made, comparison=replace(made.comparison, repeat_splits=True))


def corrected_t_test(a, b, overlap):
    """(p, halves of the interval): as Nadeau and Bengio print it, section 4.1.

    Their statistic is the mean over sqrt((1/J + n2/n1) S^2), Student with J - 1 degrees.
    """
    gaps = np.subtract(a, b)
    error = math.sqrt((1 / len(gaps) + overlap) * gaps.var(ddof=1))
    return 2 * stats.t.sf(abs(gaps.mean()) / error, len(gaps) - 1), error


def test_two_arms_are_judged_by_the_corrected_resampled_t_test():
    overlap = HELD_OUT / TRAIN
    scores = {"a": dict(enumerate(A)), "b": dict(enumerate(B))}
    (pair,) = judge_pairs(scores, 5, Scale(overlap=overlap)).pairs
    p, error = corrected_t_test(A, B, overlap)
    assert pair.p_adjusted == pytest.approx(min(1, p * 0.05 / level(5, 2, 5)), rel=1e-4)
    half = error * stats.t.isf(level(5, 2, 5) / 2, 4)
    ends = pair.difference - half, pair.difference + half
    assert (pair.low, pair.high) == pytest.approx(ends, rel=1e-4)
    (plain,) = judge_pairs(scores, 5, Scale()).pairs
    assert plain.p_adjusted < pair.p_adjusted


def test_degrees_of_freedom_and_spreads_stay():
    arms = [dict(enumerate(values)) for values in (A, B, A[::-1])]
    plain, shared = blocks(arms), blocks(arms, overlap=0.25)
    assert plain.df == shared.df
    np.testing.assert_array_equal(plain.variances, shared.variances)
    assert at_one_look(shared)[0] > at_one_look(plain)[0]
    assert shared.worth == pytest.approx(5 / (1 + 5 * 0.25))


def test_means_and_bands_are_as_wide():
    overlap = 0.25
    wide, plain = interval(A, overlap=overlap), interval(A)
    assert wide.half == pytest.approx(plain.half * math.sqrt((1 / 5 + overlap) * 5))
    _, low, high = band(np.array(A)[:, None], overlap=overlap)
    assert (high - low)[0] == pytest.approx(2 * wide.half)


@pytest.mark.slow
@pytest.mark.parametrize("arms", [2, 4])
def test_at_one_look_the_promise_holds_for_correlated_scores_and_not_without(arms):
    """Any two splits correlated by the share of validation rows: their assumption, simulated."""
    rng, share, n = np.random.default_rng(7), 0.2, 10
    common = rng.normal(size=(4000, arms, 1))
    scores = math.sqrt(share) * common + math.sqrt(1 - share) * rng.normal(size=(4000, arms, n))
    claims = {0.0: 0, share / (1 - share): 0}
    for mine in scores:
        for overlap in claims:
            found = blocks([dict(enumerate(values)) for values in mine], overlap=overlap)
            claims[overlap] += at_one_look(found).min() < 0.05
    assert claims[share / (1 - share)] / 4000 < 0.05 + 2 * math.sqrt(0.05 * 0.95 / 4000)
    assert claims[0.0] / 4000 > 0.2


def test_no_number_of_seeds_sees_what_all_splits_share():
    sd, overlap = 0.02, 0.25
    tiny = 0.5 * sd * math.sqrt(overlap)
    assert math.isfinite(enough(tiny, sd, 2, 3))
    assert math.isinf(enough(tiny, sd, 2, 3, overlap))
    assert seeds_needed(0.0, sd, 40, 0.0, 2, 3, overlap) is None
    assert visible(sd, 10, 3, 10, overlap) > visible(sd, 10, 3, 10)
    rng = np.random.default_rng(1)
    scores = {arm: dict(enumerate(rng.normal(0, sd, 40))) for arm in "ab"}
    (pair,) = judge_pairs(scores, 40, Scale(overlap=overlap)).pairs
    assert pair.state == "rows"


def test_what_intervals_cover_is_said_wherever_they_are_explained():
    made = snapshots.finished()
    once, often = read(made), read(repeated(made))
    assert covers(once) == f"on these {HELD_OUT} validation rows"
    assert covers(often) == f"over splits of these {TRAIN + HELD_OUT:,} rows"
    for reading in (once, often):
        assert covers(reading) in verdict(reading).method
        assert compare_json(reading)["covers"] == covers(reading)
    assert "Nadeau and Bengio" in verdict(often).method
    assert "Nadeau and Bengio" not in verdict(once).method


def test_intervals_of_a_repeated_comparison_are_wider_everywhere():
    made = snapshots.finished()
    once, often = read(made).arm("relu"), read(repeated(made)).arm("relu")
    assert often.overlap == pytest.approx(HELD_OUT / TRAIN)
    wider = math.sqrt(1 + 3 * HELD_OUT / TRAIN)
    assert often.interval("accuracy").half == pytest.approx(once.interval("accuracy").half * wider)
    # the test rows are the same for all seeds
    halves = [arm.interval("accuracy", part="test").half for arm in (once, often)]
    assert halves[0] == halves[1]


def test_results_on_other_rows_laid_over_each_other_are_said_to_be():
    made = snapshots.finished()
    base = {**made.comparison.base, "split_seed": 2}
    numbered = replace(made, comparison=replace(made.comparison, base=base))
    said = differences([read(made), read(numbered)])
    assert "don't validate on the same rows" in said[0]
    assert "Split number (A The split that all share, B 2)" in said[1]
    said = differences([read(made), read(repeated(made))])
    assert "don't validate on the same rows" in said[0]
    assert "splits (repeated in B)" in said[1]
    assert not differences([read(made), read(made)])
