"""Batches on disk: every method one transaction, the same statements in SQLite and PostgreSQL.

Rows are locked in the order chunk, batch, end of the chain, so that processes cannot wait for each other in a ring.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Final

import numpy as np
import structlog
from sqlalchemy import Connection, func, select, update

from gateway.jobs.ports import Pruned
from gateway.jobs.store import reading, retention, writing
from gateway.jobs.store.blobs import pack
from gateway.jobs.store.chain import Kind, append, lock_end
from gateway.jobs.store.database import AgainError, Database, tried_again
from gateway.jobs.store.mending import settle, spoil
from gateway.jobs.store.sights import seen
from gateway.jobs.store.stamps import stamp
from gateway.jobs.store.standing import (
    Accepted,
    DamagedStandingError,
    Standing,
    accepted,
    batch_of,
    change,
    load,
    opened,
)
from gateway.jobs.store.tables import HELD, WAITING, batches, chunks
from gateway.jobs.words import ENDED, Batch, BatchState, Lease, NewBatch, Row
from gateway.owning import EVERYTHING, LOCAL_OWNER, HiddenError, Sight
from services.common.access import Subject
from services.common.arrays import FloatArray, IntArray
from services.common.errors import DomainError, Violation
from services.runtime.failpoints import hit

_KNOWN: Final = 8  # batches whose specification is kept in memory
_log = structlog.get_logger()


class SqlStore:
    """The store over one database; see gateway.jobs.ports.BatchStore for what each method promises."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._known: dict[str, tuple[Accepted, str]] = {}
        self._clock = retention.Clock()
        self._accepted = lru_cache(maxsize=64)(self._read_accepted)
        # Hears of members that were kept: how many, and how many of them failed.
        self.heard: Callable[[int, int], None] = lambda _members, _failed: None

    def close(self) -> None:
        """Give everything back."""
        self.database.close()

    # What is asked

    @tried_again
    def create(self, new: NewBatch) -> tuple[Batch, bool]:
        if new.member_count < 1 or new.chunk_size < 1 or new.column_count < 0:
            raise ValueError("a batch has at least one member, and chunks of at least one")
        with self._transaction() as connection:
            lock_end(connection)
            known = self._by_request(connection, new.request_id, new.caller)
            if known is not None:
                return self._same(connection, known, new.request_id, new.body_digest), False
            self.database.reserve(connection, writing.bytes_of(new))
            batch = writing.write_batch(connection, new)
            hit("store.accept.before_commit")
        hit("store.accept.after_commit")
        return batch, True

    @tried_again
    def get(self, batch_id: str) -> Batch:
        with self._transaction() as connection:
            return batch_of(accepted(connection, batch_id), load(connection, batch_id))

    @tried_again
    def find_request(self, request_id: str, body_digest: str = "", owner: str = LOCAL_OWNER) -> Batch | None:
        """The batch that was created with an owner's request id; REQUEST_ID_REUSED if with another body."""
        with self._transaction() as connection:
            known = self._by_request(connection, request_id, owner)
            return None if known is None else self._same(connection, known, request_id, body_digest)

    def accepted(self, batch_id: str) -> NewBatch:
        """What was accepted, without its specification's text."""
        return self._accepted(batch_id).new

    def caller(self, batch_id: str) -> str:
        """Who asked for it."""
        return self._accepted(batch_id).new.caller

    @tried_again
    def check_seen(self, batch_id: str, sight: Sight) -> Subject:
        """Whose it is, and where. One that is not seen is told as one that does not exist, after the same reading."""
        with self._transaction() as connection:
            new = accepted(connection, batch_id).new
        subject = Subject(new.scope, new.caller)
        if not sight.sees(subject):
            raise HiddenError("UNKNOWN_BATCH", detail=batch_id)
        return subject

    @tried_again
    def spec_text(self, batch_id: str) -> str:
        with self._transaction() as connection:
            return reading.spec_text(connection, batch_id)

    @tried_again
    def batches(
        self,
        region: str = "",
        states: Sequence[BatchState] = (),
        limit: int = 50,
        after: str = "",
        sight: Sight = EVERYTHING,
    ) -> tuple[Batch, ...]:
        query = select(batches).order_by(batches.c.seq.desc()).limit(limit)
        query = query.where(seen(sight, batches.c.owner, batches.c.scope))
        if region:
            query = query.where(batches.c.region == region)
        if states:
            query = query.where(batches.c.state.in_([s.value for s in states]))
        with self._transaction() as connection:
            if after:
                last = accepted(connection, after)
                if not sight.sees(Subject(last.new.scope, last.new.caller)):
                    raise DomainError("UNKNOWN_BATCH", detail=after)
                query = query.where(batches.c.seq < last.seq)
            found = [opened(dict(row)) for row in connection.execute(query).mappings()]
            return tuple(batch_of(accepted(connection, s.batch_id), s) for s in found)

    # What is worked on

    @tried_again
    def lease(self, owner: str, batch_id: str = "", number: int | None = None) -> Lease | None:
        with self._transaction() as connection:
            lease = writing.lease(
                connection, owner, batch_id, number, self.database.first_attempt, self._facts
            )
        hit("store.lease.after_commit")
        return lease

    @tried_again
    def commit(self, lease: Lease, rows: Sequence[Row]) -> bool:
        batch_id, number = lease.chunk.batch_id, lease.chunk.number
        said = self._accepted(batch_id)
        first, count = said.span(number)
        packed = pack(batch_id, number, first, count, said.column_count, rows)
        try:
            with self._transaction() as connection:
                writing.check_attempt(connection, lease)
                self.database.reserve(connection, len(packed["values"]) + writing.ROW_BYTES)
                ended = writing.write_result(connection, said, lease, packed)
                hit("store.before_finish" if ended else "store.before_commit")
        except writing.StaleError:
            return False
        hit("store.after_commit")
        self.heard(len(rows), sum(bool(row.failure) for row in rows))
        return True

    @tried_again
    def give_back(self, lease: Lease) -> None:
        with self._transaction() as connection:
            writing.give_back(connection, lease)

    @tried_again
    def release_all(self, owner_prefix: str = "") -> int:
        held = [chunks.c.state == HELD]
        if owner_prefix:
            held.append(func.substr(chunks.c.owner, 1, len(owner_prefix)) == owner_prefix)
        with self._transaction() as connection:
            return connection.execute(update(chunks).where(*held).values(state=WAITING, owner="")).rowcount

    @tried_again
    def pause(self, batch_id: str, *, paused: bool) -> Batch:
        with self._transaction() as connection:
            said, standing = accepted(connection, batch_id), load(connection, batch_id, lock=True)
            if paused and standing.state in writing.RUNS:
                standing = change(connection, standing, state=BatchState.PAUSED.value)
            elif not paused and standing.state == BatchState.PAUSED:
                state = BatchState.RUNNING if standing.started_at else BatchState.QUEUED
                standing = change(connection, standing, state=state.value)
            return batch_of(said, standing)

    @tried_again
    def cancel(self, batch_id: str) -> Batch:
        with self._transaction() as connection:
            said, standing = accepted(connection, batch_id), load(connection, batch_id, lock=True)
            if standing.state not in ENDED:
                at = stamp()
                standing = change(connection, standing, state=BatchState.CANCELLED.value, ended_at=at)
                append(connection, Kind.CANCELLED, batch_id, {"at": at})
                hit("store.cancel.before_commit")
            return batch_of(said, standing)

    # What is read

    def rows(
        self, batch_id: str, first: int = 0, count: int | None = None, *, failed_only: bool = False
    ) -> Iterator[Row]:
        said = self.readable(batch_id)
        span = reading.Span.of(said, first, count)
        for head, values in reading.chunks_of(self, said, span, with_values=not failed_only):
            found = head.failed_rows() if failed_only else head.rows(values)
            yield from (row for row in found if span.first <= row.member < span.end)

    def columns(
        self, batch_id: str, indices: Sequence[int], first: int = 0, count: int | None = None
    ) -> tuple[IntArray, FloatArray]:
        """Numbers of the members that have values, in order, and these columns of theirs, [member, index]."""
        said = self.readable(batch_id)
        return reading.columns(
            self, said, np.asarray(indices, dtype=np.int32), reading.Span.of(said, first, count)
        )

    @tried_again
    def page(self, said: Accepted, numbers: range, *, with_values: bool) -> list[reading.Stored]:
        """Stored results of some chunks, in one transaction; damaged ones marked."""
        with self._transaction() as connection:
            found = reading.page(connection, said, numbers, with_values=with_values)
            # Looked at last: retention between two pages must not make a short answer that looks whole.
            _check_kept(load(connection, said.batch_id))
            return found

    @tried_again
    def spoil(self, said: Accepted, number: int) -> None:
        """A result was found damaged: its chunk waits again."""
        with self._transaction() as connection:
            if spoil(connection, said, number):
                _log.error("result_damaged", batch_id=said.batch_id, chunk=number, message="calculated again")

    # What is kept

    @tried_again
    def prune(self, now: datetime, retention_days: int, request_id_days: int) -> Pruned:
        with self._transaction() as connection:
            pruned = retention.prune(connection, self._clock, now, retention_days, request_id_days)
        if pruned.bytes_freed:
            self.database.give_room_back()
        return pruned

    @tried_again
    def size_bytes(self) -> int:
        """Bytes that the store takes."""
        with self._transaction() as connection:
            return self.database.size_bytes(connection)

    # Parts

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """A transaction of the database; a damaged row of a batch is made again, and the call is to be repeated."""
        try:
            with self.database.transaction() as connection:
                yield connection
        except DamagedStandingError as error:
            batch_id = str(error)
            _log.error("batch_row_damaged", batch_id=batch_id, message="made again")
            with self.database.transaction() as connection:
                settle(connection, batch_id, deep=False)
            raise AgainError(batch_id) from error

    def _facts(self, connection: Connection, batch_id: str) -> tuple[Accepted, str]:
        """What never changes of a batch; that of a few is kept, so that giving out a chunk reads it once."""
        found = self._known.get(batch_id)
        if found is None:
            found = accepted(connection, batch_id), reading.spec_text(connection, batch_id)
            self._known = dict([*self._known.items()][-_KNOWN + 1 :]) | {batch_id: found}
        return found

    def _read_accepted(self, batch_id: str) -> Accepted:
        with self._transaction() as connection:
            return accepted(connection, batch_id)

    @tried_again
    def readable(self, batch_id: str) -> Accepted:
        """A batch whose results are kept."""
        with self._transaction() as connection:
            _check_kept(load(connection, batch_id))
        return self._accepted(batch_id)

    def _by_request(self, connection: Connection, request_id: str, owner: str) -> Standing | None:
        query = select(batches).where(batches.c.owner == owner, batches.c.request_id == request_id)
        row = connection.execute(query).mappings().one_or_none()
        return None if row is None else opened(dict(row))

    def _same(self, connection: Connection, known: Standing, request_id: str, body_digest: str) -> Batch:
        """The batch of a request id; without a digest the body is not compared."""
        said = accepted(connection, known.batch_id)
        if body_digest not in ("", said.new.body_digest):
            text = f"used for batch {known.batch_id} with another body"
            raise DomainError("REQUEST_ID_REUSED", [Violation("request_id", text, request_id)])
        return batch_of(said, known)


def _check_kept(standing: Standing) -> None:
    """DomainError(UNKNOWN_BATCH) when retention took the results."""
    if standing.deleted_at:
        raise DomainError(
            "UNKNOWN_BATCH",
            detail=f"the results of {standing.batch_id} were deleted on {standing.deleted_at[:10]}",
        )
