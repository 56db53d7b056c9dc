"""Results of SimulateZone (dafeng.buildings.v1 zone.proto, same names and units)."""

from dataclasses import dataclass

from services.buildings.climate.doors import WeatherReport
from services.common.arrays import FloatArray, array
from services.common.words import Revision


@dataclass(frozen=True)
class ZoneParameters:
    """The five conductances, the capacity and the areas."""

    windows_w_per_k: float
    opaque_w_per_k: float
    mass_surface_w_per_k: float
    surface_air_w_per_k: float
    mean_ventilation_w_per_k: float
    heat_capacity_j_per_k: float
    mass_area_m2: float
    inner_surface_area_m2: float


@dataclass(frozen=True)
class ZoneFlows:
    """Heat into the zone by month, kWh; the eight add up to 0 in every month.

    Windows: by temperature, their loss to the sky, and the part of radiant gains that the method lets out through
    them (H_w / 9.1 A_t). Sun: what comes in and stays, less the share that leaves again.
    """

    windows_kwh: FloatArray = array("month")
    opaque_kwh: FloatArray = array("month")
    ventilation_kwh: FloatArray = array("month")
    solar_kwh: FloatArray = array("month")
    internal_kwh: FloatArray = array("month")
    heating_kwh: FloatArray = array("month")
    cooling_kwh: FloatArray = array("month")
    storage_kwh: FloatArray = array("month")


@dataclass(frozen=True)
class ZoneHours:
    """Series of the year, [h]."""

    air_degc: FloatArray = array("hour")
    operative_degc: FloatArray = array("hour")
    mass_degc: FloatArray = array("hour")
    heating_w: FloatArray = array("hour")
    sensible_cooling_w: FloatArray = array("hour")
    latent_cooling_w: FloatArray = array("hour")
    solar_w: FloatArray = array("hour")


@dataclass(frozen=True)
class ZoneResult:
    """Reply of SimulateZone."""

    heating_kwh: float
    sensible_cooling_kwh: float
    latent_cooling_kwh: float
    peak_heating_w: float
    peak_heating_hour: int
    peak_cooling_w: float
    peak_cooling_hour: int
    mean_air_degc: float
    highest_air_degc: float
    lowest_air_degc: float
    unmet_heating_hours: int
    unmet_cooling_hours: int
    largest_residual_share: float
    parameters: ZoneParameters
    flows: ZoneFlows
    hours: ZoneHours | None
    weather: WeatherReport
    notes: tuple[str, ...]
    revision: Revision
