"""The margin of one dispatched year: short-run marginal CO2 by hour, and NOx of coal units at part load.

Marginal factor: what the next MWh of load (grid losses counted as load) emits in the region with the capacity, the
commitment and the contracts of the year as they are. It is the CO2 of the block that carries it or, where a store does
so at less cost, of the block that makes the store's content good. Imports are contracts and do not answer.
"""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import HOURS
from services.power.capacity import STORES
from services.power.dispatch import Request, Year
from services.power.margin_kernels import link_stores, stack_margin
from services.power.stack import BLOCKS
from services.power.supply import DAY_MONTH, HOUR_MONTH, HOUR_OF_DAY

MONTHS = 12
DAY_HOURS = 24


@dataclass(frozen=True)
class Margin:
    """Margin of a year. k as BLOCKS."""

    marginal_tco2_per_mwh: FloatArray  # [month, hour of day] load-weighted
    mean_tco2_per_mwh: float  # load-weighted
    nox_ratio: FloatArray  # [k] NOx over that at full load


def margin_of(request: Request, year: Year) -> Margin:
    """Marginal CO2 by month and hour of day, its mean, and NOx ratios."""
    hourly, nox = marginal_hours(request, year)
    cell = HOUR_MONTH * DAY_HOURS + HOUR_OF_DAY
    load = np.bincount(cell, year.load_mw, MONTHS * DAY_HOURS)
    tco2 = np.bincount(cell, year.load_mw * hourly, MONTHS * DAY_HOURS)
    return Margin((tco2 / load).reshape(MONTHS, DAY_HOURS), float(tco2.sum() / load.sum()), nox)


def marginal_hours(request: Request, year: Year) -> tuple[FloatArray, FloatArray]:
    """Marginal CO2 of every hour, t/MWh [h], and NOx over that at full load [k]."""
    stack, y = request.stack, year.index
    commitment = request.passes > 0
    # No-load fuel burns anyway on units that are committed.
    running = (stack.committed == 1) & commitment
    share = np.where(running, 1 - stack.no_load_share, 1.0)
    price = stack.price_cny_per_mwh[y] * share
    tco2 = stack.fuel_gj_per_mwh[y] * stack.fossil_share[y] * stack.tco2_per_gj[y] * share
    leaf = request.fleet.region.number
    names = ("full_share", "low_share", "low_ratio")
    part_load = np.array([leaf("power/air_pollutants", f"nox_part_load_{n}") for n in names])
    cost, rate, out, nox = np.empty(HOURS), np.empty(HOURS), np.empty(HOURS), np.empty(len(BLOCKS))
    stack_margin(
        year.stack_x_mw,
        DAY_MONTH,
        price,
        np.argsort(price, kind="stable"),
        np.ascontiguousarray(stack.capacity_mw[y]),
        stack.committed,
        np.ascontiguousarray(stack.min_load_share[y]),
        year.online_mw,
        commitment,
        tco2,
        request.value_of_lost_load,
        part_load,
        cost,
        rate,
        nox,
    )
    link_stores(
        cost,
        rate,
        # What users move is too small to set the price for long, and its limits change by the hour.
        year.store_net_mw,
        year.store_content_mwh,
        year.store_row[: len(STORES)],
        stack.stores[y],
        np.empty(HOURS),
        np.empty(HOURS),
        out,
    )
    return out, nox
