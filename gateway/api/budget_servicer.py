"""Messages <-> the ledger and its stages, nothing else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from dafeng.budget.v1 import budget_pb2, budget_pb2_grpc
from gateway.api.streaming import streamed
from gateway.budget import doors
from gateway.budget.ledger import check, post
from gateway.budget.memo import compare_budget
from gateway.budget.opening import open_budget
from gateway.pipeline import Pipeline
from gateway.resolve import open_request
from services.common.door import open_door
from services.runtime.convert import to_message, to_plain


class BudgetServicer(budget_pb2_grpc.BudgetServiceServicer):
    """Answers dafeng.budget.v1.BudgetService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def OpenBudget(self, request: Any, context: Any) -> Any:
        """A ledger from a projection."""
        parts = self._parts(request, doors.OpenBudgetDoor, open_budget)
        async for message in streamed(budget_pb2.OpenBudgetResponse, parts):
            yield message

    async def PostTransactions(self, request: Any, context: Any) -> Any:
        """The ledger with transactions added."""
        report = await asyncio.to_thread(_post, to_plain(request))
        reply = budget_pb2.PostTransactionsResponse()
        to_message(report, reply.report)
        return reply

    async def CheckLedger(self, request: Any, context: Any) -> Any:
        """The ledger replayed."""
        state = await asyncio.to_thread(_check, to_plain(request))
        reply = budget_pb2.CheckLedgerResponse()
        to_message(state, reply.state)
        return reply

    async def CompareBudget(self, request: Any, context: Any) -> Any:
        """A scenario against the budget."""
        parts = self._parts(request, doors.CompareBudgetDoor, compare_budget)
        async for message in streamed(budget_pb2.CompareBudgetResponse, parts):
            yield message

    async def _parts(self, request: Any, door: Any, stage: Any) -> AsyncIterator[Any]:
        plain = to_plain(request)
        scenarios = {"scenario": plain.get("scenario") or {}}
        frame, (scenario,), opened = await open_request(self._pipeline.calls, plain, scenarios, door)
        async for part in stage(self._pipeline.runs, frame, scenario, opened):
            yield part


def _post(plain: dict[str, Any]) -> Any:
    door = open_door(doors.PostTransactionsDoor, plain)
    return post(door.ledger, door.transactions)


def _check(plain: dict[str, Any]) -> Any:
    door = open_door(doors.CheckLedgerDoor, plain)
    return check(door.ledger, door.as_known_on, door.business_until)
