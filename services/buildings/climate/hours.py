"""Weather from hours: the checks every caller's series passes, whether sent as numbers or read from a file."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from services.buildings.climate.doors import HourlyWeather
from services.buildings.climate.place import LEAVES
from services.buildings.climate.sky import split_global, sun_at
from services.buildings.climate.weather import Sun, Weather
from services.common.arrays import FloatArray
from services.common.axes import FIRST_WEEKDAY, HOURS
from services.common.errors import Violation, invalid
from services.common.moist_air import (
    STANDARD_PRESSURE_PA,
    humidity_ratio_kg_per_kg,
    pressure_share,
    saturation_pa,
)
from services.common.regions import load_region, region_ids

# What weather on earth can be; beyond it a unit or a column is wrong. (lowest, highest, unit)
RANGES: Final[Mapping[str, tuple[float, float, str]]] = {
    "outdoor_degc": (-90.0, 70.0, "degC"),
    "global_horizontal_w_per_m2": (0.0, 1500.0, "W/m2"),
    "direct_normal_w_per_m2": (0.0, 1500.0, "W/m2"),
    "diffuse_horizontal_w_per_m2": (0.0, 1500.0, "W/m2"),
    "relative_humidity_share": (0.0, 1.1, "share, 0.6 for 60 %"),
    "wind_m_per_s": (0.0, 100.0, "m/s"),
}
CLOSURE: Final = (0.98, 1.02)
_DEGREES_PER_HOUR: Final = 15.0
_FARTHEST_ZONE_HOURS: Final = 4.0  # Kashgar keeps Beijing time three hours off its sun; none is farther


def hourly_weather(given: HourlyWeather, where: str) -> Weather:
    """The caller's hours as Weather. DomainError(INVALID_INPUT) with every violation."""
    series = {name: np.array(getattr(given, name), dtype=np.float64) for name in RANGES}
    optional = {name for name in RANGES if name not in ("outdoor_degc", "global_horizontal_w_per_m2")}
    found = [
        v
        for name, values in series.items()
        if not (name in optional and values.size == 0)
        for v in series_violations(values, name, f"{where}.{name}")
    ]
    direct, diffuse = series["direct_normal_w_per_m2"], series["diffuse_horizontal_w_per_m2"]
    if (direct.size == 0) != (diffuse.size == 0):
        missing = "direct_normal_w_per_m2" if direct.size == 0 else "diffuse_horizontal_w_per_m2"
        found.append(
            Violation(
                f"{where}.{missing}",
                "direct and diffuse radiation come together: send both, or neither to have global split",
                "none",
                f"{HOURS} values",
            )
        )
    found += zone_violations(given.longitude_deg, given.utc_offset_hours, where)
    if found:
        raise invalid(found)
    if not series["global_horizontal_w_per_m2"].any() and (direct.any() or diffuse.any()):
        dark = "no global radiation in the year beside direct and diffuse: send direct x cosine + diffuse"
        raise invalid([Violation(f"{where}.global_horizontal_w_per_m2", dark, "0 in every hour")])
    position = sun_at(given.latitude_deg, given.longitude_deg, given.utc_offset_hours, given.sun_minute)
    light = series["global_horizontal_w_per_m2"]
    notes = night_notes(light, position)
    closure = 1.0
    if direct.size == 0:
        direct, diffuse = split_global(light, position)
        notes += ("direct and diffuse radiation split from global after Erbs",)
    else:
        closure = closure_ratio(light, direct, diffuse, position)
        if not CLOSURE[0] <= closure <= CLOSURE[1]:
            notes += (
                f"direct and diffuse make {closure:.3f} of global radiation over the year, kept as sent: check "
                "sun_minute, longitude and utc_offset_hours, or send global alone",
            )
    humidity, humid_notes = humidity_ratio(
        series["outdoor_degc"], series["relative_humidity_share"], given.elevation_m
    )
    wind = series["wind_m_per_s"]
    if wind.size == 0:
        wind = np.full(HOURS, wind_when_unknown())
        notes += (f"no wind given: {wind[0]:g} m/s",)
    return Weather(
        "hours of the caller",
        given.latitude_deg,
        given.longitude_deg,
        given.elevation_m,
        given.utc_offset_hours,
        given.sun_minute,
        FIRST_WEEKDAY,
        series["outdoor_degc"],
        light,
        direct,
        diffuse,
        humidity,
        wind,
        closure_ratio=closure,
        notes=notes + humid_notes,
    )


def series_violations(values: FloatArray, name: str, field: str) -> list[Violation]:
    """What is wrong with a series of hours: its length, its values."""
    low, high, unit = RANGES[name]
    allowed = f"{low:g} to {high:g} {unit}"
    if values.shape != (HOURS,):
        return [Violation(field, f"one year of hours, {HOURS} values", f"{values.size} values", allowed)]
    bad = np.flatnonzero(~((values >= low) & (values <= high)))
    if bad.size == 0:
        return []
    told = ", ".join(f"{values[i]:g} at hour {i}" for i in bad[:5])
    more = f" and {bad.size - 5} more" if bad.size > 5 else ""
    return [Violation(field, "beyond what weather can be: check unit and column", told + more, allowed)]


def zone_violations(longitude_deg: float, utc_offset_hours: float, where: str) -> list[Violation]:
    """A time zone that cannot be that of the longitude."""
    own = longitude_deg / _DEGREES_PER_HOUR
    apart = abs((utc_offset_hours - own + 12) % 24 - 12)
    if apart <= _FARTHEST_ZONE_HOURS:
        return []
    return [
        Violation(
            f"{where}.utc_offset_hours",
            f"no place at {longitude_deg:g} degrees east keeps this time: west is negative",
            f"{utc_offset_hours:g}",
            f"within {_FARTHEST_ZONE_HOURS:g} h of {own:.1f}",
        )
    ]


def closure_ratio(light: FloatArray, direct: FloatArray, diffuse: FloatArray, where: Sun) -> float:
    """Beam on the horizontal and diffuse over global, sums of the year; 1 for a year without light."""
    total = float(light.sum())
    parts = float((direct * np.maximum(where.zenith_cosine, 0.0) + diffuse).sum())
    return parts / total if total > 0 else 1.0


def night_notes(light: FloatArray, where: Sun) -> tuple[str, ...]:
    """Tells of light in hours in which the sun is down from end to end."""
    down = where.zenith_cosine <= 0
    deep = down & np.roll(down, 1) & np.roll(down, -1)
    hours = int((light[deep] > 0).sum())
    if hours == 0:
        return ()
    share = light[deep].sum() / light.sum()
    return (
        f"global radiation above 0 in {hours} hours of night ({share:.2%} of the year's): taken as diffuse",
    )


def humidity_ratio(
    outdoor_degc: FloatArray, relative_humidity: FloatArray, elevation_m: float
) -> tuple[FloatArray, tuple[str, ...]]:
    """Water in the air, kg/kg [h], and notes; zeros when no humidity is given."""
    if relative_humidity.size == 0:
        return np.zeros(HOURS), ("no humidity given: no moisture is reckoned",)
    notes: tuple[str, ...] = ()
    above = int((relative_humidity > 1).sum())
    if above:
        notes = (f"relative humidity above 100 % in {above} hours: taken as 100 %",)
    pressure = STANDARD_PRESSURE_PA * pressure_share(elevation_m)
    vapour = np.minimum(relative_humidity, 1.0) * saturation_pa(outdoor_degc)
    # Above the boiling point of thin air no ratio exists; half vapour is far beyond any weather.
    vapour = np.minimum(vapour, 0.5 * pressure)
    return humidity_ratio_kg_per_kg(vapour, pressure), notes


def wind_when_unknown() -> float:
    """Wind where none is given, m/s."""
    return load_region(region_ids()[0]).number(LEAVES, "wind_when_unknown_m_per_s")
