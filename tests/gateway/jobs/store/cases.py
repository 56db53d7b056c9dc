"""Batches and results for the store's tests: cheap, and the same whenever they are asked."""

from collections.abc import Iterator

import numpy as np

from gateway.jobs.store import SqlStore
from gateway.jobs.words import Chunk, Failure, Lease, NewBatch, Row
from services.common.words import Revision

COLUMNS = 5


def new_batch(request_id: str = "r-1", members: int = 10, chunk_size: int = 4, **changes: object) -> NewBatch:
    """A batch of members 0 to members - 1."""
    plain: dict[str, object] = {
        "request_id": request_id,
        "body_digest": "body",
        "title": "标题 title",
        "caller": "local",
        "region": "jiangsu",
        "launcher": "local",
        "spec_text": f'{{"of":"{request_id}"}}',
        "spec_digest": "spec",
        "member_count": members,
        "column_count": COLUMNS,
        "chunk_size": chunk_size,
        "revision": Revision("1", "data"),
        "processor": "cpu",
    }
    return NewBatch(**plain | changes)  # type: ignore[arg-type]


def row(member: int, columns: int = COLUMNS, failing: frozenset[int] = frozenset()) -> Row:
    """What a member gives."""
    if member in failing:
        return Row.failed(member, Failure.CRASH, "signal 11 信号")
    return Row.of(member, "inputs", np.random.default_rng(member).normal(size=columns))


def rows(chunk: Chunk, columns: int = COLUMNS, failing: frozenset[int] = frozenset()) -> list[Row]:
    """What a chunk gives."""
    return [row(m, columns, failing) for m in range(chunk.first, chunk.first + chunk.count)]


def work(store: SqlStore, batch_id: str = "", failing: frozenset[int] = frozenset()) -> Iterator[Lease]:
    """Lease and commit until nothing waits."""
    while (lease := store.lease("w", batch_id)) is not None:
        columns = store.accepted(lease.chunk.batch_id).column_count
        assert store.commit(lease, rows(lease.chunk, columns, failing))
        yield lease


def run_all(store: SqlStore, batch_id: str = "", failing: frozenset[int] = frozenset()) -> int:
    """Calculate what waits; chunks."""
    return sum(1 for _ in work(store, batch_id, failing))


def same_rows(found: list[Row], expected: list[Row]) -> bool:
    """Bit for bit."""
    return [_bits(r) for r in found] == [_bits(r) for r in expected]


def _bits(r: Row) -> tuple[object, ...]:
    return r.member, r.values.tobytes(), r.digest, r.failure, r.detail
