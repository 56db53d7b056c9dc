"""Words of batches (dafeng.batch.v1, same names and units), and what store, runner and workers hand each other."""

import hashlib
import struct
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np

from gateway.owning import LOCAL_OWNER
from services.common.arrays import FloatArray
from services.common.words import Label, ReleaseStatus, Revision


class BatchState(StrEnum):
    """State of a batch."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETE = "complete"
    COMPLETE_WITH_FAILURES = "complete_with_failures"
    CANCELLED = "cancelled"


ENDED: Final = frozenset({BatchState.COMPLETE, BatchState.COMPLETE_WITH_FAILURES, BatchState.CANCELLED})
OPEN: Final = tuple(state for state in BatchState if state not in ENDED)


class ColumnKind(StrEnum):
    """What a column of results holds."""

    METRIC = "metric"
    CARBON_PEAK = "carbon_peak"
    TARGET = "target"


class ResultFormat(StrEnum):
    """How results are sent."""

    UNSPECIFIED = "unspecified"
    ROWS = "rows"
    ARROW = "arrow"
    PARQUET = "parquet"
    CSV = "csv"


# Answers in a column of a target.
MET, MISSED, NOT_ANSWERED = 1.0, 0.0, -1.0


class Failure(StrEnum):
    """Why a member has no values."""

    CRASH = "CRASH"
    TIME_LIMIT = "TIME_LIMIT"
    MEMORY = "MEMORY"
    NOT_FINITE = "NOT_FINITE"
    BALANCE = "BALANCE"
    INVALID_INPUT = "INVALID_INPUT"


@dataclass(frozen=True)
class BatchColumn:
    """One number of every member."""

    column_id: str
    kind: ColumnKind
    metric_id: str
    place: str
    year: int
    unit: str
    label: Label


@dataclass(frozen=True)
class Row:
    """The result of one member: values, or why there are none."""

    member: int
    values: FloatArray  # [column]; empty when it failed
    digest: str
    failure: str = ""
    detail: str = ""

    @classmethod
    def of(cls, member: int, inputs_digest: str, values: FloatArray) -> "Row":
        """A result with its digest: over the member's number, the digest of its scenario and weather, its values."""
        return cls(member, values, row_digest(member, inputs_digest, values))

    @classmethod
    def failed(cls, member: int, failure: Failure, detail: str = "") -> "Row":
        """A member that could not be calculated. What was found may differ from run to run, so it has no digest."""
        return cls(member, np.empty(0), row_digest(member, f"failed {failure}", np.empty(0)), failure, detail)


def row_digest(member: int, inputs_digest: str, values: FloatArray) -> str:
    """SHA-256 (hex) over a member's number, what went in and what came out."""
    body = np.ascontiguousarray(values, dtype="<f8").tobytes()
    head = struct.pack("<q", member) + inputs_digest.encode()
    return hashlib.sha256(head + body).hexdigest()


@dataclass(frozen=True)
class Batch:
    """A batch as it stands."""

    batch_id: str
    request_id: str
    title: str
    state: BatchState
    member_count: int
    done_count: int
    failed_count: int
    chunk_count: int
    launcher: str
    created_at: str
    started_at: str
    ended_at: str
    spec_digest: str
    result_digest: str
    revision: Revision
    processor: str
    release_status: ReleaseStatus = ReleaseStatus.INTERNAL
    owner: str = LOCAL_OWNER
    scope: str = ""


@dataclass(frozen=True)
class NewBatch:
    """What is stored when a batch is accepted.

    `body_digest` is over the request as it came (same request_id with another body is refused); `spec_text` is the
    canonical text from which `gateway.jobs.spec` makes the members again, anywhere. `caller` owns the batch; who covers
    its `scope` (a region, or a city of it) sees it too.
    """

    request_id: str
    body_digest: str
    title: str
    caller: str
    region: str
    launcher: str
    spec_text: str
    spec_digest: str
    member_count: int
    column_count: int
    chunk_size: int
    revision: Revision
    processor: str
    scope: str = ""


@dataclass(frozen=True)
class Chunk:
    """Members first to first + count - 1 of a batch."""

    batch_id: str
    number: int
    first: int
    count: int


@dataclass(frozen=True)
class Lease:
    """A chunk given to a worker; results are taken for the current attempt only."""

    chunk: Chunk
    attempt: int
    owner: str
    spec_text: str = field(repr=False)
