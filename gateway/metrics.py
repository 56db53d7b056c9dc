"""Metrics of the accounts: ids, labels and the policy targets that they answer."""

from typing import Final

import numpy as np

from gateway.accounts import Accounts, intensity_fall
from gateway.cost.metrics import COST_AND_AIR_METRICS
from gateway.results import MetricSeries, PeakLoad
from services.common.arrays import FloatArray
from services.common.economy import gdp_2020_cny
from services.common.outcome import empty_place_values
from services.common.regions import Region
from services.common.words import Label, Metric

_MILLION: Final = 1e6

ACCOUNT_METRICS: Final[tuple[Metric, ...]] = (
    Metric(
        "account.territorial_tco2",
        Label("能源活动二氧化碳排放（本地）", "Energy-related CO2, territorial"),
        "tCO2",
        ("JSP-06", "JSS-01", "NTP-01", "JSD-01", "JXO-04"),
    ),
    Metric(
        "account.with_imported_power_tco2",
        Label("能源活动二氧化碳排放（含净调入电力）", "Energy-related CO2, with net imported power"),
        "tCO2",
    ),
    Metric("account.process_tco2", Label("工业过程二氧化碳排放", "Process CO2"), "tCO2"),
    Metric("account.sink_tco2", Label("林业碳汇", "Forest sink"), "tCO2"),
    Metric(
        "account.net_tco2",
        Label(
            "净排放（能源含调入电力＋工业过程－碳汇）",
            "Net CO2: energy with imported power, process, less sink",
        ),
        "tCO2",
        ("JSD-02", "JXO-06"),
    ),
    Metric(
        "account.primary_coal_equivalent_gj",
        Label("能源消费总量（发电煤耗法）", "Primary energy, coal-equivalent method"),
        "GJ",
    ),
    Metric(
        "account.primary_calorific_gj",
        Label("能源消费总量（电热当量法）", "Primary energy, calorific method"),
        "GJ",
    ),
    Metric("account.coal_gj", Label("煤炭消费量", "Coal consumption"), "GJ"),
    Metric("account.oil_gj", Label("石油消费量", "Oil consumption"), "GJ"),
    Metric("account.gas_gj", Label("天然气消费量", "Natural gas consumption"), "GJ"),
    Metric(
        "account.coal_share",
        Label("煤炭消费占能源消费比重", "Coal share of energy consumption"),
        "1",
        ("JSP-15", "NTP-07"),
    ),
    Metric(
        "account.non_fossil_share",
        Label("非化石能源消费比重（外来清洁电计半）", "Non-fossil share, half of imported clean power"),
        "1",
        ("JSP-02", "JSS-04", "JXO-01", "JXO-05"),
    ),
    Metric(
        "account.non_fossil_local_share",
        Label("非化石能源消费比重（仅本地）", "Non-fossil share, local only"),
        "1",
        ("JSP-02", "JSS-04"),
    ),
    Metric(
        "account.non_fossil_with_imports_share",
        Label("非化石能源消费比重（含外来清洁电）", "Non-fossil share, with imported clean power"),
        "1",
        ("JSP-02", "JSS-04"),
    ),
    Metric(
        "account.power_coal_share",
        Label("电煤占煤炭消费比重（不含供热）", "Coal for electricity over all coal, heat apart"),
        "1",
        ("JSS-03",),
    ),
    Metric(
        "account.co2_per_gdp_fall_since_2005_share",
        Label("单位GDP二氧化碳排放较2005年下降", "Fall of CO2 with imports per GDP since 2005"),
        "1",
        ("JSP-04",),
    ),
    Metric(
        "account.energy_per_gdp_fall_gross_share",
        Label("单位GDP能耗较2020年下降（全口径）", "Fall of energy per GDP since 2020, gross"),
        "1",
        ("JSP-01",),
    ),
    Metric(
        "account.energy_per_gdp_fall_net_new_renewables_share",
        Label(
            "单位GDP能耗较2020年下降（扣除原料用能和新增可再生）",
            "Fall of energy per GDP since 2020, less feedstock and new renewables",
        ),
        "1",
        ("JSP-01",),
    ),
    Metric(
        "account.energy_per_gdp_fall_net_non_fossil_share",
        Label(
            "单位GDP能耗较2020年下降（扣除原料用能和非化石）",
            "Fall of energy per GDP since 2020, less feedstock and all non-fossil",
        ),
        "1",
        ("JSP-01",),
    ),
    Metric(
        "account.electricity_of_final_energy_share",
        Label("电能占终端能源消费比重", "Electricity share of final energy"),
        "1",
    ),
    Metric(
        "account.co2_per_gdp_ratio",
        Label("单位GDP二氧化碳排放（2020年=1）", "CO2 with imports per GDP, 2020 = 1"),
        "ratio",
    ),
    Metric(
        "account.energy_per_gdp_ratio",
        Label("单位GDP能耗（2020年=1）", "Energy per GDP, 2020 = 1"),
        "ratio",
    ),
    Metric(
        "account.co2_per_gdp_tco2_per_million_cny",
        Label("单位GDP二氧化碳排放（含净调入电力，2020年价）", "CO2 with imports per GDP at prices of 2020"),
        "tCO2/10^6 CNY",
    ),
    Metric(
        "account.energy_per_gdp_coal_equivalent_gj_per_million_cny",
        Label(
            "单位GDP能耗（发电煤耗法，2020年价）", "Energy per GDP at prices of 2020, coal-equivalent method"
        ),
        "GJ/10^6 CNY",
    ),
    Metric(
        "account.energy_per_gdp_calorific_gj_per_million_cny",
        Label("单位GDP能耗（电热当量法，2020年价）", "Energy per GDP at prices of 2020, calorific method"),
        "GJ/10^6 CNY",
    ),
    Metric(
        "account.electricity_consumption_mwh",
        Label("全社会用电量", "Total electricity consumption"),
        "MWh",
    ),
    Metric(
        "account.electricity_tco2_per_mwh",
        Label("用电平均排放因子（含调入）", "Mean CO2 of electricity used, imports at origin"),
        "tCO2/MWh",
    ),
    Metric("account.peak_load_mw", Label("最高负荷", "Peak load"), "MW"),
)
METRICS: Final[tuple[Metric, ...]] = (*ACCOUNT_METRICS, *COST_AND_AIR_METRICS)


def account_metrics(
    region: Region, accounts: Accounts, peak_load: PeakLoad, only: frozenset[str] | None = None
) -> tuple[MetricSeries, ...]:
    """The metrics of ACCOUNT_METRICS over the accounts' years: every one, or those named in `only`."""
    account, primary = accounts.region, accounts.primary
    gdp_million_cny = gdp_2020_cny(region) / _MILLION * account.gdp_index
    gdp, total = account.gdp_index, primary.coal_equivalent_gj
    net_total = total - primary.feedstock_gj
    new_renewables = np.maximum(0.0, primary.renewable_local_gj - primary.renewable_local_gj[0])
    with_imports = account.territorial_tco2 + account.imported_power_tco2
    regional: dict[str, FloatArray] = {
        "with_imported_power_tco2": with_imports,
        "net_tco2": with_imports + account.process_tco2 - account.sink_tco2,
        "coal_gj": primary.coal_gj,
        "oil_gj": primary.oil_gj,
        "gas_gj": primary.gas_gj,
        "electricity_of_final_energy_share": np.divide(
            primary.final_electricity_gj,
            primary.final_gj,
            out=np.zeros_like(total),
            where=primary.final_gj > 0,
        ),
        "co2_per_gdp_ratio": 1 - intensity_fall(with_imports, gdp),
        "energy_per_gdp_ratio": 1 - intensity_fall(total, gdp),
        "energy_per_gdp_fall_gross_share": account.energy_per_gdp_fall_since_2020_share,
        "energy_per_gdp_fall_net_new_renewables_share": intensity_fall(net_total - new_renewables, gdp),
        "energy_per_gdp_fall_net_non_fossil_share": intensity_fall(
            net_total - primary.non_fossil_local_gj - primary.clean_import_gj, gdp
        ),
        "co2_per_gdp_tco2_per_million_cny": with_imports / gdp_million_cny,
        "energy_per_gdp_coal_equivalent_gj_per_million_cny": total / gdp_million_cny,
        "energy_per_gdp_calorific_gj_per_million_cny": primary.calorific_gj / gdp_million_cny,
        "peak_load_mw": peak_load.peak_load_mw,
    }
    places = {
        "territorial_tco2": accounts.place_territorial_tco2,
        "peak_load_mw": accounts.place_peak_load_mw,
        "coal_share": accounts.place_coal_share,
        "energy_per_gdp_ratio": accounts.place_energy_per_gdp_ratio,
        "co2_per_gdp_ratio": accounts.place_co2_per_gdp_ratio,
    }
    found = []
    for metric in ACCOUNT_METRICS:
        if only is not None and metric.metric_id not in only:
            continue
        name = metric.metric_id.partition(".")[2]
        values = regional[name] if name in regional else getattr(account, name)
        found.append(MetricSeries(metric, values, places.get(name, empty_place_values())))
    return tuple(found)
