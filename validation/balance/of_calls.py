"""Balances of what is asked beside a projection: cities, floor area, vehicles, the energy flow and the hours of a year."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from dafeng.client import Client
from dafeng.common.v1 import common_pb2
from dafeng.projection.v1 import projection_pb2
from services.common.arrays import FloatArray
from services.common.units import GJ_PER_MWH
from services.common.words import Label
from validation.balance.words import Balance

# Units whose city values are parts of the region's; a value per person or household is none.
ADDITIVE_UNITS = (
    "vehicles", "km", "tkm", "pkm", "trips", "TEU", "persons", "points",
    "MWh", "GJ", "tce", "t", "tCO2", "m2", "MW", "CNY",
)  # fmt: skip
PER_ONE = ("per_person", "household")
# Not parts of the region's value, each for the reason that the section tells.
NOT_PARTS = ("power.total_capacity_mw", "power.renewable_capacity_mw", "account.peak_load_mw")
_USERS = ("industry", "buildings", "transport")
_DELIVERED = ("oil_products", "heat", "hydrogen", "fuels")
_DAYS_A_CALL = 31  # as many as a call of the hours takes


def city_metrics(projection: projection_pb2.Projection) -> Mapping[str, tuple[FloatArray, FloatArray]]:
    """(sum of the cities, region) [year] by id of every metric that cities have and whose values add."""
    found = {}
    for m in projection.metrics:
        name = m.metric.metric_id
        if m.place_values and m.metric.unit in ADDITIVE_UNITS and not any(w in name for w in PER_ONE):
            cities = np.array(m.place_values).reshape(len(projection.places), -1)
            found[name] = cities.sum(axis=0), np.array(m.region_values)
    return found


def of_cities(projection: projection_pb2.Projection) -> Iterator[Balance]:
    """Every metric of the cities that adds up; the projection must hold the cities' values."""
    found = {name: sides for name, sides in city_metrics(projection).items() if name not in NOT_PARTS}
    left, right = (np.array([sides[k] for sides in found.values()]) for k in range(2))
    yield Balance(
        "cities_metrics",
        Label(
            f"{len(found)} 个可加指标：各市之和 = 全省",
            f"{len(found)} metrics that add up: sum of the cities = province",
        ),
        left,
        right,
        "",
        "sum over cities = province, every metric and year",
    )


def of_stock(client: Client, region: str, baseline: str) -> Iterator[Balance]:
    """Floor area by city: in and out, by vintage and by standard."""
    reply = client.project_stock(region, baseline)

    def own(values: Sequence[float]) -> FloatArray:
        return np.array(values).reshape(len(reply.places), -1)

    types = sorted({s.building_type for s in reply.segments})
    by_state = {t: sum(own(s.floor_area_m2) for s in reply.segments if s.building_type == t) for t in types}
    by_year = {t: sum(own(v.floor_area_m2) for v in reply.vintages if v.building_type == t) for t in types}
    area = np.sum(list(by_state.values()), axis=0)
    yield Balance(
        "floor_area_cities",
        Label(
            "各市建筑面积：上年 + 竣工 − 拆除 = 当年",
            "Floor area of every city: last year's + completed - demolished = this year's",
        ),
        area[:, :-1] + own(reply.completed_m2)[:, 1:] - own(reply.demolished_m2)[:, 1:],
        area[:, 1:],
        "m2",
        "stock and flow, every city and year",
    )
    yield Balance(
        "floor_area_vintages",
        Label(
            "各类建筑按竣工年代之和 = 按标准与改造之和",
            "Floor area by period of completion = by standard and retrofit, every type and city",
        ),
        np.array([by_year[t] for t in types]),
        np.array([by_state[t] for t in types]),
        "m2",
        "two partitions of the same stock",
    )


def of_fleet(client: Client, region: str, baseline: str) -> Iterator[Balance]:
    """Vehicles by city, class and powertrain: in and out, and by emission standard."""
    reply = client.project_region_fleet(region, baseline)

    def own(values: Sequence[float]) -> FloatArray:
        return np.array(values).reshape(len(reply.places), -1)

    stock, sold, scrapped = (
        np.array([own(getattr(s, name)) for s in reply.segments])
        for name in ("stock_count", "sales_count", "scrapped_count")
    )
    classes = [s.vehicle_class for s in reply.segments]
    held = sorted({s.vehicle_class for s in reply.standards})
    after = stock[..., :-1] + sold[..., 1:] - scrapped[..., 1:]
    yield Balance(
        "vehicles_cities",
        Label(
            "各市各车型与动力：上年保有量 + 销量 − 报废 = 当年保有量",
            "Vehicles of every city, class and powertrain: last year's + sold - scrapped = this year's",
        ),
        after,
        stock[..., 1:],
        "vehicles",
        "stock and flow, every city, class, powertrain and year",
    )
    yield Balance(
        "vehicles_standards",
        Label(
            "各车型按排放标准之和 = 按动力之和",
            "Vehicles by emission standard = by powertrain, every class and city",
        ),
        np.array([sum(own(s.stock_count) for s in reply.standards if s.vehicle_class == c) for c in held]),
        np.array([sum(x for x, of in zip(stock, classes, strict=True) if of == c) for c in held]),
        "vehicles",
        "two partitions of the same stock",
    )


def of_flow(client: Client, projection: projection_pb2.Projection) -> Iterator[Balance]:
    """The energy flow: every node, both ends, and what the users take beside the accounts."""
    frame, scenario = _asked(projection)
    reply = client.reports.energy_flow(frame, scenario, tuple(projection.years))
    links = {(k.from_node, k.to_node): np.array(k.energy_gj) for k in reply.links}
    column = {n.node_id: n.column for n in reply.nodes}
    zero = np.zeros(len(reply.years))

    def into(node: str) -> FloatArray:
        return sum((gj for (_, b), gj in links.items() if b == node), zero)

    def out_of(node: str) -> FloatArray:
        return sum((gj for (a, _), gj in links.items() if a == node), zero)

    inner = [n for n, c in column.items() if c in (1, 2)]
    yield Balance(
        "flow_nodes",
        Label(
            f"能流图 {len(inner)} 个中间节点：流入 = 流出",
            f"Energy flow, {len(inner)} inner nodes: what goes in comes out",
        ),
        np.array([into(n) for n in inner]),
        np.array([out_of(n) for n in inner]),
        "GJ",
        "conservation of energy at every node and year",
    )
    yield Balance(
        "flow_ends",
        Label("能流图：供给合计 = 使用与损失合计", "Energy flow: all supply = all use and losses"),
        np.sum([into(n) for n, c in column.items() if c == 3], axis=0),
        np.sum([out_of(n) for n, c in column.items() if c == 0], axis=0),
        "GJ",
        "conservation of energy over the whole flow, each year",
    )
    accounts = [
        sum((np.array(c.energy_gj) for c in s.carriers), zero)
        for s in projection.sectors
        if s.sector in _USERS
    ]
    delivered = [links.get((node, sector), zero) for node in _DELIVERED for sector in _USERS]
    bought = links.get(("heat_bought", "heat_supply"), zero)
    yield Balance(
        "flow_carriers",
        Label(
            "能流图中用户的燃料与热（含制热燃料）= 部门账户分品种能源之和",
            "Fuels and heat that users take in the flow, fuel for heat included = carriers in the sectors' accounts",
        ),
        np.sum(delivered, axis=0) + into("heat_supply") - bought,
        np.sum(accounts, axis=0),
        "GJ",
        "sum over carriers, two reports of the same year",
    )
    making = links.get(("generation", "heat"), zero) + links.get(("generation", "hydrogen"), zero)
    yield Balance(
        "flow_electricity",
        Label("能流图中的电力 = 全社会用电量", "Electricity in the flow = total consumption of the accounts"),
        out_of("electricity") + making,
        np.array(projection.account.electricity_consumption_mwh) * GJ_PER_MWH
        + np.array(projection.power.surplus_mwh) * GJ_PER_MWH,
        "GJ",
        "the flow's electricity = consumption and surplus, each year",
    )


def of_hours(client: Client, projection: projection_pb2.Projection, year: int) -> Iterator[Balance]:
    """All 8,760 hours of a year, summed, beside what the projection says of the year."""
    frame, scenario = _asked(projection)
    days = []
    for first in range(0, 365, _DAYS_A_CALL):
        asked = range(first, min(first + _DAYS_A_CALL, 365))
        days += client.reports.hours(frame, scenario, year, tuple(asked)).days
    assert [d.day for d in days] == list(range(365))
    y = list(projection.years).index(year)
    w = projection.power
    load = np.concatenate([d.load_mw for d in days])
    groups = tuple(days[0].groups)
    supply = np.concatenate([np.array(d.supply_mw).reshape(len(groups), 24) for d in days], axis=1)
    causes = np.concatenate(
        [np.array(d.load_by_cause_mw).reshape(len(d.causes), 24).sum(axis=0) for d in days]
    )
    by_year = {g: sum(t.energy_mwh[y] for t in w.technologies if t.group == g) for g in groups} | {
        "storage_discharge": sum(s.discharged_mwh[y] for s in w.stores),
        "storage_charge": -sum(s.charged_mwh[y] for s in w.stores),
        "unserved": w.unserved_mwh[y],
    }
    yield Balance(
        f"hours_{year}_load",
        Label(
            f"{year} 年 8760 小时负荷之和 = 年电量",
            f"Load of 8,760 hours of {year}, summed = the year's electricity",
        ),
        load.sum(keepdims=True),
        np.array([w.demand_mwh[y] + w.loss_mwh[y] + w.plant_own_use_mwh[y]]),
        "MWh",
        "sum over hours = demand + losses + own use",
    )
    yield Balance(
        f"hours_{year}_causes",
        Label(f"{year} 年逐小时各成因之和 = 负荷", f"Load of every hour of {year} by cause, summed = load"),
        causes,
        load,
        "MW",
        "sum over causes = load, 8,760 hours",
    )
    yield Balance(
        f"hours_{year}_supply",
        Label(
            f"{year} 年逐小时各电源之和 = 负荷", f"Supply of every hour of {year} by source, summed = load"
        ),
        supply.sum(axis=0),
        load,
        "MW",
        "sum over sources, stores and what is not served = load, 8,760 hours",
    )
    yield Balance(
        f"hours_{year}_sources",
        Label(
            f"{year} 年各类电源逐小时之和 = 年发电量",
            f"Hours of {year} by source, summed = the year's energy of each source",
        ),
        supply.sum(axis=1),  # in one row: a source that gives nothing is held against the largest
        np.array([by_year[g] for g in groups]),
        "MWh",
        "sum over hours = year, every source",
    )


def _asked(projection: projection_pb2.Projection) -> tuple[common_pb2.Frame, common_pb2.Scenario]:
    return common_pb2.Frame(region=projection.frame.region), common_pb2.Scenario(baseline=projection.baseline)
