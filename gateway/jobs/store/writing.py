"""Statements that accept a batch, give out a chunk and take its result; the caller holds the transaction."""

import secrets
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Connection, Integer, Select, delete, insert, literal, literal_column, select, update

from gateway.jobs.store.chain import Kind, append
from gateway.jobs.store.mending import recount
from gateway.jobs.store.stamps import stamp
from gateway.jobs.store.standing import Accepted, Standing, accepted, batch_of, change, load, write_new
from gateway.jobs.store.tables import DONE, HELD, WAITING, batches, chunks, results
from gateway.jobs.words import Batch, BatchState, Chunk, Lease, NewBatch

RUNS: Final = (BatchState.QUEUED.value, BatchState.RUNNING.value)
ROW_BYTES: Final = 512  # room that rows and indexes take beside a specification or values
# 96 random bits: not guessable; letters and digits, short enough for names of other systems.
_ID_BYTES: Final = 12


class StaleError(Exception):
    """The attempt is no longer current: undo."""


def bytes_of(new: NewBatch) -> int:
    """About the room that an accepted batch takes."""
    return len(new.spec_text.encode()) + ROW_BYTES


def write_batch(connection: Connection, new: NewBatch) -> Batch:
    """Record, row and chunks of an accepted batch."""
    batch_id = f"b-{secrets.token_hex(_ID_BYTES)}"
    plain = asdict(new)
    spec = plain.pop("spec_text").encode()
    seq = append(connection, Kind.ACCEPTED, batch_id, plain | {"created_at": stamp()}, spec)
    standing = Standing(
        batch_id,
        seq,
        new.request_id,
        new.region,
        BatchState.QUEUED.value,
        owner=new.caller,
        scope=new.scope or new.region,
    )
    write_new(connection, standing)
    said = accepted(connection, batch_id)
    connection.execute(_chunk_rows(batch_id, said.chunk_count))
    return batch_of(said, standing)


Facts = Callable[[Connection, str], tuple[Accepted, str]]  # what was accepted, and the specification's text


def lease(
    connection: Connection, owner: str, batch_id: str, number: int | None, first_attempt: int, facts: Facts
) -> Lease | None:
    """The next chunk that waits; a numbered one also when somebody holds it. Attempts are above `first_attempt`."""
    for one in [batch_id] if batch_id else _open_batches(connection):
        state = load(connection, one).state
        if state not in RUNS:
            continue
        row = connection.execute(_wanted(one, number)).one_or_none()
        if row is None:
            continue
        said, text = facts(connection, one)
        attempt = max(row.attempt, first_attempt) + 1
        held = {"state": HELD, "attempt": attempt, "owner": owner}
        connection.execute(update(chunks).where(*_chunk(one, row.number)).values(**held))
        if state == BatchState.QUEUED:
            _begin(connection, one)
        return Lease(Chunk(one, row.number, *said.span(row.number)), attempt, owner, text)
    return None


def _open_batches(connection: Connection) -> list[str]:
    query = select(batches.c.batch_id).where(batches.c.state.in_(RUNS)).order_by(batches.c.seq)
    return list(connection.execute(query).scalars())


def _wanted(batch_id: str, number: int | None) -> Select[int, int]:
    """The chunk to give out, locked; one that another process is giving out at this moment is passed over."""
    query = select(chunks.c.number, chunks.c.attempt).where(chunks.c.batch_id == batch_id)
    if number is None:
        first = query.where(chunks.c.state == WAITING).order_by(chunks.c.number).limit(1)
        return first.with_for_update(skip_locked=True)
    return query.where(chunks.c.number == number, chunks.c.state != DONE).with_for_update()


def _begin(connection: Connection, batch_id: str) -> None:
    """A queued batch runs; looked at again under its lock."""
    standing = load(connection, batch_id, lock=True)
    if standing.state == BatchState.QUEUED:
        began = standing.started_at or stamp()
        change(connection, standing, state=BatchState.RUNNING.value, started_at=began)


def check_attempt(connection: Connection, held: Lease) -> None:
    """StaleError unless the lease is current; locks its chunk."""
    query = select(chunks.c.state, chunks.c.attempt).where(*_chunk(held.chunk.batch_id, held.chunk.number))
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None or (row.state, row.attempt) != (HELD, held.attempt):
        raise StaleError


def write_result(connection: Connection, said: Accepted, held: Lease, packed: dict[str, Any]) -> bool:
    """Result, chunk and counters together; whether the batch ended. StaleError when it was cancelled meanwhile."""
    own = _chunk(said.batch_id, held.chunk.number)
    # What may stand there is what a damaged chunk left: the chunk waited.
    left = results.c.batch_id == said.batch_id, results.c.number == held.chunk.number
    connection.execute(delete(results).where(*left))
    connection.execute(insert(results).values(**packed))
    connection.execute(update(chunks).where(*own).values(state=DONE, owner=""))
    # The batch's row last: until here other chunks of it are committed at the same time.
    standing = load(connection, said.batch_id, lock=True)
    if standing.state == BatchState.CANCELLED:
        raise StaleError
    standing = change(
        connection,
        standing,
        done_count=standing.done_count + packed["count"] - packed["failed"],
        failed_count=standing.failed_count + packed["failed"],
        done_chunks=standing.done_chunks + 1,
        stored_bytes=standing.stored_bytes + len(packed["values"]) + len(packed["digests"]),
    )
    if standing.done_chunks < said.chunk_count:
        return False
    # The end is counted on what is stored, not on counters.
    return recount(connection, said, standing).ended_at != ""


def give_back(connection: Connection, held: Lease) -> None:
    """The chunk waits again when the lease is current."""
    current = chunks.c.state == HELD, chunks.c.attempt == held.attempt
    connection.execute(
        update(chunks)
        .where(*_chunk(held.chunk.batch_id, held.chunk.number), *current)
        .values(state=WAITING, owner="")
    )


def _chunk(batch_id: str, number: int) -> tuple[Any, Any]:
    return chunks.c.batch_id == batch_id, chunks.c.number == number


def _chunk_rows(batch_id: str, chunk_count: int) -> Any:
    """One statement that writes every chunk's row, however many."""
    counted = select(literal_column("0", Integer).label("number")).cte("counted", recursive=True)
    counted = counted.union_all(select(counted.c.number + 1).where(counted.c.number + 1 < chunk_count))
    row = select(literal(batch_id), counted.c.number, literal(WAITING), literal_column("0"), literal(""))
    return insert(chunks).from_select(["batch_id", "number", "state", "attempt", "owner"], row)
