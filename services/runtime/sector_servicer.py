"""SectorService for any sector model: messages in and out, scenarios spread over the thread pool, nothing else."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
from pydantic import BaseModel

from dafeng.sector.v1 import sector_pb2, sector_pb2_grpc
from services.common.axes import BASE_YEAR
from services.common.door import open_door, read_frame, read_request
from services.common.drivers import LEVERS as DRIVERS
from services.common.errors import DomainError, Violation, invalid
from services.common.outcome import UpstreamSeries
from services.common.recording import Read, recording
from services.common.regions import load_region
from services.common.revision import MODEL_VERSION, revision_of
from services.common.scenario import Frame, Scenario
from services.common.sector import Described, SectorModel
from services.common.words import Lever, Revision
from services.runtime.convert import from_message, to_message, to_plain
from services.runtime.wire import wire_with

MAX_SCENARIOS = 64


class SectorServicer(sector_pb2_grpc.SectorServiceServicer):
    """Answers dafeng.sector.v1.SectorService with a sector model."""

    def __init__(self, model: SectorModel, pool: ThreadPoolExecutor) -> None:
        self._model = model
        self._pool = pool

    async def Describe(self, request: Any, context: Any) -> Any:
        """What the sector publishes and needs."""
        return describe(self._model)

    async def ListLevers(self, request: Any, context: Any) -> Any:
        """The sector's levers in a region."""
        return list_levers(self._model, request.region)

    async def ListShapes(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """The basis of shapes, one a message."""
        frame, found = read_frame(to_plain(request.frame))
        if found or frame is None:
            raise invalid(found)
        revision = revision_of(load_region(frame.region))
        for shape in await self._run(self._model.shapes, frame):
            sent = replace(shape, hourly_share=np.empty(0)) if request.ids_only else shape
            reply = sector_pb2.ListShapesResponse()
            to_message(sent, reply.shape)
            to_message(revision, reply.revision)
            yield reply

    async def Project(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """One outcome a scenario, in the order asked."""
        check_chunk(len(request.scenarios))
        raw = {f"scenarios[{i}].scenario": to_plain(s.scenario) for i, s in enumerate(request.scenarios)}
        frame, scenarios = read_own(self._model, request.frame, raw)
        sizes = {
            "place": len(load_region(frame.region).city_ids),
            "year": frame.last_year - BASE_YEAR + 1,
        }
        upstream = [
            tuple(_upstream(u, sizes, f"scenarios[{i}].upstream[{k}]") for k, u in enumerate(s.upstream))
            for i, s in enumerate(request.scenarios)
        ]
        choice = _choice(request)

        def written(index: int) -> bytes:
            """Written in the pool too: the loop answers, and refuses, others meanwhile."""
            outcome = self._model.project(frame, scenarios[index], upstream[index], **choice)
            return wire_with(sector_pb2.ProjectResponse(index=index), "outcome", outcome)

        tasks = [asyncio.ensure_future(self._run(written, index)) for index in range(len(scenarios))]
        try:
            for task in tasks:
                yield await task
        finally:
            for task in tasks:
                task.cancel()

    async def Trace(self, request: Any, context: Any) -> Any:
        """What the sector reads for a scenario."""
        frame, (scenario,) = read_own(self._model, request.frame, {"scenario": to_plain(request.scenario)})
        return trace_reply(await self._run(_reads, self._model, frame, scenario))

    async def answer_alone(self, function: Any, request: Any, reply: Any) -> Any:
        """Answer a call of the sector's own service: `function(frame, scenario)` into `reply`."""
        raw = {"scenario": to_plain(request.scenario)}
        frame, (scenario,) = read_own(self._model, request.frame, raw)
        return to_message(await self._run(function, frame, scenario), reply)

    async def answer_door(
        self, function: Any, door: type[BaseModel], request: Any, reply: Any, where: str = ""
    ) -> Any:
        """Answer a call whose request, or its field `where`, is one door: `function(opened)` into `reply`."""
        return to_message(await self._run(_answered, function, door, request, where), reply)

    async def _run(self, function: Any, *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)


def _choice(request: Any) -> dict[str, Any]:
    """What a ProjectRequest asks beside scenarios, as arguments of a model's `project`; none where it is the usual."""
    asked: dict[str, Any] = {}
    if request.HasField("only"):
        asked["only"] = frozenset(request.only.metric_ids)
    if request.without_digest:
        asked["sealed"] = False
    return asked


def _reads(model: SectorModel, frame: Frame, scenario: Scenario) -> set[Read]:
    with recording() as heard:
        model.project(frame, scenario, ())
        model.shapes(frame)
    return heard


def trace_reply(reads: set[Read]) -> Any:
    """The reply of Trace, in a fixed order."""
    reply = sector_pb2.TraceResponse()
    for read in sorted(reads):
        to_message(read, reply.reads.add())
    return reply


def _answered(function: Any, door: type[BaseModel], request: Any, where: str) -> Any:
    """`function` of the opened request; what it finds wrong is told by its place in the whole request."""
    opened = open_door(door, to_plain(request), where)
    if not where:
        return function(opened)
    try:
        return function(opened)
    except DomainError as error:
        placed = (replace(v, field=f"{where}.{v.field}") for v in error.violations)
        raise DomainError(error.reason, placed, error.detail) from None


def describe(model: Described) -> Any:
    """The reply of Describe for a model."""
    reply = sector_pb2.DescribeResponse(sector=model.sector, needs=model.needs)
    to_message(model.label, reply.label)
    for metric in model.metrics:
        to_message(metric, reply.metrics.add())
    to_message(Revision(MODEL_VERSION, ""), reply.revision)
    return reply


def list_levers(model: Described, region_id: str) -> Any:
    """The reply of ListLevers for a model."""
    reply = sector_pb2.ListLeversResponse()
    to_message(revision_of(load_region(region_id)), reply.revision)
    for row in model.levers:
        to_message(row.in_region(region_id), reply.levers.add())
    return reply


def read_own(
    model: Described, frame: Any, scenarios: Mapping[str, Mapping[str, Any]]
) -> tuple[Frame, tuple[Scenario, ...]]:
    """Frame message and scenarios (by field) through the door, against the model's own levers and the drivers."""

    def levers_of(region_id: str) -> Mapping[str, Lever]:
        return {row.lever_id: row.in_region(region_id) for row in (*model.levers, *DRIVERS)}

    return read_request(to_plain(frame), scenarios, levers_of, frozenset({model.sector, "drivers"}))


def check_chunk(count: int) -> None:
    """INVALID_INPUT unless a chunk holds 1 to 64 scenarios."""
    if not 1 <= count <= MAX_SCENARIOS:
        raise invalid(
            [Violation("scenarios", "wrong number of scenarios", str(count), f"1 to {MAX_SCENARIOS}")]
        )


def _upstream(message: Any, sizes: Mapping[str, int], where: str) -> UpstreamSeries:
    expected = sizes["place"] * sizes["year"]
    if len(message.values) != expected:
        raise invalid(
            [
                Violation(
                    f"{where}.values",
                    "wrong length",
                    str(len(message.values)),
                    f"{expected} = places x years from 2020",
                )
            ]
        )
    series = from_message(message, UpstreamSeries, sizes)
    if not np.isfinite(series.values).all():
        raise invalid([Violation(f"{where}.values", "every value must be a finite number")])
    return series
