"""Results as they are read: some chunks at a time, so that memory does not grow with the batch."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from sqlalchemy import Connection, select

from gateway.jobs.store.blobs import ChunkHead, DamagedResultError, open_head
from gateway.jobs.store.chain import SPEC_DIGEST, Kind
from gateway.jobs.store.database import AS_BYTES
from gateway.jobs.store.standing import Accepted, accepted
from gateway.jobs.store.tables import DONE, chunks, records, results
from services.common.arrays import FloatArray, IntArray
from services.common.errors import DomainError

_PAGE_BYTES: Final = 8 * 1024**2  # values fetched at once
_PAGE_CHUNKS: Final = 512
_NONE: Final[FloatArray] = np.empty((0, 0))


@dataclass(frozen=True)
class Stored:
    """A chunk that is done: its head and its values; no head when it is damaged or missing."""

    number: int
    head: ChunkHead | None
    values: FloatArray  # [member with values, column]


@dataclass(frozen=True)
class Span:
    """Members first to end - 1."""

    first: int
    end: int

    @classmethod
    def of(cls, said: Accepted, first: int, count: int | None) -> "Span":
        """The members asked, as far as the batch has them."""
        members = said.new.member_count
        first = max(first, 0)
        return cls(first, members if count is None else min(members, first + max(count, 0)))

    def chunks(self, said: Accepted) -> range:
        """Numbers of the chunks that hold them."""
        size = said.new.chunk_size
        return range(
            self.first // size, -(-self.end // size) if self.end > self.first else self.first // size
        )


class Pages(Protocol):
    """What reads pages and lets a damaged chunk wait again."""

    def page(self, said: Accepted, numbers: range, *, with_values: bool) -> list[Stored]:
        """Stored results of some chunks."""

    def spoil(self, said: Accepted, number: int) -> None:
        """A result was found damaged."""


def spec_text(connection: Connection, batch_id: str) -> str:
    """A batch's specification, checked. DomainError: UNKNOWN_BATCH, STORE_DAMAGED."""
    accepted(connection, batch_id)
    query = select(records.c.spec, records.c.head)
    row = connection.execute(
        query.where(records.c.batch_id == batch_id, records.c.kind == Kind.ACCEPTED.value)
    ).one()
    if row.spec is None or f'"{SPEC_DIGEST}":"{hashlib.sha256(row.spec).hexdigest()}"' not in row.head:
        raise DomainError("STORE_DAMAGED", detail=f"the specification of batch {batch_id}")
    return bytes(row.spec).decode()


def page(connection: Connection, said: Accepted, numbers: range, *, with_values: bool) -> list[Stored]:
    """Stored results of some chunks; those that should be there and are not are told without a head."""
    within = numbers.start, numbers.stop - 1
    done = select(chunks.c.number).where(
        chunks.c.batch_id == said.batch_id, chunks.c.number.between(*within), chunks.c.state == DONE
    )
    there = list(connection.execute(done.order_by(chunks.c.number)).scalars())
    try:
        found = _fetch(connection, said, within, with_values=with_values)
    except TypeError:  # a damaged type makes the fetch itself fail: one by one then, to lose that one only
        found = {n: _alone(connection, said, n, with_values=with_values) for n in there}
    return [found.get(n, Stored(n, None, _NONE)) for n in there]


def _fetch(
    connection: Connection, said: Accepted, within: tuple[int, int], *, with_values: bool
) -> dict[int, Stored]:
    wanted = results.c if with_values else [c for c in results.c if c.name != "values"]
    query = select(*wanted).where(results.c.batch_id == said.batch_id, results.c.number.between(*within))
    found = connection.execute(query, execution_options={AS_BYTES: True}).mappings()
    return {row["number"]: _opened(dict(row), said) for row in found}


def _alone(connection: Connection, said: Accepted, number: int, *, with_values: bool) -> Stored:
    try:
        found = _fetch(connection, said, (number, number), with_values=with_values)
    except TypeError:
        found = {}
    return found.get(number, Stored(number, None, _NONE))


def _opened(row: Mapping[str, Any], said: Accepted) -> Stored:
    number = row["number"]
    try:
        head = open_head(row, said.batch_id, number, *said.span(number))
        return Stored(number, head, head.values(row["values"]) if "values" in row else _NONE)
    except DamagedResultError:
        return Stored(number, None, _NONE)


def chunks_of(
    pages: Pages, said: Accepted, span: Span, *, with_values: bool = True
) -> Iterator[tuple[ChunkHead, FloatArray]]:
    """Sound results of the chunks that hold some members; a damaged one waits again and is left out."""
    size = said.new.chunk_size * max(said.column_count, 1) * 8
    step = max(1, min(_PAGE_BYTES // size, _PAGE_CHUNKS)) if with_values else _PAGE_CHUNKS
    every = span.chunks(said)
    for start in range(every.start, every.stop, step):
        numbers = range(start, min(start + step, every.stop))
        for stored in pages.page(said, numbers, with_values=with_values):
            if stored.head is None:
                pages.spoil(said, stored.number)
            else:
                yield stored.head, stored.values


def columns(pages: Pages, said: Accepted, indices: IntArray, span: Span) -> tuple[IntArray, FloatArray]:
    """Numbers of members with values and these columns of theirs, [member, index]."""
    if indices.size and (indices.min() < 0 or indices.max() >= said.column_count):
        raise ValueError(f"columns are 0 to {said.column_count - 1}")
    members = np.empty(max(span.end - span.first, 0), dtype=np.int32)
    values = np.empty((members.size, indices.size))
    at = 0
    for head, found in chunks_of(pages, said, span):
        numbers = np.array(head.members(), dtype=np.int32)
        inside = (span.first <= numbers) & (numbers < span.end)
        upto = at + int(inside.sum())
        members[at:upto] = numbers[inside]
        values[at:upto] = found[inside][:, indices]
        at = upto
    return members[:at], values[:at]
