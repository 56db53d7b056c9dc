"""What a refusal costs: it is decided before anything is begun, told by a status made before, and only counted."""

import asyncio
import gc
import random

import grpc
import pytest

from services.common.errors import DomainError
from services.runtime import interceptor
from services.runtime.collector import keep_what_is_warm
from services.runtime.gates import Call
from services.runtime.overload.admission import gateway_gate, sector_gate
from services.runtime.overload.lines import Line, Lines
from services.runtime.overload.paces import Paces
from services.runtime.overload.settings import AdmissionSettings
from services.runtime.overload.sharing import SharedReplies
from services.runtime.statuses import PLAIN_ROOM_BYTES, plain_status, status_of
from tests.services.runtime.overload.test_gates import outcomes, served


class Full:
    """No room for anybody."""

    def check(self, call):
        raise DomainError("CAPACITY")


def call_of(request):
    return Call("/dafeng.test.v1.Test/Work", None, request)


def test_a_call_without_room_is_refused_before_a_task_or_a_run_is_begun():
    async def run():
        computed = []

        async def compute():
            computed.append(1)
            return b"reply"

        sharing = SharedReplies(0, 60.0)
        before = asyncio.all_tasks()
        with pytest.raises(DomainError, match="busy") as caught:
            # One step: nothing else has its turn before the refusal.
            sharing.answer(call_of(b"new"), compute, Full()).send(None)
        assert caught.value.reason == "CAPACITY"
        assert asyncio.all_tasks() == before
        assert computed == []

    asyncio.run(run())


def test_what_is_kept_or_under_way_is_answered_where_there_is_no_room():
    async def run():
        done = asyncio.Event()

        async def compute():
            await done.wait()
            return b"reply"

        sharing = SharedReplies(100_000, 60.0)
        first = asyncio.create_task(sharing.answer(call_of(b"same"), compute))
        await asyncio.sleep(0)
        second = asyncio.create_task(sharing.answer(call_of(b"same"), compute, Full()))
        await asyncio.sleep(0)
        done.set()
        assert await first == await second == b"reply"
        assert await sharing.answer(call_of(b"same"), compute, Full()) == b"reply"

    asyncio.run(run())


def test_room_is_told_exactly_where_a_ticket_would_be_given():
    chance = random.Random(3)
    told = set()
    for share, room in ((1.0, 0), (0.5, 4), (0.34, 6), (1.0, 3)):
        lines = Lines({n: Line(2, room, share) for n in ("light", "short", "interactive", "heavy", "batch")})
        tickets = []
        for _ in range(2_000):
            if tickets and chance.random() < 0.4:
                lines.leave(tickets.pop(chance.randrange(len(tickets))))
                continue
            name, caller = chance.choice(("interactive", "interactive", "batch")), chance.choice("abcd")
            said, ticket = lines.has_room(name, caller), lines.enter(name, caller)
            assert said == (ticket is not None)
            told.add(said)
            tickets += [ticket] if ticket is not None else []
    assert told == {True, False}


def test_as_many_calls_wait_as_are_computed_where_the_settings_say_nothing():
    line = gateway_gate(AdmissionSettings(), Paces(), one_caller=True).lines.lines["interactive"]
    assert line.room == line.limit >= 2
    chosen = gateway_gate(AdmissionSettings(interactive=3, interactive_queue=5), Paces(), one_caller=True)
    assert (chosen.lines.lines["interactive"].limit, chosen.lines.lines["interactive"].room) == (3, 5)


def test_a_sector_refuses_nothing_that_gateways_can_have_admitted():
    lines = sector_gate(AdmissionSettings()).lines
    for name in ("short", "interactive", "heavy", "batch"):
        assert all(lines.enter(name, "a") is not None for _ in range(8192))


def test_the_status_of_a_refusal_is_the_same_however_it_was_made():
    error = DomainError("CAPACITY", detail="2 interactive calls are under way and 2 wait", retry_after_s=0.35)
    status = status_of(error, PLAIN_ROOM_BYTES)
    assert plain_status("CAPACITY", error.detail, 350) == (status.SerializeToString(), status.message)


def test_refusals_have_a_handful_of_statuses():
    gate = gateway_gate(AdmissionSettings(interactive=2), Paces(), one_caller=True)
    for _ in range(4):
        gate.lines.enter("interactive", "")
    waits = set()
    for _ in range(500):
        with pytest.raises(DomainError) as caught:
            gate.check(call_of(b""))
        waits.add(round(caught.value.retry_after_s * 1e3))
    assert 1 < len(waits) <= 20


def test_a_flood_of_refusals_writes_no_lines(monkeypatch):
    lines = []

    class Told:
        def info(self, event, **facts):
            lines.append(facts["outcome"])

        def debug(self, event, **facts):
            pass

    monkeypatch.setattr(interceptor, "logger", Told)

    async def test(bench):
        found = await outcomes([bench.call(0.3, tag=str(i)) for i in range(60)])
        assert found.count(grpc.StatusCode.RESOURCE_EXHAUSTED.name) == 54
        await bench.idle()
        assert lines == ["ok"] * 6

    served(test, shared=True)


def test_a_warm_process_leaves_what_it_holds_out_of_later_collections():
    before = gc.get_threshold()
    try:
        keep_what_is_warm()
        assert gc.get_freeze_count() > 10_000
        assert len(gc.get_objects(generation=2)) < gc.get_freeze_count()
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
