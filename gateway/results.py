"""What a projection says (dafeng.projection.v1): same field names and units as the messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from services.common.arrays import FloatArray, IntArray, array
from services.common.power_outcome import PowerOutcome
from services.common.scenario import Frame
from services.common.words import Label, Lever, Metric, Place, Provenance, ReleaseStatus, Revision

NO_LABEL = Label("", "")


class Verdict(StrEnum):
    """The answer to a target."""

    MET = "met"
    MISSED = "missed"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    ALREADY_MET = "already_met"
    CANNOT_COMPUTE = "cannot_compute"
    TRACKED_ONLY = "tracked_only"


@dataclass(frozen=True)
class RegionEntry:
    """A region with data, and its cities."""

    place: Place
    cities: tuple[Place, ...]
    data_revision: str


@dataclass(frozen=True)
class BaselineEntry:
    """A baseline of a region."""

    baseline: str
    label: Label


@dataclass(frozen=True)
class LeverEntry:
    """A lever and its path in a baseline: values at anchor years."""

    lever: Lever
    years: tuple[int, ...]
    values: FloatArray = array("year")


@dataclass(frozen=True)
class CarrierSeries:
    """Energy of one carrier."""

    carrier: str
    energy_gj: FloatArray = array("year")


@dataclass(frozen=True)
class PartSeries:
    """Direct CO2 of a part of a sector."""

    part: str
    direct_tco2: FloatArray = array("year")


@dataclass(frozen=True)
class SectorAccount:
    """Energy and CO2 of one sector."""

    sector: str
    label: Label
    carriers: tuple[CarrierSeries, ...]
    parts: tuple[PartSeries, ...]
    direct_tco2: FloatArray = array("year")
    place_direct_tco2: FloatArray = array("place", "year")
    attributed_tco2: FloatArray = array("year")
    process_tco2: FloatArray = array("year")
    electricity_mwh: FloatArray = array("year")


@dataclass(frozen=True)
class RegionAccount:
    """The region's accounts."""

    territorial_tco2: FloatArray = array("year")
    imported_power_tco2: FloatArray = array("year")
    process_tco2: FloatArray = array("year")
    sink_tco2: FloatArray = array("year")
    primary_coal_equivalent_gj: FloatArray = array("year")
    primary_calorific_gj: FloatArray = array("year")
    coal_share: FloatArray = array("year")
    non_fossil_local_share: FloatArray = array("year")
    non_fossil_with_imports_share: FloatArray = array("year")
    non_fossil_share: FloatArray = array("year")
    power_coal_share: FloatArray = array("year")
    co2_per_gdp_fall_since_2005_share: FloatArray = array("year")
    energy_per_gdp_fall_since_2020_share: FloatArray = array("year")
    electricity_consumption_mwh: FloatArray = array("year")
    gdp_index: FloatArray = array("year")
    electricity_tco2_per_mwh: FloatArray = array("year")


@dataclass(frozen=True)
class CarbonPeak:
    """The carbon peak in one boundary."""

    boundary: str
    label: Label
    year: int
    level_tco2: float
    in_span: bool
    plateau_first_year: int
    plateau_last_year: int
    plateau_share: float
    clear: bool
    steady_fall_year: int
    steady_fall_run_count: int
    leading_sector: str
    second_peak_year: int
    leading_city: str
    status: str


@dataclass(frozen=True)
class PeakLoad:
    """Peak load over the years."""

    causes: tuple[str, ...]
    peak_load_mw: FloatArray = array("year")
    peak_hour: IntArray = array("year")
    summer_mw: FloatArray = array("year")
    winter_mw: FloatArray = array("year")
    net_peak_mw: FloatArray = array("year")
    by_cause_mw: FloatArray = array("cause", "year")
    reserve_margin_share: FloatArray = array("year")
    unserved_mwh: FloatArray = array("year")


@dataclass(frozen=True)
class CityVerdict:
    """The answer for one city of a target that holds for each."""

    place: str
    value: float
    margin: float
    good: bool
    verdict: Verdict = Verdict.CANNOT_COMPUTE
    value_kind: str = ""


@dataclass(frozen=True)
class ValueSource:
    """A value held for a target, a rule or a deferred number in one year, and where it comes from."""

    kind: str
    place: str
    year: int
    value: float
    status: str
    source: str
    clause: str
    grade: str
    office: str
    date: str
    counts: bool


@dataclass(frozen=True)
class ReadingVerdict:
    """One reading of a target, answered."""

    name: str
    metric_id: str
    verdict: Verdict
    value: float | None
    margin: float | None
    reason: str
    main: bool


@dataclass(frozen=True)
class TargetResult:
    """One policy target, answered."""

    target_id: str
    label: Label
    document: Label
    section: str
    place: str
    sector: str
    form: str
    compare: str
    asked: float | None
    unit: str
    year: int
    year_assumed: bool
    metric_id: str
    verdict: Verdict
    basis: str
    value: float | None
    margin: float | None
    tolerance: float
    met_since_year: int
    reason: str
    flags: tuple[str, ...]
    cities: tuple[CityVerdict, ...]
    document_id: str = ""
    wording: str = ""
    strive: bool = False
    relative_margin: float | None = None
    tolerance_needed: float | None = None
    required_value: float | None = None
    required_year: int = 0
    splice_gap: float | None = None
    splice_year: int = 0
    value_source: ValueSource | None = None
    seen_values: tuple[ValueSource, ...] = ()
    readings: tuple[ReadingVerdict, ...] = ()
    twin_group: str = ""
    set_by: Label = NO_LABEL
    cities_without_value: tuple[str, ...] = ()
    tolerance_from: str = ""


@dataclass(frozen=True)
class DirectionResult:
    """A rule without a number, answered; `holds` is None when it is only tracked or cannot be computed."""

    direction_id: str
    label: Label
    document: str
    section: str
    place: str
    rule: str
    first_year: int
    last_year: int
    metric_id: str
    holds: bool | None
    first_broken_year: int
    broken_count: int
    change_share: float | None
    reason: str
    document_id: str = ""
    basis: str = ""
    tolerance_share: float = 0.0
    seen_values: tuple[ValueSource, ...] = ()


@dataclass(frozen=True)
class MetricSeries:
    """A metric over the years: the region's values, and the cities' where they exist (else size 0)."""

    metric: Metric
    region_values: FloatArray = array("year")
    place_values: FloatArray = array("place", "year")


@dataclass(frozen=True)
class CityAccount:
    """A city's part; its power emissions are by account."""

    place: str
    carbon_peak: CarbonPeak
    territorial_tco2: FloatArray = array("year")
    electricity_mwh: FloatArray = array("year")
    peak_load_mw: FloatArray = array("year")


@dataclass(frozen=True)
class Projection:
    """A regional projection."""

    frame: Frame
    scenario_name: str
    baseline: str
    places: tuple[str, ...]
    years: tuple[int, ...]
    sectors: tuple[SectorAccount, ...]
    account: RegionAccount
    carbon_peaks: tuple[CarbonPeak, ...]
    peak_load: PeakLoad
    power: PowerOutcome
    targets: tuple[TargetResult, ...]
    metrics: tuple[MetricSeries, ...]
    cities: tuple[CityAccount, ...]
    digest: str
    revision: Revision
    release_status: ReleaseStatus
    directions: tuple[DirectionResult, ...]


@dataclass(frozen=True)
class ComparedScenario:
    """Headline of one of several scenarios set side by side."""

    scenario_name: str
    baseline: str
    carbon_peak: CarbonPeak
    years: tuple[int, ...]
    targets_met_count: int
    changed_target_ids: tuple[str, ...]
    digest: str
    territorial_tco2: FloatArray = array("year")
    peak_load_mw: FloatArray = array("year")
    difference_tco2: FloatArray = array("year")
    difference_peak_load_mw: FloatArray = array("year")


@dataclass(frozen=True)
class BaseCheck:
    """One check of the base year: model against statistic."""

    check: str
    label: Label
    model: float
    statistic: float
    unit: str
    difference_share: float
    tolerance_share: float
    passed: bool
    provenance: Provenance


@dataclass(frozen=True)
class CalibrationFactor:
    """A named calibration factor: statistic over uncalibrated model, with the bounds it must keep."""

    factor: str
    statistic: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class HindcastRow:
    """One quantity in one year: modelled beside the statistic, in the statistic's unit."""

    quantity: str
    label: Label
    group: str
    year: int
    modelled: float | None
    statistic: float
    unit: str
    difference_share: float | None
    provenance: Provenance
    hidden: bool
    remark: Label


@dataclass(frozen=True)
class SectorInfo:
    """What a sector says of itself."""

    sector: str
    label: Label
    metrics: tuple[Metric, ...]
    needs: tuple[str, ...]

    @cached_property
    def rows(self) -> Mapping[str, Metric]:
        """The metrics by id."""
        return {m.metric_id: m for m in self.metrics}
