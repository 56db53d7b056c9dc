"""The outages of a fleet as one table, and what it says of a series of margins."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.power.adequacy.outage_kernels import carried_load, fold_units, hourly_risk, sum_tails

# A capacity this close to a grid point is on it (share of a step).
ON_GRID = 1e-9
TOLERANCE_MW = 1e-3


@dataclass(frozen=True)
class OutageTable:
    """Probability of outages beyond each point of a grid of capacity, and the energy beyond it."""

    step_mw: float
    capacity_mw: float
    mean_mw: float  # expected outage
    deviation_mw: float  # its standard deviation
    tail: FloatArray  # [k] P(outage > k steps)
    excess_mw: FloatArray  # [k] E[(outage - k steps)+]


# Above this whole numbers are no longer told apart, and no grid has so many.
MOST_POINTS = 2**53


@dataclass(frozen=True)
class Risk:
    """Loss-of-load probability and expected unserved load by hour."""

    loss: FloatArray  # [t]
    unserved_mw: FloatArray  # [t]


def table_points(capacity_mw: Sequence[float], count: Sequence[int], step_mw: float) -> int:
    """Points of the grid that hold every unit out of service at once; a grid beyond all bounds has MOST_POINTS."""
    points = sum(n * np.ceil(c / step_mw) for c, n in zip(capacity_mw, count, strict=True))
    return 1 + int(min(points, MOST_POINTS))


def outage_table(
    capacity_mw: Sequence[float], outage_share: Sequence[float], count: Sequence[int], step_mw: float
) -> OutageTable:
    """Fold classes of identical two-state units on a grid of `step_mw`; small units first (cheapest).

    Capacities between two points are split between them, which keeps the mean of the outage.
    """
    order = np.argsort(np.asarray(capacity_mw), kind="stable")
    steps = np.asarray(capacity_mw, dtype=np.float64)[order] / step_mw
    low = np.floor(steps + ON_GRID).astype(np.int64)
    weight = np.where(steps - low > ON_GRID, steps - low, 0.0)
    number = np.asarray(count, dtype=np.int64)[order]
    probability = np.empty(table_points(capacity_mw, count, step_mw))
    taps = np.empty(int(number.max(initial=0)) + 2)
    share = np.asarray(outage_share, dtype=np.float64)[order]
    top = fold_units(low, weight, share, number, taps, probability)
    kept = probability[: top + 1]
    tail, excess = np.empty(top + 1), np.empty(top + 1)
    sum_tails(kept, step_mw, tail, excess)
    points = np.arange(top + 1) * step_mw
    mean = float(kept @ points)
    return OutageTable(
        step_mw=step_mw,
        capacity_mw=float(sum(c * n for c, n in zip(capacity_mw, count, strict=True))),
        mean_mw=mean,
        deviation_mw=float(np.sqrt(kept @ (points - mean) ** 2)),
        tail=tail,
        excess_mw=excess,
    )


def risk_of(table: OutageTable, margin_mw: FloatArray) -> Risk:
    """Risk of every hour from its margin, MW [t]: capacity without outages less what must be met."""
    risk = Risk(np.empty(margin_mw.size), np.empty(margin_mw.size))
    hourly_risk(margin_mw, table.step_mw, table.tail, table.excess_mw, risk.loss, risk.unserved_mw)
    return risk


def load_carried_mw(table: OutageTable, margin_mw: FloatArray, target: float) -> float:
    """The largest constant load that may be added with the sum of loss probabilities at or below `target`.

    Negative when load must be taken away (or capacity added) first. `target` counts hours (steps) and lies in
    0 <= target < margin_mw.size. Bisection to 1 kW.
    """
    low = float(margin_mw.min()) - table.step_mw * (table.tail.size + 1)
    high = float(margin_mw.max()) + table.step_mw
    return float(
        carried_load(
            margin_mw,
            table.step_mw,
            table.tail,
            target,
            low,
            high,
            TOLERANCE_MW,
            np.empty(margin_mw.size),
        )
    )
