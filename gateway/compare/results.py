"""What comparisons say (dafeng.comparison.v1): same field names and units as the messages."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.compare.coalitions import Contributor
from gateway.results import CarbonPeak, Verdict
from services.common.arrays import FloatArray, array
from services.common.words import Label, Metric


class AttributionMethod(StrEnum):
    """How Shapley values are found."""

    EXACT = "exact"
    SAMPLED = "sampled"


class Steps(StrEnum):
    """How a decomposition steps through the years."""

    YEARLY = "yearly"
    END_POINTS = "end_points"


class AccountBoundary(StrEnum):
    """Whose CO2 a sector answers for."""

    DIRECT = "direct"
    ATTRIBUTED = "attributed"


@dataclass(frozen=True)
class ScenarioHeadline:
    """Both peaks of one scenario."""

    scenario_name: str
    baseline: str
    carbon_peaks: tuple[CarbonPeak, ...]
    peak_load_year: int
    peak_load_mw: float
    peak_load_hour: int
    targets_met_count: int
    digest: str


@dataclass(frozen=True)
class ComparedMetric:
    """One metric of all scenarios."""

    metric: Metric
    values: FloatArray = array("scenario", "year")
    differences: FloatArray = array("scenario", "year")


@dataclass(frozen=True)
class TargetAnswer:
    """A target's answer in one scenario."""

    verdict: Verdict
    value: float | None
    margin: float | None


@dataclass(frozen=True)
class ComparedTarget:
    """One target in all scenarios."""

    target_id: str
    label: Label
    place: str
    compare: str
    asked: float | None
    unit: str
    year: int
    answers: tuple[TargetAnswer, ...]
    differs: bool


@dataclass(frozen=True)
class ScenarioComparison:
    """Scenarios side by side."""

    scenarios: tuple[ScenarioHeadline, ...]
    years: tuple[int, ...]
    metrics: tuple[ComparedMetric, ...]
    targets: tuple[ComparedTarget, ...]
    place: str
    notes: tuple[Label, ...]


@dataclass(frozen=True)
class AttributedMetric:
    """One metric's difference by contributor."""

    metric: Metric
    base_values: FloatArray = array("year")
    changed_values: FloatArray = array("year")
    contributions: FloatArray = array("contributor", "year")
    standalone: FloatArray = array("contributor", "year")
    last_in: FloatArray = array("contributor", "year")
    standard_errors: FloatArray = array("contributor", "year")


@dataclass(frozen=True)
class SectorDifference:
    """A sector's part of the difference, from the accounts."""

    sector: str
    label: Label
    direct_tco2: FloatArray = array("year")
    attributed_tco2: FloatArray = array("year")
    process_tco2: FloatArray = array("year")


@dataclass(frozen=True)
class Wedge:
    """A wedge between the curves of two scenarios, as differences to the base."""

    contributor_id: str
    low: FloatArray = array("year")
    high: FloatArray = array("year")


@dataclass(frozen=True)
class AttributionRun:
    """How an attribution was found; every setting that was used."""

    method: AttributionMethod
    contributor_count: int
    run_count: int
    run_limit: int
    pair_count: int
    standard_error_share: float
    standard_error_share_max: float
    converged: bool
    seed: int


@dataclass(frozen=True)
class Attribution:
    """The difference of two scenarios, shared out."""

    base_name: str
    changed_name: str
    years: tuple[int, ...]
    place: str
    contributors: tuple[Contributor, ...]
    metrics: tuple[AttributedMetric, ...]
    sectors: tuple[SectorDifference, ...]
    wedges: tuple[Wedge, ...]
    run: AttributionRun
    notes: tuple[Label, ...]


@dataclass(frozen=True)
class SectorChange:
    """A sector's part of a change."""

    sector: str
    label: Label
    change_tco2: float


@dataclass(frozen=True)
class FactorEffect:
    """The effect of one factor."""

    factor: str
    label: Label
    effect_tco2: float
    sectors: tuple[SectorChange, ...]


@dataclass(frozen=True)
class Decomposition:
    """A change of energy-related CO2 by factor."""

    base_name: str
    changed_name: str
    from_year: int
    to_year: int
    steps: Steps
    boundary: AccountBoundary
    from_tco2: float
    to_tco2: float
    factors: tuple[FactorEffect, ...]
    apart: tuple[SectorChange, ...]
    notes: tuple[Label, ...]
