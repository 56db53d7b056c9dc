"""The store in PostgreSQL: several processes at once."""

import contextlib
from typing import Any, Final

from psycopg.pq import Format
from sqlalchemy import URL, Connection, create_engine, event, func, select
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from gateway.jobs.ports import StoreAwayError, StoreBrokenError, StoreFullError
from gateway.jobs.store.database import AS_BYTES, FULL_ERRNOS, AgainError, Database
from gateway.jobs.store.tables import batches

_DISK_FULL: Final = "53100"
_BAD_VALUE: Final = "22"  # class of errors: data exception
_UNDONE: Final = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_CONNECTIONS, _MORE_CONNECTIONS = 4, 12  # a process' threads: runner, calls; idle ones above four are closed


class Postgres(Database):
    """A PostgreSQL database; its rows are locked row by row, in the order chunk, then batch, then end of the chain."""

    def __init__(self, url: URL, most_bytes: int = 0) -> None:
        engine = create_engine(
            url,
            pool_size=_CONNECTIONS,
            max_overflow=_MORE_CONNECTIONS,
            pool_pre_ping=True,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _settle)
        event.listen(engine, "before_cursor_execute", _choose_form)
        super().__init__(engine, most_bytes)

    def connection(self) -> contextlib.AbstractContextManager[Connection]:
        try:
            return self.engine.connect()
        except (DBAPIError, PoolTimeoutError) as error:
            reason = str(getattr(error, "orig", error)).strip()
            raise StoreAwayError(f"the database does not answer: {reason}"[:300]) from error

    def went_away(self, error: Exception) -> bool:
        return isinstance(error, DBAPIError) and error.connection_invalidated

    def sort(self, error: Exception) -> Exception:
        code = getattr(getattr(error, "orig", None), "sqlstate", None)
        if code == _DISK_FULL or getattr(error, "errno", None) in FULL_ERRNOS:
            return StoreFullError("the database's disk is full")
        if code in _UNDONE:
            return AgainError(str(error))
        if isinstance(error, DataError) and (code or _BAD_VALUE).startswith(_BAD_VALUE):
            # Refused before anything was changed, such as a NUL in a text: the caller's fault, not the database's.
            return ValueError(
                f"a value that the database does not take: {getattr(error, 'orig', error)}"[:300]
            )
        return StoreBrokenError(f"{type(error).__name__} {code or ''}: {error}"[:500])

    def one_moment(self, connection: Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def size_bytes(self, connection: Connection) -> int:
        # What is deleted is used again by the database's own cleaning; files on its disk shrink later or never.
        return int(
            connection.execute(select(func.coalesce(func.sum(batches.c.stored_bytes), 0))).scalar_one()
        )

    def give_room_back(self) -> None:
        """Nothing to do: the database cleans by itself."""


def _settle(connection: Any, _record: object) -> None:
    """Acknowledged means on disk, whatever the role's own setting is."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    connection.commit()


def _choose_form(_connection: Connection, cursor: Any, *call: Any) -> None:
    """Values come as bytes where the statement asks for it, not as hexadecimal text of twice the length."""
    context = call[2]
    if context is not None and context.execution_options.get(AS_BYTES):
        cursor.format = Format.BINARY
