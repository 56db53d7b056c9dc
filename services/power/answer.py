"""Years of dispatch put together as power's outcome: technologies, stores, balances, prices, emissions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.common.arrays import FloatArray
from services.common.factors import factors_tco2_per_gj
from services.common.power_outcome import Store, Technology
from services.common.units import GJ_PER_MTCE, GJ_PER_TCE
from services.common.words import Label
from services.power.calibration import base_year, observed_mwh
from services.power.capacity import STORES
from services.power.dispatch import MUST_RUN, WIND_AND_PV, Request, store_rows
from services.power.fleet import KGCE_PER_TCE
from services.power.stack import BLOCKS, COAL, MONTH_HOURS, TECH_OF_BLOCK
from services.power.sums import YearSums

Index = NDArray[np.int64]
# Costs (`costs.py`) and air pollutants (`pollutants.py`) of a technology where they are not known, or not yet.
LATER = {
    name: np.empty(0)
    for name in (
        "investment_cny",
        "fixed_om_cny",
        "variable_cost_cny",
        "carbon_cost_cny",
        "levelised_cost_cny_per_mwh",
        "so2_t",
        "nox_t",
        "pm_t",
    )
}
STORE_LABELS = {
    "battery": Label("新型储能（电化学）", "battery storage"),
    "pumped_storage": Label("抽水蓄能", "pumped hydro"),
    "long_storage": Label("长时储能", "long-duration storage"),
}


@dataclass(frozen=True)
class Books:
    """Annual figures of the stack, [k, year], and cost."""

    net_mwh: FloatArray
    fuel_gj: FloatArray  # of all fuel
    rated_fuel_gj: FloatArray
    variable_cost_cny: FloatArray  # [year]
    bound_base_cny: FloatArray  # [year] lower bound of the whole variable cost with carbon


def keep_books(request: Request, years: Sequence[YearSums]) -> Books:
    """Energy, fuel and cost of the blocks; what runs without choice included."""
    # Here [year, k], in the books [k, year].
    stack = request.stack
    at: Index = np.array([year.index for year in years])
    minimum = (MONTH_HOURS[:, None] * np.array([y.minimum_net_mw for y in years])).sum(axis=1)
    energy = np.array([y.energy_mwh[1:-1] for y in years])
    burning = energy
    if request.passes:
        online = np.array([y.online_mwh for y in years])
        part = energy * (1 - stack.no_load_share) + online * stack.no_load_share
        burning = np.where(stack.committed == 1, part, energy)
    burning = burning + minimum
    net = energy + minimum
    fuel = burning * stack.fuel_gj_per_mwh[at]
    rated = burning * stack.rated_gj_per_mwh[at]
    fixed = _fixed_cost_cny(request, years, at)
    money = fuel * stack.fuel_cost_cny_per_gj[at] + net * stack.other_cost_cny_per_mwh[at]
    through = np.array([y.charged_mwh + y.discharged_mwh for y in years])
    moved = through * np.array([store_rows(request, y.index)[:, 5] for y in years])
    start = np.array([y.start_cost_cny for y in years])
    cost = money.sum(axis=1) + moved.sum(axis=1) + start + fixed
    bound = np.array([y.bound_cny for y in years]) + fixed
    bound = bound + (minimum * stack.price_cny_per_mwh[at]).sum(axis=1)
    turned = np.ascontiguousarray
    return Books(turned(net.T), turned(fuel.T), turned(rated.T), cost, bound)


def _fixed_cost_cny(request: Request, years: Sequence[YearSums], at: Index) -> FloatArray:
    """Imports and the variable cost of plants without fuel of their own in the books, [year]."""
    zero = np.zeros(at.size)
    lines, techs = request.fleet.lines, request.fleet.techs
    total = sum((request.imports.energy_mwh[n.technology][at] * n.cost_cny_per_mwh for n in lines), zero)
    total = total + sum((request.must_run_mwh[n][at] * techs[n].vom_cny_per_mwh for n in MUST_RUN), zero)
    available = np.array([y.vre_gross_mwh for y in years])
    for v, name in enumerate((*WIND_AND_PV, *("rooftop_pv" for _ in request.on_site))):
        total = total + available[:, v] * techs[name].vom_cny_per_mwh
    return total


def technologies(request: Request, years: Sequence[YearSums], books: Books) -> tuple[Technology, ...]:
    """Every technology and line, the cleanest last."""
    at = np.array([year.index for year in years])
    rows = [_plant(request, books, at, name) for name in dict.fromkeys(TECH_OF_BLOCK.values())]
    rows += [_must_run(request, at, name) for name in MUST_RUN]
    rows += _wind_and_pv(request, years, at)
    rows += [_line(request, at, line.technology) for line in request.fleet.lines]
    return tuple(rows)


def _plant(request: Request, books: Books, at: Index, name: str) -> Technology:
    """A technology of the stack; its blocks are summed."""
    tech = request.fleet.techs[name]
    stack = request.stack
    blocks = [k for k, block in enumerate(BLOCKS) if TECH_OF_BLOCK[block] == name]
    fuel = [books.fuel_gj[k] * stack.fossil_share[at, k] for k in blocks]
    mixed = [books.fuel_gj[k] * (1 - stack.fossil_share[at, k]) for k in blocks]
    capacity = request.capacity.end_mw.get(name)
    return Technology(
        technology=name,
        group=tech.group,
        label=tech.label,
        carrier=tech.carrier,
        imported=False,
        non_fossil=tech.non_fossil,
        capacity_mw=stack.capacity_mw[at, 0, blocks[0]] if capacity is None else capacity[at],
        energy_mwh=np.sum([books.net_mwh[k] * (1 + stack.own_use_per_mwh[k]) for k in blocks], axis=0),
        curtailed_mwh=np.zeros(at.size),
        fuel_gj=np.sum(fuel, axis=0),
        energy_tco2=np.sum([f * stack.tco2_per_gj[at, k] for f, k in zip(fuel, blocks, strict=True)], axis=0),
        hydrogen_gj=np.sum(mixed, axis=0),
        **LATER,
    )


def _must_run(request: Request, at: Index, name: str) -> Technology:
    tech = request.fleet.techs[name]
    energy = request.must_run_mwh[name][at]
    fuel = energy * _fuel_gj_per_mwh(request, name)
    factor = factors_tco2_per_gj(request.fleet.region).get(tech.carrier, 0.0)
    return Technology(
        technology=name,
        group=tech.group,
        label=tech.label,
        carrier=tech.carrier,
        imported=False,
        non_fossil=tech.non_fossil,
        capacity_mw=request.capacity.end_mw[name][at],
        energy_mwh=energy,
        curtailed_mwh=np.zeros(at.size),
        fuel_gj=fuel,
        energy_tco2=fuel * factor,
        **LATER,
    )


def _fuel_gj_per_mwh(request: Request, name: str) -> float:
    """Fuel of plants whose own 2020 statistic gives it, GJ per gross MWh."""
    fleet = request.fleet
    if name == "offgas":
        base = base_year(fleet.region.region_id, fleet.region.as_of_year)
        return base.offgas_gj / observed_mwh(fleet, "offgas")
    if name == "biomass_waste":
        return fleet.number("biomass_fuel_2020_mtce") * GJ_PER_MTCE / observed_mwh(fleet, "biomass_waste")
    return 0.0


def _wind_and_pv(request: Request, years: Sequence[YearSums], at: Index) -> list[Technology]:
    """Wind and PV, on-site supplies summed by technology; what is curtailed is told gross as well."""
    names = [*WIND_AND_PV, *(s.technology for s in request.on_site)]
    of = [*WIND_AND_PV, *("rooftop_pv" for _ in request.on_site)]
    available = np.array([y.vre_gross_mwh for y in years]).T
    curtailed = np.array([y.curtailed_mwh for y in years]).T
    rows = []
    for name in dict.fromkeys(names):
        pick = [v for v, n in enumerate(names) if n == name]
        tech = request.fleet.techs[of[pick[0]]]
        cut = sum((curtailed[v] / (1 - request.own_use[of[v]]) for v in pick), np.zeros(at.size))
        energy = sum((available[v] for v in pick), np.zeros(at.size)) - cut
        own = request.capacity.end_mw.get(name)
        on_site = sum((s.capacity_mw for s in request.on_site if s.technology == name), np.zeros(1))
        rows.append(
            Technology(
                technology=name,
                group=tech.group,
                label=tech.label,
                carrier="",
                imported=False,
                non_fossil=True,
                capacity_mw=on_site[at] if own is None else own[at],
                energy_mwh=energy,
                curtailed_mwh=cut,
                fuel_gj=np.zeros(at.size),
                energy_tco2=np.zeros(at.size),
                **LATER,
            )
        )
    return rows


def _line(request: Request, at: Index, name: str) -> Technology:
    line = next(n for n in request.fleet.lines if n.technology == name)
    energy = request.imports.energy_mwh[name][at]
    return Technology(
        technology=name,
        group="import",
        label=line.label,
        carrier="",
        imported=True,
        non_fossil=line.non_fossil,
        capacity_mw=request.capacity.end_mw[name][at],
        energy_mwh=energy,
        curtailed_mwh=np.zeros(at.size),
        fuel_gj=np.zeros(at.size),
        energy_tco2=energy * request.imports.tco2_per_mwh[name][at],
        **LATER,
    )


def stores(request: Request, years: Sequence[YearSums], hours: Mapping[str, FloatArray]) -> tuple[Store, ...]:
    """Stores with power and energy at year end and what went through them."""
    at = np.array([year.index for year in years])
    sizes = [
        (name, STORE_LABELS[name], request.capacity.end_mw[name], request.capacity.end_mw[name] * hours[name])
        for name in STORES
    ]
    movable = request.movable
    sizes += [
        (name, label, movable.rows[:, f, 1], movable.rows[:, f, 2])
        for f, (name, label) in enumerate(zip(movable.ids, movable.labels, strict=True))
    ]
    zero = np.zeros(at.size)
    return tuple(
        Store(
            store_id=name,
            label=label,
            power_mw=power[at],
            energy_capacity_mwh=energy[at],
            charged_mwh=np.array([year.charged_mwh[i] for year in years]),
            discharged_mwh=np.array([year.discharged_mwh[i] for year in years]),
            investment_cny=zero,
            fixed_om_cny=zero,
            variable_cost_cny=zero,
        )
        for i, (name, label, power, energy) in enumerate(sizes)
    )


def net_coal_rate(books: Books, fuel_gj: FloatArray) -> FloatArray:
    """Coal per net MWh of coal plants, kgce/MWh [year]; 0 where no coal runs."""
    pick = [BLOCKS.index(name) for name in COAL]
    net = books.net_mwh[pick].sum(axis=0)
    kgce = fuel_gj[pick].sum(axis=0) / GJ_PER_TCE * KGCE_PER_TCE
    return np.asarray(np.divide(kgce, net, out=np.zeros_like(net), where=net > 0))
