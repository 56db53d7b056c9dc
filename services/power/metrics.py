"""Metrics that power publishes: one row each. Capacities of plants with city data have city values too."""

from typing import Final

from services.common.words import Label, Metric


def _row(name: str, zh: str, en: str, unit: str, *policy_refs: str) -> Metric:
    return Metric(f"power.{name}", Label(zh, en), unit, policy_refs)


CALIBRATED: Final = {
    "coal_fuel": ("发电用煤", "coal burned for electricity"),
    "gas_fuel": ("发电用气", "gas burned for electricity"),
    "gas_must_run": ("气电保热出力", "heat-led output of gas plants"),
    "nuclear": ("核电利用小时", "nuclear output"),
    "wind": ("风电利用小时", "wind output"),
    "utility_pv": ("集中式光伏利用小时", "utility PV output"),
    "imports": ("净调入电量", "net imports"),
    "own_use": ("厂用电", "own use of plants"),
}

_CREDITED: Final = {
    "wind": ("风电", "wind"),
    "pv": ("光伏（含分布式）", "PV with rooftops"),
    "battery": ("新型储能（电化学）", "batteries"),
    "pumped_storage": ("抽水蓄能", "pumped hydro"),
}

AGED: Final = {
    "coal": ("煤电", "coal"),
    "gas": ("气电", "gas"),
    "nuclear": ("核电", "nuclear"),
    "onshore_wind": ("陆上风电", "onshore wind"),
    "offshore_wind": ("海上风电", "offshore wind"),
    "utility_pv": ("集中式光伏", "utility-scale PV"),
    "battery": ("新型储能（电化学）", "battery"),
    "pumped_storage": ("抽水蓄能", "pumped hydro"),
}

# What capacity paths mean: building and closing from 2021 on, and capacities by city.
PATHS: Final[tuple[Metric, ...]] = (
    *(
        _row(
            f"{name}_addition_mw",
            f"{zh}年新增装机（含到龄更新）",
            f"{en} capacity built in the year, replacement of old plants included",
            "MW",
        )
        for name, (zh, en) in AGED.items()
    ),
    *(
        _row(
            f"{name}_retirement_mw",
            f"{zh}年退役装机（到龄及提前关停）",
            f"{en} capacity retired in the year, at the end of life or before",
            "MW",
        )
        for name, (zh, en) in AGED.items()
    ),
    _row("utility_pv_capacity_mw", "集中式光伏装机", "utility-scale PV capacity at year end", "MW"),
    _row("pumped_storage_capacity_mw", "抽水蓄能装机", "pumped-hydro capacity at year end", "MW"),
)

METRICS: Final[tuple[Metric, ...]] = (
    *PATHS,
    _row(
        "renewable_capacity_mw",
        "可再生能源装机（风、光、生物质、水）",
        "wind, PV, biomass and hydro capacity at year end",
        "MW",
        "JSP-05",
    ),
    _row(
        "new_channel_renewable_share",
        "新增跨省通道可再生电量占比",
        "renewable share of energy on lines commissioned after 2021",
        "share",
        "JSP-10",
    ),
    _row("pv_capacity_mw", "光伏装机（含分布式）", "PV capacity with rooftops at year end", "MW", "JSP-11"),
    _row("wind_capacity_mw", "风电装机", "wind capacity at year end", "MW", "JSP-12"),
    _row("nuclear_capacity_mw", "核电装机", "nuclear capacity at year end", "MW", "JSP-13"),
    _row(
        "biomass_capacity_mw",
        "生物质及垃圾发电装机",
        "biomass and waste capacity at year end",
        "MW",
        "JSP-14",
    ),
    _row(
        "coal_capacity_share",
        "煤电装机占比",
        "coal share of installed capacity at year end",
        "share",
        "JSP-16",
    ),
    _row(
        "net_coal_rate_kgce_per_mwh",
        "供电煤耗（统计口径）",
        "net coal rate in the scope of the official statistic: class rates at the load dispatched, heat credited",
        "kgce/MWh",
        "JSP-17",
    ),
    _row("new_storage_energy_mwh", "新型储能容量", "new-type storage energy at year end", "MWh", "JSP-18"),
    _row("new_storage_power_mw", "新型储能功率", "new-type storage power at year end", "MW", "JSP-18"),
    _row(
        "net_coal_rate_on_balance_kgce_per_mwh",
        "供电煤耗（平衡表口径）",
        "net coal rate with the coal of the energy balance",
        "kgce/MWh",
    ),
    _row("coal_capacity_mw", "煤电装机", "coal capacity at year end", "MW"),
    _row("gas_capacity_mw", "气电装机", "gas capacity at year end", "MW"),
    _row(
        "total_capacity_mw",
        "发电装机合计（含抽蓄）",
        "generating capacity with pumped hydro at year end",
        "MW",
    ),
    _row(
        "renewable_capacity_share",
        "可再生能源装机占比",
        "renewable share of installed capacity at year end",
        "share",
    ),
    _row("generation_mwh", "本地发电量（毛）", "gross generation in the region without stores", "MWh"),
    _row("net_import_mwh", "净调入电量", "net imports", "MWh"),
    _row("import_share", "净调入占比", "net imports over generation and imports", "share"),
    _row("wind_and_pv_share", "风光电量占比", "wind and PV over generation and imports", "share"),
    _row(
        "non_fossil_share",
        "非化石电量占比（本地发电）",
        "non-fossil share of generation in the region",
        "share",
    ),
    _row("curtailment_share", "弃风弃光率", "wind and PV not taken over what was available", "share"),
    _row("coal_full_load_hours", "煤电利用小时", "full-load hours of coal at mean capacity", "h"),
    _row("coal_start_cost_cny", "煤电启停费用", "cost of coal starts", "CNY"),
    _row("demand_response_mw", "可中断负荷能力", "interruptible industrial load that can be called", "MW"),
    _row("unserved_hours_count", "缺电小时数", "hours with load not served", "h"),
    _row("zero_price_hours_count", "零价小时数", "hours at price zero", "h"),
    _row("firm_capacity_mw", "可靠容量", "firm capacity of plants, lines and stores", "MW"),
    _row("moved_load_mwh", "移峰电量", "flexible load moved against its own shape", "MWh"),
    _row(
        "generation_tco2_per_mwh",
        "本地发电排放因子",
        "CO2 per gross MWh generated in the region",
        "t/MWh",
    ),
    _row("import_tco2_per_mwh", "区外来电排放因子", "CO2 per MWh imported, at the origin", "t/MWh"),
    _row("lole_hours", "缺电时间期望（LOLE）", "loss-of-load expectation with forced outages", "h"),
    _row("eens_mwh", "期望缺供电量（EENS）", "expected energy not served with forced outages", "MWh"),
    _row(
        "capacity_lacking_mw",
        "达到缺电时间标准所缺可靠容量",
        "perfectly firm capacity lacking to the standard of loss of load",
        "MW",
    ),
    *(
        _row(
            f"capacity_credit_{name}_share",
            f"容量置信度（有效载荷能力，逢五逢十年及末年计算，其余年份插值）：{zh}",
            f"capacity credit (ELCC over capacity; calculated every fifth year and the last, else interpolated): {en}",
            "share",
        )
        for name, (zh, en) in _CREDITED.items()
    ),
    # Costs, air pollutants and factors of CO2.
    _row(
        "grid_factor_tco2_per_mwh",
        "省级电力平均排放因子（官方方法）",
        "provincial grid factor by the official method: imports at the factor of the sending grid",
        "t/MWh",
    ),
    _row(
        "grid_factor_official_scope_tco2_per_mwh",
        "省级电力平均排放因子（官方方法与统计口径）",
        "the same with power-plant coal and the carbon of steel gases counted at the plant",
        "t/MWh",
    ),
    _row(
        "consumption_tco2_per_mwh",
        "用电排放因子（来电按送端机组）",
        "consumption-based factor: imports at their origin, over generation and imports",
        "t/MWh",
    ),
    _row(
        "marginal_tco2_per_mwh",
        "边际排放因子（短期，负荷加权）",
        "short-run marginal factor, load-weighted mean",
        "t/MWh",
    ),
    _row("so2_t", "电力二氧化硫排放", "sulphur dioxide of plants in the region", "t"),
    _row("nox_t", "电力氮氧化物排放", "nitrogen oxides of plants in the region", "t"),
    _row("pm_t", "电力烟尘排放", "particulate matter of plants in the region", "t"),
    _row("coal_generation_share", "煤电发电量占比", "coal share of generation in the region", "share"),
    _row(
        "renewable_generation_share",
        "可再生能源发电量占比",
        "renewable share of generation in the region",
        "share",
    ),
    _row(
        "non_fossil_capacity_share",
        "非化石能源装机占比",
        "non-fossil share of installed capacity at year end",
        "share",
    ),
    _row("system_cost_cny", "电力系统总成本", "system cost with investment, carbon and unserved load", "CNY"),
    _row(
        "system_cost_cny_per_mwh",
        "度电系统成本",
        "system cost per MWh delivered at the meter",
        "CNY/MWh",
    ),
    *(
        _row(f"calibration_{name}_ratio", f"校准系数：{zh}", f"calibration factor: {en}", "ratio")
        for name, (zh, en) in CALIBRATED.items()
    ),
)
