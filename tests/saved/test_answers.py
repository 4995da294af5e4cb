"""What a network's outputs mean to people, and what people type to a network."""

import json

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.preparation.preprocessing import NOTHING
from nncore.datasets.ragged import UNKNOWN
from nncore.datasets.sets.reviews import INDEX_FROM, START
from nncore.saved.answers import answer, in_classes, is_redrawn, review, row
from nncore.saved.network import SavedNetwork
from nncore.system.errors import InvalidSetting


def network(**settings):
    return SavedNetwork(Config.from_flat(settings), ())


def test_one_unit_says_how_likely_the_second_class_is():
    said = answer(network(dataset="circles"), np.array([[0.2]]))
    assert said.chances == pytest.approx([0.8, 0.2])
    assert (said.best, said.classes) == (0, ("blue", "orange"))
    assert answer(network(dataset="circles"), np.array([[np.nan]])) is None


def test_numbers_are_in_the_targets_unit():
    config = Config.from_flat({"dataset": "california_housing"})
    houses = SavedNetwork(config, (), NOTHING, 2.0, 1.0)
    assert answer(houses, np.array([[0.5]])).number == 2.0 * houses.config.data.unit_factor
    assert in_classes(houses.config, 1.5) == 1.5 * houses.config.data.unit_factor
    assert in_classes(Config.from_flat({"dataset": "iris"}), 2) == "virginica"


def test_a_row_has_the_shape_of_the_data():
    digits, iris = (Config.from_flat({"dataset": name}) for name in ("digits", "iris"))
    assert row(digits, ",".join(["1"] * 64)).shape == (1, 8, 8)
    assert row(iris, "1 2,3, 4").tolist() == [[1, 2, 3, 4]]
    for text in ("1,2,3", "", "1,2,3,nan", "1,2,3,1e13"):
        with pytest.raises(InvalidSetting, match="A row for Iris must"):
            row(iris, text)


def test_a_review_is_read_as_the_model_was_trained(monkeypatch, tmp_path):
    (tmp_path / "imdb_word_index.json").write_text(json.dumps({"the": 1, "film": 2, "rare": 9}))
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path))
    config = Config.from_flat({"dataset": "imdb", "model": "text_mlp", "words": 10, "tokens": 4})
    asked, tokens = review(config, "The film, the RARE film: nonsense!")
    the, film = 1 + INDEX_FROM, 2 + INDEX_FROM
    assert len(asked) == 1
    assert list(asked[0]) == [START, the, film, the, 9 + INDEX_FROM, film, UNKNOWN]
    assert list(tokens) == [the, UNKNOWN, film, UNKNOWN]  # the last four, of the ten words


def test_points_drawn_otherwise_are_known():
    assert not is_redrawn(Config.from_flat({"dataset": "circles"}))
    assert is_redrawn(Config.from_flat({"dataset": "circles", "noise": 0.3}))
    assert not is_redrawn(Config.from_flat({"dataset": "iris"}))
