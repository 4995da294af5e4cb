"""The neuron of case 1: its published weights, digit by digit."""

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.preparation.prepare import prepared
from nncore.engines.loop import train

PUBLISHED = (9.67299303, -0.2078435, -4.62963669)
FLAT = {
    "dataset": "sigmoid_neuron", "split": "none", "preprocess": "none", "use_bias": False,
    "initial_weights": [-0.16595599, 0.44064899, -0.99977125], "output_activation": "sigmoid",
    "loss": "mse", "reduction": "sum", "optimizer": "sgd", "learning_rate": 0.5,
    "batch_size": 4, "epochs": 10_000, "dtype": "float64",
}  # fmt: skip


@pytest.mark.parametrize(
    ("engine", "model"),
    [
        ("numpy", "mlp"),
        ("numpy", "perceptron"),
        pytest.param("keras", "mlp", marks=pytest.mark.slow),
    ],
)
def test_ten_thousand_delta_rule_updates_give_the_published_digits(engine, model):
    hidden = {"hidden": []} if model == "mlp" else {}
    config = Config.from_flat({**FLAT, **hidden, "engine": engine, "model": model})
    data = prepared(config)
    run, records, _ = train(config, data, lambda record: None)
    (weights,) = run.get_weights()
    assert [float(f"{w:.8f}") for w in weights[:, 0]] == list(PUBLISHED)
    assert float(f"{run.predict(np.array([[1.0, 0.0, 0.0]]))[0, 0]:.8f}") == 0.99993704
    assert records[-1].epoch == 10_000
    # validated on the training rows, after the last update instead of before it
    assert records[-1].measure("val_loss") == pytest.approx(records[-1].measure("loss"), rel=1e-3)


def test_without_a_split_the_training_rows_validate():
    config = Config.from_flat({**FLAT, "hidden": []})
    data = prepared(config)
    assert config.counts() == (4, 4, 1)
    assert data.x_train.tolist() == data.x_val.tolist()
    assert data.x_train.tolist() == [[0, 0, 1], [1, 1, 1], [1, 0, 1], [0, 1, 1]]
    assert data.y_train.tolist() == data.y_val.tolist() == [0, 1, 1, 0]
    assert data.x_test.tolist() == [[1, 0, 0]]
