"""What is said of many members: exact percentiles, intervals, counts that merge in any order, joint tables.

One definition of a percentile everywhere (linear between order statistics, type 7 of Hyndman and Fan). Nothing here
depends on the order in which members arrive.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor, fsum, sqrt

import numpy as np

from gateway.targets.probability import NORMAL_95


def percentile(values: Sequence[float], share: float) -> float:
    """The exact percentile (`share` 0 to 1) of values that need not be sorted; type 7. ValueError when empty."""
    ordered = _sorted(values)
    at = share * (len(ordered) - 1)
    low = min(floor(at), len(ordered) - 1)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (at - low) * (ordered[high] - ordered[low])


def weighted_percentile(values: Sequence[float], weights: Sequence[float], share: float) -> float:
    """The percentile of weighted members: sorted by value and member number, weights cumulated at mid-points.

    Flat outside the first and the last mid-point. ValueError when empty or when no weight is above 0.
    """
    kept = sorted((v, i) for i, v in enumerate(values) if weights[i] > 0)
    if not kept:
        raise ValueError("no member has a weight above 0")
    total = fsum(weights[i] for _, i in kept)
    points, below = [], 0.0
    for _, i in kept:
        points.append((below + weights[i] / 2) / total)
        below += weights[i]
    return float(np.interp(share, points, [v for v, _ in kept]))


def rank_interval(count: int, share: float) -> tuple[int, int]:
    """Order statistics (1 = smallest) between which a percentile lies with 95 %; normal approximation, outward."""
    half = NORMAL_95 * sqrt(count * share * (1 - share))
    return max(1, floor(count * share - half)), min(count, ceil(count * share + half))


def joint_table(
    years: Sequence[int], levels: Sequence[float], weights: Sequence[float] | None = None
) -> Mapping[int, tuple[float, float, float, float]]:
    """By year of the event (0: none in the span): its share, and 10th, 50th and 90th percentile of the level there.

    Years are never averaged: they are classes.
    """
    weight = [1.0] * len(years) if weights is None else list(weights)
    total = fsum(weight)
    found = {}
    for year in sorted(set(years)):
        own = [i for i, y in enumerate(years) if y == year and weight[i] > 0]
        if not own:
            continue
        values, parts = [levels[i] for i in own], [weight[i] for i in own]
        low, middle, high = (weighted_percentile(values, parts, p) for p in (0.1, 0.5, 0.9))
        found[year] = (fsum(parts) / total, low, middle, high)
    return found


def _sorted(values: Sequence[float]) -> list[float]:
    ordered = sorted(float(v) for v in values)
    if not ordered:
        raise ValueError("no values")
    return ordered
