"""Opening the store: one SQLAlchemy engine, short transactions, errors in words.

SQLite by default (`nncore.lab.store.sqlite`); any database that SQLAlchemy knows by its URL.
"""

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool, Pool, QueuePool

from nncore.lab.store import sqlite
from nncore.lab.store.address import address
from nncore.lab.store.reader import Reader
from nncore.lab.store.schema import META, MIGRATIONS
from nncore.system.errors import InvalidSetting, StoreError
from nncore.system.paths import default_store, home_folder
from nncore.system.printable import one_line

Migrations = Sequence[Callable[[Connection], None]]
PATIENCE = 10.0  # seconds to wait for another writer
LEAST_FREE = 50 * 2**20  # bytes that must be free on the store's disk for new work
_APPLICATION = "NN Lab"


class Store:
    """A store by its URL or path. Opens nothing until it is used; safe from several threads."""

    def __init__(
        self,
        url: str | None = None,
        *,
        stays_open: bool = False,
        patience: float = PATIENCE,
        migrations: Migrations = MIGRATIONS,
    ) -> None:
        """`stays_open` keeps one connection, for a process that polls. Raises StoreError."""
        try:
            self._address = address(url or default_store())
        except InvalidSetting as error:
            raise StoreError(str(error)) from None
        self.url = self._address.named  # names it to another process; not for people
        self.name = self._address.title
        self.patience = patience
        self._migrations = migrations
        self._stays_open = stays_open
        self._data_version = -1
        self._ready = False
        self._file: tuple[int, int] | None = None
        self._reader: Reader | None = None
        self._engine = self._engine_of(QueuePool if stays_open else NullPool)
        if self.path is not None:
            sqlite.set_up(self._engine, patience)
            if not stays_open:
                self._reader = Reader(self.path, patience, self._is_current)

    @property
    def path(self) -> Path | None:
        """The file of a SQLite store."""
        return self._address.file

    def beside(self, suffix: str) -> Path:
        """A file that goes with this store, such as its log."""
        if self.path is not None:
            return self.path.with_name(self.path.name + suffix)
        return home_folder() / f"store-{hashlib.sha256(self.url.encode()).hexdigest()[:12]}{suffix}"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of the store.

        Of a SQLite store it needs no lock and changes nothing: a store that isn't there is
        empty, and an older one is read as it is. (One that `stays_open` is about to write.)
        """
        if self._reader is not None:
            with self._explained(), self._reader.connect() as connection:
                yield connection
            return
        self._open(self.patience)
        with self._explained(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, patience: float | None = None) -> Iterator[Connection]:
        """A transaction that excludes other writers; committed at the end, or nothing of it.

        `patience`: seconds to wait for another writer, if not the store's own.
        """
        patience = self.patience if patience is None else patience
        self._open(patience)
        with self._explained(), self._writing(patience) as connection:
            yield connection

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database file. Only the coordinator may call it."""
        if self.path is not None:
            sqlite.checkpoint(self.path)

    def log_bytes(self) -> int:
        """Size of the write-ahead log; 0 where there is none."""
        try:
            return self.beside("-wal").stat().st_size if self.path is not None else 0
        except OSError:
            return 0

    def is_changed(self) -> bool:
        """Whether others may have written since the last call; cheap. For `stays_open` only."""
        if self.path is None:
            return True
        try:
            with closing(self._engine.raw_connection()) as connection:
                version = connection.cursor().execute("PRAGMA data_version").fetchone()[0]
        except (SQLAlchemyError, sqlite3.Error):  # the next transaction will say what is wrong
            return True
        changed, self._data_version = version != self._data_version, version
        return changed

    def is_replaced(self) -> bool:
        """The file was deleted or exchanged since it was opened: what is written is lost."""
        return self._file is not None and self._file != sqlite.identity(self.path)

    def free_bytes(self) -> int | None:
        """What is free on the store's disk; None when it isn't a file."""
        if self.path is None:
            return None
        try:
            return shutil.disk_usage(self.path.parent).free
        except OSError:
            return None

    def close(self) -> None:
        """Give connections back. The store can be used again afterwards."""
        self._engine.dispose()

    def _engine_of(self, pool: type[Pool]) -> Engine:
        try:
            engine = create_engine(self._address.url, poolclass=pool)
            engine.dialect.create_connect_args(self._address.url)  # or a page would fail with it
        except (NoSuchModuleError, ImportError) as error:
            raise StoreError(
                f"The store {self.name} can't be used: its database driver is not installed "
                f"({self._address.without_secrets(str(error))})."
            ) from None
        except (ArgumentError, TypeError, ValueError) as error:
            raise StoreError(
                f"The store {self.name} can't be used: its URL must be one that its database "
                f"understands ({self._address.without_secrets(str(error))})."
            ) from None
        return engine

    def _open(self, patience: float) -> None:
        """Bring the tables to this program's version, once per store object and file."""
        if self._ready and (self._stays_open or not self.is_replaced()):
            return
        with self._explained():
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._engine.connect() as connection:
                with connection.begin():
                    version = self._version(connection)
                if self.path is not None:
                    sqlite.use_wal(connection, patience)
            if version < len(self._migrations):
                self._migrate(patience)
        self._file = sqlite.identity(self.path)
        self._ready = True

    def _migrate(self, patience: float) -> None:
        with self._writing(patience) as connection:
            version = self._version(connection)  # another process may have been first
            if 0 < version < len(self._migrations) and self.path is not None:
                sqlite.back_up(self.path, version)
            for step in self._migrations[version:]:
                step(connection)
            if version == 0:
                connection.execute(insert(META), {"name": "application", "value": _APPLICATION})
                connection.execute(insert(META), {"name": "schema_version", "value": ""})
            stamp = update(META).where(META.c.name == "schema_version")
            connection.execute(stamp, {"value": str(len(self._migrations))})

    def _is_current(self, connection: Connection) -> bool:
        """Whether the tables are of this program's version; StoreError when they are newer."""
        return self._version(connection) == len(self._migrations)

    def _version(self, connection: Connection) -> int:
        tables = inspect(connection).get_table_names()
        if META.name not in tables:
            if tables and self.path is not None:
                raise StoreError(
                    f"{self.name} is a database of another program (its tables: "
                    f"{', '.join(sorted(tables)[:5])}), so NN Lab doesn't write into it. "
                    "Name another file with NNLAB_STORE or --store."
                )
            return 0
        rows = connection.execute(select(META.c.name, META.c.value)).all()
        about = dict(rows)
        if about.get("application") != _APPLICATION:
            raise StoreError(
                f"{self.name} is a database of another program, so NN Lab doesn't write into "
                "it. Name another one with NNLAB_STORE or --store."
            )
        said = str(about.get("schema_version", ""))
        if not re.fullmatch("[1-9][0-9]{0,8}", said):
            raise StoreError(
                f"The store {self.name} doesn't say which version wrote it: its schema version "
                f"must be a whole number from 1; got {one_line(said, 40)!r}. Put back a backup "
                "(the files beside it that end in .backup), or name another store with "
                "NNLAB_STORE or --store."
            )
        version = int(said)
        if version > len(self._migrations):
            raise StoreError(
                f"The store {self.name} was written by a newer NN Lab (schema {version}; this "
                f"program knows up to {len(self._migrations)}). Update NN Lab, or name another "
                "store with NNLAB_STORE or --store."
            )
        return version

    @contextmanager
    def _writing(self, patience: float) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            connection = connection.execution_options(nnlab_write=patience)
            with connection.begin():
                yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreError(self._explanation(error)) from error
        except FileExistsError as error:
            raise StoreError(
                f"The store {self.name} can't be opened: {error.filename} is a file, not a folder. "
                "Name another place with NNLAB_STORE or --store."
            ) from error
        except OSError as error:
            raise StoreError(
                f"The store {self.name} can't be opened ({error.strerror or error}). "
                "Name another place with NNLAB_STORE or --store."
            ) from error

    def _explanation(self, error: Exception) -> str:
        what = str(error.orig if isinstance(error, DBAPIError) and error.orig else error)
        if self.path is not None and self.path.is_dir():
            return f"The store {self.name} must be a file; this is a folder. Add a file's name."
        for sign, why in _REASONS.items():
            if sign in what:
                return f"The store {self.name} {why}"
        first = what.splitlines()[0] if what else type(error).__name__
        return (
            f"The store {self.name} can't be used ({self._address.without_secrets(first)}). "
            "Name another one with NNLAB_STORE or --store."
        )


_REASONS = {
    "unable to open": (
        "can't be opened: its folder must exist and be writable. "
        "Name another place with NNLAB_STORE or --store."
    ),
    "readonly": (
        "can't be written. Make the file and its folder writable, or name another place "
        "with NNLAB_STORE or --store."
    ),
    "not a database": (
        "is not a database of NN Lab: the file holds something else, and was left as it is. "
        "Name another file with NNLAB_STORE or --store."
    ),
    "malformed": (
        "is damaged. Stop NN Lab and put back a backup (the files beside it that end in "
        ".backup), or name another file with NNLAB_STORE or --store."
    ),
    "locked": ("is locked by another program. Nothing was lost; close that program and try again."),
    "disk is full": "can't grow because the disk is full. Nothing was lost; free some space.",
    "disk I/O error": (
        "can't be written (disk I/O error), as happens when the disk is full. Nothing was lost; "
        "free some space."
    ),
}
