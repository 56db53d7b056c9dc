"""The regional projection: resolve -> sectors by stage -> assemble -> power -> accounts -> peaks -> targets.

A single projection is a chunk of one. The stages are pure functions; only `calls` does input and output.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from gateway.assemble import assemble
from gateway.base_check import base_checks
from gateway.calls import SectorCalls
from gateway.chosen import Asked
from gateway.finish import answered, checked, finish
from gateway.hindcast import check_span, hindcast_rows
from gateway.resolve import check_compared, resolve
from gateway.results import (
    BaseCheck,
    CalibrationFactor,
    ComparedScenario,
    HindcastRow,
    Projection,
    SectorInfo,
    Verdict,
)
from gateway.runs import Runs
from gateway.slicing import from_year
from gateway.targets.reads import metrics_read
from services.common.axes import BASE_YEAR
from services.common.outcome import Outcome
from services.common.power_outcome import DispatchMode, PowerOutcome
from services.common.recording import Read, recording
from services.common.regions import load_region
from services.common.scenario import Frame, Scenario
from services.common.spans import note, span
from services.common.words import LoadShape

T = TypeVar("T")


class Pipeline:
    """Runs projections; stages after power go to the thread pool."""

    def __init__(self, calls: SectorCalls, pool: ThreadPoolExecutor) -> None:
        self.calls = calls
        self.runs = Runs(calls, pool)
        self._pool = pool

    async def aside(self, work: Callable[..., T], *given: Any) -> T:
        """The result of a function that runs in the thread pool."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)

    async def project(
        self, frame: Mapping[str, Any], scenarios: Mapping[str, Mapping[str, Any]], mode: DispatchMode
    ) -> tuple[Projection, ...]:
        """Project scenarios (by the field they stand in). DomainError(INVALID_INPUT) lists all violations."""
        with span("resolve"):
            read, chunk = await resolve(self.calls, frame, scenarios)
        return await self.project_chunk(read, chunk, mode)

    async def project_chunk(
        self, frame: Frame, scenarios: Sequence[Scenario], mode: DispatchMode
    ) -> tuple[Projection, ...]:
        """Project a chunk that has passed the door, in order."""
        whole = frame.model_copy(update={"first_year": BASE_YEAR})
        with span("sectors"):
            outcomes = await self.runs.sector_outcomes(whole, scenarios)
            shapes = await self.runs.shapes(whole)
        with span("power"):
            inputs = [assemble(o, shapes) for o in outcomes]
            power = await self.calls.project_power(whole, scenarios, inputs, mode, shapes)
        infos = await self.runs.infos()
        loop = asyncio.get_running_loop()
        with span("accounts"):
            projections = await asyncio.gather(
                *(
                    loop.run_in_executor(self._pool, _whole, frame, s, o, p, shapes, infos)
                    for s, o, p in zip(scenarios, outcomes, power, strict=True)
                )
            )
        note(region=frame.region, digest=" ".join(p.digest for p in projections[:8]))
        return tuple(projections)

    async def project_asked(self, asked: Asked) -> Projection:
        """The parts of one projection that a caller reads, at the years named when there are some."""
        whole = asked.frame.model_copy(update={"first_year": BASE_YEAR})
        years = tuple(sorted({BASE_YEAR, *asked.years})) if asked.years else ()
        judged = metrics_read(load_region(whole.region, whole.as_of_year))
        with span("sectors"):
            (outcomes,) = await self.runs.sector_outcomes(
                whole, (asked.scenario,), asked.metrics_of_sectors(judged)
            )
            shapes = await self.runs.shapes(whole)
        with span("power"):
            (power,) = await self.calls.project_power(
                whole,
                (asked.scenario,),
                [assemble(outcomes, shapes)],
                asked.mode,
                shapes,
                years,
                with_adequacy=asked.with_adequacy(judged),
                sealed=asked.seals_power,
            )
        infos = await self.runs.infos()
        cut = [self.runs.cut(o, years) for o in outcomes] if years else outcomes
        with span("accounts"):
            projection = await asyncio.get_running_loop().run_in_executor(
                self._pool, _asked, asked, cut, power, shapes, infos
            )
        note(region=whole.region, digest=projection.digest)
        return projection

    async def project_recorded(
        self, frame: Frame, scenario: Scenario, mode: DispatchMode
    ) -> tuple[Projection, tuple[Read, ...]]:
        """One projection, and what the gateway's own stages read of region data and levers for it."""
        whole = frame.model_copy(update={"first_year": BASE_YEAR})
        (outcomes,) = await self.runs.sector_outcomes(whole, (scenario,))
        shapes = await self.runs.shapes(whole)
        (power,) = await self.calls.project_power(
            whole, (scenario,), [assemble(outcomes, shapes)], mode, shapes
        )
        infos = await self.runs.infos()
        return await asyncio.get_running_loop().run_in_executor(
            self._pool, _recorded, frame, scenario, outcomes, power, shapes, infos
        )

    async def compare(
        self, frame: Mapping[str, Any], scenarios: Mapping[str, Mapping[str, Any]], mode: DispatchMode
    ) -> tuple[ComparedScenario, ...]:
        """Headlines of 2 to 8 scenarios; differences are to the first."""
        check_compared(scenarios)
        projections = await self.project(frame, scenarios, mode)
        return tuple(_compared(p, projections[0]) for p in projections)

    async def check_base(self, region_id: str) -> tuple[tuple[BaseCheck, ...], tuple[CalibrationFactor, ...]]:
        """The base year of the baseline `planned` beside statistics."""
        projection = (
            await self.project(
                {"region": region_id, "last_year": BASE_YEAR}, {"scenario": {}}, DispatchMode.UNSPECIFIED
            )
        )[0]
        return base_checks(load_region(region_id), projection)

    async def check_hindcast(
        self, region_id: str, as_of_year: int, last_year: int, baseline: str
    ) -> tuple[tuple[HindcastRow, ...], int, Projection]:
        """What was observed beside a baseline projected as of a past year; the rows, that year, the projection."""
        as_of, last = check_span(as_of_year, last_year)
        projection = (
            await self.project(
                {"region": region_id, "last_year": last, "as_of_year": as_of},
                {"scenario": {"baseline": baseline} if baseline else {}},
                DispatchMode.UNSPECIFIED,
            )
        )[0]
        return hindcast_rows(load_region(region_id), projection, as_of), as_of, projection


def _whole(
    frame: Frame,
    scenario: Scenario,
    outcomes: Sequence[Outcome],
    power: PowerOutcome,
    shapes: Mapping[str, LoadShape],
    infos: Mapping[str, SectorInfo],
) -> Projection:
    """The whole projection of one scenario."""
    region = load_region(frame.region, frame.as_of_year)
    return answered(region, frame, finish(region, frame, scenario, outcomes, power, shapes, infos))


def _asked(
    asked: Asked,
    outcomes: Sequence[Outcome],
    power: PowerOutcome,
    shapes: Mapping[str, LoadShape],
    infos: Mapping[str, SectorInfo],
) -> Projection:
    """The parts that are read of one scenario, over power's years."""
    frame = asked.frame
    region = load_region(frame.region, frame.as_of_year)
    projection = finish(
        region,
        frame,
        asked.scenario,
        outcomes,
        power,
        shapes,
        infos,
        only=asked.metrics(metrics_read(region)),
        with_city_peaks=asked.with_city_peaks,
    )
    if asked.answers:
        return answered(region, frame, projection, sealed=asked.sealed)
    years = projection.years
    return checked(region, projection if asked.years else from_year(projection, frame.first_year, years))


def _recorded(
    frame: Frame,
    scenario: Scenario,
    outcomes: Sequence[Outcome],
    power: PowerOutcome,
    shapes: Mapping[str, LoadShape],
    infos: Mapping[str, SectorInfo],
) -> tuple[Projection, tuple[Read, ...]]:
    with recording() as heard:
        projection = _whole(frame, scenario, outcomes, power, shapes, infos)
    return projection, tuple(sorted(heard))


def _compared(projection: Projection, first: Projection) -> ComparedScenario:
    territorial = projection.account.territorial_tco2
    peak_mw = projection.peak_load.peak_load_mw
    verdicts = {t.target_id: t.verdict for t in first.targets}
    return ComparedScenario(
        scenario_name=projection.scenario_name,
        baseline=projection.baseline,
        carbon_peak=projection.carbon_peaks[0],
        years=projection.years,
        targets_met_count=sum(t.verdict in (Verdict.MET, Verdict.ALREADY_MET) for t in projection.targets),
        changed_target_ids=tuple(
            t.target_id for t in projection.targets if verdicts[t.target_id] != t.verdict
        ),
        digest=projection.digest,
        territorial_tco2=territorial,
        peak_load_mw=peak_mw,
        difference_tco2=territorial - first.account.territorial_tco2,
        difference_peak_load_mw=peak_mw - first.peak_load.peak_load_mw,
    )
