import numpy as np
import pytest

from nncore.definitions.regularizers import REGULARIZERS, penalty


@pytest.fixture
def kernel():
    return np.random.default_rng(0).normal(size=(7, 5))


def test_no_strength_no_penalty(kernel):
    assert penalty(kernel, 0.0, 0.0) == 0.0


def test_doubled_weights_double_l1_and_quadruple_l2(kernel):
    np.testing.assert_allclose(penalty(2 * kernel, 0.1, 0.0), 2 * penalty(kernel, 0.1, 0.0))
    np.testing.assert_allclose(penalty(2 * kernel, 0.0, 0.1), 4 * penalty(kernel, 0.0, 0.1))


def test_penalties_add_up_and_ignore_signs(kernel):
    both = penalty(kernel, 0.1, 0.2)
    np.testing.assert_allclose(both, penalty(kernel, 0.1, 0.0) + penalty(kernel, 0.0, 0.2))
    np.testing.assert_allclose(both, penalty(-kernel, 0.1, 0.2))


def test_one_weight_costs_its_size_and_its_square():
    one = np.array([[-3.0]])
    assert penalty(one, 0.5, 0.0) == 1.5
    assert penalty(one, 0.0, 0.5) == 4.5


def test_the_first_level_is_off():
    assert {r.levels[0] for r in REGULARIZERS.values()} == {"0", "false"}
