"""Doors of batches (dafeng.batch.v1, same names and units)."""

from typing import Annotated

from pydantic import Field, model_validator

from gateway.ensemble.doors import DesignDoor
from services.common.power_outcome import DispatchMode
from services.common.scenario import Door, Mode, Year

EVERY_CITY = "*"
MOST_ASKED = 5_000
_Id = Annotated[str, Field(min_length=1, max_length=120)]
# No control characters: databases differ in what they do with them.
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
_Token = Annotated[str, Field(max_length=200, pattern=_PRINTABLE)]
BatchId = Annotated[str, Field(min_length=1, max_length=64, pattern=_PRINTABLE)]
Columns = Annotated[tuple[_Id, ...], Field(strict=False, max_length=MOST_ASKED)]
Member = Annotated[int, Field(ge=0, lt=2**31)]


class BatchMetric(Door):
    """One series of results."""

    metric_id: _Id
    place: Annotated[str, Field(max_length=60)] = ""


class BatchSpec(DesignDoor):
    """What is calculated, without frame and scenario."""

    years: Annotated[tuple[Year, ...], Field(strict=False, max_length=41)] = ()
    years_around_carbon_peak: bool = False
    mode: Mode = DispatchMode.UNSPECIFIED
    metrics: Annotated[tuple[BatchMetric, ...], Field(strict=False, max_length=MOST_ASKED)] = ()
    target_ids: Annotated[tuple[_Id, ...], Field(strict=False, max_length=500)] = ()
    without_targets: bool = False

    @model_validator(mode="after")
    def _targets_or_none(self) -> "BatchSpec":
        if self.without_targets and self.target_ids:
            raise ValueError("give target_ids or without_targets, not both")
        return self


class CreateBatchRequest(Door):
    """CreateBatch without its specification."""

    request_id: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$")]
    title: Annotated[str, Field(max_length=120)] = ""
    launcher: Annotated[str, Field(max_length=20)] = ""
    chunk_size: Annotated[int, Field(ge=0, le=10_000)] = 0


class ListBatchesRequest(Door):
    """ListBatches."""

    region: Annotated[str, Field(max_length=60, pattern=_PRINTABLE)] = ""
    states: Annotated[tuple[str, ...], Field(strict=False, max_length=10)] = ()
    page_size: Annotated[int, Field(ge=0, le=200)] = 0
    page_token: _Token = ""


class WatchBatchRequest(Door):
    """WatchBatch."""

    batch_id: BatchId
    resume_token: _Token = ""
    column_ids: Annotated[tuple[_Id, ...], Field(strict=False, max_length=200)] = ()
    interval_s: Annotated[float, Field(ge=0, le=60)] = 0.0

    @model_validator(mode="after")
    def _not_too_often(self) -> "WatchBatchRequest":
        if 0 < self.interval_s < 0.2:
            raise ValueError("interval_s must be 0 (one second) or 0.2 to 60")
        return self


class StreamResultsRequest(Door):
    """StreamResults; the format is read from the message."""

    batch_id: BatchId
    first_member: Member = 0
    member_count: Member = 0
    column_ids: Columns = ()
    failed_only: bool = False
    resume_token: _Token = ""


class ThresholdDoor(Door):
    """A threshold on a column."""

    column_id: _Id
    value: float


class SummariseBatchRequest(Door):
    """SummariseBatch."""

    batch_id: BatchId
    column_ids: Columns = ()
    thresholds: Annotated[tuple[ThresholdDoor, ...], Field(strict=False, max_length=200)] = ()
    sensitivity_column_ids: Annotated[tuple[_Id, ...], Field(strict=False, max_length=50)] = ()
    joint_year: Annotated[int, Field(ge=0, le=2100)] = 0
    joint_carbon_peak_tco2: Annotated[float, Field(ge=0)] = 0.0
    joint_peak_load_mw: Annotated[float, Field(ge=0)] = 0.0


class GetMemberRequest(Door):
    """GetMember."""

    batch_id: BatchId
    member: Member = 0
    without_projection: bool = False


class BatchIdRequest(Door):
    """GetBatch and CancelBatch."""

    batch_id: BatchId
