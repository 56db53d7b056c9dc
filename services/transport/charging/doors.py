"""Doors of ChargingProfile (dafeng.transport.v1 charging.proto, same names and units)."""

from typing import Annotated, Literal

from pydantic import Field

from services.common.axes import DAYS, HOURS
from services.common.scenario import Door
from services.transport.doors import VehicleClass

MOST_FLEETS = 100
_Share = Annotated[float, Field(ge=0, le=1)]
# Series are checked where they are read: one violation, not one an hour.
_Value = Annotated[float, Field(allow_inf_nan=True)]
PlaceName = Literal[
    "home",
    "home_valley",
    "work",
    "public_fast",
    "fleet",
    "bus_depot",
    "truck_depot",
    "truck_fast",
    "two_wheeler",
]


class ChargingPlace(Door):
    """A place of charging and its share of the energy."""

    place: PlaceName
    share: _Share = 0.0  # a 0 on the wire is a field that is not sent


class ChargingFleet(Door):
    """One group of vehicles that charge alike; None: as the class does."""

    fleet_id: Annotated[str, Field(min_length=1, max_length=120)]
    vehicle_class: VehicleClass
    vehicle_count: Annotated[float, Field(gt=0, le=1e9)]
    energy_mwh: Annotated[float, Field(ge=0, le=1e10)] | None = None
    mileage_km: Annotated[float, Field(ge=0, le=1e6)] | None = None
    electricity_kwh_per_100km: Annotated[float, Field(ge=0, le=1e4)] | None = None
    places: Annotated[tuple[ChargingPlace, ...], Field(strict=False, max_length=9)] = ()
    valley_tariff_share: _Share | None = None
    smart_share: _Share = 0.0
    vehicle_to_grid_share: _Share = 0.0
    charger_kw: Annotated[float, Field(ge=0.1, le=5000)] | None = None
    plugged_night_share: _Share | None = None
    plugged_day_share: _Share | None = None
    battery_kwh: Annotated[float, Field(gt=0, le=1e5)] | None = None


class ChargingProfileRequest(Door):
    """Groups of vehicles, the temperature under which they charge, the load whose valleys they fill."""

    fleets: Annotated[tuple[ChargingFleet, ...], Field(strict=False, min_length=1, max_length=MOST_FLEETS)]
    region: Annotated[str, Field(min_length=1, max_length=60)]
    city: Annotated[str, Field(max_length=60)] = ""
    weather_year: Literal["", "normal", "hot", "cold", "low_wind"] = ""
    day_mean_degc: Annotated[tuple[_Value, ...], Field(strict=False, max_length=DAYS)] = ()
    base_load_mw: Annotated[tuple[_Value, ...], Field(strict=False, max_length=HOURS)] = ()
    with_hours: bool = False
