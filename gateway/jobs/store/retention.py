"""What is deleted with time: results first, request ids later. Records of the chain stay, without specification.

The wall clock alone is not believed: a machine can start with one that is months ahead. When retention ran lately, it
may be off by the days since; after a longer time it has to go on for a day before anything is deleted.
"""

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection, delete, select, update

from gateway.jobs.ports import Pruned
from gateway.jobs.store.chain import Kind, append
from gateway.jobs.store.stamps import stamp
from gateway.jobs.store.standing import Standing, change, load
from gateway.jobs.store.tables import batches, chunks, records, results, retention
from gateway.jobs.words import ENDED

# A step of the clock that is believed: a part of what is kept, so that an error deletes little too early.
_STEP_PART: Final = 6
_MOST_STEP_DAYS: Final = 30
# How long a clock that stepped further has to go on: time for a person, or the network's time, to set it right, s.
_PROVEN_SECONDS: Final = 86_400.0
_log = structlog.get_logger()


class Clock:
    """Whether a time of the wall clock may delete, by when retention ran before and by this process' own clock."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        """`elapsed` counts seconds, whatever the wall clock is set to."""
        self._elapsed = elapsed
        self._doubted: tuple[datetime, float] | None = None

    def believes(self, now: datetime, before: datetime | None, step: timedelta) -> bool:
        """Not more than a step after `before`; or a day after that was first seen, and no further step since."""
        if before is not None and now - before <= step:
            self._doubted = None
            return True
        if self._doubted is not None:
            then, at = self._doubted
            passed = self._elapsed() - at
            if abs(now - then - timedelta(seconds=passed)) <= step:
                return passed >= _PROVEN_SECONDS
        self._doubted = now, self._elapsed()
        return False


def prune(
    connection: Connection, clock: Clock, now: datetime, retention_days: int, request_id_days: int
) -> Pruned:
    """Delete what its time has come for; nothing while the clock is in doubt. Processes prune one after another."""
    only = retention.c.id == 1
    found = connection.execute(select(retention.c.pruned_at).where(only).with_for_update()).scalar()
    before = _time(str(found))
    step = timedelta(days=max(1, min(_MOST_STEP_DAYS, retention_days // _STEP_PART)))
    # Nothing has ended in a new store: there is nothing to lose by any clock.
    if not clock.believes(now, before, step) and (before or _ended_before(connection, now)):
        text = "the clock is far ahead of the last time: nothing is deleted until it has gone on for a day"
        _log.warning("retention_waits", now=stamp(now), before=str(found), message=text)
        return Pruned(0, 0, 0)
    connection.execute(update(retention).where(only).values(pruned_at=stamp(now)))
    return _prune(connection, now, retention_days, request_id_days)


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _prune(connection: Connection, now: datetime, retention_days: int, request_id_days: int) -> Pruned:
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
