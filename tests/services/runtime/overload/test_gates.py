"""Admission, deadlines and sharing on a real server: what callers see, and what is computed."""

import asyncio
import contextlib
import time

import grpc
import pytest

from services.common.access import Rule
from services.common.acting import Actor
from services.common.errors import DomainError
from services.runtime.gates import QUOTA_KEY, Call, Gates
from services.runtime.interceptor import CallInterceptor
from services.runtime.logs import configure_logs
from services.runtime.overload.admission import AdmissionGate, deadlines_of
from services.runtime.overload.deadlines import DeadlineGate
from services.runtime.overload.lines import Line, Lines
from services.runtime.overload.paces import Paces
from services.runtime.overload.settings import AdmissionSettings
from services.runtime.overload.sharing import SharedReplies
from services.runtime.statuses import retry_after_s, status_of_rpc_error
from services.runtime.under_way import under_way

WORK = "/dafeng.test.v1.Test/Work"
STREAM = "/dafeng.test.v1.Test/Stream"


class Who:
    """Says who asks, by the metadata `user`, and which rule a method has."""

    def __init__(self, shared):
        self.shared = shared

    @contextlib.asynccontextmanager
    async def pass_through(self, call: Call):
        call.actor = Actor(call.metadata.get("user", "a"), frozenset(), ())
        call.rule = Rule.model_validate(
            {"act": "project", "class": call.metadata.get("class", "interactive"), "shared": self.shared}
        )
        yield


class Service:
    """Takes as many seconds as the request says; counts what it does."""

    def __init__(self):
        self.runs = self.under_way = self.most = self.stopped = 0
        self.ends = []

    async def work(self, request, context):
        await self._busy(request)
        return b"reply to " + request

    async def stream(self, request, context):
        await self._busy(request)
        yield b"1"
        yield b"2"

    async def _busy(self, request):
        self.runs += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.ends.append(under_way().time_left_s())
        try:
            if request.startswith(b"bad"):
                await asyncio.sleep(0.5)
                raise DomainError("UNKNOWN_REGION")
            await asyncio.sleep(float(request.split()[0]))
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        finally:
            self.under_way -= 1


class Bench:
    """A server with gates, and a channel to it."""

    def __init__(self, service, channel, lines, sharing):
        self.service, self.channel, self.lines, self.sharing = service, channel, lines, sharing

    def call(self, seconds, user="a", timeout=20.0, method=WORK, tag="", **metadata):
        given = (("user", user), *metadata.items())
        request = f"{seconds} {tag}".encode()
        if method is WORK:
            return self.channel.unary_unary(WORK)(request, timeout=timeout, metadata=given)
        return self.channel.unary_stream(STREAM)(request, timeout=timeout, metadata=given)

    async def idle(self):
        """Wait until nothing is under way."""
        for _ in range(100):
            if not any(line.in_flight or line.waiting for line in self.lines.lines.values()):
                return
            await asyncio.sleep(0.02)
        raise AssertionError("a slot did not come back")


def served(test, *, limit=2, room=4, share=1.0, shared=False, kept_bytes=0, paces=None, **settings):
    async def run():
        configure_logs("error")
        service = Service()
        chosen = AdmissionSettings(**settings)
        learned = paces or Paces()
        lines = Lines(
            {
                "light": Line(4, 0, share),
                "short": Line(limit, room, share),
                "interactive": Line(limit, room, share),
                "heavy": Line(1, room, share),
                "batch": Line(1, room, share),
            }
        )
        admission = AdmissionGate(lines, learned, deadlines_of(chosen))
        sharing = SharedReplies(kept_bytes, 60.0)
        gates = Gates((Who(shared), DeadlineGate(chosen)), sharing, (admission,), room=admission)
        server = grpc.aio.server(interceptors=[CallInterceptor(gates)])
        handlers = {
            "Work": grpc.unary_unary_rpc_method_handler(service.work),
            "Stream": grpc.unary_stream_rpc_method_handler(service.stream),
        }
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler("dafeng.test.v1.Test", handlers),)
        )
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        try:
            async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
                await test(Bench(service, channel, lines, sharing))
        finally:
            await server.stop(0)

    asyncio.run(run())


async def outcomes(calls):
    found = await asyncio.gather(*calls, return_exceptions=True)
    return [f.code().name if isinstance(f, grpc.aio.AioRpcError) else "OK" for f in found]


def test_beyond_the_line_calls_are_refused_at_once_with_a_time_to_come_back():
    async def test(bench):
        busy = [bench.call(0.6, tag=str(i)) for i in range(6)]
        await asyncio.sleep(0.2)
        started = time.perf_counter()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await bench.call(0.6)
        assert time.perf_counter() - started < 0.3
        status = status_of_rpc_error(caught.value)
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert retry_after_s(status) > 0
        assert await outcomes(busy) == ["OK"] * 6
        assert bench.service.most == 2
        await bench.idle()

    served(test)


def test_replies_tell_how_full_their_class_is():
    async def test(bench):
        call = bench.call(0.01)
        await call
        assert dict(await call.trailing_metadata())[QUOTA_KEY] == "interactive=2;in-flight=1;waiting=0;room=4"

    served(test)


def test_slots_come_back_from_calls_that_fail_are_taken_back_or_run_out_of_time():
    async def test(bench):
        calls = [bench.call("bad", tag=str(i)) for i in range(3)]
        calls += [bench.call(30, timeout=0.3, tag=str(i)) for i in range(2)]
        assert await outcomes(calls) == ["INVALID_ARGUMENT"] * 3 + ["DEADLINE_EXCEEDED"] * 2
        left = [bench.call(30, tag=str(i)) for i in range(5)]
        streams = [bench.call(30, method=STREAM)]
        await asyncio.sleep(0.2)
        for call in (*left, *streams):
            call.cancel()
        await bench.idle()
        assert await bench.call(0) is not None

    served(test)


def test_calls_whose_time_passed_while_they_waited_are_never_begun():
    async def test(bench):
        busy = [bench.call(0.8, tag=str(i)) for i in range(2)]
        await asyncio.sleep(0.1)
        hurried = [bench.call(0.1, timeout=0.2, tag=str(i)) for i in range(4)]
        assert set(await outcomes(hurried)) == {"DEADLINE_EXCEEDED"}
        await outcomes(busy)
        await bench.idle()
        assert bench.service.runs == 2

    served(test)


def test_a_caller_in_too_much_of_a_hurry_is_told_at_once():
    paces = Paces()
    for _ in range(10):
        paces.took(WORK, 5.0)

    async def test(bench):
        started = time.perf_counter()
        with pytest.raises(grpc.aio.AioRpcError, match="usually takes") as caught:
            await bench.call(0.1, timeout=3.0)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert time.perf_counter() - started < 2.0
        assert bench.service.runs == 0

    served(test, paces=paces)
    served(test, paces=paces, shared=True)


def test_a_flood_of_one_caller_leaves_another_unrefused_and_quick():
    async def test(bench):
        stop = asyncio.Event()
        refused = 0

        async def flood():
            nonlocal refused
            while not stop.is_set():
                try:
                    await bench.call(0.05)
                except grpc.aio.AioRpcError:
                    refused += 1
                    await asyncio.sleep(0.005)

        flooding = [asyncio.create_task(flood()) for _ in range(30)]
        await asyncio.sleep(0.5)
        times = []
        for _ in range(15):
            started = time.perf_counter()
            await bench.call(0.05, user="b")
            times.append(time.perf_counter() - started)
        stop.set()
        await asyncio.gather(*flooding)
        assert refused > 50
        # Its own turn and the end of one that is under way, not the whole line of the other.
        assert sorted(times)[len(times) // 2] < 4 * 0.05
        await bench.idle()

    served(test, room=8, share=0.5)


def test_a_deadline_storm_leaves_no_work_behind():
    async def test(bench):
        found = await outcomes([bench.call(10, timeout=0.15, tag=str(i)) for i in range(200)])
        assert "OK" not in found
        await asyncio.sleep(0.3)
        assert bench.service.under_way == 0
        assert bench.service.runs <= 20
        assert await bench.call(0.0) is not None
        await bench.idle()

    served(test)


def test_a_call_without_a_deadline_ends_with_its_class():
    async def test(bench):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await bench.call(30, timeout=None)
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            [r async for r in bench.call(30, timeout=None, method=STREAM)]
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert bench.service.stopped == 2
        await bench.idle()

    served(test, interactive_deadline_s=0.3)


def test_five_hundred_identical_calls_are_one_run():
    async def test(bench):
        replies = await asyncio.gather(*(bench.call(3.0, user=f"u{i}") for i in range(500)))
        assert set(replies) == {b"reply to 3.0 "}
        assert bench.service.runs == 1

    served(test, shared=True)


def test_whoever_leaves_a_shared_run_does_not_end_it_and_the_last_one_does():
    async def test(bench):
        first, second = bench.call(0.6), bench.call(0.6)
        await asyncio.sleep(0.2)
        first.cancel()
        assert await second == b"reply to 0.6 "
        assert (bench.service.runs, bench.service.stopped) == (1, 0)
        all_of_them = [bench.call(30) for _ in range(3)]
        await asyncio.sleep(0.2)
        for call in all_of_them:
            call.cancel()
        await bench.idle()
        assert (bench.service.runs, bench.service.stopped) == (2, 1)
        assert await bench.call(0.1) is not None

    served(test, shared=True)


def test_a_shared_run_outlives_the_time_of_who_began_it():
    async def test(bench):
        hurried = bench.call(0.6, timeout=0.3)
        await asyncio.sleep(0.1)
        patient = bench.call(0.6, timeout=10)
        assert await outcomes([hurried, patient]) == ["DEADLINE_EXCEEDED", "OK"]
        assert bench.service.runs == 1

    served(test, shared=True)


def test_who_has_more_time_than_the_run_they_waited_for_gets_a_run_of_their_own():
    async def test(bench):
        busy = [bench.call(0.8, tag=f"busy {i}") for i in range(2)]
        await asyncio.sleep(0.1)
        hurried = bench.call(0.1, timeout=0.4)
        await asyncio.sleep(0.1)
        patient = [bench.call(0.1, timeout=10) for _ in range(5)]
        assert await outcomes([hurried, *patient]) == ["DEADLINE_EXCEEDED"] + ["OK"] * 5
        await outcomes(busy)
        # The run of the hurried call never began: its turn came when its time was over.
        assert bench.service.runs == 3

    served(test, shared=True)


def test_errors_are_shared_but_not_kept():
    async def test(bench):
        found = await outcomes([bench.call("bad") for _ in range(20)])
        assert set(found) == {"INVALID_ARGUMENT"}
        assert bench.service.runs == 1
        await outcomes([bench.call("bad")])
        assert bench.service.runs == 2
        await bench.idle()

    served(test, shared=True, kept_bytes=100_000)


def test_finished_replies_are_kept_within_their_bytes():
    async def test(bench):
        await bench.call(0, tag="x")
        await bench.call(0, tag="x")
        assert bench.service.runs == 1
        for i in range(100):
            await bench.call(0, tag=str(i))
        assert bench.sharing.kept.bytes <= 4_000
        await bench.call(0, tag="x")
        assert bench.service.runs == 102

    served(test, shared=True, kept_bytes=4_000)


def test_different_requests_are_never_mixed_up():
    async def test(bench):
        # Long enough for a slow machine to bring all calls before the first answer.
        calls = [bench.call(1.5, tag=str(i % 10)) for i in range(60)]
        replies = await asyncio.gather(*calls)
        assert replies == [f"reply to 1.5 {i % 10}".encode() for i in range(60)]
        assert bench.service.runs == 10

    served(test, shared=True, limit=10, room=60)
