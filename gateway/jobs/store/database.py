"""What the store asks of a database: transactions that stand or fall whole, and errors sorted by what to do."""

import contextlib
import errno
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from gateway.jobs.ports import StoreAwayError, StoreBrokenError, StoreFullError

FULL_ERRNOS: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
AS_BYTES: Final = "dafeng_as_bytes"  # option of a statement that fetches long binary values
_TRIES: Final = 5  # a deadlock undone by the database leaves nothing behind; five in a row is no accident
_Call = TypeVar("_Call", bound=Callable[..., Any])


class AgainError(Exception):
    """The database undid the transaction because of another one: the same again will do."""


class Database(ABC):
    """One database; `most_bytes` (0: none) is the store's own quota."""

    def __init__(self, engine: Engine, most_bytes: int = 0) -> None:
        self.engine = engine
        self.most_bytes = most_bytes
        self.first_attempt = 0
        self._broken = ""
        self._state = threading.Lock()

    @abstractmethod
    def connection(self) -> contextlib.AbstractContextManager[Connection]:
        """A connection for one transaction, for this thread alone."""

    @abstractmethod
    def sort(self, error: Exception) -> Exception:
        """An error as StoreFullError, StoreDamagedError, AgainError; StoreBrokenError when it is none of them."""

    @abstractmethod
    def size_bytes(self, connection: Connection) -> int:
        """Bytes that the store takes."""

    def reserve(self, connection: Connection, more_bytes: int) -> None:
        """StoreFullError when so much more is over the quota."""
        if self.most_bytes and self.size_bytes(connection) + more_bytes > self.most_bytes:
            raise StoreFullError(f"the store's quota of {self.most_bytes} bytes is used up")

    @abstractmethod
    def one_moment(self, connection: Connection) -> None:
        """Let every statement of the transaction, of which this is the first, see the same state."""

    @abstractmethod
    def give_room_back(self) -> None:
        """Hand what was deleted back to the disk, unless the database does so by itself."""

    def close(self) -> None:
        """Give everything back."""
        self.engine.dispose()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction. An error inside changes nothing; an unknown one of the database breaks the store.

        A server that goes away while it commits did so or did not: either is a sound state, and every method may be
        repeated (ids of requests, numbers of attempts).
        """
        with self.connection() as connection:
            if self._broken:
                raise StoreBrokenError(self._broken)
            try:
                with connection.begin():
                    yield connection
            except (DBAPIError, OSError) as error:
                if self.went_away(error):
                    raise StoreAwayError(f"the database went away: {error}"[:300]) from error
                raise self._found(self.sort(error)) from error
            except SQLAlchemyError as error:
                raise self._found(StoreBrokenError(f"{type(error).__name__}: {error}"[:500])) from error

    def went_away(self, error: Exception) -> bool:
        """Whether an error only says that the database cannot be reached."""
        return False

    def _found(self, error: Exception) -> Exception:
        if isinstance(error, StoreBrokenError):
            with self._state:
                self._broken = self._broken or str(error)
        return error


def tried_again(call: _Call) -> _Call:
    """Repeat a method that is one transaction when the database undid it because of another."""

    @wraps(call)
    def repeated(*args: Any, **named: Any) -> Any:
        for _ in range(_TRIES - 1):
            with contextlib.suppress(AgainError):
                return call(*args, **named)
        return call(*args, **named)

    return cast(_Call, repeated)
