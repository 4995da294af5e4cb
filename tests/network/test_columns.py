"""Wide and deep: which columns each side sees, by name."""

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.columns import column_names
from nncore.engines.numpy.network import Network
from nncore.network.layers import Dense
from nncore.network.models import WideDeep
from nncore.system.errors import InvalidSetting
from tests.engines.test_numpy_engine import assert_backpropagation_is_the_slope_of_the_loss


def test_columns_are_written_in_one_way_and_only_where_some_are_chosen():
    usual = Config(dataset="california_housing", model="wide_deep")
    assert not {"wide_inputs", "deep_inputs"} & set(usual.flat())
    assert Config.from_flat({**usual.flat(), "wide_inputs": "all"}) == usual
    for written in ("House age-latitude", ["house_age", "Latitude"]):
        chosen = Config.from_flat({**usual.flat(), "wide_inputs": written})
        assert chosen.flat()["wide_inputs"] == ["house_age", "latitude"]
        assert Config.from_flat(chosen.flat()) == chosen


def test_columns_of_points_are_the_inputs_that_are_seen():
    seen = Config.from_flat(
        {"dataset": "circles", "model": "wide_deep", "inputs": "x1-x2-x1_squared",
         "wide_inputs": "x1_squared", "deep_inputs": "x1-x2"}
    )  # fmt: skip
    assert next(layer.inputs for layer in seen.layers() if isinstance(layer, Dense)) == 2
    with pytest.raises(InvalidSetting, match="got 'x1_squared'"):
        Config.from_flat({**seen.flat(), "inputs": "x1-x2"})


def test_what_an_unnamed_column_says_changes_nothing_on_its_side():
    config = Config.from_flat(
        {"dataset": "california_housing", "model": "wide_deep", "engine": "numpy",
         "wide_inputs": "latitude", "deep_inputs": "median_income"}
    )  # fmt: skip
    network = Network(config, 1)
    rows = np.random.default_rng(0).normal(size=(5, 8)).astype(np.float32)
    said = network.infer(rows)
    for column in range(8):
        other = rows.copy()
        other[:, column] += 1
        changes = not np.array_equal(network.infer(other), said)
        assert changes == (list(config.columns)[column] in ("latitude", "median_income"))


def test_names_of_columns_are_short_and_each_is_one():
    assert column_names(["House age (years)", "a/b", "A b", "", "all", "none", "Größe"]) == (
        "house_age", "a_b", "a_b_3", "column_4", "all_5", "none_6", "größe",
    )  # fmt: skip


@pytest.mark.parametrize("model", [WideDeep(("x1",)), WideDeep(("all",), ("x2",))])
def test_gradients_of_columns_are_the_slope_of_the_loss(model):
    config = Config(dataset="circles", model=model, hidden=(4, 3), activation="tanh", l2=0.01)
    assert_backpropagation_is_the_slope_of_the_loss(config)
