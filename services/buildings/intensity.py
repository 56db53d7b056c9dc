"""Useful heat and cooling per m2 by city, type, envelope and use; and the hours in which they fall.

Every archetype x envelope state x usage mode x city runs through the 5R1C kernel once a process; scenarios combine
the results by area, mode shares, set-points and warming (linear between the simulated points). Cities run side by
side on threads: the kernel lets go of the interpreter, and each city writes its own cells.
"""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from services.buildings.base import PUBLIC_TYPES, StockBase, stock_base
from services.buildings.envelopes import envelopes
from services.buildings.equipment import COOLING_SYSTEMS, HEATING_SYSTEMS
from services.buildings.kept_subjects import ZONES
from services.buildings.states import STATES
from services.buildings.use import mode_setpoints, public_setpoints, rural_cooling_ownership
from services.buildings.zone_kernels import simulate_zone, weigh_loads
from services.buildings.zones import Climate, Zone, climate, make_zone, physics
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR, HOURS, MONTH_DAYS
from services.common.kept_files import kept_in_file
from services.common.recording import carried, kept
from services.common.regions import Region, load_region
from services.common.weather import WeatherYear, weather_year

# Columns of the results: useful heat, useful cooling, then electricity if one system made all of it.
HEAT, COOL = 0, 1
ELECTRICITY: Final = {
    name: 2 + i
    for i, name in enumerate(
        (*(f"heating_{s}" for s in HEATING_SYSTEMS), *(f"cooling_{s}" for s in COOLING_SYSTEMS))
    )
}
COLUMNS: Final = 2 + len(ELECTRICITY)
_HEAT_LIKE: Final = (HEAT, *(i for k, i in ELECTRICITY.items() if k.startswith("heating")))
_WARM_UP_HOURS = 480
_START_DEGC = 16.0
_NEVER = 99.0
_COMFORT_POINTS: Final = (0, 2)  # warming points where the second set-point level is simulated
_SAME_CLIMATE: Final = {"low_wind": "normal"}  # a still year is as warm and sunny as the normal one


@dataclass(frozen=True, eq=False)
class Intensities:
    """kWh per m2 of floor; last axis the columns above."""

    warming_k: FloatArray  # [w]
    setpoints_degc: FloatArray  # [2 (heating, cooling), 2 (low, high)]
    residential: FloatArray  # [2 (urban, rural), e, mode, p, w, c]
    comfort: (
        FloatArray  # as residential, at set-points `comfort_step_k` warmer in winter and cooler in summer
    )
    comfort_step_k: float
    public: FloatArray  # [type, e, set-point, p, w, c]
    hourly: FloatArray  # [4, h] MWh of the base stock: residential heat, cooling; public heat, cooling
    monthly_degc: FloatArray  # [p, month] mean air of the year without warming

    def is_heat_like(self, column: int) -> bool:
        """True for the columns that follow the heating set-point."""
        return column in _HEAT_LIKE


class _Buffers:
    def __init__(self) -> None:
        self.air, self.surface, self.mass, self.power = (np.zeros(HOURS) for _ in range(4))
        self.heat, self.cool = np.zeros(HOURS), np.zeros(HOURS)
        self.capacity = np.zeros((len(HEATING_SYSTEMS), HOURS))
        self.sums = np.zeros(COLUMNS)


def intensities(region_id: str, weather: str) -> Intensities:
    """All intensities of a region in a weather year."""
    return _made(region_id, _SAME_CLIMATE.get(weather, weather))


@kept(maxsize=8)
def _made(region_id: str, weather: str) -> Intensities:
    """From the cache folder, or simulated: some seconds of all cores for a climate."""
    words = ("intensities", region_id, load_region(region_id).revision_of(*ZONES), weather)
    packages = ("buildings", "common")
    return kept_in_file(
        "intensities", words, packages, ZONES, Intensities, lambda: _simulated(region_id, weather)
    )


def _simulated(region_id: str, weather: str) -> Intensities:
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
    places = len(region.city_ids)
    found = Intensities(
        warming,
        setpoints,
        np.zeros((2, len(STATES), len(modes), places, len(warming), COLUMNS)),
        np.zeros((2, len(STATES), len(modes), places, len(warming), COLUMNS)),
        per["comfort_step_k"],
        np.zeros((len(PUBLIC_TYPES), len(STATES), 2, places, len(warming), COLUMNS)),
        np.zeros((4, HOURS)),
        np.zeros((places, len(MONTH_DAYS))),
    )
    years = [weather_year(region, weather, kelvin) for kelvin in warming]
    usual = [weather_year(region, "normal", kelvin) for kelvin in warming]

    def city(p: int) -> FloatArray:
        return _city(region, base, years, usual, p, found)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        hourly = list(pool.map(carried(city), range(places)))
    found.hourly[:] = np.sum(hourly, axis=0)
    ends = np.cumsum(MONTH_DAYS) * 24
    for m, (first, end) in enumerate(zip(ends - np.array(MONTH_DAYS) * 24, ends, strict=True)):
        found.monthly_degc[:, m] = years[0].temperature_degc[:, first:end].mean(axis=1)
    for values in (found.residential, found.comfort, found.public, found.hourly, found.monthly_degc):
        values.flags.writeable = False
    return found


def _city(
    region: Region,
    base: StockBase,
    years: list[WeatherYear],
    usual: list[WeatherYear],
    p: int,
    found: Intensities,
) -> FloatArray:
    """Fill a city's cells; -> its hourly loads, MWh [4, h]."""
    run = _Buffers()
    hourly = np.zeros((4, HOURS))
    for w, year in enumerate(years):
        place = climate(region, year, p, usual[w].temperature_degc[p])
        _dwellings(region, base, place, p, w, found, run, hourly)
        _public(region, base, place, p, w, found, run, hourly)
    _comfort_between(found, p)
    return hourly


def _comfort_between(found: Intensities, p: int) -> None:
    """The step of the second set-point level at the middle warming: between those at the ends."""
    low, middle, high = found.warming_k
    part = (middle - low) / (high - low)
    base, comfort = found.residential[:, :, :, p], found.comfort[:, :, :, p]
    step = (1 - part) * (comfort - base)[..., 0, :] + part * (comfort - base)[..., 2, :]
    found.comfort[:, :, :, p, 1] = base[..., 1, :] + step


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
    """One zone; a partition W/(m2 K) lets its air exchange heat with unheated rooms at `neighbour` degC."""
    per = physics(region)
    kind = "residential" if dwelling else "public"
    heat_limit = per[f"{kind}_heat_limit_w_per_m2"]
    ventilation, supply = zone.ventilation, place.outdoor
    if partition > 0:
        ventilation = zone.ventilation + partition
        supply = (zone.ventilation * place.outdoor + partition * neighbour) / ventilation
    mass_area = per["mass_area_m2_per_m2"]
    simulate_zone(
        place.outdoor,
        place.outdoor,
        supply,
        ventilation,
        zone.gain_air,
        zone.gain_radiant,
        *setpoints,
        np.full(HOURS, heat_limit),
        np.full(HOURS, per[f"{kind}_cool_limit_w_per_m2"]),
        zone.windows,
        1 / (1 / zone.opaque - 1 / (9.1 * mass_area)),
        mass_area,
        per["surface_area_m2_per_m2"],
        per["heat_capacity_j_per_m2_k"],
        _START_DEGC,
        _WARM_UP_HOURS,
        1,
        run.air,
        run.surface,
        run.mass,
        run.power,
    )
    load = _design_load_w_per_m2(per, zone, place, setpoints[0], ventilation, supply)
    rated = place.heating.rated_w_per_m2(heat_limit, load)
    np.multiply(place.heating.capacity_share, rated[:, None], out=run.capacity)
    weigh_loads(
        run.power,
        zone.latent,
        per["residential_sensible_share"] if dwelling else 1.0,
        place.heating.inverse_cop,
        run.capacity,
        place.cooling_residential if dwelling else place.cooling_public,
        run.heat,
        run.cool,
        run.sums,
    )


def _design_load_w_per_m2(
    per: Mapping[str, float],
    zone: Zone,
    place: Climate,
    setpoint: FloatArray,
    ventilation: FloatArray,
    supply: FloatArray,
) -> float:
    """Steady loss at the design dry bulb without gains, with the surcharge of rooms heated by hours; 0 if unheated."""
    inside = float(setpoint.max())
    if inside <= -_NEVER:
        return 0.0
    design = place.heating.design_degc
    coldest = place.coldest_hours[setpoint[place.coldest_hours] > -_NEVER]
    if coldest.size == 0:
        coldest = place.coldest_hours
    to_supply = inside - design - (supply[coldest] - place.outdoor[coldest])
    loss = (zone.windows + zone.opaque) * (inside - design) + float((ventilation[coldest] * to_supply).mean())
    continuous = bool((setpoint > -_NEVER).all())
    return max(loss, 0.0) * (1.0 if continuous else 1 + per["intermittent_surcharge"])


def _dwellings(
    region: Region,
    base: StockBase,
    place: Climate,
    p: int,
    w: int,
    found: Intensities,
    run: _Buffers,
    hourly: FloatArray,
) -> None:
    per = physics(region)
    modes = region.table("buildings/usage_modes").rows()
    archetypes = region.table("buildings/archetypes").by("archetype")
    off = np.full(HOURS, -_NEVER), np.full(HOURS, _NEVER)
    step = found.comfort_step_k
    points = [mode_setpoints(region, mode, place.daily_mean) for mode in modes]
    comfort = [mode_setpoints(region, mode, place.daily_mean, step) for mode in modes]
    area = base.state_area_m2
    cop, eer = place.heating.inverse_cop[0], place.cooling_residential[0]
    owned = rural_cooling_ownership(region, (BASE_YEAR,))[0]
    for e, envelope in enumerate(envelopes(region, "residential", "cold" if base.zone_cold[p] else "hscw")):
        mid = per[f"mid_rise_share_of_generation_{STATES[e].standard}"]
        parts = (
            (0, "urban_residential_mid", mid),
            (0, "urban_residential_high", 1 - mid),
            (1, "rural_residential", 1.0),
        )
        for kind, name, weight in parts:
            zone = make_zone(region, archetypes[name], envelope, "res", place)
            _simulate(region, zone, place, off, 0.0, place.outdoor, True, run)
            free = run.air.copy()
            for m, mode in enumerate(modes):
                share = weight * mode["conditioned_share"]
                if share <= 0:
                    continue
                partition = mode["partition_w_per_m2_k"]
                if w in _COMFORT_POINTS:
                    _simulate(region, zone, place, comfort[m], partition, free, True, run)
                    found.comfort[kind, e, m, p, w] += share * run.sums
                _simulate(region, zone, place, points[m], partition, free, True, run)
                found.residential[kind, e, m, p, w] += share * run.sums
                if w == 0:
                    settle = "rural" if kind else "urban"
                    scale = share * area[p, kind, e] * 1e-6
                    hourly[0] += scale * mode[f"heat_{settle}_2020"] * cop * run.heat
                    hourly[1] += scale * mode["cool_urban_2020"] * (owned if kind else 1.0) * eer * run.cool


def _public(
    region: Region,
    base: StockBase,
    place: Climate,
    p: int,
    w: int,
    found: Intensities,
    run: _Buffers,
    hourly: FloatArray,
) -> None:
    archetypes = region.table("buildings/archetypes").by("archetype")
    schedules = region.table("buildings/public_types").by("building_type")
    area = base.state_area_m2
    cop, eer = place.heating.inverse_cop[0], place.cooling_public[0]
    for t, name in enumerate(PUBLIC_TYPES):
        archetype, use = archetypes[name], schedules[name]["schedule"]
        points = [_public_points(region, archetype, use, found.setpoints_degc[:, s]) for s in range(2)]
        for e, envelope in enumerate(envelopes(region, "public", "all")):
            zone = make_zone(region, archetype, envelope, use, place)
            for s in range(2):
                _simulate(region, zone, place, points[s], 0.0, place.outdoor, False, run)
                share = archetype["conditioned_share"]
                found.public[t, e, s, p, w] = share * run.sums
                if w == 0:
                    scale = share * area[p, 2 + t, e] * 1e-6 / 2
                    hourly[2] += scale * cop * run.heat
                    hourly[3] += scale * eer * run.cool


def _public_points(
    region: Region, archetype: Mapping[str, Any], use: str, levels_degc: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Set-points of a type when the mean of all types is at the levels given (heating, cooling)."""
    per = physics(region)
    return public_setpoints(
        region,
        archetype,
        use,
        levels_degc[0] + archetype["heating_setpoint_degc"] - per["type_mean_heat_setpoint_degc"],
        levels_degc[1] + archetype["cooling_setpoint_degc"] - per["type_mean_cool_setpoint_degc"],
    )
