"""Metrics of cost: rows, and their values from a projection."""

from collections.abc import Callable
from typing import Final

from services.common.arrays import FloatArray
from services.common.words import Metric
from services.transport.indicators.cost_parts import COMPONENTS
from services.transport.indicators.project import Projection, SumMakers
from services.transport.indicators.rows import row

METRICS: Final[tuple[Metric, ...]] = (
    row(
        "system_cost_cny",
        "交通系统成本（不含用电、税费补贴和碳价）",
        "system cost of transport without electricity, taxes, subsidies and carbon price",
        "CNY",
    ),
    row("vehicle_investment_cny", "车辆购置年金", "annuities of vehicles bought since 2021", "CNY"),
    row("vehicle_upkeep_cny", "车辆维护保险费用", "upkeep and insurance of vehicles", "CNY"),
    row("charger_investment_cny", "充电设施投资年金", "annuities of chargers above those of 2020", "CNY"),
    row(
        "transit_cost_cny",
        "公共交通和慢行设施及公交运营成本",
        "annuities of urban rail, bus lanes and cycle tracks above 2020, and running of buses",
        "CNY",
    ),
    row(
        "clean_port_ship_rail_investment_cny",
        "港口船舶铁路清洁化投资年金",
        "annuities of shore power, clean ports and ships, electrified rail above 2020",
        "CNY",
    ),
    row(
        "freight_operating_cost_cny",
        "货运其他运营成本（不含车辆和能源）",
        "operating cost of freight by mode without road vehicles and energy, terminals with it",
        "CNY",
    ),
    row("fuel_cost_cny", "交通燃料成本", "fuel of transport at resource cost", "CNY"),
)


def _system_cost(p: Projection) -> FloatArray:
    return p.total(p.once(make) for make in COMPONENTS.values())


def _component(make: Callable[[Projection], FloatArray]) -> Callable[[Projection], FloatArray]:
    return lambda p: p.once(make)


SUMS: Final[SumMakers] = {
    **{f"{name}_cny": _component(make) for name, make in COMPONENTS.items()},
    "system_cost_cny": _system_cost,
}
