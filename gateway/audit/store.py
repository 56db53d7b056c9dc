"""Entries on disk, in the store of batches: a chain of their own, added to and read; retention alone takes away."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Connection, delete, func, insert, literal, select, update

from gateway.audit.chain import chained
from gateway.audit.words import CUT, AuditEntry, Outcome, Told
from gateway.jobs.store.database import Database, tried_again
from gateway.jobs.store.retention import Clock
from gateway.jobs.store.stamps import stamp
from gateway.jobs.store.tables import audit_end, audit_entries
from services.runtime.telemetry.metrics import metrics

_NAMES: Final = tuple(f.name for f in fields(AuditEntry))
_PAGE: Final = 1_000
_MOST_CUT: Final = 20_000  # entries that one transaction takes away
_STEP: Final = timedelta(days=30)  # a step of the clock that retention believes
_log = structlog.get_logger()


@dataclass(frozen=True)
class End:
    """Where the chain ends, and where what is kept of it begins."""

    seq: int
    hash: str
    first_seq: int
    anchor: str
    pruned_at: str


class AuditStore:
    """The audit log in one database."""

    def __init__(self, database: Database, algorithm: str = "sha256") -> None:
        self.database, self._algorithm = database, algorithm
        self._clock = Clock()

    @tried_again
    def append(self, told: Sequence[Told]) -> End:
        """Write entries, all or none; processes take turns at the end of the chain."""
        with self.database.transaction() as connection:
            end = self._append_in(connection, told)
        metrics().audit_entries.inc(len(told))
        return end

    @tried_again
    def end(self) -> End:
        """Where the chain ends."""
        with self.database.transaction() as connection:
            return _end(connection)

    @tried_again
    def listed(
        self, actor: str = "", act: str = "", outcome: str = "", limit: int = 100, before: int = 0
    ) -> tuple[AuditEntry, ...]:
        """Entries, the newest first; those before the entry `before`."""
        query = select(audit_entries).order_by(audit_entries.c.seq.desc()).limit(limit)
        if actor:
            query = query.where(audit_entries.c.actor == actor)
        if act:
            query = query.where(func.substr(audit_entries.c.act, 1, len(act)) == literal(act))
        if outcome:
            query = query.where(audit_entries.c.outcome == outcome)
        if before:
            query = query.where(audit_entries.c.seq < before)
        with self.database.transaction() as connection:
            return tuple(_entry(row) for row in connection.execute(query).mappings())

    def each(self, first: int = 0) -> Iterator[AuditEntry]:
        """Every entry from `first` on, in order, some in memory at a time."""
        while page := self._page(first):
            yield from page
            first = page[-1].seq + 1

    @tried_again
    def _page(self, first: int) -> list[AuditEntry]:
        query = select(audit_entries).where(audit_entries.c.seq >= first)
        with self.database.transaction() as connection:
            rows = connection.execute(query.order_by(audit_entries.c.seq).limit(_PAGE)).mappings()
            return [_entry(row) for row in rows]

    @tried_again
    def cut(self, now: datetime, retention_days: int, folder: Path | None = None) -> int:
        """Take away entries older than so many days; how many. They are written to a file in `folder` first.

        The hash of the last one that goes is kept, so that the chain verifies across the cut. Nothing goes while
        the clock is far ahead of the last time.
        """
        with self.database.transaction() as connection:
            count = self._cut_in(connection, now, retention_days, folder)
        if count:
            metrics().audit_entries.inc()  # the one that tells it
        return count

    def append_in(self, connection: Connection, told: Sequence[Told]) -> End:
        """The same in a transaction of the caller's: what it writes and these entries stand or fall together."""
        end = self._append_in(connection, told)
        metrics().audit_entries.inc(len(told))
        return end

    def _cut_in(self, connection: Connection, now: datetime, retention_days: int, folder: Path | None) -> int:
        end = _end(connection, lock=True)
        before = _time(end.pruned_at)
        believed = self._clock.believes(now, before, _STEP)
        old = _older(connection, stamp(now - timedelta(days=retention_days)), end)
        if not believed and (before is not None or old):
            _log.warning("audit_retention_waits", now=stamp(now), before=end.pruned_at)
            return 0
        _set_end(connection, pruned_at=stamp(now))
        if not old:
            return 0
        last = old[-1]
        if folder is not None:
            export(old, folder / f"audit-{old[0].seq:012d}-{last.seq:012d}.jsonl")
        _set_end(connection, first_seq=last.seq + 1, anchor=last.hash)
        connection.execute(delete(audit_entries).where(audit_entries.c.seq <= last.seq))
        text = f"{old[0].seq}-{last.seq}"
        self._append_in(connection, [Told(stamp(now), "", CUT, Outcome.DONE, object=text)])
        return len(old)

    def _append_in(self, connection: Connection, told: Sequence[Told]) -> End:
        end = _end(connection, lock=True)
        # An entry that somebody put behind the end is stepped over, not trusted: verify names it.
        behind = connection.execute(select(func.max(audit_entries.c.seq))).scalar() or 0
        seq, previous = max(end.seq, int(behind)), end.hash
        made = []
        for one in told:
            entry = chained(one, seq + 1, previous, self._algorithm)
            seq, previous = entry.seq, entry.hash
            made.append(asdict(entry))
        if made:
            connection.execute(insert(audit_entries), made)
            _set_end(connection, seq=seq, hash=previous)
        return End(seq, previous, end.first_seq, end.anchor, end.pruned_at)


def export(entries: Sequence[AuditEntry], path: Path) -> None:
    """Entries as JSON lines, on disk under their name only when whole."""
    beside = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(
        os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        for entry in entries:
            file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read_export(path: Path) -> Iterator[AuditEntry]:
    """Entries of an exported file. ValueError, KeyError or TypeError when it is none."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            plain = json.loads(line)
            yield AuditEntry(**{name: plain[name] for name in _NAMES})


def _older(connection: Connection, limit: str, end: End) -> list[AuditEntry]:
    """The entries at the beginning that are all before `limit`; one at least stays."""
    kept = connection.execute(
        select(func.min(audit_entries.c.seq)).where(audit_entries.c.at >= limit)
    ).scalar()
    last = min((kept or end.seq) - 1, end.seq - 1, end.first_seq + _MOST_CUT - 1)
    query = select(audit_entries).where(audit_entries.c.seq <= last).order_by(audit_entries.c.seq)
    return [_entry(row) for row in connection.execute(query).mappings()]


def _end(connection: Connection, *, lock: bool = False) -> End:
    query = select(audit_end).where(audit_end.c.id == 1)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one()
    return End(**{f.name: row[f.name] for f in fields(End)})


def _set_end(connection: Connection, **values: Any) -> None:
    connection.execute(update(audit_end).where(audit_end.c.id == 1).values(**values))


def _entry(row: Any) -> AuditEntry:
    return AuditEntry(**{name: row[name] for name in _NAMES})


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
