"""Peaks of the region's charging by year, from the few hours in which they can stand.

Every charging shape has the same factor for weather and use on a day; so in each kind of day (weekday, weekend, Spring
Festival, October holiday) all shapes are highest on the same day, and the year's highest hour is in one of four days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from services.common.arrays import FloatArray
from services.common.outcome import FlexibleLoad
from services.common.recording import kept
from services.common.regions import load_region
from services.transport.base import SECTOR
from services.transport.charging.kernels import fill_days
from services.transport.charging.profiles import WEEKDAY, day_profiles
from services.transport.charging.shapes import load_shapes
from services.transport.charging.temperature import LEAVES, region_day_factors

_HOURS: Final = 24


@dataclass(frozen=True)
class PeakHours:
    """Charging shapes s in the hours that matter, share of the year's energy."""

    shapes: tuple[str, ...]
    mean_weekday: FloatArray  # [s, 24]
    highest_days: FloatArray  # [s, day, 24] the highest day of each kind
    evening: slice
    offpeak_share: FloatArray  # [s] share of the year's energy in the hours of the valley tariff


@kept(maxsize=16)
def peak_hours(region_id: str, weather_name: str) -> PeakHours:
    """The hours of a region and weather year."""
    region = load_region(region_id)
    profiles = day_profiles(region_id)
    at = [i for i, row in enumerate(profiles.rows) if row["temperature"]]
    shapes = load_shapes(region_id, weather_name)
    hourly = np.stack([shapes[i].hourly_share for i in at]).reshape(len(at), -1, _HOURS)
    weather = region_day_factors(region_id, weather_name)
    kinds = np.unique(profiles.day_factor[at], axis=1, return_inverse=True)[1].ravel()
    kinds = kinds * len(profiles.rows) + profiles.day_type
    days = [int(np.flatnonzero(kinds == k)[weather[kinds == k].argmax()]) for k in np.unique(kinds)]

    def hour_of(name: str) -> int:
        return int(region.number(LEAVES, name))

    hour = np.arange(_HOURS)
    valley = (hour >= hour_of("offpeak_first_hour")) | (hour < hour_of("offpeak_last_hour"))
    return PeakHours(
        shapes=tuple(str(profiles.rows[i]["shape"]) for i in at),
        mean_weekday=hourly[:, profiles.day_type == WEEKDAY].mean(axis=1),
        highest_days=np.ascontiguousarray(hourly[:, days]),
        evening=slice(hour_of("evening_first_hour"), hour_of("evening_last_hour") + 1),
        offpeak_share=hourly[:, :, valley].sum(axis=(1, 2)),
    )


@dataclass(frozen=True)
class Peaks:
    """Peaks of the region's charging, [y]."""

    evening_mw: FloatArray  # highest evening hour of the mean weekday, uncontrolled
    evening_hour: FloatArray  # that hour of the day
    highest_mw: FloatArray  # highest hour of the year, uncontrolled
    controlled_mw: FloatArray  # highest hour of the same day after control


def charging_peaks(hours: PeakHours, energy_mwh: FloatArray, loads: Sequence[FlexibleLoad]) -> Peaks:
    """Peaks from the region's charging by shape, MWh [s, y], and what may be moved.

    Control fills the valleys of charging itself; what is fed back is left out. Where an hour's plugged power is less
    than what would move, the rest stays.
    """
    weekday = energy_mwh.T @ hours.mean_weekday
    evening = weekday[:, hours.evening]
    days = hours.highest_days.shape[1]
    flat = hours.highest_days.reshape(len(hours.shapes), days * _HOURS)
    load = (energy_mwh.T @ flat).reshape(-1, days, _HOURS)
    highest = load.max(axis=2)
    day = highest.argmax(axis=1)
    year = np.arange(len(day))
    movable = np.zeros((len(day), days * _HOURS))
    cap = np.zeros(len(day))
    for one in loads:
        row = hours.shapes.index(one.shape_id.removeprefix(f"{SECTOR}."))
        movable += one.energy_mwh[:, None] * flat[row]
        cap += one.power_mw
    caps = np.repeat(cap[:, None], _HOURS, axis=1)
    moved = np.minimum(movable.reshape(load.shape)[year, day], caps)
    fixed = np.ascontiguousarray(load[year, day] - moved)
    placed = np.empty_like(fixed)
    fill_days(fixed, moved.sum(axis=1), caps, placed)
    return Peaks(
        evening_mw=evening.max(axis=1),
        evening_hour=evening.argmax(axis=1) + float(hours.evening.start),
        highest_mw=highest.max(axis=1),
        controlled_mw=(fixed + placed).max(axis=1),
    )


def evening_peak_mw(hours: PeakHours, energy_mwh: FloatArray) -> FloatArray:
    """Highest evening hour of the mean weekday, MW [y], of charging by shape, MWh [s, y]."""
    weekday = energy_mwh.T @ hours.mean_weekday[:, hours.evening]
    return np.asarray(weekday.max(axis=1))
