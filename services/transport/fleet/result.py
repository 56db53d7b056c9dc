"""What ProjectFleet answers (dafeng.transport.v1 fleet.proto, same names and units)."""

from dataclasses import dataclass

from services.common.arrays import FloatArray, array
from services.common.words import Revision


@dataclass(frozen=True)
class FleetSeries:
    """One class and powertrain by year."""

    class_id: str
    powertrain: str
    stock_count: FloatArray = array("year")
    sales_count: FloatArray = array("year")
    scrapped_count: FloatArray = array("year")
    retired_early_count: FloatArray = array("year")
    distance_km: FloatArray = array("year")
    fuel_gj: FloatArray = array("year")
    electricity_mwh: FloatArray = array("year")
    direct_tco2: FloatArray = array("year")
    stock_by_age_count: FloatArray = array("year", "age")


@dataclass(frozen=True)
class FleetStandard:
    """Vehicles of one class and emission standard."""

    class_id: str
    standard: str
    stock_count: FloatArray = array("year")


@dataclass(frozen=True)
class FleetCarrier:
    """Energy of the fleet by carrier."""

    carrier: str
    energy_gj: FloatArray = array("year")
    direct_tco2: FloatArray = array("year")
    well_to_tank_tco2e: FloatArray = array("year")


@dataclass(frozen=True)
class FleetPollutant:
    """One pollutant of the fleet."""

    pollutant: str
    exhaust_t: FloatArray = array("year")
    other_t: FloatArray = array("year")


@dataclass(frozen=True)
class ProjectedFleet:
    """The fleet by class, powertrain, standard, carrier and pollutant."""

    name: str
    years: tuple[int, ...]
    series: tuple[FleetSeries, ...]
    standards: tuple[FleetStandard, ...]
    carriers: tuple[FleetCarrier, ...]
    pollutants: tuple[FleetPollutant, ...]
    notes: tuple[str, ...]
    revision: Revision
    stock_above_target_count: FloatArray = array("year")
    nev_sales_share: FloatArray = array("year")
    nev_stock_share: FloatArray = array("year")
