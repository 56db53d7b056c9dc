"""What EstimateRooftopPv answers (dafeng.buildings.v1 rooftop.proto, same names and units)."""

from dataclasses import dataclass

from services.buildings.climate.doors import WeatherReport
from services.common.arrays import FloatArray, array
from services.common.words import Revision


@dataclass(frozen=True)
class RoofYield:
    """What a roof yields; `roof_id` is empty for the total."""

    roof_id: str
    capacity_kw: float
    potential_kw: float
    coverage_share: float
    capped: bool
    energy_kwh: float
    yield_kwh_per_kw: float
    performance_ratio: float
    self_used_kwh: float
    exported_kwh: float
    self_consumption_share: float
    self_sufficiency_share: float
    monthly_kwh: FloatArray = array("month")
    output_kw: FloatArray = array("hour")


@dataclass(frozen=True)
class RooftopEstimate:
    """One yield a roof, in the order asked, and all together."""

    yields: tuple[RoofYield, ...]
    total: RoofYield
    weather: WeatherReport
    revision: Revision
