"""What is known before any outage: planned maintenance and the stores' schedules."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.power.adequacy.shave_kernels import level, walk_levels

# Levels are found to this share of the outages' standard deviation, or of the span of the load.
PRECISION = 5e-3
SMALLEST = 1e-9
TINY_MW = 1e-9


@dataclass(frozen=True)
class StoreSize:
    """A store as the schedule needs it; efficiencies are one-way shares."""

    charge_mw: float
    discharge_mw: float
    energy_mwh: float
    charge_share: float
    discharge_share: float


def schedule_stores(
    residual_mw: FloatArray, stores: Sequence[StoreSize], step_hours: float, deviation_mw: float
) -> FloatArray:
    """Charge (+) and discharge (-) of all stores at their terminals, MW [t], one store after another.

    Each store takes the schedule over the whole (cyclic) time that lowers the risk most, given those before it: it cuts
    to a level and refills below it, and the level changes only when the store is full or empty. The risk is taken to
    grow by e with each standard deviation of the outages: charging then stays deviation * ln(1 / round trip) below
    the level of discharging, or losses would add more risk than is taken away. A constant load changes nothing of a
    schedule. Of one store without losses the schedule is the best for any convex measure of risk.
    """
    residual = residual_mw
    total = np.zeros(residual_mw.size)
    net, content = np.empty(residual_mw.size), np.empty(residual_mw.size)
    span = float(np.ptp(residual_mw))
    for store in stores:
        if min(store.charge_mw, store.discharge_mw, store.energy_mwh) <= 0.0:
            continue
        walk_levels(
            residual,
            float(store.charge_mw),
            float(store.discharge_mw),
            store.energy_mwh / step_hours,
            float(store.charge_share),
            float(store.discharge_share),
            deviation_mw * float(np.log(1 / (store.charge_share * store.discharge_share))),
            max(PRECISION * deviation_mw, SMALLEST * span, TINY_MW),
            content,
            net,
        )
        residual = residual + net
        total += net
    return total


def level_maintenance(residual_mw: FloatArray, day_steps: int, most_mw: float, mean_mw: float) -> FloatArray:
    """Capacity on planned maintenance, MW [t], constant over each day, `mean_mw` over all days, at most `most_mw`.

    Laid where daily peaks are lowest, so that peaks with maintenance are level (levelised reserve, Garver 1972).
    """
    if mean_mw <= 0.0:
        return np.zeros(residual_mw.size)
    peaks = residual_mw.reshape(-1, day_steps).max(axis=1)
    fill = -level(np.sort(-peaks)[::-1].copy(), most_mw, mean_mw * peaks.size)
    return np.repeat(np.clip(fill - peaks, 0.0, most_mw), day_steps)
