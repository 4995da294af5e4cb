"""All that only SQLite understands.

WAL mode with full synchronisation: what is committed survives a crash. SQLite before 3.51.3
can damage a database when one connection resets the write-ahead log while another
checkpoints it, so nobody checkpoints but the coordinator.

Reference: https://sqlite.org/wal.html#walresetbug
"""

import sqlite3
import time
from contextlib import closing, suppress
from glob import escape
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from nncore.system.files import replacing

BACKUPS = 3  # kept of the times before tables changed


def set_up(engine: Engine, patience: float) -> None:
    """Prepare every connection; those that wait for another writer do so `patience` seconds."""

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA wal_autocheckpoint=0")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        patience = connection.get_execution_options().get("nnlab_write")
        if patience is None:
            connection.exec_driver_sql("BEGIN")
            return
        connection.exec_driver_sql(f"PRAGMA busy_timeout={int(patience * 1000)}")
        # IMMEDIATE: a reader that turns writer half-way would fail at once when others write
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def use_wal(connection: Connection, patience: float) -> None:
    """Switch the file to WAL, for good: only once it is known to be a store of ours.

    SQLite doesn't wait for others in this, so we do.
    """
    cursor = connection.connection.cursor()  # SQLAlchemy's own would begin a transaction
    deadline = time.monotonic() + patience
    while cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    cursor.close()


def back_up(path: Path, version: int) -> None:
    """A copy beside the store before its tables change; the newest few are kept."""
    target = path.with_name(f"{path.name}-schema{version}-{time.strftime('%Y%m%d-%H%M%S')}.backup")
    with (
        replacing(target) as unfinished,
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(unfinished)) as copy,
    ):
        source.backup(copy)
    others = set(path.parent.glob(f"{escape(path.name)}-schema*.backup")) - {target}
    for old in sorted(others)[: 1 - BACKUPS]:  # by a clock that may have been set back
        old.unlink(missing_ok=True)


def checkpoint(path: Path) -> None:
    """Move the write-ahead log into the database file, unless a reader is busy."""
    with (
        closing(sqlite3.connect(path, timeout=0.2)) as connection,
        suppress(sqlite3.OperationalError),
    ):
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def identity(path: Path | None) -> tuple[int, int] | None:
    """What tells a file from another one that took its place; None where there is none."""
    if path is None:
        return None
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
