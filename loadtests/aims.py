"""What a run must show: each aim with its figure, and whether it is met."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loadtests.figures import faults, goodput_per_s, growth_share, percentile, recovery_s
from loadtests.records import FAILED, OK, REFUSED, Phase, Record
from loadtests.watch import Held

GOODPUT_SHARE: Final = 0.9
P99_RATIO: Final = 2.0
REFUSED_MS: Final = 20.0
RECOVERY_SECONDS: Final = 5.0
# At half of capacity, calls that come at random are refused as often as this, pulse or not.
CHANCE_SHARE: Final = 0.05
GROWTH_SHARE: Final = 0.05
FAILED_SHARE: Final = 0.001
# The client's own lateness above which an open loop says nothing of the server.
LATE_MS: Final = 100.0
# Below this many refusals the slowest of them is no percentile.
_FEW: Final = 20
# Threads and files of a process come in handfuls: so many more are no leak.
_HANDFUL: Final = {"threads": 2, "files": 5, "sockets": 5, "rss_mb": 5.0}


@dataclass(frozen=True)
class Aim:
    """One aim. `met` is None where the run could not tell."""

    name: str
    figure: str
    aim: str
    met: bool | None


def judged(
    kind: str, records: Sequence[Record], phases: Sequence[Phase], samples: Sequence[Held], capacity: float
) -> list[Aim]:
    """Every aim of a kind of run."""
    if kind == "soak":
        # Its callers never rest: how many are refused, and how fast, is for the other kinds to judge.
        return [*_errors(records), *_growth(samples)]
    found = [*_errors(records), _refusals(records)]
    if kind == "overload":
        return [*found, *_overload(records, {p.name: p for p in phases}, capacity)]
    return [*found, _answered(records)]


def _errors(records: Sequence[Record]) -> list[Aim]:
    ours = faults(records)
    failed = sum(r.outcome == FAILED for r in records)
    share = failed / len(records) if records else math.nan
    told = ", ".join(f"{reason} {count}" for reason, count in ours.items())
    return [
        Aim("calls that ended UNKNOWN or INTERNAL", told or "0", "0", not ours),
        Aim("calls that failed in any way", f"{failed} of {len(records):,}", "0.1 %", share <= FAILED_SHARE),
    ]


def _refusals(records: Sequence[Record]) -> Aim:
    ms = [r.ms for r in records if r.outcome == REFUSED]
    p99 = percentile(ms, 0.99)
    figure = f"{p99:.1f} ms of {len(ms):,}" if ms else "none was refused"
    return Aim("refusals, p99", figure, f"{REFUSED_MS:.0f} ms", None if len(ms) < _FEW else p99 <= REFUSED_MS)


def _answered(records: Sequence[Record]) -> Aim:
    """Goodput of users who wait for their answers: of the calls they made."""
    ok = sum(r.outcome == OK for r in records)
    share = ok / len(records) if records else math.nan
    return Aim("calls answered", f"{share:.1%}", f"{GOODPUT_SHARE:.0%}", share >= GOODPUT_SHARE)


def _overload(records: Sequence[Record], phases: Mapping[str, Phase], capacity: float) -> list[Aim]:
    found = []
    at_capacity = _p99(records, "1x")
    for name in ("3x", "10x"):
        good = goodput_per_s(records, phases[name]) / capacity if capacity else math.nan
        ratio = _p99(records, name) / at_capacity
        late = percentile((r.late_ms for r in records if r.phase == name), 0.99)
        found += [
            Aim(f"{name}: goodput of capacity", f"{good:.0%}", f"{GOODPUT_SHARE:.0%}", good >= GOODPUT_SHARE),
            Aim(f"{name}: p99 over p99 at capacity", f"{ratio:.2f}", f"{P99_RATIO:.0f}", ratio <= P99_RATIO),
            Aim(f"{name}: lateness of the client itself, p99", f"{late:.0f} ms", f"{LATE_MS:.0f} ms", late <= LATE_MS),
        ]  # fmt: skip
    after = recovery_s(records, phases["pulse"].end_s, P99_RATIO * at_capacity, CHANCE_SHARE)
    aim = f"{RECOVERY_SECONDS:.0f} s"
    found.append(Aim("recovery after the pulse", f"{after:.1f} s", aim, after <= RECOVERY_SECONDS))
    return found


def _p99(records: Sequence[Record], phase: str) -> float:
    return percentile((r.ms for r in records if r.phase == phase and r.outcome == OK), 0.99)


def _growth(samples: Sequence[Held]) -> list[Aim]:
    """Memory, threads, files and sockets of each process after the warm-up."""
    found = []
    for process in sorted({s.process for s in samples}):
        own = [s for s in samples if s.process == process]
        for what, handful in _HANDFUL.items():
            values = [float(getattr(s, what)) for s in own]
            share = growth_share(values)
            more = share * values[-1] if values else math.nan
            met = None if math.isnan(share) else share <= GROWTH_SHARE or more <= handful
            figure = f"{share:+.1%} to {values[-1]:,.0f}" if values else "none"
            found.append(Aim(f"{process}: growth of {what}", figure, f"{GROWTH_SHARE:.0%}", met))
    return found
