"""Cities: side by side, their parts of provincial targets, their plans and yearly tasks."""

from collections.abc import Iterable

import grpc

from dafeng.calling import Caller, Tell
from dafeng.cities.v1 import cities_pb2, cities_pb2_grpc
from dafeng.common.v1 import common_pb2


class CitiesClient(Caller):
    """Calls dafeng.cities.v1.CityService."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self._stub = cities_pb2_grpc.CityServiceStub(channel)

    def cities(
        self,
        frame: common_pb2.Frame,
        scenario: common_pb2.Scenario,
        *,
        years: Iterable[int] = (),
        tell: Tell | None = None,
    ) -> cities_pb2.CityTable:
        """The cities of a region side by side, with their shares of the province and their own targets."""
        request = cities_pb2.ListCitiesRequest(frame=frame, scenario=scenario, years=years)
        result: cities_pb2.CityTable = self.follow(self._stub.ListCities, request, tell)
        return result

    def break_down(
        self,
        frame: common_pb2.Frame,
        scenario: common_pb2.Scenario,
        target_id: str,
        rule: cities_pb2.RuleChoice | None = None,
        *,
        number: float | None = None,
        tell: Tell | None = None,
    ) -> cities_pb2.Breakdown:
        """One provincial target shared out by a named rule, beside what the model projects for each city."""
        request = cities_pb2.BreakDownRequest(
            frame=frame, scenario=scenario, target_id=target_id, number=number, rule=rule
        )
        result: cities_pb2.Breakdown = self.follow(self._stub.BreakDown, request, tell)
        return result

    def balance(
        self, request: cities_pb2.BalancePlansRequest, tell: Tell | None = None
    ) -> cities_pb2.PlanBalance:
        """Plans of the cities against the province, and adjustments that close the gap."""
        result: cities_pb2.PlanBalance = self.follow(self._stub.BalancePlans, request, tell)
        return result

    def tasks(
        self, request: cities_pb2.MakeTaskTableRequest, tell: Tell | None = None
    ) -> cities_pb2.TaskTable:
        """Yearly tasks of every city and department."""
        result: cities_pb2.TaskTable = self.follow(self._stub.MakeTaskTable, request, tell)
        return result

    def export_tasks(self, table: cities_pb2.TaskTable, form: str = "xlsx") -> bytes:
        """A task table as a workbook (sums are formulas) or as CSV."""
        request = cities_pb2.ExportTaskTableRequest(table=table, format=form)
        return self.call(self._stub.ExportTaskTable, request).content
