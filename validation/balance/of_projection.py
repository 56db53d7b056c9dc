"""Balances within one projection."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from dafeng.projection.v1 import projection_pb2
from services.common.arrays import FloatArray
from services.common.words import Label
from validation.balance.words import Balance

# Groups of technologies whose capacity the age paths follow; the others by their own name.
_GROUPS = {"coal": "coal", "gas": "gas"}
_PLANTS = ("nuclear", "onshore_wind", "offshore_wind", "utility_pv")
_STORES = ("battery", "pumped_storage")


def balances(p: projection_pb2.Projection) -> Iterator[Balance]:
    """Electricity, CO2, cities, the peak load by cause, capacity and cost, over all years."""
    yield from _electricity(p)
    yield from _co2(p)
    yield from _cities(p)
    yield from _peak_load(p)
    yield from _capacity(p)
    yield from _stocks(p)


def _electricity(p: projection_pb2.Projection) -> Iterator[Balance]:
    w = p.power
    lost_in_stores = _sum(_a(s.charged_mwh) - _a(s.discharged_mwh) for s in w.stores)
    yield Balance(
        "electricity",
        Label(
            "发电、受入与未供电量 = 用电、网损、厂用、储能损耗与过剩电量",
            "Electricity: generated, received and not served = used, lost, own use, lost in stores, surplus",
        ),
        _sum(_a(t.energy_mwh) for t in w.technologies) + _a(w.unserved_mwh),
        _a(w.demand_mwh) + _a(w.loss_mwh) + _a(w.plant_own_use_mwh) + _a(w.surplus_mwh) + lost_in_stores,
        "MWh",
        "generation + imports + unserved = demand + losses + own use + surplus + charged - discharged, each year",
    )
    yield Balance(
        "electricity_hourly",
        Label(
            "全年各小时的供需平衡（最大相对不平衡）",
            "Electricity hour by hour: largest imbalance of any hour",
        ),
        _a(w.balance_residual_share),
        np.zeros(len(p.years)),
        "share",
        "supply of an hour = load of the hour; the residual is told by the dispatch for each year",
    )
    users = [s for s in p.sectors if s.sector != "power"]
    yield Balance(
        "electricity_users",
        Label(
            "各部门售电口径用电之和 = 电力部门的需求",
            "Electricity of the users, summed = demand that power meets",
        ),
        _sum(_a(s.electricity_mwh) for s in users),
        _a(w.demand_mwh),
        "MWh",
        "sum over sectors at the meter = demand",
    )
    called_off = _sum((_a(t.energy_mwh) for t in w.technologies if t.group == "other"), len(p.years))
    yield Balance(
        "electricity_consumption",
        Label(
            "各部门用电（含网损、厂用与储能损耗）减未供电与需求响应 = 全社会用电量",
            "Electricity of all sectors less what was not served or called off = total consumption",
        ),
        _sum(_a(s.electricity_mwh) for s in p.sectors) - _a(w.unserved_mwh) - called_off,
        _a(p.account.electricity_consumption_mwh),
        "MWh",
        "sum over sectors with power's own - unserved - load called off = total consumption",
    )


def _co2(p: projection_pb2.Projection) -> Iterator[Balance]:
    account, w = p.account, p.power
    direct = {s.sector: _a(s.direct_tco2) for s in p.sectors}
    yield Balance(
        "co2_sectors",
        Label("各部门直接排放之和 = 本地能源活动排放", "Direct CO2 of the sectors, summed = territorial CO2"),
        _sum(direct.values()),
        _a(account.territorial_tco2),
        "t",
        "sum over sectors = account",
    )
    yield Balance(
        "co2_attributed",
        Label(
            "按用途归属的排放之和 = 本地排放与外来电排放",
            "CO2 attributed by use of electricity and heat, summed = territorial CO2 with imported power",
        ),
        _sum(_a(s.attributed_tco2) for s in p.sectors),
        _a(account.territorial_tco2) + _a(account.imported_power_tco2),
        "t",
        "attribution loses nothing and counts nothing twice",
    )
    yield Balance(
        "co2_process",
        Label("各部门过程排放之和 = 账户过程排放", "Process CO2 of the sectors, summed = account"),
        _sum(_a(s.process_tco2) for s in p.sectors),
        _a(account.process_tco2),
        "t",
        "sum over sectors = account",
    )
    for place, own, whole in (
        ("local", False, direct["power"]),
        ("imported", True, _a(account.imported_power_tco2)),
    ):
        zh, en = ("外来电", "import lines") if own else ("本地机组", "plants in the region")
        yield Balance(
            f"co2_power_{place}",
            Label(f"{zh}逐项排放之和 = 账户", f"CO2 of {en}, summed = account"),
            _sum(_a(t.energy_tco2) for t in w.technologies if t.imported == own),
            whole,
            "t",
            "sum over technologies = account",
        )
    shown = [s for s in p.sectors if s.parts]
    yield Balance(
        "co2_parts",
        Label(
            "部门内各部分排放之和 = 部门直接排放", "Parts of every sector's direct CO2, summed = the sector"
        ),
        np.array([_sum(_a(x.direct_tco2) for x in s.parts) for s in shown]),
        np.array([direct[s.sector] for s in shown]),
        "t",
        "sum over uses or branches of a sector = the sector, every sector",
    )


def _cities(p: projection_pb2.Projection) -> Iterator[Balance]:
    by_city = np.array([_a(c.territorial_tco2) for c in p.cities])
    by_sector = np.array([_a(s.place_direct_tco2).reshape(by_city.shape) for s in p.sectors])
    yield Balance(
        "cities_co2",
        Label("各市排放之和 = 全省排放", "CO2 of the cities, summed = the province"),
        by_city.sum(axis=0),
        _a(p.account.territorial_tco2),
        "t",
        "sum over cities = province, each year",
    )
    yield Balance(
        "cities_co2_sectors",
        Label("每个部门各市之和 = 部门", "CO2 of the cities in each sector, summed = the sector"),
        by_sector.sum(axis=1),
        np.array([_a(s.direct_tco2) for s in p.sectors]),
        "t",
        "sum over cities = sector, every sector and year",
    )
    yield Balance(
        "cities_co2_own",
        Label("每个市各部门之和 = 该市", "CO2 of the sectors in each city, summed = the city"),
        by_sector.sum(axis=0),
        by_city,
        "t",
        "sum over sectors = city, every city and year",
    )
    yield Balance(
        "cities_electricity",
        Label(
            "各市用电之和 = 全省用电",
            "Electricity of the cities at the meter, summed = demand of the province",
        ),
        _sum(_a(c.electricity_mwh) for c in p.cities),
        _a(p.power.demand_mwh),
        "MWh",
        "sum over cities = province, each year",
    )


def _peak_load(p: projection_pb2.Projection) -> Iterator[Balance]:
    load = p.peak_load
    yield Balance(
        "peak_load_causes",
        Label("尖峰负荷按成因之和 = 尖峰负荷", "Peak load by cause, summed = peak load"),
        _a(load.by_cause_mw).reshape(len(load.causes), -1).sum(axis=0),
        _a(load.peak_load_mw),
        "MW",
        "sum over causes = load of the highest hour, each year",
    )
    days = p.power.peak_days
    whole = np.array([d.load_mw for d in days])
    for what, zh, en in (
        ("load_by_cause_mw", "按成因", "by cause"),
        ("supply_mw", "按电源（含储能与缺口）", "by source, with stores and what is not served"),
    ):
        yield Balance(
            f"peak_days_{'causes' if 'cause' in what else 'supply'}",
            Label(
                f"冬夏尖峰日逐小时{zh}之和 = 负荷",
                f"Days of both peak loads {en}, hour by hour, summed = load",
            ),
            np.array([_a(getattr(d, what)).reshape(-1, 24).sum(axis=0) for d in days]),
            whole,
            "MW",
            "sums over causes and over sources = load, 24 hours of two days of every year",
        )


def _capacity(p: projection_pb2.Projection) -> Iterator[Balance]:
    values = {m.metric.metric_id: _a(m.region_values) for m in p.metrics}
    by_group = {
        name: [_a(t.capacity_mw) for t in p.power.technologies if t.group == group]
        for name, group in _GROUPS.items()
    }
    plants = {t.technology: [_a(t.capacity_mw)] for t in p.power.technologies if t.technology in _PLANTS}
    stores = {s.store_id: [_a(s.power_mw)] for s in p.power.stores if s.store_id in _STORES}
    held = {n: np.sum(parts, axis=0) for n, parts in (by_group | plants | stores).items() if parts}
    change = [values[f"power.{n}_addition_mw"] - values[f"power.{n}_retirement_mw"] for n in held]
    capacity = np.array(list(held.values()))
    yield Balance(
        "capacity",
        Label(
            f"{len(held)} 类机组与储能：上年装机 + 新增 − 退役 = 当年装机",
            f"Capacity of {len(held)} kinds of plants and stores: last year's + built - retired = this year's",
        ),
        capacity[:, :-1] + np.array(change)[:, 1:],
        capacity[:, 1:],
        "MW",
        "stock and flow, every kind and year: " + ", ".join(held),
        in_mw=True,
    )
    cost = p.power.system_cost
    parts = [f.name for f in cost.DESCRIPTOR.fields if f.name != "total_cny"]
    yield Balance(
        "power_cost",
        Label("电力系统成本各项之和 = 总成本", "Cost of the power system by component, summed = total"),
        _sum(_a(getattr(cost, name)) for name in parts),
        _a(cost.total_cny),
        "CNY",
        "sum over components = total, each year",
    )


def _stocks(p: projection_pb2.Projection) -> Iterator[Balance]:
    """Stocks as the published metrics tell them: what is there each year, what comes and what goes."""
    values = {m.metric.metric_id: _a(m.region_values) for m in p.metrics}
    civil, factories = values["buildings.floor_area_m2"], values["buildings.factory_floor_area_m2"]
    vehicles = ("vehicle_stock_count", "vehicle_sales_count", "vehicle_scrapped_count")
    stock, sold, scrapped = (values[f"transport.{name}"] for name in vehicles)
    completed, demolished = (values[f"buildings.{n}_floor_area_m2"] for n in ("completed", "demolished"))
    for balance_id, zh, en, unit, (held, added, gone) in (
        (
            "vehicles",
            "民用汽车：上年保有量 + 销量 − 报废 = 当年保有量",
            "Automobiles: last year's stock + sold - scrapped = this year's",
            "vehicles",
            (stock, sold, scrapped),
        ),
        (
            "floor_area",
            "建筑面积（含厂房）：上年 + 竣工 − 拆除 = 当年",
            "Floor area with factories: last year's + completed - demolished = this year's",
            "m2",
            (civil + factories, completed, demolished),
        ),
    ):
        yield Balance(
            balance_id,
            Label(zh, en),
            held[:-1] + added[1:] - gone[1:],
            held[1:],
            unit,
            "stock and flow, as published, each year",
        )
    by_standard = [v for name, v in values.items() if name.startswith("buildings.stock_")]
    yield Balance(
        "floor_area_standards",
        Label(
            "民用建筑面积按节能标准与改造之和 = 民用建筑面积",
            "Civil floor area by energy standard and retrofit, summed = civil floor area",
        ),
        _sum(by_standard),
        civil,
        "m2",
        "sum over standards = civil floor area, each year",
    )


def _a(values: Sequence[float]) -> FloatArray:
    return np.array(values, dtype=float)


def _sum(arrays: Iterable[FloatArray], years: int = 0) -> FloatArray:
    """Sum of arrays over the years; with `years`, zeros when there is none."""
    found = list(arrays)
    return np.sum(found, axis=0) if found else np.zeros(years)
