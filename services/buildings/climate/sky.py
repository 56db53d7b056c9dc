"""Sun and sky: where the sun stands, the split of global radiation, and radiation on a tilted plane.

pvlib does the astronomy and the sky model (Perez, Ineichen, Seals, Michalsky and Stewart 1990, coefficients
allsitescomposite1990; split after Erbs, Klein and Duffie 1982). It is imported on first use: it costs a second.
"""

import hashlib
from functools import lru_cache
from typing import Final

import numpy as np

from services.buildings.climate.weather import PlaneIrradiance, Sun, Weather
from services.common.arrays import FloatArray
from services.common.axes import DAYS, HOURS

_SUN_YEAR: Final = 2021  # any common year: the sun's height differs by at most 0.2 degrees between years
DAY_OF_YEAR: Final = np.repeat(np.arange(1, DAYS + 1), 24)


def sun(weather: Weather) -> Sun:
    """Where the sun stands at `sun_minute` of every hour, [h], arrays read-only. No refraction. Cached by place."""
    return sun_at(
        weather.latitude_deg,
        weather.longitude_deg,
        weather.utc_offset_hours,
        weather.sun_minute,
    )


@lru_cache(maxsize=64)
def sun_at(latitude_deg: float, longitude_deg: float, utc_offset_hours: float, minute: float) -> Sun:
    """The same for a place and a minute of the hour (which may lie in the hour before or after)."""
    import pandas as pd
    from pvlib.solarposition import ephemeris

    seconds = 60.0 * minute - 3600.0 * utc_offset_hours
    start = pd.Timestamp(f"{_SUN_YEAR}-01-01", tz="UTC") + pd.Timedelta(seconds=seconds)
    times = pd.date_range(start, periods=HOURS, freq="h")
    found = ephemeris(times, latitude_deg, longitude_deg)
    cosine = np.cos(np.radians(found["zenith"].to_numpy(dtype=np.float64)))
    return Sun(_frozen(cosine), _frozen(found["azimuth"].to_numpy(dtype=np.float64)))


def split_global(global_w_per_m2: FloatArray, where: Sun) -> tuple[FloatArray, FloatArray]:
    """Direct normal and diffuse horizontal radiation from global, W/m2 [h], after Erbs.

    direct x cosine + diffuse = global in every hour; all is diffuse when the sun is lower than 3 degrees.
    """
    from pvlib.irradiance import erbs

    with np.errstate(divide="ignore", invalid="ignore"):
        parts = erbs(global_w_per_m2, _zenith_deg(where), DAY_OF_YEAR)
    return np.asarray(parts["dni"]), np.asarray(parts["dhi"])


def plane_irradiance(
    weather: Weather, azimuth_deg: float, tilt_deg: float, ground_albedo: float
) -> PlaneIrradiance:
    """Sun, sky and ground on a plane, W/m2 [h], arrays read-only; azimuth clockwise from north, tilt from flat.

    No beam when the sun is down; light of hours whose middle the sun misses comes evenly from the sky.
    Cached by the weather's radiation and place.
    """
    return _planes(_Content(weather), float(azimuth_deg), float(tilt_deg), float(ground_albedo))


class _Content:
    """A weather that equals another when its radiation and the sun's path do."""

    def __init__(self, weather: Weather) -> None:
        self.weather = weather
        sha = hashlib.sha256()
        for values in (weather.global_w_per_m2, weather.direct_normal_w_per_m2, weather.diffuse_w_per_m2):
            sha.update(np.ascontiguousarray(values, dtype="<f8").tobytes())
        place = (weather.latitude_deg, weather.longitude_deg, weather.utc_offset_hours, weather.sun_minute)
        self.key = (sha.digest(), *map(float, place))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.key == other.key


@lru_cache(maxsize=128)
def _planes(content: _Content, azimuth_deg: float, tilt_deg: float, ground_albedo: float) -> PlaneIrradiance:
    from pvlib.atmosphere import get_relative_airmass
    from pvlib.irradiance import get_extra_radiation, perez

    weather = content.weather
    where = sun(weather)
    zenith = _zenith_deg(where)
    up = where.zenith_cosine > 0
    incidence = incidence_cosine(where, azimuth_deg, tilt_deg)
    diffuse = weather.diffuse_w_per_m2
    with np.errstate(divide="ignore", invalid="ignore"):
        sky = perez(
            tilt_deg,
            azimuth_deg,
            diffuse,
            weather.direct_normal_w_per_m2,
            get_extra_radiation(DAY_OF_YEAR),
            zenith,
            where.azimuth_deg,
            get_relative_airmass(np.where(up, zenith, np.nan)),
            model="allsitescomposite1990",
        )
    tilt_cosine = np.cos(np.radians(tilt_deg))
    even = 0.5 * diffuse * (1 + tilt_cosine)
    return PlaneIrradiance(
        beam=_frozen(weather.direct_normal_w_per_m2 * incidence),
        sky=_frozen(np.where(up & (diffuse > 0), np.nan_to_num(sky), even)),
        ground=_frozen(0.5 * ground_albedo * weather.global_w_per_m2 * (1 - tilt_cosine)),
        incidence_cosine=_frozen(incidence),
    )


def incidence_cosine(where: Sun, azimuth_deg: float, tilt_deg: float) -> FloatArray:
    """Cosine of the angle between sun and the plane's normal, [h]; 0 when the sun is behind the plane or down."""
    height = where.zenith_cosine
    across = np.sqrt(np.maximum(1 - height**2, 0.0)) * np.cos(np.radians(where.azimuth_deg - azimuth_deg))
    tilt = np.radians(tilt_deg)
    cosine = np.cos(tilt) * height + np.sin(tilt) * across
    return np.where(height > 0, np.clip(cosine, 0.0, 1.0), 0.0)


def _zenith_deg(where: Sun) -> FloatArray:
    return np.asarray(np.degrees(np.arccos(np.clip(where.zenith_cosine, -1.0, 1.0))))


def _frozen(values: FloatArray) -> FloatArray:
    out = np.ascontiguousarray(values, dtype=np.float64)
    out.flags.writeable = False
    return out
