"""What a network gets to see of points of the plane: in the data, both engines, files, links."""

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.config.settings import SETTINGS
from nncore.datasets.preparation.plane_inputs import PLANE_INPUTS, plane_inputs
from nncore.datasets.preparation.prepare import in_the_plane, prepared, raw_of
from nncore.engines.loop import train
from nncore.lab.keys import program_key, training_key
from nncore.observations.catalogue import Observers
from nncore.observations.frames import output_grid
from nncore.questions.arms import parse_arm
from nncore.saved.network import SavedNetwork
from nncore.system.errors import InvalidSetting

ALL = tuple(PLANE_INPUTS)


def test_each_input_of_a_point():
    seen = plane_inputs(np.array([[2.0, -3.0]]), ALL)
    assert seen[0, :5].tolist() == [2.0, -3.0, 4.0, 9.0, -6.0]
    assert seen[0, 5:] == pytest.approx([0.9092974268, -0.1411200081])


def test_without_a_word_it_is_the_coordinates_and_of_other_data_nothing():
    assert Config(dataset="circles").inputs == ("x1", "x2")
    assert Config(dataset="iris").inputs == ()
    assert Config(dataset="iris").n_features == 4
    old = {k: v for k, v in Config(dataset="moons").flat().items() if k != "inputs"}
    assert Config.from_flat(old) == Config(dataset="moons")


def test_equal_inputs_are_equal_in_any_order():
    mixed = Config(dataset="xor", inputs=("x1x2", "x1", "x1x2"))
    assert mixed == Config(dataset="xor", inputs=("x1", "x1x2"))
    assert mixed.n_features == 2
    assert Config.from_flat(mixed.flat()) == mixed


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"dataset": "circles", "inputs": ()}, "at least one of x1, x2"),
        ({"dataset": "circles", "inputs": ("x3",)}, "input .x3."),
        ({"dataset": "iris", "inputs": ("x1", "x2")}, "Iris is as it is: inputs"),
    ],
)
def test_inputs_that_mean_nothing_are_refused(settings, says):
    with pytest.raises(InvalidSetting, match=says):
        Config(**settings)


def test_an_arm_and_a_link_write_them_with_hyphens():
    arm = parse_arm("A:hidden=none,inputs=x1_squared-x2_squared", "")
    assert Config.from_flat({"dataset": "circles", **arm.overrides}).n_features == 2
    for text in SETTINGS["inputs"].levels[1:]:
        assert SETTINGS["inputs"].write(SETTINGS["inputs"].parse(text)) == text


def test_they_are_part_of_the_key_and_of_the_program():
    plain, squared = (
        Config(dataset="circles", inputs=names)
        for names in (("x1", "x2"), ("x1_squared", "x2_squared"))
    )
    assert training_key(plain, "code") == training_key(Config(dataset="circles"), "code")
    assert training_key(plain, "code") != training_key(squared, "code")
    assert program_key(plain) != program_key(squared)


@pytest.mark.parametrize(
    ("dataset", "inputs", "without"),
    [("circles", ("x1_squared", "x2_squared"), 0.65), ("xor", ("x1x2",), 0.75)],
)
def test_the_right_inputs_let_a_single_unit_part_what_no_line_parts(dataset, inputs, without):
    settings = {"dataset": dataset, "engine": "numpy", "hidden": [], "epochs": 60}
    settings |= {"optimizer": "adam", "learning_rate": 0.03}

    def accuracy(**more):
        config = Config.from_flat({**settings, **more})
        _, records, _ = train(config, prepared(config), lambda _: None)
        return records[-1].validation["accuracy"]

    assert accuracy(inputs=list(inputs)) > 0.97
    assert accuracy() < without


def test_frames_cover_the_plane_whatever_is_seen_of_it():
    config = Config(
        dataset="circles", engine="numpy", hidden=(), epochs=60, inputs=("x1_squared", "x2_squared")
    )
    taken = []

    def keep(record):
        taken.extend(record.observed.get("frames", ()))

    data = prepared(config)
    train(config, data, keep, watch=Observers(["frames"], config, data).watch)
    grid = output_grid(taken[-1])
    middle, corner = grid[24, 24], grid[0, 0]
    assert middle > 0.5 > corner  # the inner ring is orange
    assert grid == pytest.approx(grid[:, ::-1], abs=0.05)  # squares know no left and right
    assert in_the_plane(config).x_train.min() < 0 <= data.x_train.min()


def test_a_kept_network_makes_them_of_the_rows_it_is_asked_about():
    config = Config(dataset="spirals", hidden=(3,), inputs=ALL, preprocess="none")
    network = SavedNetwork(config, ())
    asked = network.inputs(raw_of(config).x_test)
    assert np.array_equal(asked, prepared(config).x_test)
    assert asked.shape[1] == len(ALL)


@pytest.mark.slow
def test_both_engines_see_the_same():
    def losses(engine):
        config = Config(dataset="spirals", engine=engine, hidden=(8,), inputs=ALL, epochs=3)
        _, records, _ = train(config, prepared(config), lambda _: None)
        return [record.validation["loss"] for record in records]

    assert losses("keras") == pytest.approx(losses("numpy"), rel=1e-4)
