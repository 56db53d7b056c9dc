"""Costs of the power system by technology and component, CNY of 2025. Years are those asked.

Annualised investment: capital recovery factor r (1+r)^n / ((1+r)^n - 1) at the discount rate of the driver, times what
the capacity standing (mean of the year, as dispatched) cost when it was built (`cost_kernels.value_standing`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from services.common.annuity import capital_recovery_factor
from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.power_outcome import Store, SystemCost, Technology
from services.common.regions import Region
from services.common.units import KW_PER_MW
from services.power.answer import Books
from services.power.capacity import STORES
from services.power.cost_kernels import value_standing
from services.power.dispatch import MUST_RUN, WIND_AND_PV, Request
from services.power.stack import BLOCKS, COAL, TECH_OF_BLOCK
from services.power.sums import YearSums

TABLE = "power/costs"
ROOFTOP = "rooftop_pv"
LINE = "import_line"
CAPTURE = "coal_ccs"
COMPONENTS = ("fuel_cny", "variable_om_cny", "start_cny", "import_cny", "interruption_cny")

# What stands where costs were not asked for.
NO_COST = SystemCost(*(np.empty(0) for _ in fields(SystemCost)))
Index = NDArray[np.int64]
Parts = dict[str, FloatArray]  # component of variable cost -> [year]


@dataclass(frozen=True)
class Asset:
    """Cost of an asset: investment by year built, yearly upkeep over investment, lifetime."""

    capex_cny_per_mw: FloatArray  # [year from 2020]; per MWh for battery energy
    fom_share: float
    lifetime_years: int


@dataclass(frozen=True)
class Fixed:
    """Costs that do not depend on dispatch, CNY [year from 2020]."""

    investment_cny: FloatArray
    fixed_om_cny: FloatArray

    def __add__(self, other: "Fixed") -> "Fixed":
        return Fixed(self.investment_cny + other.investment_cny, self.fixed_om_cny + other.fixed_om_cny)


def read_assets(region: Region, years: tuple[int, ...]) -> dict[str, Asset]:
    """Assets of the table of costs; investment is linear between its years, flat outside."""
    found = {}
    for row in region.table(TABLE).rows():
        known = {int(name.removeprefix("capex_")): row[name] for name in row if name.startswith("capex_")}
        capex = np.interp(years, sorted(known), [known[y] for y in sorted(known)])
        found[row["asset"]] = Asset(capex * KW_PER_MW, row["fom_share"], row["lifetime_years"])
    return found


def fixed_cost(asset: Asset, capacity: FloatArray, rate: float) -> Fixed:
    """Annuity and upkeep of capacity [year from 2020] in MW (MWh for battery energy)."""
    value = np.empty(capacity.size)
    value_standing(
        np.ascontiguousarray(capacity),
        asset.capex_cny_per_mw,
        asset.lifetime_years,
        np.empty(capacity.size),
        value,
    )
    return Fixed(value * capital_recovery_factor(rate, asset.lifetime_years), value * asset.fom_share)


def price_system(
    request: Request,
    paths: LeverPaths,
    years: Sequence[YearSums],
    books: Books,
    techs: Sequence[Technology],
    held: Sequence[Store],
    store_hours: Mapping[str, FloatArray],
) -> tuple[tuple[Technology, ...], tuple[Store, ...], SystemCost]:
    """Technologies and stores with their costs, and the system's cost by component.

    store_hours: energy over power of the stores, h [year from 2020].
    """
    at: Index = np.array([y.index for y in years])
    assets = read_assets(request.fleet.region, paths.years)
    rate = paths.constant("drivers.discount_rate")
    carbon_price = paths.path("drivers.carbon_price")[at]
    fixed = _plants(request, paths, assets, rate, at)
    parts = _variable(request, years, books, at)
    priced = tuple(
        _priced(request, t, fixed[t.technology], parts[t.technology], carbon_price, at) for t in techs
    )
    throughput = np.array([y.charged_mwh + y.discharged_mwh for y in years]).T
    stores = tuple(
        _priced_store(request, s, assets, rate, store_hours, throughput[i], at) for i, s in enumerate(held)
    )
    return priced, stores, _system(request, years, priced, stores, parts)


def _plants(
    request: Request, paths: LeverPaths, assets: Mapping[str, Asset], rate: float, at: Index
) -> dict[str, Fixed]:
    """Fixed costs of plants, on-site supplies and lines."""
    mean = request.capacity.mean_mw
    lines = {line.technology for line in request.fleet.lines}
    found = {}
    for name, capacity in mean.items():
        if name not in STORES:
            found[name] = fixed_cost(assets[LINE if name in lines else name], capacity, rate)
    captured = paths.path("power.coal_ccs_share")
    for name in COAL:
        found[name] += fixed_cost(assets[CAPTURE], mean[name] * captured, rate)
    zero = np.zeros(len(paths.years))
    found["demand_response"] = Fixed(zero, zero)
    for name in {s.technology for s in request.on_site}:
        end = np.sum([s.capacity_mw for s in request.on_site if s.technology == name], axis=0)
        found[name] = _on_site(assets[ROOFTOP], end, rate, int(at[0]))
    return found


def _on_site(asset: Asset, end_mw: FloatArray, rate: float, first: int) -> Fixed:
    """Fixed costs of supplies given from year `first` on; what stands then is valued at that year's investment."""
    mean = end_mw[first:].copy()
    mean[1:] = 0.5 * (end_mw[first + 1 :] + end_mw[first:-1])
    later = replace(asset, capex_cny_per_mw=np.ascontiguousarray(asset.capex_cny_per_mw[first:]))
    cost = fixed_cost(later, mean, rate)
    before = np.zeros(first)
    return Fixed(np.concatenate([before, cost.investment_cny]), np.concatenate([before, cost.fixed_om_cny]))


def _variable(request: Request, years: Sequence[YearSums], books: Books, at: Index) -> dict[str, Parts]:
    """Variable cost of every technology and line by component."""
    techs = request.fleet.techs
    found: dict[str, Parts] = {}
    for name in dict.fromkeys(TECH_OF_BLOCK.values()):
        found[name] = _stack_parts(request, years, books, at, name)
    for name in MUST_RUN:
        found[name] = {"variable_om_cny": request.must_run_mwh[name][at] * techs[name].vom_cny_per_mwh}
    available = np.array([y.vre_gross_mwh for y in years]).T
    on_site = [s.technology for s in request.on_site]
    for v, name in enumerate((*WIND_AND_PV, *on_site)):
        vom = techs[name if v < len(WIND_AND_PV) else ROOFTOP].vom_cny_per_mwh
        before = found.get(name, {}).get("variable_om_cny", np.zeros(at.size))
        found[name] = {"variable_om_cny": before + available[v] * vom}
    for line in request.fleet.lines:
        energy = request.imports.energy_mwh[line.technology][at]
        found[line.technology] = {"import_cny": energy * line.cost_cny_per_mwh}
    return found


def _stack_parts(request: Request, years: Sequence[YearSums], books: Books, at: Index, name: str) -> Parts:
    """Fuel, operation and starts of a technology of the stack; starts are shared by what started and its cost."""
    stack = request.stack
    blocks = [k for k, block in enumerate(BLOCKS) if TECH_OF_BLOCK[block] == name]
    zero = np.zeros(at.size)
    fuel = sum((books.fuel_gj[k] * stack.fuel_cost_cny_per_gj[at, k] for k in blocks), zero)
    other = sum((books.net_mwh[k] * stack.other_cost_cny_per_mwh[at, k] for k in blocks), zero)
    if name == "demand_response":
        return {"interruption_cny": other}
    started = np.array([y.started_mw * stack.start_cost_cny_per_mw for y in years])
    total = started.sum(axis=1)
    share = np.divide(started[:, blocks].sum(axis=1), total, out=zero.copy(), where=total > 0)
    start = share * np.array([y.start_cost_cny for y in years])
    return {"fuel_cny": fuel, "variable_om_cny": other, "start_cny": start}


def _priced(
    request: Request, tech: Technology, fixed: Fixed, parts: Parts, carbon_price: FloatArray, at: Index
) -> Technology:
    variable = sum(parts.values(), np.zeros(at.size))
    carbon = np.zeros(at.size) if tech.imported else tech.energy_tco2 * carbon_price
    investment, upkeep = fixed.investment_cny[at], fixed.fixed_om_cny[at]
    own = 0.0 if tech.imported else request.own_use.get(tech.technology, request.own_use[ROOFTOP])
    sent_out = tech.energy_mwh * (1 - own)
    whole = investment + upkeep + variable + carbon
    return replace(
        tech,
        investment_cny=investment,
        fixed_om_cny=upkeep,
        variable_cost_cny=variable,
        carbon_cost_cny=carbon,
        levelised_cost_cny_per_mwh=np.divide(whole, sent_out, out=np.zeros(at.size), where=sent_out > 0),
    )


def _priced_store(
    request: Request,
    store: Store,
    assets: Mapping[str, Asset],
    rate: float,
    hours: Mapping[str, FloatArray],
    throughput_mwh: FloatArray,
    at: Index,
) -> Store:
    name = store.store_id
    if name not in STORES:
        # What is moved needs no plant; its cost is that of moving.
        vom = request.movable.rows[at, request.movable.ids.index(name), 5]
        return replace(store, variable_cost_cny=throughput_mwh * vom)
    power = request.capacity.mean_mw[name]
    if name == "battery":
        fixed = fixed_cost(assets["battery_power"], power, rate)
        fixed += fixed_cost(assets["battery_energy"], power * hours[name], rate)
    else:
        fixed = fixed_cost(assets[name], power, rate)
    vom = request.stack.stores[at, STORES.index(name), 5]
    return replace(
        store,
        investment_cny=fixed.investment_cny[at],
        fixed_om_cny=fixed.fixed_om_cny[at],
        variable_cost_cny=throughput_mwh * vom,
    )


def _system(
    request: Request,
    years: Sequence[YearSums],
    techs: Sequence[Technology],
    stores: Sequence[Store],
    parts: Mapping[str, Parts],
) -> SystemCost:
    zero = np.zeros(len(years))
    sums: Parts = {
        name: sum((p[name] for p in parts.values() if name in p), zero.copy()) for name in COMPONENTS
    }
    sums["variable_om_cny"] += sum((s.variable_cost_cny for s in stores), zero)
    owners: tuple[Technology | Store, ...] = (*techs, *stores)
    sums["investment_cny"] = sum((i.investment_cny for i in owners), zero)
    sums["fixed_om_cny"] = sum((i.fixed_om_cny for i in owners), zero)
    sums["carbon_cny"] = sum((t.carbon_cost_cny for t in techs), zero)
    sums["unserved_cny"] = np.array([y.unserved_mwh for y in years]) * request.value_of_lost_load
    names = [f.name for f in fields(SystemCost) if f.name != "total_cny"]
    return SystemCost(**sums, total_cny=sum((sums[n] for n in names), zero))
