"""Metrics of energy per m2 and household, and how the base year stands against measured use."""

from collections.abc import Callable, Mapping
from typing import Final

from services.buildings.base import PUBLIC, PUBLIC_TYPES, URBAN
from services.buildings.end_use_checks import TABLE as CHECK_TABLE
from services.buildings.end_use_checks import end_use_checks
from services.buildings.end_use_records import COOLING, HEATING, PUBLIC_SEGMENT
from services.buildings.end_use_records import URBAN as URBAN_SEGMENT
from services.buildings.indicators.rows import ShareRecipes, in_every_year, once, row
from services.buildings.project import Projection
from services.buildings.systems import figure_path
from services.common.arrays import FloatArray
from services.common.units import GJ_PER_MWH, KWH_PER_MWH
from services.common.words import Metric

_TYPES: Final = {
    "government_office": ("政府办公", "government offices"),
    "office": ("商业办公", "commercial offices"),
    "commerce": ("商场零售", "shops"),
    "hotel": ("旅馆", "hotels"),
    "hospital": ("医院", "hospitals"),
    "school": ("学校", "schools"),
    "other_public": ("其他公建", "other public buildings"),
}
CHECKS: Final = (
    *_TYPES,
    "public",
    "urban_heating",
    "urban_cooling",
    "urban_residential",
    "household_electricity",
    "household_energy",
)

CHECK_NAMES: Final = frozenset(f"check_{name}_residual_ratio" for name in CHECKS)

METRICS: Final[tuple[Metric, ...]] = (
    *(
        row(f"{name}_electricity_kwh_per_m2", f"{zh}单位面积用电", f"electricity of {en} per m2", "kWh/m2")
        for name, (zh, en) in _TYPES.items()
    ),
    row(
        "public_electricity_kwh_per_m2",
        "公建单位面积用电",
        "electricity of public buildings per m2",
        "kWh/m2",
    ),
    row(
        "urban_residential_electricity_kwh_per_m2",
        "城镇住宅单位面积用电",
        "electricity of urban dwellings per m2",
        "kWh/m2",
    ),
    row(
        "urban_heating_electricity_kwh_per_m2",
        "城镇住宅供暖用电（单位面积）",
        "electricity of heating per m2 of urban dwellings",
        "kWh/m2",
    ),
    row(
        "urban_cooling_electricity_kwh_per_m2",
        "城镇住宅空调用电（单位面积）",
        "electricity of cooling per m2 of urban dwellings",
        "kWh/m2",
    ),
    row("urban_household_electricity_kwh", "城镇户均用电", "electricity of an urban household", "kWh"),
    row("urban_household_energy_gj", "城镇户均用能", "final energy of an urban household", "GJ"),
    *(
        row(f"check_{name}_{part}_ratio", f"核对：{name} {zh}", f"check of {name}: {en}", "ratio")
        for name in CHECKS
        for part, zh, en in (("residual", "残差", "model over measured use, less 1, base year"),)
    ),
)


def shares(p: Projection) -> ShareRecipes:
    """Energy per m2 or household as (part, whole) by place, [p, y]."""
    area = p.stock.type_m2
    homes = area[:, URBAN]
    by_type = once(lambda: p.public_mwh * KWH_PER_MWH)
    urban = once(lambda: p.electricity_mwh[URBAN_SEGMENT] * KWH_PER_MWH)

    @once
    def households() -> FloatArray:
        people = figure_path(p.base.region, "household_persons_path", p.paths.years)
        return p.stock.urban_population / people

    def of_type(t: int) -> Callable[[], tuple[FloatArray, FloatArray]]:
        return lambda: (by_type()[t], area[:, PUBLIC.start + t])

    def urban_electricity(use: str) -> tuple[FloatArray, FloatArray]:
        return p.energy[use, "electricity"][URBAN_SEGMENT] * KWH_PER_MWH, homes

    def urban_energy() -> tuple[FloatArray, FloatArray]:
        fuels = sum(e[URBAN_SEGMENT] for (_, c), e in p.energy.items() if c != "electricity")
        return p.electricity_mwh[URBAN_SEGMENT] * GJ_PER_MWH + fuels, households()

    return {
        **{f"{name}_electricity_kwh_per_m2": of_type(t) for t, name in enumerate(PUBLIC_TYPES)},
        "public_electricity_kwh_per_m2": lambda: (
            p.electricity_mwh[PUBLIC_SEGMENT] * KWH_PER_MWH,
            area[:, PUBLIC].sum(axis=1),
        ),
        "urban_residential_electricity_kwh_per_m2": lambda: (urban(), homes),
        "urban_heating_electricity_kwh_per_m2": lambda: urban_electricity(HEATING),
        "urban_cooling_electricity_kwh_per_m2": lambda: urban_electricity(COOLING),
        "urban_household_electricity_kwh": lambda: (urban(), households()),
        "urban_household_energy_gj": urban_energy,
    }


def residuals(p: Projection, region_values: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Residuals of the base year, the same in every year, [y]; `region_values` holds the metrics of `compared`."""
    checks = end_use_checks(p.base.region, region_values)
    values = in_every_year([check.residual_share for check in checks], len(p.paths.years))
    return {f"check_{c.check}_residual_ratio": v for c, v in zip(checks, values, strict=True)}


def compared(p: Projection) -> tuple[str, ...]:
    """Metrics that the residuals compare with measured use."""
    return tuple(row["metric"] for row in p.base.region.table(CHECK_TABLE).rows())
