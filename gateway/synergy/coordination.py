"""Coupling coordination degree of pollution and carbon (耦合协调度), with fixed bounds.

C = k (prod U)^(1/k) / sum U for k indices, for two 2 sqrt(U1 U2) / (U1 + U2), so that C reaches 1 (several published
forms do not; Wang and colleagues 2021); T is their weighted mean and D = sqrt(C T). D measures level and balance, not
that one reduction causes the other. Bounds are data: adding a city changes no other.
"""

import math
from collections.abc import Sequence

from gateway.synergy.results import Coordination, CoordinationRule
from services.common.words import Label


def coupling(indices: Sequence[float]) -> float:
    """C of indices above 0."""
    k = len(indices)
    return float(k * math.prod(indices) ** (1 / k) / math.fsum(indices))


def degree(pollution: float, carbon: float, pollution_weight: float = 0.5) -> tuple[float, float, float]:
    """C, T and D of two indices in (0, 1]."""
    c = coupling((pollution, carbon))
    t = pollution_weight * pollution + (1 - pollution_weight) * carbon
    return c, t, math.sqrt(c * t)


def index_of(ratio: float, rule: CoordinationRule) -> tuple[float, bool]:
    """Index of an emission over its base year's, and whether it lay outside the bounds."""
    value = (rule.worst_ratio - ratio) / (rule.worst_ratio - rule.best_ratio)
    return min(1.0, max(rule.index_min, value)), not rule.index_min <= value <= 1


def coordination(
    measure_id: str,
    place: str,
    year: int,
    ratios: tuple[float, float],
    rule: CoordinationRule,
    bands: Sequence[tuple[float, Label]],
) -> Coordination:
    """Coordination of a place in a year; `ratios` are pollution's and CO2's over the base year's."""
    (u1, out1), (u2, out2) = (index_of(r, rule) for r in ratios)
    c, t, d = degree(u1, u2, rule.pollution_weight_share)
    band = next(label for below, label in bands if d < below)
    return Coordination(measure_id, place, year, u1, u2, c, t, d, band, out1 or out2)
