"""Metrics of the stock: rows, and their values from a projection (years from the base year, sliced later)."""

from typing import Final

import numpy as np

from services.buildings.base import FACTORY, PUBLIC, RURAL, URBAN
from services.buildings.embodied import embodied_tco2
from services.buildings.indicators.rows import Recipes, ShareRecipes, once, row
from services.buildings.project import Projection
from services.buildings.states import NEAR_ZERO, SAVING_75, STATES, ULTRA_LOW
from services.buildings.stock_retrofit import PACKAGES
from services.buildings.stock_standards import FAMILY, NEW_FAMILIES
from services.buildings.stock_vintages import government_share
from services.common.arrays import FloatArray
from services.common.units import M2_PER_MM2
from services.common.words import Metric

_CIVIL = slice(0, FACTORY)
_DEEP = PACKAGES.index("deep")

METRICS: Final[tuple[Metric, ...]] = (
    row("floor_area_m2", "民用建筑面积", "floor area of dwellings and public buildings", "m2"),
    row("urban_residential_floor_area_m2", "城镇住宅面积", "floor area of urban dwellings", "m2"),
    row("rural_residential_floor_area_m2", "农村住宅面积", "floor area of rural dwellings", "m2"),
    row("public_floor_area_m2", "公共建筑面积", "floor area of public buildings", "m2"),
    row("factory_floor_area_m2", "厂房面积", "floor area of factories", "m2"),
    row("mean_age_years", "民用建筑平均房龄", "mean age of civil floor area at year end", "yr"),
    row("vacant_floor_area_m2", "空置面积", "floor area above demand", "m2"),
    row(
        "completed_floor_area_m2",
        "竣工面积（含厂房）",
        "floor area completed in the year, factories included",
        "m2",
    ),
    row("completed_residential_floor_area_m2", "住宅竣工面积", "dwellings completed in the year", "m2"),
    row("completed_public_floor_area_m2", "公共建筑竣工面积", "public buildings completed in the year", "m2"),
    row("completed_factory_floor_area_m2", "厂房竣工面积", "factories completed in the year", "m2"),
    row("demolished_floor_area_m2", "拆除面积（含厂房）", "floor area demolished, factories included", "m2"),
    row(
        "urban_residential_floor_per_person_m2",
        "城镇人均住房面积",
        "floor area of urban dwellings, vacant ones included, per urban resident",
        "m2",
    ),
    row(
        "rural_residential_floor_per_person_m2",
        "农村人均住房面积",
        "floor area of rural dwellings, vacant ones included, per rural resident",
        "m2",
    ),
    row(
        "public_floor_per_person_m2", "人均公共建筑面积", "floor area of public buildings per resident", "m2"
    ),
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
    row("retrofit_residential_area_m2", "居住建筑改造面积", "urban dwellings retrofitted in the year", "m2"),
    row("retrofit_public_area_m2", "公共建筑改造面积", "public buildings retrofitted in the year", "m2"),
    row("retrofit_deep_area_m2", "深度改造面积", "floor area retrofitted with the deep package", "m2"),
    row(
        "retrofit_shortfall_m2",
        "改造任务缺口",
        "retrofit asked for in the year that found no eligible floor area",
        "m2",
    ),
    row(
        "retrofitted_stock_share",
        "已改造存量占比",
        "share of civil floor area retrofitted after 2020 and still standing",
        "share",
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
        "new_urban_residential_75_as_built_share",
        "新建城镇居住建筑实际达到75%节能标准比例",
        "share of new urban residential floor area that meets the 75 % standard or better as built",
        "share",
    ),
    row(
        "ultra_low_new_share",
        "新建建筑超低能耗及以上占比",
        "share of new civil floor area at the ultra-low or near-zero level as built",
        "share",
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
        "high-quality green buildings completed in the year, at most the green floor completed",
        "m2",
        "JSS-17",
        "NTP-18",
    ),
    row(
        "high_quality_green_building_shortfall_m2",
        "高品质绿色建筑任务缺口",
        "high-quality green buildings asked for beyond the green floor completed in the year",
        "m2",
    ),
    row(
        "two_star_completed_area_m2",
        "二星级以上竣工面积",
        "government-invested public floor completed at two stars or above",
        "m2",
    ),
    row(
        "two_star_public_stock_share",
        "公共建筑存量中二星级以上占比",
        "share of public floor area rated two stars or above, of completions after 2020",
        "share",
    ),
    row(
        "prefabricated_new_starts_share",
        "装配式建筑占新开工面积比例",
        "prefabricated share of newly started floor area",
        "share",
        "JSP-25",
    ),
    row(
        "prefabricated_completed_area_m2",
        "装配式建筑竣工面积",
        "prefabricated civil floor area completed in the year",
        "m2",
    ),
    row(
        "prefabricated_stock_share",
        "装配式建筑存量占比",
        "prefabricated share of civil floor area, of completions after 2020",
        "share",
    ),
    row(
        "embodied_tco2",
        "建筑隐含碳（主要为工业排放，不得与能源碳排放相加）",
        "embodied CO2 of construction, retrofit and demolition: mostly industry's emission, never add it to energy CO2",
        "t",
    ),
)


def sums(p: Projection) -> Recipes:
    """Metrics that add up over the cities, [p, y]."""
    stock = p.stock
    area, new = stock.type_m2, stock.completed_m2
    retrofit = stock.retrofitted_m2
    return {
        "floor_area_m2": lambda: area[:, _CIVIL].sum(axis=1),
        "urban_residential_floor_area_m2": lambda: area[:, URBAN],
        "rural_residential_floor_area_m2": lambda: area[:, RURAL],
        "public_floor_area_m2": lambda: area[:, PUBLIC].sum(axis=1),
        "factory_floor_area_m2": lambda: area[:, FACTORY],
        "vacant_floor_area_m2": lambda: (area * (1 - stock.used_share)).sum(axis=1),
        "completed_floor_area_m2": lambda: new.sum(axis=1),
        "completed_residential_floor_area_m2": lambda: new[:, URBAN] + new[:, RURAL],
        "completed_public_floor_area_m2": lambda: new[:, PUBLIC].sum(axis=1),
        "completed_factory_floor_area_m2": lambda: new[:, FACTORY],
        "demolished_floor_area_m2": lambda: stock.demolished_m2.sum(axis=1),
        "retrofit_area_m2": lambda: retrofit.sum(axis=1),
        "retrofit_area_since_2021_m2": lambda: np.cumsum(retrofit.sum(axis=1), axis=1),
        "retrofit_residential_area_m2": lambda: retrofit[:, URBAN],
        "retrofit_public_area_m2": lambda: retrofit[:, PUBLIC].sum(axis=1),
        "retrofit_deep_area_m2": lambda: (stock.retrofit_depth_shares[_DEEP, :, None] * retrofit).sum(axis=1),
        "high_quality_green_building_area_m2": lambda: _high_quality(p)[0],
        "two_star_completed_area_m2": lambda: stock.vintages.two_star_m2.sum(axis=1),
        "prefabricated_completed_area_m2": lambda: stock.vintages.prefabricated_m2.sum(axis=1),
        "embodied_tco2": lambda: embodied_tco2(p.base, stock),
    }


def shares(p: Projection) -> ShareRecipes:
    """Shares as (part, whole) by place, [p, y]: the region's share is sum of parts over sum of wholes."""
    stock, area = p.stock, p.stock.type_m2
    new_urban = stock.completed_m2[:, URBAN]
    new_civil = stock.completed_m2[:, _CIVIL]
    urban = NEW_FAMILIES.index("urban")
    completed = once(lambda: new_civil.sum(axis=1))
    civil = once(lambda: area[:, _CIVIL].sum(axis=1))
    public = once(lambda: area[:, PUBLIC].sum(axis=1))

    def to_75(built: FloatArray) -> tuple[FloatArray, FloatArray]:
        return built[:, urban, :, SAVING_75:].sum(axis=-1) * new_urban, new_urban

    def ultra_low() -> tuple[FloatArray, FloatArray]:
        ultra = stock.built_share[..., ULTRA_LOW:].sum(axis=-1)[:, FAMILY[_CIVIL]]
        return (ultra * new_civil).sum(axis=1), completed()

    def prefabricated() -> tuple[FloatArray, FloatArray]:
        return p.paths.by_place("buildings.prefabricated_share_new_starts") * completed(), completed()

    return {
        "urban_residential_floor_per_person_m2": lambda: (area[:, URBAN], stock.urban_population),
        "rural_residential_floor_per_person_m2": lambda: (area[:, RURAL], stock.rural_population),
        "public_floor_per_person_m2": lambda: (public(), stock.urban_population + stock.rural_population),
        "mean_age_years": lambda: (stock.vintages.floor_years_m2[:, _CIVIL].sum(axis=1), civil()),
        "new_urban_residential_75_share": lambda: to_75(stock.permitted_share),
        "new_urban_residential_75_as_built_share": lambda: to_75(stock.built_share),
        "ultra_low_new_share": ultra_low,
        "saving_75_stock_share": lambda: (stock.civil_m2(range(SAVING_75, NEAR_ZERO + 1)), civil()),
        "retrofitted_stock_share": lambda: (stock.civil_m2(range(NEAR_ZERO + 1, len(STATES))), civil()),
        "two_star_new_government_public_share": lambda: (
            stock.vintages.two_star_m2.sum(axis=1),
            government_completions_m2(p),
        ),
        "two_star_public_stock_share": lambda: (stock.vintages.two_star_stock_m2.sum(axis=1), public()),
        "green_building_new_share": lambda: (_green_m2(p), completed()),
        "prefabricated_new_starts_share": prefabricated,
        "prefabricated_stock_share": lambda: (stock.vintages.prefabricated_stock_m2.sum(axis=1), civil()),
    }


def of_region(p: Projection) -> Recipes:
    """Metrics of the region only, [y]."""
    return {
        "retrofit_shortfall_m2": lambda: p.stock.retrofit_shortfall_m2,
        "high_quality_green_building_shortfall_m2": lambda: _high_quality(p)[1],
    }


def government_completions_m2(p: Projection) -> FloatArray:
    """Government-invested public floor completed, m2 [p, y]."""
    share = government_share(p.base)
    return np.asarray((share[None, :, None] * p.stock.completed_m2[:, PUBLIC]).sum(axis=1))


def _green_m2(p: Projection) -> FloatArray:
    """Civil floor completed to green-building standards, m2 [p, y]."""
    share = p.paths.by_place("buildings.green_building_share_new")
    return np.asarray(share * p.stock.completed_m2[:, _CIVIL].sum(axis=1))


def _high_quality(p: Projection) -> tuple[FloatArray, FloatArray]:
    """High-quality green floor completed [p, y], and what is asked for beyond the region's green floor [y], m2.

    The region's figure is shared to the cities by the green floor they complete.
    """
    asked = p.paths.path("buildings.high_quality_green_building_area") * M2_PER_MM2
    green = _green_m2(p)
    whole = green.sum(axis=0)
    part = np.divide(np.minimum(asked, whole), whole, out=np.zeros_like(whole), where=whole > 0)
    return green * part, np.maximum(asked - whole, 0.0)
