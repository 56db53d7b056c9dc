"""Hourly output of PV modules on a plane, per kW of modules.

Chain: Perez sky -> reflection at the glass (physical model; of sky and ground after Marion 2017) -> cell temperature
(SAPM for modules close to a roof, King, Boyson and Kratochvil 2004) -> direct current, losses and inverter of PVWatts
(Dobos 2014, NREL/TP-6A20-62641). pvlib has them all.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from services.buildings.climate.sky import plane_irradiance
from services.buildings.climate.weather import Weather
from services.common.arrays import FloatArray
from services.common.recording import kept
from services.common.regions import Region
from services.common.units import W_PER_KW

LEAVES: Final = "buildings/pv"
_MOUNTING: Final = "close_mount_glass_glass"
_FULL_SUN_W_PER_M2: Final = 1e3


@dataclass(frozen=True)
class Chain:
    """What modules and inverter are like."""

    loss_share: float  # dirt, mismatch, wiring, standstill
    inverter_efficiency_share: float
    dc_ac_ratio: float
    temperature_coefficient_per_k: float
    ground_albedo: float
    flush_warming_k: float  # of cells flush on the roof, in full sun


@dataclass(frozen=True)
class Plane:
    """How modules stand."""

    azimuth_deg: float  # clockwise from north
    tilt_deg: float
    flush: bool  # close to the roof, warmer cells


@kept(maxsize=8)
def usual_chain(region: Region) -> Chain:
    """The chain of today's rooftop plants."""
    read = region.leaves(LEAVES)
    return Chain(**{name: read[name].number() for name in Chain.__dataclass_fields__})


def output_per_kw(weather: Weather, plane: Plane, chain: Chain) -> FloatArray:
    """Alternating current of 1 kW of modules, kW [h]; never negative, cut at the inverter's power."""
    from pvlib import iam, inverter, pvsystem, temperature

    light = plane_irradiance(weather, plane.azimuth_deg, plane.tilt_deg, chain.ground_albedo)
    incidence = np.degrees(np.arccos(np.clip(light.incidence_cosine, 0.0, 1.0)))
    sky, ground = _diffuse_through_glass(plane.tilt_deg)
    effective = light.beam * iam.physical(incidence) + light.sky * sky + light.ground * ground
    mount = temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"][_MOUNTING]
    cell = temperature.sapm_cell(light.total, weather.outdoor_degc, weather.wind_m_per_s, **mount)
    if plane.flush:
        cell = cell + chain.flush_warming_k * light.total / _FULL_SUN_W_PER_M2
    direct = pvsystem.pvwatts_dc(effective, cell, 1.0, chain.temperature_coefficient_per_k)
    direct = np.maximum(direct, 0.0) * (1 - chain.loss_share) * weather.pv_light_share
    largest = 1 / (chain.dc_ac_ratio * chain.inverter_efficiency_share)  # direct current the inverter takes
    return np.asarray(np.maximum(inverter.pvwatts(direct, largest, chain.inverter_efficiency_share), 0.0))


@kept(maxsize=256)
def _diffuse_through_glass(tilt_deg: float) -> tuple[float, float]:
    """Share of light from sky and from ground that passes the glass; the ground is not seen from a flat plane."""
    from pvlib.iam import marion_diffuse

    shares = marion_diffuse("physical", tilt_deg)
    return float(shares["sky"]), float(np.nan_to_num(shares["ground"]))


def light_kwh_per_m2(weather: Weather, plane: Plane, chain: Chain) -> float:
    """Sun on the modules in the year as PV counts it, kWh/m2: the yield of 1 kW without any loss."""
    light = plane_irradiance(weather, plane.azimuth_deg, plane.tilt_deg, chain.ground_albedo)
    return float(weather.pv_light_share * light.total.sum() / W_PER_KW)
