"""One server interceptor: request id, gates, log line, translation of errors."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Final

import grpc
from pydantic import ValidationError

from services.common.door import violations_of
from services.common.errors import REASONS, DomainError, hints_of_a_call, invalid
from services.common.spans import facts_of_a_call
from services.common.words import ReleaseStatus
from services.runtime.gates import RELEASE_STATUS_KEY, REQUEST_ID_KEY, Call, Gate, Gates
from services.runtime.logs import logger
from services.runtime.reading import check_read, each_read, known, reader
from services.runtime.statuses import (
    CODES,
    STATUS_KEY,
    domain_error_of,
    plain_status,
    status_of,
    status_of_rpc_error,
    status_room,
)

# What a caller names as an id goes into the log when it may be one.
_MOST_ID_CHARACTERS: Final = 64
_READ_OUT_SECONDS: Final = 0.25
# While a stream sends, whether its caller is still let in is asked this often.
_LOOK_AGAIN_SECONDS: Final = 1.0
_CAPACITY: Final = "CAPACITY"


class CallInterceptor(grpc.aio.ServerInterceptor):
    """Leads every call of ours through the gates; DomainError becomes a rich status, anything unmapped INTERNAL."""

    def __init__(self, gates: Gates, service: str = "") -> None:
        self._gates = gates
        self._service = service

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
        serializers = (reader(handler.request_deserializer), _once(handler.response_serializer))
        if handler.unary_unary:
            return grpc.unary_unary_rpc_method_handler(
                self._unary(handler.unary_unary, method, one=True), *serializers
            )
        if handler.unary_stream:
            return grpc.unary_stream_rpc_method_handler(
                self._stream(handler.unary_stream, method, one=True), *serializers
            )
        if handler.stream_unary:
            return grpc.stream_unary_rpc_method_handler(
                self._unary(handler.stream_unary, method, one=False), *serializers
            )
        if handler.stream_stream:
            return grpc.stream_stream_rpc_method_handler(
                self._stream(handler.stream_stream, method, one=False), *serializers
            )
        return handler

    def _unary(self, behaviour: Any, method: str, *, one: bool) -> Any:
        gates = self._gates

        async def call(request: Any, context: Any) -> Any:
            under_way = Call.of(method, context, known(request) if one else None)

            async def compute() -> Any:
                async with _Inside(gates.inner, under_way):
                    return await behaviour(request if one else each_read(request), context)

            with _Watch(under_way, self._service) as watch:
                try:
                    async with _Inside(gates.outer, under_way):
                        check_read(request)
                        reply = await gates.answer(under_way, compute)
                    watch.tell_trailing()
                    return reply
                except Exception as error:
                    await watch.abort(context, error)

        return call

    def _stream(self, behaviour: Any, method: str, *, one: bool) -> Any:
        gates = self._gates

        async def call(request: Any, context: Any) -> AsyncIterator[Any]:
            under_way = Call.of(method, context, known(request) if one else None)
            with _Watch(under_way, self._service) as watch:
                try:
                    async with (
                        _Inside(gates.outer, under_way),
                        _Inside(gates.inner, under_way),
                    ):
                        check_read(request)
                        given = request if one else each_read(request)
                        async with contextlib.aclosing(behaviour(given, context)) as replies:
                            looked = time.monotonic()
                            async for reply in replies:
                                if time.monotonic() - looked >= _LOOK_AGAIN_SECONDS:
                                    looked = time.monotonic()
                                    under_way.look_again()
                                yield reply
                    watch.tell_trailing()
                except Exception as error:
                    if not one:
                        await _read_out(request)
                    await watch.abort(context, error)

        return call


async def _read_out(requests: Any) -> None:
    """Take what the caller is still sending, for a moment: grpc.aio callers whose write fails see no status."""
    with contextlib.suppress(Exception):
        async with asyncio.timeout(_READ_OUT_SECONDS):
            async for _ in requests:
                pass


def _once(serializer: Callable[[Any], bytes] | None) -> Callable[[Any], bytes] | None:
    """A serialiser that leaves bytes alone: shared replies, and large ones of sectors, are serialised already."""
    if serializer is None:
        return None
    return lambda reply: reply if type(reply) is bytes else serializer(reply)


class _Inside(AbstractAsyncContextManager[None]):
    """A call inside gates: entered in order, left in the opposite one. An exit stack does it at twice the cost."""

    __slots__ = ("_call", "_entered", "_gates")

    def __init__(self, gates: tuple[Gate, ...], call: Call) -> None:
        self._gates, self._call = gates, call
        self._entered: list[AbstractAsyncContextManager[None]] = []

    async def __aenter__(self) -> None:
        try:
            for gate in self._gates:
                passage = gate.pass_through(self._call)
                await passage.__aenter__()
                self._entered.append(passage)
        except BaseException as error:
            await self._leave(error)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._leave(error)

    async def _leave(self, error: BaseException | None) -> None:
        """Leave every gate that was entered; one may say another error, which is what the next ones see."""
        first = error
        if error is not None:
            # Gates see how the call ended as they are left.
            self._call.outcome = outcome_of(self._call, error)
        while self._entered:
            passage = self._entered.pop()
            try:
                if error is None:
                    await passage.__aexit__(None, None, None)
                else:
                    await passage.__aexit__(type(error), error, error.__traceback__)
            except BaseException as other:
                error = other
                self._call.outcome = outcome_of(self._call, error)
        if error is not None and error is not first:
            raise error


class _Watch:
    """Logs one call with its duration and outcome; every reply names the request, and that it is not released."""

    def __init__(self, call: Call, service: str) -> None:
        self.call = call
        first = {"service": service} if service else {}
        batch_id = getattr(call.request, "batch_id", "")
        if isinstance(batch_id, str) and 0 < len(batch_id) <= _MOST_ID_CHARACTERS:
            first["batch_id"] = batch_id
        self._facts = facts_of_a_call(request_id=call.request_id, **first)

    def __enter__(self) -> "_Watch":
        self.started = time.perf_counter()
        self.call.context.set_trailing_metadata(self._trailing())
        self._facts.__enter__()
        hints_of_a_call()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        # The caller left, or stopped reading: neither is an error that anybody would tell.
        if kind is not None and issubclass(kind, asyncio.CancelledError | GeneratorExit):
            self.call.outcome = "cancelled"
        ms = round((time.perf_counter() - self.started) * 1e3, 2)
        who = {"user": self.call.actor.user_id} if self.call.actor.known else {}
        # A flood of refusals is counted (dafeng_refusals_total, the audit log), not told one by one.
        tell = logger().debug if self.call.outcome == _CAPACITY else logger().info
        tell("call", method=self.call.method, outcome=self.call.outcome, ms=ms, **who)
        self._facts.__exit__(None, None, None)

    def tell_trailing(self) -> None:
        """What the gates found out meanwhile goes with the reply, beside the release status that it told itself."""
        if self.call.trailing:
            context = self.call.context
            told = dict(context.trailing_metadata() or ()).get(
                RELEASE_STATUS_KEY, ReleaseStatus.INTERNAL.value
            )
            context.set_trailing_metadata(self._trailing(told))

    def _trailing(self, status: str = ReleaseStatus.INTERNAL.value) -> tuple[tuple[str, str], ...]:
        return (
            (REQUEST_ID_KEY, self.call.request_id),
            (RELEASE_STATUS_KEY, status),
            *self.call.trailing,
        )

    async def abort(self, context: Any, error: Exception) -> None:
        """End the call with the error's status; abort errors raised by grpc itself pass on."""
        if isinstance(error, grpc.aio.AbortError):
            self.call.outcome = outcome_of(self.call, error)
            raise error
        known = domain_error(error)
        if known is None:
            self.call.outcome = "internal"
            logger().exception("unmapped error", method=self.call.method)
            await context.abort(
                grpc.StatusCode.INTERNAL, f"internal error {self.call.request_id}; see the log of the service"
            )
            return
        self.call.outcome = known.reason
        if known.reason == _CAPACITY and not known.violations:
            data, message = plain_status(known.reason, known.detail, round((known.retry_after_s or 0) * 1e3))
            context.set_trailing_metadata((*self._trailing(), (STATUS_KEY, data)))
            await context.abort(CODES[_code_name(known)], message)
            return
        status = status_of(known, status_room(context.invocation_metadata()))
        context.set_trailing_metadata((*self._trailing(), (STATUS_KEY, status.SerializeToString())))
        await context.abort(CODES[_code_name(known)], status.message)


def outcome_of(call: Call, error: BaseException) -> str:
    """In a word how a call ended: the reason of a domain error, else what gRPC calls it."""
    if isinstance(error, grpc.aio.AbortError):
        code = call.context.code()
        return str(getattr(code, "name", code)).lower()
    if not isinstance(error, Exception):
        return "cancelled"
    known = domain_error(error)
    return "internal" if known is None else known.reason


def domain_error(error: Exception) -> DomainError | None:
    """An error that a caller can understand, or None."""
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
