"""Worst mistakes and drawings: what is chosen, and where ink lands."""

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.data import Data
from nncore.datasets.preparation.drawing import as_sample
from nncore.engines.mistakes import MOST_MISTAKES, probabilities, worst_mistakes
from nncore.lab.workers.messages import Outcome
from nncore.lab.workers.worker import run_training
from nncore.saved.kept import kept

X = np.zeros((4, 4))


def data_of(config, y, **more):
    empty = np.empty((0, 4))
    parts = [empty, np.empty(0)] * 2
    return Data(config.data.task, config.data.classes, *parts, X, np.array(y), **more)


def test_the_worst_has_least_left_for_the_truth():
    config = Config(dataset="iris", engine="numpy")
    out = np.array([[0.9, 0.1, 0], [0.6, 0.4, 0], [0.0, 0.3, 0.7], [0.05, 0.9, 0.05]])
    mistakes = worst_mistakes(config, data_of(config, [0, 1, 1, 2]), out, X)
    assert (mistakes["wrong"], mistakes["of"]) == (3, 4)
    assert [row["index"] for row in mistakes["rows"]] == [3, 2, 1]
    worst = mistakes["rows"][0]
    assert (worst["true"], worst["predicted"]) == (2, 1)
    assert (worst["probability"], worst["true_probability"]) == (0.9, 0.05)
    assert worst["x"] == [0, 0, 0, 0]


def test_one_unit_is_the_second_class():
    config = Config(dataset="circles", engine="numpy")
    out = np.array([[0.2], [0.7], [1.4], [0.51]])
    np.testing.assert_allclose(probabilities(out)[:3], [[0.8, 0.2], [0.3, 0.7], [0, 1]])
    mistakes = worst_mistakes(config, data_of(config, [0, 0, 0, 1]), out, X[:, :2])
    assert [row["index"] for row in mistakes["rows"]] == [2, 1]


def test_numbers_are_told_in_the_unit_that_is_shown():
    config = Config(dataset="california_housing", engine="numpy")
    data = data_of(config, [0.0, 1, 2, 3], target_scale=2.0, target_offset=1.0)
    out = np.array([[0.0], [1.5], [2.0], [2.0]])
    mistakes = worst_mistakes(config, data, out, np.zeros((4, 8)))
    first = mistakes["rows"][0]
    factor = config.data.unit_factor
    assert first["index"] == 3
    assert (first["actual"], first["predicted"]) == (7 * factor, 5 * factor)


def test_no_answer_no_mistakes():
    config = Config(dataset="iris", engine="numpy")
    assert not worst_mistakes(config, data_of(config, [0] * 4), np.full((4, 3), np.nan), X)["rows"]


def test_a_training_brings_what_is_observed(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    config = Config(dataset="digits", engine="numpy", hidden=(4,), epochs=1)
    key, both = "f" * 64, ("network", "mistakes")
    end = run_training(config.flat(), lambda _: None, lambda: False, observe=both, key=key)
    result, mistakes = end.result, end.result.observed["mistakes"]
    assert kept(key).config == config
    assert len(mistakes["rows"]) == MOST_MISTAKES
    confusion = np.array(result.predictions.confusion)
    assert mistakes["wrong"] == confusion.sum() - np.trace(confusion)
    plain = run_training(config.flat(), lambda _: None, lambda: False).result
    assert not {*both} & set(plain.observed)
    assert plain.test == result.test


def test_a_diverged_training_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    flat = {"dataset": "california_housing", "engine": "numpy", "optimizer": "sgd"}
    flat |= {"learning_rate": 10.0, "epochs": 2, "hidden": [30, 30]}
    both = ("network", "mistakes")
    with np.errstate(all="ignore"):
        end = run_training(flat, lambda _: None, lambda: False, observe=both, key="e" * 64)
    assert end.outcome is Outcome.DIVERGED
    assert not {*both} & set(end.result.observed)
    assert not (tmp_path / "networks").exists()


def blot(top, left, height, width, side=56):
    ink = np.zeros((side, side), np.uint8)
    ink[top : top + height, left : left + width] = 255
    return ink


@pytest.mark.parametrize("name", ["mnist", "fashion_mnist", "digits"])
def test_where_and_how_large_one_draws_does_not_matter(name):
    data = DATASETS[name]
    small, large = blot(2, 3, 12, 4), blot(10, 20, 36, 12)
    one, other = as_sample(small, data), as_sample(large, data)
    assert one.shape == (1, *data.input_shape)
    assert one.dtype == np.uint8
    assert one.max() == data.largest_pixel
    np.testing.assert_array_equal(one, other)


def test_digits_fill_twenty_pixels_around_their_centre_of_mass():
    sample = as_sample(blot(0, 0, 30, 6), DATASETS["mnist"])[0].astype(float)
    rows = np.flatnonzero(sample.any(axis=1))
    assert len(rows) == 20
    for axis in (0, 1):
        weights = sample.sum(axis=axis)
        assert abs((weights @ (np.arange(28) + 0.5)) / weights.sum() - 14) <= 0.5


def test_ink_is_neither_lost_nor_made():
    rng = np.random.default_rng(1)
    ink = np.zeros((56, 56), np.uint8)
    ink[8:48, 8:48] = rng.integers(1, 256, (40, 40))
    sample = as_sample(ink, DATASETS["mnist"])[0]
    assert sample.mean() * 28**2 / 20**2 == pytest.approx(ink[8:48, 8:48].mean(), rel=0.01)


def test_an_empty_canvas_is_an_empty_image():
    assert not as_sample(np.zeros((56, 56), np.uint8), DATASETS["mnist"]).any()
