"""Doors of batches (dafeng.batch.v1, same names and units)."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from gateway.ensemble.doors import DesignDoor
from gateway.jobs.words import BatchState, ResultFormat
from services.common.power_outcome import DispatchMode
from services.common.scenario import Door, Mode, Year

EVERY_CITY = "*"
MOST_ASKED = 5_000
_Id = Annotated[str, Field(min_length=1, max_length=120)]


def _printed(text: str) -> str:
    """What is not printed has no place in a name: terminals obey it, and a database may refuse it."""
    if not text.isprintable():
        raise ValueError("holds a character that is not printed")
    return text


def _not_too_often(interval_s: float) -> float:
    if 0 < interval_s < 0.2:
        raise ValueError("must be 0 (one second) or 0.2 to 60")
    return interval_s


_Token = Annotated[str, Field(max_length=200), AfterValidator(_printed)]
BatchId = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_printed)]
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
    title: Annotated[str, Field(max_length=120), AfterValidator(_printed)] = ""
    launcher: Annotated[str, Field(max_length=20)] = ""
    chunk_size: Annotated[int, Field(ge=0, le=10_000)] = 0


class ListBatchesRequest(Door):
    """ListBatches."""

    region: Annotated[str, Field(max_length=60), AfterValidator(_printed)] = ""
    states: Annotated[
        tuple[Annotated[BatchState, Field(strict=False)], ...], Field(strict=False, max_length=10)
    ] = ()
    page_size: Annotated[int, Field(ge=0, le=200)] = 0
    page_token: _Token = ""


class WatchBatchRequest(Door):
    """WatchBatch."""

    batch_id: BatchId
    resume_token: _Token = ""
    column_ids: Annotated[tuple[_Id, ...], Field(strict=False, max_length=200)] = ()
    interval_s: Annotated[float, Field(ge=0, le=60), AfterValidator(_not_too_often)] = 0.0


class StreamResultsRequest(Door):
    """StreamResults; a format that is not said is rows."""

    batch_id: BatchId
    format: Annotated[ResultFormat, Field(strict=False)] = ResultFormat.UNSPECIFIED
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
