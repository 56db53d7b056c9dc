"""What every part of the client shares: errors, one call, one followed stream."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import grpc
from google.rpc import error_details_pb2, status_pb2

from dafeng.common.v1 import common_pb2

# Errors may list thousands of violations: the service is told that this channel takes them all.
MAX_STATUS_BYTES = 4 * 1024 * 1024
METADATA = (("dafeng-status-bytes", str(MAX_STATUS_BYTES)),)
_STATUS_KEY = "grpc-status-details-bin"
# The reason of a refusal before anything was begun, and how often a call is repeated after it.
CAPACITY = "CAPACITY"
_MOST_REPEATS = 2
T = TypeVar("T")
Tell = Callable[[common_pb2.Progress], None]


@dataclass(frozen=True)
class Violation:
    """One thing wrong with the input."""

    field: str
    description: str


class ServiceError(Exception):
    """The service could not answer; `code` is the gRPC code's name."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class InvalidInputError(ServiceError):
    """The input is not valid; `violations` lists everything wrong with it."""

    def __init__(self, message: str, violations: tuple[Violation, ...]) -> None:
        super().__init__("INVALID_ARGUMENT", message)
        self.violations = violations


class NotReadyError(ServiceError):
    """The service is not there, busy or too slow: wait and repeat.

    `retry_after_seconds`: how long the service asks to wait; 0 where it says nothing. `reason`: CAPACITY when it was
    refused before anything was begun, so that every call may be repeated.
    """

    def __init__(self, code: str, message: str, reason: str = "", retry_after_seconds: float = 0.0) -> None:
        super().__init__(code, message)
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds


class NotSignedInError(ServiceError):
    """Nobody is signed in, or the token is not valid."""


class NotAllowedError(ServiceError):
    """The caller is known and may not do this, or not there."""


class Caller:
    """Calls methods of one channel; errors become one of the errors above.

    A call that a busy service refused before it began is repeated once or twice, after the time that the service asks
    for and some more at random, while there is time for it. Streams are not.
    """

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        self.channel = channel
        self.timeout_seconds = timeout_seconds

    def call(self, method: Callable[..., T], request: Any) -> T:
        """One request, one reply."""
        end = time.monotonic() + self.timeout_seconds
        for repeats_left in range(_MOST_REPEATS, -1, -1):
            try:
                return method(request, timeout=max(end - time.monotonic(), 0.0), metadata=METADATA)
            except grpc.RpcError as error:
                told = error_of(error)
            if not repeats_left or not isinstance(told, NotReadyError) or told.reason != CAPACITY:
                break
            wait_seconds = told.retry_after_seconds * random.uniform(1.0, 1.5)
            if time.monotonic() + wait_seconds >= end:
                break
            time.sleep(wait_seconds)
        raise told

    def pages(self, method: Callable[..., T], request: Any) -> Iterator[T]:
        """Every page of a list; `request` is a message with `page_token`, the replies have `next_page_token`."""
        while True:
            reply: Any = self.call(method, request)
            yield reply
            request.page_token = reply.next_page_token
            if not request.page_token:
                return

    def streamed(
        self, method: Callable[..., Iterable[T]], request: Any, timeout_seconds: float = 0.0
    ) -> Iterator[T]:
        """Every message of a stream."""
        try:
            yield from method(request, timeout=timeout_seconds or self.timeout_seconds, metadata=METADATA)
        except grpc.RpcError as error:
            raise error_of(error) from None

    def follow(self, method: Callable[..., Any], request: Any, tell: Tell | None = None) -> Any:
        """A stream of messages with `progress` or `result`: `tell` hears the progress, the result is returned."""
        result = None
        try:
            for message in method(request, timeout=self.timeout_seconds, metadata=METADATA):
                if message.WhichOneof("part") == "result":
                    result = message.result
                elif tell is not None:
                    tell(message.progress)
        except grpc.RpcError as error:
            raise error_of(error) from None
        if result is None:
            raise ServiceError("DATA_LOSS", "the stream ended without a result")
        return result


def error_of(error: Any) -> ServiceError:
    """An RPC's error with its violations."""
    code = error.code().name
    violations: list[Violation] = []
    reason, wait_seconds = "", 0.0
    for key, value in error.trailing_metadata() or ():
        if key == _STATUS_KEY:
            for detail in status_pb2.Status.FromString(value).details:
                bad = error_details_pb2.BadRequest()
                info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
                if detail.Unpack(bad):
                    violations += [Violation(v.field, v.description) for v in bad.field_violations]
                elif detail.Unpack(info):
                    reason = info.reason
                elif detail.Unpack(retry):
                    wait_seconds = retry.retry_delay.ToMilliseconds() / 1e3
    if code == "INVALID_ARGUMENT":
        return InvalidInputError(error.details(), tuple(violations))
    if code in ("UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"):
        return NotReadyError(code, error.details(), reason, wait_seconds)
    if code == "UNAUTHENTICATED":
        return NotSignedInError(code, error.details())
    if code == "PERMISSION_DENIED":
        return NotAllowedError(code, error.details())
    return ServiceError(code, error.details())
