"""What early warning says (dafeng.warning.v1): same field names and units as the messages."""

from dataclasses import dataclass
from enum import StrEnum

from services.common.words import Label, Provenance, ReleaseStatus, Revision


class WarningQuantity(StrEnum):
    """What a condition looks at."""

    GAP_RATIO = "gap_ratio"
    YEAR_GAP_RATIO = "year_gap_ratio"
    ABSOLUTE_GAP = "absolute_gap"
    PROBABILITY_OF_MISSING = "probability_of_missing"
    WORSENING_COUNT = "worsening_count"
    DATA_AGE_MONTHS = "data_age_months"


class WarningComparison(StrEnum):
    """How it is set against the threshold."""

    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    MISSING = "missing"


@dataclass(frozen=True)
class WarningCondition:
    """A quantity beside a threshold."""

    quantity: WarningQuantity
    comparison: WarningComparison
    threshold: float


@dataclass(frozen=True)
class WarningRule:
    """A row of a rule set: it holds when all its conditions hold."""

    severity: int
    number: str
    colour: str
    label: Label
    conditions: tuple[WarningCondition, ...]


@dataclass(frozen=True)
class WarningRuleSet:
    """An office's rules, tried in order."""

    rule_set_id: str
    version: str
    owner: Label
    label: Label
    improve_after_count: int
    rules: tuple[WarningRule, ...]
    provenance: Provenance


@dataclass(frozen=True)
class WarningColour:
    """What a rule set answers, and which of its rows did."""

    severity: int
    number: str
    colour: str
    label: Label
    rule_index: int
    held_back: bool


@dataclass(frozen=True)
class WarningChance:
    """A chance of missing a target with its 95 % interval (Wilson, on the effective number of members)."""

    share: float
    low_share: float
    high_share: float


@dataclass(frozen=True)
class TargetWarning:
    """One target: where it stands, what is left, and how likely it is missed. None where it cannot be said."""

    target_id: str
    label: Label
    unit: str
    year: int
    asked: float
    observed_year: int
    seen: float | None
    required_now: float | None
    gap_ratio: float | None
    year_gap_ratio: float | None
    absolute_gap: float | None
    worsening_count: int
    data_age_months: int | None
    office_colour: WarningColour
    full_colour: WarningColour
    prior: WarningChance | None
    posterior: WarningChance | None
    not_evaluated_share: float
    final: bool
    years_left: int
    remaining: float | None
    remaining_per_year: float | None
    remaining_unit: str
    sigma_share: float
    residual_correlation: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class TargetLeftOut:
    """A target that early warning cannot follow, and why."""

    target_id: str
    label: Label
    reason: str


@dataclass(frozen=True)
class EnsembleBand:
    """10th, 50th and 90th percentile over the members, before and after the observations."""

    quantity: str
    label: Label
    unit: str
    year: int
    prior_p10: float
    prior_p50: float
    prior_p90: float
    posterior_p10: float
    posterior_p50: float
    posterior_p90: float


@dataclass(frozen=True)
class PeakYearShare:
    """Share of members whose carbon peak falls in a year (0: none in the span), and the level there."""

    year: int
    prior_share: float
    posterior_share: float
    level_p10_tco2: float
    level_p50_tco2: float
    level_p90_tco2: float


@dataclass(frozen=True)
class InputUsed:
    """An uncertain input of the ensemble."""

    input_id: str
    lever_id: str
    axis: str
    label: Label
    used: bool
    provenance: Provenance


@dataclass(frozen=True)
class SeriesUsed:
    """An observed series that weighs the members: its error and how far it was seen."""

    metric_id: str
    statistic: str
    sigma_share: float
    residual_correlation: float
    years: tuple[int, ...]
    provenance: Provenance


@dataclass(frozen=True)
class WarningAssessment:
    """The whole answer."""

    region: str
    baseline: str
    as_of_year: int
    issued_year: int
    assessed_year: int
    rule_set: WarningRuleSet
    member_count: int
    seed: int
    effective_member_count: float
    likelihood_exponent: float
    flags: tuple[str, ...]
    targets: tuple[TargetWarning, ...]
    left_out: tuple[TargetLeftOut, ...]
    bands: tuple[EnsembleBand, ...]
    carbon_peak_years: tuple[PeakYearShare, ...]
    inputs: tuple[InputUsed, ...]
    series: tuple[SeriesUsed, ...]
    weather_years: tuple[str, ...]
    years: tuple[int, ...]
    digest: str
    revision: Revision
    release_status: ReleaseStatus


@dataclass(frozen=True)
class BacktestCase:
    """One warning of the past beside what came."""

    series_id: str
    label: Label
    as_of_year: int
    target_year: int
    asked: float
    unit: str
    seen: float | None
    outcome: float
    missed: bool
    gap_ratio: float | None
    prior_share: float
    posterior_share: float
    effective_member_count: float
    office_colour: str
    full_colour: str
    office_warned: bool | None
    full_warned: bool | None


@dataclass(frozen=True)
class Score:
    """Hits, misses, false alarms and correct negatives of one way to warn; rates with 95 % bootstrap intervals."""

    way: str
    label: Label
    as_of_year: int
    case_count: int
    series_count: int
    no_answer_count: int
    hit_count: int
    miss_count: int
    false_alarm_count: int
    correct_negative_count: int
    miss_rate: float | None
    miss_rate_low: float | None
    miss_rate_high: float | None
    false_alarm_rate: float | None
    false_alarm_rate_low: float | None
    false_alarm_rate_high: float | None
    false_alarm_ratio: float | None


@dataclass(frozen=True)
class BrierScore:
    """Mean squared error of a chance, beside the base rate."""

    way: str
    as_of_year: int
    case_count: int
    brier: float
    base_rate: float
    reference: float
    skill: float | None


@dataclass(frozen=True)
class ReliabilityBin:
    """Chances in a bin beside how often the target was missed."""

    low_share: float
    high_share: float
    case_count: int
    mean_share: float | None
    missed_share: float | None


@dataclass(frozen=True)
class BacktestResult:
    """The whole back-test."""

    region: str
    baseline: str
    rule_set: WarningRuleSet
    member_count: int
    seed: int
    issued_year: int
    cases: tuple[BacktestCase, ...]
    scores: tuple[Score, ...]
    brier: tuple[BrierScore, ...]
    reliability: tuple[ReliabilityBin, ...]
    notes: tuple[Label, ...]
    bootstrap_count: int
    warned_from_severity: int
    digest: str
    revision: Revision
    release_status: ReleaseStatus
