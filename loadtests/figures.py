"""The report's arithmetic: percentiles, goodput, growth, recovery. Nothing here reads a clock or a file."""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from loadtests.records import FAILED, FAULTS, OK, REFUSED, Phase, Record

# Of the samples of a quantity, the first and the last this share are compared.
_ENDS_SHARE: Final = 0.2
_WARM_UP_SHARE: Final = 0.2


@dataclass(frozen=True)
class Summary:
    """Calls of one kind: how many, how they ended, how long the accepted ones took."""

    name: str
    count: int
    ok: int
    refused: int
    failed: int
    ok_per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    refused_p99_ms: float


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least this share of the values do not exceed; nan when there is none."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def summary(name: str, records: Sequence[Record], seconds: float) -> Summary:
    """The summary of records that were sent in so many seconds."""
    accepted = [r.ms for r in records if r.outcome == OK]
    refused = [r.ms for r in records if r.outcome == REFUSED]
    return Summary(
        name,
        len(records),
        len(accepted),
        len(refused),
        sum(r.outcome == FAILED for r in records),
        len(accepted) / seconds if seconds > 0 else math.nan,
        percentile(accepted, 0.50),
        percentile(accepted, 0.95),
        percentile(accepted, 0.99),
        percentile(refused, 0.99),
    )


def summaries(records: Sequence[Record], key: Callable[[Record], str], seconds: float) -> list[Summary]:
    """A summary of each kind, by name."""
    kinds: dict[str, list[Record]] = {}
    for record in records:
        kinds.setdefault(key(record), []).append(record)
    return [summary(name, kinds[name], seconds) for name in sorted(kinds)]


def goodput_per_s(records: Iterable[Record], phase: Phase) -> float:
    """Calls a second that were answered well while a phase lasted."""
    done = sum(r.outcome == OK and phase.start_s <= r.at_s + r.ms / 1e3 <= phase.end_s for r in records)
    return done / phase.seconds


def faults(records: Iterable[Record]) -> dict[str, int]:
    """Failures that are ours by reason: UNKNOWN, INTERNAL and the like."""
    return _counted(r.reason for r in records if r.outcome == FAILED and r.reason.partition(":")[0] in FAULTS)


def reasons(records: Iterable[Record], outcome: str) -> dict[str, int]:
    """How many ended so, by reason."""
    return _counted(r.reason for r in records if r.outcome == outcome)


def recovery_s(
    records: Iterable[Record], pulse_end_s: float, slow_ms: float, chance_share: float = 0.0
) -> float:
    """Seconds after the pulse until calls are well again: the last that was refused, failed or slower than `slow_ms`.

    Calls that come at random meet a full line now and then: of those sent after that moment, `chance_share` may.
    """
    after = sorted((r for r in records if r.at_s > pulse_end_s), key=lambda r: r.at_s, reverse=True)
    bad = 0
    for record in after:
        bad += record.outcome != OK or record.ms > slow_ms
        if bad > chance_share * len(after):
            return record.at_s - pulse_end_s
    return 0.0


def growth_share(samples: Sequence[float]) -> float:
    """How much a quantity grew after the warm-up: median of its last fifth over that of its first, less 1.

    The warm-up is the first fifth of the samples; nan with fewer than ten after it.
    """
    warm = samples[math.ceil(_WARM_UP_SHARE * len(samples)) :]
    if len(warm) < 10:
        return math.nan
    count = max(int(_ENDS_SHARE * len(warm)), 1)
    first, last = statistics.median(warm[:count]), statistics.median(warm[-count:])
    return last / first - 1 if first else math.nan


def per_second(
    records: Iterable[Record], outcome: str, seconds: float, width_s: float = 1.0
) -> list[tuple[float, float]]:
    """Calls a second that ended so, by the time of their end."""
    counts = [0] * max(math.ceil(seconds / width_s), 1)
    for record in records:
        at = int((record.at_s + record.ms / 1e3) / width_s)
        if record.outcome == outcome and 0 <= at < len(counts):
            counts[at] += 1
    return [((i + 0.5) * width_s, n / width_s) for i, n in enumerate(counts)]


def latency_course(
    records: Iterable[Record], share: float, seconds: float, width_s: float = 1.0
) -> list[tuple[float, float]]:
    """A percentile of the accepted calls' time by the time of their start; stretches without calls are left out."""
    found: dict[int, list[float]] = {}
    for record in records:
        if record.outcome == OK and record.at_s < seconds:
            found.setdefault(int(record.at_s / width_s), []).append(record.ms)
    return [((i + 0.5) * width_s, percentile(found[i], share)) for i in sorted(found)]


def _counted(words: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
