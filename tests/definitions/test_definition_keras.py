"""Every single definition against Keras: values, gradients, update rules, draws, configs.

Whole trainings are compared elsewhere; here a disagreement names the definition at fault.
"""

import inspect
from dataclasses import replace

import numpy as np
import pytest

from nncore.declare.domains import Flag
from nncore.declare.params import params_of
from nncore.definitions.activations import ACTIVATIONS
from nncore.definitions.initializers import INITIALIZERS
from nncore.definitions.losses import LOSSES
from nncore.definitions.optimizers import OPTIMIZERS, SGD, RMSprop
from nncore.definitions.outputs import OUTPUTS
from nncore.definitions.regularizers import penalty

pytestmark = pytest.mark.slow  # loads Keras


@pytest.fixture(scope="module")
def keras():
    import keras

    return keras


@pytest.fixture
def tf():
    import tensorflow

    return tensorflow


@pytest.fixture(params=["float32", "float64"])
def dtype(request, keras):
    """Keras works in this precision; it keeps learning rates in it, too."""
    before = keras.config.floatx()
    keras.config.set_floatx(request.param)
    yield request.param
    keras.config.set_floatx(before)


def varied(registry):
    """Every definition with its defaults and, if it has settings, with others."""
    for kind in registry.values():
        yield kind()
        params = (p for p in params_of(kind) if p.name != "learning_rate")
        other = {p.name: _other(p, i) for i, p in enumerate(params)}
        if other:
            yield kind(**other)


def _other(param, place):
    """A value of the domain that isn't the default; neighbouring settings get rising ones."""
    if isinstance(param.domain, Flag):
        return not param.default
    values = (0.3, 0.6, 0.02, 0.3, 0.6)[place % 3 :]
    return next(v for v in values if v != param.default and v in param.domain)


def in_keras(registry):
    """The names of what Keras has; a definition says so itself when only NumPy trains it."""
    return [name for name, kind in registry.items() if kind.engines != ("numpy",)]


def defaults(thing):
    """Argument name -> default of a Keras object's class."""
    arguments = inspect.signature(type(thing)).parameters.values()
    default_values = {a.name: a.default for a in arguments}
    assert "self" not in default_values
    return default_values


@pytest.mark.parametrize("activation", [a for a in varied(ACTIVATIONS) if not a.engines], ids=str)
def test_activation_and_its_slope(activation, dtype, keras, tf):
    z = np.linspace(-12, 12, 481).astype(dtype)  # 0 and the kinks are among them
    config = activation.keras_config()
    config["config"]["dtype"] = dtype
    layer = keras.layers.deserialize(config)
    x = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(x)
        theirs = layer(x)
    slope = tape.gradient(theirs, x)
    a = activation.forward(z)
    # Keras's Mish loses 4e-6 in float32, and its GELU has float32 constants in float64
    atol = 5e-6 if dtype == "float32" else 1e-8
    np.testing.assert_allclose(a, theirs.numpy(), rtol=1e-6, atol=atol)
    np.testing.assert_allclose(activation.derivative(z, a), slope.numpy(), rtol=1e-6, atol=atol)


@pytest.mark.parametrize("name", in_keras(ACTIVATIONS))
def test_activation_has_the_name_and_default_settings_of_keras(name, keras):
    z = np.linspace(-4, 4, 17).astype("float32")
    theirs = keras.activations.get(name)(keras.ops.convert_to_tensor(z))
    ours = ACTIVATIONS[name]().forward(z)
    np.testing.assert_allclose(ours, keras.ops.convert_to_numpy(theirs), atol=1e-6)


@pytest.mark.parametrize("activation", [a for a in varied(ACTIVATIONS) if not a.engines], ids=str)
def test_activation_survives_a_round_trip_through_keras(activation, keras):
    layer = keras.layers.deserialize(activation.keras_config())
    again = keras.layers.deserialize(keras.layers.serialize(layer)).get_config()
    for key, value in activation.keras_config()["config"].items():
        assert again[key] == value


@pytest.mark.parametrize("name", in_keras(OUTPUTS))
def test_output_activation(name, dtype, keras):
    z = np.random.default_rng(0).normal(scale=4, size=(6, 5)).astype(dtype)
    theirs = keras.activations.get(name)(keras.ops.convert_to_tensor(z))
    atol = 1e-6 if dtype == "float32" else 1e-14
    ours = OUTPUTS[name]().forward(z)
    np.testing.assert_allclose(ours, keras.ops.convert_to_numpy(theirs), atol=atol)


@pytest.mark.parametrize(
    "loss", [loss for loss in varied(LOSSES) if loss.name in in_keras(LOSSES)], ids=str
)
def test_loss_and_its_gradient(loss, dtype, keras, tf):
    rng = np.random.default_rng(0)
    units = 1 if loss.fused == "sigmoid" else 4
    out = rng.normal(scale=3, size=(7, units)).astype(dtype)
    if loss.tasks[0] == "regression":
        labels = encoded = rng.normal(size=out.shape).astype(dtype)
        encoded[0, 0] = out[0, 0]  # a perfect hit is where the absolute error has its kink
    else:
        labels = rng.integers(0, max(units, 2), 7)
        encoded = loss.encode(labels, units, np.dtype(dtype))
    theirs = keras.losses.deserialize(loss.keras_config())
    theirs.reduction = None
    if loss.fused:
        theirs = keras.losses.deserialize(
            {
                "class_name": type(loss).__name__,
                "config": {**loss.settings(), "from_logits": True, "reduction": None},
            }
        )
    x = tf.constant(out)
    with tf.GradientTape() as tape:
        tape.watch(x)
        targets = labels[:, None] if loss.name.startswith("sparse") else encoded
        values = theirs(targets, x)
    rtol = 1e-5 if dtype == "float32" else 1e-12
    np.testing.assert_allclose(loss.values(encoded, out), values.numpy(), rtol=rtol, atol=rtol)
    slope = tape.gradient(values, x).numpy()
    np.testing.assert_allclose(loss.gradient(encoded, out), slope, rtol=rtol, atol=rtol)


@pytest.mark.parametrize(
    ("name", "output"), [(name, output) for name in LOSSES for output in LOSSES[name].apart]
)
def test_loss_of_probabilities_that_need_not_add_up(name, output, dtype, keras, tf):
    loss, rng = LOSSES[name](), np.random.default_rng(0)
    a = rng.uniform(0.01, 0.99, (9, 4)).astype(dtype)
    a[0, 0], a[1], a[2, 1], a[3, 3], a[4, 2] = 1e-9, 1e-9, 1 - 1e-8, 1.0, 1e-12
    labels = np.array([0, 1, 1, 3, 2, 0, 1, 2, 3])
    encoded = loss.encode(labels, 4, np.dtype(dtype))
    theirs = keras.losses.get(name)
    x = tf.constant(a)
    with tf.GradientTape() as tape:
        tape.watch(x)
        values = theirs(labels if name.startswith("sparse") else encoded, x)
    slope = tape.gradient(values, x).numpy()
    ours = loss.objective(output)
    rtol = 1e-5 if dtype == "float32" else 1e-12
    np.testing.assert_allclose(ours.values(encoded, a), values.numpy(), rtol=rtol, atol=rtol)
    np.testing.assert_allclose(ours.gradient(encoded, a), slope, rtol=rtol, atol=rtol)
    assert slope[0, 0] == slope[4, 2] == 0  # both were cut


@pytest.mark.parametrize("name", in_keras(LOSSES))
def test_loss_has_the_name_and_settings_of_keras(name, keras):
    assert callable(keras.losses.get(name))
    theirs = keras.losses.deserialize(LOSSES[name]().keras_config())
    assert LOSSES[name]().settings().items() <= defaults(theirs).items()


OPTIMIZER_VARIANTS = [
    *(rule() for rule in OPTIMIZERS.values()),
    *(o for o in varied(OPTIMIZERS) if o != type(o)() and o.name not in ("sgd", "rmsprop")),
    SGD(momentum=0.9),
    SGD(momentum=0.9, nesterov=True),
    SGD(nesterov=True),
    RMSprop(momentum=0.5),
    RMSprop(centered=True),
    RMSprop(rho=0.6, centered=True, momentum=0.5, epsilon=1e-3),
]


@pytest.mark.parametrize("optimizer", OPTIMIZER_VARIANTS, ids=str)
def test_optimizer_steps(optimizer, dtype, keras):
    """Gradients of a random bowl with noise: of all sizes, and fed back from the weights."""
    # Keras rounds settings to float32 even in float64: both take numbers that survive that
    rounded = {k: float(np.float32(v)) for k, v in optimizer.settings().items() if type(v) is float}
    optimizer = replace(optimizer, **rounded)
    rng = np.random.default_rng(0)
    w = rng.normal(size=60).astype(dtype)
    slopes = np.logspace(-4, 1, 60).astype(dtype)
    variable = keras.Variable(w.copy(), dtype=dtype)
    theirs = keras.optimizers.deserialize(optimizer.keras_config())
    slots = optimizer.init(w)
    for _ in range(10 if dtype == "float32" else 60):
        noise = rng.normal(size=60).astype(dtype)
        gradient = slopes * (w + noise)
        ours_before = w.copy()
        theirs.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        optimizer.step(w, gradient.copy(), slots, optimizer.learning_rate)
        assert not np.array_equal(w, ours_before)
    # centered divides by differences of near-equal numbers, which rounding spoils in float32
    loose = 2e-3 if optimizer.settings().get("centered") else 2e-5
    # Nadam's 0.96 is not a setting, so it stays rounded
    exact = 1e-7 if optimizer.name == "nadam" else 1e-9
    rtol, atol = (loose, 2e-6) if dtype == "float32" else (exact, 1e-12)
    np.testing.assert_allclose(w, variable.numpy(), rtol=rtol, atol=atol)


@pytest.mark.parametrize("optimizer", OPTIMIZER_VARIANTS, ids=str)
def test_optimizer_has_the_settings_of_keras(optimizer, keras):
    config = keras.optimizers.deserialize(optimizer.keras_config()).get_config()
    for key, value in optimizer.settings().items():
        assert config[key] == pytest.approx(value, rel=1e-6), key  # rates are float32 variables


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer_has_the_name_and_defaults_of_keras(name, keras):
    theirs = keras.optimizers.deserialize(OPTIMIZERS[name]().keras_config())
    assert type(keras.optimizers.get(name)) is type(theirs)
    assert OPTIMIZERS[name]().settings().items() <= defaults(theirs).items()


@pytest.mark.parametrize("initializer", list(varied(INITIALIZERS)), ids=str)
def test_initializer_draws_from_the_distribution_of_keras(initializer, keras):
    shape = (600, 400)
    config = initializer.keras_config()
    if initializer.name not in ("zeros", "constant"):
        config["config"]["seed"] = 1
    theirs = keras.ops.convert_to_numpy(keras.initializers.deserialize(config)(shape))
    ours = initializer.draw(shape, np.random.default_rng(1))
    spread = max(float(theirs.std()), 1e-12)
    shift = 6 * spread / np.sqrt(theirs.size)
    np.testing.assert_allclose(ours.mean(), theirs.mean(), atol=max(2 * shift, 1e-6))
    np.testing.assert_allclose(ours.std(), theirs.std(), rtol=0.01, atol=1e-6)
    # the middle and the ends of the distribution; a normal's own ends are left to chance
    at = np.linspace(0.01, 0.99, 25)
    there = np.quantile(theirs, at)
    np.testing.assert_allclose(np.quantile(ours, at), there, atol=0.03 * spread + 1e-6)
    if initializer.name not in ("random_normal", "orthogonal"):
        ends = [theirs.min(), theirs.max()]
        np.testing.assert_allclose([ours.min(), ours.max()], ends, atol=2e-3 * spread + 1e-6)


@pytest.mark.parametrize("initializer", list(varied(INITIALIZERS)), ids=str)
def test_initializer_has_the_name_and_settings_of_keras(initializer, keras):
    theirs = keras.initializers.deserialize(initializer.keras_config())
    assert type(theirs) is getattr(keras.initializers, initializer.name)
    assert initializer.settings().items() <= theirs.get_config().items()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_initializer_has_the_defaults_of_keras(name, keras):
    theirs = keras.initializers.deserialize(INITIALIZERS[name]().keras_config())
    assert INITIALIZERS[name]().settings().items() <= defaults(theirs).items()


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (0.01, 0.0), (0.0, 0.02), (0.01, 0.02)])
def test_penalty(l1, l2, keras):
    kernel = np.random.default_rng(0).normal(size=(9, 5))
    theirs = keras.regularizers.L1L2(l1, l2)(kernel.astype("float32"))
    np.testing.assert_allclose(penalty(kernel, l1, l2), float(theirs), rtol=1e-5)
