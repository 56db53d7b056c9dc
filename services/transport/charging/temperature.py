"""What the weather does to charging: a battery vehicle needs more per km in the cold and in the heat.

f = 1 + a max(0, T_low - T) + b max(0, T - T_high), T the day's mean; the tables of energy per km hold the mean of the
normal year over the region, so only the ratio to that mean acts.
"""

from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, MONTH_DAYS
from services.common.recording import kept
from services.common.regions import Region, load_region
from services.common.weather import weather_year
from services.transport.base import transport_base

LEAVES: Final = "transport/charging"
NORMAL: Final = "normal"


def consumption_factor(region: Region, day_mean_degc: FloatArray) -> FloatArray:
    """Consumption of batteries over that in the comfort band, [..., day], from daily means in degC."""
    cold = np.maximum(region.number(LEAVES, "cold_below_degc") - day_mean_degc, 0.0)
    hot = np.maximum(day_mean_degc - region.number(LEAVES, "hot_above_degc"), 0.0)
    factor: FloatArray = (
        1.0 + region.number(LEAVES, "cold_per_k") * cold + region.number(LEAVES, "hot_per_k") * hot
    )
    return factor


def city_day_means(region: Region, weather_name: str) -> FloatArray:
    """Daily mean temperature of the cities, degC [p, day]."""
    hourly = weather_year(region, weather_name).temperature_degc
    means: FloatArray = hourly.reshape(len(region.city_ids), DAYS, 24).mean(axis=2)
    return means


def use_by_day(region: Region) -> FloatArray:
    """Distance of each day over the year's mean, [day], between the middles of the months; its mean is 1."""
    by_month = region.table("transport/charging_months").numbers("use_factor")
    middle = np.cumsum(MONTH_DAYS) - np.array(MONTH_DAYS) / 2
    by_day = np.interp(np.arange(DAYS) + 0.5, middle, by_month, period=DAYS)
    normed: FloatArray = by_day / by_day.mean()
    return normed


@kept(maxsize=16)
def city_day_factors(region_id: str, weather_name: str) -> FloatArray:
    """Use times consumption of each day by city, [p, day]; read only."""
    region = load_region(region_id)
    factors = use_by_day(region) * consumption_factor(region, city_day_means(region, weather_name))
    factors.flags.writeable = False
    return factors


def region_day_factors(region_id: str, weather_name: str) -> FloatArray:
    """The same over the region, cities weighted by automobiles, [day]."""
    weight = transport_base(region_id).automobile_weight
    return np.asarray((weight[:, None] * city_day_factors(region_id, weather_name)).sum(axis=0))


@kept(maxsize=16)
def charging_ratio(region_id: str, as_of_year: int, weather_name: str) -> FloatArray:
    """Charging of a city and weather year over that of the normal year of the region, [p, c].

    Cities are weighted by each class' vehicles of 2020, so that the normal year leaves the region's charging of 2020
    as it was calibrated.
    """
    base = transport_base(region_id, as_of_year)
    vehicles = base.stock_count.sum(axis=2)
    share = vehicles / vehicles.sum(axis=0)
    normal = city_day_factors(region_id, NORMAL).mean(axis=1)
    own = city_day_factors(region_id, weather_name).mean(axis=1)
    ratio: FloatArray = own[:, None] / (share * normal[:, None]).sum(axis=0)
    ratio.flags.writeable = False
    return ratio
