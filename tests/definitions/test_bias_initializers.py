"""Biases are drawn as Keras draws vectors, zeros unless asked, and old keys stay."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.config.settings import SETTINGS
from nncore.definitions.bias_initializers import BIAS_INITIALIZERS
from nncore.definitions.initializers import INITIALIZERS
from nncore.engines.weights import initial_weights
from nncore.system.errors import InvalidSetting

UNITS = 20_000


def test_there_is_one_for_every_initializer_that_can_draw_a_vector():
    assert set(INITIALIZERS) - set(BIAS_INITIALIZERS) == {"orthogonal"}
    for name, kind in BIAS_INITIALIZERS.items():
        assert kind().draw(3, np.random.default_rng(0)).shape == (3,), name


@pytest.mark.parametrize(
    ("flat", "low", "high", "spread"),
    [
        ({}, 0, 0, 0),
        ({"bias_initializer": "constant", "bias_value": 0.1}, 0.1, 0.1, 0),
        ({"bias_initializer": "random_normal", "bias_stddev": 0.1}, -1, 1, 0.1),  # source 000
        ({"bias_initializer": "random_uniform", "bias_minval": -1, "bias_maxval": 1},
         -1, 1, 1 / np.sqrt(3)),  # source 004
        ({"bias_initializer": "glorot_uniform"},  # source 003: n inputs and n outputs
         -np.sqrt(3 / UNITS), np.sqrt(3 / UNITS), np.sqrt(1 / UNITS)),
    ],
    ids=lambda value: value.get("bias_initializer", "zeros") if isinstance(value, dict) else None,
)  # fmt: skip
def test_biases_have_the_spread_that_is_asked_for(flat, low, high, spread):
    config = Config.from_flat(flat)
    drawn = config.bias_initializer.draw(UNITS, np.random.default_rng(0))
    assert drawn.min() >= low
    assert drawn.max() <= high
    assert drawn.std() == pytest.approx(spread, rel=0.02)


def test_biases_leave_the_weights_and_each_other_alone():
    plain = Config(dataset="iris", hidden=(6, 6))
    drawn = replace(plain, bias_initializer="random_normal")
    before, after = initial_weights(plain), initial_weights(drawn)
    kernels = [w for w in before if w.ndim == 2]
    np.testing.assert_array_equal(
        np.concatenate([w.ravel() for w in kernels]),
        np.concatenate([w.ravel() for w in after if w.ndim == 2]),
    )
    first, second, _ = (w for w in after if w.ndim == 1)
    assert not np.isclose(first, second).any()
    assert not np.isclose(first, after[0][0]).any()  # a stream of its own, not that of the kernel
    assert not any(w.any() for w in before if w.ndim == 1)
    assert [w.ndim for w in initial_weights(replace(drawn, use_bias=False))] == [2, 2, 2]


def test_zeros_written_out_are_what_was_trained_before_there_was_a_choice():
    before = Config(dataset="iris")
    assert "bias_initializer" not in before.flat()
    assert (
        Config.from_flat({"dataset": "iris", "bias_initializer": "zeros"}).flat() == before.flat()
    )
    other = Config(dataset="iris", bias_initializer="he_normal")
    assert other.flat() == before.flat() | {"bias_initializer": "he_normal"}
    assert other.compiled() == before.compiled()  # first weights are swapped into a program


def test_an_empty_interval_of_biases_is_refused_in_a_sentence():
    with pytest.raises(InvalidSetting, match=r"^bias_initializer: .*got minval 1 and maxval 0\.$"):
        Config.from_flat({"bias_initializer": "random_uniform", "bias_minval": 1, "bias_maxval": 0})


@pytest.mark.parametrize("name", BIAS_INITIALIZERS)
def test_settings_of_biases_have_names_and_labels_of_their_own(name):
    for setting in (s for s in SETTINGS.values() if BIAS_INITIALIZERS[name] in s.owners):
        kernels = SETTINGS[setting.name.removeprefix("bias_")]
        assert setting.name != kernels.name
        assert setting.label != kernels.label
        assert setting.domain == kernels.domain
        assert setting.group == "Network"
        assert setting.needs == ("use_bias",)


@pytest.mark.slow
@pytest.mark.parametrize("name", BIAS_INITIALIZERS)
def test_biases_are_drawn_from_the_distribution_of_keras(name):
    import keras

    ours = BIAS_INITIALIZERS[name]()
    config = ours.keras_config()
    if name not in ("zeros", "constant"):
        config["config"]["seed"] = 1
    theirs = keras.ops.convert_to_numpy(keras.initializers.deserialize(config)((UNITS,)))
    mine = ours.draw(UNITS, np.random.default_rng(1))
    scale = theirs.std()
    shares = np.linspace(0.01, 0.99, 21)
    np.testing.assert_allclose(
        np.quantile(mine, shares), np.quantile(theirs, shares), atol=0.06 * scale + 1e-12
    )
