"""Weights layer by layer: the right numbers under the right name, before training and after it."""

import numpy as np
import pytest

from nncore.analysis.weights import MOST_DRAWN, Weights, in_shape
from nncore.config.config import Config
from nncore.engines.begin import begin
from nncore.engines.loop import train
from nncore.system.errors import InvalidSetting
from tests.toy_data import toy_data


def small(**settings):
    return Config.from_flat(
        {
            **{"dataset": "circles", "engine": "numpy", "hidden": [5, 3], "epochs": 2},
            **{"batch_norm": True, "seed": 7, **settings},
        }
    )


def test_before_is_what_an_engine_starts_from_and_after_what_it_returns():
    config = small()
    data = toy_data(config)
    start = begin("numpy", config, data).get_weights()
    run, _, _ = train(config, data, lambda _: None)
    layers = Weights(config, run.get_weights()).layers
    assert list(layers) == ["dense_1", "dense_2", "output"]
    # each hidden layer: kernel, bias, and the four of its batch norm
    for place, layer in zip((0, 6, 12), layers.values(), strict=True):
        np.testing.assert_array_equal(layer.before, start[place])
        np.testing.assert_array_equal(layer.bias_before, start[place + 1])
        np.testing.assert_array_equal(layer.after, run.get_weights()[place])
        np.testing.assert_array_equal(layer.bias_after, run.get_weights()[place + 1])
        assert not np.array_equal(layer.before, layer.after)


def test_a_seed_has_its_own_first_weights():
    first, other = (Weights(small(seed=seed)).layer().before for seed in (0, 1))
    assert not np.array_equal(first, other)


def test_layers_without_bias_and_without_training():
    layer = Weights(small(use_bias=False)).layer("dense_2")
    assert layer.bias_before is layer.bias_after is layer.after is None
    assert layer.before.shape == (5, 3)


def test_too_many_first_weights_are_not_drawn_anew():
    config = Config.from_flat({"dataset": "mnist", "hidden": [4096, 1024], "engine": "numpy"})
    assert MOST_DRAWN < 784 * 4096 + 4096 * 1024
    assert Weights(config).layer("dense_1").before is None


def test_a_flat_row_of_weights_finds_its_shapes():
    config = small(batch_norm=False)
    weights = begin("numpy", config, toy_data(config)).get_weights()
    flat = [float(value) for weight in weights for value in weight.ravel()]
    for mine, its in zip(in_shape(config, flat), weights, strict=True):
        np.testing.assert_array_equal(mine, its)


def test_an_unknown_layer_is_named_in_a_sentence():
    with pytest.raises(InvalidSetting, match="one of dense_1, dense_2, output"):
        Weights(small()).layer("dense_9")
