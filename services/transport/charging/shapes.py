"""Hourly shapes of transport; fixed weights, so that nothing in them depends on the scenario.

w[h] = week and holidays . use by month . temperature of the day . hours of the day type;  each shape sums to 1
"""

import numpy as np

from services.common.arrays import FloatArray
from services.common.digest import array_digest
from services.common.recording import kept
from services.common.words import Label, LoadShape
from services.transport.base import SECTOR
from services.transport.charging.profiles import DayProfiles, day_profiles
from services.transport.charging.temperature import region_day_factors


@kept(maxsize=16)
def load_shapes(region_id: str, weather_name: str) -> tuple[LoadShape, ...]:
    """The basis of a region and weather year."""
    profiles = day_profiles(region_id)
    weather = region_day_factors(region_id, weather_name)
    made = []
    for i, row in enumerate(profiles.rows):
        share = year_shape(profiles, i, weather)
        label = Label(row["label_zh"], row["label_en"])
        made.append(LoadShape(f"{SECTOR}.{row['shape']}", array_digest(share), row["cause"], label, share))
    return tuple(made)


def year_shape(profiles: DayProfiles, i: int, weather: FloatArray) -> FloatArray:
    """Share of the year's energy by hour of shape i under use times consumption by day, [h]."""
    day = profiles.day_factor[i]
    if profiles.rows[i]["temperature"]:
        day = day * weather
    hourly = (day[:, None] * profiles.hourly[i][profiles.day_type]).ravel()
    return np.ascontiguousarray(hourly / hourly.sum())
