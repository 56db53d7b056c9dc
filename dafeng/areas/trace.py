"""Client of the trace: where a number comes from."""

from collections.abc import Sequence

import grpc

from dafeng.calling import Caller, Tell
from dafeng.trace.v1 import trace_pb2, trace_pb2_grpc


class TraceClient(Caller):
    """Lineage of metrics, targets and fields of replies (dafeng.trace.v1)."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self.stub = trace_pb2_grpc.TraceServiceStub(channel)

    def get(self, request: trace_pb2.GetTraceRequest, tell: Tell | None = None) -> trace_pb2.Trace:
        """The trace of one number."""
        result: trace_pb2.Trace = self.follow(self.stub.GetTrace, request, tell)
        return result

    def field_paths(self, reply: str = "") -> Sequence[str]:
        """Paths of numeric fields of a reply, which `get` takes; of a projection when none is named."""
        return self.call(self.stub.ListFieldPaths, trace_pb2.ListFieldPathsRequest(reply=reply)).paths
