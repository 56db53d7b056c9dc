"""Air through the zone: leakage, open windows, fans with heat recovery, density by height, moisture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.buildings.climate.weather import Weather
from services.buildings.zone.doors import NaturalVentilation, Zone
from services.buildings.zone.physics import physics
from services.buildings.zone.profiles import MONTH
from services.common.arrays import FloatArray
from services.common.moist_air import pressure_share
from services.common.sent_series import hours_of

HourMask = NDArray[np.bool_]
_SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class AirFlow:
    """Air of the year, [h]."""

    conductance_w_per_k: FloatArray  # H_ve, heat recovery taken off
    latent_w: FloatArray  # heat of drying outdoor air to comfort, and of moisture made inside


def air_flow(zone: Zone, weather: Weather, closed: HourMask) -> AirFlow:
    """Ventilation of the zone; windows stay shut in the hours that are `closed`.

    Open windows set the air change where they give more than leakage does. Heat recovery acts on the air of fans in
    every hour (no bypass) and recovers no moisture.
    """
    per = physics()
    day = weather.first_weekday
    leak = hours_of(zone.infiltration_per_h, day, 0.0)
    if zone.natural_ventilation is not None:
        opened = zone.natural_ventilation
        is_open = open_hours(opened, weather.outdoor_degc) & ~closed
        leak = np.where(is_open, np.maximum(leak, opened.air_change_per_h), leak)
    own = leak * zone.volume_m3
    fans = hours_of(zone.ventilation_m3_per_h, day, 0.0)
    density = air_density(0.0 if zone.air_density_by_elevation is False else weather.elevation_m)
    per_m3 = density / _SECONDS_PER_HOUR
    conductance = (own + (1 - zone.heat_recovery_share) * fans) * per_m3 * per["air_heat_j_per_kg_k"]
    comfort = zone.comfort_humidity_kg_per_kg
    comfort = per["comfort_humidity_kg_per_kg"] if comfort is None else comfort
    made = hours_of(zone.latent_gain_w, day, 0.0)
    if not weather.humidity_ratio_kg_per_kg.any():  # unknown, not dry
        return AirFlow(np.ascontiguousarray(conductance), made)
    wet = weather.humidity_ratio_kg_per_kg - comfort  # drier outdoor air carries moisture made inside away
    latent = (own + fans) * per_m3 * per["evaporation_heat_j_per_kg"] * wet + made
    return AirFlow(np.ascontiguousarray(conductance), np.maximum(latent, 0.0))


def open_hours(rule: NaturalVentilation, outdoor_degc: FloatArray) -> HourMask:
    """True in hours in which windows may be open, [h]."""
    month = MONTH + 1
    if rule.first_month <= rule.last_month:
        season = (month >= rule.first_month) & (month <= rule.last_month)
    else:
        season = (month >= rule.first_month) | (month <= rule.last_month)
    return np.asarray(season & (outdoor_degc > rule.above_degc) & (outdoor_degc < rule.below_degc))


def air_density(elevation_m: float) -> float:
    """Density of air at a height, kg/m3 (standard atmosphere's pressure, room temperature)."""
    per = physics()
    return per["air_density_kg_per_m3"] * pressure_share(elevation_m)
