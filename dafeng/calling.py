"""What every part of the client shares: errors, one call, one followed stream."""

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
    """The service is not there, busy or too slow: wait and repeat."""


class Caller:
    """Calls methods of one channel; errors become InvalidInputError, NotReadyError or ServiceError."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        self.channel = channel
        self.timeout_seconds = timeout_seconds

    def call(self, method: Callable[..., T], request: Any) -> T:
        """One request, one reply."""
        try:
            return method(request, timeout=self.timeout_seconds, metadata=METADATA)
        except grpc.RpcError as error:
            raise error_of(error) from None

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
    for key, value in error.trailing_metadata() or ():
        if key == _STATUS_KEY:
            for detail in status_pb2.Status.FromString(value).details:
                bad = error_details_pb2.BadRequest()
                if detail.Unpack(bad):
                    violations += [Violation(v.field, v.description) for v in bad.field_violations]
    if code == "INVALID_ARGUMENT":
        return InvalidInputError(error.details(), tuple(violations))
    if code in ("UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"):
        return NotReadyError(code, error.details())
    return ServiceError(code, error.details())
