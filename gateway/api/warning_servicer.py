"""Messages <-> early warning, nothing else."""

from collections.abc import AsyncIterator
from typing import Any

from dafeng.warning.v1 import warning_pb2, warning_pb2_grpc
from gateway.api.streaming import streamed
from gateway.pipeline import Pipeline
from gateway.warning.assess import assess_warning
from gateway.warning.backtest import backtest
from gateway.warning.rules import rule_sets
from services.common.regions import load_region
from services.runtime.convert import to_message, to_plain


class WarningServicer(warning_pb2_grpc.WarningServiceServicer):
    """Answers dafeng.warning.v1.WarningService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def ListRuleSets(self, request: Any, context: Any) -> Any:
        """The rule sets of a region."""
        reply = warning_pb2.ListRuleSetsResponse()
        for one in rule_sets(load_region(request.region)):
            to_message(one, reply.rule_sets.add())
        return reply

    async def AssessWarning(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """How every target stands."""
        parts = assess_warning(self._pipeline, to_plain(request))
        async for message in streamed(warning_pb2.AssessWarningResponse, parts):
            yield message

    async def Backtest(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Warnings of past years beside what came."""
        parts = backtest(self._pipeline, to_plain(request))
        async for message in streamed(warning_pb2.BacktestResponse, parts):
            yield message
