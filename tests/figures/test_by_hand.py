"""What a browser gets to compute a network with: read as its script reads it, it is the network."""

import base64
import json

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.preparation.prepare import in_the_plane, prepared
from nncore.definitions.activations import ACTIVATIONS
from nncore.engines.loop import train
from nncore.figures.untrained.by_hand import REACH, by_hand
from nncore.observations.frames import SIDE, cells, square_around
from nncore.observations.wires import wires

FLAT = {"dataset": "moons", "points": 100, "engine": "numpy", "epochs": 3, "hidden": [4, 3]}


def numbers(text):
    return np.frombuffer(base64.b64decode(text), "<f4").astype(float)


def looked_up(table, z):
    """As the browser does: straight lines between the table's values, and beyond them."""
    last = len(table) - 1
    place = (z / REACH + 1) / 2 * last
    k = np.clip(np.floor(place), 0, last - 1).astype(int)
    return table[k] + (place - k) * (table[k + 1] - table[k])


def said(hand, layers, part):
    """The last number of every row, from the message alone."""
    bends = [numbers(text) for text in hand["bends"]]
    a = numbers(hand["sees"][part]).reshape(-1, len(layers[0]) - 1)
    for i, layer in enumerate(layers):
        a = a @ layer[:-1].astype(float) + layer[-1]
        if i < len(bends):
            a = looked_up(bends[i], a)
    return a[:, 0] if a.shape[1] == 1 else a[:, 1] - a[:, 0]


def trained(**more):
    config = Config.from_flat({**FLAT, **more})
    data, records = prepared(config), []
    run, _, _ = train(config, data, records.append)
    hand = by_hand(config, in_the_plane(config), square_around(in_the_plane(config)))
    json.dumps(hand, allow_nan=False)
    return config, data, run, records, hand


NETWORKS = [
    *({"activation": name} for name in ACTIVATIONS),
    {"activation": ["relu", "sigmoid"]},
    {"hidden": []},
    {"inputs": ["x1_squared", "x1x2", "sin_x2"]},
    {"loss": "sparse_categorical_crossentropy"},
    {"loss": "mse"},
    {"loss": "mae"},
    {"dtype": "float64", "dropout": 0.2},
    {"dataset": "hills"},
    {"dataset": "hills", "loss": "huber"},
    {"dataset": "slope", "loss": "mae", "hidden": []},
]


@pytest.mark.parametrize("more", NETWORKS, ids=str)
def test_it_says_what_the_network_says_and_loses_what_it_loses(more):
    config, data, run, records, hand = trained(**more)
    layers = wires(config, run.get_weights(), 8)
    z = said(hand, layers, "val")
    out = looked_up(numbers(hand["says"]), z)
    np.testing.assert_allclose(out, run.predict(data.x_val)[:, -1], atol=2e-3)
    tables = [numbers(text) for text in hand["losses"]]
    if data.classes:
        losses = np.where(data.y_val == 1, looked_up(tables[1], z), looked_up(tables[0], z))
    else:
        losses = looked_up(tables[0], z - data.y_val)
    assert losses.mean() == pytest.approx(records[-1].validation["data_loss"], abs=1e-3)


def test_the_cells_it_sees_are_those_of_a_frame():
    config, _, run, _, hand = trained(inputs=["x2"])
    z = said(hand, wires(config, run.get_weights(), 8), "output")
    below = cells(square_around(in_the_plane(config)), SIDE)[:, 1:].astype(np.float32)
    out = looked_up(numbers(hand["says"]), z)
    np.testing.assert_allclose(out, run.predict(below)[:, -1], atol=2e-3)


def test_what_frames_dont_bring_whole_cant_be_moved():
    config = Config.from_flat({**FLAT, "batch_norm": True})
    data = in_the_plane(config)
    assert by_hand(config, data, square_around(data)) is None
