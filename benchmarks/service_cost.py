"""What each service takes: memory and processor time of separate processes, for the requests of a deployment.

python -m benchmarks.service_cost [projections]: starts every service as a process of its own on loopback, projects a
province so many times (20), each time another path of a lever, and prints how long each took to be ready (kernels
compiled before; one after another, so that none waits for another), resident memory when ready, its highest value, and
processor seconds a projection, by service. Reads /proc.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dafeng.client import Client, setting
from loadtests.servers import free_port, wait_until_serving
from loadtests.watch import cpu_seconds
from services.runtime.sectors import sectors

SERVICES = (*(entry.sector_id for entry in sectors()), "gateway")
REGION = "jiangsu"
_READY_SECONDS = 600.0
# Of a sector service with its kernels compiled.
READY_AIM_S, READY_AIM_MIB = 3.0, 250.0
_KIB_PER_MIB = 1024.0


@dataclass(frozen=True)
class Taken:
    """What a process has taken so far."""

    memory_mib: float
    most_memory_mib: float
    cpu_seconds: float


def taken(pid: int) -> Taken:
    """Resident memory now and at most, and processor time, of a process."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    kib = {
        k: float(v.split()[0]) for k, _, v in (row.partition(":") for row in lines) if k in ("VmRSS", "VmHWM")
    }
    return Taken(kib["VmRSS"] / _KIB_PER_MIB, kib["VmHWM"] / _KIB_PER_MIB, cpu_seconds(pid))


@contextlib.contextmanager
def processes() -> Iterator[tuple[dict[str, int], dict[str, float], str]]:
    """Every service as a process; their ids, the seconds each took to be ready, and the gateway's address."""
    at = {name: f"127.0.0.1:{free_port()}" for name in SERVICES}
    addresses = [text for s in SERVICES[:-1] for text in ("--sector", f"{s}={at[s]}")]
    started: dict[str, subprocess.Popen[bytes]] = {}
    seconds = {}
    try:
        for name in SERVICES:
            more = (
                [*addresses, "--http", f"127.0.0.1:{free_port()}", "--store", "none"]
                if name == "gateway"
                else []
            )
            command = [sys.executable, "-m", "dafeng.cli", "serve", name, "--listen", at[name], *more]
            began = time.monotonic()
            started[name] = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            wait_until_serving(at[name], _READY_SECONDS)
            seconds[name] = time.monotonic() - began
        yield {name: process.pid for name, process in started.items()}, seconds, at["gateway"]
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait(60)


def main(projections: int) -> None:
    """Print the table."""
    with processes() as (pids, ready_s, address), Client(address, timeout_seconds=300) as client:
        ready = {name: taken(pid) for name, pid in pids.items()}
        client.project(REGION)
        lever = next(
            row.lever
            for row in client.levers(REGION)
            if row.lever.owner == "buildings"
            and row.lever.last_observed_year < 2035
            and row.lever.unit == "share"
        )
        before = {name: taken(pid) for name, pid in pids.items()}
        began = time.monotonic()
        for index in range(projections):
            value = lever.low + (lever.high - lever.low) * (index + 1) / (projections + 2)
            client.project(REGION, settings=[setting(lever.lever_id, {2040: value})])
        seconds = (time.monotonic() - began) / projections
        after = {name: taken(pid) for name, pid in pids.items()}
    print(f"{projections} projections of {REGION}, {seconds * 1e3:.0f} ms each; MiB, and CPU ms a projection")
    print(f"ready: a sector's aims are {READY_AIM_S:g} s and {READY_AIM_MIB:g} MiB")
    print(f"{'service':<10} {'ready s':>8} {'cpu s':>6} {'ready':>6} {'now':>6} {'most':>6} {'cpu ms':>7}")
    for name in SERVICES:
        cpu_ms = (after[name].cpu_seconds - before[name].cpu_seconds) / projections * 1e3
        print(
            f"{name:<10} {ready_s[name]:>8.1f} {ready[name].cpu_seconds:>6.1f} {ready[name].memory_mib:>6.0f} "
            f"{after[name].memory_mib:>6.0f} {after[name].most_memory_mib:>6.0f} {cpu_ms:>7.0f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
