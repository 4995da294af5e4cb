"""Networks as `.keras` files and texts answered by Keras: the same numbers as in training."""

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.preparation.prepare import learnt, prepared
from nncore.datasets.ragged import Ragged
from nncore.engines.begin import begin
from nncore.engines.weights import initial_weights
from nncore.saved.child import ask
from nncore.saved.inference import predict
from nncore.saved.network import SavedNetwork

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "settings",
    [
        {"dataset": "iris", "hidden": [6, 5], "batch_norm": True, "dropout": 0.2, "l2": 0.01},
        {"dataset": "california_housing", "model": "wide_deep", "hidden": [4], "loss": "huber"},
        {
            "dataset": "california_housing",
            "model": "wide_deep",
            "hidden": [4],
            "wide_inputs": ["latitude", "house_age"],
            "deep_inputs": ["median_income", "population", "latitude"],
        },
    ],
    ids=["classes", "wide and deep", "columns of their own"],
)
def test_a_keras_file_is_the_trained_network(settings, tmp_path):
    config = Config.from_flat({"engine": "numpy", "epochs": 2, "activation": "tanh", **settings})
    data = prepared(config)
    run = begin("numpy", config, data)
    run.advance(2, 0.01)
    network = SavedNetwork(config, tuple(run.get_weights()), learnt(config))
    path = tmp_path / "network.keras"
    path.write_bytes(ask("keras_file", network))

    import keras

    model = keras.models.load_model(path, safe_mode=True)
    x = data.x_test[:200]
    np.testing.assert_allclose(model.predict(x, verbose=0), run.predict(x), atol=1e-5)
    assert model.count_params() == sum(weight.size for weight in network.weights)
    assert model.optimizer.name == "adam"  # compiled: it can be trained on


def test_texts_are_answered_in_a_child():
    config = Config.from_flat(
        {
            "dataset": "imdb",
            "model": "text_cnn",
            "words": 100,
            "tokens": 12,
            "hidden": [4],
            "embedding": 3,
            "filters": 2,
            "pool_size": 2,
        }
    )
    rng = np.random.default_rng(0)
    weights = tuple(rng.normal(0, 1, w.shape).astype(w.dtype) for w in initial_weights(config))
    network = SavedNetwork(config, weights)
    flat = rng.integers(1, 300, 9).astype(np.int32)
    rows = Ragged(flat, np.array([0, 5, 9], np.int32))
    said = predict(network, rows)

    from nncore.engines.keras.builder import build

    model = build(config)
    model.set_weights(list(weights))
    np.testing.assert_allclose(said, model.predict(rows.padded(100, 12), verbose=0), atol=1e-6)
    assert said.shape == (2, 1)
    assert not np.isclose(said[0], said[1])
