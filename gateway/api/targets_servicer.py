"""Messages <-> the stages of targets, nothing else."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from dafeng.targets.v1 import targets_pb2, targets_pb2_grpc
from gateway.api.streaming import streamed
from gateway.pipeline import Pipeline
from gateway.resolve import resolve
from gateway.targets.catalogue import catalogue
from gateway.targets.report import conflicts, evaluate
from services.runtime.convert import to_message, to_plain


class TargetServicer(targets_pb2_grpc.TargetServiceServicer):
    """Answers dafeng.targets.v1.TargetService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def ListTargets(self, request: Any, context: Any) -> Any:
        """The catalogue."""
        found = await asyncio.to_thread(catalogue, request.region, request.place)
        return to_message(found, targets_pb2.ListTargetsResponse())

    async def EvaluateTargets(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Progress, then every target, answered."""
        read = partial(resolve, self._pipeline.calls)
        parts = evaluate(read, self._pipeline.project_chunk, to_plain(request))
        async for message in streamed(targets_pb2.EvaluateTargetsResponse, parts):
            yield message

    async def ListConflicts(self, request: Any, context: Any) -> Any:
        """Where documents disagree."""
        found = await asyncio.to_thread(conflicts, request.region, request.as_of_year)
        return to_message(found, targets_pb2.ListConflictsResponse())
