"""Metrics that buildings publish: one row each."""

from typing import Final

from services.common.words import Label, Metric


def _row(name: str, zh: str, en: str, unit: str, *policy_refs: str) -> Metric:
    return Metric(f"buildings.{name}", Label(zh, en), unit, policy_refs)


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
    _row("floor_area_m2", "民用建筑面积", "floor area of dwellings and public buildings", "m2"),
    _row("urban_residential_floor_area_m2", "城镇住宅面积", "floor area of urban dwellings", "m2"),
    _row("rural_residential_floor_area_m2", "农村住宅面积", "floor area of rural dwellings", "m2"),
    _row("public_floor_area_m2", "公共建筑面积", "floor area of public buildings", "m2"),
    _row("factory_floor_area_m2", "厂房面积", "floor area of factories", "m2"),
    _row("vacant_floor_area_m2", "空置面积", "floor area above demand", "m2"),
    _row(
        "completed_floor_area_m2",
        "竣工面积（含厂房）",
        "floor area completed in the year, factories included",
        "m2",
    ),
    _row("demolished_floor_area_m2", "拆除面积（含厂房）", "floor area demolished, factories included", "m2"),
    _row(
        "retrofit_area_m2",
        "既有建筑节能改造面积",
        "existing floor area retrofitted in the year",
        "m2",
        "JSP-24",
        "JSS-18",
    ),
    _row(
        "retrofit_area_since_2021_m2",
        "2021年以来累计节能改造面积",
        "floor area retrofitted since the start of 2021",
        "m2",
    ),
    _row(
        "new_urban_residential_75_share",
        "新建城镇居住建筑执行75%节能标准比例",
        "share of new urban residential floor area permitted to the 75 % standard or better",
        "share",
        "JSP-22",
        "NTP-16",
    ),
    _row(
        "saving_75_stock_share",
        "75%及以上节能标准存量占比",
        "share of civil floor area at the 75 % standard or better, as built",
        "share",
    ),
    _row(
        "two_star_new_government_public_share",
        "政府投资公共建筑二星级以上占比",
        "share of new government-invested public floor area at two stars or above",
        "share",
        "JSP-23",
        "NTP-19",
    ),
    _row(
        "green_building_new_share",
        "新建民用建筑绿色建筑占比",
        "share of new civil floor area to green-building standards",
        "share",
        "NTP-17",
    ),
    _row(
        "high_quality_green_building_area_m2",
        "高品质绿色建筑年新增面积",
        "high-quality green buildings completed in the year",
        "m2",
        "JSS-17",
        "NTP-18",
    ),
    _row(
        "prefabricated_new_starts_share",
        "装配式建筑占新开工面积比例",
        "prefabricated share of newly started floor area",
        "share",
        "JSP-25",
    ),
    _row(
        "renewable_substitution_share",
        "城镇建筑可再生能源替代率",
        "renewable energy replacing conventional energy in urban buildings (rooftop PV of buildings and solar heat)",
        "share",
        "JSP-27",
    ),
    _row(
        "rooftop_pv_coverage_new_public_factory_share",
        "新建公共机构建筑与厂房屋顶光伏覆盖率",
        "module over roof area of new public-institution buildings and factories",
        "share",
        "JSP-28",
    ),
    _row(
        "rooftop_pv_coverage_new_public_share",
        "新建公共机构屋顶光伏覆盖率",
        "module over roof area of new public institutions",
        "share",
    ),
    _row(
        "rooftop_pv_coverage_new_factory_share",
        "新建厂房屋顶光伏覆盖率",
        "module over roof area of new factories",
        "share",
    ),
    _row("rooftop_pv_capacity_mw", "分布式光伏装机", "distributed PV capacity, year end", "MW"),
    _row("rooftop_pv_new_roof_mw", "新建屋顶光伏", "PV on roofs completed after 2020", "MW"),
    _row("rooftop_pv_potential_mw", "屋顶光伏潜力", "PV that usable roofs can hold", "MW"),
    _row("rooftop_pv_generation_mwh", "分布式光伏发电量", "generation of distributed PV", "MWh"),
    _row("electricity_mwh", "建筑用电量", "electricity of buildings", "MWh"),
    _row("residential_electricity_mwh", "居民用电量", "electricity of dwellings", "MWh"),
    _row("public_electricity_mwh", "公共建筑用电量", "electricity of public buildings", "MWh"),
    _row(
        "urban_residential_electricity_booked_mwh",
        "城镇居民用电量（统计口径）",
        "urban residential electricity as statistics book it",
        "MWh",
    ),
    _row("cooling_electricity_mwh", "空调用电量", "electricity of cooling", "MWh"),
    _row("space_heating_electricity_mwh", "供暖用电量", "electricity of space heating", "MWh"),
    _row(
        "space_heating_heat_pump_electricity_mwh",
        "热泵供暖用电量",
        "electricity of heat pumps for space heating, networks included",
        "MWh",
    ),
    _row("district_heat_gj", "建筑外购热", "district heat bought by buildings", "GJ"),
    _row("final_energy_gj", "建筑终端能源消费", "final energy, electricity by calorific value", "GJ"),
    _row("electricity_share", "电能占建筑终端能源比重", "electricity share of final energy", "share"),
    _row("energy_tco2", "建筑直接排放", "direct energy CO2 of buildings", "t"),
    _row(
        "space_heating_heat_pump_share",
        "热泵供暖占比",
        "heat-pump share of useful space heat",
        "share",
    ),
    _row("useful_heat_kwh_per_m2", "单位面积供暖需求", "useful space heat per m2", "kWh/m2"),
    _row(
        "rural_biomass_gj",
        "农村生物质能（不计入终端）",
        "straw and wood of villages (beside the totals)",
        "GJ",
    ),
    *(
        _row(f"calibration_{name}_ratio", f"校准系数：{zh}", f"calibration factor: {en}", "ratio")
        for name, (zh, en) in CALIBRATED.items()
    ),
)
