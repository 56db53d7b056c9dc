"""Replicas are replaced one after another while calls come steadily: not one call is lost."""

import contextlib
import itertools
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from dafeng.industry.v1 import industry_pb2, industry_pb2_grpc
from services.runtime.address import CHANNEL_OPTIONS, target_of
from tests.gateway.conftest import ROOT, free_port, wait_until_serving

CALLERS = 3
NOTICE_S, GRACE_S = 0.3, 10.0
SETTINGS = f"drain_notice_seconds = {NOTICE_S}\ndrain_grace_seconds = {GRACE_S}\n"


class Replicas:
    """Two processes of industry and two gateways before them, by address."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "settings.toml").write_text(SETTINGS)
        self.industry = [f"127.0.0.1:{free_port()}" for _ in range(2)]
        self.gateways = [f"127.0.0.1:{free_port()}" for _ in range(2)]
        self.processes = {}

    def start(self, address):
        name = "gateway" if address in self.gateways else "industry"
        more = ["--sector", f"industry={','.join(self.industry)}", "--http", "none", "--store", "none"]
        self.processes[address] = subprocess.Popen(
            [sys.executable, "-m", "dafeng.cli", "serve", name, "--listen", address,
             "--config", str(self.folder / "settings.toml"), *(more if name == "gateway" else ())],
            cwd=ROOT, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def replace(self, address):
        """End a replica as a cluster does, and start its successor; how long the end took."""
        asked = time.monotonic()
        self.processes[address].send_signal(signal.SIGTERM)
        code = self.processes[address].wait(60)
        took = time.monotonic() - asked
        assert code == 0
        self.start(address)
        wait_until_serving(address)
        return took

    def close(self):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)


@pytest.fixture(scope="module")
def replicas(tmp_path_factory):
    made = Replicas(tmp_path_factory.mktemp("rolling"))
    try:
        for address in (*made.industry, *made.gateways):
            made.start(address)
        for address in (*made.industry, *made.gateways):
            wait_until_serving(address)
        yield made
    finally:
        made.close()


class Callers:
    """Other systems that call steadily, as a client with retries does."""

    def __init__(self, addresses):
        self.channel = grpc.insecure_channel(target_of(",".join(addresses)), options=CHANNEL_OPTIONS)
        self.stub = industry_pb2_grpc.IndustryServiceStub(self.channel)
        self.stop = threading.Event()
        self.answers, self.failures = [], []

    def once(self):
        request = industry_pb2.ProjectBranchesRequest()
        request.frame.region = "jiangsu"
        return self.stub.ProjectBranches(request, timeout=30)

    def work(self):
        while not self.stop.is_set():
            try:
                self.answers.append(self.once().SerializeToString(deterministic=True))
            except grpc.RpcError as error:
                self.failures.append((error.code(), error.details()))
            time.sleep(0.02)

    def __enter__(self):
        self.pool = ThreadPoolExecutor(CALLERS)
        self.tasks = [self.pool.submit(self.work) for _ in range(CALLERS)]
        return self

    def __exit__(self, *_):
        self.stop.set()
        for task in self.tasks:
            task.result(60)
        self.pool.shutdown()
        self.channel.close()


@pytest.mark.slow
def test_a_rolling_update_of_a_sector_and_of_the_gateway_loses_no_call(replicas):
    with Callers(replicas.gateways) as callers:
        callers.once()
        took, answered = [], []
        for address in itertools.chain(replicas.industry, replicas.gateways[:1]):
            took.append(replicas.replace(address))
            answered.append(len(callers.answers))
    assert callers.failures == []
    assert answered == sorted(set(answered)), "calls went on during every replacement"
    assert len(set(callers.answers)) == 1, "old and new replicas say the same, bit for bit"
    assert max(took) <= NOTICE_S + 2 * GRACE_S


@pytest.mark.slow
def test_calls_under_way_finish_when_their_replica_is_told_to_end(replicas):
    """All callers ask one gateway; it is told to end while their calls are under way."""
    address = replicas.gateways[1]
    channel = grpc.insecure_channel(address)
    stub = industry_pb2_grpc.IndustryServiceStub(channel)
    request = industry_pb2.ProjectBranchesRequest()
    request.frame.region = "jiangsu"
    stub.ProjectBranches(request, timeout=30)
    under_way = [stub.ProjectBranches.future(request, timeout=30) for _ in range(4)]
    time.sleep(0.005)
    replicas.processes[address].send_signal(signal.SIGTERM)
    assert all(call.result().ByteSize() > 0 for call in under_way)
    assert replicas.processes[address].wait(60) == 0
    channel.close()
