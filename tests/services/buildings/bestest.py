"""The diagnostic cases of ANSI/ASHRAE Standard 140 as callers would describe them, and a year made for them.

One room of 8 m x 6 m x 2.7 m with 12 m2 of double glazing, light (600) or heavy (900); variants by shade (x10), windows
east and west (x20), night setback (x40), night ventilation (x50), no plant (FF).
"""

from functools import lru_cache
from typing import Any

import numpy as np

from services.buildings.climate.doors import HourlyWeather, WeatherSource
from services.buildings.zone.doors import SimulateZoneRequest
from services.buildings.zone.result import ZoneResult
from services.buildings.zone.simulate import simulate

CASES = (
    "600", "610", "620", "630", "640", "650", "600FF", "650FF",
    "900", "910", "920", "930", "940", "950", "900FF", "950FF",
)  # fmt: skip
# Lowest and highest of the programs in the standard's tables, on its own year: (heating, cooling) MWh
RANGES = {
    "600": ((4.296, 5.709), (6.137, 8.448)),
    "610": ((4.355, 5.786), (3.915, 6.139)),
    "620": ((4.613, 5.944), (3.417, 5.004)),
    "630": ((5.050, 6.469), (2.129, 3.701)),
    "640": ((2.751, 3.803), (5.952, 7.811)),
    "650": ((0.0, 0.0), (4.816, 6.545)),
    "900": ((1.170, 2.041), (2.132, 3.669)),
    "910": ((1.575, 2.282), (0.821, 1.872)),
    "920": ((3.313, 4.300), (1.840, 3.092)),
    "930": ((4.143, 5.335), (1.039, 2.238)),
    "940": ((0.793, 1.411), (2.079, 3.241)),
    "950": ((0.0, 0.0), (0.387, 0.921)),
}
_FILMS = {"outer_resistance_m2_k_per_w": 1 / 29.3, "inner_resistance_m2_k_per_w": 1 / 8.29}
_DAY_HOURS = range(7, 23)
_FAN_OFF = range(7, 18)


def layer(thickness: float, conductivity: float, density: float, specific_heat: float) -> dict[str, float]:
    """A layer with mass, SI units."""
    return {
        "thickness_m": thickness,
        "conductivity_w_per_m_k": conductivity,
        "density_kg_per_m3": density,
        "specific_heat_j_per_kg_k": specific_heat,
    }


_SIDING = layer(0.009, 0.14, 530, 900)
_WALL = {
    "6": [_SIDING, layer(0.066, 0.04, 12, 840), layer(0.012, 0.16, 950, 840)],
    "9": [_SIDING, layer(0.0615, 0.04, 10, 1400), layer(0.1, 0.51, 1400, 1000)],
}
_ROOF = [layer(0.019, 0.14, 530, 900), layer(0.1118, 0.04, 12, 840), layer(0.01, 0.16, 950, 840)]
_FLOOR = {
    "6": [{"resistance_m2_k_per_w": 25.075}, layer(0.025, 0.14, 650, 1200)],
    "9": [{"resistance_m2_k_per_w": 25.175}, layer(0.08, 1.13, 1400, 1000)],
}


def zone_of(case: str) -> dict[str, Any]:
    """The zone of a case, ready for the door."""
    mass, variant = case[0], case[1]
    side = variant in "23"
    walls = {"north": (0.0, 21.6), "east": (90.0, 16.2), "south": (180.0, 21.6), "west": (270.0, 16.2)}
    glazed = ("east", "west") if side else ("south",)
    area = 12.0 / len(glazed)
    surfaces = [
        {
            "surface_id": name, "boundary": "outdoor", "azimuth_deg": turn, "layers": _WALL[mass],
            "area_m2": whole - (area if name in glazed else 0.0), "solar_absorptance": 0.6, "emissivity": 0.9,
        } | _FILMS
        for name, (turn, whole) in walls.items()
    ]  # fmt: skip
    surfaces += [
        {"surface_id": "roof", "boundary": "outdoor", "tilt_deg": 0.0, "area_m2": 48.0, "layers": _ROOF,
         "solar_absorptance": 0.6, "emissivity": 0.9} | _FILMS,
        {"surface_id": "floor", "boundary": "ground", "area_m2": 48.0, "layers": _FLOOR[mass],
         "outer_resistance_m2_k_per_w": 0.0, "inner_resistance_m2_k_per_w": 1 / 8.29},
    ]  # fmt: skip
    zone: dict[str, Any] = {
        "floor_area_m2": 48.0,
        "volume_m3": 129.6,
        "surfaces": surfaces,
        "windows": [_window(name, walls[name][0], area, variant) for name in glazed],
        "infiltration_per_h": [0.5],
        "internal_gain_w": [200.0],
        "internal_convective_share": 0.4,
        "solar_lost_share": 0.035,
        "ground_degc": [10.0],
    }
    if variant == "5":
        zone["ventilation_m3_per_h"] = [0.0 if h in _FAN_OFF else 1703.16 for h in range(24)]
    if case.endswith("FF"):
        return zone
    zone["heating_setpoint_degc"] = [20.0]
    zone["cooling_setpoint_degc"] = [27.0]
    if variant == "4":
        zone["heating_setpoint_degc"] = [20.0 if h in _DAY_HOURS else 10.0 for h in range(24)]
    if variant == "5":
        zone["heating_setpoint_degc"] = []
        zone["cooling_setpoint_degc"] = [27.0 if h in _FAN_OFF else 99.0 for h in range(24)]
    return zone


def _window(name: str, turn: float, area: float, variant: str) -> dict[str, Any]:
    window: dict[str, Any] = {
        "window_id": name, "azimuth_deg": turn, "area_m2": area, "u_value_w_per_m2_k": 3.0,
        "solar_heat_gain_share": 0.789, "panes": 2,
    }  # fmt: skip
    if variant == "1":
        window["shade"] = {"overhang_depth_m": 1.0, "overhang_gap_m": 0.5, "window_height_m": 2.0}
    if variant == "3":
        window["shade"] = {
            "overhang_depth_m": 1.0, "overhang_gap_m": 0.5, "window_height_m": 2.0,
            "fin_depth_m": 1.0, "fin_gap_m": 0.0, "window_width_m": 3.0,
        }  # fmt: skip
    return window


def run_case(case: str, weather: WeatherSource, **changes: Any) -> ZoneResult:
    """A case through SimulateZone's doors."""
    zone = zone_of(case) | changes
    request = {"zone": zone, "weather": weather, "with_hours": True}
    return simulate(SimulateZoneRequest.model_validate(request))


@lru_cache(maxsize=1)
def high_plain() -> WeatherSource:
    """A made-up cold sunny year 1,650 m high at 40 degrees north: clear-sky sun, every fourth day dull, cosines of air."""
    import pandas as pd
    from pvlib.location import Location

    place = Location(39.8, -104.9, "Etc/GMT+7", 1650.0)
    times = pd.date_range("2021-01-01 00:30", periods=8760, freq="h", tz="Etc/GMT+7")
    sky = place.get_clearsky(times, model="ineichen", linke_turbidity=2.6)
    hour = np.arange(8760)
    day, clock = hour // 24, hour % 24
    dull = day % 4 == 3
    light = np.where(dull, 0.45, 0.97)
    beam = np.where(dull, 0.15, 0.92)
    outdoor = 9.7 - 12 * np.cos(2 * np.pi * (day - 20) / 365) + 7 * np.cos(2 * np.pi * (clock - 14.5) / 24)
    outdoor = outdoor + 5 * np.sin(2 * np.pi * day / 9)
    height = np.maximum(np.cos(np.radians(place.get_solarposition(times)["zenith"].to_numpy())), 0.0)
    direct = beam * sky["dni"].to_numpy()
    whole = np.maximum(light * sky["ghi"].to_numpy(), direct * height)
    return WeatherSource(
        hourly=HourlyWeather(
            latitude_deg=39.8,
            longitude_deg=-104.9,
            elevation_m=1650.0,
            utc_offset_hours=-7.0,
            outdoor_degc=tuple(outdoor.tolist()),
            global_horizontal_w_per_m2=tuple(whole.tolist()),
            direct_normal_w_per_m2=tuple(direct.tolist()),
            diffuse_horizontal_w_per_m2=tuple((whole - direct * height).tolist()),
        )
    )
