"""What a dispatched fleet answers (dafeng.power.v1.DispatchResult, same names and units)."""

from dataclasses import dataclass
from enum import StrEnum

from services.common.power_outcome import DispatchMode
from services.common.words import Revision
from services.power.instance.words import StepSeries


class DispatchMethod(StrEnum):
    """How a schedule was found."""

    UNSPECIFIED = "unspecified"
    MERIT_ORDER = "merit_order"
    EXACT_WALK = "exact_walk"
    WALKS_IN_TURN = "walks_in_turn"
    INTERIOR_POINT = "interior_point"
    LINEAR_PROGRAMME = "linear_programme"


@dataclass(frozen=True)
class UnitResult:
    """What a generator or line did."""

    unit_id: str
    group: str
    energy_mwh: float
    curtailed_mwh: float
    cost_cny: float
    fuel_gj: float
    energy_tco2: float
    so2_kg: float
    nox_kg: float
    pm_kg: float
    started_mw: float
    full_load_hours: float
    revenue_cny: float
    largest_ramp_mw_per_h: float


@dataclass(frozen=True)
class StorageResult:
    """What a store or flexible load did."""

    storage_id: str
    charged_mwh: float
    discharged_mwh: float
    cycles_count: float
    start_mwh: float
    end_mwh: float
    spilled_mwh: float


@dataclass(frozen=True)
class Curtailment:
    """Curtailed energy by its cause, MWh."""

    oversupply_mwh: float
    imports_mwh: float
    minimum_output_mwh: float


@dataclass(frozen=True)
class DispatchResult:
    """The schedule and what it costs."""

    name: str
    mode: DispatchMode
    method: DispatchMethod
    method_reason: str
    cost_cny: float
    lower_bound_cny: float
    gap_share: float
    cost_without_stores_cny: float
    captured_saving_share: float
    units: tuple[UnitResult, ...]
    storages: tuple[StorageResult, ...]
    curtailment: Curtailment
    load_mwh: float
    unserved_mwh: float
    surplus_mwh: float
    reserve_short_mwh: float
    energy_tco2: float
    mean_price_cny_per_mwh: float
    net_peak_load_mw: float
    net_peak_step: int
    net_ramp_up_mw_per_h: float
    net_ramp_down_mw_per_h: float
    balance_residual_share: float
    series: tuple[StepSeries, ...]
    digest: str
    revision: Revision
