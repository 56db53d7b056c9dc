"""The chain of the audit log: whatever is done to it behind its back, verify names the place; retention alone may cut."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from gateway.audit.chain import hash_of
from gateway.audit.seals import Seal
from gateway.audit.settings import AuditSettings
from gateway.audit.store import AuditStore, End, read_export
from gateway.audit.verify import verify, verify_entries
from gateway.audit.words import AuditEntry
from gateway.jobs.store import SqlStore
from gateway.jobs.store.stamps import stamp
from gateway.jobs.store.tables import audit_entries
from tests.gateway.audit.conftest import told
from tests.gateway.jobs.store.conftest import fresh_schema

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def _tamper(log: AuditStore, *statements: str) -> None:
    """As somebody with the database's own rights, who takes the triggers away first."""
    with log.database.transaction() as connection:
        _triggers_off(connection)
        for statement in statements:
            connection.execute(text(statement))


def _triggers_off(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        names = (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        )
        for name in names:
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        for table in ("audit_entries", "audit_end"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))


def _places(log: AuditStore, *seals: Seal) -> list[int]:
    return [fault.seq for fault in verify(log, seals).faults]


def _rewrite(log: AuditStore, first: int, **change: Any) -> None:
    """The perfect forger: changes an entry and chains everything after it anew, the end as well."""
    entries = list(log.each())
    made: list[AuditEntry] = []
    for entry in entries:
        plain = vars(entry) | (change if entry.seq == first else {})
        plain |= {"previous": made[-1].hash if made else entry.previous}
        made.append(AuditEntry(**plain | {"hash": hash_of(AuditEntry(**plain))}))
    with log.database.transaction() as connection:
        _triggers_off(connection)
        for one in made:
            connection.execute(
                audit_entries.update().where(audit_entries.c.seq == one.seq).values(**vars(one))
            )
        connection.execute(text("UPDATE audit_end SET hash = :hash"), {"hash": made[-1].hash})


def test_what_was_told_is_whole_and_in_order(log: AuditStore) -> None:
    found = verify(log)
    assert found.faults == () and (found.entry_count, found.first_seq, found.last_seq) == (12, 1, 12)
    assert found.last_hash == log.end().hash == list(log.each())[-1].hash
    assert [e.object for e in log.listed(limit=3)] == ["o-12", "o-11", "o-10"]
    assert [e.seq for e in log.listed(limit=3, before=10)] == [9, 8, 7]
    assert log.listed(actor="nobody") == () and len(log.listed(act="dafeng.x", outcome="done")) == 12


def test_the_hash_is_over_everything_that_an_entry_says(log: AuditStore) -> None:
    entry = next(log.each())
    said = [v for k, v in vars(entry).items() if k != "hash"]
    expected = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    assert entry.hash == hashlib.sha256(expected).hexdigest()


@pytest.mark.parametrize("part", ["actor", "act", "object", "scope", "outcome", "reason", "request_id", "address", "digest", "at", "hash", "previous", "algorithm"])  # fmt: skip
def test_an_edited_entry_is_named(log: AuditStore, part: str) -> None:
    _tamper(log, f"UPDATE audit_entries SET {part} = 'x' WHERE seq = 7")
    assert 7 in _places(log) and set(_places(log)) <= {7, 8}


def test_a_deleted_entry_is_named(log: AuditStore) -> None:
    _tamper(log, "DELETE FROM audit_entries WHERE seq = 7")
    assert _places(log) == [7]


def test_entries_that_changed_places_are_named(log: AuditStore) -> None:
    _tamper(log, "UPDATE audit_entries SET seq = 100 WHERE seq = 4", "UPDATE audit_entries SET seq = 4 WHERE seq = 9",
            "UPDATE audit_entries SET seq = 9 WHERE seq = 100")  # fmt: skip
    faults = {f.seq: f.what for f in verify(log).faults}
    assert "it was entry 9" in faults[4] and "it was entry 4" in faults[9]


def test_an_inserted_entry_is_named(log: AuditStore) -> None:
    entry = list(log.each())[-1]
    plain = vars(entry) | {"seq": 13, "previous": entry.hash, "object": "never happened"}
    forged = AuditEntry(**plain | {"hash": hash_of(AuditEntry(**plain))})
    with log.database.transaction() as connection:
        connection.execute(audit_entries.insert().values(**vars(forged)))  # adding is what triggers allow
    assert _places(log) == [13]
    log.append([told(14)])  # the log goes on, and the forged entry still shows
    assert _places(log) == [14]


def test_an_entry_pushed_in_between_is_named_from_its_place_on(log: AuditStore) -> None:
    move = [f"UPDATE audit_entries SET seq = {seq + 1} WHERE seq = {seq}" for seq in range(12, 6, -1)]
    copy = "INSERT INTO audit_entries SELECT 7, at, actor, act, 'forged', scope, outcome, reason, request_id, address, digest, count, algorithm, previous, hash FROM audit_entries WHERE seq = 6"  # fmt: skip
    _tamper(log, *move, copy, "UPDATE audit_end SET seq = 13")
    assert _places(log)[0] == 7


def test_entries_that_are_written_while_the_chain_is_looked_at_are_no_fault(log: AuditStore) -> None:
    end, log.end = log.end, lambda: _and_then(log, end)  # type: ignore[method-assign]
    assert verify(log).faults == ()


def _and_then(log: AuditStore, end: Callable[[], End]) -> End:
    """The end, after which the gateway goes on writing."""
    found = end()
    log.append([told(100)])
    return found


def test_a_cut_tail_is_named(log: AuditStore) -> None:
    _tamper(log, "DELETE FROM audit_entries WHERE seq > 10")
    assert _places(log) == [11, 12]


def test_a_cut_tail_with_its_end_mended_is_told_by_a_seal(log: AuditStore) -> None:
    sealed = Seal("2026-01-01T00:00:00.000Z", 12, log.end().hash)
    tenth = list(log.each())[9]
    _tamper(
        log,
        "DELETE FROM audit_entries WHERE seq > 10",
        f"UPDATE audit_end SET seq = 10, hash = '{tenth.hash}'",
    )
    assert _places(log) == [], "without a seal nothing can tell"
    assert _places(log, sealed) == [11]


def test_a_chain_that_was_written_anew_is_told_by_a_seal(log: AuditStore) -> None:
    sealed = Seal("2026-01-01T00:00:00.000Z", 9, list(log.each())[8].hash)
    _rewrite(log, 5, actor="somebody else")
    assert _places(log) == [], "a perfect forger with all rights"
    assert _places(log, sealed) == [9]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entries SET actor = 'x' WHERE seq = 3", "DELETE FROM audit_entries WHERE seq = 12",
     "DELETE FROM audit_end", "UPDATE audit_end SET seq = 3", "UPDATE audit_end SET first_seq = 99"],
)  # fmt: skip
def test_the_database_itself_refuses_changes(store: SqlStore, log: AuditStore, statement: str) -> None:
    with pytest.raises(SQLAlchemyError, match="append-only"), store.database.engine.begin() as connection:
        connection.execute(text(statement))


def test_one_year_of_retention_keeps_180_days_and_verifies_across_the_cut(
    store: SqlStore, tmp_path: Path
) -> None:
    log = AuditStore(store.database)
    first = NOW - timedelta(days=365)
    for day in range(0, 365, 5):
        log.append([told(day * 10 + k, stamp(first + timedelta(days=day))) for k in range(10)])
    before = list(log.each())
    assert log.cut(first, 180, tmp_path) == 0, "the clock is known from here on"
    for day in range(0, 370, 5):
        log.cut(first + timedelta(days=day), 180, tmp_path)
    kept = list(log.each())
    limit = stamp(NOW - timedelta(days=180))
    assert {e.seq for e in before if e.at >= limit} <= {e.seq for e in kept}
    assert min(e.at for e in kept if e.act != "audit.cut") >= stamp(NOW + timedelta(days=-190))
    found = verify(log)
    assert found.faults == () and found.first_seq > 1
    files = sorted(tmp_path.glob("audit-*.jsonl"))
    gone = [e for path in files for e in read_export(path)]
    assert gone == [e for e in before if e.seq < found.first_seq]
    joined = [*gone, *kept]
    end = log.end()
    assert verify_entries(joined, End(end.seq, end.hash, 1, "", "")).faults == (), (
        "files and log are one chain"
    )
    gone_too = kept[3]
    _tamper(
        log,
        f"DELETE FROM audit_entries WHERE seq <= {gone_too.seq}",
        f"UPDATE audit_end SET first_seq = {gone_too.seq + 1}, anchor = '{gone_too.hash}'",
    )
    assert _places(log) == [gone_too.seq], "a beginning that retention did not take away is named"
    _tamper(log, "UPDATE audit_end SET anchor = 'x'")
    assert _places(log)[0] == gone_too.seq + 1


def test_entries_outlive_a_clock_that_jumps_ahead(store: SqlStore) -> None:
    log = AuditStore(store.database)
    log.append([told(n, stamp(NOW)) for n in range(5)])
    assert log.cut(NOW, 180) == 0
    assert log.cut(NOW + timedelta(days=4000), 180) == 0
    assert len(list(log.each())) == 5


def test_less_than_180_days_and_unknown_algorithms_are_refused() -> None:
    for wrong in ({"retention_days": 179}, {"algorithm": "md5"}):
        with pytest.raises(ValidationError):
            AuditSettings.model_validate(wrong)
    assert AuditSettings(retention_days=180).retention_days == 180


def test_the_algorithm_may_change_within_a_chain(log: AuditStore) -> None:
    if "sm3" not in hashlib.algorithms_available:
        pytest.skip("this OpenSSL has no SM3")
    AuditStore(log.database, "sm3").append([told(13)])
    log.append([told(14)])
    assert [e.algorithm for e in log.listed(limit=3)] == ["sha256", "sm3", "sha256"]
    assert verify(log).faults == ()


def test_two_gateways_on_one_database_append_without_breaking_the_chain(
    postgres_url: str, opens: Callable[..., SqlStore]
) -> None:
    url = fresh_schema(postgres_url)
    logs = [AuditStore(opens(url).database) for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: logs[n % 2].append([told(n), told(n)]), range(60)))
    found = verify(logs[0])
    assert found.faults == () and found.entry_count == 120
