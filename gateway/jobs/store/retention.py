"""What is deleted with time: results first, request ids later. Records of the chain stay, without specification."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from gateway.jobs.ports import Pruned
from gateway.jobs.store.chain import Kind, append
from gateway.jobs.store.stamps import stamp
from gateway.jobs.store.standing import Standing, change, load
from gateway.jobs.store.tables import batches, chunks, records, results
from gateway.jobs.words import ENDED


def prune(connection: Connection, now: datetime, retention_days: int, request_id_days: int) -> Pruned:
    """Delete results of batches that ended `retention_days` ago or more; forget those that ended `request_id_days` ago.

    A batch without results still stands with its counts and digest, and answers its request id; a forgotten one is
    gone. A batch whose results are kept is not forgotten.
    """
    emptied = forgotten = freed = 0
    for batch_id in _ended_before(connection, now - timedelta(days=retention_days)):
        # Chunks are locked before their batch, as everywhere.
        connection.execute(select(chunks.c.number).where(chunks.c.batch_id == batch_id).with_for_update())
        standing = load(connection, batch_id, lock=True)
        if standing.state in ENDED and not standing.deleted_at:
            freed += standing.stored_bytes
            standing = _empty(connection, standing, stamp(now))
            emptied += 1
        if standing.deleted_at and standing.ended_at <= stamp(now - timedelta(days=request_id_days)):
            _forget(connection, standing, stamp(now))
            forgotten += 1
    return Pruned(emptied, forgotten, freed)


def _ended_before(connection: Connection, limit: datetime) -> list[str]:
    query = select(batches.c.batch_id).where(batches.c.ended_at != "", batches.c.ended_at <= stamp(limit))
    return list(connection.execute(query.order_by(batches.c.seq)).scalars())


def _empty(connection: Connection, standing: Standing, at: str) -> Standing:
    for table in (results, chunks):
        connection.execute(delete(table).where(table.c.batch_id == standing.batch_id))
    after = change(connection, standing, deleted_at=at, stored_bytes=0)
    append(connection, Kind.DELETED, standing.batch_id, asdict(after))
    return after


def _forget(connection: Connection, standing: Standing, at: str) -> None:
    append(connection, Kind.FORGOTTEN, standing.batch_id, {"at": at})
    connection.execute(update(records).where(records.c.batch_id == standing.batch_id).values(spec=None))
    connection.execute(delete(batches).where(batches.c.batch_id == standing.batch_id))
