"""Whether an earlier stop would have helped: other seeds judge than those that chose it."""

import math

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.boundary import level
from nncore.analysis.earlier import choosers, earlier

TIMES = 1_000
EPOCHS = np.arange(1, 101)


def flat(rng, seeds, epochs):
    """Losses that nothing but chance moves."""
    return 0.3 + 0.01 * rng.standard_normal((seeds, epochs))


@pytest.mark.slow
@pytest.mark.parametrize("plan", [3, 5, 10])
@pytest.mark.parametrize("epochs", [10, 30, 100])
def test_noise_is_called_a_gain_in_at_most_5_percent_however_seeds_are_added(plan, epochs):
    rng = np.random.default_rng(plan * epochs)
    fooled = 0
    for _ in range(TIMES):
        losses = flat(rng, plan + 5, epochs)
        looks = (earlier(EPOCHS[:epochs], losses[:n], plan) for n in range(plan, plan + 6))
        fooled += any(found.helps for found in looks)
    assert fooled / TIMES < 0.05 + 2 * math.sqrt(0.05 * 0.95 / TIMES)


@pytest.mark.slow
def test_of_several_arms_none_is_promised_a_gain_more_often():
    rng = np.random.default_rng(1)
    fooled = 0
    for _ in range(TIMES):
        arms = [earlier(EPOCHS[:30], flat(rng, 5, 30), 5, arms=4) for _ in range(4)]
        fooled += any(found.helps for found in arms)
    assert fooled / TIMES < 0.05 + 2 * math.sqrt(0.05 * 0.95 / TIMES)


def test_a_loss_that_rises_is_seen():
    rng = np.random.default_rng(0)
    rises = 0.01 * np.abs(np.arange(40) - 9.0)  # lowest at epoch 10
    losses = 0.3 + rises + 0.002 * rng.standard_normal((5, 40))
    found = earlier(EPOCHS[:40], losses, 5)
    assert abs(found.epoch - 10) <= 1
    assert found.helps
    assert found.gain == pytest.approx(0.3, abs=0.02)
    assert (found.choosing, found.judging) == (1, 4)


def test_the_interval_is_students_of_the_seeds_that_did_not_choose():
    losses = np.array([[3.0, 1.0, 2.0], [3.0, 2.0, 2.5], [3.0, 2.0, 2.7], [3.0, 1.5, 2.9]])
    found = earlier(EPOCHS[:3], losses, 4, arms=2)
    gains = [0.5, 0.7, 1.4]  # at the end, less those of epoch 2
    low, high = stats.t.interval(1 - level(3, 2, 3) / 2, 2, np.mean(gains), stats.sem(gains))
    assert found.epoch == 2
    assert (found.low, found.high) == pytest.approx((low, high))


def test_before_the_plan_is_in_and_with_one_seed_nothing_is_claimed():
    losses = np.tile([3.0, 1.0, 2.0], (6, 1))
    assert earlier(EPOCHS[:3], losses[:1], 1).gain is None
    found = earlier(EPOCHS[:3], losses[:4], 6)
    assert (found.choosing, found.judging, found.gain, found.low) == (2, 2, 1.0, None)
    assert earlier(EPOCHS[:3], losses, 6).helps
    assert earlier(EPOCHS[:0], np.empty((0, 0)), 3) is None


def test_seeds_that_ended_sooner_are_judged_at_their_own_end():
    losses = np.array([[3.0, 1.0, 2.0, 2.5], [3.0, 1.0, 1.5, math.nan], [3.0, 1.0, 2.0, 4.0]])
    found = earlier(EPOCHS[:4], losses, 3)
    assert found.epoch == 2
    assert found.gain == pytest.approx(((1.5 - 1) + (4 - 1)) / 2)


@pytest.mark.parametrize(("plan", "count"), [(1, 1), (2, 1), (3, 1), (5, 1), (6, 2), (10, 3)])
def test_a_third_of_the_plan_chooses(plan, count):
    assert choosers(plan) == count
