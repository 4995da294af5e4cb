"""The weights in frames: those of the units that are shown, of any kind of network."""

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.preparation.prepare import prepared
from nncore.engines.loop import train
from nncore.observations.catalogue import Observers
from nncore.observations.frames import MOST_UNITS
from nncore.observations.wires import is_whole, read, wires, written

FLAT = {"dataset": "circles", "points": 100, "engine": "numpy", "epochs": 2}


def filmed(**more):
    """(what the run has in the end, the last frame)"""
    config = Config.from_flat({**FLAT, **more})
    data, taken = prepared(config), []
    watch = Observers(["frames"], config, data).watch
    run, records, _ = train(config, data, lambda _: None, watch=watch)
    for record in records:
        taken += record.observed.get("frames", ())
    return config, run.get_weights(), taken[-1]


def test_a_small_network_is_there_whole_with_every_weight_of_the_trained_one():
    config, weights, frame = filmed(hidden=[3, 20])
    assert is_whole(config)
    layers = [read(text, units) for text, units in zip(frame["wires"], (3, 20, 1), strict=True)]
    for layer, kernel, bias in zip(layers, weights[::2], weights[1::2], strict=True):
        assert np.array_equal(layer, np.vstack([kernel, bias]))


@pytest.mark.parametrize(
    ("more", "whole"),
    [
        ({"hidden": [32, 32]}, True),
        ({"hidden": [40, 40]}, False),
        ({"hidden": [4], "dropout": 0.3}, True),
        ({"hidden": [4], "batch_norm": True}, False),
        ({"hidden": [4], "use_bias": False}, False),
        ({"hidden": [4], "model": "wide_deep"}, False),
    ],
)
def test_what_is_whole_can_be_computed_from_its_frames(more, whole):
    assert is_whole(Config.from_flat({**FLAT, **more})) is whole


def test_of_a_large_network_the_last_frame_has_the_weights_of_its_first_units():
    _, (w1, b1, w2, b2, w3, b3), frame = filmed(hidden=[3, 300])
    first, second, last = (
        read(text, units) for text, units in zip(frame["wires"], (3, MOST_UNITS, 1), strict=True)
    )
    assert np.array_equal(first, np.vstack([w1, b1]))
    assert np.array_equal(second, np.vstack([w2[:, :MOST_UNITS], b2[:MOST_UNITS]]))
    assert np.array_equal(last, np.vstack([w3[:MOST_UNITS], b3]))


@pytest.mark.parametrize(
    ("more", "shapes"),
    [
        ({"hidden": []}, [(3, 1)]),
        ({"hidden": [2], "inputs": ["x1", "x1x2", "sin_x2"]}, [(4, 2), (3, 1)]),
        ({"hidden": [2, 3], "batch_norm": True}, [(3, 2), (3, 3), (4, 1)]),
        ({"hidden": [4], "use_bias": False}, [(3, 4), (5, 1)]),
        ({"hidden": [2], "loss": "sparse_categorical_crossentropy"}, [(3, 2), (3, 2)]),
    ],
)
def test_a_layer_has_a_row_per_unit_before_and_one_of_biases(more, shapes):
    config, weights, frame = filmed(**more)
    found = wires(config, weights, MOST_UNITS)
    assert [layer.shape for layer in found] == shapes
    assert [written(layer) for layer in found] == frame["wires"]
    if "use_bias" in more:
        assert not found[0][-1].any()


def test_of_a_layer_that_sees_the_inputs_too_only_what_comes_from_units():
    config, weights, _ = filmed(model="wide_deep", hidden=[3])
    *_, kernel, bias = weights
    assert kernel.shape == (5, 1)
    assert np.array_equal(wires(config, weights, MOST_UNITS)[-1], np.vstack([kernel[2:], bias]))


def test_what_is_no_number_is_none():
    assert not read(written(np.full((2, 3), np.nan)), 3).any()
