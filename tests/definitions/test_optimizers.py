import numpy as np
import pytest

from nncore.definitions.optimizers import (
    OPTIMIZERS,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    Lion,
    Nadam,
    RMSprop,
)

# beside each rule's default settings; Adadelta's author used the rate 1
VARIANTS = [
    *(rule() for rule in OPTIMIZERS.values()),
    SGD(momentum=0.9),
    SGD(momentum=0.9, nesterov=True),
    RMSprop(momentum=0.5),
    RMSprop(centered=True),
    RMSprop(centered=True, momentum=0.5),
]
RATES = {"adadelta": 10.0, "adagrad": 1.0, "nadam": 0.05}


# weight decay moves weights whatever the gradient
DRIVEN_BY_GRADIENT = [v for v in VARIANTS if v.name != "adamw"]


@pytest.fixture(params=VARIANTS, ids=str)
def optimizer(request):
    return request.param


def run(optimizer, gradients, start, learning_rate=None):
    """The weights after one step per gradient, each gradient an array or a function of w."""
    w = np.array(start)
    slots = optimizer.init(w)
    rate = optimizer.learning_rate if learning_rate is None else learning_rate
    for gradient in gradients:
        g = gradient(w) if callable(gradient) else np.array(gradient, dtype=w.dtype)
        optimizer.step(w, g, slots, rate)
    assert w.shape == np.shape(start)
    assert np.isfinite(w).all()
    return w


def test_reaches_the_bottom_of_a_parabola(optimizer):
    target = np.array([1.0, -2.0, 0.5])
    rate = RATES.get(optimizer.name, 0.02)
    w = run(optimizer, [lambda w: 2 * (w - target)] * 3000, [-1.0, 3.0, 1.0], rate)
    np.testing.assert_allclose(w, target, atol=0.05)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_works_in_place_and_keeps_the_dtype(optimizer, dtype):
    w = np.ones(5, dtype)
    slots = optimizer.init(w)
    ids_before = {id(a) for a in slots.values() if isinstance(a, np.ndarray)}
    for _ in range(3):
        assert optimizer.step(w, np.full(5, 0.1, dtype), slots, 0.01) is None
    arrays = [a for a in slots.values() if isinstance(a, np.ndarray)]
    assert {id(a) for a in arrays} == ids_before
    assert all(a.shape == w.shape and a.dtype == w.dtype for a in arrays)
    assert w.dtype == np.dtype(dtype)
    assert (w < 1).all()


def test_float32_follows_float64(optimizer):
    rng = np.random.default_rng(0)
    gradients = rng.normal(size=(20, 50))
    exact = run(optimizer, gradients, np.ones(50))
    rough = run(optimizer, gradients, np.ones(50, "float32"))
    assert rough.dtype == np.float32
    # centered, the first divisors are differences of near-equal numbers
    atol = 1e-3 if optimizer.settings().get("centered") else 1e-5
    np.testing.assert_allclose(rough, exact, atol=atol)


@pytest.mark.parametrize("optimizer", DRIVEN_BY_GRADIENT, ids=str)
def test_no_gradient_no_step(optimizer):
    np.testing.assert_array_equal(run(optimizer, np.zeros((5, 2)), [1.0, -2.0]), [1.0, -2.0])


@pytest.mark.parametrize("optimizer", DRIVEN_BY_GRADIENT, ids=str)
def test_steps_mirror_with_the_gradient(optimizer):
    gradients = np.random.default_rng(1).normal(size=(6, 4))
    up, down = (run(optimizer, sign * gradients, np.zeros(4)) for sign in (1, -1))
    np.testing.assert_allclose(up, -down, rtol=1e-12)


def test_the_rate_of_a_schedule_counts(optimizer):
    w = np.zeros(2)
    optimizer.step(w, np.ones(2), optimizer.init(w), 0.0)
    np.testing.assert_array_equal(w, 0)


def test_sgd_steps_by_rate_times_gradient():
    np.testing.assert_allclose(run(SGD(), [[2.0], [3.0]], [1.0], 0.1), 1 - 0.1 * 5)


def test_momentum_is_a_geometric_series():
    # a constant gradient: u_n = -lr (1 + mu + ... + mu^(n-1))
    mu, rate, n = 0.5, 0.1, 6
    w = run(SGD(momentum=mu), [[1.0]] * n, [0.0], rate)
    speeds = [-rate * (1 - mu**k) / (1 - mu) for k in range(1, n + 1)]
    np.testing.assert_allclose(w, sum(speeds))
    # Nesterov runs one step ahead: w_n = sum of the speeds u_2 ... u_(n+1)
    w = run(SGD(momentum=mu, nesterov=True), [[1.0]] * n, [0.0], rate)
    np.testing.assert_allclose(w, sum(speeds[1:]) - rate * (1 - mu ** (n + 1)) / (1 - mu))


def test_rmsprop_first_step_ignores_the_size_of_the_gradient():
    # v = (1 - rho) g^2 after one step, so |step| = lr / sqrt(1 - rho) for every weight
    w = run(RMSprop(rho=0.9), [[1.0, -6.0, 700.0]], np.zeros(3), 0.5)
    np.testing.assert_allclose(w, np.array([-1, 1, -1]) * 0.5 / np.sqrt(0.1), rtol=1e-5)


def test_rmsprop_momentum_sums_its_steps():
    # with rho = 0 every step is lr sign(g), and momentum adds them up
    w = run(RMSprop(rho=0.0, momentum=0.5), [[2.0], [3.0]], [0.0], 0.1)
    np.testing.assert_allclose(w, -0.1 * (1 + 1.5), rtol=1e-6)


def test_centered_rmsprop_divides_by_the_spread():
    # after one step v - c^2 = (1 - rho) rho g^2
    w = run(RMSprop(rho=0.75, centered=True), [[4.0]], [0.0], 0.1)
    np.testing.assert_allclose(w, -0.1 / np.sqrt(0.25 * 0.75), rtol=1e-6)


def test_epsilon_sits_where_keras_has_it():
    tiny = [[1e-9]]
    # inside the root: lr g / sqrt(eps); a root outside would give lr g / eps
    for rule in (RMSprop(), Adagrad(initial_accumulator_value=0.0)):
        np.testing.assert_allclose(run(rule, tiny, [0.0], 1.0), -1e-9 / np.sqrt(1e-7), rtol=1e-5)
    # Adam adds it to the root of the uncorrected v
    root = np.sqrt(0.001) * 1e-9
    w = run(Adam(), tiny, [0.0], 1.0)
    np.testing.assert_allclose(w, -np.sqrt(0.001) * 1e-9 / (root + 1e-7), rtol=1e-6)
    # Nadam to the root of the corrected v, here 1e-9
    w = run(Nadam(beta_1=0.0), tiny, [0.0], 1.0)
    np.testing.assert_allclose(w, -1e-9 / (1e-9 + 1e-7), rtol=1e-6)


def test_adagrad_steps_shrink_with_the_root_of_the_count():
    # a constant gradient g: the t-th step is lr / sqrt(t) when the sum starts at 0
    w = run(Adagrad(initial_accumulator_value=0.0), [[5.0]] * 4, [0.0], 1.0)
    np.testing.assert_allclose(w, -(1 + 1 / np.sqrt(2) + 1 / np.sqrt(3) + 1 / 2), rtol=1e-6)


def test_adadelta_first_step_comes_from_epsilon_alone():
    w = run(Adadelta(rho=0.9, epsilon=1e-6), [[3.0]], [0.0], 1.0)
    np.testing.assert_allclose(w, -3 * np.sqrt(1e-6 / (0.1 * 9 + 1e-6)), rtol=1e-9)


@pytest.mark.parametrize("rule", [Adam, Adamax, AdamW])
def test_adams_walk_at_the_rate_under_a_constant_gradient(rule):
    # both averages equal their corrected selves, so every step is lr sign(g)
    settings = {"weight_decay": 0.0} if rule is AdamW else {}
    w = run(rule(**settings), [[3.0, -0.2]] * 7, [0.0, 0.0], 0.01)
    np.testing.assert_allclose(w, [-0.07, 0.07], rtol=1e-4)


def test_adam_without_memory_is_the_sign_of_the_gradient():
    w = run(Adam(beta_1=0.0, beta_2=0.0), [[5.0], [-2.0], [0.1]], [0.0], 0.01)
    np.testing.assert_allclose(w, -0.01, rtol=1e-5)


def test_adamw_decays_geometrically_without_a_gradient():
    w = run(AdamW(weight_decay=0.5), np.zeros((4, 1)), [2.0], 0.1)
    np.testing.assert_allclose(w, 2 * (1 - 0.1 * 0.5) ** 4)


def test_adamax_remembers_the_largest_gradient():
    # v is 10, then 10 b2; m without memory is the gradient itself
    w = run(Adamax(beta_1=0.0, beta_2=0.5), [[10.0], [1.0]], [0.0], 1.0)
    np.testing.assert_allclose(w, -(1 + 1 / 5), rtol=1e-6)


def test_nadam_without_momentum_is_corrected_rmsprop():
    w = run(Nadam(beta_1=0.0), [[4.0]] * 3, [0.0], 0.01)
    np.testing.assert_allclose(w, -0.03, rtol=1e-5)


def test_lion_moves_every_weight_by_the_rate():
    w = run(Lion(), [[1e-6, -500.0]] * 3, [0.0, 0.0], 0.01)
    np.testing.assert_allclose(w, [-0.03, 0.03])


def test_lion_follows_momentum_against_a_small_gradient():
    # m = (1 - b2) 1 = 0.01 after the first step; b1 m outweighs (1 - b1) 0.05 but not 0.2
    for second, last in ((-0.05, -2), (-0.2, 0)):
        w = run(Lion(beta_1=0.9, beta_2=0.99), [[1.0], [second]], [0.0], 1.0)
        np.testing.assert_allclose(w, last)
