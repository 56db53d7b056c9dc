"""A batch through kills of any process: none lost, none twice, the same bits.

    python -m tests.faults.kills --members 10000 --kills 20 [--seed 1] [--years 2025] [--keep FOLDER]

Starts the gateway and every sector service as processes of their own, on loopback, with a store of their own. The
batch runs once undisturbed, then again while processes are killed at random moments: gateway, sectors, workers of the
batch. What is killed is started again. Prints a table; the exit code is 0 when every check holds.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import grpc
import psutil

from dafeng.areas.batch import ENDED, random_design, spec_of
from dafeng.batch.v1 import batch_pb2, batch_pb2_grpc
from dafeng.power.v1 import modes_pb2
from loadtests.servers import free_port, wait_until_serving
from services.runtime.address import CHANNEL_OPTIONS
from services.runtime.sectors import sectors

GATEWAY: Final = "gateway"
WORKER: Final = "worker"
REGION: Final = "jiangsu"
# Between one kill and the next, s.
PAUSE_S: Final = (0.5, 4.0)
_START_S: Final = 300.0
# A batch that does not end is a failure, not a reason to wait on.
_LONGEST_S: Final = 3 * 3600.0


@dataclass
class Site:
    """Gateway and sectors as processes, by name."""

    folder: Path
    workers: int
    processes: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.addresses = {
            name: f"127.0.0.1:{free_port()}" for name in (*(e.sector_id for e in sectors()), GATEWAY)
        }
        (self.folder / "serve.toml").write_text(f"[batches]\nworkers = {self.workers}\n", encoding="utf-8")

    @property
    def store(self) -> Path:
        """File of the store."""
        return self.folder / "batches.sqlite"

    @property
    def log(self) -> Path:
        """What the processes say."""
        return self.folder / "processes.log"

    def start(self, name: str) -> None:
        """Start a process, or what was killed again."""
        words = [name, "--listen", self.addresses[name], "--log-level", "info"]
        if name == GATEWAY:
            words += ["--http", "none", "--store", f"sqlite:///{self.store}"]
            words += ["--config", str(self.folder / "serve.toml")]
            for sector_id, address in self.addresses.items():
                if sector_id != GATEWAY:
                    words += ["--sector", f"{sector_id}={address}"]
        environment = {**os.environ, "DAFENG_DATA_DIR": str(self.folder / "data")}
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "dafeng.cli", "serve", *words],
                env=environment, stdout=log, stderr=log,
            )  # fmt: skip

    @contextlib.contextmanager
    def running(self) -> Iterator["Site"]:
        """Every process runs inside."""
        try:
            for name in self.addresses:
                self.start(name)
            for address in self.addresses.values():
                wait_until_serving(address, _START_S)
            yield self
        finally:
            for process in self.processes.values():
                process.terminate()
            for process in self.processes.values():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(40)
                process.kill()
                process.wait()

    def workers_alive(self) -> list[psutil.Process]:
        """Children of the gateway."""
        with contextlib.suppress(psutil.Error):
            return psutil.Process(self.processes[GATEWAY].pid).children()
        return []

    def restart_dead(self) -> int:
        """Start what ended without being asked to, as a cluster does; how many did."""
        dead = [name for name, process in self.processes.items() if process.poll() is not None]
        for name in dead:
            self.start(name)
        return len(dead)


@dataclass
class Ended:
    """How a run of the batch ended."""

    state: str
    digest: str
    seconds: float
    members: list[int]
    kills: "Counter[str]"
    deaths_unasked: int
    under_way: int
    """Chunks that were being calculated when the gateway or a worker was killed: what had to be begun again."""
    went_back: bool
    """Whether the gateway ever told fewer members done than before."""


class Asker:
    """A client that asks again while nobody answers."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address, options=CHANNEL_OPTIONS)
        self._stub = batch_pb2_grpc.BatchServiceStub(self._channel)

    def create(self, request_id: str, spec: batch_pb2.BatchSpec, chunk_size: int) -> str:
        """The batch's id; the same when it is asked again."""
        request = batch_pb2.CreateBatchRequest(request_id=request_id, spec=spec, chunk_size=chunk_size)
        while True:
            with contextlib.suppress(grpc.RpcError):
                return str(self._stub.CreateBatch(request, timeout=120, wait_for_ready=True).batch.batch_id)

    def get(self, batch_id: str) -> "batch_pb2.Batch | None":
        """The batch as it stands, None when nobody says."""
        with contextlib.suppress(grpc.RpcError):
            return self._stub.GetBatch(batch_pb2.GetBatchRequest(batch_id=batch_id), timeout=5).batch
        return None

    def members(self, batch_id: str) -> list[int]:
        """Members that have a result, as they come."""
        while True:
            try:
                replies = self._stub.StreamResults(
                    batch_pb2.StreamResultsRequest(batch_id=batch_id), timeout=300, wait_for_ready=True
                )
                return [row.member for reply in replies for row in reply.rows]
            except grpc.RpcError as error:
                if error.code() is not grpc.StatusCode.UNAVAILABLE:  # type: ignore[attr-defined]
                    raise

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()


class Killer:
    """Kills a random process at random moments."""

    def __init__(self, site: Site, seed: int, kills: int, pause_s: tuple[float, float]) -> None:
        self._site, self._random, self.left, self._pause_s = site, random.Random(seed), kills, pause_s
        self.kills: Counter[str] = Counter()
        self.under_way = 0
        self._next = time.monotonic() + self._random.uniform(*pause_s)

    def look(self) -> None:
        """Kill one when it is time."""
        if self.left <= 0 or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self._random.uniform(*self._pause_s)
        workers = self._site.workers_alive()
        alive = [(name, p.pid) for name, p in sorted(self._site.processes.items()) if p.poll() is None]
        groups = [
            [v for v in alive if v[0] == GATEWAY],
            [v for v in alive if v[0] != GATEWAY],
            [(WORKER, child.pid) for child in workers],
        ]
        # Each kind alike: sectors are four, and the batch needs gateway and workers most.
        name, pid = self._random.choice(self._random.choice([g for g in groups if g]))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            if name != WORKER:
                self._site.processes[name].wait()
                self._site.start(name)
            self.under_way += {GATEWAY: len(workers), WORKER: 1}.get(name, 0)
            self.kills[name] += 1
            self.left -= 1


def run(site: Site, spec: batch_pb2.BatchSpec, chunk_size: int, killer: Killer | None = None) -> Ended:
    """The batch from its request to its end, and what the store holds then."""
    asker = Asker(site.addresses[GATEWAY])
    batch_id = asker.create("undisturbed" if killer is None else "kills", spec, chunk_size)
    started, deaths, done, went_back = time.monotonic(), 0, 0, False
    while True:
        if killer is not None:
            killer.look()
        deaths += site.restart_dead()
        batch = asker.get(batch_id)
        if batch is not None:
            went_back |= batch.done_count < done
            done = batch.done_count
            if batch.state in ENDED:
                break
        if time.monotonic() - started > _LONGEST_S:
            raise TimeoutError("the batch has not ended")
        time.sleep(0.05)
    seconds = time.monotonic() - started
    members = asker.members(batch_id)
    asker.close()
    kills, under_way = (killer.kills, killer.under_way) if killer is not None else (Counter(), 0)
    state = batch_pb2.BatchState.Name(batch.state).removeprefix("BATCH_STATE_").lower()
    return Ended(state, batch.result_digest, seconds, members, kills, deaths, under_way, went_back)


def checks(clean: Ended, killed: Ended, members: int, kills: int) -> dict[str, bool]:
    """What must hold, in words."""
    count = Counter(killed.members)
    return {
        "the batch is complete": killed.state == clean.state == "complete",
        "no member is lost": set(count) == set(range(members)),
        "no member is there twice": max(count.values(), default=0) == 1,
        "the digest is that of the undisturbed run": killed.digest == clean.digest != "",
        "as many kills as asked": sum(killed.kills.values()) >= kills,
        "nothing ended that was not killed": killed.deaths_unasked == 0,
        "what was done stayed done": not killed.went_back,
    }


def story(
    folder: Path, members: int, kills: int, seed: int, years: list[int], workers: int, chunk_size: int,
    pause_s: tuple[float, float] = PAUSE_S, say: Callable[[str], object] = lambda _: None,
) -> tuple[Ended, Ended, dict[str, bool]]:  # fmt: skip
    """Both runs, and the checks."""
    spec = spec_of(REGION, years=years, random=random_design(members, seed=seed))
    spec.frame.last_year = max(years)
    spec.mode = modes_pb2.DISPATCH_MODE_FAST
    spec.without_targets = True
    with Site(folder / "site", workers).running() as site:
        clean = run(site, spec, chunk_size)
        say(f"undisturbed: {members} members in {clean.seconds:.1f} s\n")
        killed = run(site, spec, chunk_size, Killer(site, seed, kills, pause_s))
    return clean, killed, checks(clean, killed, members, kills)


def table(clean: Ended, killed: Ended, found: dict[str, bool], members: int) -> str:
    """What was seen."""
    total = sum(killed.kills.values())
    rows = [
        ("members", f"{members:,}"),
        ("kills", f"{total}: " + ", ".join(f"{n} {c}" for n, c in sorted(killed.kills.items()))),
        ("undisturbed, s", f"{clean.seconds:.1f}"),
        ("with kills, s", f"{killed.seconds:.1f} ({killed.seconds / max(clean.seconds, 1e-9):.2f} times)"),
        (
            "chunks begun again, at most",
            f"{killed.under_way} ({killed.under_way / max(total, 1):.2f} a kill)",
        ),
        ("digest", killed.digest),
        *((what, "yes" if held else "NO") for what, held in found.items()),
    ]
    wide = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{wide}}  {value}" for name, value in rows) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """0 when every check holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__.split("\n")[0])
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--years", type=int, nargs="+", default=[2025])
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--chunk", type=int, default=64)
    parser.add_argument("--pause", type=float, nargs=2, default=PAUSE_S, help="shortest and longest, s")
    parser.add_argument("--keep", type=Path, help="folder for stores and logs; removed when none is named")
    asked = parser.parse_args(arguments)
    with contextlib.ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dafeng-kills-")))
        clean, killed, found = story(
            folder, asked.members, asked.kills, asked.seed, asked.years, asked.workers, asked.chunk,
            tuple(asked.pause), sys.stdout.write,
        )  # fmt: skip
    sys.stdout.write(table(clean, killed, found, asked.members))
    return 0 if all(found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
