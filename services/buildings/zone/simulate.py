"""SimulateZone: a caller's zone through the hourly heat balance of ISO 13790 (5R1C)."""

import numpy as np

from services.buildings.climate.doors import WeatherSource
from services.buildings.climate.source import read_weather, report
from services.buildings.climate.weather import Weather
from services.buildings.zone.checks import zone_violations
from services.buildings.zone.doors import SimulateZoneRequest, Zone
from services.buildings.zone.flows import hourly_flows, largest_residual_share, monthly
from services.buildings.zone.network import Mass, mass_of
from services.buildings.zone.physics import physics
from services.buildings.zone.result import ZoneHours, ZoneParameters, ZoneResult
from services.buildings.zone.run import Driven, Run, run_zone
from services.common.arrays import FloatArray
from services.common.axes import FIRST_WEEKDAY
from services.common.errors import DomainError, Violation, invalid
from services.common.regions import load_region, region_ids
from services.common.revision import revision_of
from services.common.units import W_PER_KW

_OPEN_BALANCE = 1e-6


def simulate(request: SimulateZoneRequest) -> ZoneResult:
    """Simulate a zone for a year.

    DomainError(INVALID_INPUT) with every violation of zone and weather; BALANCE if an hour's flows do not close.
    """
    weather = _checked(request)
    zone = request.zone
    mass = mass_of(zone)
    driven, run = run_zone(zone, weather, mass)
    flows = hourly_flows(driven, mass, run)
    residual = largest_residual_share(flows, driven, mass)
    if not residual <= _OPEN_BALANCE:
        raise DomainError("BALANCE", detail=f"hourly flows of the zone leave {residual:.2e} of the largest")
    heat, cool = flows["heating"], -flows["cooling"]
    latent = np.where(cool > 0, driven.latent_w, 0.0)
    unmet = _unmet_hours(driven, run)
    return ZoneResult(
        heating_kwh=_kwh(heat),
        sensible_cooling_kwh=_kwh(cool),
        latent_cooling_kwh=_kwh(latent),
        peak_heating_w=float(heat.max()),
        peak_heating_hour=int(heat.argmax()),
        peak_cooling_w=float(cool.max()),
        peak_cooling_hour=int(cool.argmax()),
        mean_air_degc=float(run.air.mean()),
        highest_air_degc=float(run.air.max()),
        lowest_air_degc=float(run.air.min()),
        unmet_heating_hours=unmet[0],
        unmet_cooling_hours=unmet[1],
        largest_residual_share=residual,
        parameters=_parameters(driven, mass),
        flows=monthly(flows),
        hours=_hours(driven, run, latent) if request.with_hours else None,
        weather=report(weather),
        notes=tuple(_notes(zone, weather, mass, run)),
        revision=revision_of(load_region(_region_id(request.weather))),
    )


def _checked(request: SimulateZoneRequest) -> Weather:
    """The weather of a request that has no violation."""
    try:
        weather = read_weather(request.weather)
    except DomainError as error:
        found: list[Violation] = zone_violations(request.zone, FIRST_WEEKDAY)
        if not found:
            raise
        raise invalid([*found, *error.violations]) from None
    found = zone_violations(request.zone, weather.first_weekday)
    if found:
        raise invalid(found)
    return weather


def _region_id(source: WeatherSource) -> str:
    return region_ids()[0] if source.place is None else source.place.region


def _kwh(watt: FloatArray) -> float:
    return float(watt.sum() / W_PER_KW)


def _unmet_hours(driven: Driven, run: Run) -> tuple[int, int]:
    """Hours in which capacity left the air beyond a set-point: (heating, cooling)."""
    margin = physics()["unmet_margin_k"]
    return (
        int((run.air < driven.heat_setpoint_degc - margin).sum()),
        int((run.air > driven.cool_setpoint_degc + margin).sum()),
    )


def _parameters(driven: Driven, mass: Mass) -> ZoneParameters:
    return ZoneParameters(
        windows_w_per_k=driven.outside.windows_w_per_k,
        opaque_w_per_k=driven.outside.opaque_w_per_k,
        mass_surface_w_per_k=mass.to_surface_w_per_k,
        surface_air_w_per_k=mass.surface_air_w_per_k,
        mean_ventilation_w_per_k=float(driven.ventilation_w_per_k.mean()),
        heat_capacity_j_per_k=mass.heat_capacity_j_per_k,
        mass_area_m2=mass.mass_area_m2,
        inner_surface_area_m2=mass.inner_surface_area_m2,
    )


def _hours(driven: Driven, run: Run, latent: FloatArray) -> ZoneHours:
    """Operative temperature after ISO 13790: 0.3 of the air's, the rest of the surface node's."""
    weight = physics()["operative_air_weight"]
    return ZoneHours(
        air_degc=run.air,
        operative_degc=weight * run.air + (1 - weight) * run.surface,
        mass_degc=run.mass,
        heating_w=np.maximum(run.power, 0.0),
        sensible_cooling_w=np.maximum(-run.power, 0.0),
        latent_cooling_w=latent,
        solar_w=driven.solar_w,
    )


def _notes(zone: Zone, weather: Weather, mass: Mass, run: Run) -> list[str]:
    hours = mass.heat_capacity_j_per_k / 3.6e6
    notes = []
    if zone.thermal_mass is None:
        notes.append(
            f"heat capacity of layers after ISO 13790, 12.3.1: {hours:.3g} kWh/K "
            f"on {mass.mass_area_m2:.4g} m2 of effective mass area"
        )
    if zone.cooling_setpoint_degc and not weather.humidity_ratio_kg_per_kg.any():
        notes.append("the weather has no humidity: latent cooling holds internal moisture only")
    if run.sub_steps > 1:
        notes.append(f"light zone: {run.sub_steps} steps an hour")
    if not run.repeats:
        notes.append(f"mass so heavy that after {run.years} years the year still does not begin as it ends")
    return notes
