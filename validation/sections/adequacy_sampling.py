"""Adequacy by random sampling of which units are out: it shares nothing with the table of outages but the fleet."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.common.arrays import FloatArray
from services.power.adequacy.case import AdequacyUnit

SEED = 1979
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A mean over samples and its standard error."""

    mean: float
    error: float


def sampled_outages(units: Sequence[AdequacyUnit], count: int) -> Counts:
    """How many of so many independent states of the fleet have each capacity out [MW]; units of whole megawatts."""
    rng = np.random.default_rng(SEED)
    out = np.zeros(count, dtype=np.int64)
    for unit in units:
        assert unit.capacity_mw == int(unit.capacity_mw)
        out += int(unit.capacity_mw) * rng.binomial(unit.count, unit.forced_outage_share, count)
    return np.bincount(out).astype(np.int64)


def hours_and_energy(states: Counts, margin_mw: FloatArray) -> tuple[Estimate, Estimate]:
    """Hours of lost load and unserved energy, MWh, over hours with these margins without outages."""
    margins = np.sort(margin_mw)
    outage = np.arange(states.size, dtype=np.float64)
    below = np.searchsorted(margins, outage, side="left")
    summed = np.concatenate([[0.0], np.cumsum(margins)])
    return _estimate(below.astype(np.float64), states), _estimate(below * outage - summed[below], states)


def _estimate(values: FloatArray, states: Counts) -> Estimate:
    count = int(states.sum())
    mean = float(values @ states) / count
    variance = float((values - mean) ** 2 @ states) / (count - 1)
    return Estimate(mean, float(np.sqrt(variance / count)))
