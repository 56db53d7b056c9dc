"""How far a batch is: one row with a digest of its own, made again from what hangs on it when the digest is wrong."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from gateway.jobs.store.chain import Kind, fault_of
from gateway.jobs.store.tables import batches, records
from gateway.jobs.words import Batch, BatchState, NewBatch
from gateway.owning import LOCAL_OWNER
from services.common.errors import DomainError
from services.common.words import Revision


@dataclass(frozen=True)
class Standing:
    """The row; `done_count` counts members with values, `deleted_at` says when retention took the results."""

    batch_id: str
    seq: int
    request_id: str
    region: str
    state: str
    done_count: int = 0
    failed_count: int = 0
    done_chunks: int = 0
    stored_bytes: int = 0
    started_at: str = ""
    ended_at: str = ""
    result_digest: str = ""
    deleted_at: str = ""
    owner: str = LOCAL_OWNER
    scope: str = ""

    def digest(self) -> str:
        """SHA-256 (hex) over the row."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()


_NAMES: Final = tuple(f.name for f in fields(Standing))


class DamagedStandingError(Exception):
    """The row of a batch does not have its digest, or is missing though the batch was accepted."""


@dataclass(frozen=True)
class Accepted:
    """A batch as it was accepted: what the chain's record says."""

    batch_id: str
    seq: int
    created_at: str
    new: NewBatch  # without its spec_text, which can be long: see `spec_text`

    @property
    def chunk_count(self) -> int:
        """Chunks in all."""
        return -(-self.new.member_count // self.new.chunk_size)

    @property
    def column_count(self) -> int:
        """Values of a member."""
        return self.new.column_count

    def span(self, number: int) -> tuple[int, int]:
        """First member and count of a chunk."""
        first = number * self.new.chunk_size
        return first, min(self.new.chunk_size, self.new.member_count - first)


def accepted(connection: Connection, batch_id: str) -> Accepted:
    """The record of a batch. DomainError: UNKNOWN_BATCH, or STORE_DAMAGED when it is not as it was written."""
    columns = [c for c in records.c if c.name != "spec"]
    found = connection.execute(select(*columns).where(records.c.batch_id == batch_id)).mappings().all()
    said = {row["kind"] for row in found}
    row = next((row for row in found if row["kind"] == Kind.ACCEPTED), None)
    if row is None or Kind.FORGOTTEN in said or Kind.LOST in said:
        if Kind.LOST in said:
            raise DomainError(
                "STORE_DAMAGED", detail=f"batch {batch_id} was damaged and given up by a repair"
            )
        raise DomainError("UNKNOWN_BATCH", detail=batch_id)
    if fault_of({**row, "spec": None}, frozenset([batch_id])):
        raise DomainError("STORE_DAMAGED", detail=f"the record of batch {batch_id}")
    return _accepted(dict(row))


def load(connection: Connection, batch_id: str, *, lock: bool = False) -> Standing:
    """The row of a batch. DomainError(UNKNOWN_BATCH); DamagedStandingError."""
    query = select(batches).where(batches.c.batch_id == batch_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        accepted(connection, batch_id)
        raise DamagedStandingError(batch_id)
    return opened(dict(row))


def opened(row: Mapping[str, Any]) -> Standing:
    """A row as read. DamagedStandingError."""
    standing = Standing(**{name: row[name] for name in _NAMES})
    if standing.digest() != row["digest"]:
        raise DamagedStandingError(str(row["batch_id"]))
    return standing


def write_new(connection: Connection, standing: Standing) -> None:
    """Add the row."""
    connection.execute(insert(batches).values(**asdict(standing), digest=standing.digest()))


def change(connection: Connection, standing: Standing, **changes: Any) -> Standing:
    """Write changes; the row as it stands then."""
    after = replace(standing, **changes)
    if after == standing:
        return standing
    connection.execute(
        update(batches)
        .where(batches.c.batch_id == standing.batch_id)
        .values(**asdict(after), digest=after.digest())
    )
    return after


def batch_of(said: Accepted, standing: Standing) -> Batch:
    """The batch as callers see it."""
    new = said.new
    return Batch(
        batch_id=said.batch_id,
        request_id=new.request_id,
        title=new.title,
        state=BatchState(standing.state),
        member_count=new.member_count,
        done_count=standing.done_count,
        failed_count=standing.failed_count,
        chunk_count=said.chunk_count,
        launcher=new.launcher,
        created_at=said.created_at,
        started_at=standing.started_at,
        ended_at=standing.ended_at,
        spec_digest=new.spec_digest,
        result_digest=standing.result_digest,
        revision=new.revision,
        processor=new.processor,
        owner=new.caller,
        scope=new.scope,
    )


def _accepted(row: Mapping[str, Any]) -> Accepted:
    plain = json.loads(row["head"])
    names = {f.name for f in fields(NewBatch)}
    kept = {name: value for name, value in plain.items() if name in names}
    # What was accepted before there were scopes is the whole region's.
    scope = plain.get("scope") or plain["region"]
    new = NewBatch(**kept | {"revision": Revision(**plain["revision"]), "spec_text": "", "scope": scope})
    return Accepted(row["batch_id"], row["seq"], plain["created_at"], new)
