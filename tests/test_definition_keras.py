"""Every single definition against Keras: values, gradients, update rules, draws, configs.

Whole trainings are compared elsewhere; here a disagreement names the definition at fault.
"""

import numpy as np
import pytest

from nncore.activations import ACTIVATIONS
from nncore.initializers import INITIALIZERS
from nncore.losses import LOSSES
from nncore.optimizers import OPTIMIZERS, SGD, RMSprop
from nncore.outputs import OUTPUTS
from nncore.params import Flag, params_of
from nncore.regularizers import penalty


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
        other = {p.name: _other(p) for p in params_of(kind) if p.name != "learning_rate"}
        if other:
            yield kind(**other)


def _other(param):
    """A value of the domain that isn't the default."""
    if isinstance(param.domain, Flag):
        return not param.default
    return next(v for v in (0.6, 0.3) if v != param.default and v in param.domain)


@pytest.mark.parametrize("activation", varied(ACTIVATIONS), ids=str)
def test_activation_and_its_slope(activation, dtype, keras, tf):
    z = np.linspace(-12, 12, 481).astype(dtype)  # 0 and the kinks are among them
    layer = keras.layers.deserialize(activation.keras_config())
    x = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(x)
        theirs = layer(x)
    slope = tape.gradient(theirs, x)
    a = activation.forward(z)
    atol = 2e-6 if dtype == "float32" else 1e-13
    np.testing.assert_allclose(a, theirs.numpy(), rtol=1e-6, atol=atol)
    np.testing.assert_allclose(activation.derivative(z, a), slope.numpy(), rtol=1e-6, atol=atol)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_has_the_name_and_default_settings_of_keras(name, keras):
    z = np.linspace(-4, 4, 17).astype("float32")
    theirs = keras.activations.get(name)(keras.ops.convert_to_tensor(z))
    ours = ACTIVATIONS[name]().forward(z)
    np.testing.assert_allclose(ours, keras.ops.convert_to_numpy(theirs), atol=1e-6)


@pytest.mark.parametrize("activation", varied(ACTIVATIONS), ids=str)
def test_activation_survives_a_round_trip_through_keras(activation, keras):
    layer = keras.layers.deserialize(activation.keras_config())
    again = keras.layers.deserialize(keras.layers.serialize(layer)).get_config()
    for key, value in activation.keras_config()["config"].items():
        assert again[key] == value


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_activation(name, dtype, keras):
    z = np.random.default_rng(0).normal(scale=4, size=(6, 5)).astype(dtype)
    theirs = keras.activations.get(name)(keras.ops.convert_to_tensor(z))
    atol = 1e-6 if dtype == "float32" else 1e-14
    ours = OUTPUTS[name]().forward(z)
    np.testing.assert_allclose(ours, keras.ops.convert_to_numpy(theirs), atol=atol)


@pytest.mark.parametrize("loss", varied(LOSSES), ids=str)
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


@pytest.mark.parametrize("name", LOSSES)
def test_loss_has_the_name_and_settings_of_keras(name, keras):
    assert callable(keras.losses.get(name))
    config = keras.losses.deserialize(LOSSES[name]().keras_config()).get_config()
    assert LOSSES[name]().settings().items() <= config.items()


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
    rtol, atol = (loose, 2e-6) if dtype == "float32" else (1e-9, 1e-12)
    np.testing.assert_allclose(w, keras.ops.convert_to_numpy(variable), rtol=rtol, atol=atol)


@pytest.mark.parametrize("optimizer", OPTIMIZER_VARIANTS, ids=str)
def test_optimizer_has_the_settings_of_keras(optimizer, keras):
    config = keras.optimizers.deserialize(optimizer.keras_config()).get_config()
    for key, value in optimizer.settings().items():
        assert config[key] == pytest.approx(value, rel=1e-6), key  # rates are float32 variables


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer_has_the_name_and_defaults_of_keras(name, keras):
    config = keras.optimizers.get(name).get_config()
    assert config["name"] == name
    for key, value in OPTIMIZERS[name]().settings().items():
        assert config[key] == pytest.approx(value, rel=1e-6), key


@pytest.mark.parametrize("initializer", varied(INITIALIZERS), ids=str)
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


@pytest.mark.parametrize("initializer", varied(INITIALIZERS), ids=str)
def test_initializer_has_the_name_and_settings_of_keras(initializer, keras):
    theirs = keras.initializers.deserialize(initializer.keras_config())
    assert type(keras.initializers.get(initializer.name)) is type(theirs)
    config = theirs.get_config()
    assert {key: config[key] for key in initializer.settings()} == initializer.settings()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_initializer_has_the_defaults_of_keras(name, keras):
    config = keras.initializers.get(name).get_config()
    ours = INITIALIZERS[name]().settings()
    assert {key: config[key] for key in ours} == ours


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (0.01, 0.0), (0.0, 0.02), (0.01, 0.02)])
def test_penalty(l1, l2, keras):
    kernel = np.random.default_rng(0).normal(size=(9, 5))
    theirs = keras.regularizers.L1L2(l1, l2)(kernel.astype("float32"))
    np.testing.assert_allclose(penalty(kernel, l1, l2), float(theirs), rtol=1e-5)
