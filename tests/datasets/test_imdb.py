"""Reviews: rows of different lengths, padding as Keras pads, words both ways."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.preparation import cache, prepare
from nncore.datasets.ragged import UNKNOWN, Ragged
from nncore.datasets.sets import text
from nncore.datasets.sets.reviews import START, reviews
from nncore.system.errors import DataCorrupt, DataMissing, InvalidSetting

WORDS = {"the": 1, "film": 2, "was": 3, "good": 4, "it's": 5, "'good'": 6, "br": 7}


def ragged(*rows):
    offsets = np.cumsum([0, *map(len, rows)]).astype(np.int32)
    return Ragged(np.array([n for row in rows for n in row], np.int32), offsets)


def listed(x):
    return [row.tolist() for row in (x[i] for i in range(len(x)))]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A machine with a list of seven words and no reviews."""
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    monkeypatch.delenv("NNLAB_DATA", raising=False)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / text.FILE).write_text(json.dumps(WORDS))
    return tmp_path


# rows of different lengths


def test_rows_are_found_by_number_slice_and_list():
    x = ragged([1, 2, 3], [], [4], [5, 6])
    assert len(x) == 4
    assert x.lengths().tolist() == [3, 0, 1, 2]
    assert x[3].tolist() == x[-1].tolist() == [5, 6]
    assert listed(x[np.array([2, 0])]) == [[4], [1, 2, 3]]
    assert listed(x[1:3]) == [[], [4]]
    assert listed(x[np.array([], int)]) == []
    with pytest.raises(IndexError):
        x[4]


def test_long_rows_lose_their_front_short_ones_get_zeros_there():
    x = ragged([1, 2, 3, 4], [5], [], [9, 10, 11])
    assert x.padded(words=11, tokens=3).tolist() == [
        [2, 3, 4],
        [0, 0, 5],
        [0, 0, 0],
        [9, 10, UNKNOWN],
    ]
    assert x.padded(words=11, tokens=3).dtype == np.int32


@pytest.mark.slow
def test_padding_is_keras_own():
    rng = np.random.default_rng(3)
    rows = [rng.integers(1, 50, n).tolist() for n in (0, 1, 4, 5, 6, 40)]
    code = (
        "import sys, json; from keras.utils import pad_sequences;"
        "rows = json.load(sys.stdin); print(pad_sequences(rows, maxlen=5).tolist())"
    )
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(rows), env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ragged(*rows).padded(words=50, tokens=5).tolist() == json.loads(done.stdout)


def test_a_file_becomes_what_keras_hands_out():
    n = 7
    rows = [[i + 1, 40] for i in range(n)]
    file = {}
    for part in ("train", "test"):
        x = ragged(*rows)
        file |= {f"x_{part}_flat": x.flat.astype(np.uint32), f"x_{part}_offsets": x.offsets}
        file[f"y_{part}"] = np.arange(n, dtype=np.uint8) % 2
    raw = reviews(file)
    assert raw.y_train.dtype == np.int64
    for x, y in ((raw.x_train, raw.y_train), (raw.x_test, raw.y_test)):
        assert all(row[0] == START and row[2] == 43 for row in listed(x))
        first = [row[1] - 4 for row in listed(x)]  # the row's number in the file
        assert sorted(first) == list(range(n))
        assert [i % 2 for i in first] == y.tolist()
    assert listed(raw.x_train) != listed(raw.x_test)  # one stream of chance for both


@pytest.mark.parametrize("damage", ["offsets", "labels", "order", "floats"])
def test_a_file_that_does_not_fit_together_is_refused(damage):
    x = ragged([1, 2], [3])
    file = {}
    for part in ("train", "test"):
        file |= {f"x_{part}_flat": x.flat, f"x_{part}_offsets": x.offsets}
        file[f"y_{part}"] = np.zeros(2, np.uint8)
    changed = {
        "offsets": {"x_test_offsets": np.array([0, 2, 9], np.int32)},
        "labels": {"y_train": np.zeros(5, np.uint8)},
        "order": {"x_train_offsets": np.array([0, 4, 3], np.int32)},
        "floats": {"x_train_flat": np.zeros(3)},
    }[damage]
    with pytest.raises(DataCorrupt, match="IMDB"):
        reviews(file | changed)


# words


def test_words_and_indices_are_each_others_way_back(home):
    indices = text.encode("The FILM was good")
    assert indices.tolist() == [START, 4, 5, 6, 7]
    assert indices.dtype == np.int32
    assert text.words(indices) == "the film was good"
    assert text.words([0, 0, START, 4, UNKNOWN, 99]) == f"the {text.GAP} {text.GAP}"


@pytest.mark.parametrize(
    ("typed", "indices"),
    [
        ("It's good!", [8, 7]),
        ("it’s \"good\"", [8, 7]),
        ("'good' 'film'", [9, 5]),
        ("good<br />film\n\tgood", [7, 10, 5, 7]),
        ("a zzz, the", [UNKNOWN, UNKNOWN, 4]),
        ("...", []),
        ("", []),
    ],
)  # fmt: skip
def test_typed_text_is_read_as_keras_read_the_reviews(home, typed, indices):
    assert text.encode(typed).tolist() == [START, *indices]


def test_a_list_of_words_that_is_missing_or_damaged_is_named(home):
    path = home / "data" / text.FILE
    path.write_text("[1, 2")
    with pytest.raises(DataCorrupt, match=str(path)):
        text.words([4])
    path.unlink()
    with pytest.raises(DataMissing, match="nncore download"):
        text.encode("good")


# the data set


def test_without_the_file_it_is_not_available_and_says_what_to_do(home):
    assert not cache.available("imdb", "full")
    with pytest.raises(DataMissing, match=r"imdb_flat\.npz") as caught:
        prepare.prepared(Config(dataset="imdb"))
    assert "nncore download" in str(caught.value)


def test_counts_are_known_without_the_file():
    config = Config(dataset="imdb", split="last:0.2")
    assert (config.variant, config.counts()) == ("full", (20_000, 5_000, 25_000))


def test_word_numbers_are_not_scaled():
    with pytest.raises(InvalidSetting, match="word numbers"):
        Config(dataset="imdb", preprocess="standardize")


@pytest.mark.full_data
def test_prepared_reviews_have_the_models_sizes():
    config = Config.from_flat({"dataset": "imdb", "words": 2000, "tokens": 50})
    data = prepare.prepared(config)
    assert data.x_train.shape == (20_000, 50)
    assert data.x_test.shape == (25_000, 50)
    assert data.x_train.dtype == np.int32
    assert (data.x_train.min(), data.x_train.max()) == (0, 1999)
    assert data.y_train.mean() == data.y_val.mean() == 0.5


@pytest.mark.full_data
def test_reviews_are_as_keras_loads_and_pads_them(tmp_path):
    # Keras reads its own file, made from ours; in a process of its own
    code = """
import sys
import numpy as np
import keras
flat = np.load(sys.argv[1])
def rows(part):
    cut = flat[f"x_{part}_offsets"]
    words = flat[f"x_{part}_flat"].tolist()
    found = np.empty(len(cut) - 1, object)
    found[:] = [words[a:b] for a, b in zip(cut[:-1], cut[1:])]
    return found
np.savez(sys.argv[2], **{f"{a}_{p}": rows(p) if a == "x" else flat[f"y_{p}"]
                         for p in ("train", "test") for a in "xy"})
from keras.src.datasets import imdb
imdb.get_file = lambda **_: sys.argv[2]
(x, y), (x_test, y_test) = imdb.load_data(num_words=5000)
pad = lambda x: keras.utils.pad_sequences(x, maxlen=100)
np.savez(sys.argv[3], x_train=pad(x), y_train=y, x_test=pad(x_test), y_test=y_test)
"""
    paths = [Path(os.environ["NNLAB_DATA"]) / "imdb_flat.npz"]
    paths += [tmp_path / "imdb.npz", tmp_path / "out.npz"]
    subprocess.run(
        [sys.executable, "-c", code, *map(str, paths)],
        check=True, capture_output=True, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )  # fmt: skip
    raw = cache.load_checked(DATASETS["imdb"], DATASETS["imdb"].variants["full"])
    with np.load(paths[-1]) as keras:
        for part in ("train", "test"):
            x, y = getattr(raw, f"x_{part}"), getattr(raw, f"y_{part}")
            np.testing.assert_array_equal(x.padded(5000, 100), keras[f"x_{part}"])
            np.testing.assert_array_equal(y, keras[f"y_{part}"])


@pytest.mark.full_data
def test_reviews_read_as_sentences_and_back():
    raw = cache.raw("imdb", "full")
    assert text.words(raw.x_train[0]).startswith("this film was just brilliant casting")
    for i in range(200):
        np.testing.assert_array_equal(text.encode(text.words(raw.x_train[i])), raw.x_train[i])
