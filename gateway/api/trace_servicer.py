"""Messages <-> the trace, nothing else."""

from collections.abc import AsyncIterator
from typing import Any

from dafeng.trace.v1 import trace_pb2, trace_pb2_grpc
from gateway.api.reply_fields import replies_of
from gateway.api.streaming import streamed
from gateway.pipeline import Pipeline
from gateway.resolve import open_request
from gateway.trace.doors import PROJECT_REPLY, TraceDoor
from gateway.trace.roots import ReplyFields
from gateway.trace.trace import trace
from services.common.errors import Violation, invalid, near_names
from services.runtime.convert import to_plain


class TraceServicer(trace_pb2_grpc.TraceServiceServicer):
    """Answers dafeng.trace.v1.TraceService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def GetTrace(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """The lineage of one number."""
        raw = to_plain(request)
        frame, (scenario,), door = await open_request(
            self._pipeline.calls, raw, {"scenario": raw.get("scenario") or {}}, TraceDoor
        )
        parts = trace(self._pipeline, frame, scenario, door, _replies().get)
        async for message in streamed(trace_pb2.GetTraceResponse, parts):
            yield message

    async def ListFieldPaths(self, request: Any, context: Any) -> Any:
        """Numeric fields of a reply."""
        known = _replies()
        name = request.reply or PROJECT_REPLY
        if name not in known:
            raise invalid([Violation("reply", f"no such reply{near_names(name, known)}", name)])
        return trace_pb2.ListFieldPathsResponse(paths=sorted(known[name].paths))


def _replies() -> dict[str, ReplyFields]:
    from gateway.api.services import SERVICES  # the table names this servicer

    return replies_of(tuple(s.name for s in SERVICES))
