"""What a sector service answers, with errors that name it: nobody is left to guess who was away."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeVar

import grpc

from services.common.errors import DomainError
from services.runtime.statuses import domain_error_of, status_of_rpc_error

T = TypeVar("T")


async def answer_of(sector_id: str, call: Awaitable[T]) -> T:
    """The reply of a call; errors as `error_of` tells them."""
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise error_of(sector_id, error) from error


async def answers_of(sector_id: str, replies: Any) -> AsyncIterator[Any]:
    """The replies of a stream; errors as `error_of` tells them."""
    try:
        async for reply in replies:
            yield reply
    except grpc.aio.AioRpcError as error:
        raise error_of(sector_id, error) from error


def error_of(sector_id: str, error: grpc.aio.AioRpcError) -> Exception:
    """A service's own domain error as such; NOT_READY that names the service when it is away or mute."""
    status = status_of_rpc_error(error)
    known = domain_error_of(status) if status is not None else None
    if known is not None:
        return known
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        return DomainError("NOT_READY", detail=f"the {sector_id} service cannot be reached")
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return DomainError("NOT_READY", detail=f"the {sector_id} service did not answer in time")
    if error.code() is grpc.StatusCode.UNIMPLEMENTED:
        text = (
            f"at the address given for {sector_id} another service answers, or {sector_id} of another version"
        )
        return DomainError("NOT_READY", detail=text)
    return error
