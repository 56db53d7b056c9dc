"""The outcome of a projection from its dispatched years: balances, peaks, adequacy, metrics."""

from collections.abc import Sequence

import numpy as np

from services.common.arrays import FloatArray, IntArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.power_outcome import (
    DispatchMode,
    PowerIndicator,
    PowerOutcome,
    Store,
    SystemCost,
    Technology,
)
from services.common.revision import revision_of
from services.power.adequacy.region import credit_paths
from services.power.answer import Books, keep_books, net_coal_rate, stores, technologies
from services.power.calibration import calibration_factors
from services.power.capacity import STORES
from services.power.choice import AIR_NAMES, ALL, COST_NAMES, GRID_NAMES, Choice
from services.power.costs import NO_COST, price_system
from services.power.dispatch import Request
from services.power.grid_factors import grid_factor_checks, grid_values, marginal_tables
from services.power.peaks import Peaks
from services.power.pollutants import with_pollutants
from services.power.stack import BLOCKS, COAL
from services.power.sums import YearSums

RENEWABLE = ("wind", "solar", "biomass", "hydro")


def make_outcome(
    request: Request,
    paths: LeverPaths,
    years: Sequence[YearSums],
    mode: DispatchMode,
    *,
    with_adequacy: bool,
    choice: Choice = ALL,
) -> PowerOutcome:
    """Everything power says; the digest is made by the model. Without adequacy its indicators are left out.

    A choice leaves out the indicators not named and what only they, or people, read: costs and air pollutants by
    technology, days of the peaks, tables and checks of factors.
    """
    region = request.fleet.region
    books = keep_books(request, years)
    techs = technologies(request, years, books)
    hours = _store_hours(request, paths)
    held = stores(request, years, hours)
    system_cost = NO_COST
    if choice.any(COST_NAMES):
        techs, held, system_cost = price_system(request, paths, years, books, techs, held, hours)
    if choice.any(AIR_NAMES):
        techs = with_pollutants(region, years, techs)
    grid = grid_values(request, paths, years, techs) if choice.any(GRID_NAMES) else {}
    peaks = [year.peaks for year in years]
    highest = np.array([max(p.summer_mw, p.winter_mw) for p in peaks])
    firm = _firm_mw(request, techs, years)
    days = () if choice.narrow else tuple(day for year in years for day in year.days)
    demand = np.array([year.meter_mwh for year in years])
    unserved = np.array([y.unserved_mwh for y in years])
    loss = demand * request.loss_share
    tco2 = sum((t.energy_tco2 for t in techs), np.zeros(len(years)))
    rate = net_coal_rate(books, books.rated_fuel_gj)
    return PowerOutcome(
        years=tuple(BASE_YEAR + y.index for y in years),
        technologies=techs,
        stores=held,
        peak_days=days,
        indicators=(
            *_indicators(request, years, techs, held, books, firm, choice, with_adequacy=with_adequacy),
            *_cost_and_emission_indicators(techs, system_cost, grid, demand - unserved, choice),
        ),
        warnings=(),
        system_cost=system_cost,
        grid_factor_checks=() if choice.narrow else grid_factor_checks(region, years, grid),
        marginal_factors=() if choice.narrow else marginal_tables(years),
        mode=mode,
        digest="",
        revision=revision_of(region),
        demand_mwh=demand,
        loss_mwh=loss,
        plant_own_use_mwh=np.array([y.own_use_mwh for y in years]),
        unserved_mwh=unserved,
        surplus_mwh=np.array([y.surplus_mwh for y in years]),
        summer_peak_load_mw=np.array([p.summer_mw for p in peaks]),
        summer_peak_hour=_hours(peaks, "summer_hour"),
        winter_peak_load_mw=np.array([p.winter_mw for p in peaks]),
        winter_peak_hour=_hours(peaks, "winter_hour"),
        net_peak_load_mw=np.array([p.net_mw for p in peaks]),
        net_peak_hour=_hours(peaks, "net_hour"),
        reserve_margin_share=firm / highest - 1,
        mean_price_cny_per_mwh=np.array([y.mean_price_cny_per_mwh for y in years]),
        variable_cost_cny=books.variable_cost_cny,
        net_coal_rate_kgce_per_mwh=rate,
        balance_residual_share=np.array([y.residual_share for y in years]),
        gap_share=np.array(
            [
                max((y.cost_cny - y.bound_cny) / base, 0.0)
                for y, base in zip(years, books.bound_base_cny, strict=True)
            ]
        ),
        supply_tco2_per_mwh=tco2 / (demand + loss - unserved),
    )


def _hours(peaks: Sequence[Peaks], name: str) -> IntArray:
    return np.array([getattr(p, name) for p in peaks], dtype=np.int32)


def _store_hours(request: Request, paths: LeverPaths) -> dict[str, FloatArray]:
    return {
        "battery": paths.path("power.battery_duration"),
        "pumped_storage": np.full(len(paths.years), request.fleet.number("pumped_hours")),
        "long_storage": paths.path("power.long_storage_duration"),
    }


def _firm_mw(request: Request, techs: Sequence[Technology], years: Sequence[YearSums]) -> FloatArray:
    """Firm capacity: mean capacity of the year times its credit; plants, lines, stores, interruptible load."""
    fleet = request.fleet
    at = np.array([y.index for y in years])
    all_years = tuple(range(BASE_YEAR, BASE_YEAR + int(at[-1]) + 1))
    total = np.zeros(at.size)
    for tech in techs:
        mean = request.capacity.mean_mw.get(tech.technology)
        capacity = tech.capacity_mw if mean is None else mean[at]
        if tech.imported:
            credit = fleet.parameter("import_credit_share")
        else:
            known = fleet.techs.get(tech.technology) or fleet.techs["rooftop_pv"]
            credit = known.capacity_credit_share
        total += capacity * credit
    names = {"battery": "battery", "pumped_storage": "pumped", "long_storage": "long_storage"}
    for name in STORES:
        leaf = fleet.region.leaf("power/parameters", f"{names[name]}_credit_share")
        total += request.capacity.mean_mw[name][at] * leaf.path(all_years)[at]
    return total


def _indicators(
    request: Request,
    years: Sequence[YearSums],
    techs: Sequence[Technology],
    held: Sequence[Store],
    books: Books,
    firm: FloatArray,
    choice: Choice,
    *,
    with_adequacy: bool,
) -> tuple[PowerIndicator, ...]:
    values = _capacity_values(techs, held) | _energy_values(techs)
    at = np.array([y.index for y in years])
    coal = [BLOCKS.index(n) for n in COAL]
    mean_coal = sum(request.capacity.mean_mw[n][at] for n in COAL)
    coal_gross = books.net_mwh[coal] * (1 + request.stack.own_use_per_mwh[coal])[:, None]
    values |= {
        "new_channel_renewable_share": request.imports.new_channel_renewable_share[at],
        "net_coal_rate_kgce_per_mwh": net_coal_rate(books, books.rated_fuel_gj),
        "net_coal_rate_on_balance_kgce_per_mwh": net_coal_rate(books, books.fuel_gj),
        "coal_full_load_hours": coal_gross.sum(axis=0) / mean_coal,
        "coal_start_cost_cny": np.array([y.start_cost_cny for y in years]),
        "unserved_hours_count": np.array([float(y.unserved_hours) for y in years]),
        "zero_price_hours_count": np.array([float(y.zero_price_hours) for y in years]),
        "firm_capacity_mw": firm,
        "moved_load_mwh": np.array([y.moved_mwh for y in years]),
    }
    if with_adequacy:
        values |= _adequacy_values([BASE_YEAR + int(y) for y in at], years)
    factors = calibration_factors(request.fleet.region.region_id, request.fleet.region.as_of_year)
    values |= {f"calibration_{n}_ratio": np.full(at.size, f) for n, f in factors.items()}
    return choice.indicators(values)


def _adequacy_values(calendar: Sequence[int], years: Sequence[YearSums]) -> dict[str, FloatArray]:
    """Risk of every year, and capacity credits where the years they are calculated for stand on either side."""
    risks = [y.risk for y in years if y.risk is not None]
    values = {
        "lole_hours": np.array([r.lole_hours for r in risks]),
        "eens_mwh": np.array([r.eens_mwh for r in risks]),
        "capacity_lacking_mw": np.array([r.capacity_lacking_mw for r in risks]),
    }
    shares = credit_paths(calendar, risks)
    return values | {f"capacity_credit_{name}_share": path for name, path in shares.items()}


def _cost_and_emission_indicators(
    techs: Sequence[Technology],
    cost: SystemCost,
    grid: dict[str, FloatArray],
    served_mwh: FloatArray,
    choice: Choice,
) -> tuple[PowerIndicator, ...]:
    """Grid factors, air pollutants of the region, shares of generation, and system cost."""
    zero = np.zeros(served_mwh.size)
    local = [t for t in techs if not t.imported and t.group != "other"]
    generation = sum((t.energy_mwh for t in local), zero)
    coal = sum((t.energy_mwh for t in local if t.group == "coal"), zero)
    renewable = sum((t.energy_mwh for t in local if t.group in RENEWABLE), zero)
    values = dict(grid)
    if choice.any(AIR_NAMES):
        values |= {name: sum((getattr(t, name) for t in techs), zero) for name in AIR_NAMES}
    values |= {
        "coal_generation_share": coal / generation,
        "renewable_generation_share": renewable / generation,
    }
    if choice.any(COST_NAMES):
        values |= {
            "system_cost_cny": cost.total_cny,
            "system_cost_cny_per_mwh": cost.total_cny / served_mwh,
        }
    return choice.indicators(values)


def _capacity_values(techs: Sequence[Technology], held: Sequence[Store]) -> dict[str, FloatArray]:
    """Year-end capacities, MW, and their shares."""

    local = [t for t in techs if not t.imported]
    capacity = np.array([t.capacity_mw for t in local])

    def group(*names: str) -> FloatArray:
        return np.asarray(capacity[[i for i, t in enumerate(local) if t.group in names]].sum(axis=0))

    store = {s.store_id: s for s in held}
    new = [store["battery"], store["long_storage"]]
    plants = group("coal", "gas", "offgas", "nuclear", "hydro", "biomass", "wind", "solar")
    total = plants + store["pumped_storage"].power_mw
    renewable = group(*RENEWABLE)
    return {
        "renewable_capacity_mw": renewable,
        "pv_capacity_mw": group("solar"),
        "wind_capacity_mw": group("wind"),
        "nuclear_capacity_mw": group("nuclear"),
        "biomass_capacity_mw": group("biomass"),
        "coal_capacity_share": group("coal") / total,
        "coal_capacity_mw": group("coal"),
        "gas_capacity_mw": group("gas"),
        "total_capacity_mw": total,
        "renewable_capacity_share": renewable / total,
        "non_fossil_capacity_share": (renewable + group("nuclear")) / total,
        "new_storage_energy_mwh": np.sum([s.energy_capacity_mwh for s in new], axis=0),
        "new_storage_power_mw": np.sum([s.power_mw for s in new], axis=0),
        "demand_response_mw": group("other"),
    }


def _energy_values(techs: Sequence[Technology]) -> dict[str, FloatArray]:
    """Annual energies, MWh, shares and intensities."""
    zero = np.zeros(techs[0].energy_mwh.size)
    local = [t for t in techs if not t.imported and t.group != "other"]
    generation = sum((t.energy_mwh for t in local), zero)
    imported = sum((t.energy_mwh for t in techs if t.imported), zero)
    sun = [t for t in local if t.group in ("wind", "solar")]
    taken = sum((t.energy_mwh for t in sun), zero)
    lost = sum((t.curtailed_mwh for t in sun), zero)
    clean = sum((t.energy_mwh for t in local if t.non_fossil), zero)
    tco2 = sum((t.energy_tco2 for t in local), zero)
    import_tco2 = sum((t.energy_tco2 for t in techs if t.imported), zero)
    return {
        "generation_mwh": generation,
        "net_import_mwh": imported,
        "import_share": imported / (generation + imported),
        "wind_and_pv_share": taken / (generation + imported),
        "non_fossil_share": clean / generation,
        "curtailment_share": np.divide(lost, taken + lost, out=zero.copy(), where=taken + lost > 0),
        "generation_tco2_per_mwh": tco2 / generation,
        "import_tco2_per_mwh": np.divide(import_tco2, imported, out=zero.copy(), where=imported > 0),
    }
