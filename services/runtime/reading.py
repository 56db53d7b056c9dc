"""Messages as they come in: what cannot be read is refused like other bad input, behind the gates that see every call.

gRPC would answer UNKNOWN with the reader's own words, before anybody is asked who they are, and log a stack each time.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

from google.protobuf.message import DecodeError

from services.common.errors import Violation, invalid


class Unreadable:
    """Stands for a message that could not be read, until it is refused."""

    __slots__ = ("why",)

    def __init__(self, why: str) -> None:
        self.why = why


def reader(deserializer: Callable[[bytes], Any] | None) -> Callable[[bytes], Any] | None:
    """A reader that never fails; None where messages are passed on unread."""
    if deserializer is None:
        return None

    def read(data: bytes) -> Any:
        try:
            return deserializer(data)
        except (DecodeError, RecursionError) as error:
            return Unreadable(str(error)[:300])

    return read


def check_read(request: Any) -> None:
    """DomainError(INVALID_INPUT) for a message that could not be read."""
    if type(request) is Unreadable:
        raise invalid([Violation("body", f"not a valid message: {request.why}")])


def known(request: Any) -> Any:
    """The message, or None when it could not be read."""
    return None if type(request) is Unreadable else request


async def each_read(requests: Any) -> AsyncIterator[Any]:
    """The messages of a stream; DomainError(INVALID_INPUT) at the first that could not be read."""
    async for request in requests:
        check_read(request)
        yield request
