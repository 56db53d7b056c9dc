"""What a synergy assessment says (dafeng.abatement.v1): same field names and units as the messages."""

from dataclasses import dataclass
from enum import StrEnum

from services.common.words import Label


class SynergyQuadrant(StrEnum):
    """Where an effect lies: x is CO2 avoided, y is pollution avoided."""

    UNSPECIFIED = ""
    BOTH_FALL = "both_fall"
    CO2_RISES = "co2_rises"
    BOTH_RISE = "both_rise"
    POLLUTION_RISES = "pollution_rises"


@dataclass(frozen=True)
class PollutantRule:
    """A pollutant and its weight; one without is told apart."""

    metric_id: str
    label: Label
    kg_per_equivalent: float | None


@dataclass(frozen=True)
class CoordinationRule:
    """Bounds and weights of the coordination degree."""

    worst_ratio: float
    best_ratio: float
    index_min: float
    pollution_weight_share: float
    base_year: int


@dataclass(frozen=True)
class PollutantEffect:
    """One pollutant's effect."""

    metric_id: str
    avoided_t: float
    avoided_share: float
    elasticity_ratio: float | None


@dataclass(frozen=True)
class CoControl:
    """Co-control effect of a measure in a place."""

    measure_id: str
    label: Label
    place: str
    avoided_tco2: float
    avoided_co2_share: float
    avoided_equivalents: float
    avoided_pollution_share: float
    quadrant: SynergyQuadrant
    size_share: float
    angle_deg: float
    elasticity_ratio: float | None
    rank_score_share: float
    rank: int
    pollutants: tuple[PollutantEffect, ...]


@dataclass(frozen=True)
class Coordination:
    """Coupling coordination degree of a place in a year."""

    measure_id: str
    place: str
    year: int
    pollution_index: float
    carbon_index: float
    coupling: float
    level: float
    degree: float
    band: Label
    outside_bounds: bool


@dataclass(frozen=True)
class SynergyReport:
    """Pollution and carbon together."""

    year: int
    effects: tuple[CoControl, ...]
    coordinations: tuple[Coordination, ...]
    pollutants: tuple[PollutantRule, ...]
    co2_metric_id: str
    effect_share_min: float
    coordination_rule: CoordinationRule
    notes: tuple[Label, ...]
