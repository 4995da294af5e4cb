import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.definitions.activations import ACTIVATIONS
from nncore.engines.loop import train
from nncore.engines.numpy.network import Network, with_ones
from nncore.engines.numpy.training import NumpyRun
from nncore.system import blas
from tests.toy_data import possible_outputs, toy_data

ROWS = 12


def assert_backpropagation_is_the_slope_of_the_loss(config):
    """Each partial derivative of one batch's loss, against a central difference, in float64."""
    config = replace(config, dtype="float64")
    data = toy_data(config, train=ROWS)
    x, loss = with_ones(data.x_train.astype(float)), config.objective
    y = config.loss.encode(data.y_train, config.output_units, np.dtype("float64"))

    def network_at(w):
        network = Network(config, ROWS)  # anew each time: dropout then draws the same masks
        network.parameters.w[:] = w
        network.begin_epoch(ROWS)
        return network, network.forward(x, training=True)

    def objective(w):
        network, out = network_at(w)
        return loss.values(y, out).mean() + network.penalty()

    size = len(Network(config, ROWS).parameters.w)
    w = np.random.default_rng(1).normal(scale=0.6, size=size)
    network, out = network_at(w)
    network.backward(loss.gradient(y, out) / ROWS)
    h = 1e-6
    slopes = [(objective(w + h * e) - objective(w - h * e)) / (2 * h) for e in np.eye(size)]
    assert np.abs(slopes).max() > 1e-3
    np.testing.assert_allclose(network.parameters.g, slopes, rtol=1e-5, atol=2e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_through_every_activation(activation):
    config = Config(dataset="iris", engine="numpy", hidden=(5, 4), activation=activation)
    assert_backpropagation_is_the_slope_of_the_loss(config)


@pytest.mark.parametrize(("dataset", "loss", "output"), possible_outputs())
def test_gradient_of_every_loss_with_every_output_it_allows(dataset, loss, output):
    config = Config(
        dataset=dataset, engine="numpy", hidden=(4,), activation="tanh", loss=loss,
        output_activation=output,
    )  # fmt: skip
    assert_backpropagation_is_the_slope_of_the_loss(config)


@pytest.mark.parametrize("hidden", [(), (5,), (5, 4), (5, 4, 3)])
@pytest.mark.parametrize(
    "regularized",
    [
        {},
        {"l1": 0.05},
        {"l2": 0.05},
        {"batch_norm": True},
        {"dropout": 0.4},
        {"l1": 0.02, "l2": 0.03, "batch_norm": True, "dropout": 0.3},
    ],
    ids=lambda settings: "+".join(settings) or "plain",
)
def test_gradient_at_every_depth_with_every_regularizer(hidden, regularized):
    config = Config(dataset="iris", hidden=hidden, activation="tanh", **regularized)
    assert_backpropagation_is_the_slope_of_the_loss(config)


def test_dropout_shifts_neither_batch_order_nor_initial_weights():
    plain = Config(dataset="iris", engine="numpy", hidden=(6, 5), batch_size=8)
    # a rate below the resolution of the masks: dropout is there, but every unit is kept
    dropped = replace(plain, dropout=1e-7)
    data = toy_data(plain)
    runs = NumpyRun(plain, data), NumpyRun(dropped, data)
    assert [type(la).__name__ for la in runs[1].network.layers].count("Dropout") == 2
    for one, two in zip(runs[0].get_weights(), runs[1].get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    losses = [[run.advance(1, 0.001)["loss"] for _ in range(3)] for run in runs]
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-5)


def test_dropout_keeps_the_mean_and_rests_outside_training():
    config = Config(dataset="iris", hidden=(200,), activation="linear", dropout=0.5)
    network = Network(config, ROWS)
    x = with_ones(toy_data(config, train=ROWS).x_train)
    resting = network.forward(x, training=False)
    outs = []
    for _ in range(400):
        network.begin_epoch(ROWS)
        outs.append(network.forward(x, training=True).copy())
    error = np.std(outs, axis=0) / np.sqrt(len(outs))
    assert (np.abs(np.mean(outs, axis=0) - resting) < 5 * error).all()
    assert error.min() > 0


def test_batch_norm_without_memory_infers_as_it_trained():
    config = Config(
        dataset="iris", hidden=(4,), batch_norm=True, batch_norm_momentum=0.0, dtype="float64"
    )
    network = Network(config, ROWS)
    x = with_ones(toy_data(config, train=ROWS).x_train.astype(float))
    before = network.forward(x, training=False).copy()
    trained = network.forward(x, training=True).copy()
    np.testing.assert_allclose(network.forward(x, training=False), trained, rtol=1e-12)
    assert np.abs(before - trained).max() > 1e-3


def test_batch_norm_centres_every_unit_and_follows_slowly():
    config = Config(
        dataset="iris", hidden=(4,), activation="linear", batch_norm=True, dtype="float64"
    )
    network = Network(config, ROWS)
    x = with_ones(toy_data(config, train=ROWS).x_train.astype(float))
    dense, normalised = network.layers[:2]
    z = dense.forward(x.T, training=True).copy()
    a = normalised.forward(z, training=True)[:-1]
    np.testing.assert_allclose(a.mean(axis=1), 0, atol=1e-12)
    assert (a.std(axis=1) <= 1).all()  # a little less than 1, because of epsilon
    # the default momentum 0.99 moves one hundredth of the way from the start (0 and 1)
    *_, moving_mean, moving_variance = normalised.weights()
    np.testing.assert_allclose(moving_mean, z[:-1].mean(axis=1) / 100)
    np.testing.assert_allclose(moving_variance - 1, (z[:-1].var(axis=1) - 1) / 100)


@pytest.mark.parametrize("dataset", ["circles", "iris", "diabetes"])
def test_penalties_are_what_separates_loss_from_data_loss(dataset):
    config = Config(dataset=dataset, engine="numpy", hidden=(5,), l1=0.01, l2=0.02)
    data = toy_data(config)
    run = NumpyRun(config, data)
    run.advance(1, config.optimizer.learning_rate)
    kernels = [w.astype(float) for w in run.get_weights() if w.ndim == 2]
    expected = sum(0.01 * np.abs(k).sum() + 0.02 * (k**2).sum() for k in kernels)
    measured = run.evaluate(data.x_val, data.y_val)
    assert measured["loss"] - measured["data_loss"] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("dataset", ["circles", "iris", "diabetes"])
def test_an_epoch_measures_every_sample_once(dataset):
    # with hardly any learning, what an epoch measures is what an evaluation measures
    config = Config.from_flat(
        {"dataset": dataset, "engine": "numpy", "hidden": [5], "optimizer": "sgd",
         "learning_rate": 1e-6, "batch_size": 16, "l2": 0.1}
    )  # fmt: skip
    data = toy_data(config, train=50)  # the last batch has two rows
    run = NumpyRun(config, data)
    before = run.evaluate(data.x_train, data.y_train)
    measured = run.advance(1, 1e-6)
    assert measured == pytest.approx(before, rel=1e-4)


def test_measures_are_taken_before_each_update():
    config = Config(dataset="iris", engine="numpy", batch_size=1000)
    data = toy_data(config)
    run = NumpyRun(config, data)
    for _ in range(3):
        before = run.evaluate(data.x_train, data.y_train)
        assert run.advance(1, config.optimizer.learning_rate) == pytest.approx(before, rel=1e-5)


@pytest.mark.parametrize("dataset", ["circles", "iris", "diabetes"])
def test_measures_follow_from_the_predictions(dataset):
    config = Config(dataset=dataset, engine="numpy", loss="mse", hidden=(5,))
    data = toy_data(config)
    run = NumpyRun(config, data)
    run.advance(3, config.optimizer.learning_rate)
    predicted, measured = run.predict(data.x_val), run.evaluate(data.x_val, data.y_val)
    if dataset == "iris":
        np.testing.assert_allclose(predicted.sum(axis=1), 1, rtol=1e-6)
        assert measured["accuracy"] == np.mean(predicted.argmax(axis=1) == data.y_val)
    elif dataset == "circles":
        assert measured["accuracy"] == np.mean((predicted[:, 0] > 0.5) == (data.y_val == 1))
        assert measured["loss"] == pytest.approx(np.mean((predicted[:, 0] - data.y_val) ** 2))
    else:
        assert measured["mae"] == pytest.approx(np.abs(predicted[:, 0] - data.y_val).mean())


def test_weights_are_copies_and_can_be_put_back():
    config = Config(dataset="iris", engine="numpy", hidden=(5,), batch_norm=True)
    data = toy_data(config)
    run = NumpyRun(config, data)
    start, predicted = run.get_weights(), run.predict(data.x_val)
    run.advance(2, config.optimizer.learning_rate)
    assert np.abs(run.predict(data.x_val) - predicted).max() > 1e-3
    run.set_weights(start)
    np.testing.assert_array_equal(run.predict(data.x_val), predicted)
    run.advance(1, config.optimizer.learning_rate)
    assert any((a != b).any() for a, b in zip(start, run.get_weights(), strict=True))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_everything_is_in_the_chosen_precision(dtype):
    config = Config(
        dataset="iris", engine="numpy", dtype=dtype, batch_norm=True, dropout=0.5, l1=0.1, l2=0.1
    )
    data = toy_data(config)
    run = NumpyRun(config, data)
    run.advance(1, config.optimizer.learning_rate)
    assert {w.dtype for w in run.get_weights()} == {np.dtype(dtype)}
    assert run.network.parameters.g.dtype == np.dtype(dtype)
    assert run.predict(data.x_val).dtype == np.dtype(dtype)


def test_many_rows_are_inferred_in_parts():
    config = Config(dataset="iris", engine="numpy", hidden=(5,), dtype="float64")
    run = NumpyRun(config, toy_data(config))
    x = np.random.default_rng(0).normal(size=(2500, 4))
    halves = [run.predict(x[:700]), run.predict(x[700:])]
    np.testing.assert_allclose(run.predict(x), np.concatenate(halves), rtol=1e-12)


def labelled(x, y, task, classes):
    """`x` and `y` as data whose validation and test parts are the training part."""
    assert len(x) == len(y)
    return Data(task, classes, x, y, x, y, x, y)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_learns_what_no_straight_line_separates(activation):
    config = Config.from_flat(
        {"dataset": "xor", "engine": "numpy", "hidden": [16, 8], "activation": activation,
         "learning_rate": 0.01, "epochs": 60}
    )  # fmt: skip
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (600, 2)).astype(np.float32)
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    _, records, _ = train(config, labelled(x, y, "binary", ("0", "1")), lambda record: None)
    assert records[-1].measure("val_accuracy") > 0.97
    straight = replace(config, hidden=())
    _, records, _ = train(straight, labelled(x, y, "binary", ("0", "1")), lambda record: None)
    assert records[-1].measure("val_accuracy") < 0.65


def test_layers_before_a_step_keep_their_first_weights_and_the_one_behind_learns():
    config = Config(
        dataset="iris", engine="numpy", hidden=(6, 5), activation=("tanh", "step"),
        bias_initializer="random_normal",
    )  # fmt: skip
    run = NumpyRun(config, toy_data(config))
    before = run.get_weights()
    run.advance(3, 0.1)
    for old, new in zip(before[:4], run.get_weights()[:4], strict=True):
        np.testing.assert_array_equal(new, old)
    assert np.abs(run.get_weights()[4] - before[4]).max() > 1e-3


def settled(config, data, epochs):
    """Weights after full-batch training, once the gradient has vanished."""
    run = NumpyRun(replace(config, batch_size=100_000), data)
    run.advance(epochs, config.optimizer.learning_rate)
    assert np.abs(run.network.parameters.g).max() < 1e-7
    return run


def linear_config(dataset, rate, **more):
    return Config.from_flat(
        {"dataset": dataset, "engine": "numpy", "hidden": [], "optimizer": "sgd",
         "learning_rate": rate, "dtype": "float64", **more}
    )  # fmt: skip


def test_linear_regression_reaches_least_squares():
    config = linear_config("diabetes", 0.2)
    data = toy_data(config, train=200)
    kernel, bias = settled(config, data, 400).get_weights()
    x = np.column_stack([data.x_train, np.ones(200)])
    best = np.linalg.lstsq(x, data.y_train, rcond=None)[0]
    np.testing.assert_allclose([*kernel[:, 0], *bias], best, atol=1e-6)


def test_l2_is_ridge_regression_that_spares_the_bias():
    config = linear_config("diabetes", 0.2, l2=0.1)
    data = toy_data(config, train=200)
    kernel, bias = settled(config, data, 400).get_weights()
    x, y = data.x_train.astype(float), data.y_train
    centred, y_centred = x - x.mean(axis=0), y - y.mean()
    ridge = np.linalg.solve(
        centred.T @ centred / 200 + 0.1 * np.eye(10), centred.T @ y_centred / 200
    )
    np.testing.assert_allclose(kernel[:, 0], ridge, atol=1e-6)
    np.testing.assert_allclose(bias, y.mean() - x.mean(axis=0) @ ridge, atol=1e-6)


@pytest.mark.parametrize(("dataset", "columns"), [("circles", 1), ("iris", 3)])
def test_penalised_logistic_regression_agrees_with_scikit_learn(dataset, columns):
    l2, n = 0.05, 120
    config = linear_config(dataset, 0.5, l2=l2)
    data = toy_data(config, train=n)
    run = settled(config, data, 1500)
    # scikit-learn's objective is sum(loss) + |w|^2 / (2 C)
    theirs = LogisticRegression(C=1 / (2 * l2 * n), tol=1e-10, max_iter=10_000)
    theirs.fit(data.x_train.astype(float), data.y_train)
    predicted = theirs.predict_proba(data.x_val.astype(float))[:, -columns:]
    np.testing.assert_allclose(run.predict(data.x_val), predicted, atol=1e-6)


def cpuinfo(folder, vendor, family, flags):
    """A file like Linux's /proc/cpuinfo."""
    assert flags
    path = folder / "cpuinfo"
    path.write_text(
        f"processor\t: 0\nvendor_id\t: {vendor}\ncpu family\t: {family}\nflags\t\t: {flags}\n"
    )
    return path


AVX512 = "sse avx2 fma avx512f avx512bw avx512cd avx512dq avx512vl"


@pytest.mark.parametrize(
    ("vendor", "family", "flags", "kernel"),
    [
        ("GenuineIntel", 6, AVX512, "SkylakeX"),
        ("AuthenticAMD", 26, AVX512, "SkylakeX"),  # Zen 5
        ("AuthenticAMD", 25, AVX512, "Haswell"),  # Zen 4
        ("AuthenticAMD", 23, "sse avx2 fma", None),
        ("GenuineIntel", 6, "sse avx2 fma avx512f", None),  # Knights Landing: a part of AVX-512
    ],
)
def test_matrix_code_follows_the_processor(tmp_path, monkeypatch, vendor, family, flags, kernel):
    monkeypatch.setattr(blas.platform, "machine", lambda: "x86_64")
    assert blas.best_kernel(cpuinfo(tmp_path, vendor, family, flags)) == kernel


def test_other_machines_keep_openblas_choice(tmp_path, monkeypatch):
    assert blas.best_kernel(tmp_path / "missing") is None
    monkeypatch.setattr(blas.platform, "machine", lambda: "arm64")
    assert blas.best_kernel(cpuinfo(tmp_path, "GenuineIntel", 6, AVX512)) is None


def test_the_user_can_choose_the_matrix_code(monkeypatch):
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    monkeypatch.setattr(blas, "best_kernel", lambda: "SkylakeX")
    assert blas.environment()["OPENBLAS_CORETYPE"] == "SkylakeX"
    monkeypatch.setenv("NNLAB_BLAS", "default")
    assert "OPENBLAS_CORETYPE" not in blas.environment()
    monkeypatch.delenv("NNLAB_BLAS")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Zen")
    assert "OPENBLAS_CORETYPE" not in blas.environment()  # the process inherits the user's


def test_the_environment_gives_one_thread_and_is_known_before_numpy_loads():
    assert blas.environment()["OPENBLAS_NUM_THREADS"] == "1"
    code = "import sys, nncore.system.blas; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_openblas_accepts_the_environment(monkeypatch):
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    code = (
        "import numpy, threadpoolctl; numpy.ones((64, 64)) @ numpy.ones((64, 64));"
        "print([i for i in threadpoolctl.threadpool_info() if i['user_api'] == 'blas'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **blas.environment()},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "'num_threads': 1" in done.stdout
    assert blas.environment().get("OPENBLAS_CORETYPE", "") in done.stdout
