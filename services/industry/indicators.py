"""Values of the metrics from a scenario's balance; years from 2020, sliced later."""

import numpy as np

from services.common.arrays import FloatArray
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


def values_by_place(base: IndustryBase, balance: IndustryBalance, paths: LeverPaths) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [place, year]."""
    b = balance
    electricity = b.electricity_mwh.sum(axis=0) + b.heat.heat_pump_mwh
    industrial = [i for i, row in enumerate(base.branches) if row.use in INDUSTRIAL_USES]
    fuels = b.carrier_gj.sum(axis=0)
    interruptible, shiftable = flexibility_shares(base.region.region_id)
    mean_mw = b.electricity_mwh / _HOURS_PER_YEAR
    return (
        {
            "gdp_cny": b.gdp_cny,
            "population_count": b.population,
            "crude_steel_t": b.steel.crude_t,
            "hot_metal_t": b.steel.hot_metal_t,
            "steel_scrap_need_t": b.steel.scrap_t,
            "cement_t": b.cement.cement_t,
            "clinker_t": b.cement.clinker_t,
            "cement_process_by_cement_tco2": b.process_tco2,
            "cement_process_by_clinker_tco2": b.process_by_clinker_tco2,
            "ammonia_process_tco2": b.feedstock_gj[base.position("ammonia_coal_chemicals"), COAL]
            * base.tco2_per_gj[COAL]
            * base.processes["ammonia_feed_coal_release_share"],
            "captured_tco2": b.captured_tco2,
            "energy_tco2": b.use_fuel_tco2.sum(axis=(0, 1)) + b.coking.energy_tco2 + b.heat.energy_tco2,
            "cement_alternative_fuel_gj": b.cement.alternative_fuel_gj,
            "heat_used_gj": b.heat.used_gj,
            "low_carbon_heat_gj": b.heat.low_carbon_gj,
            "industrial_electricity_mwh": b.electricity_mwh[industrial].sum(axis=0),
            "electricity_mwh": electricity,
            "final_energy_gj": fuels + electricity * GJ_PER_MWH,
            "feedstock_gj": b.carrier_feedstock_gj.sum(axis=0),
            "interruptible_potential_mw": np.einsum("b,bpy->py", interruptible, mean_mw),
            "shiftable_potential_mw": np.einsum("b,bpy->py", shiftable, mean_mw),
        }
        | _primary(base, balance)
        | _costs_and_air(base, balance, paths)
    )


def _primary(base: IndustryBase, balance: IndustryBalance) -> dict[str, FloatArray]:
    """Primary energy that enters through industry, GJ, [place, year]; by-product gas is inside coke and coal."""
    b = balance
    fuel, feed = b.carrier_gj, b.carrier_feedstock_gj
    coking = b.coking.coking_coal_gj
    at_start = -base.balance_gj["transformation_coking", "coal_input"]
    washing = -base.balance_gj["transformation_coal_washing", "coal_loss"] * coking / at_start
    refining = (
        -base.balance_gj["transformation_refining", "loss"] * b.activity[base.position("refining_coking")]
    )
    return {
        "primary_coal_gj": fuel[COAL] + feed[COAL] + b.heat.coal_gj + coking + washing,
        "primary_coke_net_inflow_gj": fuel[COKE] - b.coking.coke_made_gj,
        "primary_oil_gj": fuel[_OIL].sum(axis=0) + feed[_OIL].sum(axis=0) + refining,
        "primary_natural_gas_gj": fuel[GAS] + feed[GAS] + b.heat.gas_gj,
    }


def _costs_and_air(base: IndustryBase, balance: IndustryBalance, paths: LeverPaths) -> dict[str, FloatArray]:
    """Costs, CNY, and air pollutants, t, [place, year]."""
    costs = costs_cny(base, balance, paths)
    measures = np.asarray(sum(costs[name] for name in MEASURES))
    return (
        {f"{name}_cost_cny": values for name, values in costs.items()}
        | {"measure_cost_cny": measures, "system_cost_cny": measures + costs["fuel"]}
        | {f"{name}_t": values for name, values in pollutants_t(base, balance, paths.years).items()}
    )


def ratios(paths: LeverPaths, places: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Shares by city, [place, year]; the region's come from sums (`region_ratios`)."""
    return {
        "steel_short_process_share": paths.by_place("industry.steel_short_process_share"),
        "low_carbon_heat_share": paths.by_place("industry.low_carbon_heat_share"),
        "electricity_share": places["electricity_mwh"] * GJ_PER_MWH / places["final_energy_gj"],
    }


def region_ratios(balance: IndustryBalance, places: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Shares of the region from sums over its cities, [year]; a share of nothing is 0."""
    steel = balance.steel
    return {
        "steel_short_process_share": _share(steel.furnace_t, steel.crude_t),
        "low_carbon_heat_share": _share(balance.heat.low_carbon_gj, balance.heat.used_gj),
        "electricity_share": _share(places["electricity_mwh"] * GJ_PER_MWH, places["final_energy_gj"]),
    }


def region_values(base: IndustryBase, balance: IndustryBalance, paths: LeverPaths) -> dict[str, FloatArray]:
    """Metrics that exist for the region only, [year]."""
    growth = paths.path("industry.forest_stock_growth") * M3_PER_MM3
    years = np.ones(len(paths.years))
    factors = calibration_factors(base.region.region_id, base.region.as_of_year)
    return {
        "gdp_index": balance.gdp_index,
        "byproduct_gas_to_power_gj": _gas_left(base, balance),
        "forest_sink_tco2": growth * base.processes["sink_tco2_per_m3"],
        "standing_timber_m3": _standing_timber(base.region, growth, paths.years),
    } | {f"calibration_{name}_ratio": factor * years for name, factor in factors.items()}


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
    total = whole.sum(axis=0)
    share: FloatArray = np.divide(part.sum(axis=0), total, out=np.zeros_like(total), where=total > 0)
    return share
