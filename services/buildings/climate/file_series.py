"""From a weather file's columns to a year of weather: calendar, gaps, the radiation's clock, closure."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.buildings.climate.hours import (
    CLOSURE,
    RANGES,
    closure_ratio,
    humidity_ratio,
    night_notes,
    series_violations,
    wind_when_unknown,
    zone_violations,
)
from services.buildings.climate.sky import DAY_OF_YEAR, split_global, sun_at
from services.buildings.climate.weather import Sun, Weather
from services.common.arrays import FloatArray
from services.common.axes import DAYS, HOURS, MONTH_DAYS
from services.common.errors import Violation, invalid
from services.common.regions import load_region, region_ids
from services.common.sun import above_air_w_per_m2

_LONGEST_GAP_HOURS: Final = 6
# At and beyond these a file means "missing" (EPW: 99.9, 999, 9999; older files 99990, 999900; TMY3: -9900).
_MISSING_FROM: Final = {"outdoor_degc": 99.9, "relative_humidity_share": 999.0, "wind_m_per_s": 999.0}
_MISSING_RADIATION: Final = 9999.0
_MISSING_BELOW: Final = -9000.0
_RADIATION: Final = ("global_horizontal_w_per_m2", "direct_normal_w_per_m2", "diffuse_horizontal_w_per_m2")
_USUAL_MINUTE: Final = 30.0  # EPW and TMY3 hold the sum over the hour
_SEARCH_MINUTES: Final = np.arange(-90.0, 91.0, 15.0)
_SURE_MINUTES: Final = 15.0  # clouds of one half of the day move the estimate by up to this
_ROUND_MINUTES: Final = 5.0
_CLEAREST_SHARE: Final = 0.25
_SAME_PLACE_DEG: Final = 0.25
_CLEARNESS: Final = (0.15, 0.8)
_FEBRUARY, _LEAP_DAY = 2, 29


@dataclass(frozen=True)
class FileColumns:
    """What a file holds, row by row, NaN or its own flags where it lacks a value."""

    name: str
    wmo: str
    first_weekday: int
    latitude_deg: float
    longitude_deg: float
    utc_offset_hours: float
    elevation_m: float
    series: dict[str, FloatArray]  # keys of hours.RANGES; humidity in per cent
    calendar: NDArray[np.int64]  # [3, row] month, day, hour from 0
    first_line: int  # line of the first row in the file
    years: int  # how many calendar years the rows come from


def weather_of_columns(given: FileColumns, where: str) -> Weather:
    """A year of weather. DomainError(INVALID_INPUT) with every violation; what was mended is in the notes."""
    kept, notes = _without_leap_day(given)
    found = zone_violations(given.longitude_deg, given.utc_offset_hours, where)
    lines = np.flatnonzero(~_leap(given)) + given.first_line
    calendar = _calendar_violations(kept, lines, where)
    if calendar:
        raise invalid(found + calendar)
    series, wrong, mended = _filled(kept.series, lines, where)
    if found or wrong:
        raise invalid(found + wrong)
    notes += mended + _origin_notes(given)
    minute, told = _sun_minute(given, series)
    place = given.latitude_deg, given.longitude_deg, given.utc_offset_hours
    light, direct, diffuse, closure, split = _radiation(series, sun_at(*place, minute))
    humidity, humid = humidity_ratio(
        series["outdoor_degc"],
        series.get("relative_humidity_share", np.zeros(0)),
        given.elevation_m,
    )
    notes += told + split + night_notes(light, sun_at(*place, minute)) + humid
    notes += _clearness_notes(light, given.latitude_deg, sun_at(*place, minute))
    return Weather(
        name=given.name,
        latitude_deg=given.latitude_deg,
        longitude_deg=given.longitude_deg,
        elevation_m=given.elevation_m,
        utc_offset_hours=given.utc_offset_hours,
        sun_minute=minute,
        first_weekday=given.first_weekday,
        outdoor_degc=series["outdoor_degc"],
        global_w_per_m2=light,
        direct_normal_w_per_m2=direct,
        diffuse_w_per_m2=diffuse,
        humidity_ratio_kg_per_kg=humidity,
        wind_m_per_s=series.get("wind_m_per_s", np.full(HOURS, wind_when_unknown())),
        closure_ratio=closure,
        notes=notes,
    )


def _leap(given: FileColumns) -> NDArray[np.bool_]:
    return np.asarray((given.calendar[0] == _FEBRUARY) & (given.calendar[1] == _LEAP_DAY))


def _without_leap_day(given: FileColumns) -> tuple[FileColumns, tuple[str, ...]]:
    leap = _leap(given)
    if not leap.any():
        return given, ()
    series = {name: values[~leap] for name, values in given.series.items()}
    return replace(given, series=series, calendar=given.calendar[:, ~leap]), ("29 February left out",)


def _calendar_violations(given: FileColumns, lines: NDArray[np.int64], where: str) -> list[Violation]:
    """Rows must be the hours of a year in order."""
    rows = given.calendar.shape[1]
    if rows != HOURS:
        return [
            Violation(
                where,
                "a year has 8,760 hours without 29 February: the file is cut, or is not hourly",
                f"{rows} hours",
                f"{HOURS} hours",
            )
        ]
    month = np.repeat(np.arange(1, 13), np.array(MONTH_DAYS) * 24)
    day = np.concatenate([np.repeat(np.arange(1, n + 1), 24) for n in MONTH_DAYS])
    expected = np.array([month, day, np.tile(np.arange(24), DAYS)])
    wrong = np.flatnonzero((given.calendar != expected).any(axis=0))
    if wrong.size == 0:
        return []
    first = int(wrong[0])
    m, d, h = given.calendar[:, first]
    return [
        Violation(
            f"{where}.line {lines[first]}",
            f"{wrong.size} hours are out of order: from 1 January hour 1 to 31 December hour 24",
            f"month {m} day {d} hour {h + 1}",
            f"month {expected[0, first]} day {expected[1, first]} hour {expected[2, first] + 1}",
        )
    ]


def _filled(
    given: dict[str, FloatArray], lines: NDArray[np.int64], where: str
) -> tuple[dict[str, FloatArray], list[Violation], tuple[str, ...]]:
    """Series without gaps; a series that the file lacks altogether is left out when weather can do without."""
    series: dict[str, FloatArray] = {}
    found: list[Violation] = []
    notes: tuple[str, ...] = ()
    gaps = {name: _missing(name, values) for name, values in given.items()}
    can_sum = not any(_longest(gaps[name]) > _LONGEST_GAP_HOURS for name in _RADIATION[1:])
    for name, values in given.items():
        gap = gaps[name]
        count, longest = int(gap.sum()), _longest(gap)
        if longest > _LONGEST_GAP_HOURS:
            optional = gap.all() and name in ("relative_humidity_share", "wind_m_per_s")
            if optional or name in _RADIATION[1:] or (name == _RADIATION[0] and gap.all() and can_sum):
                notes += (f"{name}: {count} hours missing, the series is not used",)
            else:
                found.append(_gap_violation(name, gap, lines, where))
            continue
        if count:
            hours = np.arange(HOURS)
            values = np.interp(hours, hours[~gap], values[~gap])
            notes += (f"{name}: {count} missing hours filled between their neighbours",)
        if name == "relative_humidity_share":
            values = values / 100.0
        found += _ranges(name, values, lines, where)
        series[name] = values
    return series, found, notes


def _missing(name: str, values: FloatArray) -> NDArray[np.bool_]:
    limit = _MISSING_FROM.get(name, _MISSING_RADIATION)
    return np.asarray(~np.isfinite(values) | (values >= limit) | (values <= _MISSING_BELOW))


def _longest(gap: NDArray[np.bool_]) -> int:
    """Length of the longest run of missing hours."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gap, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max()) if edges.size else 0


def _gap_violation(name: str, gap: NDArray[np.bool_], lines: NDArray[np.int64], where: str) -> Violation:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gap, [False]]).astype(np.int8)))
    long = [
        f"lines {lines[a]} to {lines[b - 1]}"
        for a, b in zip(edges[::2], edges[1::2], strict=True)
        if b - a > _LONGEST_GAP_HOURS
    ]
    more = f" and {len(long) - 3} more" if len(long) > 3 else ""
    return Violation(
        f"{where}.{name}",
        f"gaps longer than {_LONGEST_GAP_HOURS} h cannot be filled",
        ", ".join(long[:3]) + more,
        f"gaps up to {_LONGEST_GAP_HOURS} h",
    )


def _ranges(name: str, values: FloatArray, lines: NDArray[np.int64], where: str) -> list[Violation]:
    found = series_violations(values, name, f"{where}.{name}")
    if found:
        low, high, _ = RANGES[name]
        first = int(np.flatnonzero((values < low) | (values > high))[0])
        found = [replace(v, description=f"{v.description} (first in line {lines[first]})") for v in found]
    return found


def _sun_minute(given: FileColumns, series: dict[str, FloatArray]) -> tuple[float, tuple[str, ...]]:
    """The minute of the hour at which the sun fits the radiation best, on the clearest days (clouds that favour
    one half of the day pull the others)."""
    light = series.get(_RADIATION[0], series.get(_RADIATION[1]))
    if light is None or light.sum() <= 0:
        return _USUAL_MINUTE, ()
    place = given.latitude_deg, given.longitude_deg, given.utc_offset_hours
    heights = [np.maximum(sun_at.__wrapped__(*place, float(m)).zenith_cosine, 0.0) for m in _SEARCH_MINUTES]
    middle = heights[len(heights) // 2].reshape(DAYS, 24).sum(axis=1)
    daily = light.reshape(DAYS, 24).sum(axis=1) / np.maximum(middle, 1.0)
    clear = np.repeat(daily >= np.quantile(daily, 1 - _CLEAREST_SHARE), 24)
    fit = np.array([_correlation(light[clear], height[clear]) for height in heights])
    best = int(np.argmax(fit))
    if best in (0, len(fit) - 1):
        return _USUAL_MINUTE, (
            f"the radiation fits the sun nowhere from {_SEARCH_MINUTES[0]:g} to {_SEARCH_MINUTES[-1]:g} minutes after "
            f"the hour starts: it is taken at {_USUAL_MINUTE:g}; check radiation, place and time zone",
        )
    left, top, right = fit[best - 1 : best + 2]
    bend = left - 2 * top + right
    step = float(_SEARCH_MINUTES[1] - _SEARCH_MINUTES[0])
    minute = float(_SEARCH_MINUTES[best])
    minute += 0.5 * step * float((left - right) / bend) if bend < 0 else 0.0
    minute = _ROUND_MINUTES * round(minute / _ROUND_MINUTES)
    if abs(minute - _USUAL_MINUTE) <= _SURE_MINUTES:
        return _USUAL_MINUTE, (
            f"sun taken {_USUAL_MINUTE:g} minutes after the hour starts; the radiation fits best at {minute:g}",
        )
    return minute, (
        f"the radiation's clock is off: it fits the sun {minute:g} minutes after the hour starts, not "
        f"{_USUAL_MINUTE:g}; the sun is taken there",
    )


def _correlation(a: FloatArray, b: FloatArray) -> float:
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / norm if norm > 0 else -1.0


def _radiation(
    series: dict[str, FloatArray], where: Sun
) -> tuple[FloatArray, FloatArray, FloatArray, float, tuple[str, ...]]:
    """Global, direct, diffuse, closure and notes; the parts are made anew when they do not make the whole."""
    light, direct, diffuse = (series.get(name) for name in _RADIATION)
    if light is None or (light.sum() <= 0 and direct is not None and diffuse is not None):
        assert direct is not None and diffuse is not None  # else the gap of global was refused
        light = direct * np.maximum(where.zenith_cosine, 0.0) + diffuse
        return light, direct, diffuse, 1.0, ("global radiation made of direct and diffuse",)
    if direct is None or diffuse is None:
        return (
            light,
            *split_global(light, where),
            1.0,
            ("direct and diffuse radiation split from global after Erbs",),
        )
    closure = closure_ratio(light, direct, diffuse, where)
    if CLOSURE[0] <= closure <= CLOSURE[1]:
        return light, direct, diffuse, closure, ()
    return (
        light,
        *split_global(light, where),
        1.0,
        (
            f"direct and diffuse of the file make {closure:.3f} of its global radiation: global kept, split anew "
            "after Erbs",
        ),
    )


def _origin_notes(given: FileColumns) -> tuple[str, ...]:
    notes: tuple[str, ...] = ()
    if given.years > 1:
        notes += (f"rows come from {given.years} calendar years: a typical year",)
    stations = load_region(region_ids()[0]).table("weather/stations").by("wmo")
    known = stations.get(given.wmo)
    if known is not None:
        apart = max(
            abs(given.latitude_deg - known["latitude_deg"]), abs(given.longitude_deg - known["longitude_deg"])
        )
        if apart > _SAME_PLACE_DEG:
            notes += (
                f"the header's place lies {apart:.2f} degrees from station {given.wmo} {known['label_en']} "
                f"({known['latitude_deg']:g} north, {known['longitude_deg']:g} east); the header is used",
            )
    return notes


def _clearness_notes(light: FloatArray, latitude_deg: float, where: Sun) -> tuple[str, ...]:
    """Tells of months in which the sky let through more or less than skies do."""
    above = above_air_w_per_m2(DAY_OF_YEAR) * np.maximum(where.zenith_cosine, 0.0)
    month = np.concatenate([[0], np.cumsum(MONTH_DAYS)[:-1]]) * 24
    ratio = np.add.reduceat(light, month) / np.maximum(np.add.reduceat(above, month), 1.0)
    low, high = _CLEARNESS
    odd = [m + 1 for m in range(12) if not low < ratio[m] < high and abs(latitude_deg) < 60]
    if not odd:
        return ()
    months = ", ".join(map(str, odd))
    return (f"clearness outside {low:g} to {high:g} in month {months}: check the radiation's unit",)
