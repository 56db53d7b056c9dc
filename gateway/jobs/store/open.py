"""Opening a store by its URL: the file or server, the schema, the checks."""

import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, delete, make_url, select
from sqlalchemy.exc import ArgumentError

from gateway.jobs.ports import StoreBrokenError, StoreDamagedError, StoreRefusedError
from gateway.jobs.store import chain
from gateway.jobs.store.chain import Kind
from gateway.jobs.store.database import Database
from gateway.jobs.store.mending import lay_out, settle
from gateway.jobs.store.migrate import check_version, migrate
from gateway.jobs.store.sqlite import Sqlite
from gateway.jobs.store.standing import DamagedStandingError, load
from gateway.jobs.store.store import SqlStore
from gateway.jobs.store.tables import batches, records
from gateway.jobs.words import ENDED
from services.common.errors import DomainError, Violation, invalid


def open_store(url: str, *, most_bytes: int = 0, ballast_bytes: int = 0) -> SqlStore:
    """The store at "sqlite:///path/file.sqlite" or "postgresql+psycopg://user@host/database".

    `most_bytes` is the store's own quota (0: as the disk allows); `ballast_bytes` of disk are held beside a SQLite
    file and given up when the disk is full. StoreRefusedError: held by another process, of a newer schema, a URL of
    something else, or a place that this user cannot reach or write. StoreAwayError: a server that does not answer.
    StoreDamagedError: a record that cannot be calculated again is damaged; the text says which, and the command that
    repairs it.
    """
    try:
        database = open_database(url, most_bytes, ballast_bytes)
    except (OSError, sqlite3.Error) as error:  # no such folder, no permission, no room for a new one
        raise StoreRefusedError(f"the store cannot be opened: {error}") from error
    try:
        if isinstance(database, Sqlite):
            database.check()
        with database.transaction() as connection:
            migrate(connection)
        with database.transaction() as connection:
            # Other processes may append meanwhile: what is read in several statements has to fit together.
            database.one_moment(connection)
            check_chain(connection, url)
            if isinstance(database, Sqlite):
                database.open_chunks(connection)
                _settle_all(connection)
        if isinstance(database, Sqlite):
            database.make_ballast()
            database.opened = True
    except StoreBrokenError as error:  # nothing was acknowledged yet
        database.close()
        if not isinstance(database, Sqlite):
            raise
        raise StoreRefusedError(f"the store cannot be opened: {error}") from error
    except BaseException:
        database.close()
        raise
    return SqlStore(database)


def join_store(url: str) -> SqlStore:
    """A PostgreSQL store that a gateway keeps, for a worker of one batch: nothing is upgraded or checked as a whole.

    What the worker reads of its batch has its digests. StoreSchemaError: an older or newer schema. StoreRefusedError:
    not a store that processes share. StoreAwayError: a server that does not answer.
    """
    if parse(url).get_backend_name() == "sqlite":
        raise StoreRefusedError(
            "a SQLite store is for one process; workers elsewhere share a PostgreSQL store"
        )
    database = open_database(url)
    try:
        with database.transaction() as connection:
            check_version(connection)
    except BaseException:
        database.close()
        raise
    return SqlStore(database)


def open_database(url: str, most_bytes: int = 0, ballast_bytes: int = 0) -> Database:
    """The database of a URL, unchecked. StoreRefusedError."""
    parsed = parse(url)
    if parsed.get_backend_name() == "sqlite":
        return Sqlite(Path(str(parsed.database)), most_bytes, ballast_bytes)
    from gateway.jobs.store.postgres import Postgres  # its driver is not needed for a file

    return Postgres(parsed.set(drivername="postgresql+psycopg"), most_bytes)


def check_store_url(url: str) -> None:
    """DomainError when a text cannot be the URL of a store; "" is none."""
    try:
        if url:
            parse(url)
    except StoreRefusedError as error:
        kinds = "sqlite:////folder/file.sqlite, postgresql+psycopg://user@host/database, default, none"
        raise invalid([Violation("batches.store", str(error), url, kinds)]) from None


def parse(url: str) -> URL:
    """A URL of a store. StoreRefusedError."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreRefusedError(f"not the URL of a store: {url!r}") from None
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql") or (
        backend == "sqlite" and parsed.database in (None, "", ":memory:")
    ):
        raise StoreRefusedError(
            "a store is sqlite:///path/file.sqlite or postgresql+psycopg://user@host/database"
        )
    return parsed


def check_chain(connection: Connection, url: str) -> None:
    """StoreDamagedError that names every damaged record."""
    faults = chain.faults(connection)
    if faults:
        told = "; ".join(str(f) for f in faults[:5]) + (
            f"; and {len(faults) - 5} more" if len(faults) > 5 else ""
        )
        shown = parse(url).render_as_string(hide_password=True)
        raise StoreDamagedError(
            f"the store is damaged: {told}. Put back a backup, or run "
            f"`python -m gateway.jobs.store repair '{shown}'`, which keeps a copy first."
        )


def _settle_all(connection: Connection) -> None:
    """Every batch agrees with its record, its chunks and its results; results of open ones are read in full."""
    known = []
    ids = select(records.c.batch_id).where(records.c.kind == Kind.ACCEPTED.value).order_by(records.c.seq)
    for batch_id in connection.execute(ids).scalars().all():
        try:
            standing = load(connection, batch_id)
        except DomainError:  # forgotten, or given up by a repair
            continue
        except DamagedStandingError:
            standing = settle(connection, batch_id, deep=True)
        if standing.state in ENDED:
            lay_out(connection, standing)
        else:
            settle(connection, batch_id, deep=True)
        known.append(batch_id)
    for batch_id in connection.execute(select(batches.c.batch_id)).scalars().all():
        if batch_id not in known:
            connection.execute(delete(batches).where(batches.c.batch_id == batch_id))
