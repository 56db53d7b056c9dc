"""Hourly shapes of transport; fixed weights, so that nothing in them depends on the scenario.

w[h] = sum over cities of weight . profile[hour of day] . week . holidays . f(T of the day);  each shape sums to 1
"""

from functools import lru_cache
from typing import Any

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS, FIRST_WEEKDAY
from services.common.digest import array_digest
from services.common.regions import Region, load_region
from services.common.weather import weather_year
from services.common.words import Label, LoadShape
from services.transport.base import SECTOR, SUBJECT, transport_base

_SATURDAY = 5


@lru_cache(maxsize=16)
def load_shapes(region_id: str, weather_name: str) -> tuple[LoadShape, ...]:
    """The basis of a region and weather year."""
    region = load_region(region_id)
    profiles = region.table("transport/day_profiles")
    temperature = _temperature_factor(region, weather_name)
    made = []
    for row in region.table("transport/load_shapes").rows():
        day = _week_and_holidays(region, row)
        if row["temperature"]:
            day = day * temperature
        hourly = (day[:, None] * profiles.numbers(row["profile"])).ravel()
        share = np.ascontiguousarray(hourly / hourly.sum())
        label = Label(row["label_zh"], row["label_en"])
        made.append(LoadShape(f"{SECTOR}.{row['shape']}", array_digest(share), row["cause"], label, share))
    return tuple(made)


def _temperature_factor(region: Region, weather_name: str) -> FloatArray:
    """Consumption of batteries over that in the comfort band, [day], cities weighted by automobiles.

    f = 1 + a max(0, T_low - T) + b max(0, T - T_high), T the day's mean
    """
    weight = transport_base(region.region_id).automobile_weight
    hourly = weather_year(region, weather_name).temperature_degc
    daily = hourly.reshape(len(weight), DAYS, 24).mean(axis=2)
    cold = region.number(SUBJECT, "cold_per_k") * np.maximum(
        region.number(SUBJECT, "cold_below_degc") - daily, 0
    )
    hot = region.number(SUBJECT, "hot_per_k") * np.maximum(
        daily - region.number(SUBJECT, "hot_above_degc"), 0
    )
    factor: FloatArray = (weight[:, None] * (1.0 + cold + hot)).sum(axis=0)
    return factor


def _week_and_holidays(region: Region, row: dict[str, Any]) -> FloatArray:
    """Factor of each day, [day]: weekends, Spring Festival and the October holiday."""
    day = np.arange(DAYS)
    factor = np.where((day + FIRST_WEEKDAY) % 7 >= _SATURDAY, row["weekend_factor"], 1.0)
    new_year = int(region.number("calendar", "lunar_new_year_day"))
    october = int(region.number("calendar", "october_holiday_first_day"))
    for first, length in (
        (new_year, int(region.number(SUBJECT, "holiday_days"))),
        (october, int(region.number("calendar", "october_holiday_days"))),
    ):
        factor[first : first + length] = row["holiday_factor"]
    return factor
