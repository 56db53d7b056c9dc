"""The weather year of a region's city as buildings meet it."""

import numpy as np

from services.buildings.climate.sky import split_global, sun_at
from services.buildings.climate.weather import Weather
from services.common.arrays import FloatArray
from services.common.axes import DAYS, FIRST_WEEKDAY, MONTH_DAYS
from services.common.recording import kept
from services.common.regions import Region
from services.common.weather import WeatherYear, city_normals, weather_year

LEAVES = "buildings/sky"
_MID_HOUR = 30.0
_BEIJING_OFFSET_HOURS = 8.0


def place_weather(region: Region, city: str, name: str, warming_k: float) -> Weather:
    """Weather of a city in the region's weather year `name`, warmed against the 1982-2006 normals.

    Temperature, global radiation and humidity are those every sector shares; direct and diffuse by Erbs;
    wind of monthly normals with a daily swing. ValueError when the region has no such city.
    """
    return city_weather(region, weather_year(region, name, warming_k), region.city_ids.index(city))


def city_weather(region: Region, year: WeatherYear, p: int) -> Weather:
    """The same from a weather year at hand; `p` counts the region's cities."""
    city = region.city_ids[p]
    latitude, longitude = (
        region.number("weather", f"{name}_deg", city) for name in ("latitude", "longitude")
    )
    light = year.global_radiation_w_per_m2[p]
    light_share = _of_stations(region, city, "buildings/pv_light", "pv_light_share")
    direct, diffuse = _split(latitude, longitude, light.tobytes())
    return Weather(
        name=f"{region.region_id}/{city}, {year.name} year",
        latitude_deg=latitude,
        longitude_deg=longitude,
        elevation_m=_of_stations(region, city, "weather/stations", "elevation_m"),
        utc_offset_hours=_BEIJING_OFFSET_HOURS,
        sun_minute=_MID_HOUR,
        first_weekday=FIRST_WEEKDAY,
        outdoor_degc=year.temperature_degc[p],
        global_w_per_m2=light,
        direct_normal_w_per_m2=direct,
        diffuse_w_per_m2=diffuse,
        humidity_ratio_kg_per_kg=year.humidity_ratio_kg_per_kg[p],
        wind_m_per_s=_wind_m_per_s(region, city),
        pv_light_share=light_share,
        notes=(
            "synthesised from monthly normals of stations; direct and diffuse radiation split after Erbs",
            f"PV counts {light_share:.3f} of the light: so much of global radiation do the direct and diffuse of "
            "the stations bear out",
        ),
    )


@kept(maxsize=64)
def _split(latitude_deg: float, longitude_deg: float, light: bytes) -> tuple[FloatArray, FloatArray]:
    """Direct normal and diffuse of global radiation (doubles, W/m2), [h]: the same however warm the year is."""
    where = sun_at(latitude_deg, longitude_deg, _BEIJING_OFFSET_HOURS, _MID_HOUR)
    parts = split_global(np.frombuffer(light), where)
    for values in parts:
        values.flags.writeable = False
    return parts


@kept(maxsize=256)
def _of_stations(region: Region, city: str, table: str, column: str) -> float:
    """A figure of a city: its stations' by weight."""
    stations = region.table(table).by("station")
    rows = [r for r in region.table("weather/city_stations").rows() if r["city"] == city]
    return float(sum(r["weight_share"] * stations[r["station"]][column] for r in rows))


@kept(maxsize=64)
def _wind_m_per_s(region: Region, city: str) -> FloatArray:
    """Monthly normals with a daily swing, [h]."""
    swing, mean_hour = (region.number(LEAVES, name) for name in ("wind_daily_swing_share", "wind_mean_hour"))
    monthly = np.repeat(city_normals(region, city)["wind_m_per_s"], MONTH_DAYS)
    day = 1 + swing * np.sin(2 * np.pi * (np.arange(24) + 0.5 - mean_hour) / 24)
    wind = (monthly[:, None] * day).reshape(DAYS * 24)
    wind.flags.writeable = False
    return wind
