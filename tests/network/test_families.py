"""Model families: what they are made of, what they can't do, and that engines agree on them."""

import os

import numpy as np
import pytest
from sklearn.linear_model import Perceptron

from nncore.analysis.cost import cost
from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.data import Data
from nncore.definitions.initializers import INITIALIZERS, fans
from nncore.definitions.optimizers import SGD
from nncore.engines.begin import begin
from nncore.engines.weights import initial_weights
from nncore.network.layers import Conv1D, Dense, output_shape
from nncore.network.models import MODELS, TextCnn, TextMlp, default_model
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison
from nncore.system.errors import InvalidSetting
from tests.engines.test_numpy_engine import assert_backpropagation_is_the_slope_of_the_loss
from tests.engines.test_parity import check_engines_agree, random_data, tiny
from tests.toy_data import toy_data

pytestmark = pytest.mark.slow

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

TINY_CNN = TextCnn(words=20, tokens=9, embedding=4, filters=3, kernel_size=3, pool_size=2)
TINY_MLP = TextMlp(words=20, tokens=9, embedding=4)
KNOWN = {  # model, data set, hidden: parameters by hand
    ("mlp", "california_housing", (30, 30)): 1_231,
    ("wide_deep", "california_housing", (30, 30)): 1_239,
    ("logistic", "mnist", None): 7_850,
    ("logistic", "planar", None): 3,
    ("text_mlp", "imdb", None): 4_160_501,
    ("text_cnn", "imdb", None): 2_163_605,
}


def small(model, **settings):
    """A tiny config of a family, on data that it can read."""
    text = {"text_mlp": TINY_MLP, "text_cnn": TINY_CNN}
    family = MODELS[model]
    given = {"model": text.get(model, model), "dataset": "imdb" if model in text else "circles"}
    if family.most_hidden == 0:
        given["hidden"] = ()
    if model == "perceptron":
        given["engine"] = "numpy"
    return tiny(**(given | settings))


@pytest.mark.parametrize(("what", "parameters"), KNOWN.items(), ids=str)
def test_known_numbers_of_parameters(what, parameters):
    model, dataset, hidden = what
    config = Config(model=model, dataset=dataset, hidden=hidden)
    costs = cost(config)
    assert costs.parameters == costs.trainable == parameters
    assert sum(row["parameters"] for row in costs.layers) == parameters


def test_every_kind_of_data_has_a_default_that_reads_it():
    for data in DATASETS.values():
        config = Config(dataset=data.name)
        assert data.kind in config.model.kinds
        assert config.model.name == default_model(data.kind)


@pytest.mark.parametrize("name", MODELS)
def test_flat_form_names_the_model_and_its_settings(name):
    config = small(name)
    flat = config.flat()
    assert flat["model"] == name
    assert config.model.settings().items() <= flat.items()
    assert Config.from_flat(flat) == config


WRONG_TURNS = {
    "text model on pictures": (
        {"dataset": "mnist", "model": "text_cnn"},
        "Text: convolution reads text, but MNIST has pictures. "
        "Models that fit: logistic, mlp, wide_deep.",
    ),
    "numbers model on text": (
        {"dataset": "imdb", "model": "mlp"},
        "Multilayer perceptron reads rows of numbers, but IMDB reviews has text. "
        "Models that fit: text_mlp, text_cnn.",
    ),
    "text in NumPy": (
        {"dataset": "imdb", "model": "text_mlp", "engine": "numpy"},
        "Text: dense can be trained by Keras or Keras (plain fit) only",
    ),
    "perceptron in Keras": (
        {"dataset": "moons", "model": "perceptron"},
        "Perceptron criterion can be trained by NumPy only, because Keras has "
        "nothing like it; got engine 'keras'. Set engine to numpy.",
    ),
    "step in Keras": (
        {"dataset": "moons", "activation": "step"},
        "Step can be trained by NumPy only, because Keras has nothing like it; got engine 'keras'. "
        "Set engine to numpy.",
    ),
    "perceptron with three classes": (
        {"dataset": "iris", "model": "perceptron", "engine": "numpy"},
        "Perceptron predicts one of two classes, but Iris has 3 classes. "
        "Models that fit: logistic, mlp, wide_deep.",
    ),
    "logistic regression of numbers": (
        {"dataset": "diabetes", "model": "logistic"},
        "but Diabetes predicts a number (disease progression after one year). "
        "Models that fit: mlp, wide_deep.",
    ),
    "hidden layers where there are none": (
        {"model": "logistic", "hidden": "64-32"},
        "Logistic regression has no hidden layers; got hidden 64-32. Leave hidden out",
    ),
    "nothing to be wide beside": (
        {"model": "wide_deep", "hidden": "none"},
        "Wide and deep needs at least 1 hidden layer",
    ),
    "a column that isn't there": (
        {"dataset": "california_housing", "model": "wide_deep", "wide_inputs": "latitud"},
        "WideDeep.wide_inputs must name columns of the data set; got 'latitud'. "
        "Did you mean 'latitude'? Columns: median_income, ",
    ),
    "no column": (
        {"dataset": "iris", "model": "wide_deep", "deep_inputs": "none"},
        "WideDeep.deep_inputs must be 1 to 500 entries, each the name of a column",
    ),
    "a column twice": (
        {"dataset": "iris", "model": "wide_deep", "deep_inputs": "petal_width-Petal width"},
        "WideDeep.deep_inputs must name every column once; got 'petal_width' twice.",
    ),
    "columns of pictures": (
        {"model": "wide_deep", "wide_inputs": "x1"},
        "WideDeep.wide_inputs names columns, but the inputs of this data set have no names",
    ),
    "columns of a straight network": (
        {"dataset": "iris", "model": "mlp", "wide_inputs": "petal_width"},
        "wide_inputs is a setting of wide_deep, but this network uses mlp",
    ),
    "step with squared error": (
        {"dataset": "moons", "model": "perceptron", "engine": "numpy", "loss": "mse",
         "output_activation": "step"},
        "output_activation must be sigmoid for Moons with Mean squared error; got 'step'",
    ),
    "perceptron rule, ten classes": (
        {"loss": "perceptron"},
        "Perceptron criterion tells two classes apart, but Digits has 10 classes",
    ),
    "pool longer than the text": (
        {"dataset": "imdb", "model": "text_cnn", "tokens": 5, "pool_size": 6},
        "TextCnn.pool_size must not be above tokens; got pool_size 6 and tokens 5.",
    ),
    "a setting of another model": (
        {"filters": 16},
        "filters is a setting of text_cnn, but this network uses mlp",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("flat", "why"), WRONG_TURNS.values(), ids=WRONG_TURNS)
def test_what_a_family_cannot_do_is_explained(flat, why):
    with pytest.raises(InvalidSetting) as caught:
        Config.from_flat(flat)
    assert why in str(caught.value)


def compared(*arms, **base):
    arms = tuple(parse_arm(text, "activation") for text in arms)
    comparison = Comparison("activations", base, arms)
    assert len(comparison.arms) == len(arms)
    return [comparison.config(arm) for arm in comparison.arms]


def test_what_the_base_says_of_hidden_layers_is_for_families_that_have_some():
    base = {"dataset": "planar", "hidden": [8, 8], "activation": ["tanh", "relu"], "dropout": 0.1}
    flat, deep, own = compared(
        "logistic:model=logistic", "mlp:model=mlp", "small:model=mlp,hidden=4,activation=tanh",
        **base,
    )  # fmt: skip
    assert (flat.hidden, flat.dropout, len(flat.layers())) == ((), 0.0, 2)
    assert (deep.hidden, deep.dropout, len(deep.activation)) == ((8, 8), 0.1, 2)
    assert own.hidden == (4,)


def test_an_arms_own_hidden_layers_must_fit_its_family():
    said = "^Arm 'a': Logistic regression has no hidden layers, so hidden means nothing to it"
    with pytest.raises(InvalidSetting, match=said):
        compared("a:model=logistic,hidden=4", "b:model=mlp", dataset="planar")
    # four activations of nothing would be four times the same network
    with pytest.raises(InvalidSetting, match="so activation means nothing to it"):
        compared("relu", "tanh", dataset="planar", model="logistic")


def test_a_base_model_without_hidden_layers_leaves_the_questions_own_aside():
    arms = "one:batch_size=1", "full:batch_size=1000"
    configs = compared(*arms, dataset="planar", model="logistic", hidden=[128])
    assert [config.hidden for config in configs] == [(), ()]


@pytest.mark.parametrize("dataset", ["circles", "iris"])
def test_logistic_regression_is_a_network_without_hidden_layers(dataset):
    logistic = initial_weights(Config(dataset=dataset, model="logistic"))
    bare = initial_weights(Config(dataset=dataset, hidden=()))
    for one, other in zip(logistic, bare, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("dataset", ["circles", "iris", "diabetes"])
@pytest.mark.parametrize("hidden", [(5,), (5, 4)])
@pytest.mark.parametrize(
    "regularized", [{}, {"batch_norm": True, "dropout": 0.3, "l1": 0.02, "l2": 0.03}], ids=len
)
def test_gradient_of_wide_and_deep(dataset, hidden, regularized):
    config = Config(
        dataset=dataset, model="wide_deep", hidden=hidden, activation="tanh", **regularized
    )
    assert_backpropagation_is_the_slope_of_the_loss(config)


def test_wide_and_deep_without_deep_weights_is_linear():
    config = Config(dataset="diabetes", model="wide_deep", hidden=(6,), engine="numpy")
    data = toy_data(config)
    run = begin("numpy", config, data)
    kernel, bias, last, last_bias = run.get_weights()
    last[10:] = 0  # what comes from the hidden layer
    run.set_weights([kernel, bias, last, last_bias])
    expected = data.x_val @ last[:10] + last_bias
    np.testing.assert_allclose(run.predict(data.x_val), expected, rtol=1e-4, atol=1e-5)


def separable(n=60):
    """Two classes with a gap between them, in an order that mixes them."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(4 * n, 2)).astype(np.float32)
    side = x @ [2.0, -1.0] + 0.5
    x = x[np.abs(side) > 0.3][:n]
    y = (x @ [2.0, -1.0] + 0.5 > 0).astype(int)
    assert 0 < y.sum() < len(y) == n
    return x, y


def perceptron_run(x, y, **settings):
    config = Config(
        dataset="circles", model="perceptron", engine="numpy", dtype="float64", batch_size=1,
        initializer="zeros", optimizer=SGD(learning_rate=1.0), **settings,
    )  # fmt: skip
    return config, begin("numpy", config, Data("binary", ("0", "1"), x, y, x, y, x, y))


def test_one_sample_at_a_time_is_rosenblatts_rule():
    x, y = separable()
    config, run = perceptron_run(x, y)
    order = np.random.default_rng(np.random.SeedSequence((config.seed, 2, 0))).permutation(len(x))
    w, b, mistakes = np.zeros(2), 0.0, 0
    for i in order:
        t = 2 * y[i] - 1
        if t * (w @ x[i] + b) <= 0:
            w, b, mistakes = w + t * x[i], b + t, mistakes + 1
    assert mistakes > 1
    run.advance(1, 1.0)
    kernel, bias = run.get_weights()
    np.testing.assert_allclose([*kernel[:, 0], *bias], [*w, b], rtol=1e-12)


def test_a_perceptron_separates_what_a_line_separates_as_scikit_learns_does():
    x, y = separable()
    _, run = perceptron_run(x, y)
    for _ in range(100):
        run.advance(1, 1.0)
    assert run.evaluate(x, y) == {"loss": 0.0, "data_loss": 0.0, "accuracy": 1.0}
    assert set(np.unique(run.predict(x))) == {0.0, 1.0}
    weights = run.get_weights()
    run.advance(5, 1.0)  # it rests once everything is right
    for before, after in zip(weights, run.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)
    theirs = Perceptron(max_iter=1000, tol=None).fit(x, y)
    assert (theirs.predict(x) == run.predict(x)[:, 0]).all()


def test_squared_error_and_a_sigmoid_make_the_perceptron_a_sigmoid_neuron():
    x, y = separable()
    _, run = perceptron_run(x, y, loss="mse")
    run.set_weights([np.array([[0.3], [-0.2]]), np.array([0.1])])
    kernel, bias = run.get_weights()
    config, single = perceptron_run(x[:1], y[:1], loss="mse")
    assert config.output_activation == "sigmoid"
    single.set_weights([kernel, bias])
    a = 1 / (1 + np.exp(-(x[0] @ kernel[:, 0] + bias[0])))
    delta = 2 * (y[0] - a) * a * (1 - a)  # the delta rule; 2 is squared error's
    single.advance(1, 0.5)
    moved = single.get_weights()[0][:, 0] - kernel[:, 0]
    np.testing.assert_allclose(moved, 0.5 * delta * x[0], rtol=1e-10)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_kernels_of_convolutions_are_drawn_as_keras_draws_them(name):
    import keras

    shape = (5, 60, 40)
    ours = INITIALIZERS[name]().draw(shape, np.random.default_rng(0))
    assert ours.shape == shape
    config = INITIALIZERS[name]().keras_config()
    if name not in ("zeros", "constant"):
        config["config"]["seed"] = 1
    theirs = keras.ops.convert_to_numpy(keras.initializers.deserialize(config)(shape))
    np.testing.assert_allclose(ours.std(), theirs.std(), rtol=0.03, atol=1e-7)
    np.testing.assert_allclose(ours.mean(), theirs.mean(), atol=0.03 * theirs.std() + 1e-7)
    if name == "orthogonal":
        flat = ours.reshape(-1, 40)
        np.testing.assert_allclose(flat.T @ flat, np.eye(40), atol=1e-12)
    assert fans(shape) == (300, 200)


def test_an_embedding_starts_as_kerass_and_streams_are_kept_apart():
    cnn, mlp = initial_weights(small("text_cnn")), initial_weights(small("text_mlp"))
    np.testing.assert_array_equal(cnn[0], mlp[0])
    assert cnn[0].shape == (20, 4)
    assert 0.03 < np.abs(cnn[0]).max() <= 0.05
    assert [w.shape for w in cnn[1:3]] == [(3, 4, 3), (3,)]
    assert not np.isin(cnn[1].ravel(), cnn[3].ravel()).any()


@pytest.mark.parametrize("name", [name for name in MODELS if name != "perceptron"])
def test_keras_counts_the_same_parameters_and_has_the_same_shapes(name):
    from nncore.engines.keras.builder import build

    config = small(name, **({"batch_norm": True, "dropout": 0.2} if "log" not in name else {}))
    model, costs = build(config), cost(config)
    assert costs.parameters == model.count_params()
    assert costs.trainable == sum(v.shape.num_elements() for v in model.trainable_variables)
    theirs = {layer.name: list(layer.output.shape) for layer in model.layers}
    assert {row["name"]: row["output_shape"] for row in costs.layers}.items() <= theirs.items()
    for layer, row in zip(config.layers(), costs.layers, strict=True):
        assert [None, *output_shape(layer)] == row["output_shape"]
        kernel = isinstance(layer, Dense | Conv1D)
        assert kernel == (row["flops"] > 0) or layer.name[:3] in ("max", "bat")
    shapes = [w.shape for w in initial_weights(config)]
    assert shapes == [tuple(w.shape) for w in model.weights]


def test_tensorflow_counts_about_the_same_operations_for_a_convolution():
    import tensorflow as tf

    from nncore.engines.keras.builder import build

    def profiled(function, *inputs):
        option = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
        graph = tf.function(function).get_concrete_function(*inputs).graph
        profile = tf.compat.v1.profiler.profile(graph, options={**option, "output": "none"})
        assert profile is not None
        return profile.total_float_ops

    cnn = TextCnn(words=100, tokens=60)
    for config in (
        Config(dataset="imdb", model=cnn, batch_size=8),
        Config(dataset="imdb", model=TextMlp(words=100, tokens=60), batch_size=8),
    ):
        model, costs = build(config), cost(config)
        one = tf.TensorSpec((1, 60), "int32")
        forward = profiled(lambda x, m=model: m(x, training=False), one)
        assert costs.flops_forward == pytest.approx(forward, rel=0.02)


BOTH, NUMPY = ("numpy", "keras_fit"), ("numpy",)  # plain fit takes longest, and needs it once


@pytest.mark.parametrize(("dataset", "against"), [("circles", BOTH), ("iris", NUMPY)])
def test_engines_agree_on_logistic_regression(dataset, against):
    config = small("logistic", dataset=dataset, l2=0.01)
    check_engines_agree(config, train=70, against=against)


@pytest.mark.parametrize(
    ("dataset", "against"), [("circles", NUMPY), ("iris", BOTH), ("diabetes", NUMPY)]
)
def test_engines_agree_on_wide_and_deep(dataset, against):
    config = small("wide_deep", dataset=dataset, hidden=(5, 4))
    check_engines_agree(config, train=70, against=against)


def test_engines_agree_on_wide_and_deep_with_everything():
    config = small("wide_deep", hidden=(5, 4), batch_norm=True, dropout=0.3, l1=0.01, l2=0.02)
    check_engines_agree(config, against=NUMPY)


REGULARIZED = {"batch_norm": True, "l1": 0.01, "l2": 0.01, "hidden": ()}


@pytest.mark.parametrize(
    ("name", "settings"),
    [("text_mlp", {}), ("text_cnn", {"dtype": "float32"}), ("text_cnn", REGULARIZED)],
    ids=["dense", "single", "regularized"],
)
def test_compiled_epochs_agree_with_fit_on_text(name, settings):
    check_engines_agree(small(name, **settings), train=70, against=("keras_fit",))


def test_the_sigmoid_neuron_agrees_with_keras():
    config = small("perceptron", loss="mse", engine="keras")
    check_engines_agree(config)


def by_xla(run):
    """Whether XLA compiles the epochs of a Keras training, as TensorFlow notes it."""
    return run._program._train.function_def.attr["_XlaMustCompile"].b


def test_text_is_compiled_without_xla_and_evaluated_in_pieces(monkeypatch):
    from nncore.engines.keras import program

    config = small("text_cnn", batch_size=15)
    data = random_data(config)
    run = begin("keras", config, data)
    assert not by_xla(run)
    dense = small("mlp")
    assert by_xla(begin("keras", dense, random_data(dense)))
    whole = run.predict(data.x_train)
    monkeypatch.setattr(run._program, "_at_once", 10)
    np.testing.assert_allclose(run.predict(data.x_train), whole, rtol=1e-12)
    big = Config(dataset="imdb")
    widest = max(np.prod(output_shape(layer)) for layer in big.layers())
    assert program.NUMBERS_AT_ONCE // widest < program.ROWS_AT_ONCE
