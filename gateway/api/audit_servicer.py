"""Messages <-> the desk of the audit log, nothing else."""

from typing import Any

from dafeng.audit.v1 import audit_pb2, audit_pb2_grpc
from gateway.audit.desk import AuditDesk
from gateway.audit.doors import ListEntriesRequest
from gateway.jobs.desk import BatchDesk
from services.common.door import open_door
from services.common.errors import DomainError
from services.runtime.convert import to_message, to_plain


class AuditServicer(audit_pb2_grpc.AuditServiceServicer):
    """Answers dafeng.audit.v1.AuditService."""

    def __init__(self, batches: BatchDesk | None) -> None:
        """The log stands in the store of batches; without one there is no chain."""
        self._batches = batches

    async def ListEntries(self, request: Any, context: Any) -> Any:
        """Entries, the newest first."""
        asked = open_door(ListEntriesRequest, to_plain(request))
        return to_message(await self._desk.listed(asked), audit_pb2.ListEntriesResponse())

    async def VerifyChain(self, request: Any, context: Any) -> Any:
        """Checks the whole chain."""
        return to_message(await self._desk.verify(), audit_pb2.VerifyChainResponse())

    @property
    def _desk(self) -> AuditDesk:
        if self._batches is None or self._batches.audit is None:
            raise DomainError("NO_STORE")
        return self._batches.audit
