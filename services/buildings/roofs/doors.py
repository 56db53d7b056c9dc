"""Doors of EstimateRooftopPv (dafeng.buildings.v1 rooftop.proto, same names and units)."""

from typing import Annotated, Literal

from pydantic import Field

from services.buildings.climate.doors import WeatherSource
from services.common.axes import HOURS
from services.common.scenario import Door

MOST_ROOFS = 200
_Share = Annotated[float, Field(ge=0, le=1)]
_Load = Annotated[float, Field(allow_inf_nan=True)]  # checked as a series: one violation, not one an hour
RoofKind = Literal["", "factory_metal", "factory_concrete", "public", "high_rise", "rural"]
Basis = Literal["", "module_over_roof", "module_over_usable", "buildings"]


class Roof(Door):
    """One roof, or the roofs of a group of buildings; None: the figure of its kind."""

    roof_id: Annotated[str, Field(min_length=1, max_length=120)]
    roof_area_m2: Annotated[float, Field(gt=0, le=1e9)]
    roof_kind: RoofKind = ""
    usable_share: _Share | None = None
    module_share_of_usable: _Share | None = None
    coverage_share: _Share | None = None
    coverage_basis: Basis = ""
    tilt_deg: Annotated[float, Field(ge=0, le=90)] | None = None
    azimuth_deg: Annotated[float, Field(ge=0, le=360)] | None = None
    flush: bool | None = None
    load_kw: Annotated[tuple[_Load, ...], Field(strict=False, max_length=HOURS)] = ()


class EstimateRooftopPvRequest(Door):
    """Roofs under a weather; None: today's modules and inverters."""

    roofs: Annotated[tuple[Roof, ...], Field(strict=False, min_length=1, max_length=MOST_ROOFS)]
    weather: WeatherSource
    module_w_per_m2: Annotated[float, Field(ge=100, le=300)] | None = None
    loss_share: Annotated[float, Field(ge=0, le=0.5)] | None = None
    inverter_efficiency_share: Annotated[float, Field(ge=0.5, le=1)] | None = None
    dc_ac_ratio: Annotated[float, Field(ge=0.5, le=2)] | None = None
    temperature_coefficient_per_k: Annotated[float, Field(ge=-0.01, le=0)] | None = None
    ground_albedo: _Share | None = None
    with_hours: bool = False
