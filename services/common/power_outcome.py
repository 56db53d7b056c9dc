"""What power answers (dafeng.power.v1.Outcome): generation, stores, balances and peaks by year."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np

from services.common.arrays import FloatArray, IntArray, array
from services.common.words import Label, Provenance, Revision

# What has a capacity credit, and the metrics of adequacy by name: they take as long as the dispatch itself, so that
# callers who do not read them leave them out.
CREDITED: Final = ("wind", "pv", "battery", "pumped_storage")
ADEQUACY_NAMES: Final = (
    "lole_hours",
    "eens_mwh",
    "capacity_lacking_mw",
    *(f"capacity_credit_{name}_share" for name in CREDITED),
)
ADEQUACY_METRICS: Final = frozenset(f"power.{name}" for name in ADEQUACY_NAMES)


class DispatchMode(StrEnum):
    """How a dispatch is searched for; those without COMMITMENT commit no units."""

    UNSPECIFIED = "unspecified"
    FAST = "fast"
    FAST_COMMITMENT = "fast_commitment"
    FAST_COMMITMENT_ONE_PASS = "fast_commitment_one_pass"
    ACCURATE = "accurate"
    ACCURATE_COMMITMENT = "accurate_commitment"


@dataclass(frozen=True)
class LoadComponent:
    """A part of the load: electricity at the meter with its shape and cause."""

    component_id: str
    cause: str
    shape_digest: str
    energy_mwh: FloatArray = array("year")


@dataclass(frozen=True)
class OnSiteSupply:
    """Must-take generation on the users' side; may be curtailed."""

    technology: str
    shape_digest: str
    capacity_mw: FloatArray = array("year")
    energy_mwh: FloatArray = array("year")


@dataclass(frozen=True)
class ChpHeat:
    """Heat that co-generation must deliver."""

    shape_digest: str
    heat_gj: FloatArray = array("year")


@dataclass(frozen=True)
class FlexibleDemand:
    """Load that may be moved by dispatch; already counted in the load components."""

    flexible_load_id: str
    shape_digest: str
    window_hours: float
    efficiency_share: float
    energy_mwh: FloatArray = array("year")
    power_mw: FloatArray = array("year")
    feed_in_mw: FloatArray = array("year")


@dataclass(frozen=True)
class Technology:
    """A generating technology or import line over the years."""

    technology: str
    group: str
    label: Label
    carrier: str
    imported: bool
    non_fossil: bool
    capacity_mw: FloatArray = array("year")
    energy_mwh: FloatArray = array("year")
    curtailed_mwh: FloatArray = array("year")
    fuel_gj: FloatArray = array("year")
    energy_tco2: FloatArray = array("year")
    investment_cny: FloatArray = array("year")
    fixed_om_cny: FloatArray = array("year")
    variable_cost_cny: FloatArray = array("year")
    carbon_cost_cny: FloatArray = array("year")
    levelised_cost_cny_per_mwh: FloatArray = array("year")
    so2_t: FloatArray = array("year")
    nox_t: FloatArray = array("year")
    pm_t: FloatArray = array("year")
    # Hydrogen burned beside the carrier, which fuel_gj does not count; empty where none can be. No part of the digest.
    hydrogen_gj: FloatArray = field(default_factory=lambda: np.empty(0), metadata={"axes": ("year",)})


@dataclass(frozen=True)
class Store:
    """A store over the years."""

    store_id: str
    label: Label
    power_mw: FloatArray = array("year")
    energy_capacity_mwh: FloatArray = array("year")
    charged_mwh: FloatArray = array("year")
    discharged_mwh: FloatArray = array("year")
    investment_cny: FloatArray = array("year")
    fixed_om_cny: FloatArray = array("year")
    variable_cost_cny: FloatArray = array("year")


@dataclass(frozen=True)
class SystemCost:
    """What the system costs by component, CNY of 2025; the total is their sum."""

    investment_cny: FloatArray = array("year")
    fixed_om_cny: FloatArray = array("year")
    fuel_cny: FloatArray = array("year")
    variable_om_cny: FloatArray = array("year")
    start_cny: FloatArray = array("year")
    import_cny: FloatArray = array("year")
    interruption_cny: FloatArray = array("year")
    carbon_cny: FloatArray = array("year")
    unserved_cny: FloatArray = array("year")
    total_cny: FloatArray = array("year")


@dataclass(frozen=True)
class GridFactorCheck:
    """The grid factor by the official method beside the published one, in one year."""

    year: int
    model_tco2_per_mwh: float
    official_tco2_per_mwh: float
    official_over_model_ratio: float
    official_scope_tco2_per_mwh: float
    official_over_scope_ratio: float


@dataclass(frozen=True)
class MarginalFactors:
    """Short-run marginal emission factors of one year by month and hour of the day."""

    year: int
    marginal_tco2_per_mwh: FloatArray = array("month", "hour")


@dataclass(frozen=True)
class PeakDay:
    """The day of a year's highest load in one season, hour by hour."""

    year: int
    season: str
    first_hour: int
    peak_hour: int
    causes: tuple[str, ...]
    groups: tuple[str, ...]
    load_mw: FloatArray = array("hour")
    load_by_cause_mw: FloatArray = array("cause", "hour")
    supply_mw: FloatArray = array("group", "hour")


@dataclass(frozen=True)
class HoursChoice:
    """The hours that a caller reads: a dispatched year, and days of it (0 to 364) besides those of the peaks."""

    year: int
    days: tuple[int, ...] = ()


@dataclass(frozen=True)
class YearHours:
    """Every hour of one dispatched year, and some of its days by cause and by source."""

    year: int
    days: tuple[PeakDay, ...]
    load_mw: FloatArray = array("hour")
    net_load_mw: FloatArray = array("hour")
    curtailed_mw: FloatArray = array("hour")
    price_cny_per_mwh: FloatArray = array("hour")


@dataclass(frozen=True)
class PowerIndicator:
    """A published metric's values: the region's, and the cities' where they exist (else size 0)."""

    metric_id: str
    region_values: FloatArray = array("year")
    place_values: FloatArray = array("place", "year")


@dataclass(frozen=True)
class PlausibilityWarning:
    """What lies outside of what is usual over a run of years, with the limit and its source; never an error."""

    warning_id: str
    technology: str
    year: int
    last_year: int
    value: float
    limit: float
    unit: str
    text: Label
    provenance: Provenance


@dataclass(frozen=True)
class PowerOutcome:
    """All that power says of one scenario (dafeng.power.v1.Outcome, same field names and units)."""

    years: tuple[int, ...]
    technologies: tuple[Technology, ...]
    stores: tuple[Store, ...]
    peak_days: tuple[PeakDay, ...]
    indicators: tuple[PowerIndicator, ...]
    system_cost: SystemCost
    grid_factor_checks: tuple[GridFactorCheck, ...]
    marginal_factors: tuple[MarginalFactors, ...]
    warnings: tuple[PlausibilityWarning, ...]
    mode: DispatchMode
    digest: str
    revision: Revision
    demand_mwh: FloatArray = array("year")
    loss_mwh: FloatArray = array("year")
    plant_own_use_mwh: FloatArray = array("year")
    unserved_mwh: FloatArray = array("year")
    surplus_mwh: FloatArray = array("year")
    summer_peak_load_mw: FloatArray = array("year")
    summer_peak_hour: IntArray = array("year")
    winter_peak_load_mw: FloatArray = array("year")
    winter_peak_hour: IntArray = array("year")
    net_peak_load_mw: FloatArray = array("year")
    net_peak_hour: IntArray = array("year")
    reserve_margin_share: FloatArray = array("year")
    mean_price_cny_per_mwh: FloatArray = array("year")
    variable_cost_cny: FloatArray = array("year")
    net_coal_rate_kgce_per_mwh: FloatArray = array("year")
    balance_residual_share: FloatArray = array("year")
    gap_share: FloatArray = array("year")
    supply_tco2_per_mwh: FloatArray = array("year")
    # Beside all else, and no part of the digest: what a caller reads of the hours does not change the outcome.
    year_hours: YearHours | None = None
