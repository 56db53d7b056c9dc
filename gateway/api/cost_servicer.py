"""Messages <-> the report of costs, nothing else."""

from collections.abc import AsyncIterator
from typing import Any

from dafeng.cost.v1 import cost_pb2, cost_pb2_grpc
from gateway.api.streaming import streamed
from gateway.cost.doors import open_cost
from gateway.cost.report import cost_report
from gateway.pipeline import Pipeline
from services.runtime.convert import to_plain


class CostServicer(cost_pb2_grpc.CostServiceServicer):
    """Answers dafeng.cost.v1.CostService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def ReportCost(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Costs of scenarios side by side."""
        question = await open_cost(self._pipeline.calls, to_plain(request))
        async for message in streamed(
            cost_pb2.ReportCostResponse, cost_report(self._pipeline.runs, question)
        ):
            yield message
