"""Adequacy of a projected year: the region's plants as units, its lines as poles, on the hours that were dispatched.

Load is that at the grid (losses in, own use out) after flexible load was moved; plants count net of own use. Coal, gas,
nuclear and biomass plants are units with forced outages whose planned maintenance is laid into the days of low load;
lines deliver their contract hour by hour and lose poles; hydro and off-gas plants run at their mean; interruptible load
counts in full. Stores follow a schedule against the risk through the whole year, not that of the market.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.power_outcome import CREDITED
from services.common.recording import kept
from services.power.adequacy.assess import STANDARD, SUBJECT
from services.power.adequacy.elcc import elcc_mw
from services.power.adequacy.schedule import StoreSize, level_maintenance, schedule_stores
from services.power.adequacy.table import OutageTable, load_carried_mw, outage_table, risk_of
from services.power.capacity import STORES
from services.power.dispatch import WIND_AND_PV, Request, Year, vre_technologies
from services.power.fleet import fleet_of
from services.power.stack import BLOCKS

DAY_STEPS = 24
LINE = "import_line"
AT_MEAN = ("hydro", "offgas")


@dataclass(frozen=True)
class YearRisk:
    """Adequacy of one year; credits by name are empty between the years for which they are calculated."""

    lole_hours: float
    eens_mwh: float
    capacity_lacking_mw: float
    credit_shares: Mapping[str, float]


@dataclass(frozen=True)
class _Unit:
    """A class of plants or a line: size of a unit and its outages."""

    technology: str
    unit_mw: float
    outage_share: float
    planned_share: float


@dataclass(frozen=True)
class _System:
    table: OutageTable
    firm_mw: FloatArray  # [h] units and what runs at its mean, less load, less maintenance
    vre_mw: FloatArray  # [v, h] net
    stores: Sequence[StoreSize]  # as STORES
    target: float  # sum of loss probabilities at the standard

    def margin_mw(self) -> FloatArray:
        """Capacity without outages less what must be met, MW [h]."""
        spare: FloatArray = self.firm_mw + self.vre_mw.sum(axis=0)
        return spare - schedule_stores(-spare, self.stores, 1.0, self.table.deviation_mw)


def year_risk(request: Request, year: Year) -> YearRisk:
    """Adequacy of a dispatched year; capacity credits in the years of `is_credit_year`."""
    system = _system(request, year)
    margin = system.margin_mw()
    risk = risk_of(system.table, margin)
    carried = load_carried_mw(system.table, margin, system.target)
    credited = is_credit_year(request, year.index)
    return YearRisk(
        lole_hours=float(risk.loss.sum()),
        eens_mwh=float(risk.unserved_mw.sum()),
        capacity_lacking_mw=max(-carried, 0.0),
        credit_shares=_credits(request, year.index, system, margin) if credited else {},
    )


def is_credit_year(request: Request, y: int) -> bool:
    """True for every fifth calendar year (the interval is data) and the last of the projection."""
    interval = int(request.fleet.region.number(SUBJECT, "capacity_credit_interval_years"))
    return (BASE_YEAR + y) % interval == 0 or y == request.load_energy_mwh.shape[1] - 1


def credit_paths(years: Sequence[int], risks: Sequence[YearRisk]) -> dict[str, FloatArray]:
    """Capacity credits of every year [year]: linear between the years calculated, flat before the first.

    None when the years have gaps and are not all calculated: a credit between years that are missing is not known.
    """
    known = [i for i, risk in enumerate(risks) if risk.credit_shares]
    if len(known) < len(years) and years[-1] - years[0] + 1 > len(years):
        return {}
    at = [years[i] for i in known]
    return {name: np.interp(years, at, [risks[i].credit_shares[name] for i in known]) for name in CREDITED}


@kept(maxsize=8)
def _units(region_id: str, as_of_year: int) -> tuple[_Unit, ...]:
    fleet = fleet_of(region_id, as_of_year)
    sizes = fleet.region.table("power/unit_sizes").by("technology")
    outages = fleet.region.table("power/forced_outages").by("technology")
    found = []
    for name, row in sizes.items():
        tech = fleet.techs.get(name)
        outage = outages[name if tech else LINE]["forced_outage_share"]
        planned = max(1 - tech.availability_share / (1 - outage), 0.0) if tech else 0.0
        found.append(_Unit(name, row["unit_mw"], outage, planned))
    return tuple(found)


def _in_year(request: Request, y: int) -> list[tuple[_Unit, float, int]]:
    """Units with the net capacity of one and their number: as many equal units as come nearest to the usual size."""
    found = []
    region = request.fleet.region
    for unit in _units(region.region_id, region.as_of_year):
        gross = float(request.capacity.mean_mw[unit.technology][y])
        net = gross * (1 - request.own_use.get(unit.technology, 0.0))
        if net > 0:
            count = max(round(gross / unit.unit_mw), 1)
            found.append((unit, net / count, count))
    return found


def _system(request: Request, year: Year) -> _System:
    y = year.index
    region = request.fleet.region
    units = _in_year(request, y)
    table = outage_table(
        [mw for _, mw, _ in units],
        [unit.outage_share for unit, _, _ in units],
        [count for _, _, count in units],
        region.number(SUBJECT, "outage_grid_mw"),
    )
    lines = sum(mw * n for unit, mw, n in units if unit.technology.startswith("import_"))
    # A line delivers its contract, not its capacity: the rest is taken off hour by hour.
    spare = table.capacity_mw + year.import_mw - lines - year.load_mw
    spare = spare + sum(year.must_run_net_mw[name] for name in AT_MEAN)
    spare = spare + request.stack.capacity_mw[y, 0, BLOCKS.index("demand_response")]
    planned = [(mw * n, unit.planned_share) for unit, mw, n in units if unit.planned_share > 0]
    maintained = level_maintenance(
        -(spare + year.vre_net_mw.sum(axis=0)),
        DAY_STEPS,
        sum(mw for mw, _ in planned),
        sum(mw * share for mw, share in planned),
    )
    stores = [StoreSize(*(float(x) for x in row[:5])) for row in request.stack.stores[y]]
    standard = region.number(SUBJECT, STANDARD)
    return _System(table, spare - maintained, year.vre_net_mw, stores, standard)


def _credits(request: Request, y: int, system: _System, margin: FloatArray) -> dict[str, float]:
    """Credit of each resource, last in, with load brought to the standard of loss of load."""
    found = {}
    for name in CREDITED:
        capacity = _nameplate_mw(request, y, name)
        without = _without(request, system, name).margin_mw()
        carried = elcc_mw(system.table, margin, without, system.target) if capacity > 0 else 0.0
        found[name] = carried / capacity if capacity > 0 else 0.0
    return found


def _without(request: Request, system: _System, name: str) -> _System:
    if name in STORES:
        gone = STORES.index(name)
        return replace(system, stores=[s for i, s in enumerate(system.stores) if i != gone])
    keep = [not tech.endswith(name) for tech in vre_technologies(request)]
    return replace(system, vre_mw=system.vre_mw[keep])


def _nameplate_mw(request: Request, y: int, name: str) -> float:
    """Mean capacity of the year, MW; on-site supplies at year end."""
    if name in STORES:
        return float(request.capacity.mean_mw[name][y])
    own = sum(float(request.capacity.mean_mw[n][y]) for n in WIND_AND_PV if n.endswith(name))
    return own + sum(float(s.capacity_mw[y]) for s in request.on_site if name == "pv")
