import numpy as np
import pytest

from nncore.definitions.initializers import (
    INITIALIZERS,
    Constant,
    Orthogonal,
    RandomUniform,
    TruncatedNormal,
)
from nncore.system.errors import InvalidSetting

FAN_IN, FAN_OUT = 400, 250
# variance times what it is measured by
VARIANCES = {
    "glorot": 2 / (FAN_IN + FAN_OUT),
    "he": 2 / FAN_IN,
    "lecun": 1 / FAN_IN,
}


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(params=INITIALIZERS.values(), ids=list(INITIALIZERS))
def initializer(request):
    return request.param()


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (30, 20), (20, 30)])
def test_draws_a_kernel_and_repeats_it_from_the_same_seed(initializer, shape):
    first, again = initializer.draw(shape, rng(3)), initializer.draw(shape, rng(3))
    assert first.shape == shape
    assert first.dtype == np.float64
    assert first.flags.c_contiguous
    np.testing.assert_array_equal(first, again)


def test_another_seed_gives_other_weights(initializer):
    same = np.array_equal(initializer.draw((6, 5), rng(1)), initializer.draw((6, 5), rng(2)))
    assert same == (initializer.name in ("zeros", "constant"))


@pytest.mark.parametrize("form", ["uniform", "normal"])
@pytest.mark.parametrize("family", VARIANCES)
def test_scaled_families_have_the_variance_of_their_paper(family, form):
    w = INITIALIZERS[f"{family}_{form}"]().draw((FAN_IN, FAN_OUT), rng())
    variance = VARIANCES[family]
    assert abs(w.mean()) < 4 * np.sqrt(variance / w.size)
    np.testing.assert_allclose(w.var(), variance, rtol=0.02)  # about 5 standard errors
    # a uniform reaches sqrt(3) sigma; a normal cut at 2 sigma reaches 2 / 0.8796 of what is left
    end = np.sqrt(3) if form == "uniform" else 2 / 0.87962566103423978
    np.testing.assert_allclose(np.abs(w).max(), end * np.sqrt(variance), rtol=1e-3)
    assert np.abs(w).max() <= end * np.sqrt(variance)


def test_truncated_normal_ends_at_two_sigma():
    w = TruncatedNormal(mean=1.0, stddev=0.5).draw((500, 500), rng())
    assert w.min() >= 0
    assert w.max() <= 2
    np.testing.assert_allclose(w.mean(), 1, atol=5e-3)
    np.testing.assert_allclose(w.std(), 0.5 * 0.8796, rtol=5e-3)


def test_fixed_draws_follow_their_settings():
    shape = (400, 300)
    np.testing.assert_array_equal(Constant(value=0.3).draw(shape, rng()), np.full(shape, 0.3))
    np.testing.assert_array_equal(INITIALIZERS["zeros"]().draw(shape, rng()), np.zeros(shape))
    w = INITIALIZERS["random_normal"](mean=-1.0, stddev=2.0).draw(shape, rng())
    np.testing.assert_allclose([w.mean(), w.std()], [-1, 2], atol=0.03)
    w = RandomUniform(minval=0.0, maxval=0.2).draw(shape, rng())
    np.testing.assert_allclose([w.min(), w.mean(), w.max()], [0, 0.1, 0.2], atol=1e-3)


@pytest.mark.parametrize("shape", [(60, 40), (40, 60), (50, 50)])
def test_orthogonal_keeps_lengths(shape):
    w = Orthogonal(gain=1.5).draw(shape, rng())
    product = w.T @ w if shape[0] >= shape[1] else w @ w.T
    np.testing.assert_allclose(product, 1.5**2 * np.eye(min(shape)), atol=1e-12)


def test_orthogonal_has_no_preferred_direction():
    corners = [Orthogonal().draw((3, 3), rng(seed))[0, 0] for seed in range(500)]
    assert abs(np.mean(corners)) < 0.1  # QR's own signs would give a mean near -0.5


def test_an_empty_interval_is_refused():
    with pytest.raises(InvalidSetting, match=r"minval must not be above maxval; got minval 0\.1"):
        RandomUniform(minval=0.1, maxval=-0.1)
