"""The files that Keras's host publishes -> our arrays. Nothing in them is trusted or executed.

MNIST is an npz of plain arrays, Fashion-MNIST four gzipped IDX files, and IMDB an npz whose
arrays of reviews are pickles: those are read by an unpickler that makes lists of integers and
nothing else, once, and never opened again.
"""

import gzip
import io
import pickle
import zipfile
import zlib
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import read_array_header_1_0, read_array_header_2_0, read_magic

from nncore.datasets.files import read_npz
from nncore.system.arrays import Array
from nncore.system.errors import DataCorrupt

_MOST_UNPACKED = 100_000_000  # bytes of one array; the largest has 47 million
_MOST_WORD = 1_000_000  # a rank; there are 88,584 words
_UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(RuntimeError, zipfile.BadZipFile, zlib.error, pickle.UnpicklingError),
)


def mnist(paths: list[Path]) -> dict[str, Array]:
    """mnist.npz -> x_train, y_train, x_test, y_test."""
    return read_npz(paths[0], ("x_train", "y_train", "x_test", "y_test"))


def fashion_mnist(paths: list[Path]) -> dict[str, Array]:
    """The IDX files of training images and labels, then of the test -> the same four arrays."""
    return dict(zip(("x_train", "y_train", "x_test", "y_test"), map(read_idx, paths), strict=True))


def imdb(paths: list[Path]) -> dict[str, Array]:
    """imdb.npz -> the flat arrays of imdb_flat.npz; DataCorrupt when it holds anything else."""
    found: dict[str, Array] = {}
    for part in ("train", "test"):
        rows = _rows(paths[0], f"x_{part}")
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        flat = np.fromiter(chain.from_iterable(rows), np.uint32, int(offsets[-1]))
        labels = read_npz(paths[0], [f"y_{part}"])[f"y_{part}"]
        found |= {f"x_{part}_flat": flat, f"x_{part}_offsets": offsets}
        found[f"y_{part}"] = labels.astype(np.uint8)
    return found


def read_idx(path: Path) -> Array:
    """A gzipped IDX file of bytes, as LeCun's page of MNIST defines it: magic, sizes, values."""
    try:
        with gzip.open(path) as file:
            magic = file.read(4)
            if magic[:3] != b"\0\0\x08" or magic[3] not in (1, 3):
                raise ValueError(magic)
            shape = tuple(int.from_bytes(file.read(4), "big") for _ in range(magic[3]))
            size = int(np.prod(shape, dtype=np.int64))
            values = file.read(min(size, _MOST_UNPACKED))
        if not values:
            raise ValueError(shape)
        return np.frombuffer(values, np.uint8).reshape(shape)
    except _UNREADABLE as error:
        raise DataCorrupt(f"{path} is not a file of images or labels as published.") from error


def _rows(path: Path, name: str) -> list[list[int]]:
    """The lists in one object array of an npz file."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(f"{name}.npy").file_size > _MOST_UNPACKED:
                raise ValueError(name)
            stream = io.BytesIO(archive.read(f"{name}.npy"))
        read_header = {(1, 0): read_array_header_1_0, (2, 0): read_array_header_2_0}
        shape, _, dtype = read_header[read_magic(stream)](stream)
        if dtype != np.dtype(object) or len(shape) != 1:
            raise ValueError(shape)
        rows = _Lists(stream).load().rows()
    except _UNREADABLE as error:
        raise DataCorrupt(f"{path} is not the file of reviews as published.") from error
    if len(rows) != shape[0] or not all(map(_is_review, rows)):
        raise DataCorrupt(f"{path} holds something else than lists of word numbers.")
    return rows


def _is_review(row: Any) -> bool:
    return type(row) is list and all(type(n) is int and 0 < n < _MOST_WORD for n in row)


class _Inert:
    """Stands for NumPy's array and type while unpickling: keeps what it is given, does nothing."""

    def __init__(self, *_: Any) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state

    def rows(self) -> list[Any]:
        """The entries of an array: the last of (version, shape, type, order, entries)."""
        entries = self.state[4]
        if type(entries) is not list:
            raise ValueError("no entries")
        return entries


def _reconstruct(*_: Any) -> _Inert:
    return _Inert()


def _as_bytes(text: Any, encoding: Any) -> bytes:
    """`_codecs.encode` for the one byte that names an array's type in old pickles."""
    if type(text) is not str or encoding != "latin1":
        raise pickle.UnpicklingError("not a text")
    return text.encode("latin1")


class _Lists(pickle.Unpickler):
    """Knows the four names that a pickled object array holds, and has harmless doubles for them."""

    def find_class(self, module: str, name: str) -> Any:
        doubles: dict[tuple[str, str], Any] = {
            ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
            ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
            ("numpy", "ndarray"): _Inert,
            ("numpy", "dtype"): _Inert,
            ("_codecs", "encode"): _as_bytes,
        }
        if (module, name) not in doubles:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of reviews")
        return doubles[module, name]
