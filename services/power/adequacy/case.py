"""What is asked of an adequacy assessment, and what is answered (dafeng.power.v1, same field names and units)."""

from dataclasses import dataclass

from services.common.arrays import FloatArray, array


@dataclass(frozen=True)
class AdequacyUnit:
    """Identical units that fail independently of each other."""

    unit_id: str
    capacity_mw: float
    forced_outage_share: float
    count: int
    planned_outage_share: float = 0.0


@dataclass(frozen=True)
class AdequacyResource:
    """A resource given by its output hour by hour; it does not fail otherwise."""

    resource_id: str
    capacity_mw: float
    hourly_mw: FloatArray = array("hour")


@dataclass(frozen=True)
class AdequacyStore:
    """An energy-limited store; the round trip is split evenly between charging and discharging."""

    store_id: str
    power_mw: float
    energy_mwh: float
    round_trip_share: float


@dataclass(frozen=True)
class AdequacyCase:
    """A fleet against its load; any number of whole days in steps of `step_hours`.

    None means: steps of 1 h, a grid of 1 MW, and the usual standard of the region data.
    """

    load_mw: FloatArray = array("hour")
    units: tuple[AdequacyUnit, ...] = ()
    resources: tuple[AdequacyResource, ...] = ()
    stores: tuple[AdequacyStore, ...] = ()
    step_hours: float | None = None
    grid_mw: float | None = None
    standard_hours: float | None = None
    credits_at_standard: bool = False


@dataclass(frozen=True)
class CapacityCredit:
    """What a resource or store carries: constant load at the same risk, its share of the nameplate, that risk."""

    resource_id: str
    capacity_mw: float
    elcc_mw: float
    credit_share: float
    at_lole_hours: float


@dataclass(frozen=True)
class AdequacyReport:
    """Risk of the fleet over the hours given."""

    lole_hours: float
    lold_days: float
    eens_mwh: float
    peak_load_mw: float
    unit_capacity_mw: float
    mean_outage_mw: float
    firm_capacity_mw: float
    reserve_margin_share: float
    least_margin_mw: float
    load_carried_mw: float
    capacity_lacking_mw: float
    standard_hours: float
    credits: tuple[CapacityCredit, ...]
    months: tuple[int, ...]
    risk_hours: FloatArray = array("month", "hour_of_day")
