"""What a fleet offers hour by hour before any dispatch: series of wind and PV, import contracts; the calendar of hours.

Series that depend on region and weather only are kept; years scale them.
"""

from dataclasses import dataclass

import numpy as np

from services.common.arrays import FloatArray, IntArray
from services.common.axes import DAYS, HOURS, MONTH_DAYS
from services.common.recording import kept
from services.common.weather import weather_year
from services.power.fleet import Fleet, fleet_of

HOUR_OF_DAY = np.tile(np.arange(24), DAYS)
DAY_MONTH = np.repeat(np.arange(12), MONTH_DAYS).astype(np.int64)
HOUR_MONTH = np.repeat(DAY_MONTH, 24)
MONTH_START = np.concatenate([[0], np.cumsum(np.array(MONTH_DAYS) * 24)]).astype(np.int64)
DAY_START = (np.arange(DAYS + 1) * 24).astype(np.int64)
# Summer is May to October.
SUMMER = (HOUR_MONTH >= 4) & (HOUR_MONTH <= 9)


@dataclass(frozen=True)
class Series:
    """Hourly shares of capacity [h] of a region and weather year; imports [line, h] sum to 1 over the year."""

    onshore_wind: FloatArray
    offshore_wind: FloatArray
    far_offshore_wind: FloatArray
    utility_pv: FloatArray
    imports: FloatArray


@kept(maxsize=16)
def series_of(region_id: str, as_of_year: int, weather: str) -> Series:
    """Wind and PV of the weather year scaled so that the normal year gives the full-load hours of the fleet data."""
    fleet = fleet_of(region_id, as_of_year)
    normal = weather_year(fleet.region, "normal")
    now = weather_year(fleet.region, weather)

    def scaled(base: FloatArray, this: FloatArray, hours: str) -> FloatArray:
        return _stretch(base, fleet.number(hours), this)

    return Series(
        scaled(normal.onshore_wind_share, now.onshore_wind_share, "onshore_wind_full_load_hours"),
        scaled(normal.offshore_wind_share, now.offshore_wind_share, "offshore_wind_full_load_hours"),
        scaled(normal.offshore_wind_share, now.offshore_wind_share, "far_offshore_wind_full_load_hours"),
        scaled(normal.pv_share, now.pv_share, "utility_pv_full_load_hours"),
        np.array([_contract(fleet, line.season_amplitude) for line in fleet.lines]),
    )


def _stretch(base: FloatArray, hours: float, this: FloatArray) -> FloatArray:
    """this * factor, cut at full output, the factor such that `base` gives the full-load hours."""
    total = float(base.sum())
    if total <= 0.0:
        return np.zeros(HOURS)
    factor = hours / total
    for _ in range(50):
        reached = float(np.minimum(base * factor, 1.0).sum())
        factor *= hours / reached
    return np.minimum(this * factor, 1.0)


def _contract(fleet: Fleet, season_amplitude: float) -> FloatArray:
    """Import contract: higher by day and in the season of high load; sums to 1."""
    day = np.arange(HOURS) // 24
    high = (fleet.number("import_day_first_hour") <= HOUR_OF_DAY) & (
        fleet.number("import_day_last_hour") > HOUR_OF_DAY
    )
    swing = np.where(high, 1.0, fleet.number("import_night_factor"))
    season = np.cos(2 * np.pi * (day - fleet.number("import_peak_day")) / DAYS)
    shape = (1 + fleet.number("import_day_amplitude") * swing) * (1 + season_amplitude * season)
    shape = np.maximum(shape, 0.0)
    return np.asarray(shape / shape.sum())


def hours_of_day(first_hour: int) -> IntArray:
    """The 24 hours from first_hour on."""
    return np.arange(first_hour, first_hour + 24, dtype=np.int32)
