"""What an abatement-cost curve says (dafeng.abatement.v1): same field names and units as the messages."""

from dataclasses import dataclass
from enum import StrEnum

from services.common.words import Label


class OutsideCurve(StrEnum):
    """Why a measure stands outside the curve."""

    UNSPECIFIED = ""
    NO_EFFECT = "no_effect"
    OPPOSITE_SIGN = "opposite_sign"


@dataclass(frozen=True)
class MeasureAbatement:
    """One measure of the package."""

    measure_id: str
    label: Label
    abatement_tco2: float
    cost_cny: float
    cny_per_tco2: float | None
    rank: int
    start_tco2: float
    no_regret: bool
    outside: OutsideCurve
    standalone_abatement_tco2: float
    standalone_cost_cny: float
    standalone_cny_per_tco2: float | None
    last_in_abatement_tco2: float
    last_in_cost_cny: float
    incremental_rank: int
    incremental_abatement_tco2: float
    incremental_cost_cny: float
    incremental_cny_per_tco2: float | None
    incremental_no_regret: bool
    standard_error_tco2: float
    standard_error_cny: float
    unserved_cny: float


@dataclass(frozen=True)
class AbatementCurve:
    """The abatement-cost curve of a package."""

    measures: tuple[MeasureAbatement, ...]
    abatement_tco2: float
    cost_cny: float
    base_tco2: float
    base_cost_cny: float
    first_year: int
    last_year: int
    years: tuple[int, ...]
    co2_metric_id: str
    cost_metric_id: str
    discount_share_per_year: float
    discount_tonnes: bool
    effect_share_min: float
    exact: bool
    run_count: int
    pair_count: int
    standard_error_share: float
    seed: int
    notes: tuple[Label, ...]
    present_value_year: int
    base_unserved_cny: float
    unserved_cny: float
    leave_out_unserved: bool
