"""The Keras engine itself: real models, programs used again, runs that take turns."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from nncore.analysis.cost import cost
from nncore.definitions.activations import ACTIVATIONS
from nncore.definitions.initializers import INITIALIZERS
from nncore.definitions.optimizers import OPTIMIZERS, SGD, Adam
from nncore.definitions.schedules import SCHEDULES
from nncore.engines.begin import begin
from nncore.engines.keras import program
from nncore.engines.loop import train
from nncore.engines.run import metric_of
from tests.engines.test_parity import random_data, tiny

pytestmark = pytest.mark.slow

IN_KERAS = tuple(name for name, kind in ACTIVATIONS.items() if not kind.engines)


def begin_keras(config, data=None):
    return begin("keras", config, data or random_data(config))


def advance(run, epochs):
    """Train at the rate the config names."""
    return run.advance(epochs, run.config.optimizer.learning_rate)


def records(config):
    found = []
    train(config, random_data(config), found.append)
    return [replace(record, seconds=0.0, processor_seconds=0.0) for record in found]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
@pytest.mark.parametrize("engine", ["keras", "keras_fit"])
@pytest.mark.parametrize("names", [IN_KERAS[:7], IN_KERAS[7:]])
def test_saved_model_predicts_the_same(tmp_path, engine, names):
    import keras

    config = tiny(
        hidden=(4,) * len(names), activation=names, dropout=0.3, batch_norm=True, l2=0.01,
        engine=engine, dtype="float32",
    )  # fmt: skip
    data = random_data(config)
    run = begin(engine, config, data)
    run.model().save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(
        loaded.predict(data.x_test, verbose=0), run.predict(data.x_test), atol=1e-6
    )
    assert len({layer.name for layer in loaded.layers}) == len(loaded.layers)
    assert type(loaded.optimizer).__name__ == type(config.optimizer).__name__


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
def test_sigmoids_are_saved_by_their_name_and_say_the_same(tmp_path):
    import keras

    config = tiny(output_activation="sigmoid", dtype="float32", bias_initializer="he_normal")
    data = random_data(config)
    run = begin_keras(config, data)
    advance(run, 1)
    run.model().save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.layers[-1].get_config()["activation"] == "sigmoid"
    said = run.predict(data.x_test)
    np.testing.assert_allclose(loaded.predict(data.x_test, verbose=0), said, atol=1e-6)
    assert abs(said.sum(axis=1) - 1).max() > 0.05


@pytest.mark.parametrize("name", INITIALIZERS)
def test_model_names_its_initializer(name):
    config = tiny(initializer=name)
    kernel_initializer = begin_keras(config).model().layers[0].kernel_initializer
    assert type(kernel_initializer).__name__ == type(config.initializer).__name__
    written = kernel_initializer.get_config()
    for setting, value in config.initializer.settings().items():
        assert written[setting] == value


@pytest.mark.parametrize("settings", [{}, {"batch_norm": True}, {"hidden": ()}, {"dropout": 0.5}])
def test_cost_counts_the_parameters_of_the_model(settings):
    config = tiny(**settings)
    assert begin_keras(config).model().count_params() == cost(config).parameters


def test_one_program_serves_seeds_rates_first_weights_epochs_and_stopping():
    config = tiny(optimizer=Adam(beta_1=0.8))
    first = begin_keras(config)
    advance(first, 1)
    for other in (
        replace(config, seed=1),
        replace(config, optimizer=Adam(beta_1=0.8, learning_rate=0.1)),
        replace(config, initializer=INITIALIZERS["zeros"]()),
        replace(config, epochs=9),
        replace(config, schedule=SCHEDULES["cosine"](), patience=3, stop_loss=0.1),
        replace(config, restore_best=True, initial_weights=(0.1,) * 43),
    ):
        run = begin_keras(other)
        advance(run, 1)
        assert run._program is first._program
    assert first._program.traces == 1


@pytest.mark.parametrize(
    "settings", [{"optimizer": Adam(beta_1=0.7)}, {"hidden": (6,)}, {"l2": 0.5}, {"batch_size": 8}]
)
def test_other_networks_get_programs_of_their_own(settings):
    config = tiny()
    assert begin_keras(replace(config, **settings))._program is not begin_keras(config)._program


def test_programs_of_all_arms_are_kept_until_the_next_seed():
    assert max(len(ACTIVATIONS), len(OPTIMIZERS)) <= program.PROGRAMS_KEPT


def test_learning_rate_is_the_runs_own():
    # the first step of SGD is the rate times the gradient, which both share
    moves = []
    for rate in (0.01, 0.04):
        config = tiny(optimizer=SGD(learning_rate=rate), batch_size=1000, hidden=())
        run = begin_keras(config)
        before = run.get_weights()[0]
        advance(run, 1)
        moves.append(run.get_weights()[0] - before)
    np.testing.assert_allclose(moves[1], 4 * moves[0], rtol=1e-9)


def test_runs_that_take_turns_do_not_disturb_each_other():
    config, other = tiny(), tiny(seed=1, optimizer=Adam(learning_rate=0.1))
    data = random_data(config)
    alone = [begin_keras(c, data) for c in (config, other)]
    expected = [[advance(run, 1), advance(run, 1)] for run in alone]
    first, second = begin_keras(config, data), begin_keras(other, data)
    turns = [advance(run, 1) for run in (first, second, first, second)]
    assert [turns[0::2], turns[1::2]] == expected
    for run, lonely in ((first, alone[0]), (second, alone[1])):
        for mine, theirs in zip(run.get_weights(), lonely.get_weights(), strict=True):
            np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("engine", ["keras", "keras_fit"])
def test_same_config_gives_identical_records(engine):
    config = tiny(engine=engine, dropout=0.3, dtype="float32")
    assert records(config) == records(config)


def test_a_program_compiled_anew_gives_identical_records():
    config = tiny(dropout=0.3, dtype="float32", engine="keras")
    before = records(config)
    program._program.cache_clear()
    assert records(config) == before


def test_many_epochs_of_a_full_batch_in_one_call_equal_single_ones():
    config = tiny(batch_size=1000)
    together, apart = begin_keras(config), begin_keras(config)
    last = advance(together, 7)
    assert last == [advance(apart, 1) for _ in range(7)][-1]
    assert together._program.traces == 1


def test_plain_fit_is_called_once_for_many_epochs_of_a_full_batch(monkeypatch):
    config = tiny(batch_size=1000, engine="keras_fit")
    together, apart = (begin("keras_fit", config, random_data(config)) for _ in range(2))
    calls, fit = [], together._model.fit
    monkeypatch.setattr(together._model, "fit", lambda *a, **k: calls.append(k) or fit(*a, **k))
    last = advance(together, 7)
    assert [call["epochs"] for call in calls] == [7]
    assert last == pytest.approx([advance(apart, 1) for _ in range(7)][-1])


def test_set_weights_replaces_what_is_evaluated():
    config = tiny()
    data = random_data(config)
    run, other = begin_keras(config, data), begin_keras(replace(config, seed=3), data)
    advance(run, 1)
    run.set_weights(other.get_weights())
    np.testing.assert_array_equal(run.predict(data.x_test), other.predict(data.x_test))
    assert run.evaluate(data.x_val, data.y_val) == other.evaluate(data.x_val, data.y_val)


def test_evaluation_in_pieces_equals_evaluation_at_once(monkeypatch):
    config = tiny(l2=0.01)
    data = random_data(config)
    run = begin_keras(config, data)
    whole, predicted = run.evaluate(data.x_train, data.y_train), run.predict(data.x_train)
    monkeypatch.setattr(program, "ROWS_AT_ONCE", 24)
    assert run.evaluate(data.x_train, data.y_train) == pytest.approx(whole)
    np.testing.assert_allclose(run.predict(data.x_train), predicted)


def test_divergence_is_reported_not_raised():
    config = tiny(
        dataset="diabetes", activation="relu", optimizer=SGD(learning_rate=100.0), epochs=20,
        dtype="float32", engine="keras",
    )  # fmt: skip
    collected = []
    _, _, status = train(config, random_data(config), collected.append)
    assert status == "diverged"
    assert not np.isfinite(collected[-1].measure("loss"))
    assert metric_of("regression") in collected[-1].training


def test_worker_setup_after_a_preload():
    # as in a worker: the engine's modules load without TensorFlow, the template preloads it
    script = """
import sys
from nncore.engines.keras import builder, fit, network, program, setup, training
assert not {"tensorflow", "keras"} & set(sys.modules), "imported too early"
import keras, tensorflow as tf
setup.configure()
setup.configure()
assert tf.config.threading.get_intra_op_parallelism_threads() == 1
assert tf.config.threading.get_inter_op_parallelism_threads() == 1
assert float(tf.reduce_sum(tf.ones(3))) == 3
setup.configure()
print("fine")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "fine", done.stderr
