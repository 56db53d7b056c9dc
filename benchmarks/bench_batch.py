"""Ensembles on all cores through store, runner and worker processes: time a member, linearity, memory, busy cores.

python -m benchmarks.bench_batch [--members 10000] [--case fast-9 ...]. Without arguments the first case runs 10,000
members and the others 1,000, told for 10,000 in proportion; linearity is measured on the first.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.direct import DirectCalls
from gateway.jobs.desk import BatchDesk
from gateway.jobs.members import MemberRuns, design_of
from gateway.jobs.running import running_batches
from gateway.jobs.settings import BatchSettings
from gateway.jobs.store.store import SqlStore
from gateway.jobs.words import ENDED, Batch, BatchState
from gateway.runs import Runs
from gateway.serve import workshop
from gateway.settings import ServeSettings
from loadtests.watch import cpu_seconds
from services.common.outcome import Outcome
from services.common.power_outcome import PowerOutcome
from services.power import dispatch as power_dispatch
from services.runtime.logs import configure_logs
from services.runtime.sectors import sectors

ANCHORS = tuple(range(2020, 2061, 5))
EVERY_YEAR = tuple(range(2020, 2061))
WHOLE = 10_000
FEW = 1_000
WARM, TIMED = 4, 24


@dataclass(frozen=True)
class Case:
    """One kind of ensemble, and the time aimed at for 10,000 members, s."""

    name: str
    words: str
    aim_s: float
    spec: Mapping[str, Any]


CASES = (
    Case("fast-9", "9 anchor years, no commitment", 60, {"mode": "fast", "years": ANCHORS}),
    Case(
        "commitment-9", "9 anchor years, daily commitment", 260, {"mode": "fast_commitment", "years": ANCHORS}
    ),
    Case(
        "one-pass-9",
        "9 anchor years, one-pass commitment",
        170,
        {"mode": "fast_commitment_one_pass", "years": ANCHORS},
    ),
    Case("fast-41", "41 years, no commitment", 300, {"mode": "fast", "years": EVERY_YEAR}),
    Case(
        "cities-1",
        "13 cities' accounts, one year",
        60,
        {
            "mode": "fast",
            "years": (2030,),
            "without_targets": True,
            "metrics": (
                {"metric_id": "account.territorial_tco2", "place": "*"},
                {"metric_id": "account.peak_load_mw", "place": "*"},
                {"metric_id": "account.so2_t", "place": "*"},
                {"metric_id": "account.nox_t", "place": "*"},
            ),
        },
    ),
)


def main(arguments: Sequence[str] = ()) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=0, help="members of every case")
    parser.add_argument("--case", action="append", choices=[c.name for c in CASES], default=[])
    given = parser.parse_args(arguments)
    configure_logs("error")
    asyncio.run(_run(given.members, [c for c in CASES if not given.case or c.name in given.case]))


async def _run(members: int, cases: Sequence[Case]) -> None:
    cores = os.cpu_count() or 1
    settings = ServeSettings(log_level="error", http="")
    async with workshop(settings) as pipeline:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'batches.sqlite'}"
            async with running_batches(pipeline, BatchSettings(store=url)) as desk:
                assert desk is not None
                with _timed(SqlStore, "commit") as commits:
                    # Workers start, models load and kernels come from the cache: told apart.
                    started = time.perf_counter()
                    await _batch(desk, CASES[0], 2 * cores, 1)
                    print(f"start of {cores} workers {time.perf_counter() - started:.1f} s")
                    for number, case in enumerate(cases):
                        commits.clear()
                        count = members or (WHOLE if number == 0 else FEW)
                        each_s = await _measure(desk, case, count, cores, commits)
                        await _parts(desk, case)
                        if number == 0:
                            await _linear(desk, case, count, each_s)


async def _measure(desk: BatchDesk, case: Case, count: int, cores: int, commits: list[float]) -> float:
    """Print a case; seconds a member."""
    busy = _cpu_seconds()
    started = time.perf_counter()
    seen: list[int] = []
    await _batch(desk, case, count, 3, seen)
    took = time.perf_counter() - started
    share = (_cpu_seconds() - busy) / (took * cores)
    whole = took * WHOLE / count
    early, late = max(seen[: max(1, len(seen) // 4)]), max(seen)
    told = "" if count == WHOLE else f" (10,000 in proportion {whole:.0f} s)"
    print(
        f"{case.name}: {case.words}: {count:,} members in {took:.1f} s{told}; aim {case.aim_s:.0f} s, "
        f"ratio {whole / case.aim_s:.2f}; {cores * took / count * 1e3:.1f} ms of a core a member; "
        f"cores busy {share:.0%}; commits {sum(commits) / took:.1%} of the time; "
        f"worker memory {late / 2**20:.0f} MB, {late / early - 1:+.0%} since the first quarter"
    )
    return took / count


class _Timed(DirectCalls):
    """Calls of sectors with the time that each takes, s."""

    def __init__(self) -> None:
        super().__init__(sectors())
        self.took: dict[str, float] = {}

    async def project(self, sector_id: str, *given: Any, **named: Any) -> tuple[Outcome, ...]:
        started = time.perf_counter()
        found = await super().project(sector_id, *given, **named)
        self._add(sector_id, started)
        return found

    async def project_power(self, *given: Any, **named: Any) -> tuple[PowerOutcome, ...]:
        started = time.perf_counter()
        found = await super().project_power(*given, **named)
        self._add("power", started)
        return found

    def _add(self, name: str, started: float) -> None:
        self.took[name] = self.took.get(name, 0.0) + time.perf_counter() - started


async def _parts(desk: BatchDesk, case: Case) -> None:
    """Where the time of a member goes, in one thread of this process."""
    # A seed of its own: years that another case dispatched here are kept.
    spec = await desk.spec((await _batch(desk, case, WARM + TIMED, 90 + CASES.index(case))).batch_id)
    calls = _Timed()
    design = design_of(spec, await calls.levers(spec.frame.region))
    with ThreadPoolExecutor(1) as pool, _timed(power_dispatch, "dispatch_year") as kernel:
        members = MemberRuns(spec, design, Runs(calls, pool, 8))
        drawn = design.block(0, WARM + TIMED)
        for one in drawn[:WARM]:
            await members.row(one)
        calls.took.clear()
        kernel.clear()
        started = time.perf_counter()
        for one in drawn[WARM:]:
            await members.row(one)
        whole = time.perf_counter() - started
    power = calls.took.pop("power")
    parts = {**calls.took, "dispatch kernel": sum(kernel), "rest of power": power - sum(kernel)}
    parts["stages, targets and columns"] = whole - sum(parts.values())
    told = ", ".join(f"{name} {took / TIMED * 1e3:.1f}" for name, took in parts.items())
    print(f"{case.name}: a member alone in one process {whole / TIMED * 1e3:.1f} ms: {told}")


async def _linear(desk: BatchDesk, case: Case, most: int, each_s: float) -> None:
    """Time a member of 100, 1,000, ... members beside that of the most."""
    rates = {}
    count = 100
    while count < most:
        started = time.perf_counter()
        await _batch(desk, case, count, 5 + count)
        rates[count] = (time.perf_counter() - started) / count
        count *= 10
    told = ", ".join(f"{n:,}: {r / each_s:.2f}" for n, r in rates.items())
    print(f"{case.name}: time a member relative to that of {most:,} members: {told}")


async def _batch(
    desk: BatchDesk, case: Case, count: int, seed: int, memory: list[int] | None = None
) -> Batch:
    raw = {
        "request_id": f"{case.name}-{count}-{seed}-{time.monotonic_ns()}",
        "chunk_size": min(64, max(1, count // 16)),
        "spec": {
            "frame": {"region": "jiangsu"},
            "scenario": {"baseline": "planned"},
            "random": {"method": "sobol", "member_count": count, "seed": seed},
            **case.spec,
        },
    }
    batch = await desk.create(raw)
    while batch.state not in ENDED:
        await asyncio.sleep(0.2)
        if memory is not None:
            memory.append(_workers_memory())
        batch = await asyncio.to_thread(desk.store.get, batch.batch_id)
    assert batch.state is BatchState.COMPLETE, batch
    return batch


@contextmanager
def _timed(owner: Any, name: str) -> Iterator[list[float]]:
    """Seconds of every call of a function."""
    took: list[float] = []
    plain = getattr(owner, name)

    def timed(*given: Any) -> Any:
        started = time.perf_counter()
        try:
            return plain(*given)
        finally:
            took.append(time.perf_counter() - started)

    setattr(owner, name, timed)
    try:
        yield took
    finally:
        setattr(owner, name, plain)


def _family() -> list[int]:
    """Process ids of the workers."""
    own = os.getpid()
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[1]) == own:
            found.append(int(path.parent.name))
    return found


def _workers_memory() -> int:
    """Resident bytes of all workers."""
    total = 0
    for pid in _family():
        with suppress(OSError):
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total


def _cpu_seconds() -> float:
    """Processor seconds of this process and its workers."""
    total = 0.0
    for pid in (os.getpid(), *_family()):
        # A worker may end between the two looks.
        with suppress(OSError):
            total += cpu_seconds(pid)
    return total


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
