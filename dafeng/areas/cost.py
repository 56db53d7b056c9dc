"""Costs of scenarios."""

from collections.abc import Iterable

import grpc

from dafeng.calling import Caller, Tell
from dafeng.common.v1 import common_pb2
from dafeng.cost.v1 import cost_pb2, cost_pb2_grpc


class CostClient(Caller):
    """Calls dafeng.cost.v1.CostService."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self._stub = cost_pb2_grpc.CostServiceStub(channel)

    def report(
        self,
        frame: common_pb2.Frame,
        scenarios: Iterable[common_pb2.Scenario],
        *,
        years: Iterable[int] = (),
        social_discount_share_per_year: float | None = None,
        npv_first_year: int | None = None,
        npv_last_year: int | None = None,
        tell: Tell | None = None,
    ) -> cost_pb2.CostReport:
        """Annual cost by sector and part, net present value, avoided CO2 and pollutants; differences to the first."""
        request = cost_pb2.ReportCostRequest(
            frame=frame,
            scenarios=scenarios,
            years=years,
            social_discount_share_per_year=social_discount_share_per_year,
            npv_first_year=npv_first_year,
            npv_last_year=npv_last_year,
        )
        result: cost_pb2.CostReport = self.follow(self._stub.ReportCost, request, tell)
        return result
