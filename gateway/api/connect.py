"""The generic HTTP route: Connect's unary JSON and binary forms in front of the same gRPC stubs.

POST /<package.Service>/<Method>. Errors are Connect's {code, message, details} with its HTTP status; invalid input
carries the same field violations as over gRPC.
"""

import asyncio
import base64
import importlib
import math
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import grpc
import orjson
from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.message import DecodeError, Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gateway.api.json_replies import JSON, Steps, json_reply
from services.common.errors import DomainError, Violation, invalid
from services.common.words import ReleaseStatus
from services.runtime.address import MAX_MESSAGE_BYTES, MAX_STATUS_BYTES
from services.runtime.gates import RELEASE_STATUS_KEY
from services.runtime.json_writer import to_json
from services.runtime.statuses import CHINESE, ROOM_KEY, retry_after_s, status_of, status_of_rpc_error

HTTP_STATUS: Final[dict[str, int]] = {
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DATA_LOSS": 500,
    "UNAUTHENTICATED": 401,
}
PROTO: Final = "application/proto"
# A stream of server-sent messages, one JSON object a line.
LINES: Final = "application/x-ndjson"
DEADLINE_SECONDS: Final = 60.0
STREAM_DEADLINE_SECONDS: Final = 600.0
# Of a deadline in milliseconds, as Connect has it.
_MOST_DIGITS: Final = 10
# A body of this size takes tens of milliseconds to read, one of the largest size seconds.
_LARGE_BYTES: Final = 256 * 1024
# Where the door leaves the metadata that says who asks.
METADATA_KEY: Final = "dafeng.metadata"
STATUS_HEADER: Final = "Dafeng-Release-Status"
# Over HTTP an error may be of any length.
ROOMY: Final = ((ROOM_KEY, str(MAX_STATUS_BYTES)),)


@dataclass(frozen=True)
class Method:
    """One method that takes one message: classes and path, and whether it answers with a stream."""

    path: str
    request: type[Message]
    response: type[Message]
    streams: bool


def methods_of(service_name: str) -> dict[str, Method]:
    """The methods of a service that take one message, by name, from its descriptor."""
    import_contract(service_name)
    service = descriptor_pool.Default().FindServiceByName(service_name)
    return {
        m.name: Method(
            f"/{service_name}/{m.name}",
            message_factory.GetMessageClass(m.input_type),
            message_factory.GetMessageClass(m.output_type),
            bool(m.server_streaming),
        )
        for m in service.methods
        if not m.client_streaming
    }


def import_contract(service_name: str) -> None:
    """Put the service's contract into the descriptor pool."""
    package = service_name.rpartition(".")[0]
    importlib.import_module(f"{package}.{package.split('.')[1]}_pb2")


class ConnectRoute:
    """Answers POST /<service>/<method> for the services whose channels it holds."""

    def __init__(self, channels: Mapping[str, grpc.aio.Channel]) -> None:
        self._methods = {name: methods_of(name) for name in channels}
        self._channels = dict(channels)

    @property
    def service_names(self) -> tuple[str, ...]:
        """Full names of the services answered."""
        return tuple(self._methods)

    async def __call__(self, request: Request) -> Response:
        """Read, call, write; every error as Connect JSON."""
        service, name = request.path_params["service"], request.path_params["method"]
        method = self._methods.get(service, {}).get(name)
        if method is None:
            return error_reply("UNIMPLEMENTED", f"no such method {service}/{name}", status=404)
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if kind not in (JSON, PROTO):
            return error_reply("INVALID_ARGUMENT", f"content-type must be {JSON} or {PROTO}", status=415)
        steps = Steps()
        try:
            message = await _read(await _body(request), kind, method.request)
            steps.done("parse")
            if method.streams:
                return await self._stream(
                    service, method, message, _deadline(request, STREAM_DEADLINE_SECONDS), kind, request
                )
            reply, status = await self._call(service, method, message, _deadline(request), request)
        except DomainError as error:
            return status_reply(status_of(error))
        except _LeftError:
            return error_reply("CANCELLED", "the caller left")
        except grpc.aio.AioRpcError as error:
            return rpc_error_reply(error)
        steps.done("call")
        answer = (
            Response(reply.SerializeToString(), media_type=PROTO)
            if kind == PROTO
            else await json_reply(request, reply, steps)
        )
        answer.headers[STATUS_HEADER] = status
        return answer

    async def _stream(
        self, service: str, method: Method, message: Message, deadline: float, kind: str, request: Request
    ) -> Response:
        """One JSON message a line; an error before the first has its status, a later one is the last line."""
        if kind == PROTO:
            return error_reply("INVALID_ARGUMENT", f"a stream is answered in {JSON} only", status=415)
        call: Any = self._channels[service].unary_stream(
            method.path,
            request_serializer=method.request.SerializeToString,
            response_deserializer=method.response.FromString,
        )
        call_of_stream = call(message, timeout=deadline, metadata=_metadata(request))
        replies = aiter(call_of_stream)
        first = await _unless_left(request, anext(replies, None), call_of_stream)

        async def lines() -> AsyncIterator[bytes]:
            try:
                if first is not None:
                    yield to_json(first) + b"\n"
                async for reply in replies:
                    yield to_json(reply) + b"\n"
            except grpc.aio.AioRpcError as error:
                yield b'{"error":' + bytes(rpc_error_reply(error).body) + b"}\n"

        # Marked as encoded, so that compression does not hold lines back.
        response = _CallResponse(lines(), media_type=LINES, headers={"content-encoding": "identity"})
        response.call = call_of_stream
        return response

    async def _call(
        self, service: str, method: Method, message: Message, deadline: float, request: Request
    ) -> tuple[Message, str]:
        """One reply and its release status. A page that takes a request back, for a newer one, ends its work."""
        call: Any = self._channels[service].unary_unary(
            method.path,
            request_serializer=method.request.SerializeToString,
            response_deserializer=method.response.FromString,
        )
        under_way = call(message, timeout=deadline, metadata=_metadata(request))
        reply: Message = await _unless_left(request, under_way, under_way)
        told = dict(await under_way.trailing_metadata() or ())
        return reply, str(told.get(RELEASE_STATUS_KEY, ReleaseStatus.INTERNAL.value))


def _metadata(request: Request) -> tuple[tuple[str, str], ...]:
    """What goes with a call: room for errors, and who asks, as the door found it."""
    return (*ROOMY, *request.scope.get(METADATA_KEY, ()))


async def _unless_left(request: Request, first: Awaitable[Any], call: Any) -> Any:
    """A reply, or the first message of a stream. A caller who leaves before it ends the call: _LeftError."""
    watching = asyncio.ensure_future(_leaves(request))
    waiting = asyncio.ensure_future(first)
    try:
        await asyncio.wait((watching, waiting), return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            raise _LeftError
        return waiting.result()
    finally:
        watching.cancel()
        if not waiting.done():
            call.cancel()
            waiting.cancel()


async def _leaves(request: Request) -> None:
    """Return when the caller has left; the body was read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class _LeftError(Exception):
    """The caller left before anything was said."""


class _CallResponse(StreamingResponse):
    """A stream whose call ends with it: a caller who leaves ends the work."""

    call: Any

    async def stream_response(self, send: Any) -> None:
        """Send the lines; whatever ends that, end the call (which does nothing to a call that is done)."""
        try:
            await super().stream_response(send)
        finally:
            self.call.cancel()


async def _body(request: Request) -> bytes:
    """The body, refused as soon as it is larger than a message may be."""
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > MAX_MESSAGE_BYTES:
            raise invalid(
                [Violation("body", "the message is too large", f"over {MAX_MESSAGE_BYTES} bytes", "16 MiB")]
            )
    return bytes(chunks)


async def _read(body: bytes, kind: str, cls: type[Message]) -> Message:
    """The message of a body; a large one is read beside the loop, which answers others meanwhile."""
    if len(body) > _LARGE_BYTES:
        return await asyncio.to_thread(_parse, body, kind, cls)
    return _parse(body, kind, cls)


def _parse(body: bytes, kind: str, cls: type[Message]) -> Message:
    try:
        if kind == PROTO:
            return cls.FromString(body)
        # The parser takes an empty list for a message.
        if body.strip() and not body.lstrip().startswith(b"{"):
            raise json_format.ParseError("the body must be a JSON object")
        return json_format.Parse(body or b"{}", cls())
    except (json_format.ParseError, DecodeError, UnicodeDecodeError, RecursionError) as error:
        text = str(error)[:300]
        raise invalid([Violation("body", f"not a valid {cls.DESCRIPTOR.name}: {text}")]) from None


def _deadline(request: Request, longest: float = DEADLINE_SECONDS) -> float:
    header = request.headers.get("connect-timeout-ms", "")
    sound = header.isascii() and header.isdigit() and len(header) <= _MOST_DIGITS
    return min(int(header) / 1e3, longest) if sound and int(header) else longest


def rpc_error_reply(error: grpc.aio.AioRpcError) -> Response:
    """An error of a call as Connect writes it."""
    status = status_of_rpc_error(error)
    if status is not None:
        return status_reply(status)
    return error_reply(error.code().name, error.details() or "")


def status_reply(status: status_pb2.Status) -> Response:
    details = []
    for detail in status.details:
        entry: dict[str, Any] = {
            "type": detail.type_url.rpartition("/")[2],
            "value": base64.b64encode(detail.value).rstrip(b"=").decode(),
        }
        bad = error_details_pb2.BadRequest()
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(bad):
            entry["debug"] = {"field_violations": [_violation(v) for v in bad.field_violations]}
        elif detail.Unpack(info):
            entry["debug"] = {"reason": info.reason, "metadata": dict(info.metadata)}
        details.append(entry)
    response = error_reply(code_pb2.Code.Name(status.code), status.message, details)
    wait_s = retry_after_s(status)
    if wait_s is not None:
        response.headers["retry-after"] = str(math.ceil(wait_s))
    return response


def _violation(told: error_details_pb2.BadRequest.FieldViolation) -> dict[str, str]:
    """A violation in English and, where there is one, in Chinese."""
    entry = {"field": told.field, "description": told.description}
    if told.localized_message.locale == CHINESE:
        entry["description_zh"] = told.localized_message.message
    return entry


def error_reply(code: str, message: str, details: Any = (), status: int | None = None) -> Response:
    """An error as Connect writes it."""
    body = {"code": code.lower(), "message": message, "details": list(details)}
    reply = Response(orjson.dumps(body), status_code=status or HTTP_STATUS[code], media_type=JSON)
    if reply.status_code == HTTP_STATUS["UNAUTHENTICATED"]:
        reply.headers["WWW-Authenticate"] = 'Bearer realm="dafeng"'
    return reply
