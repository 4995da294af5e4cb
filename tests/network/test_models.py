import numpy as np
import pytest

from nncore.config.config import Config
from nncore.engines.weights import initial_weights
from nncore.network import layers as models


def test_a_hidden_layer_is_dense_batch_norm_activation_dropout_in_this_order():
    config = Config(dataset="iris", hidden=(6, 5), batch_norm=True, dropout=0.25)
    kinds = [type(layer).__name__ for layer in config.layers()]
    hidden = ["Dense", "BatchNorm", "Activate", "Dropout"]
    assert kinds == [*hidden, *hidden, "Dense", "Output"]


def test_what_is_off_leaves_no_layer():
    kinds = [type(layer) for layer in Config(dataset="iris", hidden=(6,)).layers()]
    assert kinds == [models.Dense, models.Activate, models.Dense, models.Output]


@pytest.mark.parametrize("hidden", [(), (5,), (7, 3, 2)])
def test_shapes_fit_together(hidden):
    config = Config(dataset="iris", hidden=hidden, batch_norm=True, dropout=0.5)
    units = config.data.n_features
    for layer in config.layers():
        if isinstance(layer, models.Dense):
            assert layer.inputs == units
            units = layer.units
        assert layer.units == units
    assert units == len(config.data.classes)


def test_layer_names_are_unique():
    names = [layer.name for layer in Config(hidden=(4, 4, 4), batch_norm=True).layers()]
    assert len(set(names)) == len(names)


def test_each_hidden_layer_may_have_its_own_activation():
    config = Config(hidden=(4, 4), activation=("tanh", "relu"))
    chosen = [la.activation.name for la in config.layers() if isinstance(la, models.Activate)]
    assert chosen == ["tanh", "relu"]


def test_initial_weights_of_a_known_network():
    config = Config(dataset="mnist", hidden=(512,))
    weights = initial_weights(config)
    assert [w.shape for w in weights] == [(784, 512), (512,), (512, 10), (10,)]
    assert sum(w.size for w in weights) == 407_050
    assert {w.dtype for w in weights} == {np.dtype("float32")}
    assert not weights[1].any()
    assert not weights[3].any()


def test_batch_norm_starts_as_the_identity():
    gamma, beta, mean, variance = initial_weights(Config(hidden=(3,), batch_norm=True))[2:6]
    assert gamma.tolist() == variance.tolist() == [1, 1, 1]
    assert beta.tolist() == mean.tolist() == [0, 0, 0]


def test_dropout_and_batch_norm_shift_no_kernel():
    plain = initial_weights(Config(hidden=(8, 8)))
    more = initial_weights(Config(hidden=(8, 8), batch_norm=True, dropout=0.5))
    kernels = [w for w in plain if w.ndim == 2]
    for kernel, same in zip(kernels, [w for w in more if w.ndim == 2], strict=True):
        np.testing.assert_array_equal(kernel, same)


def test_arms_share_what_their_shapes_allow():
    relu, tanh = (initial_weights(Config(hidden=(8, 4), activation=a)) for a in ("relu", "tanh"))
    np.testing.assert_array_equal(relu[2], tanh[2])
    deeper = initial_weights(Config(hidden=(8, 4, 4)))
    np.testing.assert_array_equal(relu[0], deeper[0])
    np.testing.assert_array_equal(relu[2], deeper[2])


def test_seeds_and_layers_draw_different_numbers():
    zero, one = (initial_weights(Config(hidden=(8, 8, 8), seed=s)) for s in (0, 1))
    assert (zero[0] != one[0]).any()
    assert (zero[2] != zero[4]).any()
