"""One server interceptor: request id, log line, translation of errors."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
import structlog
from pydantic import ValidationError

from services.common.door import violations_of
from services.common.errors import REASONS, DomainError, invalid
from services.runtime.logs import logger
from services.runtime.statuses import (
    CODES,
    STATUS_KEY,
    domain_error_of,
    status_of,
    status_of_rpc_error,
    status_room,
)


class ErrorInterceptor(grpc.aio.ServerInterceptor):
    """Turns DomainError into rich statuses; anything unmapped into INTERNAL with an opaque id."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Any:
        """Wrap the handler's behaviour."""
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or not method.startswith("/dafeng."):
            return handler
        serializers = (handler.request_deserializer, handler.response_serializer)
        if handler.unary_unary:
            return grpc.unary_unary_rpc_method_handler(_unary(handler.unary_unary, method), *serializers)
        if handler.unary_stream:
            return grpc.unary_stream_rpc_method_handler(_stream(handler.unary_stream, method), *serializers)
        if handler.stream_unary:
            return grpc.stream_unary_rpc_method_handler(_unary(handler.stream_unary, method), *serializers)
        if handler.stream_stream:
            return grpc.stream_stream_rpc_method_handler(_stream(handler.stream_stream, method), *serializers)
        return handler


def _unary(behaviour: Any, method: str) -> Any:
    async def call(request: Any, context: Any) -> Any:
        with _Watch(method) as watch:
            try:
                return await behaviour(request, context)
            except Exception as error:
                await watch.abort(context, error)

    return call


def _stream(behaviour: Any, method: str) -> Any:
    async def call(request: Any, context: Any) -> AsyncIterator[Any]:
        with _Watch(method) as watch:
            try:
                async for reply in behaviour(request, context):
                    yield reply
            except Exception as error:
                await watch.abort(context, error)

    return call


class _Watch:
    """Logs one call with its duration and outcome."""

    def __init__(self, method: str) -> None:
        self.method = method
        self.request_id = uuid.uuid4().hex[:16]
        self.outcome = "ok"

    def __enter__(self) -> "_Watch":
        self.started = time.perf_counter()
        structlog.contextvars.bind_contextvars(request_id=self.request_id)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # The caller left, or stopped reading: neither is an error that anybody would tell.
        if kind is not None and issubclass(kind, asyncio.CancelledError | GeneratorExit):
            self.outcome = "cancelled"
        ms = round((time.perf_counter() - self.started) * 1e3, 2)
        logger().info("call", method=self.method, outcome=self.outcome, ms=ms)
        structlog.contextvars.unbind_contextvars("request_id")

    async def abort(self, context: Any, error: Exception) -> None:
        """End the call with the error's status; abort errors raised by grpc itself pass on."""
        if isinstance(error, grpc.aio.AbortError):
            code = context.code()
            self.outcome = getattr(code, "name", str(code)).lower()
            raise error
        known = _domain_error(error)
        if known is None:
            self.outcome = "internal"
            logger().exception("unmapped error", method=self.method)
            await context.abort(
                grpc.StatusCode.INTERNAL, f"internal error {self.request_id}; see the log of the service"
            )
            return
        self.outcome = known.reason
        status = status_of(known, status_room(context.invocation_metadata()))
        context.set_trailing_metadata(((STATUS_KEY, status.SerializeToString()),))
        await context.abort(CODES[_code_name(known)], status.message)


def _domain_error(error: Exception) -> DomainError | None:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, ValidationError):
        return invalid(violations_of(error, "request"))
    if isinstance(error, grpc.aio.AioRpcError):
        status = status_of_rpc_error(error)
        found = domain_error_of(status) if status is not None else None
        if found is None and error.code() in (
            grpc.StatusCode.UNAVAILABLE,
            grpc.StatusCode.DEADLINE_EXCEEDED,
        ):
            return DomainError("NOT_READY", detail=error.details() or "")
        return found
    return None


def _code_name(error: DomainError) -> str:
    return REASONS[error.reason].code
