"""Messages <-> solving, nothing else."""

from collections.abc import AsyncIterator
from typing import Any

from dafeng.solve.v1 import solve_pb2, solve_pb2_grpc
from gateway.api.streaming import streamed
from gateway.pipeline import Pipeline
from gateway.solve.stage import solve
from gateway.solve.trade_off import trade_off
from services.runtime.convert import to_plain


class SolveServicer(solve_pb2_grpc.SolveServiceServicer):
    """Answers dafeng.solve.v1.SolveService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def Solve(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """The least change that meets the goals."""
        parts = solve(self._pipeline, to_plain(request))
        async for message in streamed(solve_pb2.SolveResponse, parts):
            yield message

    async def TradeOff(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """The front of two objectives."""
        parts = trade_off(self._pipeline, to_plain(request))
        async for message in streamed(solve_pb2.TradeOffResponse, parts):
            yield message
