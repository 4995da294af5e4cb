"""One step taken apart: the numbers shown are those of the engine, and they are right."""

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.engines.numpy.network import Network, with_ones
from nncore.engines.numpy.one_step import (
    BACKWARD,
    FORWARD,
    LABELS,
    LOSS,
    POINTS,
    UPDATE,
    one_step,
)
from nncore.system.errors import InvalidSetting

CONFIG = Config.from_flat(
    {
        "dataset": "circles",
        "engine": "numpy",
        "hidden": [3, 2],
        "activation": "tanh",
        "optimizer": "sgd",
        "learning_rate": 0.5,
        "dtype": "float64",
    }
)


def mean_loss(config, weights) -> float:
    network = Network(config, len(POINTS))
    network.parameters.w[:] = weights
    out = network.forward(with_ones(POINTS), training=False)
    encoded = config.loss.encode(LABELS, 1, np.dtype("float64"))
    return float(config.loss.values(encoded, out).mean())


def test_phases_come_in_order():
    phases = [op.phase for op in one_step(CONFIG)]
    assert list(dict.fromkeys(phases)) == [FORWARD, LOSS, BACKWARD, UPDATE]
    assert phases.count(FORWARD) == 5  # three dense layers, two activations


@pytest.mark.parametrize("loss", ["auto", "mse"])  # reads logits, reads the sigmoid's output
def test_the_update_follows_the_measured_slope(loss):
    config = Config.from_flat({**CONFIG.flat(), "loss": loss, "output_activation": "auto"})
    numbers = one_step(config)[-1].numbers
    w, gradient, new = (numbers[key][0] for key in ("w", "dL/dw", "new w"))
    steps = 1e-6 * np.eye(len(w))
    slope = [(mean_loss(config, w + s) - mean_loss(config, w - s)) / 2e-6 for s in steps]
    np.testing.assert_allclose(gradient, slope, atol=1e-8)
    np.testing.assert_allclose(new, w - 0.5 * np.array(slope), atol=1e-8)


def test_the_numbers_of_an_operation_belong_together():
    first, bend = one_step(CONFIG)[:2]
    numbers = first.numbers
    np.testing.assert_allclose(numbers["z"], numbers["W"] @ POINTS.T + numbers["b"])
    np.testing.assert_allclose(bend.numbers["a"], np.tanh(numbers["z"]))
    assert "def forward" in first.code


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "gelu"])
def test_shown_pre_activations_are_not_overwritten(activation):
    config = Config.from_flat({**CONFIG.flat(), "activation": activation})
    dense, bend = one_step(config)[:2]
    np.testing.assert_allclose(bend.numbers["z"], dense.numbers["z"])
    expected = config.activation[0].forward(dense.numbers["z"])
    np.testing.assert_allclose(bend.numbers["a"], expected)


@pytest.mark.parametrize("more", [{"dropout": 0.5}, {"batch_norm": True}, {"hidden": [9]}])
def test_what_cannot_be_read_is_refused(more):
    with pytest.raises(InvalidSetting, match="at most 8 units"):
        one_step(Config.from_flat({**CONFIG.flat(), **more}))
