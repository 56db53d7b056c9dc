"""Real servers on loopback sockets: one embedded gateway for the whole suite, separate processes on demand."""

import asyncio
import contextlib
import random
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from dafeng.client import Client
from gateway.serve import embedded, workshop
from gateway.settings import ServeSettings
from services.runtime.logs import configure_logs

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("buildings", "transport", "industry", "power")


def free_port():
    """A port below those that the system gives to outgoing connections, which could take it before it is used."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def running(settings):
    """An embedded gateway in a thread of its own; yields its gRPC address."""
    configure_logs("error")
    loop, stop, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    found = []

    async def run():
        async with embedded(settings) as server:
            found.append(server.address)
            ready.set()
            await stop.wait()

    def work():
        try:
            loop.run_until_complete(run())
        finally:
            ready.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(300)
    assert found, "the embedded gateway did not start"
    yield found[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(30)


@pytest.fixture(scope="session")
def served():
    """(gRPC address, HTTP base address) of an embedded gateway."""
    http = f"127.0.0.1:{free_port()}"
    with running(ServeSettings(listen="127.0.0.1:0", http=http)) as address:
        yield address, f"http://{http}"


@pytest.fixture
def client(served):
    with Client(served[0]) as made:
        yield made


@pytest.fixture
def http(served):
    return served[1]


class Workshop:
    """A pipeline over real sector services in this process; `do` runs a coroutine function on it."""

    def __init__(self, pipeline, loop):
        self.pipeline, self._loop = pipeline, loop

    def do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(300)


@pytest.fixture(scope="session")
def shop():
    """A `Workshop` for tests of the gateway's stages: no server of the gateway's own."""
    configure_logs("error")
    loop, stop, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    found = []

    async def run():
        async with workshop(ServeSettings(log_level="error", http="")) as pipeline:
            found.append(pipeline)
            ready.set()
            await stop.wait()

    def work():
        try:
            loop.run_until_complete(run())
        finally:
            ready.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert ready.wait(300) and found, "the workshop did not start"
    yield Workshop(found[0], loop)
    loop.call_soon_threadsafe(stop.set)
    thread.join(30)


@contextlib.contextmanager
def separate_processes(*options):
    """Every service as its own process over TCP; yields the gateway's address."""
    ports = {name: free_port() for name in (*SERVICES, "gateway")}
    addresses = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", f"services.{s}", "--listen", addresses[s], *options], cwd=ROOT
        )
        for s in SERVICES
    ]
    sector_options = [text for s in SERVICES for text in ("--sector", f"{s}={addresses[s]}")]
    processes.append(
        subprocess.Popen(
            [sys.executable, "-m", "gateway", "--listen", addresses["gateway"], *sector_options,
             "--http", f"127.0.0.1:{free_port()}", *options],
            cwd=ROOT,
        )
    )  # fmt: skip
    try:
        for address in addresses.values():
            wait_until_serving(address)
        yield addresses["gateway"]
    finally:
        for process in processes:
            process.terminate()
        codes = [process.wait(30) for process in processes]
        assert codes == [0] * len(codes), "a service did not stop cleanly"


def wait_until_serving(address, seconds=120):
    """Wait until health says SERVING."""
    with grpc.insecure_channel(address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(grpc.RpcError):
                reply = stub.Check(health_pb2.HealthCheckRequest(), timeout=2, wait_for_ready=True)
                if reply.status == health_pb2.HealthCheckResponse.SERVING:
                    return
            time.sleep(0.1)
    raise AssertionError(f"{address} is not serving")
