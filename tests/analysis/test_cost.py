import json
import os
from dataclasses import asdict, replace

import numpy as np
import pytest

from nncore.analysis.cost import cost, flops_until, rows_per_epoch, steps_per_epoch
from nncore.config.config import Config
from nncore.network.models import WideDeep

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

KNOWN = [  # data set, hidden layers, parameters, forward FLOPs of one sample: by hand
    ("mnist", (512,), 407_050, 813_578),  # 2 * (784*512 + 512*10) + 522
    ("mnist", (100, 100), 89_610, 179_010),
    ("california_housing", (30, 30), 1_231, 2_401),
    ("mnist", (512, 128), 468_874, 937_098),
    ("mnist", (), 7_850, 15_690),  # a linear model
    ("xor", (2,), 9, 15),
]


@pytest.mark.parametrize(("dataset", "hidden", "parameters", "flops"), KNOWN)
def test_known_networks(dataset, hidden, parameters, flops):
    costs = cost(Config(dataset=dataset, hidden=hidden))
    assert (costs.parameters, costs.trainable, costs.flops_forward) == (
        *(parameters, parameters),
        flops,
    )


def test_megaflops_of_a_course_are_of_two_to_the_twenty():
    """A layer of 1,024 units between 784 inputs and 10 classes was printed as nearly 1.6."""
    printed = (2 * 784 * 1024 + 1024 + 2 * 1024 * 10 + 10) / 1024 / 1024
    assert cost(Config(dataset="mnist", hidden=(1024,))).mflops == pytest.approx(printed)
    assert round(printed, 1) == 1.6


def test_columns_of_their_own_cost_what_they_weigh():
    everything = Config(dataset="california_housing", model="wide_deep")
    model = WideDeep(wide_inputs=("latitude",), deep_inputs=("median_income", "house_age"))
    fewer = replace(everything, model=model)
    costs = cost(fewer)
    assert costs.parameters == (2 * 30 + 30) + (30 * 30 + 30) + (31 + 1)
    assert costs.layers[0] == {
        "name": "deep_inputs",
        "output_shape": [None, 2],
        "parameters": 0,
        "flops": 0,
        "activations": 0,
    }
    # no gradient of the inputs is formed, whether they are chosen or not
    products = 2 * 30 + 30 * 30 + 31
    biases = 30 + 30 + 1
    step = costs.flops_step / fewer.batch_size
    assert step == 6 * products + 2 * biases - 2 * 2 * 30


def test_layers_add_up_and_are_written_as_keras_writes_them():
    costs = cost(Config(dataset="mnist", hidden=(512,), dropout=0.5))
    layers = [(row["name"], row["output_shape"], row["parameters"]) for row in costs.layers]
    assert layers == [
        ("dense_1", [None, 512], 401_920),
        ("relu_1", [None, 512], 0),
        ("dropout_1", [None, 512], 0),
        ("output", [None, 10], 5_130),
        ("prediction", [None, 10], 0),
    ]
    assert sum(row["flops"] for row in costs.layers) == costs.flops_forward
    assert json.loads(json.dumps(asdict(costs)))["parameters"] == 407_050


def test_batch_norm_has_four_parameters_per_unit_of_which_two_are_trained():
    plain, normed = (
        cost(Config(dataset="mnist", hidden=(100, 50), batch_norm=on)) for on in (False, True)
    )
    assert normed.parameters - plain.parameters == 4 * 150
    assert normed.trainable - plain.trainable == 2 * 150
    assert normed.flops_forward > plain.flops_forward


def test_dropout_costs_nothing():
    plain, dropped = (cost(Config(dataset="digits", hidden=(64, 32), dropout=p)) for p in (0, 0.5))
    for name in ("parameters", "flops_forward", "flops_step", "flops_total", "activations"):
        assert getattr(dropped, name) == getattr(plain, name)


def test_activations_are_counted_apart_and_the_identity_is_none():
    tanh, linear = (
        cost(Config(dataset="diabetes", hidden=(7, 5), activation=a)) for a in ("tanh", "linear")
    )
    assert (tanh.activations, linear.activations) == (12, 0)  # the output is linear
    assert tanh.flops_step == linear.flops_step
    assert cost(Config(dataset="iris", hidden=(7,))).activations == 7 + 3  # softmax


def test_a_step_of_one_layer_is_forward_and_the_kernels_gradient():
    # 784-10, one sample: 2*784*10 + 10 forward, as much for dW and db, no dX
    assert cost(Config(dataset="mnist", hidden=(), batch_size=1)).flops_step == 2 * 15_690


def test_a_step_forms_no_gradient_of_the_input():
    # per sample: three products for each kernel but two for the first; bias and its gradient
    costs = cost(Config(dataset="california_housing", hidden=(30, 30), batch_size=64))
    assert costs.flops_step == 64 * (4 * 8 * 30 + 6 * 30 * 30 + 6 * 30 * 1 + 2 * 61)


def test_the_whole_run_has_every_row_and_the_validation_after_each_epoch():
    config = Config(dataset="digits", hidden=(20,), batch_size=32, epochs=7)
    n_train, n_val, _ = config.counts()
    assert n_train % 32  # the last batch is a smaller one
    one, costs = cost(Config(dataset="digits", hidden=(20,), batch_size=1)), cost(config)
    assert costs.flops_step == 32 * one.flops_step
    assert costs.flops_total == 7 * (n_train * one.flops_step + n_val * one.flops_forward)


def test_batches_do_not_change_what_a_run_costs():
    totals = {cost(Config(dataset="digits", batch_size=b)).flops_total for b in (1, 7, 32, 1000)}
    assert len(totals) == 1


def test_a_batch_is_at_most_the_training_part():
    config = Config(dataset="iris", batch_size=100_000)
    assert cost(config).flops_step == cost(Config(dataset="iris", batch_size=96)).flops_step
    assert config.counts()[0] == 96


def test_long_full_batch_runs_are_validated_less_often():
    # 1,000 epochs of a full batch are recorded 250 times, those of mini-batches every time
    often, seldom = (cost(Config(dataset="iris", epochs=1000, batch_size=b)) for b in (32, 100_000))
    _, n_val, _ = Config(dataset="iris").counts()
    assert often.flops_total - seldom.flops_total == 750 * n_val * often.flops_forward


@pytest.mark.slow
def test_keras_counts_the_same_parameters_and_tensorflow_about_the_same_flops():
    import tensorflow as tf

    from nncore.engines.keras.builder import build

    def profiled(function, *inputs):
        """All operations of a graph, activations and loss included."""
        option = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
        graph = tf.function(function).get_concrete_function(*inputs).graph
        quiet = {**option, "output": "none"}
        flops = tf.compat.v1.profiler.profile(graph, options=quiet).total_float_ops
        assert flops > 0
        return flops

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = model.compute_loss(x, y, model(x, training=True))
        return tape.gradient(loss, model.trainable_variables)

    for config in (
        Config(dataset="mnist", hidden=(512,)),
        Config(dataset="mnist", hidden=(100, 100), activation="sigmoid", batch_size=100),
        Config(dataset="mnist", hidden=(128, 64), batch_norm=True),
        Config(dataset="california_housing", hidden=(30, 30)),
    ):
        model, costs = build(config), cost(config)
        features = config.data.n_features
        one = tf.TensorSpec((1, features))
        batch = tf.TensorSpec((config.batch_size, features))
        y = tf.TensorSpec((config.batch_size, 1), "int64" if config.data.classes else "float32")
        forward = profiled(lambda x, m=model: m(x, training=False), one)
        assert costs.parameters == model.count_params()
        assert costs.trainable == sum(v.shape.num_elements() for v in model.trainable_variables)
        assert costs.flops_forward == pytest.approx(forward, rel=0.02)
        assert costs.flops_step == pytest.approx(profiled(step, batch, y), rel=0.02)


def test_flops_until_an_epoch_add_up_to_those_of_the_whole():
    # full batch: a validation after every eight epochs of 2,000, the first ones included
    config = Config(dataset="iris", batch_size=1000, epochs=2000)
    n_train, n_val, _ = config.counts()
    costs = cost(config)
    epochs = np.array([10, 25, 2000])
    expected = epochs * costs.flops_step + np.array([2, 4, 250]) * n_val * costs.flops_forward
    np.testing.assert_array_equal(flops_until(config, epochs), expected)
    assert expected[-1] == costs.flops_total
    assert (rows_per_epoch(config), steps_per_epoch(config)) == (n_train, 1)
    small = Config(dataset="iris", batch_size=10)
    assert steps_per_epoch(small) == 10  # 96 rows: the last batch has six


@pytest.mark.parametrize(("batch_size", "per_epoch"), [(1, 96), (40, 3), (48, 2), (500, 1)])
def test_steps_are_those_of_all_epochs_the_last_batch_included(batch_size, per_epoch):
    config = Config("iris", batch_size=batch_size, epochs=7)  # 96 rows are trained on
    assert cost(config).steps == 7 * per_epoch


def test_a_selection_part_is_measured_and_not_trained_on():
    config = Config(dataset="digits", epochs=2)
    smaller = Config(dataset="digits", epochs=2, selection_split=0.2)
    (n_train, n_val, _), (left, judging, _) = config.counts(), smaller.counts()
    assert (left + smaller.selection_rows, judging) == (n_train, n_val)
    forward, step = cost(config).flops_forward, cost(config).flops_step / config.batch_size
    moved = n_train - left
    difference = cost(config).flops_total - cost(smaller).flops_total
    assert difference == 2 * moved * (step - forward)
