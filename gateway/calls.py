"""The gateway's only input and output: calls to the sector services through their generated stubs."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

import grpc

from dafeng.power.v1 import modes_pb2, power_pb2, power_pb2_grpc
from dafeng.sector.v1 import sector_pb2, sector_pb2_grpc
from gateway.agreement import check_data, check_model, check_sector
from gateway.assemble import PowerInputs
from gateway.results import SectorInfo
from services.common.drivers import LEVERS as DRIVERS
from services.common.errors import DomainError
from services.common.outcome import Outcome, UpstreamSeries
from services.common.power_outcome import DispatchMode, HoursChoice, PowerOutcome
from services.common.recording import Read
from services.common.scenario import Frame, Scenario
from services.common.words import Label, Lever, LoadShape, Metric, Revision
from services.runtime.address import open_channel
from services.runtime.answers import answer_of, answers_of
from services.runtime.convert import from_message, to_message
from services.runtime.outgoing import Provider
from services.runtime.overload.breaker import Breaker
from services.runtime.sectors import SectorEntry
from services.runtime.telemetry.sector_calls import ToldCalls

POWER = "power"


class SectorCalls:
    """Stubs of all sectors, with what never changes between calls kept."""

    # Calls are under way side by side.
    waits: Final = True

    def __init__(
        self,
        entries: Sequence[SectorEntry],
        addresses: Mapping[str, str],
        *,
        providers: Sequence[Provider] = (),
        credentials: grpc.ChannelCredentials | None = None,
    ) -> None:
        """`providers` say on every call who asks; `credentials` encrypt what goes over the network."""
        self.entries = tuple(entries)
        self.channels = {
            e.sector_id: open_channel(
                addresses[e.sector_id],
                providers=providers,
                watching=ToldCalls(e.sector_id, Breaker(e.sector_id)),
                credentials=credentials,
            )
            for e in entries
        }
        self._sector = {k: sector_pb2_grpc.SectorServiceStub(c) for k, c in self.channels.items()}
        self._power = power_pb2_grpc.PowerServiceStub(self.channels[POWER])
        self._info: dict[str, SectorInfo] = {}
        self._levers: dict[str, Mapping[str, Lever]] = {}
        self._shapes: dict[tuple[str, str, str], tuple[LoadShape, ...]] = {}

    async def close(self) -> None:
        """Close all channels."""
        await asyncio.gather(*(c.close() for c in self.channels.values()))

    async def describe(self, sector_id: str) -> SectorInfo:
        """What a sector publishes and needs. DomainError when another service answers at its address."""
        if sector_id not in self._info:
            stub = self._sector[sector_id]
            reply = await answer_of(
                sector_id, stub.Describe(sector_pb2.DescribeRequest(), wait_for_ready=True)
            )
            check_sector(sector_id, reply.sector)
            check_model(sector_id, from_message(reply.revision, Revision))
            self._info[sector_id] = SectorInfo(
                reply.sector,
                from_message(reply.label, Label),
                tuple(from_message(m, Metric) for m in reply.metrics),
                tuple(reply.needs),
            )
        return self._info[sector_id]

    async def levers(self, region_id: str) -> Mapping[str, Lever]:
        """Every lever of every service, and the drivers, by id, with the bounds of a region."""
        if region_id not in self._levers:
            found: dict[str, Lever] = {}
            for entry in self.entries:
                await self.describe(entry.sector_id)
                stub = self._sector[entry.sector_id]
                request = sector_pb2.ListLeversRequest(region=region_id)
                reply = await answer_of(entry.sector_id, stub.ListLevers(request))
                check_data(entry.sector_id, from_message(reply.revision, Revision), region_id)
                found |= {m.lever_id: from_message(m, Lever) for m in reply.levers}
            found |= {row.lever_id: row.in_region(region_id) for row in DRIVERS}
            self._levers[region_id] = found
        return self._levers[region_id]

    async def reads(self, sector_id: str, frame: Frame, scenario: Scenario) -> tuple[Read, ...]:
        """What a sector reads of region data and levers for a scenario."""
        request = sector_pb2.TraceRequest()
        to_message(frame, request.frame)
        to_message(scenario, request.scenario)
        reply = await answer_of(sector_id, self._sector[sector_id].Trace(request))
        return tuple(from_message(m, Read) for m in reply.reads)

    async def shapes(self, sector_id: str, frame: Frame) -> tuple[LoadShape, ...]:
        """A sector's basis of hourly shapes."""
        key = (sector_id, frame.region, frame.weather_year)
        if key not in self._shapes:
            request = sector_pb2.ListShapesRequest()
            to_message(frame, request.frame)
            found = []
            async for reply in answers_of(sector_id, self._sector[sector_id].ListShapes(request)):
                check_data(sector_id, from_message(reply.revision, Revision), frame.region)
                found.append(from_message(reply.shape, LoadShape))
            self._shapes[key] = tuple(found)
        return self._shapes[key]

    async def project(
        self,
        sector_id: str,
        frame: Frame,
        scenarios: Sequence[Scenario],
        upstream: Sequence[Sequence[UpstreamSeries]],
        *,
        only: frozenset[str] | None = None,
        sealed: bool = True,
    ) -> tuple[Outcome, ...]:
        """Outcomes of a chunk, in order; with `only` of these metrics alone, without `sealed` without digests."""
        request = sector_pb2.ProjectRequest(without_digest=not sealed)
        to_message(frame, request.frame)
        if only is not None:
            request.only.SetInParent()
            request.only.metric_ids.extend(sorted(only))
        for scenario, series in zip(scenarios, upstream, strict=True):
            item = request.scenarios.add()
            to_message(scenario, item.scenario)
            for one in series:
                to_message(one, item.upstream.add())
        replies = self._sector[sector_id].Project(request)
        outcomes = tuple([from_message(m.outcome, Outcome) async for m in answers_of(sector_id, replies)])
        for outcome in outcomes:
            check_data(sector_id, outcome.revision, frame.region)
        return outcomes

    async def project_power(
        self,
        frame: Frame,
        scenarios: Sequence[Scenario],
        inputs: Sequence[PowerInputs],
        mode: DispatchMode,
        shapes: Mapping[str, LoadShape],
        years: Sequence[int] = (),
        *,
        with_adequacy: bool = True,
        only: frozenset[str] | None = None,
        hours: HoursChoice | None = None,
        sealed: bool = True,
    ) -> tuple[PowerOutcome, ...]:
        """Power's outcomes of a chunk, at `years` alone when some are named; without adequacy its metrics are absent.

        With `only` the outcomes hold these metrics alone (dafeng.power.v1.ProjectRequest.only), with `hours` the hours
        of one of these years beside all else, without `sealed` no digests. The shapes go along when the replica that is
        asked first does not hold them.
        """
        number = modes_pb2.DispatchMode.Value(f"DISPATCH_MODE_{mode.name}")
        request = power_pb2.ProjectRequest(
            mode=number, years=years, without_adequacy=not with_adequacy, without_digest=not sealed
        )
        to_message(frame, request.frame)
        if only is not None:
            request.only.SetInParent()
            request.only.metric_ids.extend(sorted(only))
        if hours is not None:
            to_message(hours, request.hours)
        for scenario, given in zip(scenarios, inputs, strict=True):
            item = request.scenarios.add()
            to_message(scenario, item.scenario)
            given.fill(item, to_message)
        try:
            return await self._power_outcomes(request)
        except DomainError as error:
            if error.reason != "SHAPE_UNKNOWN":
                raise
        named = {digest for given in inputs for digest in given.shape_digests()}
        for shape in shapes.values():
            if shape.digest in named:
                to_message(shape, request.shapes.add())
        return await self._power_outcomes(request)

    async def _power_outcomes(self, request: Any) -> tuple[PowerOutcome, ...]:
        replies = answers_of(POWER, self._power.Project(request))
        # Reading one takes long enough for others to notice it in the loop.
        outcomes = tuple(
            [await asyncio.to_thread(from_message, m.outcome, PowerOutcome) async for m in replies]
        )
        for outcome in outcomes:
            check_data(POWER, outcome.revision, request.frame.region)
        return outcomes
