"""Messages <-> the stages of cities, nothing else."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from dafeng.cities.v1 import cities_pb2, cities_pb2_grpc
from gateway.api.streaming import streamed
from gateway.cities import doors
from gateway.cities.export import export_table
from gateway.cities.listing import list_cities, shown_years
from gateway.cities.results import TaskTable
from gateway.cities.stages import balance_plans, break_down, id_faults, make_tasks
from gateway.pipeline import Pipeline
from gateway.resolve import open_request
from services.common.errors import DomainError, invalid
from services.common.power_outcome import DispatchMode
from services.common.words import Label, Progress
from services.runtime.convert import from_message, to_plain


class CityServicer(cities_pb2_grpc.CityServiceServicer):
    """Answers dafeng.cities.v1.CityService."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def ListCities(self, request: Any, context: Any) -> Any:
        """The cities side by side."""
        async for message in streamed(cities_pb2.ListCitiesResponse, self._list(request)):
            yield message

    async def _list(self, request: Any) -> AsyncIterator[Any]:
        frame, scenario, door = await self._open(request, doors.ListCitiesDoor)
        years = shown_years(frame, door.years)
        yield Progress(0, 1, Label("计算情景", "projecting"))
        (projection,) = await self._pipeline.project_chunk(frame, (scenario,), DispatchMode.UNSPECIFIED)
        yield await asyncio.to_thread(list_cities, frame, scenario, projection, years)

    async def BreakDown(self, request: Any, context: Any) -> Any:
        """A target broken down."""
        async for message in self._stage(
            request, doors.BreakDownDoor, break_down, cities_pb2.BreakDownResponse
        ):
            yield message

    async def BalancePlans(self, request: Any, context: Any) -> Any:
        """Plans against the province."""
        reply = cities_pb2.BalancePlansResponse
        async for message in self._stage(request, doors.BalancePlansDoor, balance_plans, reply):
            yield message

    async def MakeTaskTable(self, request: Any, context: Any) -> Any:
        """Yearly tasks."""
        reply = cities_pb2.MakeTaskTableResponse
        async for message in self._stage(request, doors.MakeTaskTableDoor, make_tasks, reply):
            yield message

    async def ExportTaskTable(self, request: Any, context: Any) -> Any:
        """A task table as a file."""
        try:
            table = from_message(request.table, TaskTable)
        except DomainError as error:
            raise invalid([replace(v, field=f"table.{v.field}") for v in error.violations]) from None
        content, media_type, name = await asyncio.to_thread(export_table, table, request.format)
        return cities_pb2.ExportTaskTableResponse(content=content, media_type=media_type, file_name=name)

    async def _open(self, request: Any, door: Any) -> Any:
        plain = to_plain(request)
        scenario = {"scenario": plain.get("scenario") or {}}
        faults = id_faults(plain)
        try:
            frame, (read,), opened = await open_request(self._pipeline.calls, plain, scenario, door)
        except DomainError as error:
            raise invalid([*error.violations, *faults]) from None
        if faults:
            raise invalid(faults)
        return frame, read, opened

    async def _stage(self, request: Any, door: Any, stage: Any, reply: Any) -> AsyncIterator[Any]:
        async def parts() -> AsyncIterator[Any]:
            frame, scenario, opened = await self._open(request, door)
            async for part in stage(self._pipeline.runs, frame, scenario, opened):
                yield part

        async for message in streamed(reply, parts()):
            yield message
