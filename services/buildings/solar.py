"""Sun on walls and windows: global radiation split after Erbs, isotropic sky, five planes."""

import numpy as np

from services.common.arrays import FloatArray
from services.common.axes import DAYS
from services.common.sun import above_air_w_per_m2, declination_rad, hour_angle_rad

_AZIMUTH_DEG = (0.0, 90.0, 180.0, 270.0)


def plane_radiation(
    global_w_per_m2: FloatArray,
    latitude_deg: float,
    longitude_deg: float,
    ground_albedo: float,
    lowest_sun_cosine: float,
) -> FloatArray:
    """Radiation on planes north, east, south, west and on the roof, W/m2 [plane, h], from global horizontal [h].

    With the sun lower than `lowest_sun_cosine` all radiation counts as diffuse.
    """
    cos_zenith, cos_planes, above = _sun(latitude_deg, longitude_deg)
    up = cos_zenith > lowest_sun_cosine
    clearness = np.where(up, global_w_per_m2 / np.maximum(above * cos_zenith, 1.0), 0.0)
    diffuse = global_w_per_m2 * np.where(up, _erbs(np.clip(clearness, 0.0, 1.0)), 1.0)
    beam = np.where(up, (global_w_per_m2 - diffuse) / np.maximum(cos_zenith, lowest_sun_cosine), 0.0)
    walls = beam * np.maximum(cos_planes, 0.0) + 0.5 * (diffuse + ground_albedo * global_w_per_m2)
    return np.concatenate([walls, global_w_per_m2[None, :]])


def _erbs(k: FloatArray) -> FloatArray:
    """Diffuse share of global radiation at a clearness index (Erbs, Klein and Duffie 1982)."""
    middle = 0.9511 - 0.1604 * k + 4.388 * k**2 - 16.638 * k**3 + 12.336 * k**4
    return np.where(k <= 0.22, 1 - 0.09 * k, np.where(k <= 0.8, middle, 0.165))


def _sun(latitude_deg: float, longitude_deg: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Cosine of zenith [h], of incidence on walls [4, h], and radiation above the air W/m2 [h], at mid-hour."""
    day = np.repeat(np.arange(1, DAYS + 1), 24)
    clock = np.tile(np.arange(24) + 0.5, DAYS)
    omega = hour_angle_rad(day, clock, longitude_deg)
    delta = declination_rad(day)
    phi = np.radians(latitude_deg)
    cos_zenith = np.sin(phi) * np.sin(delta) + np.cos(phi) * np.cos(delta) * np.cos(omega)
    south = np.sin(phi) * np.cos(delta) * np.cos(omega) - np.cos(phi) * np.sin(delta)
    west = np.cos(delta) * np.sin(omega)
    cos_planes = np.array(
        [-np.cos(np.radians(a)) * south - np.sin(np.radians(a)) * west for a in _AZIMUTH_DEG]
    )
    return cos_zenith, cos_planes, above_air_w_per_m2(day)
