"""Metrics of cost and air pollutants: rows, and their values from a projection."""

from collections.abc import Callable
from typing import Final

from services.buildings.air import pollutants_t
from services.buildings.costs import COMPONENTS, costs_cny
from services.buildings.indicators.rows import Recipes, once, row
from services.buildings.project import Projection
from services.common.arrays import FloatArray
from services.common.combustion import POLLUTANTS
from services.common.words import Metric

METRICS: Final[tuple[Metric, ...]] = (
    row(
        "system_cost_cny",
        "建筑系统成本（不含用电、光伏、税和碳价）",
        "system cost of buildings without electricity, PV, taxes and carbon price: annuities since 2020 and fuel",
        "CNY",
    ),
    row("retrofit_investment_cny", "节能改造投资年金", "annuities of retrofits since 2020", "CNY"),
    row(
        "new_standard_investment_cny",
        "新建建筑标准增量投资年金",
        "annuities of energy standards, labels and prefabrication of floor completed since 2020",
        "CNY",
    ),
    row("heat_pump_investment_cny", "热泵投资年金", "annuities of heat pumps above those of 2020", "CNY"),
    row(
        "other_heating_investment_cny",
        "其他供暖设备投资年金",
        "annuities of other heating plant above that of 2020",
        "CNY",
    ),
    row("water_heating_investment_cny", "热水设备投资年金", "annuities of water heaters above 2020's", "CNY"),
    row(
        "efficient_unit_investment_cny",
        "高效空调家电投资年金",
        "annuities of more efficient air conditioners and appliances",
        "CNY",
    ),
    row("fuel_cost_cny", "建筑燃料成本", "fuel of buildings at resource cost", "CNY"),
    row("so2_t", "建筑二氧化硫排放", "SO2 of fuels burned in buildings", "t"),
    row("nox_t", "建筑氮氧化物排放", "NOx of fuels burned in buildings", "t"),
    row(
        "pm25_t", "建筑细颗粒物排放（含秸秆薪柴）", "PM2.5 of fuels burned in buildings, straw with them", "t"
    ),
    row("voc_t", "建筑挥发性有机物排放（仅燃烧）", "VOC of fuels burned in buildings", "t"),
)


def sums(p: Projection) -> Recipes:
    """Metrics that add up over the cities, [p, y]."""
    costs = once(lambda: costs_cny(p))
    air = once(lambda: pollutants_t(p))

    def cost(name: str) -> Callable[[], FloatArray]:
        return lambda: costs()[name]

    def pollutant(name: str) -> Callable[[], FloatArray]:
        return lambda: air()[name]

    return {
        **{f"{name}_cny": cost(name) for name in COMPONENTS},
        "system_cost_cny": lambda: sum(costs().values(), 0.0 * costs()["fuel_cost"]),
        **{f"{name}_t": pollutant(name) for name in POLLUTANTS},
    }
