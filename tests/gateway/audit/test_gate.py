"""The audit gates: nothing is changed that is not written; refusals are told, floods counted; it mends by itself."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dafeng.batch.v1 import batch_pb2
from dafeng.scenarios.v1 import scenarios_pb2
from gateway.audit import log as log_module
from gateway.audit import spool
from gateway.audit.about import about
from gateway.audit.gate import AuditGate, ChangeGate, digest_of
from gateway.audit.log import AuditLog, LogSink
from gateway.audit.store import AuditStore
from gateway.audit.verify import verify
from gateway.audit.words import Outcome, Told
from gateway.jobs.ports import StoreAwayError, StoreFullError
from gateway.jobs.store import SqlStore
from gateway.owning import HiddenError
from services.common.acting import Actor
from services.common.errors import DomainError
from services.runtime.gates import Call
from tests.gateway.audit.conftest import told

SAVE = "/dafeng.scenarios.v1.ScenarioService/SaveScenario"
LIST = "/dafeng.scenarios.v1.ScenarioService/ListSavedScenarios"
WHO = Actor("zhang", frozenset({"planner"}), ("jiangsu/nantong",))


@dataclass
class Sink:
    """A store that can be away."""

    error: Exception | None = None
    written: list[Told] = field(default_factory=list)
    transactions: int = 0

    def append(self, told: list[Told]) -> None:
        if self.error is not None:
            raise self.error
        self.transactions += 1
        self.written += told

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        return [(t.outcome.value, t.reason) for t in self.written]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "_AGAIN_SECONDS", 0.02)


def call_of(method: str, request: Any, peer: str = "ipv4:10.0.0.7:4711", **metadata: str) -> Call:
    context = SimpleNamespace(invocation_metadata=lambda: tuple(metadata.items()), peer=lambda: peer)
    made = Call.of(method, context, request)
    made.actor = WHO
    return made


async def make(log: AuditLog, call: Call, work: Any = None) -> None:
    """A call as the server leads it: gates around work, which may raise."""
    async with AuditGate(log).pass_through(call), ChangeGate(log).pass_through(call):
        if work is not None:
            work()


def refused(reason: str, kind: type[DomainError] = DomainError) -> Any:
    def work() -> None:
        raise kind(reason)

    return work


SAVING = scenarios_pb2.SaveScenarioRequest()
SAVING.frame.region = "jiangsu"


async def test_a_change_is_on_disk_before_its_work_and_told_with_its_end() -> None:
    sink = Sink()
    seen: list[tuple[str, str]] = []

    def work() -> None:
        seen.extend(sink.outcomes)
        about("s-1", "jiangsu/nantong")

    async with AuditLog(sink).running() as log:
        await make(log, call_of(SAVE, SAVING), work)
    assert seen == [("begun", "")]
    begun, done = sink.written
    assert (done.outcome, done.object, done.scope, done.actor) == (
        Outcome.DONE,
        "s-1",
        "jiangsu/nantong",
        "zhang",
    )
    assert (begun.scope, begun.address, begun.act) == ("jiangsu", "ipv4:10.0.0.7:4711", SAVE.lstrip("/"))
    assert begun.request_id == done.request_id and begun.digest == done.digest == digest_of(SAVING)


@pytest.mark.parametrize("error", [StoreFullError("full"), StoreAwayError("away"), OSError("io")])
async def test_when_the_log_cannot_be_written_nothing_is_changed_and_reading_goes_on(
    error: Exception,
) -> None:
    sink = Sink(error)
    worked: list[int] = []
    async with AuditLog(sink).running() as log:
        for _ in range(3):
            with pytest.raises(DomainError) as told_error:
                await make(log, call_of(SAVE, SAVING), lambda: worked.append(1))
            assert told_error.value.reason == "AUDIT_AWAY"
        await make(log, call_of(LIST, scenarios_pb2.ListSavedScenariosRequest()), lambda: worked.append(2))
        assert worked == [2]
        sink.error = None
        for _ in range(200):
            with contextlib.suppress(DomainError):
                await make(log, call_of(SAVE, SAVING), lambda: worked.append(3))
                break
            await asyncio.sleep(0.01)
        assert worked == [2, 3], "it mends by itself"
    assert [o for o in sink.outcomes if o[0] == "begun"] == [("begun", "")]
    away = [t for t in sink.written if t.reason == "AUDIT_AWAY"]
    assert sum(t.count for t in away) >= 3, "what was refused meanwhile is told when it is back"


async def test_a_failed_change_is_told_with_its_reason() -> None:
    sink = Sink()
    async with AuditLog(sink).running() as log:
        for reason in ("QUOTA", "SAME_PERSON"):
            with pytest.raises(DomainError):
                await make(log, call_of(SAVE, SAVING), refused(reason))
        with pytest.raises(ZeroDivisionError):
            await make(log, call_of(SAVE, SAVING), lambda: 1 / 0)
    ends = [o for o in sink.outcomes if o[0] != "begun"]
    assert ends == [("failed", "QUOTA"), ("refused", "SAME_PERSON"), ("failed", "INTERNAL")]
    assert "division" not in repr(sink.written)


async def test_a_caller_who_leaves_a_change_is_told() -> None:
    sink = Sink()
    async with AuditLog(sink).running() as log:

        async def wait() -> None:
            async with ChangeGate(log).pass_through(call_of(SAVE, SAVING)):
                await asyncio.sleep(60)

        task = asyncio.create_task(wait())
        while not sink.written:
            await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.wait([task])
    assert sink.outcomes == [("begun", ""), ("failed", "CALLER_LEFT")]


async def test_refusals_of_identity_and_access_are_entries_and_other_errors_are_not() -> None:
    sink = Sink()
    request = batch_pb2.GetBatchRequest(batch_id="b-1")
    get = "/dafeng.batch.v1.BatchService/GetBatch"
    async with AuditLog(sink).running() as log:
        for reason in ("UNAUTHENTICATED", "NOT_ALLOWED", "INVALID_INPUT", "UNKNOWN_BATCH"):
            with pytest.raises(DomainError):
                await make(log, call_of(get, request), refused(reason))
        with pytest.raises(DomainError):
            await make(log, call_of(get, request), refused("UNKNOWN_BATCH", HiddenError))
    assert sink.outcomes == [
        ("refused", "UNAUTHENTICATED"),
        ("refused", "NOT_ALLOWED"),
        ("refused", "NOT_ALLOWED"),
    ]
    assert {t.object for t in sink.written} == {"b-1"}


async def test_a_flood_of_refusals_is_counted_whole_and_bounded() -> None:
    sink = Sink()
    async with AuditLog(sink).running() as log:
        for number in range(20_000):
            reason = ("CAPACITY", "UNAUTHENTICATED")[number % 2]
            log.tell_refusal(told(number, outcome=Outcome.REFUSED, reason=reason, actor=f"u{number % 1000}"))
    assert sum(t.count for t in sink.written) == 20_000
    assert len(sink.written) < 600


async def test_the_buffer_is_bounded_and_what_found_no_room_is_counted() -> None:
    sink = Sink(StoreAwayError("away"))
    async with AuditLog(sink, most_waiting=50).running() as log:
        kept = sum(log.tell(told(n)) for n in range(80))
        assert kept == 50 and log.waiting_count == 50
        with pytest.raises(DomainError, match="cannot be written"):
            await log.put(told(99))
        sink.error = None
    assert len(sink.written) == 51 and sink.written[-1].act == "audit.lost" and sink.written[-1].count == 30


async def test_entries_told_at_once_are_one_transaction_in_their_order() -> None:
    sink = Sink()
    async with AuditLog(sink).running() as log:
        await asyncio.gather(*(log.put(told(n)) for n in range(500)))
        assert [t.object for t in sink.written] == [f"o-{n}" for n in range(500)]
        assert sink.transactions <= 5


async def test_what_the_log_tells_is_a_chain_in_the_store(store: SqlStore) -> None:
    audit = AuditStore(store.database)
    async with AuditLog(audit).running() as log:
        await asyncio.gather(*(make(log, call_of(SAVE, SAVING)) for _ in range(20)))
    found = await asyncio.to_thread(verify, audit)
    assert found.faults == () and found.entry_count == 40


async def test_no_token_and_no_line_break_gets_into_an_entry() -> None:
    sink = Sink()
    call = call_of(LIST, SAVING, authorization="Bearer secret-token", **{"dafeng-request-id": "r 1"})
    call.actor = Actor("zhang\nadmin", WHO.roles, WHO.scopes)
    async with AuditLog(sink).running() as log:
        with pytest.raises(DomainError):
            await make(log, call, refused("NOT_ALLOWED"))
    assert "secret" not in repr(sink.written) and sink.written[0].actor == "zhang\ufffdadmin"


async def test_the_address_behind_the_page_is_the_browsers_and_nobody_elses_word() -> None:
    sink = Sink()
    named = {"dafeng-caller-address": "http:10.1.1.1:5"}
    async with AuditLog(sink).running() as log:
        for peer in ("unix:", "ipv4:10.0.0.9:1"):
            with pytest.raises(DomainError):
                await make(log, call_of(LIST, SAVING, peer, **named), refused("NOT_ALLOWED"))
    assert [t.address for t in sink.written] == ["http:10.1.1.1:5", "ipv4:10.0.0.9:1"]


async def test_without_a_store_changes_and_refusals_are_told_in_the_log(monkeypatch: Any) -> None:
    lines: list[dict[str, Any]] = []

    class Lines:
        """What is logged; other tests may have set up the real log."""

        def warning(self, event: str, **told: Any) -> None:
            lines.append({"event": event, **told})

    monkeypatch.setattr("gateway.audit.log.logger", Lines)
    async with AuditLog(LogSink()).running() as log:
        await make(log, call_of(SAVE, SAVING))
    assert [(line["act"], line["outcome"]) for line in lines if line["event"] == "audit"] == [
        (SAVE.lstrip("/"), "begun"),
        (SAVE.lstrip("/"), "done"),
    ]


def test_acts_of_commands_wait_in_a_private_file_until_they_are_in_the_log(tmp_path: Any) -> None:
    spool.tell_command(tmp_path, "identity.add_user", "li")
    spool.tell_command(tmp_path, "identity.block_user", "li", Outcome.FAILED, "INVALID_INPUT")
    assert {f.stat().st_mode & 0o777 for f in tmp_path.iterdir()} == {0o600}
    first = spool.take(tmp_path)
    assert spool.take(tmp_path) == first, "a gateway that ended before it wrote them finds them again"
    assert [(t.act, t.object, t.outcome) for t in first] == [
        ("identity.add_user", "li", Outcome.DONE),
        ("identity.block_user", "li", Outcome.FAILED),
    ]
    spool.taken(tmp_path)
    assert spool.take(tmp_path) == []


def test_an_act_that_is_told_while_a_gateway_takes_over_is_not_lost(tmp_path: Path) -> None:
    count, found = 120, []
    with ThreadPoolExecutor(4) as pool:
        telling = [
            pool.submit(spool.tell_command, tmp_path, "identity.block_user", f"u{n}") for n in range(count)
        ]
        while True:
            done = all(t.done() for t in telling)
            found += [t.object for t in spool.take(tmp_path)]
            spool.taken(tmp_path)
            if done and not (tmp_path / "audit-of-commands.jsonl").exists():
                break
    assert sorted(found) == sorted(f"u{n}" for n in range(count))
