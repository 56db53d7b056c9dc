"""Mann-Kendall: does an observed series rise or fall? Exact up to ten values, normal approximation above."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import erfc, sqrt

from gateway.account_settings import method
from gateway.report.results import TrendTest
from services.common.regions import Region

# Up to this many values the distribution of S is counted out.
EXACT_UP_TO = 10


def trend_test(region: Region, observation: str) -> TrendTest | None:
    """The test of one of the region's observations; None when it has too few years to tell."""
    series = region.observed(observation)
    if len(series) < method(region, "trend_fewest_years_count"):
        return None
    years = sorted(series)
    values = [series[y] for y in years]
    s = kendall_s(values)
    p = p_value(s, len(values))
    rows = region.table("observations")
    found = next(p for m, p in zip(rows.text("metric"), rows.provenance, strict=True) if m == observation)
    direction = "rising" if s > 0 else "falling"
    return TrendTest(
        observation,
        years[0],
        years[-1],
        len(years),
        s,
        p,
        direction if p <= method(region, "trend_significance_share") else "no_trend",
        found,
    )


def kendall_s(values: Sequence[float]) -> int:
    """S: number of pairs that rise less number that fall."""
    return sum(
        (later > earlier) - (later < earlier) for i, earlier in enumerate(values) for later in values[i + 1 :]
    )


def p_value(s: int, count: int) -> float:
    """One-sided probability of an S at least as far from zero on the same side, without ties and without trend."""
    if count <= EXACT_UP_TO:
        ways = _inversions(count)
        pairs = count * (count - 1) // 2
        # S = pairs - 2 x inversions: the most extreme have the fewest inversions.
        return sum(n for k, n in ways.items() if pairs - 2 * k >= abs(s)) / sum(ways.values())
    variance = count * (count - 1) * (2 * count + 5) / 18
    z = max(abs(s) - 1, 0) / sqrt(variance)
    return 0.5 * erfc(z / sqrt(2))


def falls_without_rise(
    values: Sequence[float], start: int, count: int, pause_share: float, significance: float
) -> bool:
    """True when `count` yearly steps from `start` fall, but for one pause of at most `pause_share`.

    The window must reject "no trend" downwards at `significance`, and never come above its first value.
    """
    window = values[start : start + count + 1]
    if len(window) < count + 1:
        return False
    pauses = [(a, b) for a, b in pairwise(window) if b >= a]
    if not pauses:
        return True
    if len(pauses) > 1 or any(b > a * (1 + pause_share) for a, b in pauses):
        return False
    s = kendall_s(window)
    return s < 0 and p_value(s, len(window)) <= significance and max(window[1:]) <= window[0]


def _inversions(count: int) -> Mapping[int, int]:
    """Permutations of `count` values by their number of inversions."""
    ways = {0: 1}
    for size in range(2, count + 1):
        longer: dict[int, int] = {}
        for k, n in ways.items():
            for more in range(size):
                longer[k + more] = longer.get(k + more, 0) + n
        ways = longer
    return ways
