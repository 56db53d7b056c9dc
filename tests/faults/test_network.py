"""What a network does between gateway and sector, and between client and gateway: nobody hangs, nothing leaks."""

import asyncio
import contextlib
import threading
import time
from dataclasses import dataclass, field
from functools import partial

import grpc
import psutil
import pytest

from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2, projection_pb2_grpc
from gateway import pipeline
from gateway.runs import Runs
from gateway.serve import running_gateway
from gateway.serve_sector import running_sector
from gateway.settings import ServeSettings
from services.runtime.address import CHANNEL_OPTIONS
from services.runtime.logs import configure_logs
from services.runtime.overload.settings import AdmissionSettings
from services.runtime.sectors import sectors
from tests.faults.proxy import EVERY_FAULT, WELL, Fault, FaultProxy, Kind
from tests.gateway.conftest import free_port

CUT = "transport"
DEADLINE_S = 4.0
# Two cores that others use too.
MARGIN_S = 2.0
RECOVERS_S = 5.0
# A ping every 10 s, and 8 s for its answer.
NOTICED_S = 18.0 + 10.0
# What a network may end a call with.
DOCUMENTED = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}


@dataclass
class Served:
    """A gateway with one sector behind a proxy, and a second proxy in front of it."""

    address: str = ""
    before_sector: FaultProxy = field(default=None)
    before_gateway: FaultProxy = field(default=None)

    @contextlib.contextmanager
    def stub(self, address=""):
        """A client of its own, with the retries that every client of ours has."""
        with grpc.insecure_channel(address or self.address, options=CHANNEL_OPTIONS) as channel:
            yield projection_pb2_grpc.ProjectionServiceStub(channel)


async def serve(folder, made, ready, stop):
    # Nothing finished is kept, so that the same question is calculated each time.
    settings = ServeSettings(
        log_level="error",
        http="",
        drain_grace_seconds=1.0,
        admission=AdmissionSettings(kept_replies_bytes=0),
    )
    address = f"127.0.0.1:{free_port()}"
    async with contextlib.AsyncExitStack() as stack:
        made.before_sector = stack.enter_context(FaultProxy(address).running())
        addresses = {e.sector_id: f"unix:{folder}/{e.sector_id}.sock" for e in sectors()} | {CUT: address}
        for entry in sectors():
            await stack.enter_async_context(running_sector(entry, addresses[entry.sector_id], settings))
        addresses[CUT] = made.before_sector.address
        server = await stack.enter_async_context(running_gateway("127.0.0.1:0", addresses, settings))
        made.address = server.address
        made.before_gateway = stack.enter_context(FaultProxy(server.address).running())
        ready.set()
        await stop.wait()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    configure_logs("error")
    with pytest.MonkeyPatch.context() as patch:
        # Every question goes to every sector.
        patch.setattr(pipeline, "Runs", partial(Runs, kept_outcomes=0))
        yield from serving(tmp_path_factory.mktemp("network"))


def serving(folder):
    loop, stop, ready, made = asyncio.new_event_loop(), asyncio.Event(), threading.Event(), Served()
    task = serve(folder, made, ready, stop)
    thread = threading.Thread(target=loop.run_until_complete, args=(task,), daemon=True)
    thread.start()
    assert ready.wait(280)  # compiles, on a new machine
    with made.stub() as stub:
        project(stub, 60)
    yield made
    loop.call_soon_threadsafe(stop.set)
    thread.join(30)


def project(stub, seconds):
    """A projection: the reply, or the error; and how long it took."""
    request = projection_pb2.ProjectRequest(
        frame=common_pb2.Frame(region="jiangsu", last_year=2022),
        scenario=common_pb2.Scenario(baseline="planned"),
    )
    started = time.monotonic()
    try:
        found = stub.Project(request, timeout=seconds)
    except grpc.RpcError as error:
        found = error
    return found, time.monotonic() - started


def digest(found):
    """Digest of an answer; the test fails with what it says when it is none."""
    assert not isinstance(found, grpc.RpcError), f"{found.code()} {found.details()}"
    return found.projection.digest


def until_good(stub, digests):
    """Seconds until calls are answered again, with the same bits."""
    started = time.monotonic()
    while True:
        found, _ = project(stub, RECOVERS_S)
        if not isinstance(found, grpc.RpcError):
            digests.add(digest(found))
            return time.monotonic() - started
        assert time.monotonic() - started < RECOVERS_S + MARGIN_S, f"{found.code()} {found.details()}"
        time.sleep(0.1)


def holds():
    """Threads and open files (sockets among them) of this process."""
    process = psutil.Process()
    return process.num_threads(), process.num_fds()


def settles_at(before):
    """Threads and files are back where they were; the libraries' own pools keep a thread or two longer."""

    def back():
        threads, files = holds()
        return threads <= before[0] + 3 and files <= before[1] + 2

    until(back, lambda: f"threads and files: {before} before, {holds()} after")


def until(true, why=lambda: "", seconds=10.0):
    """Wait until it is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, why()
        time.sleep(0.1)


@pytest.mark.parametrize(
    "fault",
    [
        # The others stand before the gateway too.
        pytest.param(f, id=f.kind.value, marks=() if f.kind is Kind.BLACKHOLE else pytest.mark.thorough)
        for f in EVERY_FAULT
    ],
)
def test_a_bad_network_before_a_sector_is_told_in_time_and_leaves_nothing_behind(served, fault):
    with served.stub() as stub:
        right = {digest(project(stub, 60)[0])}
        before = holds()
        served.before_sector.set(fault)
        try:
            for _ in range(2):
                found, seconds = project(stub, DEADLINE_S)
                assert seconds < DEADLINE_S + MARGIN_S
                if isinstance(found, grpc.RpcError):
                    assert found.code() in DOCUMENTED, f"{found.code()} {found.details()}"
                    if found.code() is grpc.StatusCode.UNAVAILABLE:
                        assert CUT in found.details()
                else:
                    right.add(digest(found))
        finally:
            served.before_sector.set(WELL)
        assert until_good(stub, right) < RECOVERS_S + MARGIN_S
        assert len(right) == 1, "an answer through a bad network has the same bits, or there is none"
        settles_at(before)


@pytest.mark.parametrize("fault", EVERY_FAULT, ids=lambda f: f.kind.value)
def test_a_bad_network_before_the_gateway_is_told_in_time_and_leaves_nothing_behind(served, fault):
    with served.stub() as stub:
        right = {digest(project(stub, 60)[0])}
    before = holds()
    with served.stub(served.before_gateway.address) as stub:
        right.add(digest(project(stub, 60)[0]))
        served.before_gateway.set(fault)
        try:
            found, seconds = project(stub, DEADLINE_S)
            assert seconds < DEADLINE_S + MARGIN_S
            if isinstance(found, grpc.RpcError):
                assert found.code() in DOCUMENTED, f"{found.code()} {found.details()}"
            else:
                right.add(digest(found))
            # Another way to the same gateway is not troubled.
            with served.stub() as near:
                right.add(digest(project(near, 60)[0]))
        finally:
            served.before_gateway.set(WELL)
        assert until_good(stub, right) < RECOVERS_S + MARGIN_S
    assert len(right) == 1
    settles_at(before)
    until(lambda: served.before_gateway.open_connections == 0)


def test_slow_is_not_wrong(served):
    """Two seconds each way: with time enough the answer is the usual one."""
    with served.stub() as stub:
        right = digest(project(stub, 60)[0])
        served.before_sector.set(Fault(Kind.DELAY, 2.0))
        try:
            found, seconds = project(stub, 60)
        finally:
            served.before_sector.set(WELL)
        assert seconds >= 2.0
        assert digest(found) == right


def test_with_one_sector_cut_off_there_are_no_totals_and_everything_else_answers(served):
    with served.stub() as stub:
        served.before_sector.set(Fault(Kind.REFUSE))
        try:
            found, _ = project(stub, DEADLINE_S)
            assert isinstance(found, grpc.RpcError)
            assert found.code() is grpc.StatusCode.UNAVAILABLE and CUT in found.details()
            compared = [common_pb2.Scenario(name=f"compared {i}") for i in range(2)]
            with pytest.raises(grpc.RpcError) as caught:
                stub.Compare(
                    projection_pb2.CompareRequest(frame={"region": "jiangsu"}, scenarios=compared),
                    timeout=DEADLINE_S,
                )
            assert CUT in caught.value.details()
            # What needs no sector is answered all the while.
            assert stub.ListRegions(projection_pb2.ListRegionsRequest(), timeout=DEADLINE_S).regions
        finally:
            served.before_sector.set(WELL)
        assert until_good(stub, set()) < RECOVERS_S + MARGIN_S


@pytest.mark.slow
def test_a_connection_that_the_network_forgot_is_given_up_and_made_anew(served):
    """No word ever comes on the old connection: pings notice it, and no call waits beyond its deadline meanwhile."""
    with served.stub() as stub:
        right = {digest(project(stub, 60)[0])}
        served.before_sector.set(Fault(Kind.FORGOTTEN))
        time.sleep(0.1)
        served.before_sector.set(WELL)
        started = time.monotonic()
        while True:
            found, seconds = project(stub, DEADLINE_S)
            assert seconds < DEADLINE_S + MARGIN_S
            if not isinstance(found, grpc.RpcError):
                right.add(digest(found))
                break
            assert found.code() in DOCUMENTED
            assert time.monotonic() - started < NOTICED_S
            time.sleep(0.2)
        assert len(right) == 1
