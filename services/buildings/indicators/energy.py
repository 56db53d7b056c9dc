"""Metrics of energy and CO2: rows, and their values from a projection."""

from collections.abc import Callable
from typing import Final

import numpy as np

from services.buildings.end_use_records import COOKING, HOT_WATER, LIGHTING_APPLIANCES
from services.buildings.flexible import movable_mwh, storage_mw
from services.buildings.indicators.rows import Recipes, ShareRecipes, once, row
from services.buildings.project import Projection
from services.buildings.substitution import substitution, utilisation
from services.buildings.systems import figures
from services.common.arrays import FloatArray
from services.common.factors import factors_tco2_per_gj
from services.common.units import GJ_PER_MWH, KWH_PER_MWH
from services.common.words import Metric

CALIBRATED: Final = {
    "floor_urban": ("城镇住宅面积", "floor area of urban dwellings"),
    "floor_rural": ("农村住宅面积", "floor area of rural dwellings"),
    "heating_residential": ("住宅供暖用电", "electricity of heating in dwellings"),
    "cooling_residential": ("住宅空调用电", "electricity of cooling in dwellings"),
    "cooling_public": ("公共建筑空调用电", "electricity of cooling in public buildings"),
    "appliances_residential": ("住宅照明家电用电", "lighting and appliances in dwellings"),
    "equipment_government_office": ("政府办公照明设备用电", "lighting and equipment in government offices"),
    "equipment_office": ("商业办公照明设备用电", "lighting and equipment in commercial offices"),
    "equipment_commerce": ("商场零售照明设备用电", "lighting and equipment in shops"),
    "equipment_hotel": ("旅馆照明设备用电", "lighting and equipment in hotels"),
    "equipment_hospital": ("医院照明设备用电", "lighting and equipment in hospitals"),
    "equipment_school": ("学校照明设备用电", "lighting and equipment in schools"),
    "equipment_other_public": ("其他公建照明设备用电", "lighting and equipment in other public buildings"),
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

SUBSTITUTES: Final = (
    ("solar", "太阳能热水", "solar hot water"),
    ("pv", "光伏", "rooftop PV of urban buildings"),
    ("ground_heat", "地源供热", "ground-source heat"),
    ("ground_cool", "地源供冷", "ground-source cooling"),
    ("air", "空气源供热", "air-source heat (beside the rate)"),
)
SEASONS: Final = (
    ("heating_split", "分体热泵季节性能系数", "seasonal COP of split heat pumps"),
    ("heating_hydronic", "空气源水系统季节性能系数", "seasonal COP of air-to-water heat pumps"),
    ("heating_ground", "地源热泵季节性能系数", "seasonal COP of ground-source heat pumps"),
    ("cooling_air", "空气源空调季节能效比", "seasonal EER of air-cooled plant"),
    ("cooling_ground", "地源空调季节能效比", "seasonal EER of ground-cooled plant"),
)

METRICS: Final[tuple[Metric, ...]] = (
    row(
        "renewable_substitution_share",
        "城镇建筑可再生能源替代率",
        "renewable energy replacing conventional energy in urban buildings (rooftop PV of buildings and solar heat)",
        "share",
        "JSP-27",
    ),
    row(
        "renewable_substitution_with_air_share",
        "可再生能源替代率（计入空气源热泵）",
        "renewable substitution with air-source heat pumps counted",
        "share",
    ),
    row(
        "renewable_utilisation_share",
        "可再生能源利用率（GB/T 51350）",
        "renewable utilisation of urban buildings after GB/T 51350 (REP)",
        "share",
    ),
    *(
        row(f"renewable_substitution_{name}_tce", f"替代量：{zh}", f"replaced by {en}", "tce")
        for name, zh, en in SUBSTITUTES
    ),
    row("renewable_substitution_whole_tce", "城镇建筑运行能耗", "operation energy of urban buildings", "tce"),
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
    row("district_heat_sent_out_gj", "热网送出热量", "heat that networks send out, losses included", "GJ"),
    row(
        "space_heating_ground_source_share",
        "地源热泵供暖占比",
        "ground-source share of useful space heat",
        "share",
    ),
    row("hot_water_electricity_mwh", "热水用电量", "electricity of hot water", "MWh"),
    row("cooking_electricity_mwh", "炊事用电量", "electricity of cooking", "MWh"),
    row(
        "lighting_appliances_electricity_mwh",
        "照明设备用电量",
        "electricity of lighting, appliances and equipment",
        "MWh",
    ),
    row("flexible_building_floor_area_m2", "光储直柔建筑面积", "floor area of flexible buildings", "m2"),
    row("flexible_building_storage_mw", "光储直柔建筑储能功率", "storage power of flexible buildings", "MW"),
    row("flexible_building_movable_mwh", "光储直柔建筑可移电量", "electricity that they can move", "MWh"),
    row("final_energy_gj", "建筑终端能源消费", "final energy, electricity by calorific value", "GJ"),
    row("electricity_share", "电能占建筑终端能源比重", "electricity share of final energy", "share"),
    row("energy_tco2", "建筑直接排放", "direct energy CO2 of buildings", "t"),
    row(
        "space_heating_heat_pump_share",
        "热泵供暖占比",
        "heat-pump share of useful space heat",
        "share",
    ),
    *(
        row(f"seasonal_{name}_ratio", zh, f"{en}, units of 2020, load-weighted, back-up included", "ratio")
        for name, zh, en in SEASONS
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


def sums(p: Projection) -> Recipes:
    """Metrics that add up over the cities, [p, y]."""
    used = p.used
    found = once(lambda: substitution(p))

    def electricity_of(use: str) -> Callable[[], FloatArray]:
        return lambda: used[use, "electricity"]

    def replaced_by(name: str) -> Callable[[], FloatArray]:
        return lambda: np.asarray(getattr(found(), f"{name}_tce"))

    def sent_out() -> FloatArray:
        lost = figures(p.base.region)["network_loss_share"].number()
        return np.asarray(used["district_heating", "heat"] / (1 - lost))

    def heating() -> FloatArray:
        used = p.energy["space_heating", "electricity"] + p.energy["district_heating", "electricity"]
        return np.asarray(used.sum(axis=0))

    def final() -> FloatArray:
        fuels = sum(e for (_, c), e in used.items() if c != "electricity")
        return np.asarray(fuels + p.electricity_mwh.sum(axis=0) * GJ_PER_MWH)

    return {
        "electricity_mwh": lambda: p.electricity_mwh.sum(axis=0),
        "residential_electricity_mwh": lambda: p.electricity_mwh[:2].sum(axis=0),
        "public_electricity_mwh": lambda: p.electricity_mwh[2],
        "district_heat_sent_out_gj": sent_out,
        **{
            f"{use}_electricity_mwh": electricity_of(use) for use in (HOT_WATER, COOKING, LIGHTING_APPLIANCES)
        },
        "flexible_building_floor_area_m2": lambda: p.equipment.flexible_m2,
        "flexible_building_storage_mw": lambda: storage_mw(p),
        "flexible_building_movable_mwh": lambda: movable_mwh(p),
        **{f"renewable_substitution_{name}_tce": replaced_by(name) for name, _, _ in SUBSTITUTES},
        "renewable_substitution_whole_tce": lambda: found().used_tce,
        "urban_residential_electricity_booked_mwh": lambda: p.electricity_mwh[0] * p.factors["urban_booking"],
        "cooling_electricity_mwh": electricity_of("cooling"),
        "space_heating_electricity_mwh": heating,
        "space_heating_heat_pump_electricity_mwh": lambda: _heat_pumps(p),
        "district_heat_gj": lambda: used["district_heating", "heat"],
        "final_energy_gj": final,
        "energy_tco2": lambda: _tco2(p),
        "rural_biomass_gj": lambda: p.raw.biomass_gj,
    }


def shares(p: Projection, found: Callable[[str], FloatArray]) -> ShareRecipes:
    """Shares as (part, whole) by place, [p, y]; `found` gives the sums of all groups."""
    raw = p.raw
    heat = once(lambda: raw.heat_mwh.sum(axis=0))

    def season(name: str) -> Callable[[], tuple[FloatArray, FloatArray]]:
        return lambda: _season(p, name)

    return {
        "renewable_substitution_share": lambda: (
            _replaced(p, found),
            found("renewable_substitution_whole_tce"),
        ),
        "renewable_substitution_with_air_share": lambda: (
            _parts(found, True),
            found("renewable_substitution_whole_tce"),
        ),
        "renewable_utilisation_share": lambda: utilisation(p),
        "space_heating_ground_source_share": lambda: (raw.ground_heat_mwh.sum(axis=0), heat()),
        "electricity_share": lambda: (found("electricity_mwh") * GJ_PER_MWH, found("final_energy_gj")),
        "space_heating_heat_pump_share": lambda: (raw.heat_by_pump_mwh.sum(axis=0), heat()),
        **{f"seasonal_{name}_ratio": season(name) for name, _, _ in SEASONS},
        "useful_heat_kwh_per_m2": lambda: (heat() * KWH_PER_MWH, found("floor_area_m2")),
    }


def of_region(p: Projection) -> Recipes:
    """Metrics of the region only, [y]."""

    def factor(name: str) -> Callable[[], FloatArray]:
        return lambda: np.full(len(p.paths.years), p.factors[name])

    return {f"calibration_{name}_ratio": factor(name) for name in p.factors}


def _heat_pumps(p: Projection) -> FloatArray:
    """Electricity of heat pumps in buildings and networks, MWh [p, y]; the rest of heating is resistance."""
    used = p.energy["space_heating", "electricity"]
    raw = p.raw.energy["space_heating", "electricity"]
    part = np.divide(p.raw.pump_electricity_mwh, raw, out=np.zeros_like(raw), where=raw > 0)
    return np.asarray((used * part + p.energy["district_heating", "electricity"]).sum(axis=0))


def _tco2(p: Projection) -> FloatArray:
    factors = factors_tco2_per_gj(p.base.region)
    return np.asarray(sum(used * factors[c] for (_, c), used in p.used.items() if factors[c]))


def _replaced(p: Projection, found: Callable[[str], FloatArray]) -> FloatArray:
    counts_air = figures(p.base.region)["substitution_counts_air_source"].number() > 0
    return _parts(found, counts_air)


def _parts(found: Callable[[str], FloatArray], with_air: bool) -> FloatArray:
    names = [name for name, _, _ in SUBSTITUTES if with_air or name != "air"]
    return np.asarray(sum(found(f"renewable_substitution_{name}_tce") for name in names))


def _season(p: Projection, name: str) -> tuple[FloatArray, FloatArray]:
    """Useful heat or cooling, and electricity of the system that makes it, MWh [p, y]."""
    weighed = p.raw.by_one_system
    return weighed[name.partition("_")[0]].sum(axis=0), weighed[name].sum(axis=0)
