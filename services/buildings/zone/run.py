"""A zone in its weather through the kernel, until the year begins as it ends."""

from dataclasses import dataclass, replace

import numpy as np

from services.buildings.climate.weather import Weather
from services.buildings.zone.air import air_flow, open_hours
from services.buildings.zone.checks import COOLING_OFF_DEGC, HEATING_OFF_DEGC
from services.buildings.zone.doors import Zone
from services.buildings.zone.network import Mass, mass_to_outside, sub_steps
from services.buildings.zone.physics import physics
from services.buildings.zone.sun import Outside, outside, solar_gain
from services.buildings.zone_kernels import simulate_zone
from services.common.arrays import FloatArray
from services.common.axes import HOURS
from services.common.sent_series import hours_of

MOST_YEARS = 50
_SAME_YEAR_K = 1e-6
_MOST_CLOSINGS = 50


@dataclass(frozen=True)
class Driven:
    """What drives a zone, [h] where not scalar."""

    outside: Outside
    outdoor_degc: FloatArray
    ventilation_w_per_k: FloatArray
    mass_outside_w_per_k: float
    solar_w: FloatArray  # that comes in and stays
    internal_w: FloatArray
    gain_air_w: FloatArray
    gain_radiant_w: FloatArray
    latent_w: FloatArray
    heat_setpoint_degc: FloatArray  # -inf when off
    cool_setpoint_degc: FloatArray  # inf when off


@dataclass(frozen=True)
class Run:
    """A simulated year: degC (mass at the end of the hour) and W (heating > 0 > cooling), [h]."""

    air: FloatArray
    surface: FloatArray
    mass: FloatArray
    power: FloatArray
    start_mass: float
    sub_steps: int
    years: int  # run until the year repeats itself
    repeats: bool


def drive(zone: Zone, weather: Weather, mass: Mass) -> Driven:
    """Gains, air, set-points and the outside of a zone."""
    day = weather.first_weekday
    out = outside(zone, weather)
    air = air_flow(zone, weather, np.zeros(HOURS, dtype=np.bool_))
    solar = (1 - zone.solar_lost_share) * solar_gain(zone, weather)
    internal = hours_of(zone.internal_gain_w, day, 0.0)
    convective = zone.internal_convective_share
    convective = physics()["internal_convective_share"] if convective is None else convective
    at_air = convective * internal + zone.solar_to_air_share * solar
    heat = hours_of(zone.heating_setpoint_degc, day, HEATING_OFF_DEGC)
    cool = hours_of(zone.cooling_setpoint_degc, day, COOLING_OFF_DEGC)
    return Driven(
        outside=out,
        outdoor_degc=np.ascontiguousarray(weather.outdoor_degc, dtype=np.float64),
        ventilation_w_per_k=air.conductance_w_per_k,
        mass_outside_w_per_k=mass_to_outside(out.opaque_w_per_k, mass),
        solar_w=solar,
        internal_w=internal,
        gain_air_w=np.ascontiguousarray(at_air),
        gain_radiant_w=np.ascontiguousarray(solar + internal - at_air),
        latent_w=air.latent_w,
        heat_setpoint_degc=np.where(heat <= HEATING_OFF_DEGC, -np.inf, heat),
        cool_setpoint_degc=np.where(cool >= COOLING_OFF_DEGC, np.inf, cool),
    )


def run_zone(zone: Zone, weather: Weather, mass: Mass) -> tuple[Driven, Run]:
    """Run a zone; windows are shut in hours in which cooling runs, and the year is run again with them shut."""
    driven = drive(zone, weather, mass)
    run = run_year(zone, driven, mass)
    if zone.natural_ventilation is None:
        return driven, run
    may_open = open_hours(zone.natural_ventilation, weather.outdoor_degc)
    closed = np.zeros(HOURS, dtype=np.bool_)
    for _ in range(_MOST_CLOSINGS):
        both = may_open & ~closed & (run.power < 0)
        if not both.any():
            break
        closed |= both
        air = air_flow(zone, weather, closed)
        driven = replace(driven, ventilation_w_per_k=air.conductance_w_per_k, latent_w=air.latent_w)
        run = run_year(zone, driven, mass)
    return driven, run


def run_year(zone: Zone, driven: Driven, mass: Mass) -> Run:
    """Run the year again from its own end until the mass begins as it ends; heavy zones take several years."""
    steps = sub_steps(driven.outside.windows_w_per_k, driven.mass_outside_w_per_k, mass)
    air, surface, masses, power = (np.zeros(HOURS) for _ in range(4))
    heat, cool = (
        np.full(HOURS, np.inf if limit is None else limit)
        for limit in (zone.heating_capacity_w, zone.cooling_capacity_w)
    )
    start = end = float(driven.outdoor_degc.mean())
    repeats = False
    years = 0
    while not repeats and years < MOST_YEARS:
        start = end
        simulate_zone(
            driven.outside.window_degc,
            driven.outside.opaque_degc,
            driven.outdoor_degc,
            driven.ventilation_w_per_k,
            driven.gain_air_w,
            driven.gain_radiant_w,
            driven.heat_setpoint_degc,
            driven.cool_setpoint_degc,
            heat,
            cool,
            driven.outside.windows_w_per_k,
            driven.mass_outside_w_per_k,
            mass.mass_area_m2,
            mass.inner_surface_area_m2,
            mass.heat_capacity_j_per_k,
            start,
            0,
            steps,
            air,
            surface,
            masses,
            power,
        )
        years += 1
        end = float(masses[-1])
        repeats = abs(end - start) <= _SAME_YEAR_K
    return Run(air, surface, masses, power, start, steps, years, repeats)
