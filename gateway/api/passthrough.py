"""The sectors' own services at the gateway's address: calls go through as they are, byte for byte.

A caller who wants one sector alone (a fleet's dispatch, its adequacy) needs no second address.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
from google.protobuf import descriptor_pool

from gateway.api.connect import import_contract
from services.runtime.statuses import ROOM_KEY


class Passthrough(grpc.GenericRpcHandler):
    """Forwards every method of one service to its channel."""

    def __init__(self, service_name: str, channel: grpc.aio.Channel) -> None:
        import_contract(service_name)
        self._channel = channel
        service = descriptor_pool.Default().FindServiceByName(service_name)
        self._handlers = {
            f"/{service_name}/{m.name}": self._handler(f"/{service_name}/{m.name}", m)
            for m in service.methods
        }

    def service(self, handler_call_details: Any) -> Any:
        """The handler of a method, None for one that is not ours."""
        return self._handlers.get(handler_call_details.method)

    def _handler(self, path: str, method: Any) -> Any:
        if method.server_streaming:
            open_call: Any = (
                self._channel.stream_stream if method.client_streaming else self._channel.unary_stream
            )
            make = (
                grpc.stream_stream_rpc_method_handler
                if method.client_streaming
                else grpc.unary_stream_rpc_method_handler
            )
            return make(_streaming(open_call(path)))
        if method.client_streaming:
            return grpc.stream_unary_rpc_method_handler(_single(self._channel.stream_unary(path)))
        return grpc.unary_unary_rpc_method_handler(_single(self._channel.unary_unary(path)))


def _single(call: Any) -> Callable[[Any, Any], Any]:
    async def answer(request: Any, context: Any) -> Any:
        try:
            return await call(request, metadata=_room(context))
        except grpc.aio.AioRpcError as error:
            return await _abort(error, context)

    return answer


def _streaming(call: Any) -> Callable[[Any, Any], AsyncIterator[Any]]:
    async def answer(request: Any, context: Any) -> AsyncIterator[Any]:
        try:
            async for reply in call(request, metadata=_room(context)):
                yield reply
        except grpc.aio.AioRpcError as error:
            await _abort(error, context)

    return answer


def _room(context: Any) -> Any:
    """What the caller said of the room for errors goes on."""
    return tuple((k, v) for k, v in context.invocation_metadata() or () if k == ROOM_KEY)


async def _abort(error: grpc.aio.AioRpcError, context: Any) -> Any:
    """The same code, text and details (field violations) as the sector gave."""
    await context.abort(error.code(), error.details() or "", tuple(error.trailing_metadata() or ()))
