"""Metrics of the stock: rows, and their values from a projection (years from the base year, sliced later)."""

from typing import Final

import numpy as np

from services.buildings.base import FACTORY, PUBLIC, PUBLIC_TYPES, RURAL, URBAN
from services.buildings.indicators.rows import row
from services.buildings.project import Projection
from services.buildings.states import NEAR_ZERO, SAVING_75
from services.common.arrays import FloatArray
from services.common.units import M2_PER_MM2
from services.common.words import Metric

_CIVIL = slice(0, FACTORY)

METRICS: Final[tuple[Metric, ...]] = (
    row("floor_area_m2", "民用建筑面积", "floor area of dwellings and public buildings", "m2"),
    row("urban_residential_floor_area_m2", "城镇住宅面积", "floor area of urban dwellings", "m2"),
    row("rural_residential_floor_area_m2", "农村住宅面积", "floor area of rural dwellings", "m2"),
    row("public_floor_area_m2", "公共建筑面积", "floor area of public buildings", "m2"),
    row("factory_floor_area_m2", "厂房面积", "floor area of factories", "m2"),
    row("vacant_floor_area_m2", "空置面积", "floor area above demand", "m2"),
    row(
        "completed_floor_area_m2",
        "竣工面积（含厂房）",
        "floor area completed in the year, factories included",
        "m2",
    ),
    row("demolished_floor_area_m2", "拆除面积（含厂房）", "floor area demolished, factories included", "m2"),
    row(
        "retrofit_area_m2",
        "既有建筑节能改造面积",
        "existing floor area retrofitted in the year",
        "m2",
        "JSP-24",
        "JSS-18",
    ),
    row(
        "retrofit_area_since_2021_m2",
        "2021年以来累计节能改造面积",
        "floor area retrofitted since the start of 2021",
        "m2",
    ),
    row(
        "new_urban_residential_75_share",
        "新建城镇居住建筑执行75%节能标准比例",
        "share of new urban residential floor area permitted to the 75 % standard or better",
        "share",
        "JSP-22",
        "NTP-16",
    ),
    row(
        "saving_75_stock_share",
        "75%及以上节能标准存量占比",
        "share of civil floor area at the 75 % standard or better, as built",
        "share",
    ),
    row(
        "two_star_new_government_public_share",
        "政府投资公共建筑二星级以上占比",
        "share of new government-invested public floor area at two stars or above",
        "share",
        "JSP-23",
        "NTP-19",
    ),
    row(
        "green_building_new_share",
        "新建民用建筑绿色建筑占比",
        "share of new civil floor area to green-building standards",
        "share",
        "NTP-17",
    ),
    row(
        "high_quality_green_building_area_m2",
        "高品质绿色建筑年新增面积",
        "high-quality green buildings completed in the year",
        "m2",
        "JSS-17",
        "NTP-18",
    ),
    row(
        "prefabricated_new_starts_share",
        "装配式建筑占新开工面积比例",
        "prefabricated share of newly started floor area",
        "share",
        "JSP-25",
    ),
)


def sums(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    stock = p.stock
    area = stock.type_m2
    retrofit = stock.retrofitted_m2.sum(axis=1)
    high_quality = p.paths.path("buildings.high_quality_green_building_area") * M2_PER_MM2
    new_civil = stock.completed_m2[:, _CIVIL].sum(axis=1)
    return {
        "floor_area_m2": area[:, _CIVIL].sum(axis=1),
        "urban_residential_floor_area_m2": area[:, URBAN],
        "rural_residential_floor_area_m2": area[:, RURAL],
        "public_floor_area_m2": area[:, PUBLIC].sum(axis=1),
        "factory_floor_area_m2": area[:, FACTORY],
        "vacant_floor_area_m2": (area * (1 - stock.used_share)).sum(axis=1),
        "completed_floor_area_m2": stock.completed_m2.sum(axis=1),
        "demolished_floor_area_m2": stock.demolished_m2.sum(axis=1),
        "retrofit_area_m2": retrofit,
        "retrofit_area_since_2021_m2": np.cumsum(retrofit, axis=1),
        "high_quality_green_building_area_m2": high_quality * new_civil / new_civil.sum(axis=0),
    }


def shares(p: Projection) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Shares as (part, whole) by place, [p, y]: the region's share is sum of parts over sum of wholes."""
    stock = p.stock
    lever = p.paths.by_place
    new_urban = stock.completed_m2[:, URBAN]
    new_civil = stock.completed_m2[:, _CIVIL].sum(axis=1)
    government = government_completions_m2(p)
    ultra = lever("buildings.ultra_low_energy_share_new")
    urban_75 = ultra + (1 - ultra) * lever("buildings.new_urban_residential_75_share")
    civil = stock.area_m2[:, _CIVIL]
    return {
        "new_urban_residential_75_share": (urban_75 * new_urban, new_urban),
        "saving_75_stock_share": (
            civil[:, :, SAVING_75 : NEAR_ZERO + 1].sum(axis=(1, 2)),
            civil.sum(axis=(1, 2)),
        ),
        "two_star_new_government_public_share": (
            lever("buildings.two_star_share_new_government_public") * government,
            government,
        ),
        "green_building_new_share": (lever("buildings.green_building_share_new") * new_civil, new_civil),
        "prefabricated_new_starts_share": (
            lever("buildings.prefabricated_share_new_starts") * new_civil,
            new_civil,
        ),
    }


def government_completions_m2(p: Projection) -> FloatArray:
    """Government-invested public floor completed, m2 [p, y]."""
    rows = p.base.region.table("buildings/public_types").by("building_type")
    share = np.array([rows[t]["government_share"] for t in PUBLIC_TYPES])
    return np.asarray((share[None, :, None] * p.stock.completed_m2[:, PUBLIC]).sum(axis=1))
