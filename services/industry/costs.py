"""What industry's measures and fuel cost, CNY of 2025 a year [p, y], by component.

A measure costs its amount times a cost a unit (annuity and operation, without fuel and electricity): what it saves in
fuel shows in the fuel cost, what it takes in electricity in the power sector. Left out: materials (feedstock, bitumen),
heat bought (its fuel is in the supply), clinker substitutes (no figure), capital of activity itself.
"""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.recording import kept
from services.common.regions import load_region
from services.common.resource_costs import fuel_cny_per_gj
from services.industry.balance import IndustryBalance
from services.industry.base import BITUMEN, FUELS, HEAT, IndustryBase

TABLE: Final = "industry/measure_costs"
MEASURES: Final = (
    "efficiency",
    "scrap_steel",
    "electrification",
    "coal_to_gas",
    "hydrogen_iron",
    "ccus",
    "low_carbon_heat",
    "data_centre_efficiency",
)
_NOT_FUEL: Final = (HEAT, BITUMEN)


@kept(maxsize=8)
def measure_costs(region_id: str) -> dict[str, float]:
    """Cost a unit by measure, CNY."""
    rows = load_region(region_id).table(TABLE).rows()
    return {r["measure"]: r["cost_cny_per_unit"] for r in rows}


def amounts(base: IndustryBase, balance: IndustryBalance, paths: LeverPaths) -> dict[str, FloatArray]:
    """How much of each measure is done beyond 2020, in the unit of its row, [p, y]."""
    saved, electrified, to_gas = balance.measured_gj
    steel, heat = balance.steel, balance.heat
    return {
        "efficiency": saved,
        "scrap_steel": _more_scrap_t(balance),
        "electrification": electrified,
        "coal_to_gas": to_gas,
        "hydrogen_iron": steel.hot_metal_t - steel.coke_hot_metal_t,
        "ccus": balance.captured_tco2,
        "low_carbon_heat": heat.low_carbon_gj,
        "data_centre_efficiency": _data_centres_mwh(base, balance, paths),
    }


def costs_cny(base: IndustryBase, balance: IndustryBalance, paths: LeverPaths) -> dict[str, FloatArray]:
    """Cost of each measure, and "fuel"."""
    unit = measure_costs(base.region.region_id)
    done = amounts(base, balance, paths)
    return {name: done[name] * unit[name] for name in MEASURES} | {"fuel": _fuel(base, balance, paths)}


def _more_scrap_t(balance: IndustryBalance) -> FloatArray:
    """Scrap above what the shares of 2020 would take for the same steel."""
    steel = balance.steel
    crude = steel.crude_t
    at_start = steel.scrap_t[:, 0].sum() / crude[:, 0].sum()
    return np.asarray(steel.scrap_t - crude * at_start)


def _data_centres_mwh(base: IndustryBase, balance: IndustryBalance, paths: LeverPaths) -> FloatArray:
    """Electricity below that at the usual effectiveness."""
    used = balance.electricity_mwh[base.position("data_centres")]
    usual = base.region.leaf("industry/base", "data_centre_pue_default").path(paths.years)
    return np.asarray(used * (usual / paths.by_place("industry.data_centre_pue") - 1.0))


def _fuel(base: IndustryBase, balance: IndustryBalance, paths: LeverPaths) -> FloatArray:
    """Fuel of branches, heat supply and kilns' alternative fuel at resource cost."""
    region = base.region.region_id
    used = balance.carrier_gj
    total = balance.cement.alternative_fuel_gj * fuel_cny_per_gj(region, paths, "alternative_fuel")
    for f, carrier in enumerate(FUELS):
        if f not in _NOT_FUEL:
            total = total + used[f] * fuel_cny_per_gj(region, paths, carrier)
    heat = balance.heat
    for carrier, gj in (("coal", heat.coal_gj), ("natural_gas", heat.gas_gj), ("biomass", heat.biomass_gj)):
        total = total + gj * fuel_cny_per_gj(region, paths, carrier)
    return np.asarray(total)
