"""Sizes beyond what is allowed are refused soon and cost no memory; bad starts say what is wrong; logs hold no token."""

import asyncio
import gc
import os
import statistics
import subprocess
import sys
import time

import grpc
import psutil
import pytest

from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2, projection_pb2_grpc
from gateway.jobs.settings import BatchSettings
from gateway.settings import ServeSettings
from services.runtime.convert import to_plain
from tests.gateway.conftest import ROOT, free_port, running, wait_until_serving

# A refusal reads nothing of what it refuses; on a busy machine it still takes this many times an ordinary call at most,
# or this long where such a call takes next to nothing.
TIMES, NEXT_TO_NOTHING_S = 100, 1.0
# Of what was sent again after the first times, the part that may have stayed: fragments of the allocator. Were the
# messages themselves kept, it would be 1 and more.
STAYS = 0.75
# The same of small items, which take ten times their bytes when they are read.
STAYS_READ = 3
MIB = 1024**2
PATH = "/dafeng.projection.v1.ProjectionService/Project"
OPTIONS = [("grpc.max_send_message_length", -1), ("grpc.max_metadata_size", 1 << 20)]


@pytest.fixture(scope="module")
def address():
    with running(ServeSettings(listen="127.0.0.1:0", http="", batches=BatchSettings())) as found:
        yield found


def stayed(call, sent_bytes, times=12, warm=4):
    """Part of what was sent in the later of these calls that is still in memory, of client and gateway together."""
    for _ in range(warm):
        call()
    gc.collect()
    process = psutil.Process()
    before = process.memory_info().rss
    for _ in range(times):
        call()
    gc.collect()
    return (process.memory_info().rss - before) / (sent_bytes * times)


def refused(call):
    """(code, seconds) of a call that is refused."""
    started = time.monotonic()
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return caught.value.code(), time.monotonic() - started


def soon_s(address):
    """What counts as soon on this machine now, from ordinary calls."""
    with grpc.insecure_channel(address) as channel:
        stub = projection_pb2_grpc.ProjectionServiceStub(channel)
        taken = []
        for _ in range(9):
            started = time.monotonic()
            stub.ListRegions(projection_pb2.ListRegionsRequest(), timeout=20)
            taken.append(time.monotonic() - started)
    return max(TIMES * statistics.median(taken), NEXT_TO_NOTHING_S)


def test_messages_above_the_limit_are_refused_again_and_again_without_growing(address):
    huge, taken = b"\x0a" + b"x" * (17 * MIB), []
    with grpc.insecure_channel(address, options=OPTIONS) as channel:
        call = channel.unary_unary(PATH)

        def once():
            code, seconds = refused(lambda: call(huge, timeout=60))
            assert code is grpc.StatusCode.RESOURCE_EXHAUSTED
            taken.append(seconds)

        assert stayed(once, len(huge)) < STAYS
    assert statistics.median(taken) < soon_s(address)


def test_a_hundred_thousand_items_are_refused_without_growing_and_in_the_time_it_takes_to_read_them(address):
    settings = [
        common_pb2.LeverSetting(lever_id=f"buildings.heat_pump_share_newx{i}", years=[2030], values=[0.5])
        for i in range(100_000)
    ]
    request = projection_pb2.ProjectRequest(
        frame=common_pb2.Frame(region="jiangsu"), scenario=common_pb2.Scenario(settings=settings)
    )
    data, taken = request.SerializeToString(), []
    started = time.monotonic()
    to_plain(projection_pb2.ProjectRequest.FromString(data))
    reading = time.monotonic() - started
    with grpc.insecure_channel(address, options=OPTIONS) as channel:

        def once():
            code, seconds = refused(lambda: channel.unary_unary(PATH)(data, timeout=60))
            assert code is grpc.StatusCode.INVALID_ARGUMENT
            taken.append(seconds)

        assert stayed(once, len(data), times=8, warm=4) < STAYS_READ
    assert statistics.median(taken) < 5 * reading + soon_s(address)


def test_metadata_above_the_limit_is_refused_soon_and_the_connection_lives_on(address):
    with grpc.insecure_channel(address) as channel:
        stub = projection_pb2_grpc.ProjectionServiceStub(channel)
        for size in (20_000, 200_000):
            taken = []
            for _ in range(5):
                code, seconds = refused(
                    lambda size=size: stub.ListRegions(
                        projection_pb2.ListRegionsRequest(), metadata=[("x-long", "y" * size)], timeout=20
                    )
                )
                assert code in (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.INTERNAL)
                taken.append(seconds)
            assert statistics.median(taken) < soon_s(address)
        assert stub.ListRegions(projection_pb2.ListRegionsRequest(), timeout=20).regions


def test_two_thousand_calls_at_once_are_answered_or_told_to_wait_and_leave_no_thread(address):
    async def flood():
        async with grpc.aio.insecure_channel(address) as channel:
            stub = projection_pb2_grpc.ProjectionServiceStub(channel)
            calls = [stub.ListRegions(projection_pb2.ListRegionsRequest(), timeout=60) for _ in range(2000)]
            return await asyncio.gather(*calls, return_exceptions=True)

    asyncio.run(flood())
    threads = psutil.Process().num_threads()
    found = asyncio.run(flood())
    codes = {f.code() for f in found if isinstance(f, grpc.aio.AioRpcError)}
    # A stream that the connection had no room for ends CANCELLED; clients of ours repeat it.
    assert codes <= {grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.CANCELLED}
    assert any(not isinstance(f, BaseException) for f in found)
    # The library keeps a few of its own, not one a call.
    assert psutil.Process().num_threads() < threads + 20


def serve(*words, **environment):
    command = [sys.executable, "-m", "dafeng.cli", "serve", *words]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip


def test_a_port_in_use_and_an_address_without_a_name_are_told(address):
    process = serve("industry", "--listen", address)
    said, _ = process.communicate(timeout=120)
    assert process.returncode != 0
    assert address.rpartition(":")[2] in said
    process = serve("gateway", "--sector", "127.0.0.1:1")
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 2 and "id=host:port" in said


def test_the_token_of_a_call_is_nowhere_in_the_log_at_debug(tmp_path):
    listen = f"127.0.0.1:{free_port()}"
    process = serve("industry", "--listen", listen, "--log-level", "debug", DAFENG_DATA_DIR=str(tmp_path))
    secret = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJzZWNyZXQtcGVyc29uIn0.c2VjcmV0LXNpZ25hdHVyZQ"
    try:
        wait_until_serving(listen)
        with grpc.insecure_channel(listen) as channel:
            for word in (f"Bearer {secret}", secret, "Bearer plain-secret-1234567"):
                with pytest.raises(grpc.RpcError):
                    channel.unary_unary("/dafeng.industry.v1.IndustryService/ProjectBranches")(
                        b"", metadata=[("authorization", word)], timeout=20
                    )
    finally:
        process.terminate()
        said, _ = process.communicate(timeout=60)
    assert "ProjectBranches" in said, "calls are in the log"
    for part in (*secret.split("."), "plain-secret-1234567"):
        assert part not in said
