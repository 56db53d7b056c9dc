"""Calibration of the base year: factor = statistic / uncalibrated model, within declared bounds."""

from collections.abc import Mapping

from services.common.axes import BASE_YEAR
from services.common.calibration import check_factors
from services.common.recording import kept
from services.common.units import GJ_PER_MWH, GJ_PER_TCE, MWH_PER_TWH, T_PER_MT
from services.industry.base import COAL, COKE, GAS, HEAT, IndustryBase, industry_base

TABLE = "industry/calibration"


@kept(maxsize=8)
def calibration_factors(region_id: str, as_of_year: int = 0) -> Mapping[str, float]:
    """Factors by name. Raises RegionDataError naming every factor outside its bounds."""
    base = industry_base(region_id, as_of_year)
    factors = _steel(base) | _cement(base) | _supply(base) | _electricity(base)
    check_factors(base.region, TABLE, factors)
    return factors


def _steel(base: IndustryBase) -> dict[str, float]:
    per = base.processes
    start = base.lever_start
    crude = start["industry.crude_steel_output"] * T_PER_MT
    converter = crude * (1 - start["industry.steel_short_process_share"])
    furnace = crude - converter
    hot_metal = base.region.observed("pig_iron_output")[BASE_YEAR] * T_PER_MT
    bf, eaf = base.position("steel_bf_bof"), base.position("steel_eaf")
    fuel = base.fuel_gj / GJ_PER_TCE
    return {
        "steel_hot_metal": hot_metal / (converter * per["steel_hot_metal_t_per_t"]),
        "steel_coke": fuel[bf, COKE] / (hot_metal * per["steel_coke_tce_per_t"]),
        "steel_coal": fuel[bf, COAL] / (hot_metal * per["steel_coal_tce_per_t"]),
        "steel_converter_electricity": base.electricity_mwh[bf]
        / (converter * per["steel_converter_electricity_mwh_per_t"]),
        "steel_furnace_electricity": base.electricity_mwh[eaf]
        / (furnace * per["steel_furnace_electricity_mwh_per_t"]),
        "steel_furnace_gas": fuel[eaf, GAS] / (furnace * per["steel_furnace_gas_tce_per_t"]),
        "steel_furnace_carbon": fuel[eaf, COAL] / (furnace * per["steel_furnace_carbon_tce_per_t"]),
    }


def _cement(base: IndustryBase) -> dict[str, float]:
    per = base.processes
    start = base.lever_start
    cement = start["industry.cement_output"] * T_PER_MT
    clinker = cement * start["industry.clinker_ratio"] * start["industry.local_clinker_share"]
    own_fuel = 1 - start["industry.cement_alternative_fuel_share"]
    b = base.position("cement")
    kiln = (base.fuel_gj[b, COAL] + base.fuel_gj[b, COKE]) / GJ_PER_TCE
    return {
        "cement_kiln_fuel": kiln / (clinker * per["cement_kiln_heat_tce_per_t"] * own_fuel),
        "cement_electricity": base.electricity_mwh[b] / (cement * per["cement_electricity_mwh_per_t"]),
    }


def _supply(base: IndustryBase) -> dict[str, float]:
    heat_used = base.fuel_gj[:, HEAT].sum() + base.buildings_heat_gj
    losses = base.balance_gj["losses_and_own_use", "heat_losses"]
    recovered = base.balance_gj["transformation_heat", "recovered_heat"]
    output = base.balance_gj["transformation_heat", "heat_output"]
    loss = coking_loss_gj(base)
    statistic = coking_statistic_tco2(base)
    return {
        "coking": statistic / (loss * base.coking_coal_tco2_per_gj),
        "heat_supply": output / (heat_used + losses - recovered),
    }


def _electricity(base: IndustryBase) -> dict[str, float]:
    """Official electricity of industry includes line losses and own use of plants."""
    official = base.region.observed("electricity_consumption_industry")[BASE_YEAR] * MWH_PER_TWH
    outside = sum(
        gj / GJ_PER_MWH
        for (flow, carrier), gj in base.balance_gj.items()
        if flow == "losses_and_own_use" and carrier.startswith("electricity")
    )
    uses = {"steel", "cement", "other_minerals", "chemicals", "other_industry"}
    own = sum(mwh for row, mwh in zip(base.branches, base.electricity_mwh, strict=True) if row.use in uses)
    return {"industry_electricity": (official - outside) / own}


def coking_loss_gj(base: IndustryBase) -> float:
    """Coking coal that leaves neither as coke nor as gas or other products, GJ of 2020."""
    return -sum(gj for (flow, _), gj in base.balance_gj.items() if flow == "transformation_coking")


def coking_statistic_tco2(base: IndustryBase) -> float:
    """Direct CO2 of coking in the balance, t of 2020."""
    rows = base.region.table("energy_balance_2020").rows()
    mega = sum(
        row["energy_mtco2"]
        for row in rows
        if row["flow"] == "transformation_coking" and row["carrier"] == "coal_input"
    )
    return float(mega * T_PER_MT)
