"""Metrics of energy and CO2: rows, and their values from a projection."""

from typing import Final

import numpy as np

from services.buildings.indicators.rows import row
from services.buildings.project import Projection
from services.buildings.systems import END_USES
from services.common.arrays import FloatArray
from services.common.factors import factors_tco2_per_gj
from services.common.units import GJ_PER_MWH, GJ_PER_TCE
from services.common.words import Metric

_KG_PER_T = 1e3
_KWH_PER_MWH = 1e3

CALIBRATED: Final = {
    "floor_urban": ("城镇住宅面积", "floor area of urban dwellings"),
    "floor_rural": ("农村住宅面积", "floor area of rural dwellings"),
    "heating_residential": ("住宅供暖用电", "electricity of heating in dwellings"),
    "cooling_residential": ("住宅空调用电", "electricity of cooling in dwellings"),
    "cooling_public": ("公共建筑空调用电", "electricity of cooling in public buildings"),
    "appliances_residential": ("住宅照明家电用电", "lighting and appliances in dwellings"),
    "appliances_public": ("公共建筑照明设备用电", "lighting and equipment in public buildings"),
    "urban_booking": ("城镇居民用电统计口径", "urban residential electricity as statistics book it"),
    "gas_urban": ("城镇住宅天然气", "natural gas of urban dwellings"),
    "gas_rural": ("农村住宅天然气", "natural gas of rural dwellings"),
    "gas_public": ("公共建筑天然气", "natural gas of public buildings"),
    "lpg_urban": ("城镇住宅液化气", "LPG of urban dwellings"),
    "lpg_rural": ("农村住宅液化气", "LPG of rural dwellings"),
    "lpg_public": ("公共建筑液化气", "LPG of public buildings"),
    "coal_urban": ("城镇住宅用煤", "coal of urban dwellings"),
    "coal_rural": ("农村住宅用煤", "coal of rural dwellings"),
    "heat_urban": ("城镇住宅外购热", "heat bought by urban dwellings"),
    "heat_public": ("公共建筑外购热", "heat bought by public buildings"),
}

METRICS: Final[tuple[Metric, ...]] = (
    row(
        "renewable_substitution_share",
        "城镇建筑可再生能源替代率",
        "renewable energy replacing conventional energy in urban buildings (rooftop PV of buildings and solar heat)",
        "share",
        "JSP-27",
    ),
    row("electricity_mwh", "建筑用电量", "electricity of buildings", "MWh"),
    row("residential_electricity_mwh", "居民用电量", "electricity of dwellings", "MWh"),
    row("public_electricity_mwh", "公共建筑用电量", "electricity of public buildings", "MWh"),
    row(
        "urban_residential_electricity_booked_mwh",
        "城镇居民用电量（统计口径）",
        "urban residential electricity as statistics book it",
        "MWh",
    ),
    row("cooling_electricity_mwh", "空调用电量", "electricity of cooling", "MWh"),
    row("space_heating_electricity_mwh", "供暖用电量", "electricity of space heating", "MWh"),
    row(
        "space_heating_heat_pump_electricity_mwh",
        "热泵供暖用电量",
        "electricity of heat pumps for space heating, networks included",
        "MWh",
    ),
    row("district_heat_gj", "建筑外购热", "district heat bought by buildings", "GJ"),
    row("final_energy_gj", "建筑终端能源消费", "final energy, electricity by calorific value", "GJ"),
    row("electricity_share", "电能占建筑终端能源比重", "electricity share of final energy", "share"),
    row("energy_tco2", "建筑直接排放", "direct energy CO2 of buildings", "t"),
    row(
        "space_heating_heat_pump_share",
        "热泵供暖占比",
        "heat-pump share of useful space heat",
        "share",
    ),
    row("useful_heat_kwh_per_m2", "单位面积供暖需求", "useful space heat per m2", "kWh/m2"),
    row(
        "rural_biomass_gj",
        "农村生物质能（不计入终端）",
        "straw and wood of villages (beside the totals)",
        "GJ",
    ),
    *(
        row(f"calibration_{name}_ratio", f"校准系数：{zh}", f"calibration factor: {en}", "ratio")
        for name, (zh, en) in CALIBRATED.items()
    ),
)


def sums(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    electricity = _electricity(p)
    fuels = sum(e.sum(axis=0) for (_, c), e in p.energy.items() if c != "electricity")
    return {
        "electricity_mwh": electricity.sum(axis=0),
        "residential_electricity_mwh": electricity[:2].sum(axis=0),
        "public_electricity_mwh": electricity[2],
        "urban_residential_electricity_booked_mwh": electricity[0] * p.factors["urban_booking"],
        "cooling_electricity_mwh": p.energy["cooling", "electricity"].sum(axis=0),
        "space_heating_electricity_mwh": (
            p.energy["space_heating", "electricity"] + p.energy["district_heating", "electricity"]
        ).sum(axis=0),
        "space_heating_heat_pump_electricity_mwh": _heat_pumps(p),
        "district_heat_gj": p.energy["district_heating", "heat"].sum(axis=0),
        "final_energy_gj": np.asarray(fuels) + electricity.sum(axis=0) * GJ_PER_MWH,
        "energy_tco2": _tco2(p),
        "rural_biomass_gj": p.raw.biomass_gj,
    }


def shares(p: Projection, found: dict[str, FloatArray]) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Shares as (part, whole) by place, [p, y]; `found` holds the sums of all groups."""
    return {
        "renewable_substitution_share": _substitution(p),
        "electricity_share": (found["electricity_mwh"] * GJ_PER_MWH, found["final_energy_gj"]),
        "space_heating_heat_pump_share": (
            p.raw.heat_by_pump_mwh.sum(axis=0),
            p.raw.heat_mwh.sum(axis=0),
        ),
        "useful_heat_kwh_per_m2": (
            p.raw.heat_mwh.sum(axis=0) * _KWH_PER_MWH,
            found["floor_area_m2"],
        ),
    }


def of_region(p: Projection) -> dict[str, FloatArray]:
    """Metrics of the region only, [y]."""
    ones = np.ones(len(p.paths.years))
    return {f"calibration_{name}_ratio": factor * ones for name, factor in p.factors.items()}


def _electricity(p: Projection) -> FloatArray:
    """Electricity by segment, MWh [s, p, y]."""
    return np.asarray(np.sum([e for (_, c), e in p.energy.items() if c == "electricity"], axis=0))


def _heat_pumps(p: Projection) -> FloatArray:
    """Electricity of heat pumps in buildings and networks, MWh [p, y]; the rest of heating is resistance."""
    used = p.energy["space_heating", "electricity"]
    raw = p.raw.energy["space_heating", "electricity"]
    part = np.divide(p.raw.pump_electricity_mwh, raw, out=np.zeros_like(raw), where=raw > 0)
    return np.asarray((used * part + p.energy["district_heating", "electricity"]).sum(axis=0))


def _tco2(p: Projection) -> FloatArray:
    factors = factors_tco2_per_gj(p.base.region)
    return np.asarray(np.sum([e.sum(axis=0) * factors[c] for (_, c), e in p.energy.items()], axis=0))


def _substitution(p: Projection) -> tuple[FloatArray, FloatArray]:
    """Renewable energy of urban buildings against their energy, both in t of standard coal [p, y] (GB/T 50801).

    Solar hot water replaces conventional heat at the reference efficiency, PV replaces electricity.
    """
    read = p.base.region.leaves(END_USES)
    tce_per_mwh = read["renewable_kgce_per_kwh"].number() * _KWH_PER_MWH / _KG_PER_T
    solar = (p.raw.solar_hot_water_mwh[0] + p.raw.solar_hot_water_mwh[2]) * GJ_PER_MWH
    replaced = solar / GJ_PER_TCE / read["solar_reference_efficiency"].number()
    replaced = replaced + p.roofs.energy_mwh * p.roofs.urban_share * tce_per_mwh
    used = np.zeros_like(replaced)
    for (_, carrier), energy in p.energy.items():
        urban = energy[0] + energy[2]
        used = used + (urban * tce_per_mwh if carrier == "electricity" else urban / GJ_PER_TCE)
    return replaced, used
