"""What the calls of batches answer (dafeng.batch.v1, same names and units); statistics stand in `results`."""

from dataclasses import dataclass

from gateway.jobs.results import (
    ColumnPercentiles,
    ColumnSensitivity,
    CountedShare,
    Exceedance,
    JointPeaks,
    TargetChance,
)
from gateway.jobs.words import Batch, Row
from gateway.results import Projection
from services.common.arrays import IntArray
from services.common.scenario import Scenario
from services.runtime.overload.quotas import ClassQuota


@dataclass(frozen=True)
class MemberResult:
    """The result of one member."""

    member: int
    values: tuple[float, ...]
    digest: str
    failure: str
    detail: str

    @classmethod
    def of(cls, row: Row, chosen: IntArray | None = None) -> "MemberResult":
        """A stored row, at the columns chosen."""
        values = row.values if chosen is None or not row.values.size else row.values[chosen]
        return cls(row.member, tuple(values.tolist()), row.digest, row.failure, row.detail)


@dataclass(frozen=True)
class Quotas:
    """What a caller may ask for."""

    most_members: int
    most_columns: int
    most_open_batches: int
    open_batches: int
    most_table_bytes: int
    retention_days: int
    request_id_days: int
    store_bytes: int
    most_store_bytes: int
    worker_count: int
    classes: tuple[ClassQuota, ...] = ()


@dataclass(frozen=True)
class Seen:
    """A batch as it stands, with its pace and the percentiles so far (the body of WatchBatchResponse)."""

    batch: Batch
    members_per_s: float
    time_left_s: float
    percentiles: tuple[ColumnPercentiles, ...]
    resume_token: str


@dataclass(frozen=True)
class Again:
    """A member calculated again (the body of GetMemberResponse)."""

    stored: MemberResult
    digest: str
    same: bool
    scenario: Scenario
    weather_year: str
    projection: Projection | None


@dataclass(frozen=True)
class Summary:
    """Statistics of a batch (the body of SummariseBatchResponse)."""

    batch: Batch
    percentiles: tuple[ColumnPercentiles, ...]
    exceedances: tuple[Exceedance, ...]
    targets: tuple[TargetChance, ...]
    all_targets_met: CountedShare | None
    joint: JointPeaks | None
    sensitivities: tuple[ColumnSensitivity, ...]
