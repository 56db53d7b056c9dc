"""The carbon budget ledger: a document that the caller holds."""

from collections.abc import Iterable

import grpc

from dafeng.budget.v1 import budget_pb2, budget_pb2_grpc
from dafeng.calling import Caller, Tell
from dafeng.common.v1 import common_pb2


class BudgetClient(Caller):
    """Calls dafeng.budget.v1.BudgetService."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self._stub = budget_pb2_grpc.BudgetServiceStub(channel)

    def open(
        self, request: budget_pb2.OpenBudgetRequest, tell: Tell | None = None
    ) -> budget_pb2.LedgerReport:
        """A ledger made from a projection and a breakdown."""
        result: budget_pb2.LedgerReport = self.follow(self._stub.OpenBudget, request, tell)
        return result

    def post(
        self, ledger: budget_pb2.Ledger, transactions: Iterable[budget_pb2.Transaction]
    ) -> budget_pb2.LedgerReport:
        """The ledger with transactions added, its balances and warnings; InvalidInputError posts nothing."""
        request = budget_pb2.PostTransactionsRequest(ledger=ledger, transactions=transactions)
        return self.call(self._stub.PostTransactions, request).report

    def check(
        self, ledger: budget_pb2.Ledger, *, as_known_on: str = "", business_until: str = ""
    ) -> budget_pb2.LedgerState:
        """The ledger replayed: digests, sums and rules; balances as known on a day, of dates up to a day."""
        request = budget_pb2.CheckLedgerRequest(
            ledger=ledger, as_known_on=as_known_on, business_until=business_until
        )
        return self.call(self._stub.CheckLedger, request).state

    def compare(
        self,
        ledger: budget_pb2.Ledger,
        frame: common_pb2.Frame,
        scenario: common_pb2.Scenario,
        tell: Tell | None = None,
    ) -> budget_pb2.BudgetMemo:
        """A scenario against the budget: a memo, never posted."""
        request = budget_pb2.CompareBudgetRequest(ledger=ledger, frame=frame, scenario=scenario)
        result: budget_pb2.BudgetMemo = self.follow(self._stub.CompareBudget, request, tell)
        return result
