"""Messages <-> the desk of kept scenarios, nothing else."""

from typing import Any

from dafeng.scenarios.v1 import scenarios_pb2, scenarios_pb2_grpc
from gateway.jobs.desk import BatchDesk
from gateway.pipeline import Pipeline
from gateway.scenarios.desk import ScenarioDesk
from gateway.scenarios.doors import DeleteScenarioRequest, GetScenarioRequest, ListSavedScenariosRequest
from gateway.scenarios.store import ScenarioStore
from services.common.door import open_door
from services.common.errors import DomainError
from services.runtime.convert import to_message, to_plain


class ScenarioServicer(scenarios_pb2_grpc.ScenarioServiceServicer):
    """Answers dafeng.scenarios.v1.ScenarioService."""

    def __init__(self, pipeline: Pipeline, batches: BatchDesk | None) -> None:
        """Scenarios stand in the store of batches; without one nothing is kept."""
        self._given = (
            None if batches is None else ScenarioDesk(pipeline.calls, ScenarioStore(batches.store.database))
        )

    async def SaveScenario(self, request: Any, context: Any) -> Any:
        """Keep a scenario."""
        saved = await self._desk.save(to_plain(request.frame), to_plain(request.scenario))
        reply = scenarios_pb2.SaveScenarioResponse()
        to_message(saved, reply.saved)
        return reply

    async def GetScenario(self, request: Any, context: Any) -> Any:
        """Open a scenario."""
        asked = open_door(GetScenarioRequest, to_plain(request))
        return to_message(await self._desk.get(asked.scenario_id), scenarios_pb2.GetScenarioResponse())

    async def ListSavedScenarios(self, request: Any, context: Any) -> Any:
        """Scenarios of a region, the newest first."""
        asked = open_door(ListSavedScenariosRequest, to_plain(request))
        found, token = await self._desk.listed(asked)
        reply = scenarios_pb2.ListSavedScenariosResponse(next_page_token=token)
        for saved in found:
            to_message(saved, reply.scenarios.add())
        return reply

    async def DeleteScenario(self, request: Any, context: Any) -> Any:
        """Take a scenario off the list."""
        asked = open_door(DeleteScenarioRequest, to_plain(request))
        await self._desk.delete(asked.scenario_id)
        return scenarios_pb2.DeleteScenarioResponse()

    @property
    def _desk(self) -> ScenarioDesk:
        if self._given is None:
            raise DomainError("NO_STORE")
        return self._given
