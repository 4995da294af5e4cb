import numpy as np
import pytest

from nncore.definitions.losses import (
    LOSSES,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Huber,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from nncore.definitions.outputs import OUTPUTS, softmax

UNFUSED = [loss for loss in LOSSES.values() if not loss.fused]


@pytest.fixture(params=LOSSES.values(), ids=list(LOSSES))
def loss(request):
    return request.param()


def example(loss, units, n=6, seed=0):
    """Encoded targets and numbers before the output activation."""
    rng = np.random.default_rng(seed)
    z = rng.normal(scale=2.0, size=(n, units))
    if loss.tasks[0] == "regression":
        return rng.normal(size=(n, units)), z
    y = rng.integers(0, max(units, 2), n)
    return loss.encode(y, units, np.dtype("float64")), z


def units_of(loss):
    return {"sigmoid": (1, 3), "softmax": (2, 5), "step": (1, 1), None: (1, 4)}[loss.fused]


def central_difference(f, z, h=1e-6):
    """d f(z)_i / d z_ij for an f of rows, (n, units) -> (n,)."""
    slope = np.empty_like(z)
    for j in range(z.shape[1]):
        step = np.zeros_like(z)
        step[:, j] = h
        slope[:, j] = (f(z + step) - f(z - step)) / (2 * h)
    return slope


def test_gradient_matches_central_difference(loss):
    for units in units_of(loss):
        y, out = example(loss, units)
        slope = central_difference(lambda z, y=y: loss.values(y, z), out)
        np.testing.assert_allclose(loss.gradient(y, out), slope, atol=1e-8)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("kind", UNFUSED, ids=lambda kind: kind.name)
def test_gradient_through_the_output_activation_matches_central_difference(kind, output):
    loss, activation = kind(), OUTPUTS[output]()
    for units in (2, 4):
        y, z = example(loss, units)
        a = activation.forward(z)
        slope = central_difference(lambda z, y=y: loss.values(y, activation.forward(z)), z)
        back = activation.backward(a, loss.gradient(y, a))
        np.testing.assert_allclose(back, slope, atol=1e-8)


def test_fused_losses_are_the_logarithm_of_the_output_activation():
    y, z = example(CategoricalCrossentropy(), 5)
    expected = -np.log(OUTPUTS["softmax"]().forward(z)[y == 1])
    np.testing.assert_allclose(CategoricalCrossentropy().values(y, z), expected, rtol=1e-12)
    np.testing.assert_allclose(SparseCategoricalCrossentropy().values(y, z), expected, rtol=1e-12)

    y, z = example(BinaryCrossentropy(), 1)
    a = OUTPUTS["sigmoid"]().forward(z)
    expected = -np.log(np.where(y == 1, a, 1 - a))[:, 0]
    np.testing.assert_allclose(BinaryCrossentropy().values(y, z), expected, rtol=1e-12)


def test_two_class_softmax_is_a_sigmoid_of_the_difference():
    z = np.random.default_rng(0).normal(size=(8, 2))
    labels = np.arange(8) % 2
    two, one = SparseCategoricalCrossentropy(), BinaryCrossentropy()
    np.testing.assert_allclose(
        two.values(two.encode(labels, 2, z.dtype), z),
        one.values(one.encode(labels, 1, z.dtype), z[:, 1:] - z[:, :1]),
        rtol=1e-12,
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_extremes_stay_finite_and_keep_their_dtype(loss, dtype):
    units = units_of(loss)[1]
    out = np.zeros((4, units), dtype)
    out[0], out[1], out[2, 0], out[3, 0] = 1e4, -1e4, 1e4, -1e4
    y = loss.encode(np.zeros(4, dtype=int), units, np.dtype(dtype))
    values, gradient = loss.values(y, out), loss.gradient(y, out)
    assert values.shape == (4,)
    assert gradient.shape == out.shape
    assert values.dtype == gradient.dtype == out.dtype
    assert np.isfinite(values).all()
    assert np.isfinite(gradient).all()


def test_a_perfect_prediction_costs_nothing(loss):
    units = units_of(loss)[1]
    y = loss.encode(np.array([0, 1, 2]), units, np.dtype("float64"))
    out = (2 * y - 1) * 1e3 if loss.fused else y.copy()
    np.testing.assert_allclose(loss.values(y, out), 0, atol=1e-12)
    np.testing.assert_allclose(loss.gradient(y, out), 0, atol=1e-12)


def test_knowing_nothing_costs_the_logarithm_of_the_classes():
    loss = SparseCategoricalCrossentropy()
    y = loss.encode(np.arange(10), 10, np.dtype("float64"))
    np.testing.assert_allclose(loss.values(y, np.zeros((10, 10))), np.log(10))


def test_inputs_are_left_alone(loss):
    y, out = example(loss, units_of(loss)[1])
    before = y.copy(), out.copy()
    loss.values(y, out)
    loss.gradient(y, out)
    np.testing.assert_array_equal(y, before[0])
    np.testing.assert_array_equal(out, before[1])


def test_targets_are_one_hot_only_with_several_units(loss):
    many = loss.encode(np.array([2, 0]), 3, np.dtype("float32"))
    np.testing.assert_array_equal(many, [[0, 0, 1], [1, 0, 0]])
    one = loss.encode(np.array([1, 0]), 1, np.dtype("float32"))
    np.testing.assert_array_equal(one, [[1], [0]])
    assert many.dtype == one.dtype == np.float32


def test_huber_lies_between_half_the_square_and_the_absolute_error():
    y, out = example(MeanSquaredError(), 1, n=50)
    wide = Huber(delta=100.0).values(y, out)
    np.testing.assert_allclose(wide, MeanSquaredError().values(y, out) / 2, rtol=1e-12)
    narrow = Huber(delta=1e-3).values(y, out) / 1e-3
    np.testing.assert_allclose(narrow, MeanAbsoluteError().values(y, out), atol=1e-3)


def test_softmax_ignores_what_all_entries_share():
    z = np.random.default_rng(0).normal(size=(4, 6))
    np.testing.assert_allclose(softmax(z + 700), softmax(z), rtol=1e-10)
    np.testing.assert_allclose(softmax(z).sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(softmax(z - 700), softmax(z), rtol=1e-10)


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_activations_stay_finite_and_keep_their_dtype(name):
    z = np.array([[1e4, -1e4, 0], [-1e4, -1e4, -1e4]], dtype="float32")
    a = OUTPUTS[name]().forward(z)
    assert a.dtype == np.float32
    assert np.isfinite(a).all()
