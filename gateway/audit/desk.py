"""The desk of the audit log: what every call does."""

from pathlib import Path

from gateway.audit import seals
from gateway.audit.doors import ListEntriesRequest
from gateway.audit.store import AuditStore
from gateway.audit.verify import verify
from gateway.audit.words import ListEntriesResult, VerifyResult
from gateway.jobs.asking import ask_store

_PAGE = 100


class AuditDesk:
    """The audit log of one gateway, to be read."""

    def __init__(self, store: AuditStore, seal_file: Path | None = None) -> None:
        self.store, self.seal_file = store, seal_file

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
        return verify(self.store, seals.read(self.seal_file) if self.seal_file is not None else ())
