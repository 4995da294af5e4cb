"""The drawn network: which units are there, which lines lead to them, what is said beside them."""

import json

import numpy as np
import pytest

from nncore.analysis.network import parts
from nncore.config.config import Config
from nncore.figures.untrained.network import drawn_network
from nncore.figures.untrained.network_levels import levels
from nncore.figures.untrained.network_lines import MOST_DOTS, connections, row_of
from nncore.network.models import MODELS
from tests.analysis.test_network import config_of


def rows_of(config):
    """The rows of dots, from the input down."""
    rows, stack = [], levels(config, parts(config))
    for i, level in enumerate(stack):
        in_steps = i == 0 and "text" in config.model.kinds
        rows.append(row_of(level, float(i), rows[-1] if rows else None, in_steps=in_steps))
    return {row.level.part.name: row for row in rows}


def lines_between(rows, above, below):
    pairs = connections(rows[above], rows[below])
    return [(int(rows[above].units[i]), int(rows[below].units[j])) for i, j in pairs]


def words_of(chart):
    return " ".join(a.text.replace("<br>", " ") for a in chart.figure.layout.annotations if a.text)


@pytest.mark.parametrize("model", MODELS)
def test_every_family_is_drawn(model):
    chart = drawn_network(config_of(model))
    assert chart.alt.startswith("Diagram of the network")
    assert chart.look_for.endswith(".")
    assert chart.table["Parameters"].sum() == int(chart.look_for.split(" ")[0].replace(",", ""))
    json.loads(chart.figure.to_json())
    bottom, top = chart.figure.layout.yaxis.range
    assert (bottom, top) == (chart.figure.layout.height, 0)  # heights are pixels
    for trace in chart.figure.data[1:]:
        assert ((trace.x > 0) & (trace.x < 0.5)).all()  # words begin there
        assert ((trace.y > 0) & (trace.y < bottom)).all()


def test_small_layers_are_drawn_with_all_units_and_weights():
    rows = rows_of(Config.from_flat({"dataset": "moons", "hidden": [4, 8]}))
    assert [len(row.x) for row in rows.values()] == [2, 4, 8, 1]
    assert len(lines_between(rows, "dense_1", "dense_2")) == 32
    for row in rows.values():
        assert not row.left_out
        assert (np.diff(row.x) > 0).all()


def test_large_layers_are_drawn_by_their_ends():
    rows = rows_of(Config.from_flat({"dataset": "mnist", "hidden": [128]}))
    assert rows["input"].units.tolist() == [0, 1, 2, 3, 4, 779, 780, 781, 782, 783]
    assert len(rows["dense_1"].x) == MOST_DOTS
    (gap,) = rows["dense_1"].left_out
    assert rows["dense_1"].x[4] < gap < rows["dense_1"].x[5]


@pytest.mark.parametrize(
    ("kernel_size", "sees"), [(1, [5]), (2, [5, 6]), (3, [4, 5, 6]), (4, [4, 5, 6, 7])]
)
def test_a_filter_sees_the_steps_that_keras_pads_it_to(kernel_size, sees):
    # "same" pads (size - 1) steps in all, the smaller half in front
    rows = rows_of(config_of("text_cnn", kernel_size=kernel_size))
    lines = lines_between(rows, "embedding", "conv1d")
    assert [above for above, here in lines if here == 5] == sees


def test_pools_stand_below_what_they_choose_from():
    rows = rows_of(config_of("text_cnn", pool_size=4))
    assert rows["max_pooling1d"].units.tolist() == [0, 1, 2]
    lines = lines_between(rows, "conv1d", "max_pooling1d")
    assert lines == [(step, step // 4) for step in range(MOST_DOTS)]
    assert rows["max_pooling1d"].x[0] == pytest.approx(rows["conv1d"].x[:4].mean())


def test_words_beside_a_layer_say_what_is_done_to_its_units():
    config = {"dataset": "mnist", "hidden": [128], "batch_norm": True, "dropout": 0.3}
    words = words_of(drawn_network(Config.from_flat(config)))
    assert "28 x 28 = 784 pixels" in words
    for part in ("Dense 1", "batch norm", "ReLU", "dropout 0.3", "128 units", "Softmax"):
        assert part in words
    assert "100,992" in words  # 784 * 128 + 128, and 4 * 128 of the normalization


def test_both_ways_of_wide_and_deep_are_drawn():
    chart = drawn_network(config_of("wide_deep"))
    assert "two ways" in chart.alt
    assert "around the hidden layers" in chart.look_for
    arrows = [a for a in chart.figure.layout.annotations if a.showarrow]
    start = next(iter(chart.figure.data[1].y))
    assert any(a.ay == start for a in arrows)  # one leads away from the input itself
    plain = drawn_network(config_of("mlp"))
    assert not [a for a in plain.figure.layout.annotations if a.showarrow]
