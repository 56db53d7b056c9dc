"""Monthly normals of a year of hourly weather, as `regions/national/weather/station_normals` holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, MONTH_DAYS
from services.common.moist_air import pressure_share, relative_humidity_share, saturation_pa
from services.common.weather import seasonal

_MONTH: Final = np.repeat(np.arange(12), MONTH_DAYS)
# By definition of HDD18 and CDD26.
_HEATING_BASE_DEGC: Final = 18.0
_COOLING_BASE_DEGC: Final = 26.0
# Design dry bulbs are passed in 99.6 % and 0.4 % of the hours (ASHRAE Handbook, Fundamentals).
_HEATING_DESIGN, _COOLING_DESIGN = 0.004, 0.996


@dataclass(frozen=True)
class StationYear:
    """Of a weather file what normals are made of: 8,760 hours from 1 January 00:00 local standard time."""

    name: str
    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    outdoor_degc: FloatArray
    global_w_per_m2: FloatArray  # on the horizontal
    humidity_ratio_kg_per_kg: FloatArray
    wind_m_per_s: FloatArray


def monthly_normals(year: StationYear) -> Mapping[str, FloatArray]:
    """Normals by column of station_normals, [month].

    The deviation of daily means is that about the seasonal curve through the monthly means, which is what the
    synthesis multiplies its anomalies by.
    """
    hours = year.outdoor_degc.reshape(DAYS, 24)
    daily = hours.mean(axis=1)
    means = _by_month(daily)
    about = daily - seasonal(means)
    at_sea = relative_humidity_share(year.outdoor_degc, year.humidity_ratio_kg_per_kg)
    vapour = at_sea * saturation_pa(year.outdoor_degc) * pressure_share(year.elevation_m)
    return {
        "mean_temperature_degc": means,
        "daily_range_k": _by_month(hours.max(axis=1) - hours.min(axis=1)),
        "daily_mean_deviation_k": np.array([about[m == _MONTH].std() for m in range(12)]),
        "vapour_pressure_pa": _by_month(vapour.reshape(DAYS, 24).mean(axis=1)),
        "global_radiation_kwh_per_m2": _by_month(year.global_w_per_m2.reshape(DAYS, 24).sum(axis=1) / 1e3)
        * np.array(MONTH_DAYS),
        "wind_m_per_s": _by_month(year.wind_m_per_s.reshape(DAYS, 24).mean(axis=1)),
    }


def yearly_figures(year: StationYear) -> Mapping[str, float]:
    """Figures by column of weather/stations."""
    daily = year.outdoor_degc.reshape(DAYS, 24).mean(axis=1)
    return {
        "latitude_deg": year.latitude_deg,
        "longitude_deg": year.longitude_deg,
        "elevation_m": year.elevation_m,
        "mean_degc": float(daily.mean()),
        "hdd18_k_d": float(np.maximum(_HEATING_BASE_DEGC - daily, 0.0).sum()),
        "cdd26_k_d": float(np.maximum(daily - _COOLING_BASE_DEGC, 0.0).sum()),
        "global_radiation_kwh_per_m2": float(year.global_w_per_m2.sum() / 1e3),
        "heating_design_degc": float(np.quantile(year.outdoor_degc, _HEATING_DESIGN)),
        "cooling_design_degc": float(np.quantile(year.outdoor_degc, _COOLING_DESIGN)),
    }


def _by_month(daily: FloatArray) -> FloatArray:
    return np.array([daily[m == _MONTH].mean() for m in range(12)])
