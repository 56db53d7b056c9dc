"""One weather year a place: temperature, sun, humidity and wind that every sector shares, so that a hot still
evening is hot and still everywhere.
"""

from dataclasses import dataclass

from services.common.arrays import FloatArray
from services.common.regions import Region


@dataclass(frozen=True)
class WeatherYear:
    """Hourly weather of a region, [p] as `Region.city_ids`, hours hour-starting in Beijing time."""

    name: str
    temperature_degc: FloatArray  # [p, h] outdoor dry-bulb
    global_radiation_w_per_m2: FloatArray  # [p, h] horizontal
    humidity_ratio_kg_per_kg: FloatArray  # [p, h]
    pv_share: FloatArray  # [h] output of the region's PV fleet over its capacity
    onshore_wind_share: FloatArray  # [h]
    offshore_wind_share: FloatArray  # [h]; zeros for an inland region


def weather_year(region: Region, name: str, warming_k: float = 0.0) -> WeatherYear:
    """The weather year of a region by name (normal, hot, cold, low_wind). Deterministic, cached."""
    raise NotImplementedError
