"""Metrics of the fleet: rows, and their values from a projection."""

from collections.abc import Callable
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.words import Metric
from services.transport.base import BEV, CNG, DIESEL, FCEV, GASOLINE, HEV, LNG, PHEV
from services.transport.emissions.standards import STANDARDS
from services.transport.fleet.sums import CLEAN
from services.transport.indicators.project import Part, Projection, ShareMakers, SumMakers, Sums
from services.transport.indicators.rows import row

CLASS_LABELS: Final = {
    "private_car": ("小微型客车", "private and company cars"),
    "taxi": ("巡游出租车", "taxis"),
    "ride_hailing": ("网约车", "ride-hailing cars"),
    "urban_bus": ("公共汽电车", "urban buses"),
    "coach": ("公路客车", "coaches"),
    "light_truck": ("轻微型货车", "light trucks"),
    "medium_truck": ("中型货车", "medium trucks"),
    "heavy_truck": ("重型货车", "heavy trucks"),
    "special_vehicle": ("专项作业车", "special vehicles"),
    "motorcycle": ("摩托车", "motorcycles"),
}

# Powertrains as charts show them, over the classes that count as automobiles: no motorcycles, no electric bicycles.
POWERTRAIN_GROUPS: Final = (
    ("gasoline", (GASOLINE,), "汽油", "on petrol"),
    ("diesel", (DIESEL,), "柴油", "on diesel"),
    ("gas", (CNG, LNG), "天然气", "on natural gas"),
    ("hybrid", (HEV,), "普通混合动力", "hybrid without plug"),
    ("plug_in_hybrid", (PHEV,), "插电式混合动力", "plug-in hybrid"),
    ("battery", (BEV,), "纯电动", "battery electric"),
    ("fuel_cell", (FCEV,), "燃料电池", "fuel cell"),
)

DIESEL_TRUCKS: Final = (
    ("iii_older", "国三及以下", "China III and older"),
    ("iv", "国四", "China IV"),
    ("v", "国五", "China V"),
    ("vi", "国六", "China VI"),
)

METRICS: Final[tuple[Metric, ...]] = (
    row("vehicle_stock_count", "汽车保有量", "automobiles", "vehicles"),
    row("private_vehicle_stock_count", "私人汽车保有量", "private vehicles", "vehicles"),
    row("nev_stock_count", "新能源汽车保有量", "new-energy automobiles", "vehicles"),
    row("vehicle_sales_count", "汽车新车销量", "automobiles sold in the year", "vehicles"),
    row("nev_sales_count", "新能源汽车销量", "new-energy automobiles sold in the year", "vehicles"),
    row("vehicle_scrapped_count", "汽车报废量", "automobiles scrapped in the year", "vehicles"),
    row("stock_above_target_count", "高于目标的保有量", "automobiles above the stock wanted", "vehicles"),
    row("nev_sales_share", "新能源汽车销量占比", "new-energy share of sales", "share", "JSP-32", "JSS-14"),
    row(
        "clean_sales_share",
        "新能源和清洁能源汽车销量占比",
        "new-energy and clean (gas, hydrogen) share of automobiles sold",
        "share",
    ),
    *(
        row(
            f"{name}_stock_count",
            f"{zh}汽车保有量",
            f"automobiles {en}, motorcycles and electric bicycles apart",
            "vehicles",
        )
        for name, _, zh, en in POWERTRAIN_GROUPS
    ),
    row("nev_stock_share", "新能源汽车保有量占比", "new-energy share of automobiles", "share"),
    *(
        row(f"{name}_stock_count", f"{zh}保有量", f"{en}: stock", "vehicles")
        for name, (zh, en) in CLASS_LABELS.items()
    ),
    *(
        row(f"{name}_nev_stock_share", f"{zh}新能源占比", f"{en}: new-energy share of stock", "share")
        for name, (zh, en) in CLASS_LABELS.items()
    ),
    row(
        "new_bus_clean_share",
        "新增和更新公交车新能源和清洁能源占比",
        "new-energy and clean share of buses added or replaced",
        "share",
        "JSS-15",
    ),
    row(
        "china3_diesel_truck_ratio",
        "国三及以下柴油货车保有量与2020年之比",
        "China III and older diesel trucks over those of 2020",
        "ratio",
        "JSS-13",
    ),
    row(
        "china3_diesel_truck_share",
        "国三及以下柴油货车占比",
        "China III and older diesel trucks in all trucks",
        "share",
        "JSS-13",
    ),
    *(
        row(
            f"diesel_truck_{standard}_count",
            f"{zh}柴油货车保有量",
            f"diesel trucks of {en}",
            "vehicles",
            *(("JSS-13",) if standard == "iii_older" else ()),
        )
        for standard, zh, en in DIESEL_TRUCKS
    ),
    row("early_retired_count", "提前淘汰车辆数", "automobiles retired early by programmes", "vehicles"),
    row("e_bike_stock_count", "电动自行车保有量", "electric bicycles", "vehicles"),
    row(
        "e_bike_electricity_mwh",
        "电动自行车用电(已含在居民和公建用电中)",
        "electricity of electric bicycles, inside what buildings account for and no part of transport's",
        "MWh",
    ),
    row("car_km", "小微型客车行驶里程", "distance of private and company cars", "km"),
)


def _automobiles(values: FloatArray, p: Projection) -> FloatArray:
    """Sum of [c, p, y] over the classes that count as automobiles."""
    total: FloatArray = values[list(p.base.automobile)].sum(axis=0)
    return total


def _by_powertrain(p: Projection) -> FloatArray:
    """Automobiles by powertrain, [k, p, y]."""
    standing = p.activity.fleet.totals.standing
    return np.asarray(np.add.reduce([standing[:, c] for c in p.base.automobile]).transpose(1, 0, 2))


def _driven_by(powertrains: tuple[int, ...]) -> Callable[[Projection], FloatArray]:
    return lambda p: np.asarray(p.once(_by_powertrain)[list(powertrains)].sum(axis=0))


def _private(values: FloatArray, p: Projection) -> FloatArray:
    return np.asarray(values[p.base.position("private_car")])


def _above_target(p: Projection) -> FloatArray:
    fleet = p.activity.fleet
    return _automobiles(np.maximum(fleet.totals.stock - fleet.target.transpose(1, 0, 2), 0.0), p)


def _of_class(name: str) -> Callable[[Projection], FloatArray]:
    return lambda p: np.asarray(p.activity.fleet.totals.stock[p.base.position(name)])


def _diesel_trucks(p: Projection) -> FloatArray:
    """Diesel trucks by emission standard, [s, p, y]; a model year in which it changed is split by its days."""
    stock = p.activity.fleet.diesel_standard_stock
    return np.asarray(np.add.reduce([stock[:, :, c] for c in p.base.commercial_truck]))


def _of_standard(standard: str) -> Callable[[Projection], FloatArray]:
    at = STANDARDS.index(standard)
    return lambda p: np.asarray(p.once(_diesel_trucks)[at])


def _diesel_trucks_iii_older(p: Projection) -> FloatArray:
    total: FloatArray = p.once(_diesel_trucks)[: STANDARDS.index("IV")].sum(axis=0)
    return total


SUMS: Final[SumMakers] = {
    "vehicle_stock_count": lambda p: _automobiles(p.activity.fleet.totals.stock, p),
    "private_vehicle_stock_count": lambda p: (
        _private(p.activity.fleet.totals.stock, p) / p.base.private_ratio
    ),
    "nev_stock_count": lambda p: _automobiles(p.activity.fleet.totals.new_energy_stock, p),
    "vehicle_sales_count": lambda p: _automobiles(p.activity.fleet.totals.sales, p),
    "nev_sales_count": lambda p: _automobiles(p.activity.fleet.totals.new_energy_sales, p),
    "vehicle_scrapped_count": lambda p: _automobiles(p.activity.fleet.totals.scrapped, p),
    "stock_above_target_count": _above_target,
    "car_km": lambda p: _private(p.activity.fleet.totals.km, p),
    "early_retired_count": lambda p: _automobiles(p.activity.fleet.totals.retired, p),
    "e_bike_stock_count": lambda p: p.activity.fleet.e_bike_stock,
    "e_bike_electricity_mwh": lambda p: p.activity.fleet.e_bike_mwh,
    **{f"{name}_stock_count": _of_class(name) for name in CLASS_LABELS},
    **{f"{name}_stock_count": _driven_by(k) for name, k, _, _ in POWERTRAIN_GROUPS},
    **{f"diesel_truck_{s.lower()}_count": _of_standard(s) for s in ("IV", "V", "VI")},
    "diesel_truck_iii_older_count": _diesel_trucks_iii_older,
}

OF_STANDARDS: Final = tuple(f"diesel_truck_{standard}_count" for standard, _, _ in DIESEL_TRUCKS)


def _old_trucks(p: Projection) -> FloatArray:
    """Diesel trucks of China III and older by model year, [p, y]."""
    total: FloatArray = p.activity.fleet.old_stock[:, list(p.base.commercial_truck), DIESEL].sum(axis=1)
    return total


def _old_trucks_over_2020(p: Projection, sums: Sums) -> Part:
    old = p.once(_old_trucks)
    return old, np.broadcast_to(old[:, :1], old.shape)


def _old_trucks_in_all(p: Projection, sums: Sums) -> Part:
    return p.once(_old_trucks), p.activity.fleet.totals.stock[list(p.base.commercial_truck)].sum(axis=0)


def _clean_buses(p: Projection, sums: Sums) -> Part:
    """Clean buses sold and all sold; in a year without sales, what would be bought at the stock's weights."""
    bus = p.base.position("urban_bus")
    fleet = p.activity.fleet
    clean = fleet.share[:, bus][:, list(CLEAN)].sum(axis=1)
    sold = fleet.totals.sales[bus]
    weight = np.where(sold > 0, sold, 1.0)
    return clean * weight, weight


def _new_energy_in(name: str) -> Callable[[Projection, Sums], Part]:
    def part(p: Projection, sums: Sums) -> Part:
        own = p.activity.fleet.totals.new_energy_stock[p.base.position(name)]
        return own, sums[f"{name}_stock_count"]

    return part


SHARES: Final[ShareMakers] = {
    "nev_sales_share": lambda p, sums: (sums["nev_sales_count"], sums["vehicle_sales_count"]),
    "clean_sales_share": lambda p, sums: (
        _automobiles(p.activity.fleet.totals.clean_sales, p),
        sums["vehicle_sales_count"],
    ),
    "nev_stock_share": lambda p, sums: (sums["nev_stock_count"], sums["vehicle_stock_count"]),
    "new_bus_clean_share": _clean_buses,
    "china3_diesel_truck_ratio": _old_trucks_over_2020,
    "china3_diesel_truck_share": _old_trucks_in_all,
    **{f"{name}_nev_stock_share": _new_energy_in(name) for name in CLASS_LABELS},
}
