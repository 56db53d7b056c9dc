"""Metrics of energy per m2 and household, and how the base year stands against measured use."""

from collections.abc import Mapping
from typing import Final

from services.buildings.base import PUBLIC, PUBLIC_TYPES
from services.buildings.end_use_checks import end_use_checks
from services.buildings.end_use_records import COOLING, HEATING, PUBLIC_SEGMENT, URBAN
from services.buildings.indicators.rows import in_every_year, row
from services.buildings.project import Projection
from services.buildings.systems import figure_path
from services.common.arrays import FloatArray
from services.common.units import GJ_PER_MWH
from services.common.words import Metric

_KWH_PER_MWH = 1e3
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


def shares(p: Projection) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Energy per m2 or household as (part, whole) by place, [p, y]."""
    area = p.stock.type_m2
    by_type = p.public_mwh * _KWH_PER_MWH
    found = {
        f"{name}_electricity_kwh_per_m2": (by_type[t], area[:, PUBLIC.start + t])
        for t, name in enumerate(PUBLIC_TYPES)
    }
    electricity = p.electricity_mwh
    fuels = sum(e[URBAN] for (_, c), e in p.energy.items() if c != "electricity")
    urban, homes = electricity[URBAN] * _KWH_PER_MWH, area[:, 0]
    people = figure_path(p.base.region, "household_persons_path", p.paths.years)
    households = p.stock.urban_population / people
    heating = p.energy[HEATING, "electricity"][URBAN] * _KWH_PER_MWH
    cooling = p.energy[COOLING, "electricity"][URBAN] * _KWH_PER_MWH
    return found | {
        "public_electricity_kwh_per_m2": (
            electricity[PUBLIC_SEGMENT] * _KWH_PER_MWH,
            area[:, PUBLIC].sum(axis=1),
        ),
        "urban_residential_electricity_kwh_per_m2": (urban, homes),
        "urban_heating_electricity_kwh_per_m2": (heating, homes),
        "urban_cooling_electricity_kwh_per_m2": (cooling, homes),
        "urban_household_electricity_kwh": (urban, households),
        "urban_household_energy_gj": (electricity[URBAN] * GJ_PER_MWH + fuels, households),
    }


def residuals(p: Projection, region_values: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Residuals of the base year, the same in every year, [y]."""
    checks = end_use_checks(p.base.region, region_values)
    values = in_every_year([check.residual_share for check in checks], len(p.paths.years))
    return {f"check_{c.check}_residual_ratio": v for c, v in zip(checks, values, strict=True)}
