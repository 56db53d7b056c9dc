"""The audit log: read and verified."""

from collections.abc import Iterator

import grpc

from dafeng.audit.v1 import audit_pb2, audit_pb2_grpc
from dafeng.calling import Caller


class AuditClient(Caller):
    """Calls dafeng.audit.v1.AuditService."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self._stub = audit_pb2_grpc.AuditServiceStub(channel)

    def entries(
        self, actor: str = "", act: str = "", outcome: str = "", page_size: int = 1000
    ) -> Iterator[audit_pb2.AuditEntry]:
        """Entries, the newest first."""
        request = audit_pb2.ListEntriesRequest(actor=actor, act=act, outcome=outcome, page_size=page_size)
        for reply in self.pages(self._stub.ListEntries, request):
            yield from reply.entries

    def verify(self) -> audit_pb2.VerifyChainResponse:
        """Check the whole chain."""
        return self.call(self._stub.VerifyChain, audit_pb2.VerifyChainRequest())
