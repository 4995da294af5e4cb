"""Rows of different lengths, such as reviews, in two flat arrays."""

from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from nncore.system.arrays import Array

UNKNOWN = 2  # stands for a word that isn't among the known ones; Keras's `oov_char`


@dataclass(frozen=True, eq=False)
class Ragged:
    """Row i is flat[offsets[i]:offsets[i + 1]]; n rows have n + 1 offsets."""

    flat: Array  # (total,) int32
    offsets: Array  # (n + 1,) int32

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, rows: int | np.integer[Any]) -> Array: ...

    @overload
    def __getitem__(self, rows: Array | slice) -> "Ragged": ...

    def __getitem__(self, rows: Any) -> Any:
        """One row for a number; several, in the order named, for an array or a slice."""
        if isinstance(rows, int | np.integer):
            row = range(len(self))[int(rows)]  # refuses a number outside, as lists do
            return self.flat[self.offsets[row] : self.offsets[row + 1]]
        chosen = np.arange(len(self))[rows]
        offsets = np.zeros(len(chosen) + 1, np.int32)
        np.cumsum(self.lengths()[chosen], out=offsets[1:])
        pieces = [self.flat[self.offsets[i] : self.offsets[i + 1]] for i in chosen]
        return Ragged(np.concatenate([self.flat[:0], *pieces]), offsets)

    @property
    def is_whole(self) -> bool:
        """Whether the offsets cut `flat` into rows, one after the other; a file's may not."""
        flat, cuts = self.flat, self.offsets
        return bool(
            all(a.ndim == 1 and np.issubdtype(a.dtype, np.integer) for a in (flat, cuts))
            and len(cuts) > 0
            and (cuts[0], cuts[-1]) == (0, len(flat))
            and not (np.diff(cuts.astype(np.int64)) < 0).any()  # without a sign, none ever is
        )

    def lengths(self) -> Array:
        """(n,) entries of each row."""
        return np.diff(self.offsets)

    def padded(self, words: int, tokens: int) -> Array:
        """(n, tokens) int32: the last `tokens` entries of each row, zeros before shorter ones.

        Entries from `words` on become UNKNOWN. As `keras.datasets.imdb.load_data(num_words=words)`
        and `keras.utils.pad_sequences(maxlen=tokens)` give it.
        """
        table = np.zeros((len(self), tokens), np.int32)
        for i, row in enumerate(table):
            start, end = int(self.offsets[i]), int(self.offsets[i + 1])
            length = min(end - start, tokens)
            row[tokens - length :] = self.flat[end - length : end]
        table[table >= words] = UNKNOWN
        return table
