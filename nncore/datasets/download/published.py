"""The files that Keras's host publishes -> our arrays. Nothing in them is trusted or executed.

MNIST is an npz of plain arrays, Fashion-MNIST four gzipped IDX files, and IMDB an npz whose
arrays of reviews are pickles: those are read by an unpickler that makes lists of integers and
nothing else, once, and never opened again.
"""

import gzip
import io
import math
import pickle
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from nncore.datasets.files import read_npz
from nncore.datasets.sets.reviews import MOST_RANK
from nncore.system.arrays import Array
from nncore.system.errors import DataCorrupt
from nncore.system.outside import Unreadable, npz_file, parsing

_MOST_UNPACKED = 100_000_000  # bytes of one array; the largest has 47 million


def mnist(paths: list[Path]) -> dict[str, Array]:
    """mnist.npz -> x_train, y_train, x_test, y_test."""
    return read_npz(paths[0], ("x_train", "y_train", "x_test", "y_test"))


def fashion_mnist(paths: list[Path]) -> dict[str, Array]:
    """The IDX files of training images and labels, then of the test -> the same four arrays."""
    return dict(zip(("x_train", "y_train", "x_test", "y_test"), map(read_idx, paths), strict=True))


def imdb(paths: list[Path]) -> dict[str, Array]:
    """imdb.npz -> the flat arrays of imdb_flat.npz; DataCorrupt when it holds anything else."""
    arrays: dict[str, Array] = {}
    for part in ("train", "test"):
        rows = _rows(paths[0], f"x_{part}")
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        flat = np.fromiter(chain.from_iterable(rows), np.uint32, int(offsets[-1]))
        labels = read_npz(paths[0], [f"y_{part}"])[f"y_{part}"]
        arrays |= {f"x_{part}_flat": flat, f"x_{part}_offsets": offsets}
        with np.errstate(invalid="ignore"):  # what is no label is found by its fingerprint
            arrays[f"y_{part}"] = labels.astype(np.uint8)
    return arrays


def read_idx(path: Path) -> Array:
    """A gzipped IDX file of bytes, as LeCun's page of MNIST defines it: magic, sizes, values."""
    try:
        with parsing(), gzip.open(path) as file:
            magic = file.read(4)
            if magic[:3] != b"\0\0\x08" or magic[3] not in (1, 3):
                raise Unreadable("other kind")
            shape = tuple(int.from_bytes(file.read(4), "big") for _ in range(magic[3]))
            if not 0 < math.prod(shape) <= _MOST_UNPACKED:
                raise Unreadable("other size")
            return np.frombuffer(file.read(math.prod(shape)), np.uint8).reshape(shape)
    except Unreadable as error:
        raise DataCorrupt(f"{path} is not a file of images or labels as published.") from error


def _rows(path: Path, name: str) -> list[list[int]]:
    """The lists in one object array of an npz file."""
    try:
        with npz_file(path) as file:
            header, content = file.pickled(name, _MOST_UNPACKED)
        with parsing():
            rows = _Lists(io.BytesIO(content)).load().rows()
    except Unreadable as error:
        raise DataCorrupt(f"{path} is not the file of reviews as published.") from error
    if len(rows) != header.shape[0] or not all(map(_is_review, rows)):
        raise DataCorrupt(f"{path} holds something else than lists of word numbers.")
    return rows


def _is_review(row: Any) -> bool:
    return type(row) is list and all(type(n) is int and 0 < n < MOST_RANK for n in row)


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
