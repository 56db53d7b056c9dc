"""Kept scenarios: saved under the digest of what they say, opened again by it, listed, deleted."""

from collections.abc import Iterator

import grpc

from dafeng.calling import Caller
from dafeng.common.v1 import common_pb2
from dafeng.scenarios.v1 import scenarios_pb2, scenarios_pb2_grpc


class ScenarioClient(Caller):
    """Calls dafeng.scenarios.v1.ScenarioService."""

    def __init__(self, channel: grpc.Channel, timeout_seconds: float) -> None:
        super().__init__(channel, timeout_seconds)
        self._stub = scenarios_pb2_grpc.ScenarioServiceStub(channel)

    def save(self, frame: common_pb2.Frame, scenario: common_pb2.Scenario) -> scenarios_pb2.SavedScenario:
        """Keep a scenario that has a name; the same again has the same id."""
        request = scenarios_pb2.SaveScenarioRequest(frame=frame, scenario=scenario)
        return self.call(self._stub.SaveScenario, request).saved

    def open(self, scenario_id: str) -> scenarios_pb2.GetScenarioResponse:
        """A scenario by its id, or by the first 12 characters or more of it."""
        return self.call(self._stub.GetScenario, scenarios_pb2.GetScenarioRequest(scenario_id=scenario_id))

    def list(self, region: str, page_size: int = 0) -> Iterator[scenarios_pb2.SavedScenario]:
        """Every kept scenario of a region, the newest first."""
        request = scenarios_pb2.ListSavedScenariosRequest(region=region, page_size=page_size)
        for reply in self.pages(self._stub.ListSavedScenarios, request):
            yield from reply.scenarios

    def delete(self, scenario_id: str) -> None:
        """Take a scenario off the list, by its whole id."""
        self.call(self._stub.DeleteScenario, scenarios_pb2.DeleteScenarioRequest(scenario_id=scenario_id))
