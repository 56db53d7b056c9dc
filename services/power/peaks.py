"""Highest hours of a year on the dispatch basis, and the days around them by cause of load and group of supply.

Dispatch basis 调度口径: electricity at the meter, grid losses and the plants' own use, before storage. It is what the
published maximum load counts; total consumption 全社会用电量 is its sum and the losses of stores.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray, IntArray
from services.common.axes import BASE_YEAR, DAYS
from services.common.power_outcome import PeakDay, YearHours
from services.power.dispatch import MUST_RUN, Request, Year, vre_technologies
from services.power.settle_kernels import block_hours
from services.power.stack import BLOCKS, TECH_OF_BLOCK
from services.power.supply import DAY_MONTH, SUMMER, hours_of_day

OWN_USE = "plant_own_use"
GROUPS = ("coal", "gas", "offgas", "nuclear", "hydro", "biomass", "wind", "solar", "import", "other")
FLOWS = ("storage_discharge", "storage_charge", "unserved", "surplus")


@dataclass(frozen=True)
class Peaks:
    """Highest hours of one year: load in both seasons, and load less wind and PV."""

    summer_mw: float
    summer_hour: int
    winter_mw: float
    winter_hour: int
    net_mw: float
    net_hour: int


def peaks_of(year: Year) -> Peaks:
    """Highest hours on the dispatch basis; the earliest when equal."""
    load = dispatch_load_mw(year)
    summer = int(np.argmax(np.where(SUMMER, load, -np.inf)))
    winter = int(np.argmax(np.where(SUMMER, -np.inf, load)))
    net = net_load_mw(year)
    hour = int(np.argmax(net))
    return Peaks(float(load[summer]), summer, float(load[winter]), winter, float(net[hour]), hour)


def dispatch_load_mw(year: Year) -> FloatArray:
    """Load with losses and own use, MW [h]."""
    return year.load_mw + year.own_use_mw


def net_load_mw(year: Year) -> FloatArray:
    """The same less wind and PV available, MW [h]."""
    available: FloatArray = year.vre_gross_mw.sum(axis=0)
    return dispatch_load_mw(year) - available


def hours_of(request: Request, year: Year, days: Sequence[int]) -> YearHours:
    """Every hour of a year, and the days chosen by their number, 0 to 364."""
    load = dispatch_load_mw(year)
    highest = load.reshape(DAYS, -1).argmax(axis=1)
    hours = load.size // DAYS
    return YearHours(
        year=BASE_YEAR + year.index,
        days=tuple(_day(request, year, "", day * hours + int(highest[day])) for day in days),
        load_mw=load,
        net_load_mw=net_load_mw(year),
        curtailed_mw=year.curtailed_mw,
        price_cny_per_mwh=year.price_cny_per_mwh,
    )


def peak_days(request: Request, year: Year, peaks: Peaks) -> tuple[PeakDay, PeakDay]:
    """The days of the summer and the winter peak."""
    return (
        _day(request, year, "summer", peaks.summer_hour),
        _day(request, year, "winter", peaks.winter_hour),
    )


def _day(request: Request, year: Year, season: str, peak_hour: int) -> PeakDay:
    first = peak_hour // 24 * 24
    hours = hours_of_day(first)
    causes = _causes(request, year, hours)
    groups, supply = _supply(request, year, hours)
    return PeakDay(
        year=BASE_YEAR + year.index,
        season=season,
        first_hour=first,
        peak_hour=peak_hour,
        causes=tuple(causes),
        groups=groups,
        load_mw=dispatch_load_mw(year)[hours],
        load_by_cause_mw=np.array(list(causes.values())),
        supply_mw=supply,
    )


def _causes(request: Request, year: Year, hours: IntArray) -> dict[str, FloatArray]:
    """Load by cause with losses; what may be moved counts where it was moved to; own use is a cause of its own."""
    found = {load.cause: np.zeros(hours.size) for load in request.loads}
    factor = 1 + request.loss_share
    shares = request.load_shares[:, hours[0] : hours[0] + hours.size]
    parts = shares * (request.load_energy_mwh[:, year.index] * factor)[:, None]
    for load, part in zip(request.loads, parts, strict=True):
        found[load.cause] += part
    of_shape = {load.shape_digest: load.cause for load in request.loads}
    for flexible, moved in zip(request.flexible, year.moved_mw, strict=True):
        cause = of_shape.get(flexible.shape_digest, "ev_charging")
        found.setdefault(cause, np.zeros(hours.size))
        if moved is not None:
            before = request.shapes[flexible.shape_digest][hours] * flexible.energy_mwh[year.index]
            found[cause] = found[cause] + (moved[hours] - before) * factor
    found[OWN_USE] = year.own_use_mw[hours]
    return found


def _supply(request: Request, year: Year, hours: IntArray) -> tuple[tuple[str, ...], FloatArray]:
    """Gross supply by group; sums to the load on the dispatch basis."""
    rows = {name: np.zeros(hours.size) for name in (*GROUPS, *FLOWS)}
    techs = request.fleet.techs
    stack = request.stack
    order = year.order
    out = np.zeros((len(BLOCKS) + 2, hours.size))
    y = year.index
    month = DAY_MONTH[hours[0] // 24]
    block_hours(
        year.stack_x_mw,
        hours.astype(np.int64),
        DAY_MONTH,
        np.ascontiguousarray(stack.price_cny_per_mwh[y][order]),
        np.ascontiguousarray(stack.capacity_mw[y][:, order]),
        np.ascontiguousarray(stack.committed[order]),
        np.ascontiguousarray(stack.min_load_share[y][order]),
        np.ascontiguousarray(stack.no_load_share[order]),
        np.ascontiguousarray(year.online_mw[order]),
        request.passes > 0,
        out,
    )
    for i, k in enumerate(order):
        net = out[i + 1] + year.minimum_net_mw[month, k]
        rows[techs[TECH_OF_BLOCK[BLOCKS[k]]].group] += net * (1 + stack.own_use_per_mwh[k])
    for name in MUST_RUN:
        rows[techs[name].group] += year.must_run_net_mw[name] / (1 - request.own_use[name])
    available = year.vre_net_mw[:, hours].sum(axis=0)
    taken = 1 - np.divide(year.curtailed_mw[hours], available, out=np.zeros(hours.size), where=available > 0)
    for v, name in enumerate(vre_technologies(request)):
        rows[techs[name].group] += year.vre_gross_mw[v, hours] * taken
    rows["import"] += year.import_mw[hours]
    # Hours outside, so that NumPy sums the stores of an hour in the same order whichever of them have power.
    net_store = np.zeros((hours.size, year.store_row.size)).T
    for i, row in enumerate(year.store_row):
        if row >= 0:
            net_store[i] = year.store_net_mw[row, hours]
    rows["storage_discharge"] += np.maximum(-net_store, 0.0).sum(axis=0)
    rows["storage_charge"] -= np.maximum(net_store, 0.0).sum(axis=0)
    rows["unserved"] += np.maximum(year.slack_mw[hours], 0.0)
    rows["surplus"] += np.minimum(year.slack_mw[hours], 0.0)
    if not rows["surplus"].any():
        del rows["surplus"]
    return tuple(rows), np.array(list(rows.values()))
