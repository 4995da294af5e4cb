"""The contract of the engines: NumPy, compiled Keras and plain `model.fit` give the same numbers.

From the same initial weights and the same batch order, for every activation, loss, optimizer
and regularizer that is registered. Tiny networks on random data, some eight updates each:
long enough for every moving average to matter, short enough that rounding stays rounding.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.config.engine_names import ENGINES
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.data import Data
from nncore.datasets.preparation.prepare import prepared
from nncore.definitions.activations import ACTIVATIONS
from nncore.definitions.bias_initializers import BIAS_INITIALIZERS
from nncore.definitions.initializers import INITIALIZERS
from nncore.definitions.optimizers import OPTIMIZERS, SGD, RMSprop
from nncore.engines.begin import begin
from nncore.engines.weights import initial_weights
from nncore.network.models import WideDeep

pytestmark = pytest.mark.slow

TASKS = {"binary": "circles", "multiclass": "iris", "regression": "diabetes"}
EPOCHS = 2
# Keras holds decay rates and their powers in float32, so Adam and its kin agree with the NumPy
# engine to single precision only. Compiled epochs and fit run the same Keras code.
CLOSE = {
    "float32": {"numpy": 1e-5, "keras_fit": 1e-5},
    "float64": {"numpy": 2e-6, "keras_fit": 1e-10},
}


def tiny(**settings: Any) -> Config:
    """A network small enough to compile in half a second."""
    given: dict[str, Any] = {
        "dataset": "iris",
        "hidden": (5,),
        "activation": "tanh",
        "batch_size": 16,
        "epochs": EPOCHS,
        "dtype": "float64",
    }
    return Config(**(given | settings))


def random_data(config: Config, train: int = 64) -> Data:
    """Random rows of the shape the config's data set has; the labels mean nothing."""
    rng = np.random.default_rng(5)
    task, classes, n = config.data.task, config.data.classes, train + 24
    x = rng.normal(size=(n, config.model.inputs(config))).astype(np.float32)
    if config.data.kind == "text":
        x = rng.integers(0, config.model.words, x.shape).astype(np.int32)
    y = rng.normal(size=n) if task == "regression" else rng.integers(0, len(classes), n)
    parts = slice(0, train), slice(train, train + 12), slice(train + 12, n)
    return Data(task, classes, *(a[part] for part in parts for a in (x, y)))


def trained(config: Config, engine: str, data: Data) -> dict[str, Any]:
    """What one engine measured and ended with."""
    run = begin(engine, replace(config, engine=engine), data)
    epochs = [run.advance(1, config.optimizer.learning_rate) for _ in range(config.epochs)]
    held_out = run.evaluate(data.x_val, data.y_val)
    assert all(np.isfinite(list(m.values())).all() for m in [*epochs, held_out])
    return {
        "epochs": epochs,
        "held_out": held_out,
        "predictions": run.predict(data.x_test),
        "weights": run.get_weights(),
    }


def check_same(actual: Any, expected: Any, tolerance: float) -> None:
    """Measures, predictions and weights agree, entry by entry."""
    for mine, other in zip(
        [*actual["epochs"], actual["held_out"]], [*expected["epochs"], expected["held_out"]],
        strict=True,
    ):  # fmt: skip
        assert mine == pytest.approx(other, rel=0, abs=tolerance)
    np.testing.assert_allclose(actual["predictions"], expected["predictions"], atol=tolerance)
    for mine, other in zip(actual["weights"], expected["weights"], strict=True):
        assert mine.dtype == other.dtype
        np.testing.assert_allclose(mine, other, rtol=10 * tolerance, atol=tolerance)


def check_engines_agree(
    config: Config, *, train: int = 64, against: tuple[str, ...] = ("numpy", "keras_fit")
) -> None:
    data = random_data(config, train)
    by_keras = trained(config, "keras", data)
    before = initial_weights(config)
    moved = [np.abs(a - b).max() for a, b in zip(by_keras["weights"], before, strict=True)]
    assert max(moved) > 1e-6  # agreeing on standing still would prove nothing
    for engine in against:
        check_same(by_keras, trained(config, engine, data), CLOSE[config.dtype][engine])


@pytest.mark.parametrize("name", [n for n, kind in ACTIVATIONS.items() if not kind.engines])
def test_engines_agree_for_every_activation(name):
    # the network that fit trains is built by the same code
    check_engines_agree(tiny(activation=name), against=("numpy",))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_engines_agree_for_every_optimizer(name):
    check_engines_agree(tiny(optimizer=name))


@pytest.mark.parametrize(
    "optimizer",
    [
        SGD(momentum=0.9),
        SGD(momentum=0.9, nesterov=True),
        RMSprop(momentum=0.9),
        RMSprop(centered=True),
    ],
    ids=["momentum", "nesterov", "rmsprop_momentum", "rmsprop_centered"],
)
def test_engines_agree_for_variants_of_an_optimizer(optimizer):
    check_engines_agree(tiny(optimizer=optimizer))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_compiled_epochs_agree_with_numpy_in_single_precision(name):
    check_engines_agree(tiny(optimizer=name, dtype="float32"), against=("numpy",))


@pytest.mark.parametrize(
    "settings",
    [
        {"l1": 0.01},
        {"l2": 0.01},
        {"batch_norm": True},
        {"batch_norm": True, "batch_norm_momentum": 0.5, "l1": 0.01, "l2": 0.02},
    ],
    ids=["l1", "l2", "batch_norm", "all"],
)
def test_engines_agree_for_every_regularizer(settings):
    check_engines_agree(tiny(hidden=(5, 4), **settings))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_engines_agree_on_a_smaller_last_batch(dtype):
    check_engines_agree(tiny(hidden=(5, 4), activation="relu", dtype=dtype), train=70)


def test_engines_agree_on_a_full_batch():
    check_engines_agree(tiny(batch_size=1000, optimizer=SGD(learning_rate=0.1), epochs=3))


def test_engines_agree_without_hidden_layers():
    check_engines_agree(tiny(hidden=()))


@pytest.mark.parametrize(
    "columns",
    [
        {"wide_inputs": ("s1", "age")},
        {"deep_inputs": ("bmi",)},
        {"wide_inputs": ("age", "sex"), "deep_inputs": ("sex", "bmi", "bp")},
    ],
    ids=["wide", "deep", "both"],
)
def test_engines_agree_on_columns_of_either_side(columns):
    names = dict(zip(("age", "sex", "bmi", "bp", "s1"), DATASETS["diabetes"].columns, strict=False))
    chosen = {side: tuple(names[n] for n in some) for side, some in columns.items()}
    model = WideDeep(**chosen)
    check_engines_agree(tiny(dataset="diabetes", model=model, hidden=(4, 3), dropout=0.0))


def test_engines_agree_on_a_published_split():
    config = tiny(dataset="wine", split="random:0.25:42")
    data = prepared(config)
    by_keras = trained(config, "keras", data)
    for engine in ("numpy", "keras_fit"):
        check_same(by_keras, trained(config, engine, data), CLOSE[config.dtype][engine])


def test_engines_agree_split_by_split_though_compiled_programs_are_shared():
    held_out = []
    for number in (0, 3):
        config = tiny(split_seed=number)
        data = prepared(config)
        by_keras = trained(config, "keras", data)
        check_same(by_keras, trained(config, "numpy", data), CLOSE[config.dtype]["numpy"])
        held_out.append(by_keras["held_out"])
    assert held_out[0] != held_out[1]


@pytest.mark.parametrize(
    ("field", "name"),
    [
        *(("initializer", name) for name in INITIALIZERS),
        *(("bias_initializer", name) for name in BIAS_INITIALIZERS),
    ],
)
def test_engines_start_from_the_same_weights(field, name):
    config = tiny(hidden=(6, 5), batch_norm=True, **{field: name})
    data = random_data(config)
    starts = [
        begin(engine, replace(config, engine=engine), data).get_weights() for engine in ENGINES
    ]
    for layers in zip(*starts, strict=True):
        for other in layers[1:]:
            np.testing.assert_array_equal(layers[0], other)


@pytest.mark.parametrize("batch_size", [16, 1000])
def test_numpy_and_compiled_epochs_drop_the_same_units(batch_size):
    config = tiny(hidden=(8, 6), dropout=0.4, batch_size=batch_size)
    check_engines_agree(config, train=70, against=("numpy",))


def test_dropout_of_fit_costs_what_nncores_masks_cost():
    # At a rate that hardly moves the weights, epochs differ by their masks only.
    config = tiny(
        hidden=(32,), dropout=0.5, optimizer=SGD(learning_rate=1e-6), batch_size=200,
        initializer="he_normal",
    )  # fmt: skip
    data = random_data(config, 4000)
    losses = {}
    for engine in ("keras", "keras_fit"):
        run = begin(engine, replace(config, engine=engine), data)
        losses[engine] = np.array([run.advance(1, 1e-6)["loss"] for _ in range(6)])
    mine, fit = losses["keras"], losses["keras_fit"]
    noise = np.sqrt(mine.var(ddof=1) + fit.var(ddof=1))
    assert noise > 0
    assert abs(mine.mean() - fit.mean()) < 3 * noise
    without = trained(replace(config, dropout=0.0), "numpy", data)["epochs"][0]["loss"]
    assert mine.mean() - without > 10 * noise


def test_every_task_has_a_data_set_here():
    assert {task: DATASETS[name].task for task, name in TASKS.items()} == {t: t for t in TASKS}
