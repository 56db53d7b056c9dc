"""Messages <-> the pipeline, nothing else."""

from typing import Any

from dafeng.projection.v1 import projection_pb2, projection_pb2_grpc
from gateway.chosen import ALWAYS, METRICS, Asked, ProjectionChoice, open_project
from gateway.listing import baselines, lever_entries, regions
from gateway.pipeline import Pipeline
from gateway.results import Projection
from services.common.power_outcome import DispatchMode
from services.common.scenario import Scenario
from services.runtime.convert import enum_field, to_message, to_plain
from services.runtime.wire import wire_with


class ProjectionServicer(projection_pb2_grpc.ProjectionServiceServicer):
    """Answers dafeng.projection.v1.ProjectionService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def ListRegions(self, request: Any, context: Any) -> Any:
        """Regions with data."""
        reply = projection_pb2.ListRegionsResponse()
        for entry in regions():
            to_message(entry, reply.regions.add())
        return reply

    async def ListScenarios(self, request: Any, context: Any) -> Any:
        """Baselines of a region."""
        reply = projection_pb2.ListScenariosResponse()
        for entry in baselines(request.region):
            to_message(entry, reply.baselines.add())
        return reply

    async def ListLevers(self, request: Any, context: Any) -> Any:
        """Levers with their paths in a baseline."""
        reply = projection_pb2.ListLeversResponse()
        entries = await lever_entries(
            self._pipeline.calls, request.region, request.baseline or Scenario().baseline
        )
        for entry in entries:
            to_message(entry, reply.levers.add())
        return reply

    async def Project(self, request: Any, context: Any) -> Any:
        """One scenario."""
        asked = await open_project(self._pipeline.calls, to_plain(request))
        projection = await self._pipeline.project_asked(asked)
        # Large, and Python throughout: the loop answers, and refuses, others meanwhile.
        return await self._pipeline.aside(_written, asked, projection)

    async def Compare(self, request: Any, context: Any) -> Any:
        """Headlines side by side."""
        raw = {f"scenarios[{i}]": to_plain(s) for i, s in enumerate(request.scenarios)}
        reply = projection_pb2.CompareResponse()
        for compared in await self._pipeline.compare(
            to_plain(request.frame), raw, enum_field(request, "mode", DispatchMode)
        ):
            to_message(compared, reply.scenarios.add())
        return reply

    async def CheckBase(self, request: Any, context: Any) -> Any:
        """The base year beside statistics."""
        checks, factors = await self._pipeline.check_base(request.region)
        reply = projection_pb2.CheckBaseResponse()
        for check in checks:
            to_message(check, reply.checks.add())
        for factor in factors:
            to_message(factor, reply.factors.add())
        return reply

    async def CheckHindcast(self, request: Any, context: Any) -> Any:
        """Past years beside what was observed."""
        rows, as_of_year, projection = await self._pipeline.check_hindcast(
            request.region, request.as_of_year, request.last_year, request.baseline
        )
        reply = projection_pb2.CheckHindcastResponse(
            as_of_year=as_of_year, baseline=projection.baseline, digest=projection.digest
        )
        for row in rows:
            to_message(row, reply.rows.add())
        return reply


def _written(asked: Asked, projection: Projection) -> bytes:
    """A ProjectResponse as it is sent."""
    projection, reply = asked.sent(projection), projection_pb2.ProjectResponse()
    if asked.only is None:
        return wire_with(reply, "projection", projection)
    _fill(reply.projection, projection, asked.only)
    return reply.SerializeToString(deterministic=True)


def _fill(message: Any, projection: Projection, only: ProjectionChoice) -> None:
    """The parts of a projection that were chosen, as a message."""
    parts = {*ALWAYS, *only.fields}
    if only.metric_ids:
        parts.add(METRICS)
    to_message(projection, message, parts)
    if only.power:
        to_message(projection.power, message.power, only.power)
