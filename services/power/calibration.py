"""Calibration of the base year: factor = statistic / uncalibrated model, within declared bounds.

No factor needs a load curve: each sets a statistic of 2020 against what the fleet's own parameters give.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.common.axes import BASE_YEAR, HOURS
from services.common.calibration import calibration_ratio, check_factors
from services.common.levers import baseline_anchors
from services.common.recording import kept
from services.common.units import GJ_PER_MTCE, MW_PER_GW, MWH_PER_TWH
from services.power.fleet import Fleet, fleet_of

TABLE = "power/calibration"


@dataclass(frozen=True)
class BaseYear:
    """Figures of 2020 that calibration and losses rest on, MWh and GJ."""

    final_electricity_mwh: float
    loss_mwh: float
    own_use_and_pumping_mwh: float
    coal_gj: float
    gas_gj: float
    offgas_gj: float


@kept(maxsize=8)
def base_year(region_id: str, as_of_year: int = 0) -> BaseYear:
    """Rows of the reconciled balance of 2020 that power owns, and final electricity."""
    rows = fleet_of(region_id, as_of_year).region.table("energy_balance_2020").rows()
    twh = {(r["flow"], r["carrier"]): r["electricity_twh"] for r in rows}
    mtce = {(r["flow"], r["carrier"]): r["energy_mtce"] for r in rows}
    final = sum(r["electricity_twh"] for r in rows if r["carrier"] == "electricity" and r["owner"] != "power")
    thermal = "transformation_thermal_power"
    lost = "losses_and_own_use"
    return BaseYear(
        final_electricity_mwh=final * MWH_PER_TWH,
        loss_mwh=twh[lost, "electricity_line_losses"] * MWH_PER_TWH,
        own_use_and_pumping_mwh=twh[lost, "electricity_plant_own_use_and_pumping"] * MWH_PER_TWH,
        coal_gj=-mtce[thermal, "coal_input"] * GJ_PER_MTCE,
        gas_gj=-mtce[thermal, "natural_gas_input"] * GJ_PER_MTCE,
        offgas_gj=-mtce[thermal, "byproduct_gas_input"] * GJ_PER_MTCE,
    )


@kept(maxsize=8)
def calibration_factors(region_id: str, as_of_year: int = 0) -> Mapping[str, float]:
    """Factors by name. Raises RegionDataError naming every factor outside its bounds."""
    fleet = fleet_of(region_id, as_of_year)
    factors = _factors(fleet, base_year(region_id, as_of_year))
    check_factors(fleet.region, TABLE, factors)
    return factors


def _factors(fleet: Fleet, base: BaseYear) -> dict[str, float]:
    seen = {name: observed_mwh(fleet, name) for name in OBSERVED}
    start = start_levers(fleet)
    wind = _effective(fleet, start, "onshore_wind", "wind_commissioning_share_2020") * fleet.number(
        "onshore_wind_full_load_hours"
    ) + _effective(fleet, start, "offshore_wind", "wind_commissioning_share_2020") * fleet.number(
        "offshore_wind_full_load_hours"
    )
    nuclear = _effective(fleet, start, "nuclear", "nuclear_commissioning_share_2020") * fleet.number(
        "nuclear_full_load_hours"
    )
    pv = 0.5 * (fleet.number("utility_pv_capacity_end_2019_gw") + start["utility_pv_capacity"]) * MW_PER_GW
    imports = start["import_capacity"] * MW_PER_GW * start["import_utilisation"] * HOURS
    return {
        "coal_fuel": base.coal_gj
        / (seen["coal"] * coal_gj_per_gross_mwh(fleet) * fleet.number("coal_dispatch_rate_ratio_2020")),
        "gas_fuel": calibration_ratio(base.gas_gj, seen["gas"] * _gas_gj_per_gross_mwh(fleet)),
        "gas_must_run": calibration_ratio(seen["gas"], gas_must_run_mwh(fleet, start)),
        "nuclear": calibration_ratio(seen["nuclear"], nuclear),
        "wind": calibration_ratio(seen["wind"], wind),
        "utility_pv": calibration_ratio(
            seen["solar"] * _utility_share(fleet), pv * fleet.number("utility_pv_full_load_hours")
        ),
        "imports": calibration_ratio(observed_mwh(fleet, "imports"), imports),
        "own_use": _own_use_mwh(fleet, base) / _rated_own_use_mwh(fleet, seen),
    }


OBSERVED = {
    "coal": "generation_thermal_coal",
    "gas": "generation_thermal_gas",
    "offgas": "generation_thermal_off_gas_and_waste_heat",
    "biomass_waste": "generation_thermal_biomass_waste",
    "nuclear": "generation_nuclear",
    "wind": "generation_wind",
    "solar": "generation_solar",
    "imports": "net_power_import",
}


def observed_mwh(fleet: Fleet, name: str) -> float:
    """Observed generation of 2020, gross, MWh."""
    return fleet.region.observed(OBSERVED[name])[BASE_YEAR] * MWH_PER_TWH


def start_levers(fleet: Fleet) -> dict[str, float]:
    """Values of power's levers in 2020, shared by all scenarios."""
    anchors = baseline_anchors(fleet.region.region_id, "frozen")
    return {
        name.partition(".")[2]: points[BASE_YEAR]
        for name, points in anchors.items()
        if name.startswith("power.") and BASE_YEAR in points
    }


def _effective(fleet: Fleet, start: Mapping[str, float], name: str, share: str) -> float:
    """Capacity that ran in 2020, MW: what stood at the end of 2019 and part of what was added."""
    before = fleet.number(f"{name}_capacity_end_2019_gw")
    return (before + fleet.number(share) * (start[f"{name}_capacity"] - before)) * MW_PER_GW


def coal_gj_per_gross_mwh(fleet: Fleet) -> float:
    """Rated coal per gross MWh of the 2020 fleet, weighted by capacity, GJ/MWh."""
    return sum(
        c.share_2020 * t.fuel_gj_per_mwh * (1 - t.own_use_share)
        for c in fleet.coal_classes
        for t in (fleet.techs[c.technology],)
    )


def _gas_gj_per_gross_mwh(fleet: Fleet) -> float:
    """Rated gas per gross MWh: 2020's gas power is heat-led, so that of co-generation, GJ/MWh."""
    chp = fleet.techs["gas_chp"]
    return chp.fuel_gj_per_mwh * (1 - chp.own_use_share)


def gas_must_run_mwh(fleet: Fleet, start: Mapping[str, float]) -> float:
    """Gross output of gas co-generation at its heat-led minimum in 2020 before calibration, MWh."""
    capacity = 0.5 * (fleet.number("gas_capacity_end_2019_gw") + start["gas_capacity"]) * MW_PER_GW
    return capacity * fleet.number("gas_chp_share") * gas_led_shares(fleet)[1] * HOURS


def gas_led_shares(fleet: Fleet) -> tuple[float, float]:
    """Heat-led output of gas co-generation over capacity: by night, which is kept always, and in the mean of a day."""
    night = fleet.number("gas_chp_night_min_share")
    hours = fleet.number("gas_chp_day_last_hour") - fleet.number("gas_chp_day_first_hour")
    return night, night + hours / 24 * (fleet.number("gas_chp_day_min_share") - night)


def _utility_share(fleet: Fleet) -> float:
    """Utility-scale part of the PV generation of 2020, by capacity and hours."""
    utility = fleet.region.observed("capacity_pv_utility")[BASE_YEAR] * fleet.number(
        "utility_pv_full_load_hours"
    )
    rooftop = fleet.region.observed("capacity_pv_distributed")[BASE_YEAR] * fleet.number(
        "rooftop_pv_full_load_hours"
    )
    return utility / (utility + rooftop)


def _own_use_mwh(fleet: Fleet, base: BaseYear) -> float:
    """Plants' own use of 2020 without the electricity that went into pumping, MWh."""
    pumped = fleet.number("pumped_generation_2020_twh") * MWH_PER_TWH
    return base.own_use_and_pumping_mwh - pumped / fleet.parameter("pumped_efficiency_share")


def _rated_own_use_mwh(fleet: Fleet, seen: Mapping[str, float]) -> float:
    coal = sum(c.share_2020 * fleet.techs[c.technology].own_use_share for c in fleet.coal_classes)
    share = {
        "coal": coal,
        "gas": fleet.techs["gas_chp"].own_use_share,
        "offgas": fleet.techs["offgas"].own_use_share,
        "biomass_waste": fleet.techs["biomass_waste"].own_use_share,
        "nuclear": fleet.techs["nuclear"].own_use_share,
        "wind": fleet.techs["onshore_wind"].own_use_share,
        "solar": fleet.techs["utility_pv"].own_use_share,
    }
    return sum(seen[name] * value for name, value in share.items())
