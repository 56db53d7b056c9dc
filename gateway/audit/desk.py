"""The desk of the audit log: what every call does."""

from dataclasses import replace

from gateway.audit.doors import ListEntriesRequest
from gateway.audit.sealing import Sealing
from gateway.audit.store import AuditStore
from gateway.audit.verify import verify
from gateway.audit.words import AuditFault, ListEntriesResult, VerifyResult
from gateway.jobs.asking import ask_store

_PAGE = 100


class AuditDesk:
    """The audit log of one gateway, to be read."""

    def __init__(self, store: AuditStore, sealing: Sealing) -> None:
        self.store, self._sealing = store, sealing

    async def listed(self, asked: ListEntriesRequest) -> ListEntriesResult:
        """A page of entries, the newest first."""
        size = asked.page_size or _PAGE
        before = int(asked.page_token or 0)
        found = await ask_store(self.store.listed, asked.actor, asked.act, asked.outcome, size + 1, before)
        more = len(found) > size
        return ListEntriesResult(found[:size], str(found[size - 1].seq) if more else "")

    async def verify(self) -> VerifyResult:
        """The whole chain, beside its end and the seals."""
        return await ask_store(self._verify)

    def _verify(self) -> VerifyResult:
        """A seal that cannot be read or written is a fault too: without it a chain written anew would pass."""
        sealed, trouble = self._sealing.read()
        found = verify(self.store, sealed)
        if trouble:
            return replace(found, faults=(*found.faults, AuditFault(found.last_seq, trouble)))
        return found
