"""IMDB reviews: the file, and the data set in the catalogue.

imdb_flat.npz: x_train_flat, x_test_flat (total,) word ranks from 1, most frequent first;
x_train_offsets, x_test_offsets (25,001,); y_train, y_test (25,000,) 0 or 1. The rows stand in the
order of the file that Keras publishes: positive reviews first.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nncore.datasets.definition import Dataset, Raw, Variant
from nncore.datasets.files import find, read_placed
from nncore.datasets.ragged import Ragged
from nncore.system.arrays import Array
from nncore.system.errors import DataCorrupt

FILE = "imdb_flat.npz"
START = 1  # stands before every review; 0 is padding, 2 an unknown word, 3 is never used
INDEX_FROM = 3  # a word's index is its rank + 3
MOST_RANK = 1_000_000  # there are 88,584 words
_KERAS_SEED = 113  # the order of rows that `keras.datasets.imdb.load_data` gives


def reviews(arrays: Mapping[str, Array]) -> Raw:
    """What the file holds, as `keras.datasets.imdb.load_data()` gives it."""
    for part in ("train", "test"):
        x = Ragged(arrays[f"x_{part}_flat"], arrays[f"x_{part}_offsets"])
        _check(x, arrays[f"y_{part}"])
    rng = np.random.RandomState(_KERAS_SEED)
    parts: list[Any] = []
    for part in ("train", "test"):
        ranks = Ragged(arrays[f"x_{part}_flat"], arrays[f"x_{part}_offsets"])
        order = np.arange(len(ranks))
        rng.shuffle(order)
        parts += [_indices(ranks[order]), arrays[f"y_{part}"][order].astype(np.int64)]
    return Raw(*parts)


def _check(x: Ragged, y: Array) -> None:
    """Raise DataCorrupt unless there are as many whole rows as labels.

    That they are the right rows is seen by their fingerprint, later.
    """
    if not x.is_whole or y.shape != (len(x),) or not np.issubdtype(y.dtype, np.integer):
        raise DataCorrupt(
            f"{find(FILE)} doesn't hold the IMDB reviews in NN Lab's form, so it is not used. "
            "Move it away and fetch them again; NN Lab neither changed nor deleted it."
        )


def _indices(ranks: Ragged) -> Ragged:
    """Ranks -> indices, with START before every row."""
    offsets = (ranks.offsets + np.arange(len(ranks.offsets))).astype(np.int32)
    flat = np.full(int(offsets[-1]), START, np.int32)
    is_word = np.ones(len(flat), bool)
    is_word[offsets[:-1]] = False
    flat[is_word] = ranks.flat.astype(np.int32) + INDEX_FROM
    return Ragged(flat, offsets)


def _load() -> Raw:
    return reviews(read_placed(FILE, IMDB.array_names))


IMDB = Dataset(
    name="imdb",
    label="IMDB reviews",
    task="binary",
    input_shape=(500,),  # of a text model's own number of tokens by default
    variants={
        "full": Variant(
            train=25_000,
            test=25_000,
            sha256="54764f92fcdf02f96286649275edc324ba63df0f898d24e165ff280fbd45f966",
            note="all 25,000 training reviews",
            load=_load,
            test_given=True,
            file=FILE,
        )
    },
    description=(
        "Film reviews, half of them positive and half negative, as rows of word numbers. The "
        "usual first text to learn from: a network tells whether the writer was pleased."
    ),
    source=(
        "Maas, Daly, Pham, Huang, Ng and Potts, Learning Word Vectors for Sentiment Analysis, "
        "ACL 2011"
    ),
    licence="no licence to pass it on: fetched by each user from Keras's own host, for research",
    classes=("negative", "positive"),
    kind="text",
)
