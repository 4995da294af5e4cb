"""Points of the plane in any number and with any noise, by the settings `points` and `noise`."""

import numpy as np
import pytest
from sklearn.datasets import make_circles, make_moons

from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.preparation.prepare import prepared
from nncore.lab.keys import training_key
from nncore.system.errors import InvalidSetting

PLANES = [name for name, data in DATASETS.items() if data.drawn]


def rows(x, y):
    """Points with their labels, in an order that doesn't depend on the split."""
    return sorted(map(tuple, np.column_stack([np.round(x, 6), y]).tolist()))


@pytest.mark.parametrize("points", [1000, 501])
@pytest.mark.parametrize("noise", [0.0, 0.05, 0.3])
@pytest.mark.parametrize(
    ("name", "theirs"),
    [("circles", lambda **k: make_circles(factor=0.5, **k)), ("moons", make_moons)],
)
def test_circles_and_moons_are_those_of_scikit_learn(name, theirs, points, noise):
    drawn = DATASETS[name].drawn.draw(points, noise)
    x, y = theirs(n_samples=points, shuffle=False, noise=noise, random_state=7)
    ours = np.concatenate([drawn.x_train, drawn.x_test])
    assert rows(ours, np.concatenate([drawn.y_train, drawn.y_test])) == rows(x, y)


@pytest.mark.parametrize("name", PLANES)
@pytest.mark.parametrize("points", [20, 101, 500, 5000])
def test_as_many_points_as_asked_for(name, points):
    config = Config(dataset=name, points=points, noise=0.1)
    data = prepared(config)
    sizes = tuple(len(y) for y in (data.y_train, data.y_val, data.y_test))
    assert sizes == config.counts()
    assert sum(sizes) == points
    if config.data.classes:
        assert all(set(y) == {0, 1} for y in (data.y_train, data.y_val, data.y_test))


@pytest.mark.parametrize("name", PLANES)
def test_without_settings_everything_is_as_it_always_was(name):
    config, full = Config(dataset=name), DATASETS[name].variants["full"]
    assert config.form is full
    assert (config.points, config.noise) == (full.train + full.test, DATASETS[name].drawn.noise)
    assert Config(dataset=name, points=config.points, noise=config.noise) == config


@pytest.mark.parametrize("name", PLANES)
def test_noise_spreads_the_points_around_the_same_shape(name):
    def drawn(noise):
        points = DATASETS[name].drawn.draw(400, noise)
        return np.array(rows(points.x_train, points.y_train))

    still, little, much = drawn(0.0), drawn(0.01), drawn(0.5)
    assert np.abs(little - still).max() > 0
    assert much[:, :2].std() > still[:, :2].std()


def test_settings_are_part_of_the_key_and_of_the_flat_form():
    plain, noisy = Config(dataset="moons"), Config(dataset="moons", noise=0.3, points=300)
    assert training_key(plain, "code") != training_key(noisy, "code")
    assert Config.from_flat(noisy.flat()) == noisy
    assert Config.from_flat({"dataset": "moons", "noise": "auto", "points": 0}) == plain


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"dataset": "digits", "points": 500}, "points belongs to the generated points"),
        ({"dataset": "iris", "noise": 0.1}, "noise belongs to the generated points"),
        ({"dataset": "circles", "points": 5}, "points must be at least 20"),
        ({"dataset": "circles", "points": 50_000}, "points must be a whole number from 0 to 5,000"),
        ({"dataset": "circles", "noise": -0.1}, "noise must be a number from 0 to 2; got -0.1"),
    ],
)
def test_what_cannot_be_drawn_is_said(settings, says):
    with pytest.raises(InvalidSetting, match=says):
        Config(**settings)
