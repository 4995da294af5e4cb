"""Where files with data sets are found, and their arrays: each present, none trusted."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from nncore.system.arrays import Array
from nncore.system.errors import DataCorrupt, DataMissing
from nncore.system.outside import Unreadable, npz_file, parsing
from nncore.system.paths import data_folders, keras_folder

EXTRACTS = Path(__file__).parent / "extracts"
_FETCHED_AS = {"imdb_flat.npz": "imdb", "imdb_word_index.json": "imdb"}  # else by their own name
_ALSO_KERAS = ("mnist.npz",)  # in the form that Keras keeps it, too; only ever read


def fingerprint(arrays: Mapping[str, Array]) -> str:
    """SHA-256 of a list of lines "name dtype shape sha256", one per array in their order.

    Little-endian and C order, so that it is the same on every machine and in every file.
    """
    lines = []
    for name, array in arrays.items():
        plain = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        digest = hashlib.sha256(plain.data).hexdigest()
        lines.append(f"{name} {plain.dtype.name} {plain.shape} {digest}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read_npz(
    path: Path,
    names: Iterable[str],
    advice: str = "fetch it again and replace it",
    more: Iterable[str] = (),
) -> dict[str, Array]:
    """The named arrays of an npz file; DataCorrupt when it is damaged or lacks one.

    `more`: names of arrays that it may lack.
    """
    try:
        with npz_file(path) as file:
            there = set(file.names())
            return file.arrays([*names, *(name for name in more if name in there)])
    except Unreadable as error:
        raise DataCorrupt(
            f"{path} can't be read as a data set ({error}). It is probably incomplete or another "
            f"kind of file: {advice}."
        ) from error


def map_array(path: Path, name: str) -> Array:
    """One array of an uncompressed npz file, read from the disk as its rows are used.

    Raises DataCorrupt when it isn't there or can't be mapped.
    """
    try:
        with npz_file(path) as file:
            header, place = file.place(name)
        with parsing():
            return np.memmap(path, header.dtype, "r", place, header.shape, header.order)
    except Unreadable as error:
        raise DataCorrupt(
            f"{path} has no array {name!r} to read ({error}). It can be deleted: it is made anew "
            "when it is needed."
        ) from error


def read_bundled(name: str) -> dict[str, Array]:
    """All arrays of an extract that is part of the installation."""
    path = EXTRACTS / f"{name}.npz"
    if not path.is_file():
        raise DataMissing(f"{path} is part of NN Lab but missing: install NN Lab again.")
    try:
        with npz_file(path) as file:
            return file.arrays(file.names())
    except Unreadable as error:
        raise DataCorrupt(
            f"{path} is part of NN Lab but damaged ({error}): install NN Lab again."
        ) from error


def find(file: str) -> Path | None:
    """The first data folder's file of this name, or Keras's own if it has the same form."""
    placed = find_placed(file)
    if placed is None and file in _ALSO_KERAS and (keras_folder() / file).is_file():
        return keras_folder() / file
    return placed


def find_placed(file: str) -> Path | None:
    """The first data folder's file of this name."""
    paths = (folder / file for folder in data_folders())
    return next((path for path in paths if path.is_file()), None)


def read_placed(file: str, names: Iterable[str]) -> dict[str, Array]:
    """The named arrays of a file that the user placed in a data folder."""
    path = find(file)
    if path is None:
        raise DataMissing(where_to_place(file))
    return read_npz(path, names)


def where_to_place(file: str) -> str:
    """What to tell a user whose data folders lack `file`."""
    folders = " or ".join(str(folder) for folder in data_folders())
    has_extract = (EXTRACTS / file).is_file()  # of the same name
    return (
        f"{file} was not found in {folders}. Fetch it on the Data page or with "
        f"`python -m nncore download {_FETCHED_AS.get(file, Path(file).stem)}`, place it there, or "
        "let NNLAB_DATA name the folder that has it."
        f"{' Or use the bundled extract (variant extract).' if has_extract else ''}"
    )
