"""What ChargingProfile answers (dafeng.transport.v1 charging.proto, same names and units)."""

from dataclasses import dataclass

from services.common.arrays import FloatArray, array
from services.common.words import Revision


@dataclass(frozen=True)
class ChargingSeries:
    """One group at one place, before control."""

    fleet_id: str
    place: str
    energy_mwh: float
    peak_mw: float
    load_mw: FloatArray = array("hour")


@dataclass(frozen=True)
class ChargingGroup:
    """One group over all places; its peak and coincidence before control."""

    fleet_id: str
    energy_mwh: float
    peak_mw: float
    coincidence_share: float
    moved_mwh: float
    fed_back_mwh: float
    charged_to_feed_back_mwh: float


@dataclass(frozen=True)
class ChargingProfile:
    """All groups; empty arrays when hours were not asked for."""

    series: tuple[ChargingSeries, ...]
    groups: tuple[ChargingGroup, ...]
    energy_mwh: float
    peak_mw: float
    peak_hour: int
    controlled_peak_mw: float
    system_peak_mw: float
    controlled_system_peak_mw: float
    notes: tuple[str, ...]
    revision: Revision
    month_mwh: FloatArray = array("month")
    mean_day_mw: FloatArray = array("day_hour")  # day types one after another, 24 values each
    load_mw: FloatArray = array("hour")
    controlled_load_mw: FloatArray = array("hour")
