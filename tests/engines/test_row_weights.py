"""Rows that count differently: by their class, by a weight of their own, in every engine alike."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.definitions.optimizers import SGD
from nncore.engines.row_weights import class_weights, row_weights
from nncore.engines.weights import initial_weights
from nncore.lab.keys import program_key
from nncore.system.errors import InvalidSetting
from tests.engines.test_parity import CLOSE, check_same, random_data, tiny, trained


def test_class_weights_are_those_of_scikit_learn():
    from sklearn.utils.class_weight import compute_class_weight

    y = np.array([0, 0, 0, 0, 0, 2, 2, 3])  # class 1 is in no row
    theirs = compute_class_weight("balanced", classes=np.array([0, 2, 3]), y=y)
    np.testing.assert_allclose(class_weights(y)[[0, 2, 3]], theirs)
    assert class_weights(y)[y].mean() == pytest.approx(1)


def test_a_config_without_them_is_what_it_was_before_there_was_a_choice():
    before, weighed = Config(dataset="iris"), Config(dataset="iris", class_weight="balanced")
    assert "class_weight" not in before.flat()
    assert row_weights(before, random_data(before)) is None
    assert weighed.flat() == before.flat() | {"class_weight": "balanced"}
    assert program_key(weighed) != program_key(before)


def test_numbers_have_no_classes_to_weigh():
    with pytest.raises(InvalidSetting, match=r"^class_weight .* Diabetes predicts a number \(.*"):
        Config(dataset="diabetes", class_weight="balanced")


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        {"dataset": "circles", "optimizer": SGD(learning_rate=0.5)},
        {"l2": 0.02, "batch_size": 1000, "optimizer": SGD(learning_rate=0.5)},
        {"reduction": "sum", "optimizer": SGD(learning_rate=0.02), "dtype": "float32"},
    ],
    ids=["two classes", "full batch, penalty", "sum"],
)
def test_engines_agree_where_rows_have_weights_of_their_own_and_of_their_class(settings):
    config = tiny(class_weight="balanced", **settings)
    data = random_data(config, train=70)
    own = np.random.default_rng(1).exponential(size=70)
    data = replace(data, w_train=own / own.mean())
    by_keras = trained(config, "keras", data)
    for engine in ("numpy", "keras_fit"):
        check_same(by_keras, trained(config, engine, data), CLOSE[config.dtype][engine])
    plain = trained(replace(config, class_weight="none"), "numpy", replace(data, w_train=None))
    assert np.abs(plain["weights"][0] - by_keras["weights"][0]).max() > 1e-3


@pytest.mark.slow
def test_balanced_is_what_keras_calls_a_class_weight():
    from nncore.engines.keras.builder import build, targets, values
    from nncore.engines.streams import epoch_order, stream

    config = tiny(class_weight="balanced", epochs=1)
    data = random_data(config)
    ours = trained(config, "numpy", data)
    model = build(config)
    model.set_weights(initial_weights(config))
    order = epoch_order(stream(config.seed, "order"), 64, config.batch_size, None)
    told = model.fit(
        data.x_train[order], targets(config, data.y_train)[order], shuffle=False, verbose=0,
        batch_size=config.batch_size, class_weight=dict(enumerate(class_weights(data.y_train))),
    ).history  # fmt: skip
    assert ours["epochs"][0]["loss"] == pytest.approx(told["loss"][0], rel=1e-5)
    assert ours["epochs"][0]["accuracy"] == pytest.approx(told["accuracy"][0])
    for mine, theirs in zip(ours["weights"], values(model.weights), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)
