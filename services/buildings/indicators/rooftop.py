"""Metrics of rooftop PV: rows, and their values from a projection."""

from typing import Final

from services.buildings.base import FACTORY
from services.buildings.indicators.rows import row
from services.buildings.indicators.stock import government_completions_m2
from services.buildings.project import Projection
from services.common.arrays import FloatArray
from services.common.words import Metric

METRICS: Final[tuple[Metric, ...]] = (
    row(
        "rooftop_pv_coverage_new_public_factory_share",
        "新建公共机构建筑与厂房屋顶光伏覆盖率",
        "module over roof area of new public-institution buildings and factories",
        "share",
        "JSP-28",
    ),
    row(
        "rooftop_pv_coverage_new_public_share",
        "新建公共机构屋顶光伏覆盖率",
        "module over roof area of new public institutions",
        "share",
    ),
    row(
        "rooftop_pv_coverage_new_factory_share",
        "新建厂房屋顶光伏覆盖率",
        "module over roof area of new factories",
        "share",
    ),
    row("rooftop_pv_capacity_mw", "分布式光伏装机", "distributed PV capacity, year end", "MW"),
    row("rooftop_pv_new_roof_mw", "新建屋顶光伏", "PV on roofs completed after 2020", "MW"),
    row("rooftop_pv_potential_mw", "屋顶光伏潜力", "PV that usable roofs can hold", "MW"),
    row("rooftop_pv_generation_mwh", "分布式光伏发电量", "generation of distributed PV", "MWh"),
)


def sums(p: Projection) -> dict[str, FloatArray]:
    """Metrics that add up over the cities, [p, y]."""
    roofs = p.roofs
    return {
        "rooftop_pv_capacity_mw": roofs.capacity_mw,
        "rooftop_pv_new_roof_mw": roofs.new_roof_mw,
        "rooftop_pv_potential_mw": roofs.potential_mw,
        "rooftop_pv_generation_mwh": roofs.energy_mwh,
    }


def shares(p: Projection) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Shares as (part, whole) by place, [p, y]."""
    government = government_completions_m2(p)
    new_factory = p.stock.completed_m2[:, FACTORY]
    return {
        "rooftop_pv_coverage_new_public_share": (p.roofs.coverage_public * government, government),
        "rooftop_pv_coverage_new_factory_share": (p.roofs.coverage_factory * new_factory, new_factory),
    }


def of_region(p: Projection) -> dict[str, FloatArray]:
    """Metrics of the region only, [y]."""
    return {"rooftop_pv_coverage_new_public_factory_share": p.roofs.coverage_both}
