"""Doors of ProjectFleet (dafeng.transport.v1 fleet.proto, same names and units). Meaning is checked in `checks`."""

from typing import Annotated, Literal

from pydantic import Field

from services.common.scenario import Door
from services.transport.doors import VehicleClass

MOST_CLASSES = 40
MOST_YEARS = 60
MOST_AGES = 40
_Share = Annotated[float, Field(ge=0, le=1)]
_Count = Annotated[float, Field(ge=0, le=1e10)]
_Counts = Annotated[tuple[_Count, ...], Field(strict=False, max_length=MOST_YEARS)]
Powertrain = Literal["gasoline", "diesel", "cng", "lng", "hev", "phev", "bev", "fcev"]
Standard = Literal["", "pre_I", "I", "II", "III", "IV", "V", "VI"]


class FleetPowertrain(Door):
    """One powertrain of a class; None: the figure of the class it is like."""

    powertrain: Powertrain
    opening_by_age: Annotated[tuple[_Count, ...], Field(strict=False, max_length=MOST_AGES)] = ()
    opening_count: _Count | None = None
    opening_growth_per_year: Annotated[float, Field(ge=-0.5, le=2)] | None = None
    sales_share: Annotated[tuple[_Share, ...], Field(strict=False, max_length=MOST_YEARS)] = ()
    fuel_per_100km: Annotated[float, Field(ge=0, le=1000)] | None = None
    electricity_kwh_per_100km: Annotated[float, Field(ge=0, le=2000)] | None = None
    improvement_per_year: Annotated[float, Field(ge=0, le=0.2)] | None = None
    electric_distance_share: _Share | None = None


class EarlyRetirement(Door):
    """A programme that retires a share of the survivors of each of its years."""

    powertrains: Annotated[tuple[Powertrain, ...], Field(strict=False, max_length=8)] = ()
    from_year: Annotated[int, Field(ge=2000, le=2100)]
    to_year: Annotated[int, Field(ge=2000, le=2100)]
    rate_per_year: _Share = 0.0
    last_model_year: Annotated[int, Field(ge=0, le=2100)] = 0
    from_age_years: Annotated[int, Field(ge=0, le=MOST_AGES)] = 0
    to_standard: Standard = ""


class FleetClass(Door):
    """One vehicle class; None: the figure of the class it is like."""

    class_id: Annotated[str, Field(min_length=1, max_length=120)]
    like_class: VehicleClass
    life_years: Annotated[float, Field(ge=1, le=60)] | None = None
    life_shape: Annotated[float, Field(ge=0.5, le=20)] | None = None
    oldest_age_years: Annotated[int, Field(ge=0, le=MOST_AGES - 1)] | None = None
    survival_share: Annotated[tuple[_Share, ...], Field(strict=False, max_length=MOST_AGES)] = ()
    powertrains: Annotated[tuple[FleetPowertrain, ...], Field(strict=False, min_length=1, max_length=8)]
    stock_count: _Counts = ()
    sales_count: _Counts = ()
    mileage_km: Annotated[float, Field(ge=0, le=500_000)] | None = None
    mileage_decay_per_year: Annotated[float, Field(ge=0, le=0.5)] | None = None
    mileage_ratio: Annotated[
        tuple[Annotated[float, Field(ge=0, le=100)], ...], Field(strict=False, max_length=MOST_YEARS + 1)
    ] = ()
    retirements: Annotated[tuple[EarlyRetirement, ...], Field(strict=False, max_length=100)] = ()


class OwnFleet(Door):
    """A fleet of the caller's own."""

    name: Annotated[str, Field(max_length=120)] = ""
    first_year: Annotated[int, Field(ge=2000, le=2060)]
    last_year: Annotated[int, Field(ge=2000, le=2100)]
    vehicle_classes: Annotated[
        tuple[FleetClass, ...], Field(strict=False, min_length=1, max_length=MOST_CLASSES)
    ]
    standard_timetable: Literal["", "jiangsu", "national"] = ""
    grid_kgco2_per_kwh: Annotated[
        tuple[Annotated[float, Field(ge=0, le=3)], ...], Field(strict=False, max_length=MOST_YEARS + 1)
    ] = ()
    month_degc: Annotated[
        tuple[Annotated[float, Field(ge=-60, le=60)], ...], Field(strict=False, max_length=12)
    ] = ()
    grid_loss_share: Annotated[float, Field(ge=0, le=0.5)] | None = None
    hydrogen_route: Literal["", "coal", "natural_gas", "by_product", "electrolysis"] = ""
    with_ages: bool = False

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years, ascending."""
        return tuple(range(self.first_year, self.last_year + 1))
