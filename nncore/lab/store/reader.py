"""Reading a SQLite store without writing: whoever holds its lock, on a full disk, on a
read-only mount, and as an older version left it.

In WAL mode a reader waits for nobody, but it needs the index beside the log (`-shm`), which
it makes where there is none. Where it can't, it reads without locks and keeps the index in
memory, unless others may be at work.

Reference: https://sqlite.org/wal.html#readonly
"""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Column, Connection, TextClause, create_engine
from sqlalchemy.pool import NullPool

from nncore.lab.store.schema import METADATA
from nncore.lab.store.sqlite import identity, set_up

MOST_PATIENCE = 0.5  # seconds; only one who keeps the whole file to himself is in the way
_INDEX = 32_768  # bytes of the smallest index
_NO_INDEX = (
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM),
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL),
)


class Reader:
    """Connections to a store's file that can't write; where there is no file it is empty."""

    def __init__(
        self, path: Path, patience: float, is_current: Callable[[Connection], bool]
    ) -> None:
        """`is_current`: whether the tables are today's; raises when they can't be read."""
        self.path = path
        self._is_current = is_current
        self._checked: tuple[int, int] | None = None  # the file whose tables are today's
        patience = min(patience, MOST_PATIENCE)
        self._engine = create_engine(
            URL.create("sqlite", database=str(path)),
            creator=lambda: _open(path, patience),
            poolclass=NullPool,
        )
        set_up(self._engine, patience)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A transaction in which all tables can be read, whatever version left them."""
        with self._engine.connect() as connection, connection.begin():
            now = identity(self.path)
            if now is None or now != self._checked:
                if self._is_current(connection):
                    self._checked = now
                else:
                    _fill_in(connection)
            yield connection


def _open(path: Path, patience: float) -> sqlite3.Connection:
    try:
        path.stat()
    except FileNotFoundError:
        folder = next(parent for parent in path.parents if parent.exists())
        if not os.access(folder, os.W_OK):  # said now, not after the first click on Run
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path)) from None
        return sqlite3.connect(":memory:")
    log = _bytes(path, "-wal")
    try:
        # who opens it for writing tidies up when he is the last to leave, which with an empty
        # log changes nothing; else it would move what is in the log
        return _connected(path, "mode=ro" if log else "mode=rw", patience)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _NO_INDEX or not _works_without_locks(path):
            raise
    # immutable would leave out what is in the log without a word
    return _connected(path, f"mode=ro&{'vfs=unix-none' if log else 'immutable=1'}", patience)


def _works_without_locks(path: Path) -> bool:
    """Whether nobody else is at work on the file, or it can't be harmed.

    Whoever has it open has an index; and one that nobody has open was emptied a moment ago,
    when we tried. Without locks SQLite may think itself alone and delete the log.
    """
    if _bytes(path, "-journal"):
        return False  # it must be played back first, which is a write
    return _bytes(path, "-shm") < _INDEX or not os.access(path.parent, os.W_OK)


def _bytes(path: Path, suffix: str) -> int:
    """Size of a file beside the store; 0 where there is none."""
    try:
        return path.with_name(path.name + suffix).stat().st_size
    except FileNotFoundError:
        return 0


def _connected(path: Path, how: str, patience: float) -> sqlite3.Connection:
    """A connection that has read something: only then it is known to work."""
    connection = sqlite3.connect(f"{path.as_uri()}?{how}", timeout=patience, uri=True)
    try:
        connection.isolation_level = None
        if "unix-none" in how:  # so that the index is kept in memory
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.execute("PRAGMA query_only=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _fill_in(connection: Connection) -> None:
    """Let an older version's tables be read as today's: what they lack has its default.

    For this connection only; the file stays as it is.
    """
    connection.exec_driver_sql("PRAGMA query_only=OFF")
    for table in METADATA.tables.values():
        existing = connection.exec_driver_sql(f"PRAGMA main.table_info({table.name})")
        there = {column.name for column in existing}
        if not there:
            names = ", ".join(column.name for column in table.columns)
            connection.exec_driver_sql(f"CREATE TEMP TABLE {table.name} ({names})")
        elif any(column.name not in there for column in table.columns):
            # a temporary view hides the table of its name
            columns = ", ".join(
                column.name if column.name in there else _default(column, connection)
                for column in table.columns
            )
            connection.exec_driver_sql(
                f"CREATE TEMP VIEW {table.name} AS SELECT {columns} FROM main.{table.name}"
            )
    connection.exec_driver_sql("PRAGMA query_only=ON")


def _default(column: Column[object], connection: Connection) -> str:
    kind = column.type.compile(connection.dialect)
    default = getattr(column.server_default, "arg", None)
    if default is None:
        value = "NULL"
    elif isinstance(default, TextClause):
        value = default.text
    else:
        value = "'" + str(default).replace("'", "''") + "'"
    return f"CAST({value} AS {kind}) AS {column.name}"
