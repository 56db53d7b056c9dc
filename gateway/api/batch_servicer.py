"""Messages <-> the desk of batches, nothing else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, TypeVar

from pydantic import BaseModel

from dafeng.batch.v1 import batch_pb2, batch_pb2_grpc
from gateway.ensemble.described import described
from gateway.ensemble.inputs import inputs_of
from gateway.jobs.columns import metrics_of
from gateway.jobs.desk import BatchDesk
from gateway.jobs.doors import (
    BatchIdRequest,
    GetMemberRequest,
    ListBatchesRequest,
    StreamResultsRequest,
    SummariseBatchRequest,
    WatchBatchRequest,
)
from gateway.jobs.spec import Spec
from gateway.jobs.words import ResultFormat
from services.common.door import open_door
from services.common.errors import DomainError
from services.common.regions import load_region
from services.runtime.convert import to_message, to_plain

D = TypeVar("D", bound=BaseModel)


class BatchServicer(batch_pb2_grpc.BatchServiceServicer):
    """Answers dafeng.batch.v1.BatchService."""

    def __init__(self, desk: BatchDesk | None) -> None:
        self._given = desk

    async def CreateBatch(self, request: Any, context: Any) -> Any:
        """Accept a batch."""
        reply = batch_pb2.CreateBatchResponse()
        # A long list takes seconds to read: others are answered meanwhile.
        raw = await asyncio.to_thread(to_plain, request)
        to_message(await self._desk.create(raw), reply.batch)
        return reply

    async def GetBatch(self, request: Any, context: Any) -> Any:
        """One batch with its specification and columns."""
        batch, spec = await self._desk.get(_door(BatchIdRequest, request).batch_id)
        reply = batch_pb2.GetBatchResponse()
        to_message(batch, reply.batch)
        await asyncio.to_thread(_fill_spec, spec, reply.spec)
        for column in spec.columns:
            to_message(column, reply.columns.add())
        return reply

    async def ListBatches(self, request: Any, context: Any) -> Any:
        """Batches, the newest first."""
        found, token = await self._desk.listed(_door(ListBatchesRequest, request))
        reply = batch_pb2.ListBatchesResponse(next_page_token=token)
        for batch in found:
            to_message(batch, reply.batches.add())
        return reply

    async def WatchBatch(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """The batch whenever it changes, until it ends."""
        async for seen in self._desk.watch(_door(WatchBatchRequest, request)):
            reply = batch_pb2.WatchBatchResponse()
            to_message(seen, reply)
            yield reply

    async def StreamResults(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Rows, or the bytes of a file."""
        asked = _door(StreamResultsRequest, request)
        if asked.format in (ResultFormat.UNSPECIFIED, ResultFormat.ROWS):
            column_ids = await self._desk.column_ids(asked)
            async for rows, token in self._desk.rows(asked):
                reply = batch_pb2.StreamResultsResponse(column_ids=column_ids, resume_token=token)
                column_ids = ()
                for row in rows:
                    to_message(row, reply.rows.add())
                yield reply
            return
        async for data in self._desk.file(asked):
            yield batch_pb2.StreamResultsResponse(data=data)

    async def SummariseBatch(self, request: Any, context: Any) -> Any:
        """Statistics over the members that are done."""
        summary = await self._desk.summary(_door(SummariseBatchRequest, request))
        return to_message(summary, batch_pb2.SummariseBatchResponse())

    async def GetMember(self, request: Any, context: Any) -> Any:
        """One member calculated again."""
        again = await self._desk.member(_door(GetMemberRequest, request))
        return to_message(again, batch_pb2.GetMemberResponse())

    async def CancelBatch(self, request: Any, context: Any) -> Any:
        """Stop a batch."""
        reply = batch_pb2.CancelBatchResponse()
        to_message(await self._desk.cancel(_door(BatchIdRequest, request).batch_id), reply.batch)
        return reply

    async def ListInputs(self, request: Any, context: Any) -> Any:
        """What random designs draw."""
        reply = batch_pb2.ListInputsResponse()
        for one in described(inputs_of(load_region(request.region))):
            to_message(one, reply.inputs.add())
        return reply

    async def GetQuotas(self, request: Any, context: Any) -> Any:
        """What a caller may ask for."""
        reply = batch_pb2.GetQuotasResponse()
        to_message(await self._desk.quotas(), reply.quotas)
        return reply

    @property
    def _desk(self) -> BatchDesk:
        if self._given is None:
            raise DomainError("NO_STORE")
        return self._given


def _door(cls: type[D], request: Any) -> D:
    return open_door(cls, to_plain(request))


def _fill_spec(spec: Spec, message: Any) -> None:
    """The specification as it was sent, with years, mode and metrics filled in."""
    to_message(spec.design, message)
    to_message(spec.frame, message.frame)
    to_message(spec.scenario, message.scenario)
    message.years.extend(spec.years)
    message.mode = (
        message.DESCRIPTOR.fields_by_name["mode"]
        .enum_type.values_by_name[f"DISPATCH_MODE_{spec.mode.name}"]
        .number
    )
    for metric in metrics_of(spec.columns):
        to_message(metric, message.metrics.add())
    message.target_ids.extend(spec.target_ids)
    message.without_targets = not spec.target_ids
