"""Heat bought and sold: steam and hot water from co-generation and heat plants for industry and buildings."""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.levers import LeverPaths
from services.common.units import GJ_PER_MWH
from services.industry.base import COAL, GAS, IndustryBase
from services.industry.calibration import calibration_factors


@dataclass(frozen=True)
class Heat:
    """Heat of each place and year, [place, year]. used = from_fuel + low_carbon."""

    industry_gj: FloatArray
    buildings_gj: FloatArray
    used_gj: FloatArray
    low_carbon_gj: FloatArray
    chp_gj: FloatArray  # heat from co-generation on fuel
    coal_gj: FloatArray
    gas_gj: FloatArray
    coal_tco2: FloatArray
    gas_tco2: FloatArray
    heat_pump_mwh: FloatArray
    biomass_gj: FloatArray

    @property
    def energy_tco2(self) -> FloatArray:
        """CO2 of the fuel, t."""
        return self.coal_tco2 + self.gas_tco2


def supply_heat(
    base: IndustryBase,
    paths: LeverPaths,
    industry_gj: FloatArray,
    buildings_gj: FloatArray | None,
    population_share: FloatArray,
) -> Heat:
    """Fuel for the heat used, by the heat-credit method of the balance.

    fuel = used x fuel per heat of 2020 x (1 - low-carbon share) x (1 - improvement x years); losses and recovered
    heat of 2020 are inside the fuel per heat. Heat pumps take their electricity, biomass boilers their
    fuel; nuclear steam and sun take neither. Without `buildings_gj` the buildings' use of 2020 holds,
    shared by population.
    """
    if buildings_gj is None:
        buildings_gj = base.buildings_heat_gj * population_share
    per = base.processes
    used = industry_gj + buildings_gj
    low_carbon_share = paths.by_place("industry.low_carbon_heat_share")
    low_carbon = used * low_carbon_share
    from_fuel = used - low_carbon
    years_on = np.array(paths.years, dtype=np.float64) - BASE_YEAR
    better = 1 - per["heat_fuel_improvement_per_year"] * years_on
    output = base.balance_gj["transformation_heat", "heat_output"]
    calibration = calibration_factors(base.region.region_id, base.region.as_of_year)["heat_supply"]
    coal_per_heat = -base.balance_gj["transformation_heat", "coal_input"] / output * calibration
    gas_per_heat = -base.balance_gj["transformation_heat", "natural_gas_input"] / output * calibration
    coal = from_fuel * coal_per_heat * better
    gas = from_fuel * gas_per_heat * better
    pumped = low_carbon * per["low_carbon_heat_pump_share"]
    return Heat(
        industry_gj=industry_gj,
        buildings_gj=buildings_gj,
        used_gj=used,
        low_carbon_gj=low_carbon,
        chp_gj=from_fuel * per["chp_share_of_heat"],
        coal_gj=coal,
        gas_gj=gas,
        coal_tco2=coal * base.tco2_per_gj[COAL],
        gas_tco2=gas * base.tco2_per_gj[GAS],
        heat_pump_mwh=pumped / per["heat_pump_cop"] / GJ_PER_MWH,
        biomass_gj=low_carbon * per["low_carbon_biomass_share"] / per["biomass_boiler_efficiency"],
    )
