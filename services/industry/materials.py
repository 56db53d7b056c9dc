"""Steel and cement in tonnes: hot metal, scrap, clinker, process CO2. Equations of material flow, [place, year]."""

from dataclasses import dataclass

from services.common.arrays import FloatArray
from services.common.levers import LeverPaths
from services.common.units import T_PER_MT
from services.industry.base import COAL, COKE, IndustryBase
from services.industry.calibration import calibration_factors


@dataclass(frozen=True)
class Steel:
    """Steel of each place and year; the region's values of 2020 beside."""

    crude_t: FloatArray
    furnace_t: FloatArray
    converter_t: FloatArray
    hot_metal_t: FloatArray
    coke_hot_metal_t: FloatArray  # reduced with coke, not with hydrogen
    scrap_t: FloatArray
    hydrogen_electricity_mwh: FloatArray

    def fuel_scale(self, branch: str) -> FloatArray:
        """Fuel of a steel branch against the region's of 2020, [p, y]: of converters what hot metal takes."""
        return _against_start(self.furnace_t if branch == "steel_eaf" else self.coke_hot_metal_t)

    def electricity_scale(self, branch: str) -> FloatArray:
        """Electricity of a steel branch against the region's of 2020, hydrogen apart, [p, y]."""
        return _against_start(self.furnace_t if branch == "steel_eaf" else self.converter_t)


@dataclass(frozen=True)
class Cement:
    """Cement and clinker of each place and year. Process CO2 by two methods, before capture."""

    cement_t: FloatArray
    clinker_t: FloatArray
    alternative_fuel_gj: FloatArray
    kiln_scale: FloatArray  # kiln fuel against the region's of 2020
    process_by_cement_tco2: FloatArray
    process_by_clinker_tco2: FloatArray


def make_steel(base: IndustryBase, paths: LeverPaths, weight: FloatArray) -> Steel:
    """Hot metal HM = converter steel x h; scrap = 1.08 furnace + charge x share of converter.

    The metallic charge of a converter stays; more scrap in it saves hot metal: h = h(2020) (1 - scrap) /
    (1 - scrap(2020)). Hydrogen replaces coke in its share of hot metal and takes electricity.
    """
    per = base.processes
    start = base.lever_start["industry.scrap_share_converter"]
    hot_metal_per_t = (
        per["steel_hot_metal_t_per_t"]
        * calibration_factors(base.region.region_id, base.region.as_of_year)["steel_hot_metal"]
    )
    crude = paths.path("industry.crude_steel_output") * T_PER_MT * weight
    furnace = crude * paths.by_place("industry.steel_short_process_share")
    converter = crude - furnace
    scrap_share = paths.by_place("industry.scrap_share_converter")
    charge_per_t = hot_metal_per_t / (1 - start)
    hot_metal = converter * charge_per_t * (1 - scrap_share)
    hydrogen = paths.by_place("industry.steel_hydrogen_iron_share")
    return Steel(
        crude_t=crude,
        furnace_t=furnace,
        converter_t=converter,
        hot_metal_t=hot_metal,
        coke_hot_metal_t=hot_metal * (1 - hydrogen),
        scrap_t=furnace * per["steel_furnace_scrap_t_per_t"] + converter * charge_per_t * scrap_share,
        hydrogen_electricity_mwh=hot_metal * hydrogen * per["steel_hydrogen_electricity_mwh_per_t"],
    )


def make_cement(
    base: IndustryBase, paths: LeverPaths, clinker_weight: FloatArray, grinding_weight: FloatArray
) -> Cement:
    """Clinker made here = cement x ratio x local share; kiln fuel follows it less alternative fuel.

    Process CO2 by cement (default, comparable with inventories): the national factor per tonne of cement moved
    with the clinker ratio. By clinker: the factor per tonne of clinker made in the province.
    """
    per = base.processes
    ratio = paths.by_place("industry.clinker_ratio")
    ratio_start = base.lever_start["industry.clinker_ratio"]
    output = paths.path("industry.cement_output") * T_PER_MT
    clinker = output * clinker_weight * ratio * paths.by_place("industry.local_clinker_share")
    own_fuel = 1 - paths.by_place("industry.cement_alternative_fuel_share")
    kiln_scale = _against_start(clinker * own_fuel)
    b = base.position("cement")
    own_gj = (base.fuel_gj[b, COAL] + base.fuel_gj[b, COKE]) * kiln_scale
    return Cement(
        cement_t=output * grinding_weight,
        clinker_t=clinker,
        alternative_fuel_gj=own_gj / own_fuel * (1 - own_fuel),
        kiln_scale=kiln_scale,
        process_by_cement_tco2=output
        * clinker_weight
        * per["cement_process_tco2_per_t_cement"]
        * (ratio / ratio_start),
        process_by_clinker_tco2=clinker * per["cement_process_tco2_per_t_clinker"],
    )


def _against_start(values: FloatArray) -> FloatArray:
    """Values over the region's sum of the first year, [p, y]."""
    scale: FloatArray = values / values[:, 0].sum()
    return scale
