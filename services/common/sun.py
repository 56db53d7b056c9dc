"""Where the sun stands, from the day of the year and the clock in Beijing time. Day 1 is 1 January.

Declination: Cooper 1969; equation of time and distance factor: Duffie and Beckman, Solar Engineering.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.common.arrays import FloatArray

BEIJING_MERIDIAN_DEG: Final = 120.0
SOLAR_CONSTANT_W_PER_M2: Final = 1361.0

Days = NDArray[np.int64]


def declination_rad(day: Days) -> FloatArray:
    """Declination of the sun, rad, same shape as `day`."""
    return np.asarray(np.radians(23.45) * np.sin(2 * np.pi * (284 + day) / 365))


def hour_angle_rad(day: Days, clock_hours: FloatArray, longitude_deg: float) -> FloatArray:
    """Hour angle, rad, 0 at solar noon; `clock_hours` is Beijing time, broadcast against `day`."""
    angle = 2 * np.pi * (day - 81) / 364
    equation_min = 9.87 * np.sin(2 * angle) - 7.53 * np.cos(angle) - 1.5 * np.sin(angle)
    solar_hours = clock_hours + (4 * (longitude_deg - BEIJING_MERIDIAN_DEG) + equation_min) / 60
    return np.asarray(np.pi / 12 * (solar_hours - 12))


def above_air_w_per_m2(day: Days) -> FloatArray:
    """Radiation on a plane facing the sun above the air, W/m2, same shape as `day`."""
    return np.asarray(SOLAR_CONSTANT_W_PER_M2 * (1 + 0.033 * np.cos(2 * np.pi * day / 365)))
