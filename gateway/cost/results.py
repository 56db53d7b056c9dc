"""What a report of costs says (dafeng.cost.v1, same names and units)."""

from dataclasses import dataclass

from services.common.arrays import FloatArray, array
from services.common.words import Label, ReleaseStatus, Revision


@dataclass(frozen=True)
class CostPart:
    """One part of the cost."""

    part: str
    sector: str
    kind: str
    label: Label
    cost_cny: FloatArray = array("year")
    difference_cny: FloatArray = array("year")


@dataclass(frozen=True)
class PollutantSeries:
    """One air pollutant."""

    metric_id: str
    label: Label
    emission_t: FloatArray = array("year")
    avoided_t: FloatArray = array("year")


@dataclass(frozen=True)
class ScenarioCost:
    """Cost of one scenario; differences are to the first."""

    scenario_name: str
    baseline: str
    annuity_discount_share_per_year: float
    parts: tuple[CostPart, ...]
    pollutants: tuple[PollutantSeries, ...]
    npv_cny: float
    npv_difference_cny: float
    span_avoided_tco2: float
    abatement_cost_cny_per_tco2: float | None
    npv_difference_without_lost_load_cny: float
    abatement_cost_without_lost_load_cny_per_tco2: float | None
    total_cny: FloatArray = array("year")
    cost_per_gdp_share: FloatArray = array("year")
    cost_per_person_cny: FloatArray = array("year")
    difference_cny: FloatArray = array("year")
    carbon_payment_cny: FloatArray = array("year")
    with_imported_power_tco2: FloatArray = array("year")
    avoided_tco2: FloatArray = array("year")


@dataclass(frozen=True)
class CostReport:
    """Costs of scenarios side by side, CNY of the price year."""

    years: tuple[int, ...]
    price_year: int
    social_discount_share_per_year: float
    present_value_year: int
    npv_first_year: int
    npv_last_year: int
    scenarios: tuple[ScenarioCost, ...]
    notes: tuple[Label, ...]
    digest: str
    revision: Revision
    release_status: ReleaseStatus
