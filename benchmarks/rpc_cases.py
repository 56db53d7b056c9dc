"""The calls of bench_rpc: their requests as bytes, and the same work done directly on what the doors have opened.

Projections of a model keep what they have calculated, so every request has lever values of its own, used once in a run.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from threading import local
from typing import Any, Final

from google.protobuf import json_format

from dafeng.buildings.v1 import zone_pb2
from dafeng.power.v1 import dispatch_pb2, power_pb2
from dafeng.projection.v1 import projection_pb2
from dafeng.sector.v1 import sector_pb2
from dafeng.transport.v1 import modes_pb2
from gateway.assemble import assemble
from gateway.chosen import open_project
from gateway.direct import DirectCalls
from gateway.finish import upstream
from gateway.pipeline import Pipeline
from loadtests.asked import FIRST_FIELDS, FIRST_YEARS, LEVERS, WHOLE_FIELDS, example
from services.buildings.zone.doors import SimulateZoneRequest
from services.buildings.zone.simulate import simulate
from services.common.door import open_door
from services.common.outcome import Outcome
from services.common.power_outcome import DispatchMode, PowerOutcome
from services.common.scenario import Frame, LeverSetting, Scenario
from services.power.instance.solve import dispatch
from services.power.instance.words import DispatchInstance
from services.power.model import MODEL as POWER
from services.runtime.convert import from_message, to_message, to_plain
from services.runtime.sectors import sectors
from services.transport.modes.checks import SplitModesDoor
from services.transport.modes.split import split_modes

FRAME: Final = Frame(region="jiangsu")
# Repeated requests of calls that keep nothing.
_PLAIN_COUNT: Final = 8
# Units of the IEEE Reliability Test System of 1979: MW and how many; costs made up, hydro free.
_RTS: Final = ((12, 5), (20, 4), (50, 6), (76, 4), (100, 3), (155, 4), (197, 3), (350, 1), (400, 2))
_RTS_COST: Final = {12: 420, 20: 900, 50: 0, 76: 330, 100: 450, 155: 290, 197: 430, 350: 280, 400: 60}
_RTS_DAY: Final = (
    67, 63, 60, 59, 59, 60, 74, 86, 95, 96, 96, 95, 95, 95, 93, 94, 99, 100, 100, 96, 91, 83, 73, 63,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One call: where it is answered, its requests, and the work of the i-th of them without any wire."""

    name: str
    service: str
    path: str
    streams: bool
    requests: Sequence[bytes]
    work: Callable[[int], Any]
    aim: bool = True


def cases(projections: int, wholes: int) -> Iterator[Case]:
    """All calls; `projections` different requests for each that keeps answers, `wholes` of whole projections."""
    yield _list_regions()
    yield _split_modes()
    yield _simulate_zone()
    yield _dispatch_day()
    calls = _DirectCalls(sectors())
    pipeline = Pipeline(calls, _Here())  # type: ignore[arg-type]
    scenarios = [_scenario(i, projections) for i in range(projections)]
    chunks = _outcomes(pipeline, scenarios)
    for sector_id in ("buildings", "transport", "industry"):
        yield _sector(sector_id, calls, scenarios, chunks)
    yield _power(pipeline, scenarios, chunks)
    yield _projection("first answer, 18 years", pipeline, projections, FIRST_FIELDS, FIRST_YEARS)
    yield _projection("whole, 41 years", pipeline, wholes, WHOLE_FIELDS, ())


def _list_regions() -> Case:
    """Answered from memory: the floor of a call, no compute to weigh it against."""
    request = projection_pb2.ListRegionsRequest().SerializeToString()
    path = "/dafeng.projection.v1.ProjectionService/ListRegions"
    return Case(
        "gateway ListRegions", "gateway", path, False, [request] * _PLAIN_COUNT, lambda _: None, False
    )


def _split_modes() -> Case:
    request = json_format.Parse(example("modes_nantong"), modes_pb2.SplitModesRequest())
    opened = open_door(SplitModesDoor, to_plain(request))
    path = "/dafeng.transport.v1.TransportService/SplitModes"
    return _plain("transport SplitModes", "transport", path, request, lambda _: split_modes(opened))


def _simulate_zone() -> Case:
    request = json_format.Parse(example("zone_nanjing_75"), zone_pb2.SimulateZoneRequest())
    opened = open_door(SimulateZoneRequest, to_plain(request))
    path = "/dafeng.buildings.v1.BuildingsService/SimulateZone"
    return _plain("buildings SimulateZone", "buildings", path, request, lambda _: simulate(opened))


def _dispatch_day() -> Case:
    """A day of 32 units in nine classes, with commitment of the larger ones."""
    instance = dispatch_pb2.DispatchInstance(name="day", load_mw=[28.5 * percent for percent in _RTS_DAY])
    for mw, count in _RTS:
        for k in range(count):
            plant = instance.generators.add(
                generator_id=f"u{mw}_{k}", capacity_mw=mw, cost_cny_per_mwh=_RTS_COST[mw], tco2_per_mwh=0.8
            )
            if mw >= 76:
                plant.commitment.min_load_share = 0.4
                plant.commitment.no_load_cost_cny_per_mw_h = 30
                plant.commitment.start_cost_cny_per_mw = 100
    request = dispatch_pb2.DispatchRequest(instance=instance, with_steps=True)
    opened = from_message(instance, DispatchInstance)
    path = "/dafeng.power.v1.PowerService/Dispatch"
    work = lambda _: dispatch(opened, DispatchMode.UNSPECIFIED, True)  # noqa: E731
    return _plain("power Dispatch, RTS day", "power", path, request, work)


def _plain(name: str, service: str, path: str, request: Any, work: Callable[[int], Any]) -> Case:
    return Case(name, service, path, False, [request.SerializeToString()] * _PLAIN_COUNT, work)


def _sector(
    sector_id: str, calls: DirectCalls, scenarios: Sequence[Scenario], chunks: Sequence[tuple[Outcome, ...]]
) -> Case:
    """SectorService.Project as the gateway calls it: one scenario, upstream series where the sector reads some."""
    info = asyncio.run(calls.describe(sector_id))
    model = next(e for e in sectors() if e.sector_id == sector_id).model()
    others = [tuple(o for o in chunk if o.sector != sector_id) for chunk in chunks]
    series = [upstream(info, done) for done in others]
    requests = []
    for scenario, given in zip(scenarios, series, strict=True):
        request = sector_pb2.ProjectRequest(without_digest=True)
        to_message(FRAME, request.frame)
        item = request.scenarios.add()
        to_message(_own(scenario, sector_id), item.scenario)
        for one in given:
            to_message(one, item.upstream.add())
        requests.append(request.SerializeToString())
    path = "/dafeng.sector.v1.SectorService/Project"

    def work(i: int) -> Any:
        return model.project(FRAME, _own(scenarios[i], sector_id), series[i], sealed=False)

    return Case(f"{sector_id} Project", sector_id, path, True, requests, work)


def _power(pipeline: Pipeline, scenarios: Sequence[Scenario], chunks: Sequence[tuple[Outcome, ...]]) -> Case:
    """PowerService.Project at the years of a first answer."""
    shapes = asyncio.run(pipeline.runs.shapes(FRAME))
    POWER.put_shapes(tuple(shapes.values()))
    inputs = [assemble(chunk, shapes) for chunk in chunks]
    mode = DispatchMode.UNSPECIFIED
    requests = []
    for scenario, given in zip(scenarios, inputs, strict=True):
        request = power_pb2.ProjectRequest(years=FIRST_YEARS, without_adequacy=True, without_digest=True)
        to_message(FRAME, request.frame)
        item = request.scenarios.add()
        to_message(scenario, item.scenario)
        given.fill(item, to_message)
        requests.append(request.SerializeToString())

    def work(i: int) -> Any:
        return _power_outcome(scenarios[i], inputs[i], mode, FIRST_YEARS, with_adequacy=False, sealed=False)

    path = "/dafeng.power.v1.PowerService/Project"
    return Case("power Project, 18 years", "power", path, True, requests, work)


def _projection(
    name: str, pipeline: Pipeline, count: int, fields: Sequence[str], years: Sequence[int]
) -> Case:
    """ProjectionService.Project: the stages of the pipeline over the sectors' models, without a wire between."""
    requests = []
    for i in range(count):
        request = projection_pb2.ProjectRequest(years=years)
        to_message(FRAME, request.frame)
        # Values of their own: what the sectors' cases calculated is not known here.
        to_message(_scenario(i + 0.5 if years else i + 0.25, count), request.scenario)
        request.only.fields.extend(fields)
        request.only.metric_ids.append("power.firm_capacity_mw")
        request.only.peak_day_years.append(2030)
        requests.append(request)
    asked = [asyncio.run(open_project(pipeline.calls, to_plain(r))) for r in requests]
    loops = local()

    def work(i: int) -> Any:
        if not hasattr(loops, "own"):
            loops.own = asyncio.new_event_loop()
        return loops.own.run_until_complete(pipeline.project_asked(asked[i]))

    path = "/dafeng.projection.v1.ProjectionService/Project"
    return Case(f"gateway {name}", "gateway", path, False, [r.SerializeToString() for r in requests], work)


class _Here(Executor):
    """Runs at once in the calling thread: the pipeline is already in a thread of the pool."""

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        done: Future[Any] = Future()
        done.set_result(function(*args, **kwargs))
        return done


class _DirectCalls(DirectCalls):
    """The sectors' models called directly; power seals its outcome where the service would."""

    async def project_power(self, frame: Any, scenarios: Any, inputs: Any, mode: Any, shapes: Any,
                            years: Any = (), *, with_adequacy: bool = True, only: Any = None, hours: Any = None,
                            sealed: bool = True) -> tuple[PowerOutcome, ...]:  # fmt: skip
        """Power's outcomes, one scenario after another."""
        await self.put_shapes([s for s in shapes.values() if s.digest not in self._put])
        return tuple(
            _power_outcome(s, given, mode, years, with_adequacy=with_adequacy, sealed=sealed)
            for s, given in zip(scenarios, inputs, strict=True)
        )


def _power_outcome(
    scenario: Scenario,
    given: Any,
    mode: DispatchMode,
    years: Sequence[int],
    *,
    with_adequacy: bool,
    sealed: bool,
) -> PowerOutcome:
    parts = (given.loads, given.on_site_supplies, given.chp_heats, given.flexible_demands)
    work = POWER.prepare(FRAME, scenario, parts, mode, years, with_adequacy=with_adequacy)
    return POWER.finish(work, [POWER.one_year(work, y) for y in work.at], sealed=sealed)


def _outcomes(pipeline: Pipeline, scenarios: Sequence[Scenario]) -> list[tuple[Outcome, ...]]:
    return asyncio.run(pipeline.runs.sector_outcomes(FRAME, scenarios))


def _scenario(i: float, count: int) -> Scenario:
    """Levers of four sectors at values that only this number has."""
    share = 0.02 + 0.7 * i / count
    return Scenario(
        settings=tuple(
            LeverSetting(lever_id=lever_id, years=(2030, 2060), values=(share, share)) for lever_id in LEVERS
        )
    )


def _own(scenario: Scenario, sector_id: str) -> Scenario:
    kept = tuple(s for s in scenario.settings if s.lever_id.partition(".")[0] == sector_id)
    return scenario.model_copy(update={"settings": kept})
