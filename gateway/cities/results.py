"""What CityService answers (dafeng.cities.v1): same field names and units as the messages."""

from dataclasses import dataclass

from gateway.results import CarbonPeak, TargetResult
from services.common.arrays import FloatArray, array
from services.common.words import Label, Place, Provenance, Revision


@dataclass(frozen=True)
class CitySector:
    """Direct CO2 of one sector in a city."""

    sector: str
    label: Label
    direct_tco2: FloatArray = array("year")


@dataclass(frozen=True)
class CityFigure:
    """A metric of a city, and its share of the sum of the cities."""

    metric_id: str
    label: Label
    unit: str
    metric_values: FloatArray = array("year")
    metric_share: FloatArray = array("year")


@dataclass(frozen=True)
class SumCheck:
    """A sum over the cities beside the province's own figure."""

    quantity: str
    label: Label
    difference_share: float
    holds: bool
    must_hold: bool
    remark: Label


@dataclass(frozen=True)
class CityEntry:
    """One city."""

    place: Place
    carbon_peak: CarbonPeak
    sectors: tuple[CitySector, ...]
    figures: tuple[CityFigure, ...]
    targets: tuple[TargetResult, ...]
    territorial_tco2: FloatArray = array("year")
    co2_share: FloatArray = array("year")
    electricity_mwh: FloatArray = array("year")
    peak_load_mw: FloatArray = array("year")
    gdp_cny: FloatArray = array("year")
    population_count: FloatArray = array("year")


@dataclass(frozen=True)
class CityTable:
    """The cities of a region side by side."""

    region: str
    baseline: str
    years: tuple[int, ...]
    cities: tuple[CityEntry, ...]
    checks: tuple[SumCheck, ...]
    digest: str
    revision: Revision


@dataclass(frozen=True)
class SettingTaken:
    """A setting that made the answer."""

    setting: str
    given: str
    source: str


@dataclass(frozen=True)
class CityPart:
    """A city's part of a target."""

    place: Place
    weight: float
    unrounded: float
    number: float
    incentive_number: float | None
    bound: str
    base: float | None
    projected: float | None
    margin: float | None
    gdp_ratio: float


@dataclass(frozen=True)
class Breakdown:
    """A provincial target broken down to the cities."""

    target_id: str
    label: Label
    metric_id: str
    kind: str
    unit: str
    year: int
    base_year: int
    sense: str
    asked: float
    to_share: float
    reserve: float
    rule: str
    factor: float
    feasible: bool
    reached: float
    reached_published: float
    reached_incentive: float | None
    projected: float | None
    cities: tuple[CityPart, ...]
    settings: tuple[SettingTaken, ...]
    notes: tuple[Label, ...]
    digest: str
    revision: Revision


@dataclass(frozen=True)
class PlanLine:
    """A city's plan and the adjustment proposed beside it."""

    place: str
    plan: float | None
    by_rule: float
    against_rule: float | None
    potential: float | None
    adjustment: float
    adjusted: float
    author: str
    date: str
    submitted: str


@dataclass(frozen=True)
class TargetBalance:
    """The plans for one target against the province's number."""

    breakdown: Breakdown
    planned: float
    gap: float
    from_reserve: float
    left: float
    closing: str
    lines: tuple[PlanLine, ...]
    notes: tuple[Label, ...]


@dataclass(frozen=True)
class PlanBalance:
    """City plans against the province."""

    targets: tuple[TargetBalance, ...]
    settings: tuple[SettingTaken, ...]
    revision: Revision


@dataclass(frozen=True)
class TaskRow:
    """One row of the task table; `task_values` and `has_task` are by the table's years."""

    place: str
    place_label: Label
    department: Label
    target_id: str
    indicator: Label
    unit: str
    base: float | None
    base_year: int
    task_values: tuple[float, ...]
    has_task: tuple[bool, ...]
    basis: str
    profile: str
    source: str
    status: str
    comment: Label
    sum_of_cities: bool
    number: float
    step: float
    department_provenance: Provenance
    remaining: float
    reserve: float


@dataclass(frozen=True)
class LeftOut:
    """A target without tasks."""

    target_id: str
    reason: Label


@dataclass(frozen=True)
class TaskTable:
    """Yearly tasks of the cities and departments of a region."""

    region: str
    years: tuple[int, ...]
    rows: tuple[TaskRow, ...]
    left_out: tuple[LeftOut, ...]
    settings: tuple[SettingTaken, ...]
    revision: Revision
