"""A zone of the heat balance per m2 of floor: conductances, gains and ventilation of an archetype and envelope."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from services.buildings.climate.place import city_weather
from services.buildings.climate.sky import plane_irradiance
from services.buildings.envelopes import Envelope
from services.buildings.equipment import Equipment, cooling_equipment, heating_equipment
from services.buildings.use import PHYSICS, schedule
from services.common.arrays import FloatArray
from services.common.axes import DAYS, MONTH_DAYS
from services.common.recording import kept
from services.common.regions import Region
from services.common.weather import WeatherYear

_MONTH = np.repeat(np.arange(1, 13), np.array(MONTH_DAYS) * 24)
_VERTICAL_SKY = 0.5
# azimuth and tilt, degrees: walls north, east, south, west; the roof lies flat
_PLANES: Final = ((0.0, 90.0), (90.0, 90.0), (180.0, 90.0), (270.0, 90.0), (180.0, 0.0))


@dataclass(frozen=True)
class Climate:
    """A city's year as the zones see it, [h]."""

    outdoor: FloatArray  # degC
    daily_mean: FloatArray  # degC [day]
    planes: FloatArray  # W/m2 [plane, h]
    humidity: FloatArray  # kg/kg
    coldest_hours: NDArray[np.intp]  # the coldest hours of the year
    heating: Equipment  # by heating system, [k, h]
    cooling_residential: FloatArray  # 1/EER by cooling system, [j, h]
    cooling_public: FloatArray


@dataclass(frozen=True)
class Zone:
    """Inputs of `zone_kernels.simulate_zone` that do not depend on set-points."""

    windows: float  # W/(m2 K)
    opaque: float  # W/(m2 K)
    gain_air: FloatArray  # W/m2 [h]
    gain_radiant: FloatArray  # W/m2 [h]
    ventilation: FloatArray  # W/(m2 K) [h]
    latent: FloatArray  # W/m2 [h]


@kept(maxsize=8)
def physics(region: Region) -> Mapping[str, float]:
    """Parameters of the heat balance and of equipment by name."""
    return {name: leaf.number() for name, leaf in region.leaves(PHYSICS).items()}


def climate(region: Region, year: WeatherYear, p: int, usual_degc: FloatArray | None = None) -> Climate:
    """Weather of a city with equipment in it, sized for a usual year's temperatures (this one's when not given)."""
    per = physics(region)
    outdoor = np.ascontiguousarray(year.temperature_degc[p])
    design_degc = float(np.quantile(outdoor if usual_degc is None else usual_degc, per["design_hours_share"]))
    weather = city_weather(region, year, p)
    planes = np.array(
        [plane_irradiance(weather, *plane, per["ground_albedo"]).total for plane in _PLANES],
    )
    return Climate(
        outdoor,
        outdoor.reshape(DAYS, 24).mean(axis=1),
        planes,
        year.humidity_ratio_kg_per_kg[p],
        np.flatnonzero(outdoor <= np.quantile(outdoor, per["coldest_hours_share"])),
        heating_equipment(per, outdoor, year.humidity_ratio_kg_per_kg[p], design_degc),
        cooling_equipment(per, outdoor, per["eer_carnot_share_residential"]),
        cooling_equipment(per, outdoor, per["eer_carnot_share_public"]),
    )


def make_zone(
    region: Region, archetype: Mapping[str, Any], envelope: Envelope, name: str, place: Climate
) -> Zone:
    """The zone of an archetype with an envelope in a climate; `name` is its schedule."""
    per = physics(region)
    dwelling = name == "res"
    glass = {k: archetype[f"window_{k}_m2_per_m2"] for k in "nesw"}
    window_area = sum(glass.values())
    wall, roof = archetype["wall_m2_per_m2"], archetype["roof_m2_per_m2"]
    u_wall, u_roof = envelope.u_wall, envelope.u_roof
    opaque = (
        u_wall * wall
        + u_roof * roof
        + per["ground_factor"] * envelope.u_floor * roof
        + per["bridge_w_per_m2_k"] * (wall + window_area)
    )
    occupancy = schedule(region.region_id, name, "occ")
    people = occupancy / archetype["floor_m2_per_person"]
    internal = (
        per["person_heat_w"] * people
        + archetype["lighting_w_per_m2"] * schedule(region.region_id, name, "light")
        + archetype["equipment_w_per_m2"] * schedule(region.region_id, name, "equip")
    )
    air = _air_m3_per_h(per, archetype, envelope, people, place.outdoor, dwelling)
    # Air drier than comfort carries the moisture of people away.
    moisture = place.humidity - per["comfort_humidity_kg_per_kg"]
    latent = np.maximum(per["latent_heat_wh_per_m3"] * air * moisture + per["person_latent_w"] * people, 0.0)
    return Zone(
        envelope.u_window * window_area,
        opaque,
        0.5 * internal,
        0.5 * internal + _solar(per, archetype, envelope, glass, place.planes),
        np.ascontiguousarray(per["air_heat_wh_per_m3_k"] * air),
        np.zeros_like(latent) if dwelling else np.ascontiguousarray(latent),
    )


def _air_m3_per_h(
    per: Mapping[str, float],
    archetype: Mapping[str, Any],
    envelope: Envelope,
    people: FloatArray,
    outdoor: FloatArray,
    dwelling: bool,
) -> FloatArray:
    """Air exchanged per m2 of floor, m3/h [h]."""
    volume = per["volume_share_of_height"] * archetype["storey_height_m"]
    leak = envelope.air_change_per_h * volume
    if not dwelling:
        running = people > 0
        fresh = archetype["fresh_air_m3_per_h_person"] * people
        return np.asarray(leak * np.where(running, per["running_infiltration_share"], 1.0) + fresh)
    mild = (outdoor > per["natural_low_degc"]) & (outdoor < per["natural_high_degc"])
    mild &= _in_months(per, "open_window")
    return np.asarray(np.where(mild, max(per["natural_air_change_per_h"] * volume, leak), leak))


def _in_months(per: Mapping[str, float], name: str) -> NDArray[np.bool_]:
    """Hours of the months from first to last, [h]."""
    first, last = per[f"{name}_first_month"], per[f"{name}_last_month"]
    return np.asarray((first <= _MONTH) & (last >= _MONTH))


def _solar(
    per: Mapping[str, float],
    archetype: Mapping[str, Any],
    envelope: Envelope,
    glass: dict[str, float],
    planes: FloatArray,
) -> FloatArray:
    """Solar gain through glass and opaque parts less loss to the sky, W/m2 [h]."""
    through = envelope.shgc * (1 - per["window_frame_share"]) * per["glass_incidence_factor"]
    shade = np.where(_in_months(per, "shading"), per["summer_shading_factor"], 1.0)
    resistance = per["outer_surface_resistance_m2_k_per_w"]
    wall = envelope.u_wall * archetype["wall_m2_per_m2"]
    roof = envelope.u_roof * archetype["roof_m2_per_m2"]
    window = envelope.u_window * sum(glass.values())
    gain = shade * through * sum(area * planes[i] for i, area in enumerate(glass.values()))
    gain = gain + resistance * per["wall_absorptance"] * wall * planes[:4].mean(axis=0)
    gain = gain + resistance * per["roof_absorptance"] * roof * planes[4]
    sky = resistance * per["sky_radiation_w_per_m2"] * (_VERTICAL_SKY * (wall + window) + roof)
    return np.ascontiguousarray(gain - sky)
