"""Repair of a damaged store: a copy aside first; then what is sound is kept, and what is not is told.

Damaged records at the end of the chain are cut off; one in the middle is given up by a new record that names it, and
its batch is lost with it. Damaged results are left out: they are calculated again.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update

from gateway.jobs.ports import StoreDamagedError, StoreRefusedError
from gateway.jobs.store.chain import Kind, append
from gateway.jobs.store.kept_rows import DamagedRowError, damaged_rows, give_up, lost_text, opened_row
from gateway.jobs.store.migrate import migrate
from gateway.jobs.store.open import open_database, open_store, parse
from gateway.jobs.store.salvage import MOST_CUT, Plan, plan
from gateway.jobs.store.sqlite import Sqlite
from gateway.jobs.store.stamps import file_stamp, stamp
from gateway.jobs.store.standing import DamagedStandingError, opened
from gateway.jobs.store.tables import (
    audit_end,
    audit_entries,
    batches,
    chain_end,
    chunks,
    records,
    release_contents,
    release_end,
    release_steps,
    releases,
    results,
    scenarios,
)

_AUDIT_PAGE: Final = 500
_MISSES: Final = 2 * MOST_CUT  # so many numbers without a record: there are no more


def repair(url: str) -> list[str]:
    """Repair a store that nobody has open; what was done, one line each. StoreDamagedError: nothing can be saved."""
    parsed = parse(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists():
        raise StoreRefusedError(f"没有该文件 / there is no file {parsed.database}")
    database = open_database(url)
    try:
        told = _repair_file(database) if isinstance(database, Sqlite) else _repair_server(database)
    finally:
        database.close()
    open_store(url).close()
    return [*told, "已修复并通过检查 / repaired and checked"]


def _repair_file(database: Sqlite) -> list[str]:
    path = database.path
    aside = path.with_name(f"{path.name}.damaged-{file_stamp()}")
    beside = path.with_name(path.name + ".repaired")
    shutil.copy2(path, aside)
    journal = path.with_name(path.name + "-journal")
    if journal.exists():
        shutil.copy2(journal, aside.with_name(aside.name + "-journal"))
    beside.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as source:
            source.row_factory = sqlite3.Row
            source.text_factory = lambda data: data.decode("utf-8", "replace")
            told = _rebuilt(source, beside)
        journal.unlink(missing_ok=True)
        beside.replace(path)
    finally:
        for rest in path.parent.glob(beside.name + "*"):
            rest.unlink()
    return [f"损坏的文件已另存 / the damaged file is kept as {aside}", *told]


def _rebuilt(source: sqlite3.Connection, beside: Path) -> list[str]:
    found = {row["seq"]: row for row in _records_of(source)}
    kept = [*_read(source, "SELECT * FROM scenarios ORDER BY seq", ())]
    if not found and not kept:
        raise StoreDamagedError(
            "没有可读的记录,请恢复备份 / no record can be read: put back a backup, or move the file away to begin anew"
        )
    end = max((row["seq"] for row in _read(source, "SELECT seq FROM chain_end", ())), default=0)
    decided = plan(found, end if isinstance(end, int) else 0, _given_up(found))
    target = Sqlite(beside)
    try:
        with target.transaction() as connection:
            migrate(connection)
            for row in decided.kept.values():
                connection.execute(insert(records).values(**row))
            for row in _read(source, "SELECT * FROM batches", ()):
                with suppress(DamagedStandingError, KeyError, TypeError):
                    opened(row)
                    connection.execute(insert(batches).values(**row))
            known = {r["batch_id"] for r in decided.kept.values() if r["kind"] == Kind.ACCEPTED}
            for batch_id in known:
                _copy_results(source, connection, batch_id)
            _copy_releases(source, connection)
            told = [*_write_plan(connection, decided), *_copy_scenarios(connection, kept)]
            return [*told, *_copy_audit(source, connection)]
    finally:
        target.close()


def _copy_results(source: sqlite3.Connection, connection: Connection, batch_id: str) -> None:
    """Results as far as they can be read; opening and reading check their digests."""
    asked = "SELECT number FROM results WHERE batch_id = ? ORDER BY number"
    for number in [row["number"] for row in _read(source, asked, (batch_id,))]:
        one = "SELECT * FROM results WHERE batch_id = ? AND number = ?"
        for row in _read(source, one, (batch_id, number)):
            with suppress(TypeError, ValueError):
                connection.execute(insert(results).values(**row))


def _copy_releases(source: sqlite3.Connection, connection: Connection) -> None:
    """Releases as they stand: nothing of them can be made anew, and what is damaged is told when it is read."""
    if end := [*_read(source, "SELECT * FROM release_end", ())]:
        connection.execute(delete(release_end))
        connection.execute(insert(release_end).values(**end[0]))
    for table in (releases, release_steps, release_contents):
        for row in _read(source, f"SELECT * FROM {table.name}", ()):
            with suppress(TypeError, ValueError):
                connection.execute(insert(table).values(**row))


def _copy_scenarios(connection: Connection, kept: list[dict[str, Any]]) -> list[str]:
    """Kept scenarios that have their digests; a line for each that is lost."""
    told = []
    for row in kept:
        try:
            values = opened_row(row).values()
        except (DamagedRowError, KeyError):
            told.append(lost_text(row))
            continue
        connection.execute(insert(scenarios).values(**values))
    return told


def _copy_audit(source: sqlite3.Connection, connection: Connection) -> list[str]:
    """The audit log as it stands, faults and all: `dafeng audit verify` names them, a repair does not hide them."""
    end = next(_read(source, "SELECT * FROM audit_end WHERE id = 1", ()), None)
    last = next(_read(source, "SELECT max(seq) AS seq FROM audit_entries", ()), {"seq": 0})["seq"] or 0
    if end is None and not last:
        return []
    asked = "SELECT * FROM audit_entries WHERE seq BETWEEN ? AND ?"
    found = 0
    for start in range(1, last + 1, _AUDIT_PAGE):
        rows = list(_read(source, asked, (start, start + _AUDIT_PAGE - 1)))
        if len(rows) < min(_AUDIT_PAGE, last - start + 1):  # a damaged page may hide the rest: one by one
            each = (_read(source, asked, (seq, seq)) for seq in range(start, start + _AUDIT_PAGE))
            rows = [row for one in each for row in one]
        if rows:
            connection.execute(insert(audit_entries), rows)
        found += len(rows)
    if end is not None:
        connection.execute(update(audit_end).where(audit_end.c.id == 1).values(**end))
    return [f"审计日志 / audit log: {found} 条 entries kept; check it with `dafeng audit verify`"]


def _records_of(source: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Every record that can be read, one by one: a damaged page hides only its own."""
    seq = missed = 0
    while missed < _MISSES:
        seq += 1
        found = list(_read(source, "SELECT * FROM records WHERE seq = ?", (seq,)))
        missed = 0 if found else missed + 1
        yield from found


def _read(source: sqlite3.Connection, asked: str, values: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    with suppress(sqlite3.DatabaseError):
        for row in source.execute(asked, values):
            yield dict(row)


def _repair_server(database: Any) -> list[str]:
    with database.transaction() as connection:
        found = {row["seq"]: dict(row) for row in connection.execute(select(records)).mappings()}
        end = connection.execute(select(func.max(chain_end.c.seq))).scalar() or 0
        decided = plan(found, end, _given_up(found))
        gone = [found[f.seq] for f in decided.lost if f.seq in found]
        aside = Path(f"dafeng-store-damaged-{file_stamp()}.json").absolute()
        lost = damaged_rows(connection)
        before = [*gone, *(found[f.seq] for f in decided.mended), *lost]
        aside.write_text(
            json.dumps(before, default=lambda value: bytes(value).hex(), indent=1), encoding="utf-8"
        )
        for seq in found:
            if seq not in decided.kept:
                connection.execute(delete(records).where(records.c.seq == seq))
        for fault in decided.mended:
            connection.execute(
                update(records).where(records.c.seq == fault.seq).values(**decided.kept[fault.seq])
            )
        told = [*_write_plan(connection, decided), *give_up(connection, lost)]
    return [f"损坏的记录已另存 / the damaged records are kept in {aside}", *told]


def _write_plan(connection: Connection, decided: Plan) -> list[str]:
    """The end of the chain, and a record for each one given up; batches that are lost are taken out."""
    hash_now = decided.kept[decided.last]["hash"] if decided.kept else ""
    connection.execute(delete(chain_end))
    connection.execute(insert(chain_end).values(id=1, seq=decided.last, hash=hash_now))
    told = [f"已复原 / mended: {fault}" for fault in decided.mended]
    accepted = {row["batch_id"] for row in decided.kept.values() if row["kind"] == Kind.ACCEPTED}
    for fault in decided.lost:
        query = select(batches.c.batch_id).where(batches.c.seq == fault.seq)
        batch_id = connection.execute(query).scalar() or fault.batch_id
        lost = batch_id if batch_id not in accepted else ""
        # A record cut off the end leaves its number free; one in the middle is named.
        seqs = [fault.seq] if fault.seq < decided.last else []
        append(connection, Kind.LOST, lost, {"seqs": seqs, "at": stamp(), "what": fault.what})
        for table in (results, chunks, batches):
            if lost and connection.dialect.has_table(connection, table.name):
                connection.execute(delete(table).where(table.c.batch_id == lost))
        told.append(f"已放弃 / given up: {fault}" + (f"; 批次丢失 / batch {lost} is lost" if lost else ""))
    return told


def _given_up(found: Mapping[int, Mapping[str, Any]]) -> frozenset[int]:
    seqs: set[int] = set()
    for row in found.values():
        if row["kind"] == Kind.LOST:
            with suppress(ValueError, KeyError, TypeError):
                seqs |= set(json.loads(row["head"])["seqs"])
    return frozenset(seqs)
