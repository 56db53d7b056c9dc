"""A sector that is frozen, then gone: callers are released, told which one it was, and served again when it is back."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import time

import grpc
import pytest

from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2, projection_pb2_grpc
from gateway.serve import running_gateway
from gateway.serve_sector import running_sector
from gateway.settings import ServeSettings
from services.runtime.logs import configure_logs
from services.runtime.overload.settings import AdmissionSettings
from services.runtime.sectors import sectors
from tests.gateway.conftest import ROOT, free_port, wait_until_serving

AWAY = "power"


@contextlib.contextmanager
def away_process(address):
    process = subprocess.Popen([sys.executable, "-m", f"services.{AWAY}", "--listen", address], cwd=ROOT)
    try:
        wait_until_serving(address)
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait(30)


async def project(stub, name, timeout):
    """The reply, or the error, and how long it took."""
    request = projection_pb2.ProjectRequest(
        frame=common_pb2.Frame(region="jiangsu", last_year=2025), scenario=common_pb2.Scenario(name=name)
    )
    started = time.monotonic()
    try:
        found = await stub.Project(request, timeout=timeout)
    except grpc.aio.AioRpcError as error:
        found = error
    return found, time.monotonic() - started


async def until_good(stub, seconds):
    """Seconds until a call is answered again."""
    started = time.monotonic()
    for number in range(1000):
        found, _ = await project(stub, f"again {number}", 10)
        if not isinstance(found, grpc.aio.AioRpcError):
            return time.monotonic() - started
        assert time.monotonic() - started < seconds, found.details()
        await asyncio.sleep(0.1)
    raise AssertionError("never good again")


async def story(folder, address, process):
    # As many at a time as are asked below, so that all of them wait for the sector.
    settings = ServeSettings(log_level="error", http="", admission=AdmissionSettings(interactive=12))
    here = [e for e in sectors() if e.sector_id != AWAY]
    addresses = {e.sector_id: f"unix:{folder}/{e.sector_id}.sock" for e in here} | {AWAY: address}
    async with contextlib.AsyncExitStack() as stack:
        for entry in here:
            await stack.enter_async_context(running_sector(entry, addresses[entry.sector_id], settings))
        server = await stack.enter_async_context(
            running_gateway(f"unix:{folder}/gateway.sock", addresses, settings)
        )
        options = [("grpc.max_receive_message_length", -1)]
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(server.address, options=options))
        stub = projection_pb2_grpc.ProjectionServiceStub(channel)
        found, _ = await project(stub, "before", 120)
        assert found.projection.years

        # Frozen: nobody waits longer than they said, and after some of them nobody waits at all.
        process.send_signal(signal.SIGSTOP)
        frozen = await asyncio.gather(*(project(stub, f"frozen {i}", 4.0) for i in range(12)))
        for error, seconds in frozen:
            assert isinstance(error, grpc.aio.AioRpcError)
            assert seconds < 4.0 + 2.0
        named = [e.details() for e, _ in frozen if e.code() is grpc.StatusCode.UNAVAILABLE]
        assert named and all(AWAY in text for text in named)
        process.send_signal(signal.SIGCONT)
        assert await until_good(stub, 30) < 30

        # Gone: the error names it, and there is no total without it.
        process.kill()
        process.wait(30)
        gone = [await project(stub, f"gone {i}", 20) for i in range(11)]
        for error, _ in gone:
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            assert AWAY in error.details()
        # By now it is known to be away: told at once.
        assert "is tried again in" in gone[-1][0].details()
        with away_process(address):
            assert await until_good(stub, 30) < 30


@pytest.fixture(scope="module")
def quiet():
    configure_logs("error")


@pytest.mark.slow
def test_a_frozen_and_a_lost_sector_release_their_callers_and_are_found_again(tmp_path, quiet):
    address = f"127.0.0.1:{free_port()}"
    with away_process(address) as process:
        asyncio.run(story(tmp_path, address, process))
