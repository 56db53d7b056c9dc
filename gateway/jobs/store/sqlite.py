"""The store in one SQLite file, held by one process through one connection.

Rollback journal (TRUNCATE) with synchronous FULL: acknowledged means on disk. The write-ahead log is not used: SQLite
up to 3.51.2 can damage a file when two connections write and checkpoint at once.
"""

import contextlib
import fcntl
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import structlog
from sqlalchemy import URL, Connection, StaticPool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex, CreateTable

from gateway.jobs.ports import StoreBrokenError, StoreDamagedError, StoreFullError, StoreRefusedError
from gateway.jobs.store.ballast import Ballast
from gateway.jobs.store.database import FULL_ERRNOS, Database
from gateway.jobs.store.tables import chunks

APPLICATION_ID: Final = 0x44464A53  # "DFJS": a file of another software is not taken for a store
_PRAGMAS: Final = (
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=TRUNCATE",
    "PRAGMA synchronous=FULL",
    "PRAGMA cell_size_check=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16384",  # KiB: rows are read once, so more would not help
)
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
_PRIMARY: Final = 0xFF  # extended codes hold the primary one in the low byte
_OPENINGS, _ATTEMPTS = 1 << 20, 1 << 10  # first attempts of openings lie this far apart
_log = structlog.get_logger()


class Sqlite(Database):
    """One file, one connection, one process; threads take turns."""

    def __init__(self, path: Path, most_bytes: int = 0, ballast_bytes: int = 0) -> None:
        self.path = path
        self.opened = False
        self._turn = threading.RLock()
        self._ballast = Ballast(path.with_name(path.name + ".ballast"), ballast_bytes)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _hold(path)
        if not path.exists():
            _build(path)
        engine = create_engine(
            URL.create("sqlite+pysqlite", database=str(path)),
            poolclass=StaticPool,
            connect_args={"check_same_thread": False, "isolation_level": None},
            hide_parameters=True,
        )
        event.listen(engine, "connect", _settle)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        super().__init__(engine, most_bytes)
        # Leases die with the process: one that outlived it must not fit an attempt that is given out now.
        self.first_attempt = secrets.randbelow(_OPENINGS) * _ATTEMPTS

    @contextlib.contextmanager
    def connection(self) -> Iterator[Connection]:
        with self._turn, self.engine.connect() as connection:
            yield connection

    def sort(self, error: Exception) -> Exception:
        code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_FULL or getattr(error, "errno", None) in FULL_ERRNOS:
            if self._ballast.release():
                _log.warning("store_full", path=str(self.path), message="the ballast was given up")
            return StoreFullError(f"the disk of {self.path} is full")
        # Until it is open, a statement that does not fit the schema means that the schema is damaged.
        kinds = _DAMAGED if self.opened else _DAMAGED | {sqlite3.SQLITE_ERROR}
        if code is not None and code & _PRIMARY in kinds:
            return damaged(self.path, str(getattr(error, "orig", error)))
        return StoreBrokenError(f"{type(error).__name__}: {error}"[:500])

    def one_moment(self, connection: Connection) -> None:
        """Nothing to do: nobody else writes."""

    def size_bytes(self, connection: Connection) -> int:
        pages, free, size = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def reserve(self, connection: Connection, more_bytes: int) -> None:
        super().reserve(connection, more_bytes)
        if not self._ballast.restore():
            raise StoreFullError(f"the disk of {self.path} is full")

    def make_ballast(self) -> None:
        """Take the ballast's room, as far as there is room for it."""
        self._ballast.restore()

    def open_chunks(self, connection: Connection) -> None:
        """The table of chunks in memory, empty."""
        create = str(CreateTable(chunks).compile(connection)).replace("CREATE TABLE", "CREATE TEMP TABLE")
        connection.exec_driver_sql(create)
        for index in chunks.indexes:
            named = str(CreateIndex(index).compile(connection)).replace("CREATE INDEX ", "CREATE INDEX temp.")
            connection.exec_driver_sql(named)

    def give_room_back(self) -> None:
        """Free pages at the file's end go back to the disk; when that fails they stay in the file, to be used again."""
        with self._turn, self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            try:
                driver.executescript("PRAGMA incremental_vacuum")  # `execute` would free one page only
            except sqlite3.Error as error:
                raise self._found(self.sort(error)) from error

    def check(self) -> None:
        """The file's own consistency, indexes too. StoreDamagedError."""
        if self.path.stat().st_size == 0:
            raise damaged(self.path, "the file is empty")
        try:
            with self.connection() as connection:
                owner = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
                found = connection.exec_driver_sql("PRAGMA integrity_check(3)").scalars().all()
        except (DBAPIError, sqlite3.DatabaseError) as error:
            raise self.sort(error) from error
        except UnicodeDecodeError as error:  # the text of an error quotes what is damaged
            raise damaged(self.path, "its schema cannot be read") from error
        if found != ["ok"]:
            raise damaged(self.path, "; ".join(str(line) for line in found))
        if owner != APPLICATION_ID:
            raise damaged(self.path, "it is not marked as a store of batches")

    def close(self) -> None:
        with self._turn:
            super().close()
            self._lock.close()


def _build(path: Path) -> None:
    """Make an empty file beside and rename it when whole: a file under the store's name was never empty."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    connection = sqlite3.connect(beside, isolation_level=None)
    try:
        beside.chmod(0o600)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        connection.execute("VACUUM")
    finally:
        connection.close()
    beside.with_name(beside.name + "-journal").unlink(missing_ok=True)
    to_disk(beside)
    beside.replace(path)
    to_disk(path.parent)


def damaged(path: Path, what: str) -> StoreDamagedError:
    """The error that names the file, what is wrong, and the command that repairs it."""
    return StoreDamagedError(
        f"the store {path} is damaged: {what}. Put back a backup, or run "
        f"`python -m gateway.jobs.store repair sqlite:///{path}`, which copies the file aside first."
    )


def _hold(path: Path) -> IO[str]:
    """The lock that ends with the process, whatever ends it."""
    lock = _lock_path(path).open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read(20).strip() or "unknown"
        lock.close()
        raise StoreRefusedError(
            f"the store {path} is held by process {holder}. One process at a time may open a SQLite store; "
            "several need a PostgreSQL store."
        ) from error
    # Who holds it is told to others; a full disk must not keep the store from being read.
    lock.truncate(0)
    with contextlib.suppress(OSError):
        os.write(lock.fileno(), str(os.getpid()).encode())
    return lock


def _lock_path(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _settle(connection: Any, _record: object) -> None:
    # A damaged text must reach the check of its digest, not fail while it is fetched.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def to_disk(path: Path) -> None:
    """Have a file, or the names of a folder, on disk when this returns."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
