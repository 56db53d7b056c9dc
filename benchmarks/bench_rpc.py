"""Calls to sectors and gateway beside a bare gRPC server that does the same computing and sends as many bytes.

    python -m benchmarks.bench_rpc [name ...]

One core serves, another calls. Bare, without gates and with all gates take turns in short rounds, so that whatever else
the machine does meets all three; a ratio is the median over rounds of (bare's time / ours) for as many calls.
Two ratios stand side by side: calls a second as the caller sees them, and processor time of the server a call, which
neighbours on the machine do not move. The bare server runs the model itself on requests opened before (no made-up
waiting: what the model does to caches, to memory and to the GIL is then the same on both sides).
"""

import asyncio
import json
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import grpc

from services.runtime.address import CHANNEL_OPTIONS

AIM: Final = 0.8
KINDS: Final = ("bare", "open", "gated")
ROUNDS: Final = 9
PROJECTIONS, WHOLES = 160, 60
AT_ONCE: Final = 4
# A round lasts about this long, so that a neighbour's burst falls on several.
_ROUND_SECONDS: Final = 0.25
_FEWEST, _MOST = 2, 300


@dataclass
class Row:
    """One call with its requests, and what was measured: seconds and the server's processor seconds by round."""

    number: int
    name: str
    service: str
    path: str
    streams: bool
    requests: Sequence[bytes]
    aim: bool
    reply_bytes: int
    count: int = 0
    turn: int = 0
    wall: dict[str, list[float]] = field(default_factory=lambda: {k: [] for k in KINDS})
    cpu: dict[str, list[float]] = field(default_factory=lambda: {k: [] for k in KINDS})

    def ratio(self, kind: str, of: str = "wall") -> float:
        """Median over rounds of bare / ours."""
        taken = getattr(self, of)
        return statistics.median(b / o for b, o in zip(taken["bare"], taken[kind], strict=True))

    def ms(self, kind: str) -> float:
        """Median processor time of the server a call, ms."""
        return statistics.median(self.cpu[kind]) / self.count * 1e3


def main(chosen: Sequence[str] = ()) -> None:
    """Measure and print."""
    cores = sorted(os.sched_getaffinity(0))
    apart = len(cores) > 1
    with (
        tempfile.TemporaryDirectory(prefix="dafeng-rpc-") as folder,
        _server(Path(folder), cores[0] if apart else None) as pid,
    ):
        addresses, raw = pickle.loads((Path(folder) / "cases").read_bytes())
        rows = [Row(i, *fields) for i, fields in enumerate(raw)]
        if apart:
            os.sched_setaffinity(0, {cores[1]})
        try:
            asyncio.run(_measure([r for r in rows if _wanted(r, chosen)], addresses, pid))
        finally:
            os.sched_setaffinity(0, cores)


def _wanted(row: Row, chosen: Sequence[str]) -> bool:
    return not chosen or any(c in row.name for c in chosen)


async def _measure(rows: Sequence[Row], addresses: dict[str, dict[str, str]], pid: int) -> None:
    print(f"{'':32}{'request':>9}{'reply':>9}   ms of the server a call           calls/s over bare's   CPU")
    print(
        f"{'':32}{'bytes':>9}{'bytes':>9}{'bare':>8}{'no gates':>10}{'gates':>8}"
        f"{'no gates':>14}{'gates':>8}{'gates':>10}"
    )
    missed = []
    for row in rows:
        await _rounds(row, addresses, pid)
        open_, gated, cpu = row.ratio("open"), row.ratio("gated"), row.ratio("gated", "cpu")
        print(
            f"{row.name:32}{len(row.requests[0]):9,}{row.reply_bytes:9,}{row.ms('bare'):8.2f}{row.ms('open'):10.2f}"
            f"{row.ms('gated'):8.2f}{open_:14.0%}{gated:8.0%}{cpu:10.0%}{'' if row.aim else '   no compute: no aim'}",
            flush=True,
        )
        if row.aim and gated < AIM:
            missed.append(row.name)
    print(f"aim {AIM:.0%} with all gates: {'missed by ' + ', '.join(missed) if missed else 'met by all'}")


async def _rounds(row: Row, addresses: dict[str, dict[str, str]], pid: int) -> None:
    channels = {
        k: grpc.aio.insecure_channel(
            addresses[k]["all" if k == "bare" else row.service], options=CHANNEL_OPTIONS
        )
        for k in KINDS
    }
    try:
        calls = {k: _call_of(row, k, channel) for k, channel in channels.items()}
        started = time.perf_counter()
        await _some(row, calls["bare"], 1)
        alone = time.perf_counter() - started
        # Each request once where answers are kept: three kinds and the first call share them.
        room = (len(row.requests) - 1) // (len(KINDS) * ROUNDS) if len(set(row.requests)) > 1 else _MOST
        row.count = max(min(int(_ROUND_SECONDS / alone), room, _MOST), min(_FEWEST, room))
        for kind in KINDS:
            await _some(row, calls[kind], 1)
        for turn in range(ROUNDS):
            for kind in (*KINDS[turn % 3 :], *KINDS[: turn % 3]):
                cpu, started = _cpu_seconds(pid), time.perf_counter()
                await _some(row, calls[kind], row.count)
                row.wall[kind].append(time.perf_counter() - started)
                row.cpu[kind].append(_cpu_seconds(pid) - cpu)
    finally:
        for channel in channels.values():
            await channel.close()


def _call_of(row: Row, kind: str, channel: Any) -> Any:
    path = f"/bare.Bare/Call{row.number}" if kind == "bare" else row.path
    method = channel.unary_stream(path) if row.streams else channel.unary_unary(path)

    async def call(turn: int) -> None:
        turn %= len(row.requests)
        metadata = (("turn", str(turn)),)
        if row.streams:
            async for _ in method(row.requests[turn], metadata=metadata):
                pass
        else:
            await method(row.requests[turn], metadata=metadata)

    return call


async def _some(row: Row, call: Any, count: int) -> None:
    """`count` calls, a few at once, each with the next request."""
    turns = iter(range(row.turn, row.turn + count))
    row.turn += count

    async def one_after_another() -> None:
        for turn in turns:
            await call(turn)

    await asyncio.gather(*(one_after_another() for _ in range(min(AT_ONCE, count))))


def _cpu_seconds(pid: int) -> float:
    """Processor time of a process's threads so far."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9


@contextmanager
def _server(folder: Path, core: int | None) -> Iterator[int]:
    command = [sys.executable, "-m", "benchmarks.rpc_server", str(folder), "" if core is None else str(core)]
    process = subprocess.Popen(
        [*command, str(PROJECTIONS), str(WHOLES)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DAFENG_DATA_DIR": str(folder / "data")},
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise SystemExit("the server did not start")
        yield int(json.loads(line)["pid"])
    finally:
        process.stdin.close()
        process.wait(60)


if __name__ == "__main__":
    main(sys.argv[1:])
