"""Charts of weights, held against weights that were made by hand."""

import json

import numpy as np
import pytest

from nncore.analysis.weights import Weights
from nncore.config.config import Config
from nncore.engines.weights import initial_weights
from nncore.figures.trained.coefficients import MOST_INPUTS, coefficients
from nncore.figures.trained.unit_pictures import MOST_PICTURES, unit_pictures
from nncore.figures.trained.weights import MOST_COLUMNS, MOST_ROWS, weight_map, weight_spread


def network(after=None, **settings):
    """Weights of a config; `after` makes them of those it starts from."""
    config = Config.from_flat({"engine": "numpy", **settings})
    return Weights(config, None if after is None else after(initial_weights(config)))


def doubled(weights):
    return [2 * weight for weight in weights]


CHARTS = {
    "map": weight_map,
    "spread": weight_spread,
    "pictures": unit_pictures,
    "coefficients": coefficients,
}
NETWORKS = {
    "image": lambda: network(doubled, dataset="digits", hidden=[30]),
    "image, untrained": lambda: network(dataset="digits", hidden=[30]),
    "softmax": lambda: network(doubled, dataset="digits", model="logistic"),
    "table": lambda: network(doubled, dataset="iris", model="logistic"),
    "too large": lambda: network(dataset="mnist", hidden=[4096, 1024]),
    "text": lambda: network(
        doubled, dataset="imdb", model="text_cnn", engine="keras", words=50, hidden=[4]
    ),
    "zeros": lambda: network(lambda w: w, dataset="moons", model="logistic", initializer="zeros"),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_accepts_every_network(chart, name):
    made = CHARTS[chart](NETWORKS[name](), key="k")
    for text in (made.alt, made.look_for):
        assert text.endswith(".")
        assert not any(word in text for word in ("nan", "None", "inf", ".."))
    assert made.table.empty == made.alt.startswith("Empty chart")
    assert made.figure.layout.uirevision == "k"
    json.loads(made.figure.to_json())


def test_a_large_map_is_thinned_and_says_so():
    chart = weight_map(network(doubled, dataset="mnist", hidden=[128]), key="k")
    before, after = (np.array(trace.z) for trace in chart.figure.data)
    assert before.shape == (MOST_ROWS, MOST_COLUMNS)
    np.testing.assert_allclose(after, 2 * before)
    assert f"Drawn are {MOST_ROWS} of 784 inputs and {MOST_COLUMNS} of 128 units" in chart.look_for
    assert "100.0 % of its first size" in chart.look_for


def test_a_tile_of_a_thinned_map_is_the_weight_of_its_labels():
    weights = network(doubled, dataset="mnist", hidden=[128])
    row = weight_map(weights, key="k").table.iloc[777]
    kernel = weights.layer().before
    assert row["Before"] == kernel[int(row["Input"]) - 1, int(row["Unit"]) - 1]


def test_a_histogram_counts_every_weight_once():
    table = weight_spread(network(doubled, dataset="digits", hidden=[30]), key="k").table
    assert table[["Before", "After"]].sum().tolist() == pytest.approx([1, 1])
    spread = [
        np.average(np.abs(table["From"] + table["To"]), weights=table[w])
        for w in ("Before", "After")
    ]
    assert spread[1] == pytest.approx(2 * spread[0], rel=0.05)


def moving(unit):
    """Moves all weights of one unit of the first layer far away."""

    def after(weights):
        kernel = weights[0].copy()
        kernel[:, unit] += 5
        return [kernel, *weights[1:]]

    return after


def test_pictures_are_of_the_units_that_moved_most():
    chart = unit_pictures(network(moving(27), dataset="digits", hidden=[30]), key="k")
    assert f"{MOST_PICTURES} of 30 units" in chart.look_for
    assert "28, after" in chart.table  # units are counted from 1
    assert len(chart.table) == 64
    kernel = network(moving(27), dataset="digits", hidden=[30]).layer().after
    np.testing.assert_array_equal(chart.table["28, after"], kernel[:, 27])


def test_pictures_of_classes_have_their_names_and_a_scale_each():
    chart = unit_pictures(network(doubled, dataset="digits", model="logistic"), key="k")
    after, names, before, _ = chart.figure.data
    assert names.text[7] == "7"
    np.testing.assert_array_equal(np.array(after.z), np.array(before.z))  # doubling is no picture
    assert np.nanmax(np.abs(np.array(after.z))) == 100


def test_coefficients_stand_by_size_with_their_sign_and_name():
    def after(weights):
        kernel = np.zeros_like(weights[0])
        kernel[[2, 0]] = [[-3.0], [2.0]]
        return [kernel, np.array([0.5])]

    chart = coefficients(
        network(after, dataset="breast_cancer", model="perceptron", engine="numpy"), key="k"
    )
    data = Config.from_flat({"dataset": "breast_cancer"}).data
    assert chart.table["Input"][:2].tolist() == [data.features[2], data.features[0]]
    assert chart.table["Input"].iloc[-1] == "Bias"
    assert chart.table["Coefficient"][:2].tolist() == [-3.0, 2.0]
    bars = chart.figure.data[0]
    assert bars.text[:2] == ("−3.0", "+2.0")
    assert bars.marker.color[0] != bars.marker.color[1]
    assert f"the {MOST_INPUTS} largest of 30 inputs" in chart.look_for
    assert data.classes[1] in chart.look_for


def test_coefficients_of_several_classes_are_a_tile_each():
    chart = coefficients(network(doubled, dataset="iris", model="logistic"), key="k")
    kernel = network(doubled, dataset="iris", model="logistic").layer().after
    classes = Config.from_flat({"dataset": "iris"}).data.classes
    assert list(chart.table.columns) == ["Input", *classes]
    sizes = np.abs(chart.table[list(classes)].to_numpy()[:-1]).max(axis=1)
    assert (np.diff(sizes) <= 0).all()
    assert sorted(sizes) == pytest.approx(sorted(np.abs(kernel).max(axis=1)))
