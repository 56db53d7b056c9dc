"""Comparisons: scenarios side by side, a difference by lever, by sector and by factor."""

from collections.abc import Iterable

import grpc

from dafeng.calling import Caller, Tell
from dafeng.common.v1 import common_pb2
from dafeng.comparison.v1 import comparison_pb2, comparison_pb2_grpc


class ComparisonClient(Caller):
    """Calls dafeng.comparison.v1.ComparisonService; `tell` hears the progress of each call."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self.stub = comparison_pb2_grpc.ComparisonServiceStub(channel)

    def scenarios(
        self,
        region: str,
        scenarios: Iterable[common_pb2.Scenario],
        metric_ids: Iterable[str] = (),
        years: Iterable[int] = (),
        *,
        place: str = "",
        last_year: int = 2060,
        tell: Tell | None = None,
    ) -> comparison_pb2.ScenarioComparison:
        """2 to 32 scenarios side by side; differences are to the first."""
        request = comparison_pb2.CompareScenariosRequest(
            frame=common_pb2.Frame(region=region, first_year=2020, last_year=last_year),
            scenarios=scenarios,
            metric_ids=metric_ids,
            years=years,
            place=place,
        )
        result: comparison_pb2.ScenarioComparison = self.follow(self.stub.CompareScenarios, request, tell)
        return result

    def attribute(
        self, request: comparison_pb2.AttributeRequest, tell: Tell | None = None
    ) -> comparison_pb2.Attribution:
        """What each lever or group, and each sector, contributes to the difference of two scenarios."""
        result: comparison_pb2.Attribution = self.follow(self.stub.Attribute, request, tell)
        return result

    def decompose(
        self, request: comparison_pb2.DecomposeRequest, tell: Tell | None = None
    ) -> comparison_pb2.Decomposition:
        """A change of CO2 by activity, energy intensity, structure and carbon factor."""
        result: comparison_pb2.Decomposition = self.follow(self.stub.Decompose, request, tell)
        return result
