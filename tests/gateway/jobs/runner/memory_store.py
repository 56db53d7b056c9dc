"""A store of batches in memory, with what the runner asks of one, and a switch for a full disk."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from gateway.jobs.ports import StoreFullError
from gateway.jobs.words import ENDED, Batch, BatchState, Chunk, Lease, NewBatch, Row
from services.common.words import Revision


def new_batch(spec_text: str, member_count: int, chunk_size: int = 64, **other: Any) -> NewBatch:
    """A batch of stand-in members."""
    values: dict[str, Any] = {
        "request_id": f"r-{hashlib.sha256(spec_text.encode()).hexdigest()[:8]}-{chunk_size}",
        "body_digest": "0" * 64,
        "title": "",
        "caller": "a",
        "region": "jiangsu",
        "launcher": "local",
        "spec_text": spec_text,
        "spec_digest": hashlib.sha256(spec_text.encode()).hexdigest(),
        "member_count": member_count,
        "column_count": 5,
        "chunk_size": chunk_size,
        "revision": Revision("1", "1"),
        "processor": "test",
    }
    return NewBatch(**(values | other))


class MemoryStore:
    """gateway.jobs.ports.BatchStore in memory."""

    def __init__(self, order: int = 1) -> None:
        """`order` -1 gives chunks out from the last to the first."""
        self._lock = threading.RLock()
        self._new: dict[str, NewBatch] = {}
        self._batches: dict[str, Batch] = {}
        self._chunks: dict[str, list[list[Any]]] = {}  # [state, attempt]
        self._rows: dict[str, dict[int, Row]] = {}
        self._order = order
        self.full = False
        self.broken: Exception | None = None
        self.leased: list[str] = []

    def create(self, new: NewBatch) -> tuple[Batch, bool]:
        with self._lock:
            batch_id = f"b{len(self._batches):04d}"
            count = -(-new.member_count // new.chunk_size)
            batch = Batch(
                batch_id, new.request_id, "", BatchState.QUEUED, new.member_count, 0, 0, count, new.launcher,
                "", "", "", new.spec_digest, "", new.revision, "",
            )  # fmt: skip
            self._new[batch_id], self._batches[batch_id] = new, batch
            self._chunks[batch_id] = [["waits", 0] for _ in range(count)]
            self._rows[batch_id] = {}
            return batch, True

    def get(self, batch_id: str) -> Batch:
        with self._lock:
            return self._batches[batch_id]

    def caller(self, batch_id: str) -> str:
        return self._new[batch_id].caller

    def batches(
        self, region: str = "", states: Sequence[BatchState] = (), limit: int = 50, after: str = ""
    ) -> tuple[Batch, ...]:
        with self._lock:
            found = [b for i, b in sorted(self._batches.items(), reverse=True) if not after or i < after]
            return tuple(b for b in found if b.state in states)[:limit]

    def lease(self, owner: str, batch_id: str = "", number: int | None = None) -> Lease | None:
        with self._lock:
            batch = self._batches[batch_id]
            if batch.state in ENDED:
                return None
            self._check()
            self._batches[batch_id] = replace(batch, state=BatchState.RUNNING)
            for n, chunk in list(enumerate(self._chunks[batch_id]))[:: self._order]:
                if chunk[0] == "waits":
                    chunk[:] = ["held", chunk[1] + 1]
                    self.leased.append(batch_id)
                    new = self._new[batch_id]
                    first = n * new.chunk_size
                    count = min(new.chunk_size, new.member_count - first)
                    return Lease(Chunk(batch_id, n, first, count), chunk[1], owner, new.spec_text)
            return None

    def commit(self, lease: Lease, rows: Sequence[Row]) -> bool:
        with self._lock:
            batch_id, chunk = lease.chunk.batch_id, lease.chunk
            batch = self._batches[batch_id]
            if batch.state in ENDED or self._chunks[batch_id][chunk.number] != ["held", lease.attempt]:
                return False
            self._check()
            assert [r.member for r in rows] == list(range(chunk.first, chunk.first + chunk.count))
            assert not set(self._rows[batch_id]) & {r.member for r in rows}
            self._chunks[batch_id][chunk.number] = ["done", lease.attempt]
            self._rows[batch_id] |= {r.member: r for r in rows}
            self._batches[batch_id] = self._counted(batch)
            return True

    def _counted(self, batch: Batch) -> Batch:
        rows = self._rows[batch.batch_id].values()
        failed = sum(bool(r.failure) for r in rows)
        batch = replace(batch, done_count=len(rows) - failed, failed_count=failed)
        if len(rows) < batch.member_count:
            return batch
        digests = "".join(self._rows[batch.batch_id][m].digest for m in range(batch.member_count))
        state = BatchState.COMPLETE_WITH_FAILURES if failed else BatchState.COMPLETE
        return replace(batch, state=state, result_digest=hashlib.sha256(digests.encode()).hexdigest())

    def give_back(self, lease: Lease) -> None:
        with self._lock:
            self._check()
            chunk = self._chunks[lease.chunk.batch_id][lease.chunk.number]
            if chunk == ["held", lease.attempt]:
                chunk[0] = "waits"

    def release_all(self, owner_prefix: str = "") -> int:
        with self._lock:
            self._check()
            held = [c for chunks in self._chunks.values() for c in chunks if c[0] == "held"]
            for chunk in held:
                chunk[0] = "waits"
            return len(held)

    def pause(self, batch_id: str, *, paused: bool) -> Batch:
        with self._lock:
            if not paused:
                self._check()
            state = BatchState.PAUSED if paused else BatchState.QUEUED
            self._batches[batch_id] = replace(self._batches[batch_id], state=state)
            return self._batches[batch_id]

    def cancel(self, batch_id: str) -> Batch:
        with self._lock:
            if self._batches[batch_id].state not in ENDED:
                self._batches[batch_id] = replace(self._batches[batch_id], state=BatchState.CANCELLED)
            return self._batches[batch_id]

    def rows(
        self, batch_id: str, first: int = 0, count: int | None = None, *, failed_only: bool = False
    ) -> Iterator[Row]:
        with self._lock:
            return iter([row for _, row in sorted(self._rows[batch_id].items())])

    def _check(self) -> None:
        if self.broken is not None:
            raise self.broken
        if self.full:
            raise StoreFullError("no room")
