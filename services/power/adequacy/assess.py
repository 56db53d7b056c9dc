"""Adequacy of any fleet: loss of load, energy not served, capacity credits, capacity lacking, hours at risk.

Units fail independently (two states, exact convolution); resources follow their hourly output; stores shave the load
before outages are known. Formulas: Billinton and Allan, Reliability Evaluation of Power Systems, 1996.
"""

from dataclasses import dataclass, replace

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, MONTH_DAYS
from services.common.regions import load_region, region_ids
from services.power.adequacy.case import (
    AdequacyCase,
    AdequacyReport,
    AdequacyStore,
    AdequacyUnit,
    CapacityCredit,
)
from services.power.adequacy.check import DAY_HOURS, check_case
from services.power.adequacy.elcc import elcc_mw
from services.power.adequacy.schedule import StoreSize, level_maintenance, schedule_stores
from services.power.adequacy.table import OutageTable, Risk, load_carried_mw, outage_table, risk_of

SUBJECT = "power/adequacy"
STANDARD = "loss_of_load_standard_hours"
# Below this sum of probabilities a risk is not told apart from none.
LEAST_RISK = 1e-6
MONTH_OF_DAY = np.repeat(np.arange(len(MONTH_DAYS)), MONTH_DAYS)


@dataclass(frozen=True)
class _System:
    """A checked case with its table; maintenance is laid once, for the whole system."""

    case: AdequacyCase
    table: OutageTable
    step_hours: float
    day_steps: int
    maintenance_mw: FloatArray  # [t]

    def margin_mw(self, resource_id: str = "") -> FloatArray:
        """Capacity without outages less what must be met, MW [t]; without one resource or store if named."""
        case = self.case
        residual = case.load_mw + self.maintenance_mw
        for resource in case.resources:
            if resource.resource_id != resource_id:
                residual = residual - resource.hourly_mw
        stores = [_size(s) for s in case.stores if s.store_id != resource_id]
        net = schedule_stores(residual, stores, self.step_hours, self.table.deviation_mw)
        return self.table.capacity_mw - residual - net


def assess(case: AdequacyCase) -> AdequacyReport:
    """Assess a fleet. Raises DomainError(INVALID_INPUT) with all violations."""
    step_hours = 1.0 if case.step_hours is None else case.step_hours
    grid_mw = 1.0 if case.grid_mw is None else case.grid_mw
    standard = default_standard_hours() if case.standard_hours is None else case.standard_hours
    check_case(case, step_hours, grid_mw, standard)
    system = _system(case, step_hours, grid_mw)
    table, load = system.table, case.load_mw
    margin = system.margin_mw()
    risk = risk_of(table, margin)
    lowest = margin.reshape(-1, system.day_steps).min(axis=1)
    carried = load_carried_mw(table, margin, standard / step_hours)
    credits = _credits(system, margin, standard)
    firm = table.capacity_mw + sum(c.elcc_mw for c in credits)
    peak = float(load.max())
    return AdequacyReport(
        lole_hours=float(risk.loss.sum()) * step_hours,
        lold_days=float(risk_of(table, lowest).loss.sum()),
        eens_mwh=float(risk.unserved_mw.sum()) * step_hours,
        peak_load_mw=peak,
        unit_capacity_mw=table.capacity_mw,
        mean_outage_mw=table.mean_mw,
        firm_capacity_mw=firm,
        reserve_margin_share=firm / peak - 1 if peak > 0 else 0.0,
        least_margin_mw=float(margin.min()),
        load_carried_mw=carried,
        capacity_lacking_mw=max(-carried, 0.0),
        standard_hours=standard,
        credits=credits,
        months=tuple(range(1, len(MONTH_DAYS) + 1)),
        risk_hours=_risk_hours(risk, system),
    )


def default_standard_hours() -> float:
    """The usual standard of loss of load, h a year, from the region data."""
    return load_region(region_ids()[0]).number(SUBJECT, STANDARD)


def _system(case: AdequacyCase, step_hours: float, grid_mw: float) -> _System:
    units = case.units
    table = outage_table(
        [u.capacity_mw for u in units],
        [u.forced_outage_share for u in units],
        [u.count for u in units],
        grid_mw,
    )
    day_steps = round(DAY_HOURS / step_hours)
    plain = _System(case, table, step_hours, day_steps, np.zeros(case.load_mw.size))
    most = sum(u.capacity_mw * u.count for u in units if u.planned_outage_share > 0)
    mean = sum(_planned_mw(u) for u in units)
    if mean <= 0.0:
        return plain
    without_stores = replace(plain, case=replace(case, stores=()))
    residual = table.capacity_mw - without_stores.margin_mw()
    return replace(plain, maintenance_mw=level_maintenance(residual, day_steps, most, mean))


def _planned_mw(unit: AdequacyUnit) -> float:
    return unit.capacity_mw * unit.count * unit.planned_outage_share


def _size(store: AdequacyStore) -> StoreSize:
    one_way = float(np.sqrt(store.round_trip_share))
    return StoreSize(store.power_mw, store.power_mw, store.energy_mwh, one_way, one_way)


def _credits(system: _System, margin: FloatArray, standard_hours: float) -> tuple[CapacityCredit, ...]:
    """Credit of every resource and store, last in: against the system with all others.

    At the risk of the system without it; at the standard when asked, or when that risk is no number to bisect on
    (next to no hour, or every hour, is lost).
    """
    case, table, step = system.case, system.table, system.step_hours
    rows = [(r.resource_id, r.capacity_mw) for r in case.resources]
    rows += [(s.store_id, s.power_mw) for s in case.stores]
    found = []
    for name, capacity in rows:
        without = system.margin_mw(name)
        target = float(risk_of(table, without).loss.sum())
        if case.credits_at_standard or not LEAST_RISK < target < margin.size:
            target = standard_hours / step
        carried = elcc_mw(table, margin, without, target) if capacity > 0 else 0.0
        share = carried / capacity if capacity > 0 else 0.0
        found.append(CapacityCredit(name, capacity, carried, share, target * step))
    return tuple(found)


def _risk_hours(risk: Risk, system: _System) -> FloatArray:
    """Expected hours of lost load by month and hour of the day [month, 24]; the first step is 1 January, 0 h."""
    step = np.arange(risk.loss.size)
    month = MONTH_OF_DAY[step // system.day_steps % DAYS]
    hour = (step % system.day_steps * system.step_hours).astype(np.int64)
    out = np.zeros((len(MONTH_DAYS), DAY_HOURS))
    np.add.at(out, (month, hour), risk.loss * system.step_hours)
    return out
