"""Doors for weather that callers send (dafeng.buildings.v1 weather.proto, same names and units)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from services.common.axes import HOURS
from services.common.scenario import Door

MOST_EPW_BYTES = 4 * 1024 * 1024
# Lengths and values are checked where the hours are read, so that a long wrong series is one violation.
_Hours = Annotated[
    tuple[Annotated[float, Field(allow_inf_nan=True)], ...], Field(strict=False, max_length=HOURS)
]


class PlaceWeather(Door):
    """A city's weather year."""

    region: Annotated[str, Field(min_length=1, max_length=60)]
    city: Annotated[str, Field(min_length=1, max_length=60)]
    weather_year: Literal["", "normal", "hot", "cold", "low_wind"] = ""
    warming_k: Annotated[float, Field(ge=0, le=6)] = 0.0


class HourlyWeather(Door):
    """Hours of the caller's own."""

    latitude_deg: Annotated[float, Field(ge=-90, le=90)]
    longitude_deg: Annotated[float, Field(ge=-180, le=180)]
    elevation_m: Annotated[float, Field(ge=-500, le=6000)] = 0.0
    utc_offset_hours: Annotated[float, Field(ge=-12, le=14)] = 8.0
    outdoor_degc: _Hours
    global_horizontal_w_per_m2: _Hours
    direct_normal_w_per_m2: _Hours = ()
    diffuse_horizontal_w_per_m2: _Hours = ()
    relative_humidity_share: _Hours = ()
    wind_m_per_s: _Hours = ()
    sun_minute: Annotated[float, Field(ge=0, le=60)] = 30.0


class WeatherSource(Door):
    """Exactly one of a city's weather, a file, hours; which is checked where it is read."""

    place: PlaceWeather | None = None
    epw_file: Annotated[bytes, Field(max_length=MOST_EPW_BYTES)] = b""
    hourly: HourlyWeather | None = None


@dataclass(frozen=True)
class WeatherReport:
    """What the weather is, and what was done to read it."""

    name: str
    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    mean_degc: float
    highest_degc: float
    lowest_degc: float
    hdd18_k_d: float
    cdd26_k_d: float
    global_horizontal_kwh_per_m2: float
    sun_minute: float
    closure_ratio: float
    notes: tuple[str, ...]
