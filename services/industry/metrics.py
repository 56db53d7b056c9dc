"""Metrics that industry publishes: one row each."""

from typing import Final

from services.common.words import Label, Metric


def _row(name: str, zh: str, en: str, unit: str, *policy_refs: str) -> Metric:
    return Metric(f"industry.{name}", Label(zh, en), unit, policy_refs)


CALIBRATED: Final = {
    "steel_hot_metal": ("生铁产量", "hot metal"),
    "steel_coke": ("炼铁焦炭", "coke of ironmaking"),
    "steel_coal": ("炼铁用煤", "coal of ironmaking"),
    "steel_converter_electricity": ("长流程用电", "electricity of converter steel"),
    "steel_furnace_electricity": ("短流程用电", "electricity of furnace steel"),
    "steel_furnace_gas": ("短流程用气", "gas of furnace steel"),
    "steel_furnace_carbon": ("电炉配碳", "charge carbon of furnaces"),
    "cement_kiln_fuel": ("水泥窑燃料", "fuel of cement kilns"),
    "cement_electricity": ("水泥用电", "electricity of cement"),
    "coking": ("炼焦直接排放", "direct CO2 of coking"),
    "heat_supply": ("供热量", "heat supplied"),
    "industry_electricity": ("工业用电量", "electricity of industry"),
}

MEASURES: Final = {
    "efficiency": ("节能", "efficiency"),
    "scrap_steel": ("废钢炼钢", "scrap in furnaces and converters"),
    "electrification": ("电气化", "electrification of heat"),
    "coal_to_gas": ("煤改气", "coal to gas"),
    "hydrogen_iron": ("氢冶金", "hydrogen ironmaking"),
    "ccus": ("碳捕集利用与封存", "carbon capture"),
    "low_carbon_heat": ("低碳供热", "low-carbon heat"),
    "data_centre_efficiency": ("数据中心能效", "efficient data centres"),
}

METRICS: Final[tuple[Metric, ...]] = (
    _row("gdp_index", "地区生产总值指数（2020年=1）", "real GDP index (2020 = 1)", "1"),
    _row("gdp_cny", "地区生产总值（2020年价）", "GDP at prices of 2020", "CNY"),
    _row("population_count", "常住人口", "resident population", "persons"),
    _row("crude_steel_t", "粗钢产量", "crude steel output", "t"),
    _row(
        "steel_short_process_share",
        "短流程炼钢占比",
        "electric-furnace share of crude steel",
        "share",
        "JSS-07",
        "JSS-08",
    ),
    _row("hot_metal_t", "铁水产量", "hot metal", "t"),
    _row("steel_scrap_need_t", "废钢需求", "scrap needed for steel", "t"),
    _row("cement_t", "水泥产量", "cement output", "t"),
    _row("clinker_t", "本地熟料产量", "clinker made in the region", "t"),
    _row(
        "cement_process_by_cement_tco2",
        "水泥过程排放（按水泥）",
        "process CO2 of cement, by cement output (in the totals)",
        "t",
    ),
    _row(
        "cement_process_by_clinker_tco2",
        "水泥过程排放（按本地熟料）",
        "process CO2 of cement, by clinker made in the region (beside the totals)",
        "t",
    ),
    _row(
        "ammonia_process_tco2",
        "合成氨原料排放（不计入总量）",
        "CO2 of ammonia feed coal (beside the totals)",
        "t",
    ),
    _row("captured_tco2", "捕集的二氧化碳", "CO2 captured in steel and cement", "t"),
    _row("energy_tco2", "工业及其他能源排放", "direct energy CO2, heat supply and coking included", "t"),
    _row("cement_alternative_fuel_gj", "水泥窑替代燃料", "alternative fuel of cement kilns", "GJ"),
    _row("heat_used_gj", "供热使用量", "heat bought by industry and buildings", "GJ"),
    _row("low_carbon_heat_gj", "低碳供热量", "low-carbon heat", "GJ"),
    _row("low_carbon_heat_share", "低碳供热占比", "low-carbon share of heat", "share"),
    _row(
        "industrial_electricity_mwh",
        "工业用电量（不含线损与厂用电）",
        "electricity of industry without line losses and plant own use",
        "MWh",
    ),
    _row("electricity_mwh", "工业、建筑业、农业与数据中心用电量", "electricity of the whole sector", "MWh"),
    _row(
        "final_energy_gj",
        "终端能源消费",
        "final energy without feedstock, electricity by calorific value",
        "GJ",
    ),
    _row("electricity_share", "电能占终端能源比重", "electricity share of final energy", "share"),
    _row("feedstock_gj", "原料用能", "energy used as feedstock", "GJ"),
    _row(
        "primary_coal_gj",
        "煤炭消费（含供热、炼焦、原料、洗选损失）",
        "coal for final use, heat, coking, feedstock and washing losses",
        "GJ",
    ),
    _row("primary_coke_net_inflow_gj", "焦炭净调入", "coke used less coke made in the region", "GJ"),
    _row(
        "primary_oil_gj",
        "油品消费（含原料、沥青、炼油损失）",
        "oil with feedstock, bitumen, refining loss",
        "GJ",
    ),
    _row("primary_natural_gas_gj", "天然气消费（含供热、原料）", "natural gas with heat and feedstock", "GJ"),
    _row("byproduct_gas_to_power_gj", "供发电的副产煤气", "by-product gas left over for power plants", "GJ"),
    _row("interruptible_potential_mw", "可中断负荷技术潜力", "technical interruptible potential", "MW"),
    _row("shiftable_potential_mw", "可转移负荷技术潜力", "technical shiftable potential", "MW"),
    _row("forest_sink_tco2", "林木碳汇（不抵扣）", "CO2 taken up by standing timber (never netted)", "t"),
    _row("standing_timber_m3", "活立木蓄积量", "standing timber", "m3", "JXO-02", "JXO-03"),
    *(
        _row(f"calibration_{name}_ratio", f"校准系数：{zh}", f"calibration factor: {en}", "ratio")
        for name, (zh, en) in CALIBRATED.items()
    ),
    _row(
        "system_cost_cny",
        "工业系统成本（不含用电、原料、税和碳价）",
        "system cost of industry without electricity, materials, taxes and carbon price: measures and fuel",
        "CNY",
    ),
    _row("measure_cost_cny", "工业减排措施成本", "cost of measures without fuel and electricity", "CNY"),
    *(
        _row(f"{name}_cost_cny", f"{zh}成本（不含能源）", f"cost of {en} without fuel and electricity", "CNY")
        for name, (zh, en) in MEASURES.items()
    ),
    _row("fuel_cost_cny", "工业燃料成本", "fuel of industry and heat supply at resource cost", "CNY"),
    _row("so2_t", "工业及其他用能二氧化硫排放（仅燃烧）", "SO2 of fuels burned, processes left out", "t"),
    _row("nox_t", "工业及其他用能氮氧化物排放（仅燃烧）", "NOx of fuels burned, processes left out", "t"),
    _row("pm25_t", "工业及其他用能细颗粒物排放（仅燃烧）", "PM2.5 of fuels burned, processes left out", "t"),
    _row("voc_t", "工业及其他用能挥发性有机物排放（仅燃烧）", "VOC of fuels burned, processes left out", "t"),
)
