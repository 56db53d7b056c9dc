"""Copies of a SQLite store while it serves, and how one is put back. A PostgreSQL store is the database's own to copy.

A copy is one moment of the store: whole transactions, checked by SQLite before it gets its name.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, Final

from gateway.jobs.ports import StoreDamagedError, StoreRefusedError
from gateway.jobs.store.database import Database
from gateway.jobs.store.open import open_store, parse
from gateway.jobs.store.sqlite import APPLICATION_ID, Sqlite, to_disk
from gateway.jobs.store.stamps import file_stamp

SUFFIX: Final = ".backup.sqlite"


def copy_of(database: Database, target: Path) -> Path:
    """A copy of an open store at `target`, which must not exist. StoreRefusedError: exists, or no SQLite store."""
    if not isinstance(database, Sqlite):
        raise StoreRefusedError(
            "a PostgreSQL store is copied by the database's own tools (pg_dump, archiving)"
        )
    if target.exists():
        raise StoreRefusedError(f"{target} is there already")
    beside = target.with_name(target.name + ".part")
    beside.unlink(missing_ok=True)
    try:
        with database.connection() as connection, closing(_new_file(beside)) as copy:
            driver: Any = connection.connection.driver_connection
            driver.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        check_copy(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    to_disk(target)
    to_disk(target.parent)
    return target


def keep_copies(database: Database, folder: Path, most: int) -> Path:
    """A copy named by the moment in `folder`; the oldest beyond `most` are deleted."""
    # Not its parents: what is missing there is a disk that is not mounted.
    folder.mkdir(exist_ok=True, mode=0o700)
    made = copy_of(database, _free_name(folder))
    for old in sorted(folder.glob(f"dafeng-*{SUFFIX}"))[:-most]:
        old.unlink()
    return made


def restore(copy: Path, url: str, tell: Callable[[Database], None] = lambda _: None) -> list[str]:
    """Put a copy in the place of a store that nobody has open; what stood there is kept beside. What was done, by line.

    `tell` may write to the copy's own copy before it takes the store's place: then the store never stands without.
    StoreRefusedError: no such copy, the store is open or no SQLite store. StoreDamagedError: the copy is not sound;
    nothing was changed then.
    """
    parsed = parse(url)
    if parsed.get_backend_name() != "sqlite":
        raise StoreRefusedError("a PostgreSQL store is restored by the database's own tools (pg_restore)")
    if not copy.is_file():
        raise StoreRefusedError(f"没有该文件 / there is no file {copy}")
    check_copy(copy)
    path = Path(str(parsed.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".restored")
    shutil.copy2(copy, beside)
    beside.chmod(0o600)
    try:
        # The chains and rows of the copy, and its schema brought up.
        with closing(open_store(f"sqlite:///{beside}")) as store:
            tell(store.database)
        told = _aside(path)
        beside.replace(path)
    finally:
        for rest in path.parent.glob(beside.name + "*"):
            rest.unlink()
    to_disk(path)
    to_disk(path.parent)
    return [*told, f"已恢复 / restored from {copy}"]


def check_copy(copy: Path) -> None:
    """StoreDamagedError when a file is not a sound copy of a store."""
    try:
        with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as connection:
            owner = connection.execute("PRAGMA application_id").fetchone()[0]
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    except sqlite3.Error as error:
        raise StoreDamagedError(f"{copy} is not a sound copy: {error}") from None
    if found != ["ok"] or owner != APPLICATION_ID:
        raise StoreDamagedError(f"{copy} is not a sound copy of a store: {'; '.join(map(str, found))}")


def _free_name(folder: Path) -> Path:
    """Names sort by moment; copies of one millisecond by number."""
    moment = file_stamp()
    names = (folder / f"dafeng-{moment}-{k:03d}{SUFFIX}" for k in count())
    return next(name for name in names if not name.exists())


def _new_file(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return sqlite3.connect(path, isolation_level=None)


def _aside(path: Path) -> list[str]:
    """Move what stands in the store's place beside it."""
    if not path.exists():
        return []
    Sqlite(path).close()  # refused while a process holds it
    kept = path.with_name(f"{path.name}.before-{file_stamp()}")
    path.replace(kept)
    journal = path.with_name(path.name + "-journal")
    if journal.exists() and not journal.stat().st_size:
        journal.unlink()  # emptied by the last transaction
    elif journal.exists():
        journal.replace(kept.with_name(kept.name + "-journal"))
    return [f"原文件已另存 / what stood there is kept as {kept}"]
