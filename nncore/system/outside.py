"""Bytes from outside -> arrays and JSON values. Nothing in them is trusted, unpickled or executed.

Whatever is wrong with a file is Unreadable; whoever wanted it says which file that is and what to
do. Parsers raise what they like over damaged bytes, so that no list of exceptions is complete:
`parsing` stands around parsers, and around nothing of our own.

NumPy gives headers of arrays to Python's own parser, which may fail in a dozen ways, warn, or
take memory. NumPy writes one form of header only, so that is all that is read here.
"""

import errno
import json
import math
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np

from nncore.system.arrays import Array

MOST_BYTES = 2**29  # of all arrays read from a file at once; the full MNIST has 55 million
DAMAGED = "it is damaged or incomplete"
NO_ARRAYS = "it is not an npz file of plain arrays"
_MOST_DIRECTORY = 2**17  # bytes of the list of entries: a thousand of them
_MOST_HEADER = 10_000  # bytes, as in NumPy
_MOST_AXES = 32
_MOST_DEPTH = 20  # of lists in lists; what reads them goes down by recursion
_BLOCK = 2**20  # bytes read at a time
_MAGIC = b"\x93NUMPY"
_HEADER = re.compile(
    rb"\{\s*'descr':\s*'([<>|])([biufUO])(\d{0,8})',\s*'fortran_order':\s*(True|False),"
    rb"\s*'shape':\s*\(([\d\sL,]*)\),?\s*\}\s*"
)


class Unreadable(Exception):
    """Bytes that aren't what they should be. The message says why, such as "it is damaged"."""


@contextmanager
def parsing() -> Iterator[None]:
    """Whatever a parser of bytes from outside raises in here is the fault of the bytes."""
    try:
        yield
    except Unreadable:
        raise
    except MemoryError as error:
        raise Unreadable("there is not enough memory for it") from error
    except OSError as error:
        of_the_disk = error.strerror and error.errno != errno.EINVAL  # a place before its start
        raise Unreadable(error.strerror if of_the_disk else DAMAGED) from error
    except Exception as error:
        raise Unreadable(DAMAGED) from error


def read_json(data: bytes | str) -> Any:
    """The value of a JSON text. Raises Unreadable."""
    with parsing():
        value = json.loads(data)
        json.dumps(value, ensure_ascii=False).encode()  # halves of characters can't be shown
    held = [value]
    for _ in range(_MOST_DEPTH):
        parts = (
            v.values() if isinstance(v, dict) else v for v in held if isinstance(v, dict | list)
        )
        held = [part for whole in parts for part in whole]
    if held:
        raise Unreadable("it is nested too deeply")
    return value


def json_file(path: Path, most: int) -> Any:
    """The value of a JSON file of at most so many bytes. Raises Unreadable."""
    with parsing():
        if path.stat().st_size > most:
            raise Unreadable("it is too large")
        data = path.read_bytes()
    return read_json(data)


@dataclass(frozen=True)
class Header:
    """What a file says of an array before its numbers."""

    shape: tuple[int, ...]
    by_column: bool
    dtype: np.dtype[Any]
    length: int  # bytes until the numbers begin

    @property
    def size(self) -> int:
        """Bytes of the numbers."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def order(self) -> Literal["F", "C"]:
        return "F" if self.by_column else "C"

    def array(self, numbers: bytearray) -> Array:
        """The array whose numbers these are."""
        with parsing():  # more axes than an array may have, or longer ones
            return np.ndarray(self.shape, self.dtype, numbers, order=self.order)


class Npz:
    """The arrays of an npz file, by name. All of it raises Unreadable."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._check_ends()
        with parsing():
            self._archive = zipfile.ZipFile(stream)
            entries = self._archive.infolist()
        self.unpacked = sum(entry.file_size for entry in entries)
        self._entries = {entry.filename.removesuffix(".npy"): entry for entry in entries}
        if len(self._entries) < len(entries):
            raise Unreadable("it has two arrays of the same name")

    def _check_ends(self) -> None:
        """An archive's list of entries is read at once, so its size is looked at before.

        It stands at the end, where NumPy neither writes a comment nor needs the forms of archives
        of over 4 GB.
        """
        with parsing():
            self._stream.seek(0)
            start = self._stream.read(4)
            length = self._stream.seek(0, os.SEEK_END)
            self._stream.seek(max(0, length - 42))
            end = self._stream.read(42)
        if start and start != b"PK\x03\x04":
            raise Unreadable(NO_ARRAYS)
        if end[-22:-18] != b"PK\x05\x06" or end[:4] == b"PK\x06\x07":
            raise Unreadable(DAMAGED)
        if int.from_bytes(end[-10:-6], "little") > _MOST_DIRECTORY:
            raise Unreadable("it has too many entries")

    def names(self) -> set[str]:
        """What the arrays are called."""
        return set(self._entries)

    def header(self, name: str) -> Header:
        """The header of an array."""
        with self._opened(name) as stream:
            return _header(stream)

    def arrays(self, names: Iterable[str], most: int = MOST_BYTES) -> dict[str, Array]:
        """Arrays of numbers, if together they have at most so many bytes."""
        headers = {name: self.header(name) for name in names}
        size = sum(header.size for header in headers.values())
        if size > most:
            raise Unreadable(f"its arrays have more than {most / 2**20:,.0f} MB")
        if any(header.dtype.kind not in "biuf" for header in headers.values()):
            raise Unreadable(NO_ARRAYS)
        return {name: header.array(self._rest(name, header)) for name, header in headers.items()}

    def text(self, name: str, most: int) -> str:
        """A single text of at most so many bytes, four for each character."""
        header = self.header(name)
        if header.dtype.kind != "U" or header.shape or header.size > most:
            raise Unreadable(NO_ARRAYS)
        encoding = "utf-32-be" if header.dtype.byteorder == ">" else "utf-32-le"
        with parsing():
            return self._rest(name, header).decode(encoding).rstrip("\0")

    def pickled(self, name: str, most: int) -> tuple[Header, bytearray]:
        """The header of a row of Python objects, and the pickle that stands for them, unread."""
        header = self.header(name)
        size = self._entries[name].file_size - header.length
        if not header.dtype.hasobject or len(header.shape) != 1 or size > most:
            raise Unreadable(NO_ARRAYS)
        return header, self._rest(name, header, size)

    def place(self, name: str) -> tuple[Header, int]:
        """The header of an array of numbers, and where in the file they stand as they are."""
        header, entry = self.header(name), self._entries[name]
        self._check_size(name, header)
        if header.dtype.kind not in "biuf" or entry.compress_type != zipfile.ZIP_STORED:
            raise Unreadable(NO_ARRAYS)
        with parsing():
            # the lengths of name and extra field stand in the entry's own header
            self._stream.seek(entry.header_offset + 26)
            before = sum(int.from_bytes(self._stream.read(2), "little") for _ in range(2))
        return header, entry.header_offset + 30 + before + header.length

    @contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        if name not in self._entries:
            raise Unreadable(f"it has no array {name!r}")
        entry = self._entries[name]
        is_known = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if entry.flag_bits & 1 or not is_known:
            raise Unreadable("it is encrypted or packed in a way that NumPy doesn't use")
        with parsing():
            stream = self._archive.open(entry)
        with stream:
            yield stream

    def _check_size(self, name: str, header: Header) -> None:
        if self._entries[name].file_size - header.length != header.size:
            raise Unreadable(DAMAGED)

    def _rest(self, name: str, header: Header, size: int | None = None) -> bytearray:
        """What stands behind a header; the archive's sum of the entry is checked."""
        if size is None:
            self._check_size(name, header)
            size = header.size
        with self._opened(name) as stream, parsing():
            stream.read(header.length)
            content = bytearray(size)
            at = 0
            while block := stream.read(_BLOCK):
                content[at : at + len(block)] = block
                at += len(block)
        if at != size:
            raise Unreadable(DAMAGED)
        return content


@contextmanager
def npz_file(path: Path) -> Iterator[Npz]:
    """An npz file on the disk, open. Raises Unreadable."""
    with parsing():
        stream = path.open("rb")
    with stream:
        yield Npz(stream)


def _header(stream: IO[bytes]) -> Header:
    """The header that an npy file begins with."""
    with parsing():
        start = stream.read(8)
        digits = {b"\1\0": 2, b"\2\0": 4}.get(start[6:], 0)
        length = int.from_bytes(stream.read(digits), "little")
        text = stream.read(min(length, _MOST_HEADER))
    match = _HEADER.fullmatch(text) if start[:6] == _MAGIC and len(text) == length else None
    if not match:
        raise Unreadable(NO_ARRAYS)
    order, kind, width, by_column, axes = (part.decode() for part in match.groups())
    try:
        dtype = np.dtype("O" if kind == "O" else f"{order}{kind}{width}")
    except TypeError as error:
        raise Unreadable(NO_ARRAYS) from error
    sizes = [axis.strip().removesuffix("L") for axis in axes.split(",")]
    if sizes[-1] == "":
        sizes.pop()  # behind a comma, or of a single value
    are_sizes = len(sizes) <= _MOST_AXES and all(s.isdigit() and len(s) < 19 for s in sizes)
    if not dtype.itemsize or not are_sizes:
        raise Unreadable(NO_ARRAYS)
    shape = tuple(map(int, sizes))
    return Header(shape, by_column == "True", dtype, 8 + digits + length)
