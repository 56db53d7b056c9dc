"""Batches: ensembles of many scenarios that are kept, resumed and read as tables."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import grpc

from dafeng.batch.v1 import batch_pb2, batch_pb2_grpc
from dafeng.calling import Caller
from dafeng.common.v1 import common_pb2

# A batch may run for hours; a watcher that is cut off goes on with its token.
WATCH_TIMEOUT_SECONDS = 24 * 3600.0
ENDED = frozenset(
    {
        batch_pb2.BATCH_STATE_COMPLETE,
        batch_pb2.BATCH_STATE_COMPLETE_WITH_FAILURES,
        batch_pb2.BATCH_STATE_CANCELLED,
    }
)


class BatchClient(Caller):
    """Calls dafeng.batch.v1.BatchService."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self._stub = batch_pb2_grpc.BatchServiceStub(channel)

    def create(
        self,
        request_id: str,
        spec: batch_pb2.BatchSpec,
        *,
        title: str = "",
        launcher: str = "",
        chunk_size: int = 0,
    ) -> batch_pb2.Batch:
        """Accept a batch; the same request_id and body give the same batch again."""
        request = batch_pb2.CreateBatchRequest(
            request_id=request_id, spec=spec, title=title, launcher=launcher, chunk_size=chunk_size
        )
        return self.call(self._stub.CreateBatch, request).batch

    def get(self, batch_id: str) -> batch_pb2.GetBatchResponse:
        """A batch with its specification and columns."""
        return self.call(self._stub.GetBatch, batch_pb2.GetBatchRequest(batch_id=batch_id))

    def list(self, region: str = "", page_size: int = 0) -> Iterator[batch_pb2.Batch]:
        """Every batch, the newest first."""
        request = batch_pb2.ListBatchesRequest(region=region, page_size=page_size)
        for reply in self.pages(self._stub.ListBatches, request):
            yield from reply.batches

    def watch(
        self, batch_id: str, column_ids: Iterable[str] = (), resume_token: str = "", interval_s: float = 0.0
    ) -> Iterator[batch_pb2.WatchBatchResponse]:
        """The batch whenever it has changed, until it has ended."""
        request = batch_pb2.WatchBatchRequest(
            batch_id=batch_id, column_ids=column_ids, resume_token=resume_token, interval_s=interval_s
        )
        return self.streamed(self._stub.WatchBatch, request, WATCH_TIMEOUT_SECONDS)

    def rows(
        self,
        batch_id: str,
        column_ids: Iterable[str] = (),
        *,
        first_member: int = 0,
        member_count: int = 0,
        failed_only: bool = False,
    ) -> Iterator[batch_pb2.MemberResult]:
        """Results of members, in order."""
        request = batch_pb2.StreamResultsRequest(
            batch_id=batch_id,
            column_ids=column_ids,
            first_member=first_member,
            member_count=member_count,
            failed_only=failed_only,
        )
        for reply in self.streamed(self._stub.StreamResults, request, WATCH_TIMEOUT_SECONDS):
            yield from reply.rows

    def save(
        self,
        batch_id: str,
        path: Path,
        format_: "batch_pb2.ResultFormat.ValueType" = batch_pb2.RESULT_FORMAT_PARQUET,
        column_ids: Iterable[str] = (),
    ) -> int:
        """Results as a file, whole or not at all; how many bytes."""
        request = batch_pb2.StreamResultsRequest(batch_id=batch_id, format=format_, column_ids=column_ids)
        partial = path.with_name(path.name + ".partial")
        size = 0
        try:
            with partial.open("wb") as file:
                for reply in self.streamed(self._stub.StreamResults, request, WATCH_TIMEOUT_SECONDS):
                    size += file.write(reply.data)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        return size

    def summary(self, request: batch_pb2.SummariseBatchRequest) -> batch_pb2.SummariseBatchResponse:
        """Statistics over the members that are done."""
        return self.call(self._stub.SummariseBatch, request)

    def member(
        self, batch_id: str, member: int, *, without_projection: bool = False
    ) -> batch_pb2.GetMemberResponse:
        """One member calculated again, and whether it has the digest that was stored."""
        request = batch_pb2.GetMemberRequest(
            batch_id=batch_id, member=member, without_projection=without_projection
        )
        return self.call(self._stub.GetMember, request)

    def cancel(self, batch_id: str) -> batch_pb2.Batch:
        """Stop a batch; what is done stays."""
        return self.call(self._stub.CancelBatch, batch_pb2.CancelBatchRequest(batch_id=batch_id)).batch

    def inputs(self, region: str) -> Sequence[batch_pb2.DescribedInput]:
        """Uncertain inputs of a region, in the order in which they are drawn."""
        request = batch_pb2.ListInputsRequest(region=region)
        return self.call(self._stub.ListInputs, request).inputs

    def quotas(self) -> batch_pb2.Quotas:
        """What a caller may ask for, and what is in use."""
        return self.call(self._stub.GetQuotas, batch_pb2.GetQuotasRequest()).quotas


def random_design(
    member_count: int, seed: int = 1, policy_inputs: Sequence[str] = (), *, latin_hypercube: bool = False
) -> batch_pb2.RandomDesign:
    """Draws of the region's uncertain inputs."""
    method = batch_pb2.DRAW_METHOD_LATIN_HYPERCUBE if latin_hypercube else batch_pb2.DRAW_METHOD_SOBOL
    return batch_pb2.RandomDesign(
        method=method, member_count=member_count, seed=seed, policy_inputs=policy_inputs
    )


def spec_of(
    region: str,
    baseline: str = "planned",
    settings: Iterable[common_pb2.LeverSetting] = (),
    *,
    years: Iterable[int] = (),
    random: batch_pb2.RandomDesign | None = None,
) -> batch_pb2.BatchSpec:
    """A plain specification; its other fields may be set afterwards."""
    return batch_pb2.BatchSpec(
        frame=common_pb2.Frame(region=region),
        scenario=common_pb2.Scenario(baseline=baseline, settings=settings),
        years=years,
        random=random,
    )
