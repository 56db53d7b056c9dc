"""Metrics of rooftop PV: rows, and their values from a projection.

Coverage of new roofs is module area over roof area: the policy (JSP-28) does not define the ratio. The two other
readings, modules over usable roof and roofs that carry PV when each is filled, have rows of their own.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from services.buildings.base import FACTORY, PUBLIC, RURAL, URBAN
from services.buildings.indicators.rows import Recipes, ShareRecipes, once, row
from services.buildings.project import Projection
from services.buildings.roof_area import roof_figures
from services.common.arrays import FloatArray
from services.common.words import Metric

_GROUPS: Final = {
    "urban_residential": ("城镇住宅", "urban dwellings", [URBAN]),
    "rural_residential": ("农村住宅", "rural houses", [RURAL]),
    "public": ("公共建筑", "public buildings", list(range(PUBLIC.start, PUBLIC.stop))),
    "factory": ("厂房", "factories", [FACTORY]),
}
_NEW: Final = [*range(PUBLIC.start, PUBLIC.stop), FACTORY]

METRICS: Final[tuple[Metric, ...]] = (
    row(
        "rooftop_pv_coverage_new_public_factory_share",
        "新建公共机构建筑与厂房屋顶光伏覆盖率",
        "module over roof area of new public-institution buildings and factories",
        "share",
        "JSP-28",
    ),
    row(
        "rooftop_pv_coverage_new_public_factory_of_usable_share",
        "新建公共机构建筑与厂房屋顶光伏覆盖率（按可用屋面）",
        "the same, module over usable roof area",
        "share",
    ),
    row(
        "rooftop_pv_coverage_new_public_factory_of_buildings_share",
        "新建公共机构建筑与厂房屋顶光伏覆盖率（按栋数）",
        "the same, roofs that carry PV when each is filled",
        "share",
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
    row(
        "rooftop_pv_coverage_existing_share",
        "既有屋顶光伏覆盖率",
        "module over roof area of roofs not covered on completion: an outcome of the capacity",
        "share",
    ),
    row("rooftop_pv_capacity_mw", "分布式光伏装机", "distributed PV capacity, year end", "MW"),
    *(
        row(f"rooftop_pv_{name}_mw", f"{zh}屋顶光伏装机", f"PV on roofs of {en}, year end", "MW")
        for name, (zh, en, _) in _GROUPS.items()
    ),
    row(
        "rooftop_pv_beyond_roofs_mw",
        "超出屋顶可容纳的分布式光伏",
        "distributed PV that usable roofs cannot hold: sheds, car parks, open ground",
        "MW",
    ),
    row("rooftop_pv_new_roof_mw", "新建屋顶光伏", "PV on roofs completed after 2020", "MW"),
    row("rooftop_pv_potential_mw", "屋顶光伏潜力", "PV that usable roofs can hold", "MW"),
    row("rooftop_pv_generation_mwh", "分布式光伏发电量", "generation of distributed PV", "MWh"),
    row("rooftop_pv_self_used_mwh", "屋顶光伏自用电量", "output of rooftop PV used behind the meter", "MWh"),
    row("rooftop_pv_export_mwh", "分布式光伏上网电量", "output of distributed PV fed to the grid", "MWh"),
    row(
        "rooftop_pv_self_consumption_share",
        "分布式光伏自发自用率",
        "own use over output of distributed PV, hour by hour in each building group",
        "share",
    ),
    row(
        "rooftop_pv_self_sufficiency_share",
        "建筑用电光伏自给率",
        "own use of rooftop PV over electricity of dwellings and public buildings, without factories",
        "share",
    ),
    *(
        row(
            f"rooftop_pv_self_consumption_{name}_share",
            f"{zh}屋顶光伏自发自用率",
            f"own use over output of PV on roofs of {en}",
            "share",
        )
        for name, (zh, en, _) in _GROUPS.items()
    ),
)


def sums(p: Projection) -> Recipes:
    """Metrics that add up over the cities, [p, y]."""
    roofs = p.roofs

    def of_group(types: list[int]) -> Callable[[], FloatArray]:
        return lambda: roofs.type_mw[:, types].sum(axis=1)

    return {
        "rooftop_pv_capacity_mw": lambda: roofs.capacity_mw,
        **{f"rooftop_pv_{name}_mw": of_group(of) for name, (_, _, of) in _GROUPS.items()},
        "rooftop_pv_beyond_roofs_mw": lambda: roofs.beyond_mw,
        "rooftop_pv_new_roof_mw": lambda: roofs.new.capacity_mw.sum(axis=1),
        "rooftop_pv_potential_mw": lambda: roofs.potential_mw,
        "rooftop_pv_generation_mwh": lambda: roofs.energy_mwh,
        "rooftop_pv_self_used_mwh": lambda: p.self_used_mwh.sum(axis=1),
        "rooftop_pv_export_mwh": lambda: p.exported_mwh,
    }


def shares(p: Projection) -> ShareRecipes:
    """Shares as (part, whole) by place, [p, y]."""
    roofs, new = p.roofs, p.roofs.new
    figures = roof_figures(p.base.region.region_id)
    module = once(lambda: new.module_m2[:, _NEW].sum(axis=1))

    def roof_that(share: FloatArray) -> FloatArray:
        return np.asarray((new.roof_m2 * share[:, None])[:, _NEW].sum(axis=1))

    def self_sufficiency() -> tuple[FloatArray, FloatArray]:
        electricity = np.asarray(sum(e for (_, c), e in p.used.items() if c == "electricity"))
        return p.self_used_mwh[:, :FACTORY].sum(axis=1), electricity

    def self_used(types: list[int]) -> Callable[[], tuple[FloatArray, FloatArray]]:
        return lambda: (
            p.self_used_mwh[:, types].sum(axis=1),
            roofs.type_energy_mwh[:, types].sum(axis=1),
        )

    return {
        "rooftop_pv_coverage_new_public_factory_share": lambda: (module(), new.roof_m2[:, _NEW].sum(axis=1)),
        "rooftop_pv_coverage_new_public_factory_of_usable_share": lambda: (
            module(),
            roof_that(figures.new_usable),
        ),
        "rooftop_pv_coverage_new_public_factory_of_buildings_share": lambda: (
            module(),
            roof_that(figures.new_module),
        ),
        "rooftop_pv_coverage_new_public_share": lambda: (
            new.module_m2[:, PUBLIC].sum(axis=1),
            new.roof_m2[:, PUBLIC].sum(axis=1),
        ),
        "rooftop_pv_coverage_new_factory_share": lambda: (new.module_m2[:, FACTORY], new.roof_m2[:, FACTORY]),
        "rooftop_pv_coverage_existing_share": lambda: (roofs.old_module_m2, roofs.old_roof_m2),
        "rooftop_pv_self_consumption_share": lambda: (p.self_used_mwh.sum(axis=1), roofs.energy_mwh),
        "rooftop_pv_self_sufficiency_share": self_sufficiency,
        **{
            f"rooftop_pv_self_consumption_{name}_share": self_used(of) for name, (_, _, of) in _GROUPS.items()
        },
    }
