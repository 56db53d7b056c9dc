"""How a worker and the gateway hand each other work over a shared folder: a specification there, rows back.

    <folder>/<batch>/spec.json                                what the members are made of
    <folder>/<batch>/rows/m00000512-00000256-<digest>.parquet     results of 256 members from member 512 on

A file stands under its name only when it is whole: it is written beside it, brought to disk, then renamed. The name
has the digest of every byte, checked before a byte is interpreted, so a damaged file is never taken for a result; what
it says inside (batch, specification, members, digest of its rows) keeps out a foreign one.
"""

import contextlib
import hashlib
import json
import os
import re
import struct
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from gateway.jobs.words import Row

SPEC_FILE: Final = "spec.json"
_ROWS: Final = "rows"
_FORM: Final = "dafeng-rows-1"  # a file of another form is foreign
_NAME: Final = re.compile(r"m(\d{8})-(\d{8})-([0-9a-f]{32})\.parquet")


class BadFileError(ValueError):
    """A file that is damaged or not ours; the text says which and why."""


@dataclass(frozen=True)
class WorkSpec:
    """What a worker needs to know of a batch."""

    batch_id: str
    spec_digest: str
    member_count: int
    chunk_size: int
    spec_text: str

    @property
    def chunk_count(self) -> int:
        """Chunks in all."""
        return -(-self.member_count // self.chunk_size)

    def span(self, first_chunk: int, chunks: int) -> "Span":
        """Members of so many chunks from a first one on, as far as there are members."""
        first = first_chunk * self.chunk_size
        return Span(first, min(first + chunks * self.chunk_size, self.member_count) - first)


@dataclass(frozen=True, order=True)
class Span:
    """Members first to first + count - 1."""

    first: int
    count: int

    def holds(self, first: int, count: int) -> bool:
        """Whether it has all of these members."""
        return self.first <= first and first + count <= self.first + self.count


@dataclass(frozen=True)
class RowsFile:
    """Results read from a file, checked."""

    path: Path
    span: Span
    rows: tuple[Row, ...]


def batch_folder(folder: Path, batch_id: str) -> Path:
    """The batch's own folder. ValueError for an id that is not a plain file name."""
    if not batch_id or batch_id.startswith(".") or "/" in batch_id or "\\" in batch_id or "\0" in batch_id:
        raise ValueError(f"not a batch id: {batch_id!r}")
    return folder / batch_id


def is_whole(place: Path) -> bool:
    """Whether a batch's folder has what workers need."""
    return (place / SPEC_FILE).is_file() and (place / _ROWS).is_dir()


def write_spec(folder: Path, work: WorkSpec) -> str:
    """Put the specification of a batch; the SHA-256 (hex) of what it says. OSError when it cannot be written."""
    body = asdict(work)
    digest = _spec_digest(body)
    place = batch_folder(folder, work.batch_id)
    (place / _ROWS).mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # pods may be another user of the same group
        (place / _ROWS).chmod(0o2775)
    _put(place / SPEC_FILE, json.dumps({**body, "sha256": digest}, ensure_ascii=False).encode())
    return digest


def read_spec(path: Path, sha256: str = "") -> WorkSpec:
    """A specification, checked against its own digest and, when given, the one the reader was told.

    FileNotFoundError, or BadFileError.
    """
    try:
        body = json.loads(path.read_bytes())
        digest = body.pop("sha256")
        work = WorkSpec(**body)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadFileError(f"{path}: not a specification ({type(error).__name__})") from None
    if _spec_digest(body) != digest or (sha256 and digest != sha256):
        raise BadFileError(f"{path}: does not have its digest")
    return work


def write_rows(folder: Path, work: WorkSpec, shard: int, span: Span, rows: Sequence[Row]) -> bool:
    """Hand over the results of a shard; False when they were there already (what is there is kept).

    ValueError when rows are not the members of the span in order; OSError when the folder cannot be written.
    """
    if [r.member for r in rows] != _members(span):
        raise ValueError(f"rows are not members {span.first} to {span.first + span.count - 1}")
    if is_there(folder, work, span):
        return False
    body = _parquet(work, shard, span, rows)
    name = f"m{span.first:08d}-{span.count:08d}-{_digest(body)}.parquet"
    _put(batch_folder(folder, work.batch_id) / _ROWS / name, body)
    return True


def is_there(folder: Path, work: WorkSpec, span: Span) -> bool:
    """Whether good results of these members are there; a damaged file counts as none."""
    for path in found(folder, work.batch_id):
        if span_of(path) == span:
            with contextlib.suppress(FileNotFoundError, BadFileError):
                read_rows(path, work)
                return True
    return False


def found(folder: Path, batch_id: str) -> Iterator[Path]:
    """Files of results that are there, by members."""
    with contextlib.suppress(FileNotFoundError):
        yield from sorted(
            p for p in (batch_folder(folder, batch_id) / _ROWS).iterdir() if _NAME.fullmatch(p.name)
        )


def span_of(path: Path) -> Span:
    """The members a file's name says. BadFileError."""
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise BadFileError(f"{path}: not a name of results")
    return Span(int(named[1]), int(named[2]))


def read_rows(path: Path, work: WorkSpec) -> RowsFile:
    """Results from a file of this batch. FileNotFoundError; BadFileError when it is damaged or foreign."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    span = span_of(path)
    data = path.read_bytes()
    if _digest(data) not in path.name:
        raise BadFileError(f"{path}: does not have its digest")
    try:
        table = pq.read_table(pa.BufferReader(data), page_checksum_verification=True)
        head = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
        rows = _rows(table)
    except (pa.ArrowException, OSError, KeyError, ValueError, TypeError) as error:
        raise BadFileError(f"{path}: cannot be read ({type(error).__name__})") from None
    expected = _head(work, span, rows)
    wrong = sorted(k for k in expected if head.get(k) != expected[k])
    if wrong:
        raise BadFileError(f"{path}: wrong {', '.join(wrong)}")
    if [r.member for r in rows] != _members(span):
        raise BadFileError(f"{path}: not the members of its name")
    return RowsFile(path, span, rows)


def _members(span: Span) -> list[int]:
    return list(range(span.first, span.first + span.count))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _head(work: WorkSpec, span: Span, rows: Sequence[Row]) -> dict[str, str]:
    return {
        "form": _FORM,
        "batch": work.batch_id,
        "spec_digest": work.spec_digest,
        "first": str(span.first),
        "count": str(span.count),
        "rows_digest": rows_digest(rows),
    }


def rows_digest(rows: Sequence[Row]) -> str:
    """SHA-256 (hex) over everything rows say."""
    sha = hashlib.sha256()
    for row in rows:
        values = np.ascontiguousarray(row.values, dtype="<f8").tobytes()
        texts = [t.encode() for t in (row.digest, row.failure, row.detail)]
        sha.update(struct.pack("<q4i", row.member, len(values), *map(len, texts)))
        for part in (values, *texts):
            sha.update(part)
    return sha.hexdigest()


def _parquet(work: WorkSpec, shard: int, span: Span, rows: Sequence[Row]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        "member": pa.array([r.member for r in rows], pa.int64()),
        "values": pa.array([np.asarray(r.values, dtype=float) for r in rows], pa.list_(pa.float64())),
        "digest": pa.array([r.digest for r in rows], pa.string()),
        "failure": pa.array([str(r.failure) for r in rows], pa.string()),
        "detail": pa.array([r.detail for r in rows], pa.string()),
    }
    table = pa.table(columns).replace_schema_metadata({**_head(work, span, rows), "shard": str(shard)})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    body: bytes = sink.getvalue().to_pybytes()
    return body


def _rows(table: Any) -> tuple[Row, ...]:
    values = table["values"].combine_chunks()
    flat = values.flatten().to_numpy(zero_copy_only=False)
    ends = np.cumsum(values.value_lengths().to_numpy(zero_copy_only=False))
    texts = [table[name].to_pylist() for name in ("digest", "failure", "detail")]
    members = table["member"].to_pylist()
    starts = [0, *ends[:-1].tolist()] if len(members) else []
    return tuple(
        Row(member, flat[start:end].copy(), *text)
        for member, start, end, text in zip(
            members, starts, ends.tolist(), zip(*texts, strict=True), strict=True
        )
    )


def _spec_digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _put(path: Path, data: bytes) -> None:
    """Write a file so that it stands under its name whole, or not at all."""
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with part.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except BaseException:  # also when the process is told to end
        part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # Some network file systems cannot sync a folder; the rename is then as durable as they make it.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
