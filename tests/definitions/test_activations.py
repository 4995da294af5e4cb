import numpy as np
import pytest

from nncore.declare.params import params_of
from nncore.definitions.activations import (
    ACTIVATIONS,
    ELU,
    SELU,
    HardSigmoid,
    LeakyReLU,
    Mish,
    SiLU,
    sigmoid,
)


@pytest.fixture(params=ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def activation(request):
    return request.param()


def varied(kind):
    """The default and, for each setting, a value away from it."""
    yield kind()
    for p in params_of(kind):
        yield kind(**{p.name: 0.35})


@pytest.mark.parametrize(
    "activation", [a for kind in ACTIVATIONS.values() for a in varied(kind)], ids=str
)
def test_derivative_matches_central_difference(activation):
    h = 1e-5
    z = np.linspace(-8.0, 8.0, 400)  # without 0, where the slope of some bends sharply
    for kink in activation.kinks:
        z = z[np.abs(z - kink) > h]
    slope = (activation.forward(z + h) - activation.forward(z - h)) / (2 * h)
    np.testing.assert_allclose(activation.derivative(z, activation.forward(z)), slope, atol=2e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_extremes_stay_finite_and_keep_their_dtype(activation, dtype):
    z = np.array([[-1e4, -100.0, -20.0, -0.0], [0.0, 20.0, 100.0, 1e4]], dtype)
    a = activation.forward(z)
    d = activation.derivative(z, a)
    assert a.shape == d.shape == z.shape
    assert a.dtype == d.dtype == z.dtype
    assert np.isfinite(a).all()
    assert np.isfinite(d).all()


def test_flat_or_straight_far_out(activation):
    z = np.array([-1e4, 1e4])
    h = 1.0
    slope = (activation.forward(z + h) - activation.forward(z - h)) / (2 * h)
    d = activation.derivative(z, activation.forward(z))
    np.testing.assert_allclose(d, slope, atol=1e-6)


def test_nan_passes_through(activation):
    z = np.array([np.nan, 1.0])
    assert np.isnan(activation.forward(z)[0])


def test_inputs_are_left_alone(activation):
    z = np.linspace(-4, 4, 9)
    a = activation.forward(z)
    before = z.copy(), a.copy()
    activation.derivative(z, a)
    np.testing.assert_array_equal(z, before[0])
    np.testing.assert_array_equal(a, before[1])


def test_layouts_that_are_not_contiguous_work(activation):
    z = np.linspace(-4, 4, 24).reshape(4, 6)
    a = activation.forward(z.T)
    np.testing.assert_allclose(a, activation.forward(np.ascontiguousarray(z.T)), rtol=1e-14)
    d = activation.derivative(z.T, a)
    np.testing.assert_allclose(d.T, activation.derivative(z, a.T.copy()), rtol=1e-14)


def test_sigmoid_is_half_a_tanh_shifted():
    z = np.linspace(-30, 30, 121)
    np.testing.assert_allclose(sigmoid(z), (1 + np.tanh(z / 2)) / 2, atol=1e-15)
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1, rtol=1e-14)
    np.testing.assert_allclose(np.log(sigmoid(np.array([-60.0]))), -60, rtol=1e-12)


def test_members_of_the_relu_family_become_relu_or_linear_at_their_limits():
    z = np.linspace(-5, 5, 11)
    relu = ACTIVATIONS["relu"]().forward(z)
    np.testing.assert_array_equal(LeakyReLU(negative_slope=0).forward(z), relu)
    np.testing.assert_array_equal(LeakyReLU(negative_slope=1).forward(z), z)
    np.testing.assert_array_equal(ELU(alpha=0).forward(z), relu)
    far = np.array([-60.0, 60.0])
    for smooth in ("gelu", "silu", "mish", "softplus"):
        np.testing.assert_allclose(ACTIVATIONS[smooth]().forward(far), [0, 60], atol=1e-12)


def test_selu_keeps_mean_0_and_variance_1():
    z = np.random.default_rng(0).normal(size=2_000_000)
    a = SELU().forward(z)
    np.testing.assert_allclose([a.mean(), a.var()], [0, 1], atol=5e-3)


def test_mish_and_silu_have_their_known_lowest_points():
    z = np.linspace(-3, 0, 30001)
    np.testing.assert_allclose(SiLU().forward(z).min(), -0.278464543, atol=1e-8)
    np.testing.assert_allclose(Mish().forward(z).min(), -0.30884, atol=1e-5)


def test_hard_sigmoid_meets_the_sigmoid_in_the_middle_and_at_the_ends():
    np.testing.assert_allclose(HardSigmoid().forward(np.array([-3.0, 0, 3])), [0, 0.5, 1])


def test_softplus_is_the_sum_under_the_sigmoid():
    z = np.linspace(-8, 8, 4001)
    a = ACTIVATIONS["softplus"]().forward(z)
    area = np.cumsum((sigmoid(z)[1:] + sigmoid(z)[:-1]) / 2 * (z[1] - z[0]))
    np.testing.assert_allclose(a[1:] - a[0], area, atol=1e-6)


def test_with_derivative_is_forward_and_derivative(activation):
    z = np.linspace(-9, 9, 601)
    a, d = activation.with_derivative(z.copy())
    np.testing.assert_array_equal(a, activation.forward(z))
    np.testing.assert_array_equal(d, activation.derivative(z, a))
