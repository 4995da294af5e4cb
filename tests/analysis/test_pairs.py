"""What is said of a pair, against scipy's paired t-test and statsmodels' two one-sided tests."""

import math
import warnings

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.boundary import level
from nncore.analysis.pairs import Scale, judge_pairs
from nncore.analysis.planning import MOST_SEEDS, seeds_needed, visible

SCORES = [0.912, 0.931, 0.905, 0.918, 0.927]
OTHER = [0.90, 0.925, 0.90, 0.905, 0.925]


def by_seed(*scores):
    return dict(enumerate(scores))


def only(values, plan=2, scale=None, **options):
    (pair,) = judge_pairs(values, plan, scale or Scale(), **options).pairs
    return pair


def test_two_arms_are_judged_by_scipys_paired_t_test():
    pair = only({"a": by_seed(*SCORES), "b": by_seed(*OTHER)}, plan=5)
    expected = stats.ttest_rel(SCORES, OTHER)
    ends = expected.confidence_interval(1 - level(5, 2, 5))
    assert (pair.low, pair.high) == pytest.approx((ends.low, ends.high), rel=1e-4)
    assert pair.p_adjusted == pytest.approx(expected.pvalue * 0.05 / level(5, 2, 5), rel=1e-4)
    assert (pair.difference, pair.seeds, pair.looks) == (pytest.approx(0.0076), 5, 1)


@pytest.mark.parametrize("margin", [0.006, 0.01, 0.014, 0.03])
def test_the_same_is_what_two_one_sided_tests_say(margin):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsmodels.stats.weightstats import ttost_paired
    a, b = np.array(SCORES), np.array(SCORES[::-1]) + 0.001
    p, _, _ = ttost_paired(a, b, -margin, margin)
    pair = only({"a": by_seed(*a), "b": by_seed(*b)}, plan=5, scale=Scale(margin=margin))
    assert (pair.state == "same") == (p < level(5, 2, 5) / 2)


def test_both_answers_of_the_two_one_sided_tests_occur():
    states = {
        only({"a": by_seed(*SCORES), "b": by_seed(*SCORES[::-1])}, scale=Scale(margin=m)).state
        for m in (0.01, 0.2)
    }
    assert states == {"open", "same"}


def test_a_difference_within_the_margin_is_the_same_however_sure():
    a, b = by_seed(0.900, 0.910, 0.905), by_seed(0.899, 0.909, 0.904)
    assert only({"a": a, "b": b}).state == "better"
    pair = only({"a": a, "b": b}, scale=Scale(margin=0.005))
    assert pair.state == "same"
    assert pair.told_apart


def test_before_the_plan_is_in_nothing_is_said():
    a, b = by_seed(0.9, 0.91, 0.92), by_seed(0.1, 0.11, 0.12)
    early = only({"a": a, "b": b}, plan=4)
    assert (early.low, early.high, early.p_adjusted) == (None, None, None)
    assert (early.state, early.looks, early.seeds_needed) == ("open", 0, None)
    assert early.difference == pytest.approx(0.8)
    judgement = judge_pairs({"a": a, "b": b}, 4, Scale())
    assert not judgement.is_in
    assert judge_pairs({"a": a, "b": b}, 3, Scale()).is_in


def test_every_seed_count_since_the_plan_is_a_look():
    rng = np.random.default_rng(0)
    a, b = by_seed(*rng.normal(size=9)), by_seed(*rng.normal(size=9))
    assert [only({"a": a, "b": b}, plan=p).looks for p in (2, 3, 9)] == [8, 7, 1]


def test_the_more_was_looked_the_more_is_asked_for():
    rng = np.random.default_rng(0)
    a, b = by_seed(*rng.normal(0.6, 1, size=9)), by_seed(*rng.normal(size=9))
    planned, added = (only({"a": a, "b": b}, plan=plan) for plan in (9, 3))
    assert planned.p_adjusted < added.p_adjusted
    assert planned.high - planned.low < added.high - added.low


def test_the_order_of_arms_only_turns_the_sign():
    a, b = by_seed(0.9, 0.8, 0.85), by_seed(0.7, 0.75, 0.72)
    one, two = only({"a": a, "b": b}), only({"b": b, "a": a})
    assert (one.difference, one.low, one.high) == (-two.difference, -two.high, -two.low)
    assert (one.p_adjusted, one.state, one.seeds_needed) == (
        two.p_adjusted,
        two.state,
        two.seeds_needed,
    )


def test_only_shared_seeds_are_compared():
    pair = only({"a": {0: 0.9, 1: 0.8, 2: 0.1}, "b": {1: 0.7, 0: 0.7, 3: 0.0}}, seeds=2)
    assert pair.seeds == 2
    assert pair.difference == pytest.approx(0.15)


def test_arms_that_share_fewer_than_two_seeds_are_not_compared():
    values = {"a": {0: 0.9, 1: 0.8}, "b": {1: 0.7, 2: 0.6}, "c": {0: 0.5, 1: 0.55}}
    pairs = judge_pairs(values, 2, Scale()).pairs
    assert [(p.a, p.b) for p in pairs] == [("a", "c")]
    assert judge_pairs({}, 3, Scale()).pairs == ()
    assert judge_pairs({"a": by_seed(1.0, 2.0)}, 3, Scale()).pairs == ()


def test_pooling_sees_what_pairs_alone_do_not():
    rng = np.random.default_rng(12)
    table = rng.normal(size=(6, 3)) + 5.0 * np.arange(6)[:, None]
    together = judge_pairs({str(i): by_seed(*mine) for i, mine in enumerate(table)}, 3, Scale())
    seen = sum(pair.told_apart for pair in together.pairs)
    # Bonferroni's correction of paired t-tests, at the same level
    alone = [
        15 * stats.ttest_rel(table[a], table[b]).pvalue < level(3, 6, 3)
        for a in range(6)
        for b in range(a + 1, 6)
    ]
    assert seen > 2 * sum(alone)


def test_equal_arms_are_not_told_apart_for_want_of_variance():
    same = by_seed(0.9, 0.9, 0.9)
    for scale in (Scale(), Scale(rows=360), Scale(rows=360, margin=0.005)):
        pair = only({"a": same, "b": dict(same)}, scale=scale)
        assert (pair.difference, pair.p_adjusted) == (0, 1)
        assert not pair.told_apart
    assert only({"a": same, "b": dict(same)}).state == "same"


def test_a_difference_that_never_varies_is_certain_where_values_are_exact():
    pair = only({"a": by_seed(0.3, 0.2, 0.1), "b": by_seed(0.4, 0.3, 0.2)})
    assert pair.state == "better"
    assert pair.p_adjusted == 0
    assert pair.low == pair.high == pytest.approx(-0.1)


def rows_right(*counts, of=320):
    return by_seed(*[count / of for count in counts])


@pytest.mark.parametrize("behind", [0, 1, 2])
@pytest.mark.parametrize("n", [3, 9, 100])
def test_where_no_seed_moves_a_score_only_rows_tell(behind, n):
    # each score is within half a row of what it is shown as: a difference within one
    values = {"a": rows_right(*[301] * n), "b": rows_right(*[301 - behind] * n)}
    pair = only(values, plan=3, scale=Scale(rows=320, margin=0.005))
    assert (pair.state, pair.seeds_needed) == ("rows", None)
    assert pair.low <= (behind - 1) / 320 < (behind + 1) / 320 <= pair.high


def test_more_rows_than_rounding_hides_are_seen_though_no_seed_moves_a_score():
    far = only({"a": rows_right(301, 301, 301), "b": rows_right(290, 290, 290)}, 3, Scale(320))
    assert far.state == "better"
    # half a row of 4,000 is no size: nothing is asked for
    fine = {"a": rows_right(*[3900] * 3, of=4000), "b": rows_right(*[3900] * 3, of=4000)}
    assert only(fine, plan=3, scale=Scale(4000, margin=0.005)).state == "same"


MOVED = (300, 305, 302, 303, 299, 306, 301, 300, 302, 304)


def test_equal_scores_that_seeds_move_are_the_same_after_the_seeds_told():
    scale = Scale(rows=320, margin=0.005)
    early = only({"a": rows_right(*MOVED[:3]), "b": rows_right(*MOVED[:3])}, 3, scale)
    assert early.state == "open"
    low, high = early.seeds_needed
    assert 5 <= low < high <= len(MOVED)
    states = [
        only({"a": rows_right(*MOVED[:n]), "b": rows_right(*MOVED[:n])}, 3, scale).state
        for n in range(3, len(MOVED) + 1)
    ]
    assert states[low - 3 :] == ["same"] * (len(MOVED) + 1 - low)


def test_one_arm_that_seeds_move_says_how_far_seeds_move_scores():
    scale = Scale(rows=320, margin=0.005)
    pair = only({"a": rows_right(301, 301, 301), "b": rows_right(301, 302, 301)}, 3, scale)
    assert pair.state == "open"


def test_other_arms_say_how_far_seeds_move_scores():
    still = {"a": rows_right(301, 301, 301), "b": rows_right(301, 301, 301)}
    others = {"c": rows_right(300, 303, 297), "d": rows_right(302, 296, 299)}
    scale = Scale(rows=320, margin=0.005)
    pairs = judge_pairs(still | others, 3, scale).pairs
    assert next(p for p in pairs if (p.a, p.b) == ("a", "b")).state == "open"


def test_medians_say_how_many_seeds_their_own_test_takes():
    scale = Scale(rows=320, margin=0.005, centre="median")
    pair = only({"a": rows_right(301, 301, 301), "b": rows_right(301, 301, 301)}, 3, scale)
    assert pair.state == "open"
    n = pair.seeds_needed[1]
    assert only({"a": rows_right(*[301] * n), "b": rows_right(*[301] * n)}, 3, scale).state == (
        "same"
    )


def test_no_more_seeds_are_asked_for_than_a_comparison_may_have():
    scale = Scale(rows=30, margin=0.005)
    values = {"a": rows_right(27, 28, 29, of=30), "b": rows_right(27, 28, 29, of=30)}
    needed = only(values, 3, scale).seeds_needed
    assert needed[1] == MOST_SEEDS
    assert only(values, 3, scale, most=200).seeds_needed == (needed[0], 200)
    fewer = only(values, 3, scale, most=needed[0] // 2)
    assert (fewer.state, fewer.seeds_needed) == ("rows", None)


def test_rows_are_asked_for_where_no_number_of_seeds_would_do():
    rng = np.random.default_rng(1)
    few = Scale(rows=30, margin=0.0005)
    a, b = (by_seed(*rng.binomial(30, 0.9, 400) / 30) for _ in range(2))
    pair = only({"a": a, "b": b}, plan=3, scale=few)
    if abs(pair.difference) < 0.001:
        assert pair.state == "rows"
    many = Scale(rows=100_000, margin=0.0005)
    assert only({"a": a, "b": b}, plan=3, scale=many).state == "open"


def test_no_interval_leaves_what_is_possible():
    pair = only({"a": by_seed(0.99, 0.2), "b": by_seed(0.01, 0.5)}, scale=Scale(rows=100))
    assert (pair.low, pair.high) == (-1.0, 1.0)


def test_scores_whose_squares_overflow_have_a_difference_without_an_interval():
    pair = only({"a": by_seed(1e200, 3.0, 1.0), "b": by_seed(1.0, 3.0, 2.0)})
    assert pair.low is pair.high is None
    assert (pair.state, pair.told_apart) == ("open", False)


def test_who_scatters_much_further_is_named():
    rng = np.random.default_rng(3)
    values = {name: by_seed(*rng.normal(size=8)) for name in "abc"}
    values["wild"] = by_seed(*(100 * rng.normal(size=8)))
    assert judge_pairs(values, 3, Scale()).wider == ("wild",)


def test_seeds_needed_have_the_power_promised():
    # two arms, the plan's own look: the power of the paired t-test from the noncentral t
    for effect in (0.5, 0.8, 1.2):
        for n in (10, 20, 40):
            seen = visible(1 / math.sqrt(2), n, 2, n) / effect
            limit = stats.t.isf(level(n, 2, n) / 2, n - 1)
            power = stats.nct.sf(limit, n - 1, seen * effect * math.sqrt(n))
            assert power == pytest.approx(0.8, abs=0.04)


def test_seeds_needed_is_a_rough_range():
    low, high = seeds_needed(0.01, 0.02, 5, 0.0, 2, 3)
    assert 5 < low < high <= MOST_SEEDS
    assert all(n < 20 or n % 10 == 0 for n in (low, high))
    assert seeds_needed(0.01, 0.02, 5, 0.0, 2, 3) == seeds_needed(-0.01, 0.02, 5, 0.0, 2, 3)


def test_a_margin_ends_the_search_for_a_difference_that_is_hardly_there():
    endless = seeds_needed(0.0, 0.01, 10, 0.0, 2, 3)
    low, high = seeds_needed(0.0, 0.01, 10, 0.01, 2, 3)
    assert endless is None or endless[1] == MOST_SEEDS
    assert high < 200
    assert seeds_needed(0.0, 1.0, 3, 1e-4, 2, 3) is None or low < MOST_SEEDS


def test_seeds_without_a_score_are_not_asked_for_again():
    values = {"a": by_seed(0.9, 0.8, 0.85), "b": by_seed(0.86, 0.82)}
    whole, one_lost = only(values, seeds=2).seeds_needed, only(values, seeds=3).seeds_needed
    assert one_lost[0] == whole[0] + 1
    assert one_lost[0] > 3


def test_more_noise_and_more_arms_ask_for_more_seeds():
    by_noise = [seeds_needed(0.01, sd, 10, 0.0, 2, 3)[0] for sd in (0.01, 0.02, 0.03)]
    assert by_noise == sorted(by_noise)
    assert by_noise[0] < by_noise[-1]
    assert visible(0.01, 40, 8, 40) > visible(0.01, 40, 3, 40)
    assert visible(0.01, 3, 8, 3) > visible(0.01, 10, 8, 10) > visible(0.01, 40, 8, 40)
