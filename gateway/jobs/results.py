"""What a summary of a batch says (dafeng.batch.v1, same names and units)."""

from dataclasses import dataclass

from services.common.arrays import FloatArray, IntArray, array
from services.common.words import Label


@dataclass(frozen=True)
class ColumnPercentiles:
    """Percentiles of one column over the members that are done.

    `p10_low` and `p10_high` are the order statistics between which the 10th percentile of the whole lies with 95 %.
    """

    column_id: str
    member_count: int
    p05: float
    p10: float
    p50: float
    p90: float
    p95: float
    p10_low: float
    p10_high: float
    p50_low: float
    p50_high: float
    p90_low: float
    p90_high: float
    mean: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class Threshold:
    """A threshold on a column."""

    column_id: str
    value: float


@dataclass(frozen=True)
class CountedShare:
    """A share counted on members, with its Wilson 95 % interval; 0 to 1 when no member can be counted."""

    share: float
    low_share: float
    high_share: float
    member_count: int
    not_counted_count: int


@dataclass(frozen=True)
class Exceedance:
    """Chance of exceeding a threshold."""

    threshold: Threshold
    above: CountedShare


@dataclass(frozen=True)
class TargetChance:
    """Chance of meeting a target."""

    target_id: str
    met: CountedShare


@dataclass(frozen=True)
class PeakYearClass:
    """A class of carbon peak years; year 0: none in the span."""

    year: int
    share: float
    p10_tco2: float
    p50_tco2: float
    p90_tco2: float


@dataclass(frozen=True)
class CornerMember:
    """A real member near a pair of percentiles."""

    carbon_peak_share: float
    peak_load_share: float
    member: int
    carbon_peak_tco2: float
    peak_load_mw: float


@dataclass(frozen=True)
class JointPeaks:
    """Carbon peak and peak load together."""

    years: tuple[PeakYearClass, ...]
    peak_load_year: int
    kendall_tau: float | None
    both_above: CountedShare | None
    corners: tuple[CornerMember, ...]
    carbon_peak_bounds_tco2: FloatArray = array("bound")
    peak_load_bounds_mw: FloatArray = array("bound")
    cell_counts: IntArray = array("cell")  # [carbon peak bin, peak load bin], flat


@dataclass(frozen=True)
class InputSensitivity:
    """How much an input moves a column; what a method does not define is absent."""

    input_id: str
    label: Label
    first_order_share: float | None = None
    first_order_half_width_share: float | None = None
    total_share: float | None = None
    total_half_width_share: float | None = None
    mean_effect: float | None = None
    effect_spread: float | None = None
    rank_correlation: float | None = None
    correlated_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class InputPair:
    """What two inputs do together, beyond what each does alone (Sobol with second order)."""

    first_input_id: str
    second_input_id: str
    share: float
    half_width_share: float


@dataclass(frozen=True)
class ColumnSensitivity:
    """Sensitivities of one column, the strongest input first; `reason` says why there is none.

    `member_count` members were counted: rows of a Morris or Sobol sample with a failed or missing member are left
    out whole.
    """

    column_id: str
    method: str
    inputs: tuple[InputSensitivity, ...]
    reason: str = ""
    member_count: int = 0
    pairs: tuple[InputPair, ...] = ()
