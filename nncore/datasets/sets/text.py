"""Word indices -> readable words, and typed text -> word indices. Light: one JSON file.

Indices are Keras's: 0 is padding, 1 the start of a review, 2 an unknown word, and a word's
index is its rank by frequency + 3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from nncore.datasets.files import find, where_to_place
from nncore.datasets.ragged import UNKNOWN
from nncore.datasets.sets.reviews import INDEX_FROM, MOST_RANK, START
from nncore.system.arrays import Array
from nncore.system.errors import DataCorrupt, DataMissing
from nncore.system.outside import Unreadable, json_file

FILE = "imdb_word_index.json"
_MOST_BYTES = 20_000_000  # the published file has 1.6 million
GAP = "□"  # shown for a word that is not known
# what Keras's tokenizer takes out; the words of the reviews were made by it
_PUNCTUATION = str.maketrans(dict.fromkeys('!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\r\n', " "))


@dataclass(frozen=True)
class Vocabulary:
    """The words of the reviews with their indices, both ways."""

    index: dict[str, int]
    word: dict[int, str]

    def __len__(self) -> int:
        return len(self.index)


def vocabulary() -> Vocabulary:
    """The reviews' words; DataMissing or DataCorrupt when their file is not to be read."""
    path = find(FILE)
    if path is None:
        raise DataMissing(where_to_place(FILE))
    return _read(path, path.stat().st_mtime_ns)


def words(indices: Iterable[int]) -> str:
    """What a row of indices says, without padding and start; unknown words show as GAP.

    Raises DataMissing or DataCorrupt when the file of words is not to be read.
    """
    word_of = vocabulary().word
    return " ".join(word_of.get(int(i), GAP) for i in indices if int(i) > START)


def encode(text: str) -> Array:
    """(n,) int32 indices of typed text, beginning with START; words not known become UNKNOWN.

    Lower case, without punctuation: `It's GOOD!` is it's and good. Padding and a model's own
    limit of words are the caller's: `Ragged.padded`. Raises as `words` does.
    """
    index_of = vocabulary().index

    def index(word: str) -> int:
        plain = word.replace("’", "'")
        spellings = (word, plain, plain.strip("'"))
        return next((index_of[spelling] for spelling in spellings if spelling in index_of), UNKNOWN)

    typed = text.lower().translate(_PUNCTUATION).split(" ")
    return np.array([START, *(index(word) for word in typed if word)], np.int32)


@lru_cache(maxsize=1)  # 20 MB; `changed` is the file's time, so that another file is read anew
def _read(path: Path, changed: int) -> Vocabulary:
    try:
        ranks = json_file(path, _MOST_BYTES)
        if not isinstance(ranks, dict) or not all(map(_is_rank, ranks.values())):
            raise Unreadable("it has other values than ranks")
    except Unreadable as error:
        raise DataCorrupt(
            f"{path} can't be read as a list of words with their ranks ({error}). It is probably "
            "incomplete or another kind of file: fetch it again and replace it."
        ) from error
    index = {word: rank + INDEX_FROM for word, rank in ranks.items()}
    return Vocabulary(index, {rank: word for word, rank in index.items()})


def _is_rank(value: object) -> bool:
    return type(value) is int and 0 < value < MOST_RANK
