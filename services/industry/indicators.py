"""Values of the metrics from a scenario's balance; years from 2020, sliced later. What nobody asks for is not made."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from services.common.arrays import FloatArray
from services.common.combustion import POLLUTANTS
from services.common.levers import LeverPaths
from services.common.regions import Region
from services.common.units import GJ_PER_MWH, M3_PER_MM3
from services.industry.air import pollutants_t
from services.industry.balance import IndustryBalance
from services.industry.base import BYPRODUCT_GAS, COAL, COKE, FUELS, GAS, IndustryBase
from services.industry.calibration import calibration_factors
from services.industry.costs import MEASURES, costs_cny
from services.industry.shapes import flexibility_shares

INDUSTRIAL_USES = ("steel", "cement", "other_minerals", "chemicals", "other_industry")
_OIL = [FUELS.index(c) for c in ("oil_products", "gasoline", "diesel", "fuel_oil", "bitumen")]
_HOURS_PER_YEAR = 8760
Values = dict[str, FloatArray]
Recipes = dict[str, Callable[[], FloatArray]]


def metric_values(
    base: IndustryBase, balance: IndustryBalance, paths: LeverPaths, names: Sequence[str]
) -> tuple[Values, Values]:
    """Values of the region, [year], and of the cities where they exist, [place, year], of the metrics asked for."""
    sums = _sums(base, balance, paths)
    places = {name: sums[name]() for name in names if name in sums}
    region = {name: values.sum(axis=0) for name, values in places.items()}

    def found(name: str) -> FloatArray:
        return places[name] if name in places else sums[name]()

    shares, own = _shares(balance, found), _shares_of_cities(paths, found)
    alone = _of_region(base, balance, paths)
    region |= {name: _share(*shares[name]()) for name in names if name in shares}
    region |= {name: alone[name]() for name in names if name in alone}
    places |= {name: own[name]() for name in names if name in own}
    return region, places


def _sums(base: IndustryBase, balance: IndustryBalance, paths: LeverPaths) -> Recipes:
    """Metrics that add up over the cities, [place, year]."""
    b = balance

    def ammonia() -> FloatArray:
        at = base.position("ammonia_coal_chemicals")
        coal = base.feedstock_gj[at, COAL] * b.activity[at]
        return np.asarray(coal * base.tco2_per_gj[COAL] * base.processes["ammonia_feed_coal_release_share"])

    def energy_tco2() -> FloatArray:
        fuel = b.use_fuel_tco2.sum(axis=(0, 1))
        return np.asarray(fuel + b.coking.energy_tco2 + b.heat.energy_tco2)

    def electricity() -> FloatArray:
        return np.asarray(b.electricity_mwh.sum(axis=0) + b.heat.heat_pump_mwh)

    def industrial() -> FloatArray:
        own = [i for i, row in enumerate(base.branches) if row.use in INDUSTRIAL_USES]
        return np.asarray(b.electricity_mwh[own].sum(axis=0))

    def flexible(k: int) -> FloatArray:
        share = flexibility_shares(base.region.region_id)[k]
        return np.asarray(np.einsum("b,bpy->py", share, b.electricity_mwh / _HOURS_PER_YEAR))

    return {
        "gdp_cny": lambda: b.gdp_cny,
        "population_count": lambda: b.population,
        "crude_steel_t": lambda: b.steel.crude_t,
        "hot_metal_t": lambda: b.steel.hot_metal_t,
        "steel_scrap_need_t": lambda: b.steel.scrap_t,
        "cement_t": lambda: b.cement.cement_t,
        "clinker_t": lambda: b.cement.clinker_t,
        "cement_process_by_cement_tco2": lambda: b.process_tco2,
        "cement_process_by_clinker_tco2": lambda: b.process_by_clinker_tco2,
        "ammonia_process_tco2": ammonia,
        "captured_tco2": lambda: b.captured_tco2,
        "energy_tco2": energy_tco2,
        "cement_alternative_fuel_gj": lambda: b.cement.alternative_fuel_gj,
        "heat_used_gj": lambda: b.heat.used_gj,
        "low_carbon_heat_gj": lambda: b.heat.low_carbon_gj,
        "industrial_electricity_mwh": industrial,
        "electricity_mwh": electricity,
        "final_energy_gj": lambda: b.carrier_gj.sum(axis=0) + electricity() * GJ_PER_MWH,
        "feedstock_gj": lambda: b.carrier_feedstock_gj.sum(axis=0),
        "interruptible_potential_mw": lambda: flexible(0),
        "shiftable_potential_mw": lambda: flexible(1),
        **_primary(base, balance),
        **_costs_and_air(base, balance, paths),
    }


def _primary(base: IndustryBase, balance: IndustryBalance) -> Recipes:
    """Primary energy that enters through industry, GJ, [place, year]; by-product gas is inside coke and coal."""
    b = balance

    def coal() -> FloatArray:
        coking = b.coking.coking_coal_gj
        at_start = -base.balance_gj["transformation_coking", "coal_input"]
        washing = -base.balance_gj["transformation_coal_washing", "coal_loss"] * coking / at_start
        used = b.carrier_gj[COAL] + b.carrier_feedstock_gj[COAL]
        return np.asarray(used + b.heat.coal_gj + coking + washing)

    def oil() -> FloatArray:
        loss = -base.balance_gj["transformation_refining", "loss"]
        refining = loss * b.activity[base.position("refining_coking")]
        used = b.carrier_gj[_OIL].sum(axis=0) + b.carrier_feedstock_gj[_OIL].sum(axis=0)
        return np.asarray(used + refining)

    return {
        "primary_coal_gj": coal,
        "primary_coke_net_inflow_gj": lambda: b.carrier_gj[COKE] - b.coking.coke_made_gj,
        "primary_oil_gj": oil,
        "primary_natural_gas_gj": lambda: b.carrier_gj[GAS] + b.carrier_feedstock_gj[GAS] + b.heat.gas_gj,
    }


def _costs_and_air(base: IndustryBase, balance: IndustryBalance, paths: LeverPaths) -> Recipes:
    """Costs, CNY, and air pollutants, t, [place, year]."""
    costs: Values = {}
    air: Values = {}

    def cost(name: str) -> FloatArray:
        if not costs:
            costs.update(costs_cny(base, balance, paths))
        return costs[name]

    def pollutant(name: str) -> FloatArray:
        if not air:
            air.update(pollutants_t(base, balance, paths.years))
        return air[name]

    def measures() -> FloatArray:
        return np.asarray(sum(cost(name) for name in MEASURES))

    return {
        **{f"{name}_cost_cny": partial(cost, name) for name in (*MEASURES, "fuel")},
        "measure_cost_cny": measures,
        "system_cost_cny": lambda: measures() + cost("fuel"),
        **{f"{name}_t": partial(pollutant, name) for name in POLLUTANTS},
    }


def _shares_of_cities(paths: LeverPaths, found: Callable[[str], FloatArray]) -> Recipes:
    """Shares by city, [place, year]; the region's come from sums (`_shares`)."""
    return {
        "steel_short_process_share": lambda: paths.by_place("industry.steel_short_process_share"),
        "low_carbon_heat_share": lambda: paths.by_place("industry.low_carbon_heat_share"),
        "electricity_share": lambda: found("electricity_mwh") * GJ_PER_MWH / found("final_energy_gj"),
    }


def _shares(
    balance: IndustryBalance, found: Callable[[str], FloatArray]
) -> dict[str, Callable[[], tuple[FloatArray, FloatArray]]]:
    """Shares of the region as (part, whole) of its cities, [place, year]."""
    steel, heat = balance.steel, balance.heat
    return {
        "steel_short_process_share": lambda: (steel.furnace_t, steel.crude_t),
        "low_carbon_heat_share": lambda: (heat.low_carbon_gj, heat.used_gj),
        "electricity_share": lambda: (found("electricity_mwh") * GJ_PER_MWH, found("final_energy_gj")),
    }


def _of_region(base: IndustryBase, balance: IndustryBalance, paths: LeverPaths) -> Recipes:
    """Metrics that exist for the region only, [year]."""

    def growth() -> FloatArray:
        return paths.path("industry.forest_stock_growth") * M3_PER_MM3

    def factor(value: float) -> FloatArray:
        return value * np.ones(len(paths.years))

    factors = calibration_factors(base.region.region_id, base.region.as_of_year)
    return {
        "gdp_index": lambda: balance.gdp_index,
        "byproduct_gas_to_power_gj": lambda: _gas_left(base, balance),
        "forest_sink_tco2": lambda: growth() * base.processes["sink_tco2_per_m3"],
        "standing_timber_m3": lambda: _standing_timber(base.region, growth(), paths.years),
        **{f"calibration_{name}_ratio": partial(factor, value) for name, value in factors.items()},
    }


def _gas_left(base: IndustryBase, balance: IndustryBalance) -> FloatArray:
    """By-product gas for power plants: supply follows ironmaking, what branches burn comes first; never below 0."""
    bf = base.position("steel_bf_bof")
    to_power = -base.balance_gj["transformation_thermal_power", "byproduct_gas_input"]
    supply_start = to_power + base.fuel_gj[:, BYPRODUCT_GAS].sum()
    need = balance.fuel_gj[bf, COKE].sum(axis=0) / base.fuel_gj[bf, COKE]
    used = balance.fuel_gj[:, BYPRODUCT_GAS].sum(axis=(0, 1))
    left: FloatArray = np.maximum(supply_start * need - used, 0.0)
    return left


def _standing_timber(region: Region, growth_m3: FloatArray, years: tuple[int, ...]) -> FloatArray:
    """Standing timber at the end of each year: last inventory plus yearly growth."""
    inventory = region.observed("standing_tree_volume")
    last = max(inventory)
    start = inventory[last] * M3_PER_MM3 + growth_m3[0] * (years[0] - last)
    stock: FloatArray = start + np.concatenate([[0.0], np.cumsum(growth_m3[1:])])
    return stock


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Share of the sums over the cities; a share of nothing is 0."""
    total = whole.sum(axis=0)
    share: FloatArray = np.divide(part.sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
    return share
