"""What is known before any outage: planned maintenance and the stores' schedules."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.power.adequacy.shave_kernels import level, shave_days


@dataclass(frozen=True)
class StoreSize:
    """A store as the schedule needs it; efficiencies are one-way shares."""

    charge_mw: float
    discharge_mw: float
    energy_mwh: float
    charge_share: float
    discharge_share: float


def schedule_stores(
    residual_mw: FloatArray,
    stores: Sequence[StoreSize],
    day_steps: int,
    step_hours: float,
    deviation_mw: float,
) -> FloatArray:
    """Charge (+) and discharge (-) of all stores at their terminals, MW [t], one store after another.

    Each store cuts the highest hours of every day to one level and refills in the lowest hours of the same day; it
    delivers at most its content once a day, its content at midnight is free. For what it delivers this is exact: no
    other schedule of the day lowers any convex measure of risk more. A day is not flattened further than
    deviation * ln(1 / round trip): where the risk falls by e for each standard deviation of the outages, charging
    would from there on add more risk than discharging takes away. A constant load changes nothing of a schedule.
    """
    residual = residual_mw
    total = np.zeros(residual_mw.size)
    net = np.empty(residual_mw.size)
    for store in stores:
        round_trip = store.charge_share * store.discharge_share
        shave_days(
            residual,
            day_steps,
            step_hours,
            store.charge_mw,
            store.discharge_mw,
            store.energy_mwh * store.discharge_share,
            round_trip,
            deviation_mw * float(np.log(1 / round_trip)),
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
