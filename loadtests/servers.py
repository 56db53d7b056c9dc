"""Server processes of a load test, on loopback only; each is ended by its own id."""

import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.runtime.address import is_loopback
from services.runtime.sectors import sectors

START_SECONDS: Final = 300.0
_STOP_SECONDS: Final = 40.0


@dataclass(frozen=True)
class Servers:
    """Where the gateway answers, and the processes to watch by name."""

    grpc: str
    http: str = ""
    metrics: str = ""
    pids: Mapping[str, int] = field(default_factory=dict)


def refuse_remote(address: str) -> str:
    """The address, when it is on loopback; ValueError for any other: a load test is no weapon."""
    bare = address.removeprefix("http://")
    if not is_loopback(bare):
        raise ValueError(f"{address!r} is not a loopback address: load tests run against this machine only")
    return address


@contextlib.contextmanager
def running(folder: Path, *, separate: bool = False, threads: int = 0) -> Iterator[Servers]:
    """A gateway with all services: in one process, or each in its own; data and batches go to `folder`."""
    config = folder / "serve.toml"
    operator = f"127.0.0.1:{free_port()}"
    config.write_text(f'[telemetry]\noperator = "{operator}"\n', encoding="utf-8")
    listen, http = (f"127.0.0.1:{free_port()}" for _ in range(2))
    gateway = ["--listen", listen, "--http", http, "--config", str(config)]
    gateway += ["--store", f"sqlite:///{folder / 'batches.sqlite'}"]
    with contextlib.ExitStack() as stack:
        pids = {}
        log = stack.enter_context((folder / "servers.log").open("wb"))
        start = _Starter(stack, folder, log.fileno(), threads)
        if separate:
            addresses = {e.sector_id: f"127.0.0.1:{free_port()}" for e in sectors()}
            for name, address in addresses.items():
                pids[name] = start([name, "--listen", address])
                gateway += ["--sector", f"{name}={address}"]
            for address in addresses.values():
                wait_until_serving(address)
            pids["gateway"] = start(["gateway", *gateway])
        else:
            pids["dafeng"] = start(["--embedded", *gateway])
        wait_until_serving(listen)
        yield Servers(listen, f"http://{http}", f"http://{operator}/metrics", pids)


class _Starter:
    """Starts `dafeng serve` with these words; the process is ended with the stack."""

    def __init__(self, stack: contextlib.ExitStack, folder: Path, log: int, threads: int) -> None:
        self._stack, self._log = stack, log
        self._threads = ["--threads", str(threads)] if threads else []
        self._environment = {**os.environ, "DAFENG_DATA_DIR": str(folder / "data")}

    def __call__(self, words: list[str]) -> int:
        """The process's id."""
        command = [sys.executable, "-m", "dafeng.cli", "serve", *words, *self._threads]
        process = subprocess.Popen(command, env=self._environment, stdout=self._log, stderr=self._log)
        self._stack.callback(_end, process)
        return process.pid


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask the process to stop; what does not stop in time is killed."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_serving(address: str, seconds: float = START_SECONDS) -> None:
    """Wait until health says SERVING; TimeoutError when it does not."""
    end = time.monotonic() + seconds
    with grpc.insecure_channel(address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        while time.monotonic() < end:
            with contextlib.suppress(grpc.RpcError):
                if stub.Check(health_pb2.HealthCheckRequest(), timeout=2).status == 1:
                    return
            time.sleep(0.05)
    raise TimeoutError(f"{address} is not serving after {seconds:.0f} s")


def free_port() -> int:
    """A port below those that the system gives to outgoing connections."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
