"""The network as it is listed: what every layer puts out, has learnt and is fed by."""

import pytest

from nncore.analysis.cost import cost
from nncore.analysis.network import INPUT, NETWORK_COLUMNS, network_rows, parts
from nncore.config.config import Config
from nncore.network.models import MODELS


def config_of(model, **settings):
    """A config of a family, on data that it can read."""
    dataset = "imdb" if "text" in MODELS[model].kinds else "circles"
    engine = "keras" if dataset == "imdb" else "numpy"
    return Config.from_flat({"model": model, "dataset": dataset, "engine": engine, **settings})


@pytest.mark.parametrize("model", MODELS)
def test_every_layer_of_every_family_is_fed_by_one_that_stands_before_it(model):
    config = config_of(model)
    seen = []
    for part in parts(config):
        assert set(part.sources) <= set(seen)
        assert (not part.sources) == (part.name == INPUT)
        seen.append(part.name)
    fed = {source for part in parts(config) for source in part.sources}
    assert fed == set(seen[:-1])  # nothing is left hanging but the prediction
    assert sum(part.parameters for part in parts(config)) == cost(config).parameters


def test_the_wide_way_leads_from_the_input_into_the_concatenation():
    (both,) = (part for part in parts(config_of("wide_deep")) if part.name == "concatenate")
    assert both.sources == (INPUT, "relu_2")
    assert both.shape == (32,)  # 2 coordinates beside 30 units


def test_rows_say_what_stands_where():
    config = Config.from_flat(
        {"dataset": "imdb", "model": "text_cnn", "engine": "keras", "dropout": 0.25}
    )
    rows = {row["Layer"]: row for row in network_rows(config)}
    assert all(tuple(row) == NETWORK_COLUMNS for row in rows.values())
    assert list(rows) == [
        *("input", "embedding", "conv1d", "max_pooling1d", "flatten"),
        *("dense_1", "relu_1", "dropout_1", "output", "prediction"),
    ]
    assert rows["embedding"]["Output shape"] == "500 x 32"
    assert rows["max_pooling1d"]["Output shape"] == "250 x 32"
    assert (rows["conv1d"]["Activation"], rows["conv1d"]["Parameters"]) == ("ReLU", 3_104)
    assert rows["prediction"]["Activation"] == "Sigmoid"
    assert rows["output"]["Fed by"] == "dropout_1"
