"""What the reports say (dafeng.report.v1): same field names and units as the messages."""

from dataclasses import dataclass

from gateway.results import CarbonPeak, MetricSeries
from services.common.arrays import FloatArray, IntArray, array
from services.common.words import Label, Provenance, ReleaseStatus, Revision


@dataclass(frozen=True)
class PlateauSpan:
    """Years within a share of the maximum."""

    share: float
    first_year: int
    last_year: int


@dataclass(frozen=True)
class OwnPeak:
    """A sector's or city's own peak, and its part in the total's."""

    part: str
    label: Label
    year: int
    level_tco2: float
    in_span: bool
    at_peak_tco2: float
    at_peak_share: float
    turn_tco2_per_year: float


@dataclass(frozen=True)
class DriverEffect:
    """An effect on CO2 over a period."""

    first_year: int
    last_year: int
    sector: str
    factor: str
    label: Label
    effect_tco2: float


@dataclass(frozen=True)
class BoundaryReport:
    """The carbon peak in one boundary."""

    peak: CarbonPeak
    plateaus: tuple[PlateauSpan, ...]
    fall_with_pause_year: int
    confirmed_fall_year: int
    sectors: tuple[OwnPeak, ...]
    cities: tuple[OwnPeak, ...]
    drivers: tuple[DriverEffect, ...]
    total_tco2: FloatArray = array("year")


@dataclass(frozen=True)
class TrendTest:
    """A Mann-Kendall test of an observed series."""

    observation: str
    first_year: int
    last_year: int
    count: int
    s: int
    p_value: float
    trend: str
    provenance: Provenance


@dataclass(frozen=True)
class CarbonPeakReport:
    """The carbon peak of one scenario."""

    years: tuple[int, ...]
    boundaries: tuple[BoundaryReport, ...]
    indicators: tuple[MetricSeries, ...]
    trends: tuple[TrendTest, ...]
    digest: str
    revision: Revision
    release_status: ReleaseStatus


@dataclass(frozen=True)
class WeatherPeaks:
    """Loads and risk in one weather year."""

    weather_year: str
    summer_mw: FloatArray = array("year")
    winter_mw: FloatArray = array("year")
    net_peak_mw: FloatArray = array("year")
    net_peak_hour: IntArray = array("year")
    reserve_margin_share: FloatArray = array("year")
    unserved_mwh: FloatArray = array("year")
    lole_hours: FloatArray = array("year")
    capacity_lacking_mw: FloatArray = array("year")


@dataclass(frozen=True)
class SeasonPeak:
    """The highest hour of a season."""

    weather_year: str
    season: str
    year: int
    hour: int
    load_mw: float
    causes: tuple[str, ...]
    groups: tuple[str, ...]
    cause_mw: FloatArray = array("cause")
    supply_mw: FloatArray = array("group")


@dataclass(frozen=True)
class PeakGrowth:
    """Growth of a season's highest hour and why."""

    weather_year: str
    season: str
    first_year: int
    last_year: int
    growth_mw: float
    growth_per_year_share: float
    causes: tuple[str, ...]
    moved_hours: int
    cause_mw: FloatArray = array("cause")


@dataclass(frozen=True)
class ServingOption:
    """One way to give the firm capacity that is lacking."""

    weather_year: str
    year: int
    lacking_mw: float
    option: str
    label: Label
    credit_share: float
    needed_mw: float
    provenance: Provenance


@dataclass(frozen=True)
class PeakLoadReport:
    """The peak load of one scenario."""

    years: tuple[int, ...]
    weather_years: tuple[WeatherPeaks, ...]
    peaks: tuple[SeasonPeak, ...]
    growths: tuple[PeakGrowth, ...]
    options: tuple[ServingOption, ...]
    digest: str
    revision: Revision
    release_status: ReleaseStatus


@dataclass(frozen=True)
class ReconciliationStep:
    """One step of a waterfall: a total, a difference or a residual."""

    step: str
    label: Label
    kind: str
    tco2: float
    provenance: Provenance


@dataclass(frozen=True)
class OutsideCheck:
    """A published study beside one of our baselines."""

    study: str
    label: Label
    baseline: str
    study_low_tco2: float
    study_high_tco2: float
    study_first_year: int
    study_last_year: int
    our_year: int
    steps: tuple[ReconciliationStep, ...]
    our_rise_share: float
    study_rise_low_share: float
    study_rise_high_share: float
    same_years: bool
    level_in_range: bool
    provenance: Provenance


@dataclass(frozen=True)
class Reconciliation:
    """Our totals beside others'."""

    region: str
    steps: tuple[ReconciliationStep, ...]
    boundaries: tuple[ReconciliationStep, ...]
    checks: tuple[OutsideCheck, ...]
    revision: Revision
    release_status: ReleaseStatus


@dataclass(frozen=True)
class DayHours:
    """One day, hour by hour."""

    day: int
    peak_hour: int
    net_peak_hour: int
    causes: tuple[str, ...]
    groups: tuple[str, ...]
    load_mw: FloatArray = array("hour")
    net_load_mw: FloatArray = array("hour")
    curtailed_mw: FloatArray = array("hour")
    load_by_cause_mw: FloatArray = array("cause", "hour")
    supply_mw: FloatArray = array("group", "hour")


@dataclass(frozen=True)
class HoursReport:
    """The hours of one year; maps are empty unless asked for."""

    year: int
    days: tuple[DayHours, ...]
    firm_capacity_mw: float
    hours_above_firm_count: int
    net_hours_above_firm_count: int
    summer_peak_day: int
    winter_peak_day: int
    net_peak_day: int
    revision: Revision
    release_status: ReleaseStatus
    ranks: IntArray = array("rank")
    load_duration_mw: FloatArray = array("rank")
    net_load_duration_mw: FloatArray = array("rank")
    load_map_mw: IntArray = array("hour")
    net_load_map_mw: IntArray = array("hour")
    curtailed_map_mw: IntArray = array("hour")
    price_map_cny_per_mwh: IntArray = array("hour")


@dataclass(frozen=True)
class FlowNode:
    """A node of the energy flow."""

    node_id: str
    label: Label
    column: int


@dataclass(frozen=True)
class FlowLink:
    """A flow between two nodes."""

    from_node: str
    to_node: str
    energy_gj: FloatArray = array("year")


@dataclass(frozen=True)
class EnergyFlow:
    """Where energy comes from and goes to."""

    years: tuple[int, ...]
    nodes: tuple[FlowNode, ...]
    links: tuple[FlowLink, ...]
    revision: Revision
    release_status: ReleaseStatus
