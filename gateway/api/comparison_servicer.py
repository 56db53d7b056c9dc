"""Messages <-> the stages that compare, nothing else."""

from collections.abc import AsyncIterator
from typing import Any

from dafeng.comparison.v1 import comparison_pb2, comparison_pb2_grpc
from gateway.api.streaming import streamed
from gateway.compare.attribute import attribute
from gateway.compare.decompose import decompose
from gateway.compare.side_by_side import side_by_side
from gateway.pipeline import Pipeline
from services.runtime.convert import to_plain


class ComparisonServicer(comparison_pb2_grpc.ComparisonServiceServicer):
    """Answers dafeng.comparison.v1.ComparisonService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def CompareScenarios(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Scenarios side by side."""
        parts = side_by_side(self._pipeline, to_plain(request))
        async for message in streamed(comparison_pb2.CompareScenariosResponse, parts):
            yield message

    async def Attribute(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """A difference by lever and by sector."""
        parts = attribute(self._pipeline, to_plain(request))
        async for message in streamed(comparison_pb2.AttributeResponse, parts):
            yield message

    async def Decompose(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """A change of CO2 by factor."""
        parts = decompose(self._pipeline, to_plain(request))
        async for message in streamed(comparison_pb2.DecomposeResponse, parts):
            yield message
