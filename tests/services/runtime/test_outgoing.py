"""Calls between our services, over real sockets: what they carry, when they end, who hears of it."""

import asyncio
import time

import grpc
import pytest

from services.common.errors import DomainError
from services.runtime.address import open_channel
from services.runtime.gates import CLASS_KEY, REQUEST_ID_KEY
from services.runtime.under_way import UnderWay, is_under_way

ONE, MANY, UP, BOTH = "/test.Echo/One", "/test.Echo/Many", "/test.Echo/Up", "/test.Echo/Both"


class Echo:
    """Answers what it was sent; "slow" takes long. Remembers metadata and deadlines, and who was stopped."""

    def __init__(self):
        self.seen, self.left, self.stopped = [], [], 0

    async def _hear(self, request, context):
        self.seen.append(dict(context.invocation_metadata()))
        self.left.append(context.time_remaining())
        if request == b"slow":
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                self.stopped += 1
                raise

    async def one(self, request, context):
        await self._hear(request, context)
        return request

    async def many(self, request, context):
        yield b"first"
        await self._hear(request, context)
        yield request

    async def up(self, requests, context):
        parts = [part async for part in requests]
        await self._hear(parts[-1], context)
        return b"".join(parts)

    async def both(self, requests, context):
        async for part in requests:
            await self._hear(part, context)
            yield part


class Listener:
    """Hears how calls end; stops them on demand."""

    def __init__(self):
        self.codes, self.stop = [], False

    def before(self):
        if self.stop:
            raise DomainError("NOT_READY", detail="the echo service does not answer")

    def after(self, code, allowed_s):
        self.codes.append(code)


def over_a_channel(test, **options):
    """Run `test(channel, echo)` against a server."""

    async def run():
        echo, server = Echo(), grpc.aio.server()
        handlers = {
            "One": grpc.unary_unary_rpc_method_handler(echo.one),
            "Many": grpc.unary_stream_rpc_method_handler(echo.many),
            "Up": grpc.stream_unary_rpc_method_handler(echo.up),
            "Both": grpc.stream_stream_rpc_method_handler(echo.both),
        }
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("test.Echo", handlers),))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        try:
            async with open_channel(f"127.0.0.1:{port}", **options) as channel:
                await test(channel, echo)
        finally:
            await server.stop(0)

    asyncio.run(run())


async def _parts(*parts):
    for part in parts:
        yield part


def test_every_kind_of_call_carries_the_request_its_class_and_what_providers_add():
    async def test(channel, echo):
        with is_under_way(UnderWay("abc", "heavy", time.monotonic() + 20)):
            assert await channel.unary_unary(ONE)(b"1", metadata=(("own", "x"),)) == b"1"
            assert [r async for r in channel.unary_stream(MANY)(b"1")] == [b"first", b"1"]
            assert await channel.stream_unary(UP)(_parts(b"1", b"2")) == b"12"
            assert [r async for r in channel.stream_stream(BOTH)(_parts(b"1"))] == [b"1"]
        assert echo.seen[0]["own"] == "x"
        for seen, left in zip(echo.seen, echo.left, strict=True):
            assert (seen[REQUEST_ID_KEY], seen[CLASS_KEY], seen["token"]) == ("abc", "heavy", "t")
            assert left < 19.5

    over_a_channel(test, providers=[lambda: (("token", "t"),)])


def test_a_call_outside_any_call_still_has_an_end():
    async def test(channel, echo):
        await channel.unary_unary(ONE)(b"1")
        assert 0 < echo.left[0] < 605
        assert REQUEST_ID_KEY not in echo.seen[0]

    over_a_channel(test)


def test_a_shorter_time_that_is_asked_for_counts():
    async def test(channel, echo):
        with is_under_way(UnderWay("abc", "", time.monotonic() + 20)):
            await channel.unary_unary(ONE)(b"1", timeout=5)
        assert echo.left[0] < 6

    over_a_channel(test)


def test_calls_end_with_the_call_that_they_are_made_for():
    async def test(channel, echo):
        with is_under_way(UnderWay("abc", "", time.monotonic() + 0.3)):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await channel.unary_unary(ONE)(b"slow")
            with pytest.raises(grpc.aio.AioRpcError):
                [r async for r in channel.unary_stream(MANY)(b"slow")]
        assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED

    over_a_channel(test)


def test_a_call_that_is_taken_back_stops_the_work_and_is_heard_as_cancelled():
    listener = Listener()

    async def test(channel, echo):
        for method, kind in ((ONE, "unary_unary"), (MANY, "unary_stream")):

            async def use(method=method, kind=kind):
                made = getattr(channel, kind)(method)(b"slow")
                return await made if kind == "unary_unary" else [r async for r in made]

            task = asyncio.create_task(use())
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await asyncio.sleep(0.2)
        assert echo.stopped == 2
        assert listener.codes == [grpc.StatusCode.CANCELLED] * 2

    over_a_channel(test, watching=listener)


def test_whoever_watches_hears_how_calls_end_and_can_stop_them():
    listener = Listener()

    async def test(channel, echo):
        await channel.unary_unary(ONE)(b"1")
        with pytest.raises(grpc.aio.AioRpcError):
            await channel.unary_unary("/test.Echo/Other")(b"1")
        listener.stop = True
        with pytest.raises(DomainError, match="echo service"):
            await channel.unary_unary(ONE)(b"1")
        with pytest.raises(DomainError, match="echo service"):
            [r async for r in channel.unary_stream(MANY)(b"1")]
        assert listener.codes == [grpc.StatusCode.OK, grpc.StatusCode.UNIMPLEMENTED]
        assert len(echo.seen) == 1

    over_a_channel(test, watching=listener)
