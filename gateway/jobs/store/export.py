"""Results as Apache Parquet or Arrow IPC, made piece by piece: memory does not grow with the batch."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, Final

import numpy as np

from gateway.jobs.store.blobs import ChunkHead
from gateway.jobs.store.reading import Span, chunks_of
from gateway.jobs.store.store import SqlStore
from gateway.jobs.words import Batch, BatchState
from services.common.arrays import FloatArray, IntArray
from services.common.errors import DomainError

# What an internal result says wherever it goes, as the release rules ask.
RELEASE_TEXT: Final = "internal 内部测算 · 不得发布"
PIECE_BYTES: Final = 512 * 1024  # of a file at a time: below what one message may hold
_GROUP_BYTES: Final = 16 * 1024**2  # values of one row group, in memory at once
_MOST_GROUP_ROWS: Final = 65_536
_FIXED: Final = ("member", "failure", "detail", "digest")


class FileForm(StrEnum):
    """Form of an exported file."""

    PARQUET = "parquet"
    ARROW = "arrow"


def export(
    store: SqlStore,
    batch_id: str,
    names: Sequence[str],
    form: FileForm,
    indices: Sequence[int] | None = None,
    first: int = 0,
    count: int | None = None,
) -> Iterator[bytes]:
    """The bytes of one file: member, failure, detail, digest, then a column of doubles for each name.

    `names` are the names of the columns chosen by `indices` (all columns when None), in that order. A member that
    failed has nulls. The schema's metadata says batch, digests, model, data and release status. DomainError:
    UNKNOWN_BATCH; BATCH_OPEN when a result of a finished batch is found damaged on the way and is calculated again.
    """
    batch = store.get(batch_id)
    chosen = np.arange(len(names), dtype=np.int32) if indices is None else np.asarray(indices, dtype=np.int32)
    width = store.accepted(batch_id).column_count
    if len(names) != chosen.size or (indices is None and chosen.size != width):
        raise ValueError(f"{len(names)} names for {width if indices is None else chosen.size} columns")
    if len({*names, *_FIXED}) != len(names) + len(_FIXED):
        raise ValueError("names of columns repeat")
    yield from _written(store, batch, names, form, chosen, first, count)


def _written(
    store: SqlStore,
    batch: Batch,
    names: Sequence[str],
    form: FileForm,
    chosen: IntArray,
    first: int,
    count: int | None,
) -> Iterator[bytes]:
    import pyarrow as pa  # heavy: only who exports needs it

    schema = _schema(batch, names)
    box = _Outbox()
    writer = _writer(pa.PythonFile(box, mode="w"), schema, form)
    seen = 0
    for table in _groups(store, batch.batch_id, chosen, schema, first, count):
        seen += table.num_rows
        writer.write_batch(table)
        yield from box.take(PIECE_BYTES)
    writer.close()
    expected = (
        min(batch.member_count, first + count) - first if count is not None else batch.member_count - first
    )
    if batch.state in (BatchState.COMPLETE, BatchState.COMPLETE_WITH_FAILURES) and seen < expected:
        raise DomainError("BATCH_OPEN", detail="a stored result was damaged and is being calculated again")
    yield from box.take(1)


def _groups(
    store: SqlStore, batch_id: str, chosen: IntArray, schema: Any, first: int, count: int | None
) -> Iterator[Any]:
    """Record batches of about `_GROUP_BYTES`, whatever the chunks are."""
    said = store.readable(batch_id)
    span = Span.of(said, first, count)
    most = int(np.clip(_GROUP_BYTES // (8 * max(said.column_count, 1)), 1, _MOST_GROUP_ROWS))
    held: list[tuple[ChunkHead, FloatArray]] = []
    rows = 0
    for head, values in chunks_of(store, said, span):
        held.append((head, values))
        rows += head.count
        if rows >= most:
            yield _table(held, chosen, span, schema)
            held, rows = [], 0
    if held:
        yield _table(held, chosen, span, schema)


def _table(held: Sequence[tuple[ChunkHead, FloatArray]], chosen: IntArray, span: Span, schema: Any) -> Any:
    import pyarrow as pa

    rows = [r for head, values in held for r in head.rows(values) if span.first <= r.member < span.end]
    missing = np.array([bool(r.failure) for r in rows])
    # [column, member]: each column in one piece, so that Arrow takes it as it stands.
    values = np.zeros((chosen.size, len(rows)))
    for at, r in enumerate(rows):
        if not r.failure:
            values[:, at] = r.values[chosen]
    mask = missing if missing.any() else None
    fixed = [
        pa.array([r.member for r in rows], pa.int32()),
        *(pa.array([getattr(r, name) for r in rows], pa.string()) for name in _FIXED[1:]),
    ]
    return pa.record_batch([*fixed, *(pa.array(v, pa.float64(), mask=mask) for v in values)], schema=schema)


def _schema(batch: Batch, names: Sequence[str]) -> Any:
    import pyarrow as pa

    fixed = [pa.field("member", pa.int32(), nullable=False)]
    fixed += [pa.field(name, pa.string(), nullable=False) for name in _FIXED[1:]]
    told = {
        "dafeng.batch_id": batch.batch_id,
        "dafeng.state": batch.state.value,
        "dafeng.spec_digest": batch.spec_digest,
        "dafeng.result_digest": batch.result_digest,
        "dafeng.model_version": batch.revision.model_version,
        "dafeng.data_revision": batch.revision.data_revision,
        "dafeng.release_status": RELEASE_TEXT,
    }
    return pa.schema([*fixed, *(pa.field(name, pa.float64()) for name in names)], metadata=told)


def _writer(sink: Any, schema: Any, form: FileForm) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if form is FileForm.ARROW:
        return pa.ipc.new_stream(sink, schema, options=pa.ipc.IpcWriteOptions(compression="zstd"))
    # Doubles of an ensemble hardly repeat: dictionaries would only cost time.
    return pq.ParquetWriter(sink, schema, compression="zstd", use_dictionary=["failure", "detail"])


class _Outbox:
    """A file that is handed on while it is written."""

    closed = False

    def __init__(self) -> None:
        self._parts = bytearray()

    def write(self, data: Any) -> int:
        self._parts += memoryview(data)
        return len(memoryview(data))

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self, least: int) -> Iterator[bytes]:
        """Whole pieces of what was written; `least` 1 gives the rest too."""
        while len(self._parts) >= least:
            yield bytes(self._parts[:PIECE_BYTES])
            del self._parts[:PIECE_BYTES]
