"""Messages <-> the power model, nothing else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import grpc

from dafeng.power.v1 import adequacy_pb2, dispatch_pb2, power_pb2, power_pb2_grpc
from dafeng.sector.v1 import sector_pb2, sector_pb2_grpc
from services.common.errors import Violation, invalid
from services.common.power_outcome import (
    ChpHeat,
    DispatchMode,
    FlexibleDemand,
    HoursChoice,
    LoadComponent,
    OnSiteSupply,
)
from services.common.scenario import Scenario
from services.common.self_test import check_answers
from services.common.words import LoadShape
from services.power.adequacy.assess import assess
from services.power.adequacy.case import AdequacyCase
from services.power.inputs import check_hours, check_inputs, dispatched_years
from services.power.instance.check import MOST_CELLS
from services.power.instance.result import DispatchResult
from services.power.instance.solve import dispatch
from services.power.instance.words import DEFAULT_GAP_TOLERANCE_SHARE, DispatchInstance, StepSeries
from services.power.known_answers import known_answers
from services.power.model import MODEL, Parts
from services.runtime.address import MAX_MESSAGE_BYTES
from services.runtime.convert import enum_field, from_message, to_message, to_plain
from services.runtime.sector_servicer import check_chunk, describe, list_levers, read_own, trace_reply
from services.runtime.serve import Servicer
from services.runtime.wire import wire_with

# Their years fill the threads; more would only hold memory.
_SCENARIOS_AT_ONCE = 4


class PowerServicer(power_pb2_grpc.PowerServiceServicer):
    """Answers dafeng.power.v1.PowerService."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    async def PutShapes(self, request: Any, context: Any) -> Any:
        """Keep shapes by content address."""
        shapes = tuple(from_message(s, LoadShape) for s in request.shapes)
        return power_pb2.PutShapesResponse(new_count=await self._run(MODEL.put_shapes, shapes))

    async def Project(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """One outcome a scenario, in the order asked."""
        check_chunk(len(request.scenarios))
        raw = {f"scenarios[{i}].scenario": to_plain(s.scenario) for i, s in enumerate(request.scenarios)}
        frame, scenarios = read_own(MODEL, request.frame, raw)
        mode = enum_field(request, "mode", DispatchMode)
        inputs = [
            (
                tuple(from_message(m, LoadComponent) for m in s.loads),
                tuple(from_message(m, OnSiteSupply) for m in s.on_site_supplies),
                tuple(from_message(m, ChpHeat) for m in s.chp_heats),
                tuple(from_message(m, FlexibleDemand) for m in s.flexible_demands),
            )
            for s in request.scenarios
        ]
        years = dispatched_years(frame, tuple(request.years))
        check_inputs(inputs, len(frame.years))
        if request.shapes:
            shapes = tuple(from_message(s, LoadShape) for s in request.shapes)
            await self._run(partial(MODEL.put_shapes, shapes, lasting=False))
        only = frozenset(request.only.metric_ids) if request.HasField("only") else None
        hours = from_message(request.hours, HoursChoice) if request.HasField("hours") else None
        check_hours(hours, years)
        room = asyncio.Semaphore(_SCENARIOS_AT_ONCE)

        def written(index: int, work: Any, sums: Any) -> bytes:
            """Written in the pool too: the loop answers, and refuses, others meanwhile."""
            outcome = MODEL.finish(work, sums, sealed=not request.without_digest)
            return wire_with(power_pb2.ProjectResponse(index=index), "outcome", outcome)

        async def one(index: int, scenario: Scenario, parts: Parts) -> bytes:
            async with room:
                work = await self._run(
                    partial(MODEL.prepare, with_adequacy=not request.without_adequacy, only=only, hours=hours),
                    frame, scenario, parts, mode, years,
                )  # fmt: skip
                sums = await asyncio.gather(*(self._run(MODEL.one_year, work, y) for y in work.at))
                reply: bytes = await self._run(written, index, work, sums)
                return reply

        tasks = [
            asyncio.ensure_future(one(i, s, p))
            for i, (s, p) in enumerate(zip(scenarios, inputs, strict=True))
        ]
        try:
            for task in tasks:
                yield await task
        finally:
            for task in tasks:
                task.cancel()

    async def AssessAdequacy(self, request: Any, context: Any) -> Any:
        """Adequacy of the caller's fleet."""
        report = await self._run(assess, from_message(request, AdequacyCase))
        return to_message(report, adequacy_pb2.AssessAdequacyResponse())

    async def Dispatch(self, request: Any, context: Any) -> Any:
        """The least-cost schedule of the caller's fleet."""
        reply = dispatch_pb2.DispatchResponse()
        to_message(await self._dispatch(request, ()), reply.result)
        if reply.ByteSize() > MAX_MESSAGE_BYTES:
            raise invalid([Violation("with_steps", "the result is above 16 MiB: use DispatchStream")])
        return reply

    async def DispatchStream(self, requests: Any, context: Any) -> AsyncIterator[Any]:
        """The same, series by series."""
        request, series, values = None, [], 0
        async for part in requests:
            kind = part.WhichOneof("part")
            if kind == "request" and request is None:
                request = part.request
            elif kind == "series" and request is not None:
                values += len(part.series.values)
                if values > MOST_CELLS:
                    # Refused on the way, before memory is spent on it.
                    raise invalid(
                        [Violation("series", "too many values in all", "", f"at most {MOST_CELLS:,}")]
                    )
                series.append(part.series)
            else:
                raise invalid([Violation("part", "send one request first, then its series", str(kind))])
        if request is None:
            raise invalid([Violation("part", "no request was sent")])
        result = await self._dispatch(request, series)
        first = dispatch_pb2.DispatchStreamResponse()
        to_message(replace(result, series=()), first.result)
        yield first
        for item in result.series:
            part = dispatch_pb2.DispatchStreamResponse()
            to_message(item, part.series)
            yield part

    async def _dispatch(self, request: Any, more: Sequence[Any]) -> DispatchResult:
        mode = enum_field(request, "mode", DispatchMode)
        tolerance = DEFAULT_GAP_TOLERANCE_SHARE
        if request.HasField("gap_tolerance_share"):
            tolerance = request.gap_tolerance_share
        instance = from_message(request.instance, DispatchInstance)
        instance = replace(instance, series=(*instance.series, *(from_message(s, StepSeries) for s in more)))
        result: DispatchResult = await self._run(dispatch, instance, mode, request.with_steps, tolerance)
        return result

    async def _run(self, function: Any, *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)


class PowerSectorServicer(sector_pb2_grpc.SectorServiceServicer):
    """The part of SectorService that power answers: what it is, its levers, and what it reads."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    async def Describe(self, request: Any, context: Any) -> Any:
        """What power publishes."""
        return describe(MODEL)

    async def ListLevers(self, request: Any, context: Any) -> Any:
        """Power's levers in a region."""
        return list_levers(MODEL, request.region)

    async def Trace(self, request: Any, context: Any) -> Any:
        """What power reads for a scenario; its load is a stand-in."""
        frame, (scenario,) = read_own(MODEL, request.frame, {"scenario": to_plain(request.scenario)})
        loop = asyncio.get_running_loop()
        return trace_reply(await loop.run_in_executor(self._pool, MODEL.reads, frame, scenario))

    async def ListShapes(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Power publishes no load shapes."""
        await context.abort(
            grpc.StatusCode.UNIMPLEMENTED, "power has no load shapes; it takes them (PutShapes)"
        )
        yield sector_pb2.ListShapesResponse()

    async def Project(self, request: Any, context: Any) -> AsyncIterator[Any]:
        """Power needs the loads of the other sectors."""
        await context.abort(
            grpc.StatusCode.UNIMPLEMENTED, "call dafeng.power.v1.PowerService/Project with the loads"
        )
        yield sector_pb2.ProjectResponse()


def servicers(pool: ThreadPoolExecutor) -> Sequence[Servicer]:
    """Power's servicers."""
    return (
        Servicer(
            "dafeng.sector.v1.SectorService",
            sector_pb2_grpc.add_SectorServiceServicer_to_server,
            PowerSectorServicer(pool),
        ),
        Servicer(
            "dafeng.power.v1.PowerService",
            power_pb2_grpc.add_PowerServiceServicer_to_server,
            PowerServicer(pool),
        ),
    )


def warm_up() -> int:
    """Compile or load the kernels; how many known answers were met. WrongAnswersError when one was not."""
    MODEL.warm_up()
    return check_answers(known_answers())
