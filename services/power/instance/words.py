"""What a caller sends to be dispatched (dafeng.power.v1.DispatchInstance, same names and units)."""

from dataclasses import dataclass

from services.common.arrays import FloatArray, array

DEFAULT_STEP_HOURS = 1.0
DEFAULT_VALUE_OF_LOST_LOAD = 10_000.0
DEFAULT_GAP_TOLERANCE_SHARE = 1e-3


@dataclass(frozen=True)
class StepSeries:
    """A named series with one value a step."""

    series_id: str
    values: FloatArray = array("step")


@dataclass(frozen=True)
class CostStep:
    """A part of a generator's output at its own cost."""

    capacity_share: float
    cost_cny_per_mwh: float


@dataclass(frozen=True)
class UnitCommitment:
    """Commitment of a generator, or of a cluster of equal units, by period."""

    min_load_share: float = 0.0
    no_load_cost_cny_per_mw_h: float = 0.0
    start_cost_cny_per_mw: float = 0.0


@dataclass(frozen=True)
class Generator:
    """A generator or a cluster of equal units."""

    generator_id: str
    group: str = ""
    capacity_mw: float = 0.0
    availability_share: float | None = None
    availability_series: str = ""
    minimum_mw: float = 0.0
    minimum_series: str = ""
    cost_cny_per_mwh: float = 0.0
    cost_series: str = ""
    cost_steps: tuple[CostStep, ...] = ()
    variable: bool = False
    tco2_per_mwh: float = 0.0
    fuel_gj_per_mwh: float = 0.0
    so2_kg_per_mwh: float = 0.0
    nox_kg_per_mwh: float = 0.0
    pm_kg_per_mwh: float = 0.0
    ramp_mw_per_h: float | None = None
    budget_mwh: float | None = None
    budget_step_count: int = 0
    commitment: UnitCommitment | None = None
    reserve_eligible: bool = False


@dataclass(frozen=True)
class Storage:
    """A store; without start and end its year is cyclic and the turn is found by search."""

    storage_id: str
    charge_mw: float
    discharge_mw: float
    energy_mwh: float
    charge_efficiency_share: float
    discharge_efficiency_share: float
    throughput_cost_cny_per_mwh: float = 0.0
    start_mwh: float | None = None
    end_mwh: float | None = None
    loss_share_per_h: float = 0.0
    inflow_series: str = ""


@dataclass(frozen=True)
class ImportLine:
    """A line that delivers a contracted shape, with a band around it when energy may move."""

    line_id: str
    capacity_mw: float
    contract_series: str
    band_share: float = 0.0
    band_step_count: int = 0
    cost_cny_per_mwh: float = 0.0
    tco2_per_mwh: float = 0.0
    renewable_share: float = 0.0


@dataclass(frozen=True)
class FlexibleLoad:
    """Demand inside the load that may be moved, and fed back."""

    flexible_id: str
    baseline_series: str
    power_mw: float
    feed_in_mw: float = 0.0
    shift_mwh: float = 0.0
    window_step_count: int = 1
    efficiency_share: float | None = None
    cost_cny_per_mwh: float = 0.0


@dataclass(frozen=True)
class Reserve:
    """Operating reserve from the free capacity of eligible generators."""

    load_share: float = 0.0
    variable_share: float = 0.0
    constant_mw: float = 0.0
    shortage_cost_cny_per_mwh: float = 0.0


@dataclass(frozen=True)
class DispatchInstance:
    """A fleet and its load."""

    name: str
    load_mw: FloatArray = array("step")
    generators: tuple[Generator, ...] = ()
    storages: tuple[Storage, ...] = ()
    lines: tuple[ImportLine, ...] = ()
    flexible_loads: tuple[FlexibleLoad, ...] = ()
    series: tuple[StepSeries, ...] = ()
    reserve: Reserve | None = None
    step_hours: float | None = None
    value_of_lost_load_cny_per_mwh: float | None = None
    commitment_step_count: int = 0

    @property
    def hours(self) -> float:
        """Length of a step, h."""
        return DEFAULT_STEP_HOURS if self.step_hours is None else self.step_hours

    @property
    def value_of_lost_load(self) -> float:
        """CNY/MWh."""
        given = self.value_of_lost_load_cny_per_mwh
        return DEFAULT_VALUE_OF_LOST_LOAD if given is None else given

    @property
    def period_steps(self) -> int:
        """Steps of a commitment period."""
        return self.commitment_step_count or max(round(24 / self.hours), 1)
