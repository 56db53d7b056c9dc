"""Useful heat and cooling per m2 by city, type, standard and use; and the hours in which they fall.

Every archetype x standard x usage mode x city runs through the 5R1C kernel once a process; scenarios combine the
results by area, mode shares, set-points and warming (linear between the simulated points).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from services.buildings.base import PUBLIC_TYPES, STANDARDS, StockBase, stock_base
from services.buildings.kernels import simulate_zone
from services.buildings.use import mode_setpoints, public_setpoints
from services.buildings.zones import Climate, Zone, climate, make_zone, physics
from services.common.arrays import FloatArray
from services.common.axes import HOURS
from services.common.regions import Region, load_region
from services.common.weather import weather_year

HEAT, COOL, HEAT_PUMP, COOLING = range(4)  # useful heat, useful cooling, and electricity of each
_WARM_UP_HOURS = 480
_START_DEGC = 16.0
_NEVER = 99.0


@dataclass(frozen=True)
class Intensities:
    """kWh per m2 of floor; last axis HEAT, COOL, HEAT_PUMP, COOLING."""

    warming_k: FloatArray  # [w]
    setpoints_degc: FloatArray  # [2 (heating, cooling), 2 (low, high)]
    residential: FloatArray  # [2 (urban, rural), g, mode, p, w, 4]
    public: FloatArray  # [type, g, set-point, p, w, 4]
    hourly: FloatArray  # [4, h] MWh of the base stock: residential heat, cooling; public heat, cooling


class _Buffers:
    def __init__(self) -> None:
        self.air, self.heat, self.cool = np.zeros(HOURS), np.zeros(HOURS), np.zeros(HOURS)
        self.sums = np.zeros(4)


@lru_cache(maxsize=8)
def intensities(region_id: str, weather: str) -> Intensities:
    """All intensities of a region in a weather year."""
    region = load_region(region_id)
    base = stock_base(region_id)
    per = physics(region)
    warming = np.array([0.0, per["warming_grid_middle_k"], per["warming_grid_high_k"]])
    setpoints = np.array(
        [
            [per["setpoint_low_heat_degc"], per["setpoint_high_heat_degc"]],
            [per["setpoint_low_cool_degc"], per["setpoint_high_cool_degc"]],
        ]
    )
    modes = region.table("buildings/usage_modes").rows()
    places, grades = len(region.city_ids), len(STANDARDS)
    found = Intensities(
        warming,
        setpoints,
        np.zeros((2, grades, len(modes), places, len(warming), 4)),
        np.zeros((len(PUBLIC_TYPES), grades, 2, places, len(warming), 4)),
        np.zeros((4, HOURS)),
    )
    run = _Buffers()
    for w, kelvin in enumerate(warming):
        year = weather_year(region, weather, kelvin)
        for p in range(places):
            place = climate(region, year, p)
            _dwellings(region, base, place, modes, p, w, found, run)
            _public(region, base, place, p, w, found, run)
    return found


def _simulate(
    region: Region,
    zone: Zone,
    place: Climate,
    setpoints: tuple[FloatArray, FloatArray],
    partition: float,
    neighbour: FloatArray,
    dwelling: bool,
    run: _Buffers,
) -> None:
    per = physics(region)
    kind = "residential" if dwelling else "public"
    simulate_zone(
        place.outdoor,
        partition,
        neighbour,
        zone.solar,
        zone.internal,
        zone.ventilation,
        zone.latent,
        *setpoints,
        place.inverse_cop,
        place.inverse_eer_residential if dwelling else place.inverse_eer_public,
        zone.windows,
        zone.opaque,
        per["mass_area_m2_per_m2"],
        per["surface_area_m2_per_m2"],
        per["heat_capacity_j_per_m2_k"],
        per[f"{kind}_heat_limit_w_per_m2"],
        per[f"{kind}_cool_limit_w_per_m2"],
        per["residential_sensible_share"] if dwelling else 1.0,
        _START_DEGC,
        _WARM_UP_HOURS,
        run.air,
        run.heat,
        run.cool,
        run.sums,
    )


def _dwellings(
    region: Region,
    base: StockBase,
    place: Climate,
    modes: list[dict[str, Any]],
    p: int,
    w: int,
    found: Intensities,
    run: _Buffers,
) -> None:
    per = physics(region)
    archetypes = region.table("buildings/archetypes").by("archetype")
    envelopes = _envelopes(region, "residential", "cold" if base.zone_cold[p] else "hscw")
    off = np.full(HOURS, -_NEVER), np.full(HOURS, _NEVER)
    points = [mode_setpoints(region, mode, place.daily_mean) for mode in modes]
    area = base.standard_area_m2
    for g, standard in enumerate(STANDARDS):
        mid = per[f"mid_rise_share_of_generation_{standard}"]
        parts = (
            (0, "urban_residential_mid", mid),
            (0, "urban_residential_high", 1 - mid),
            (1, "rural_residential", 1.0),
        )
        for kind, name, weight in parts:
            zone = make_zone(region, archetypes[name], envelopes[standard], "res", place)
            _simulate(region, zone, place, off, 0.0, place.outdoor, True, run)
            free = run.air.copy()
            for m, mode in enumerate(modes):
                share = weight * mode["conditioned_share"]
                if share <= 0:
                    continue
                _simulate(region, zone, place, points[m], mode["partition_w_per_m2_k"], free, True, run)
                found.residential[kind, g, m, p, w] += share * run.sums
                if w == 0:
                    settle = "rural" if kind else "urban"
                    scale = share * area[p, kind, g] * 1e-6
                    heat = scale * mode[f"heat_{settle}_2020"] * place.inverse_cop
                    cool = scale * mode[f"cool_{'urban'}_2020"] * place.inverse_eer_residential
                    found.hourly[0] += heat * run.heat
                    found.hourly[1] += cool * run.cool


def _public(
    region: Region, base: StockBase, place: Climate, p: int, w: int, found: Intensities, run: _Buffers
) -> None:
    per = physics(region)
    archetypes = region.table("buildings/archetypes").by("archetype")
    schedules = region.table("buildings/public_types").by("building_type")
    envelopes = _envelopes(region, "public", "all")
    area = base.standard_area_m2
    for t, name in enumerate(PUBLIC_TYPES):
        archetype, use = archetypes[name], schedules[name]["schedule"]
        for g, standard in enumerate(STANDARDS):
            zone = make_zone(region, archetype, envelopes[standard], use, place)
            for s in range(2):
                points = public_setpoints(
                    region,
                    archetype,
                    use,
                    found.setpoints_degc[0, s]
                    + archetype["heating_setpoint_degc"]
                    - per["type_mean_heat_setpoint_degc"],
                    found.setpoints_degc[1, s]
                    + archetype["cooling_setpoint_degc"]
                    - per["type_mean_cool_setpoint_degc"],
                )
                _simulate(region, zone, place, points, 0.0, place.outdoor, False, run)
                share = archetype["conditioned_share"]
                found.public[t, g, s, p, w] = share * run.sums
                if w == 0:
                    scale = share * area[p, 2 + t, g] * 1e-6 / 2
                    found.hourly[2] += scale * run.heat * place.inverse_cop
                    found.hourly[3] += scale * run.cool * place.inverse_eer_public


def _envelopes(region: Region, family: str, zone: str) -> dict[str, dict[str, Any]]:
    rows = region.table("buildings/envelopes").rows()
    return {r["standard"]: r for r in rows if r["family"] == family and r["zone"] == zone}
