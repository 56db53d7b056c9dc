"""Unary JSON replies: encoded, compressed when the caller takes it, with the time of each step in Server-Timing."""

import asyncio
import gzip
import time
from typing import Final

from google.protobuf.message import Message
from starlette.requests import Request
from starlette.responses import Response

from gateway.api.codings import accepts
from services.runtime.json_writer import to_json

JSON: Final = "application/json"
# Below this compression costs more than it spares.
_SMALL_BYTES: Final = 4096
# Columns of numbers hardly shrink further above the first level, which is three times as fast.
_LEVEL: Final = 1


class Steps:
    """Steps of a reply and how long each took, ms, from the start on."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._steps: list[tuple[str, float]] = []

    def done(self, name: str) -> None:
        """A step has ended."""
        now = time.perf_counter()
        self._steps.append((name, 1e3 * (now - self._last)))
        self._last = now

    @property
    def header(self) -> str:
        """The steps as the Server-Timing header writes them."""
        return ", ".join(f"{name};dur={ms:.1f}" for name, ms in self._steps)


async def json_reply(request: Request, reply: Message, steps: Steps) -> Response:
    """The reply as JSON; what is long is compressed beside the loop."""
    body = to_json(reply)
    steps.done("encode")
    headers = {"vary": "Accept-Encoding"}
    if len(body) >= _SMALL_BYTES and accepts(request.headers.get("accept-encoding", ""), "gzip"):
        body = await asyncio.to_thread(gzip.compress, body, _LEVEL, mtime=0)
        headers["content-encoding"] = "gzip"
        steps.done("compress")
    headers["server-timing"] = steps.header
    return Response(body, media_type=JSON, headers=headers)
