"""Zones and weather of the zone tests: simple enough to work out by hand."""

from typing import Any

import numpy as np

from services.buildings.climate.doors import HourlyWeather, WeatherSource
from services.buildings.zone.doors import SimulateZoneRequest
from services.buildings.zone.result import ZoneResult
from services.buildings.zone.simulate import simulate

HOURS = 8760
CONCRETE = {
    "thickness_m": 0.2,
    "conductivity_w_per_m_k": 1.7,
    "density_kg_per_m3": 2400.0,
    "specific_heat_j_per_kg_k": 900.0,
}
FOAM = {
    "thickness_m": 0.1,
    "conductivity_w_per_m_k": 0.04,
    "density_kg_per_m3": 30.0,
    "specific_heat_j_per_kg_k": 1400.0,
}
BOARD = {
    "thickness_m": 0.012,
    "conductivity_w_per_m_k": 0.16,
    "density_kg_per_m3": 950.0,
    "specific_heat_j_per_kg_k": 840.0,
}


def constant(outdoor_degc: float, humidity: float = 0.0, elevation_m: float = 0.0) -> WeatherSource:
    """A year without sun at one temperature."""
    moist = {"relative_humidity_share": (humidity,) * HOURS} if humidity else {}
    return WeatherSource(
        hourly=HourlyWeather(
            latitude_deg=32.0,
            longitude_deg=118.8,
            elevation_m=elevation_m,
            outdoor_degc=(outdoor_degc,) * HOURS,
            global_horizontal_w_per_m2=(0.0,) * HOURS,
            **moist,
        )
    )


def made_year() -> WeatherSource:
    """A made-up year at 32 degrees north: cosines of temperature, a clear or dull sun by turns, humid summers."""
    hour = np.arange(HOURS)
    day, clock = hour // 24, hour % 24
    season = -np.cos(2 * np.pi * (day - 20) / 365)
    outdoor = 15 + 12 * season + 4 * np.cos(2 * np.pi * (clock - 14.5) / 24) + 3 * np.sin(day)
    light = np.maximum(np.sin(np.pi * (clock + 0.5 - 6) / 12), 0) * (600 + 200 * season)
    light *= np.where(day % 3 == 0, 0.35, 1.0)
    return WeatherSource(
        hourly=HourlyWeather(
            latitude_deg=32.0,
            longitude_deg=118.8,
            outdoor_degc=tuple(outdoor.tolist()),
            global_horizontal_w_per_m2=tuple(light.tolist()),
            relative_humidity_share=tuple((0.7 + 0.1 * np.sin(day)).tolist()),
        )
    )


def plain(**changes: Any) -> dict[str, Any]:
    """A zone told by U values and values of mass: H_w 20, H_op 50 W/K, C 20 MJ/K, A_m 120, A_t 200 m2, 250 m3."""
    zone = {
        "floor_area_m2": 100.0,
        "volume_m3": 250.0,
        "surfaces": [
            {
                "surface_id": "walls",
                "boundary": "outdoor",
                "area_m2": 100.0,
                "azimuth_deg": 180.0,
                "u_value_w_per_m2_k": 0.5,
                "emissivity": 0.0,
            }
        ],
        "windows": [
            {
                "window_id": "south",
                "area_m2": 10.0,
                "azimuth_deg": 180.0,
                "u_value_w_per_m2_k": 2.0,
                "solar_heat_gain_share": 0.5,
            }
        ],
        "inner_surface_area_m2": 200.0,
        "thermal_mass": {"heat_capacity_j_per_k": 2e7, "mass_area_m2": 120.0},
        "infiltration_per_h": [0.5],
    }
    return zone | changes


def box(outer: list[dict[str, float]], **changes: Any) -> dict[str, Any]:
    """A house of 8 m x 6 m x 2.7 m with 12 m2 of south windows, all its opaque parts of the layers given."""
    walls = [("north", 0.0, 21.6), ("east", 90.0, 16.2), ("south", 180.0, 9.6), ("west", 270.0, 16.2)]
    parts = [
        {"surface_id": n, "boundary": "outdoor", "area_m2": a, "azimuth_deg": z, "layers": outer}
        for n, z, a in walls
    ]
    flat = [("roof", "outdoor", 0.0), ("floor", "ground", 180.0)]
    parts += [
        {"surface_id": n, "boundary": b, "area_m2": 48.0, "tilt_deg": t, "layers": outer} for n, b, t in flat
    ]
    zone = {
        "floor_area_m2": 48.0,
        "volume_m3": 129.6,
        "surfaces": parts,
        "windows": [
            {
                "window_id": "south",
                "area_m2": 12.0,
                "azimuth_deg": 180.0,
                "u_value_w_per_m2_k": 3.0,
                "solar_heat_gain_share": 0.789,
            }
        ],
        "infiltration_per_h": [0.5],
        "internal_gain_w": [200.0],
    }
    return zone | changes


def run(zone: dict[str, Any], weather: WeatherSource, with_hours: bool = True) -> ZoneResult:
    """Simulate a zone told as a dictionary."""
    request = {"zone": zone, "weather": weather, "with_hours": with_hours}
    return simulate(SimulateZoneRequest.model_validate(request))
