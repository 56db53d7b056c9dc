"""What is made good without a hand: a damaged result waits again, a damaged row of a batch is made again."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, insert, select, update

from gateway.jobs.store.blobs import ChunkHead, DamagedResultError, open_head, result_digest
from gateway.jobs.store.chain import Kind
from gateway.jobs.store.stamps import stamp
from gateway.jobs.store.standing import (
    Accepted,
    DamagedStandingError,
    Standing,
    accepted,
    change,
    load,
    write_new,
)
from gateway.jobs.store.tables import DONE, WAITING, batches, chunks, records, results
from gateway.jobs.words import BatchState

_PAGE: Final = 64  # heads fetched at once: each has the digests of its members
COMPLETE: Final = frozenset({BatchState.COMPLETE, BatchState.COMPLETE_WITH_FAILURES})


def heads(
    connection: Connection, said: Accepted, *, deep: bool = False
) -> Iterator[tuple[int, ChunkHead | None]]:
    """Every chunk that has a result, in order, with its head; None when it is damaged (`deep`: values too)."""
    numbers = connection.execute(_numbers(said)).scalars().all()
    for start in range(0, len(numbers), _PAGE):
        some = numbers[start : start + _PAGE]
        found = {} if deep else _several(connection, said, some)
        for number in some:
            # One by one what values are read of, or what did not prove sound among others.
            yield number, found.get(number) or sound_head(connection, said, number, deep=deep)


def _several(connection: Connection, said: Accepted, numbers: Sequence[int]) -> dict[int, ChunkHead]:
    """The sound heads among some chunks, in one statement: a batch may have a hundred thousand."""
    wanted = [c for c in results.c if c.name != "values"]
    within = results.c.number.between(numbers[0], numbers[-1])
    found = {}
    try:
        for row in connection.execute(select(*wanted).where(results.c.batch_id == said.batch_id, within)):
            stored = dict(row._mapping)
            number = stored["number"]
            with contextlib.suppress(DamagedResultError, TypeError, ValueError):
                if 0 <= number < said.chunk_count:
                    found[number] = open_head(stored, said.batch_id, number, *said.span(number))
    except (TypeError, ValueError):  # a damaged type makes the fetch itself fail
        return {}
    return found


def sound_head(connection: Connection, said: Accepted, number: int, *, deep: bool) -> ChunkHead | None:
    """The head of one stored result; None when it is damaged or not there."""
    wanted = results.c if deep else [c for c in results.c if c.name != "values"]
    query = select(*wanted).where(results.c.batch_id == said.batch_id, results.c.number == number)
    try:
        row = connection.execute(query).mappings().one_or_none()
        if row is None or not 0 <= number < said.chunk_count:
            return None
        head = open_head(dict(row), said.batch_id, number, *said.span(number))
        if deep:
            head.values(row["values"])
    except (DamagedResultError, TypeError, ValueError):
        return None
    return head


def spoil(connection: Connection, said: Accepted, number: int) -> bool:
    """Let a chunk wait again when its result is damaged or missing; an ended batch runs again. False: it is sound."""
    chunk = chunks.c.batch_id == said.batch_id, chunks.c.number == number
    row = connection.execute(select(chunks.c.state).where(*chunk).with_for_update()).one_or_none()
    standing = load(connection, said.batch_id, lock=True)
    if standing.deleted_at or (row is not None and row.state != DONE):
        return False
    if sound_head(connection, said, number, deep=True) is not None:
        return False
    connection.execute(delete(results).where(results.c.batch_id == said.batch_id, results.c.number == number))
    if row is None:
        connection.execute(insert(chunks).values(**_chunk(said.batch_id, number, WAITING)))
    else:
        connection.execute(update(chunks).where(*chunk).values(state=WAITING, owner=""))
    recount(connection, said, standing)
    return True


def recount(connection: Connection, said: Accepted, standing: Standing) -> Standing:
    """Counters and state from the results that are there; damaged ones wait again. Locks are held by the caller."""
    digests: list[str] = []
    done, failed, values_bytes = 0, 0, 0
    for number, head in heads(connection, said):
        if head is None:
            own = results.c.batch_id == said.batch_id, results.c.number == number
            connection.execute(delete(results).where(*own))
            chunk = chunks.c.batch_id == said.batch_id, chunks.c.number == number
            connection.execute(update(chunks).where(*chunk).values(state=WAITING, owner=""))
            continue
        done += 1
        failed += head.failed
        values_bytes += head.stored_bytes
        digests += (head.digest_of(m) for m in range(head.first, head.first + head.count))
    counts: dict[str, Any] = {
        "done_count": len(digests) - failed,
        "failed_count": failed,
        "done_chunks": done,
        "stored_bytes": values_bytes,
    }
    return change(connection, standing, **counts, **_ending(said, standing, counts, digests))


def _ending(
    said: Accepted, standing: Standing, counts: Mapping[str, int], digests: list[str]
) -> dict[str, Any]:
    """State, end and digest that go with the counts."""
    if counts["done_chunks"] == said.chunk_count:
        ended = {"ended_at": standing.ended_at or stamp(), "result_digest": result_digest(digests)}
        if standing.state == BatchState.CANCELLED:
            return {}
        failed = BatchState.COMPLETE_WITH_FAILURES if counts["failed_count"] else BatchState.COMPLETE
        return ended | {"state": failed.value}
    if standing.state in COMPLETE:
        return {"state": BatchState.RUNNING.value, "ended_at": "", "result_digest": ""}
    return {}


def settle(connection: Connection, batch_id: str, *, deep: bool) -> Standing:
    """Make a batch whole: its row, its chunks and its results agree again. For a store that nobody else writes to."""
    said = accepted(connection, batch_id)
    try:
        standing = load(connection, batch_id, lock=True)
    except DamagedStandingError:
        standing = _made_again(connection, said)
    if standing.deleted_at:
        return standing
    sound = {number for number, head in heads(connection, said, deep=deep) if head is not None}
    _settle_chunks(connection, said, sound)
    for number in connection.execute(_numbers(said)).scalars().all():
        if number not in sound:
            connection.execute(
                delete(results).where(results.c.batch_id == batch_id, results.c.number == number)
            )
    return recount(connection, said, standing)


def _settle_chunks(connection: Connection, said: Accepted, sound: set[int]) -> None:
    """Exactly the chunks that the batch was cut into; done are those whose result is sound."""
    own = chunks.c.batch_id == said.batch_id
    query = select(chunks.c.number, chunks.c.state).where(own)
    found = {row.number: row.state for row in connection.execute(query)}
    missing = {n: DONE if n in sound else WAITING for n in range(said.chunk_count) if n not in found}
    if missing:
        connection.execute(insert(chunks), [_chunk(said.batch_id, n, state) for n, state in missing.items()])
    found |= missing
    for number in range(said.chunk_count):
        done = number in sound
        if (found[number] == DONE) != done:
            state = DONE if done else WAITING
            connection.execute(
                update(chunks).where(own, chunks.c.number == number).values(state=state, owner="")
            )


def lay_out(connection: Connection, standing: Standing) -> None:
    """The chunks of an ended batch, in a table that is made at opening.

    Its results are looked at when they are read; when some are missing it runs again at once.
    """
    if standing.deleted_at:
        return
    said = accepted(connection, standing.batch_id)
    there = set(connection.execute(_numbers(said)).scalars())
    if standing.state in COMPLETE and there != set(range(said.chunk_count)):
        settle(connection, standing.batch_id, deep=True)
    else:
        _settle_chunks(connection, said, there)


def _made_again(connection: Connection, said: Accepted) -> Standing:
    """A new row in place of a damaged one; what only the row knew (when it started and ended) is given up."""
    kinds = {
        row.kind: row.head
        for row in connection.execute(
            select(records.c.kind, records.c.head).where(records.c.batch_id == said.batch_id)
        )
    }
    connection.execute(delete(batches).where(batches.c.batch_id == said.batch_id))
    # A key that was flipped may stand under another batch's name: it is in nobody's way then.
    connection.execute(delete(batches).where(batches.c.seq == said.seq))
    same_request = batches.c.owner == said.new.caller, batches.c.request_id == said.new.request_id
    connection.execute(delete(batches).where(*same_request))
    state = BatchState.CANCELLED if Kind.CANCELLED in kinds else BatchState.QUEUED
    whose: dict[str, Any] = {"owner": said.new.caller, "scope": said.new.scope}
    standing = Standing(said.batch_id, said.seq, said.new.request_id, said.new.region, state.value, **whose)
    if Kind.DELETED in kinds:
        with contextlib.suppress(ValueError, TypeError):
            standing = Standing(**json.loads(kinds[Kind.DELETED]) | whose)
    write_new(connection, standing)
    if _has_results(connection, said) and state is BatchState.QUEUED:
        standing = change(connection, standing, state=BatchState.RUNNING.value)
    return standing


def _numbers(said: Accepted) -> Select[int]:
    """Chunks that have a stored result, in order."""
    return select(results.c.number).where(results.c.batch_id == said.batch_id).order_by(results.c.number)


def _has_results(connection: Connection, said: Accepted) -> bool:
    return connection.execute(_numbers(said).limit(1)).first() is not None


def _chunk(batch_id: str, number: int, state: str) -> dict[str, Any]:
    return {"batch_id": batch_id, "number": number, "state": state, "attempt": 0, "owner": ""}
