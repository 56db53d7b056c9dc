"""Overload of an embedded gateway by real projections that all differ: open-loop load of 0.8 to 10 times its capacity.

`python -m benchmarks.bench_overload 20` takes 20 s a step, `--quick` 3 s. Capacity is what the same gateway answers
while as many calls as it computes at a time are always under way; it is measured before and after each step, because
machines change. The p99 at capacity is that of the step at 1 x; beside it stands the ratio to calls that never wait,
as many at a time as are computed. Both capacity and goodput count the answers that came inside a window, and calls
are timed from the moment at which they were to be sent. The last table says which aims are met.
"""

import argparse
import asyncio
import itertools
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import grpc

from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2
from loadtests.watch import cpu_seconds
from services.runtime.overload.admission import gateway_gate
from services.runtime.overload.paces import Paces
from services.runtime.overload.settings import AdmissionSettings

STEP_S: Final = 6.0
QUICK_S: Final = 3.0
TIMEOUT_S: Final = 20.0
LOADS: Final = (0.8, 1.0, 3.0, 10.0)
# Above capacity the aims hold.
JUDGED: Final = (3.0, 10.0)
GOODPUT_SHARE, P99_RATIO, REFUSED_S, RECOVERY_S = 0.9, 2.0, 0.020, 5.0
# A client that is later than this itself says nothing of how long a refusal takes.
LATE_S: Final = 0.010
METHOD: Final = "/dafeng.projection.v1.ProjectionService/Project"
_CHANNELS: Final = 4
_SERVER: Final = """
import asyncio, sys
from gateway.start import serve
from gateway.settings import load_settings
asyncio.run(serve("embedded", load_settings(None, {"listen": sys.argv[1], "http": "none"}, "none"),
                  lambda server: print("ready", flush=True)))
"""


@dataclass
class Seen:
    """What callers saw in one window: when good answers came, and how long each kind took from when it was due."""

    good_at: list[float] = field(default_factory=list)
    good_s: list[float] = field(default_factory=list)
    refused_s: list[float] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def per_second(self, start: float, seconds: float) -> float:
        """Good answers a second that came inside a window."""
        return sum(start <= at <= start + seconds for at in self.good_at) / seconds


@dataclass(frozen=True)
class Capacity:
    """What the gateway does with as many calls as it computes at a time."""

    per_s: float
    p99_s: float
    cpu_s: float
    """Of the server, a call."""


@dataclass(frozen=True)
class Aim:
    """One line of the verdict; `met` is None where the run cannot tell."""

    name: str
    aim: str
    figure: str
    met: bool | None


class Load:
    """Makes projections that all differ, over a few connections in turn."""

    def __init__(self, channels: list[grpc.aio.Channel]) -> None:
        # Replies stay bytes: the caller shares the cores with the gateway.
        self._calls: list[Any] = [channel.unary_unary(METHOD) for channel in channels]
        self._numbers: Iterator[int] = itertools.count()

    async def one(self, seen: Seen, due: float | None = None) -> None:
        """One call, which was to be sent at `due`."""
        number = next(self._numbers)
        request = projection_pb2.ProjectRequest(
            frame=common_pb2.Frame(region="jiangsu", last_year=2035),
            scenario=common_pb2.Scenario(name=f"load {number}"),
        )
        started = time.perf_counter()
        due = started if due is None else due
        seen.late_s.append(started - due)
        try:
            await self._calls[number % len(self._calls)](request.SerializeToString(), timeout=TIMEOUT_S)
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED:
                seen.refused_s.append(time.perf_counter() - due)
            else:
                seen.failed.append(error.code().name)
            return
        seen.good_at.append(time.perf_counter())
        seen.good_s.append(seen.good_at[-1] - due)

    async def closed_loop(self, at_once: int, seconds: float, seen: Seen) -> float:
        """Answers a second while `at_once` calls are always under way."""
        start = time.perf_counter()

        async def caller() -> None:
            while time.perf_counter() < start + seconds:
                await self.one(seen)

        await asyncio.gather(*(caller() for _ in range(at_once)))
        return seen.per_second(start, seconds)

    async def open_loop(self, rate: float, seconds: float, seen: Seen) -> float:
        """Calls that arrive at random at a rate, whatever becomes of them; answers a second while they arrive."""
        chance, calls = random.Random(7), []
        start = time.perf_counter()
        due = start
        while (due := due + chance.expovariate(rate)) < start + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            calls.append(asyncio.create_task(self.one(seen, due)))
        await asyncio.sleep(max(0.0, start + seconds - time.perf_counter()))
        await asyncio.gather(*calls)
        return seen.per_second(start, seconds)


class Bench:
    """One gateway under load."""

    def __init__(self, load: Load, pid: int, seconds: float) -> None:
        self._load, self._pid, self._seconds = load, pid, seconds
        self.at_once = _computed_at_once()
        self.aims: list[Aim] = []
        self._p99_at_capacity_s = math.nan

    async def run(self) -> None:
        """Every step, then the pulse."""
        await self._load.closed_loop(self.at_once, max(2.0, self._seconds / 4), Seen())
        before = await self._capacity()
        for times in LOADS:
            rate = times * before.per_s
            seen, cpu_s = Seen(), cpu_seconds(self._pid)
            good = await self._load.open_loop(rate, self._seconds, seen)
            cpu_s = cpu_seconds(self._pid) - cpu_s
            after = await self._capacity()
            # The mean of before and after: a machine that others use does not stay the same.
            capacity = Capacity(*((b + a) / 2 for b, a in zip(_row(before), _row(after), strict=True)))
            self._tell(times, good / capacity.per_s, seen, capacity, cpu_s)
            before = after
        await self._pulse(before)

    async def _capacity(self) -> Capacity:
        seen, cpu_s = Seen(), cpu_seconds(self._pid)
        per_s = await self._load.closed_loop(self.at_once, self._seconds / 2, seen)
        cpu_s = (cpu_seconds(self._pid) - cpu_s) / max(len(seen.good_s), 1)
        found = Capacity(per_s, percentile(seen.good_s, 0.99), cpu_s)
        print(
            f"capacity {per_s:.1f} projections/s, p99 {found.p99_s * 1e3:.0f} ms, with {self.at_once} at a time; "
            f"{cpu_s * 1e3:.0f} ms of processor a projection; load of the machine {os.getloadavg()[0]:.1f}"
        )
        return found

    def _tell(self, times: float, good: float, seen: Seen, capacity: Capacity, cpu_s: float) -> None:
        p99, refused = percentile(seen.good_s, 0.99), percentile(seen.refused_s, 0.99)
        late = percentile(seen.late_s, 0.99)
        each = (cpu_s - len(seen.good_s) * capacity.cpu_s) / len(seen.refused_s) if seen.refused_s else 0.0
        half, half_refused = percentile(seen.good_s, 0.5), percentile(seen.refused_s, 0.5)
        print(
            f"{times:4.1f} x: goodput {good:.0%} of capacity; accepted p50 {half * 1e3:.0f}, p99 {p99 * 1e3:.0f} ms; "
            f"{len(seen.refused_s)} refusals, p50 {half_refused * 1e3:.1f} ms, p99 {refused * 1e3:.1f} ms, "
            f"{max(each, 0.0) * 1e3:.1f} ms of processor each; {len(seen.failed)} other failures; "
            f"the client itself was late by p99 {late * 1e3:.1f} ms"
        )
        if times == 1.0:
            self._p99_at_capacity_s = p99
        if times not in JUDGED:
            return
        name, ratio = f"{times:g} x", p99 / self._p99_at_capacity_s
        self._aim(
            f"{name}: goodput, of capacity", f">= {GOODPUT_SHARE:.0%}", f"{good:.0%}", good >= GOODPUT_SHARE
        )
        self._aim(
            f"{name}: p99 of accepted, of p99 at 1 x",
            f"<= {P99_RATIO:g}",
            f"{ratio:.2f} ({p99 / capacity.p99_s:.2f} of calls that never wait)",
            ratio <= P99_RATIO,
        )
        met = refused <= REFUSED_S
        self._aim(
            f"{name}: p99 of refusals", f"<= {REFUSED_S * 1e3:g} ms", f"{refused * 1e3:.1f} ms",
            met if met or late <= LATE_S else None,
        )  # fmt: skip
        self._aim(f"{name}: other failures", "0", str(len(seen.failed)), not seen.failed)

    def _aim(self, name: str, aim: str, figure: str, met: bool | None) -> None:
        self.aims.append(Aim(name, aim, figure, met))

    async def _pulse(self, capacity: Capacity) -> None:
        """Seconds after a pulse until nothing is refused and half of the calls take no longer than before it."""
        before = Seen()
        await self._load.open_loop(0.5 * capacity.per_s, self._seconds / 2, before)
        usual_s = percentile(before.good_s, 0.9)
        await self._load.open_loop(10 * capacity.per_s, self._seconds / 2, Seen())
        start = time.perf_counter()
        took_s = math.inf
        while time.perf_counter() < start + 30:
            begun, after = time.perf_counter() - start, Seen()
            await self._load.open_loop(0.5 * capacity.per_s, 0.5, after)
            if not after.refused_s and percentile(after.good_s, 0.5) <= usual_s:
                took_s = begun
                break
        self._aim(
            "recovery after a pulse of 10 x", f"<= {RECOVERY_S:g} s", f"{took_s:.1f} s", took_s <= RECOVERY_S
        )


def main(seconds: float = STEP_S) -> None:
    """Print capacity, goodput, latencies of what was accepted, refusals, recovery after a pulse, and the verdict."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"unix:{Path(folder) / 'gateway.sock'}"
        server = subprocess.Popen(
            [sys.executable, "-c", _SERVER, address],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert server.stdout is not None
            server.stdout.readline()
            aims = asyncio.run(_run(address, server.pid, seconds))
        finally:
            server.terminate()
            server.wait(30)
    print(verdict(aims))


async def _run(address: str, pid: int, seconds: float) -> list[Aim]:
    options = [("grpc.max_receive_message_length", -1), ("grpc.use_local_subchannel_pool", 1)]
    channels = [grpc.aio.insecure_channel(address, options=options) for _ in range(_CHANNELS)]
    try:
        bench = Bench(Load(channels), pid, seconds)
        await bench.run()
    finally:
        for channel in channels:
            await channel.close()
    return bench.aims


def verdict(aims: list[Aim]) -> str:
    """The table of aims."""
    words = {True: "met", False: "NOT MET", None: "cannot tell: the client itself was late"}
    rows = [("", "aim", "figure", ""), *((a.name, a.aim, a.figure, words[a.met]) for a in aims)]
    wide = [max(len(row[i]) for row in rows) for i in range(3)]
    return "\n".join(
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, wide, strict=False)), row[3]]).rstrip()
        for row in rows
    )


def _row(capacity: Capacity) -> tuple[float, float, float]:
    return capacity.per_s, capacity.p99_s, capacity.cpu_s


def _computed_at_once() -> int:
    """Interactive calls that a gateway with the usual settings computes at a time."""
    return gateway_gate(AdmissionSettings(), Paces(), one_caller=True).lines.lines["interactive"].limit


def percentile(values: list[float], share: float) -> float:
    """The value that a share of the values does not exceed; 0 of none."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, math.ceil(share * len(ranked)) - 1)] if ranked else 0.0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seconds", nargs="?", type=float, default=STEP_S, help="of a step")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_S:g} s a step")
    chosen = parser.parse_args()
    main(QUICK_S if chosen.quick else chosen.seconds)
