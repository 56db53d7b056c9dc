"""Weather from whatever a caller names: a city's weather year, a file, hours."""

import numpy as np

from services.buildings.climate.doors import PlaceWeather, WeatherReport, WeatherSource
from services.buildings.climate.epw import file_weather
from services.buildings.climate.hours import hourly_weather
from services.buildings.climate.place import place_weather
from services.buildings.climate.weather import Weather
from services.common.axes import DAYS
from services.common.errors import Violation, invalid, near_names
from services.common.regions import load_region, region_ids

_WH_PER_KWH = 1e3

__all__ = ["place_weather", "read_weather", "report"]
_HEATING_BASE_DEGC = 18.0  # by definition of HDD18
_COOLING_BASE_DEGC = 26.0  # by definition of CDD26


def read_weather(source: WeatherSource) -> Weather:
    """The weather of a source, the field "weather" of a request. DomainError(INVALID_INPUT) with every violation."""
    given = [
        name
        for name, value in (
            ("place", source.place),
            ("epw_file", source.epw_file),
            ("hourly", source.hourly),
        )
        if value
    ]
    if len(given) != 1:
        raise invalid(
            [
                Violation(
                    "weather",
                    "give exactly one source of weather",
                    ", ".join(given) or "none",
                    "one of place, epw_file, hourly",
                )
            ]
        )
    if source.place is not None:
        return _of_place(source.place)
    if source.hourly is not None:
        return hourly_weather(source.hourly, "weather.hourly")
    return file_weather(source.epw_file, "weather.epw_file")


def _of_place(place: PlaceWeather) -> Weather:
    if place.region not in region_ids():
        hint = near_names(place.region, region_ids())
        raise invalid(
            [
                Violation(
                    "weather.place.region", f"no such region{hint}", place.region, ", ".join(region_ids())
                )
            ]
        )
    region = load_region(place.region)
    if place.city not in region.city_ids:
        raise invalid(
            [
                Violation(
                    "weather.place.city",
                    f"no such city{near_names(place.city, region.city_ids)}",
                    place.city,
                    ", ".join(region.city_ids),
                )
            ]
        )
    return place_weather(region, place.city, place.weather_year or "normal", place.warming_k)


def report(weather: Weather) -> WeatherReport:
    """What the weather is: yearly figures and what was done to read it."""
    outdoor = weather.outdoor_degc
    daily = outdoor.reshape(DAYS, 24).mean(axis=1)
    return WeatherReport(
        name=weather.name,
        latitude_deg=weather.latitude_deg,
        longitude_deg=weather.longitude_deg,
        elevation_m=weather.elevation_m,
        mean_degc=float(outdoor.mean()),
        highest_degc=float(outdoor.max()),
        lowest_degc=float(outdoor.min()),
        hdd18_k_d=float(np.maximum(_HEATING_BASE_DEGC - daily, 0.0).sum()),
        cdd26_k_d=float(np.maximum(daily - _COOLING_BASE_DEGC, 0.0).sum()),
        global_horizontal_kwh_per_m2=float(weather.global_w_per_m2.sum() / _WH_PER_KWH),
        sun_minute=weather.sun_minute,
        closure_ratio=weather.closure_ratio,
        notes=weather.notes,
    )
