"""A user's own table as a data set: look at it, choose target and features, keep it.

    table = inspect(data, "houses.csv")
    data_set = add(table, target="price", label="Houses")

The catalogue lists what is kept under its name, `csv_` and 12 hexadecimal digits of its content:
raw rows, and the recipe of what becomes of them, which is fitted for every split on its training
rows. A test part of 20 % is taken out before anything else, each class with its share, groups as a
whole, or the newest rows; or it comes as a file of its own.

A child process reads the file and makes the arrays, so that the web process stays small; between
the two, what was read lies in `uploads` in the home folder.
"""

import fcntl
import shutil
import tempfile
import weakref
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from nncore.datasets.definition import Dataset
from nncore.datasets.own import child as own_child
from nncore.datasets.own.choice import Choice, Plan
from nncore.datasets.own.csv_table import Table, read_table
from nncore.datasets.own.how import How
from nncore.datasets.own.kinds import is_text
from nncore.datasets.own.shape import check_shape
from nncore.datasets.own.store import own_by_name
from nncore.datasets.own.wish import wish
from nncore.system.errors import DataError
from nncore.system.locks import only_one
from nncore.system.owners import OPERATOR, Visitor
from nncore.system.paths import home_folder

_SMALL_BYTES = 5_000_000  # of a file that doesn't wait for larger ones
_SMALL_CELLS = 500_000  # of a table that is kept without waiting for larger ones


def own_datasets() -> list[Dataset]:
    """Every own set that is kept and may be seen by who looks, by label."""
    return list(own_by_name().values())


def inspect(data: bytes, filename: str, **how: Any) -> Table:
    """What the bytes of a file hold. how: as of `own.how.How`; what isn't said is found out.

    Raises InvalidSetting when they can't be read as a table of at least two columns, and
    DataError when this machine can't. What was read lies on the disk as long as the Table lives.
    """
    job = {"how": asdict(How(**how))}
    check_shape(data, filename)
    used = None
    try:
        used = folder, _ = _new_folder()
        (folder / "file").write_bytes(data)
        own_child.ask(folder, filename, job, small=_is_small(data))
        (folder / "file").unlink()
        table = read_table(folder)
    except BaseException as error:
        if used is not None:
            _remove(*used)
        if isinstance(error, OSError):
            raise DataError(f"{filename} can't be put on the disk: {error}.") from error
        raise
    weakref.finalize(table, _remove, *used)
    return table


def plan(table: Table, *, test_file: Table | None = None, **choices: Any) -> Plan:
    """What `add` would keep under the same choices; raises InvalidSetting for impossible ones."""
    return Choice(table, wish(table, **choices), test_file).plan()


def add(
    table: Table,
    *,
    label: str,
    by: Visitor = OPERATOR,
    test_file: Table | None = None,
    **choices: Any,
) -> Dataset:
    """Keep a table as a data set of `by`, which nobody else sees until they share it.

    The same content is kept once, under the first label that they gave it. test_file: rows that
    test, instead of a fifth of the table's. choices: as of `own.wish.wish`; what isn't chosen suits
    the table. Raises InvalidSetting for choices that can't work, and DataError when this machine
    can't.
    """
    wished = asdict(wish(table, **choices))
    tests = "" if test_file is None else str(test_file.folder)
    asked = {"wished": wished, "label": label, "owner": by.key, "test_file": tests}
    tables = [table] if test_file is None else [table, test_file]
    small = sum(one.rows * len(one.columns) for one in tables) <= _SMALL_CELLS
    name = own_child.ask(table.folder, table.filename, asked, small=small)
    return own_by_name(by)[name]


def _is_small(data: bytes) -> bool:
    """Whether a file is read in some seconds: short, and text as it stands."""
    return len(data) <= _SMALL_BYTES and is_text(data)


def _new_folder() -> tuple[Path, IO[bytes]]:
    """An empty folder beside the data, and its mark; what killed processes left is removed."""
    uploads = home_folder() / "uploads"
    uploads.mkdir(parents=True, exist_ok=True)
    with only_one(uploads):
        for folder in uploads.iterdir():
            with suppress(OSError), _mark(folder) as mark:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails while it is in use
                shutil.rmtree(folder, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=uploads))
        mark = _mark(folder)
        with suppress(OSError):  # a disk without locks: then nothing is removed from it
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return folder, mark


def _mark(folder: Path) -> IO[bytes]:
    """A file in a folder that is locked as long as a process uses the folder."""
    return (folder / "in_use").open("wb")


def _remove(folder: Path, mark: IO[bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    mark.close()
