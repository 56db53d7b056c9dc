"""The regional projection: resolve -> sectors by stage -> assemble -> power -> accounts -> peaks -> targets.

A single projection is a chunk of one. The stages are pure functions; only `calls` does input and output.
"""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from typing import Any

from gateway.accounts import gdp_path, make_accounts
from gateway.assemble import PowerInputs, assemble, place_peak_load_mw
from gateway.base_check import base_checks
from gateway.calls import POWER, SectorCalls, SectorInfo
from gateway.carbon_peak import carbon_peaks_of
from gateway.city_capacity import with_city_capacity
from gateway.directions import answer_directions
from gateway.hindcast import check_span, hindcast_rows
from gateway.metrics import account_metrics
from gateway.peak_load import peak_load_of
from gateway.resolve import check_compared, resolve
from gateway.results import (
    BaseCheck,
    CalibrationFactor,
    ComparedScenario,
    HindcastRow,
    MetricSeries,
    Projection,
    Verdict,
)
from gateway.slicing import from_year
from gateway.targets import evaluate_targets
from services.common.arrays import check_shapes
from services.common.axes import BASE_YEAR
from services.common.digest import digest_of
from services.common.errors import DomainError
from services.common.outcome import Outcome, UpstreamSeries
from services.common.power_outcome import DispatchMode, PowerOutcome
from services.common.regions import Region, load_region
from services.common.revision import revision_of
from services.common.scenario import Frame, Scenario
from services.common.words import LoadShape, ReleaseStatus


class Pipeline:
    """Runs projections; stages after power go to the thread pool."""

    def __init__(self, calls: SectorCalls, pool: ThreadPoolExecutor) -> None:
        self.calls = calls
        self._pool = pool

    async def project(
        self, frame: Mapping[str, Any], scenarios: Mapping[str, Mapping[str, Any]], mode: DispatchMode
    ) -> tuple[Projection, ...]:
        """Project scenarios (by the field they stand in). DomainError(INVALID_INPUT) lists all violations."""
        read, chunk = await resolve(self.calls, frame, scenarios)
        return await self.project_chunk(read, chunk, mode)

    async def project_chunk(
        self, frame: Frame, scenarios: Sequence[Scenario], mode: DispatchMode
    ) -> tuple[Projection, ...]:
        """Project a chunk that has passed the door, in order."""
        whole = frame.model_copy(update={"first_year": BASE_YEAR})
        outcomes = await self._sector_outcomes(whole, scenarios)
        shapes = await self._shapes(whole)
        inputs = [assemble(o, shapes) for o in outcomes]
        power = await self._power(whole, scenarios, inputs, mode, shapes)
        infos = {e.sector_id: await self.calls.describe(e.sector_id) for e in self.calls.entries}
        loop = asyncio.get_running_loop()
        return tuple(
            await asyncio.gather(
                *(
                    loop.run_in_executor(self._pool, _finish, frame, s, o, p, shapes, infos)
                    for s, o, p in zip(scenarios, outcomes, power, strict=True)
                )
            )
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

    async def _sector_outcomes(
        self, frame: Frame, scenarios: Sequence[Scenario]
    ) -> list[tuple[Outcome, ...]]:
        """Outcomes of every sector but power, a tuple for each scenario."""
        done: list[tuple[Outcome, ...]] = [() for _ in scenarios]
        entries = [e for e in self.calls.entries if e.sector_id != POWER]
        for _, stage in groupby(entries, key=lambda e: e.stage):
            ids = [e.sector_id for e in stage]
            infos = [await self.calls.describe(i) for i in ids]
            results = await asyncio.gather(
                *(
                    self.calls.project(i, frame, scenarios, [_upstream(info, have) for have in done])
                    for i, info in zip(ids, infos, strict=True)
                )
            )
            done = [(*have, *new) for have, new in zip(done, zip(*results, strict=True), strict=True)]
        return done

    async def _shapes(self, frame: Frame) -> Mapping[str, LoadShape]:
        found: dict[str, LoadShape] = {}
        for entry in self.calls.entries:
            if entry.sector_id != POWER:
                found |= {s.shape_id: s for s in await self.calls.shapes(entry.sector_id, frame)}
        return found

    async def _power(
        self,
        frame: Frame,
        scenarios: Sequence[Scenario],
        inputs: Sequence[PowerInputs],
        mode: DispatchMode,
        shapes: Mapping[str, LoadShape],
    ) -> tuple[PowerOutcome, ...]:
        return await self.calls.project_power(frame, scenarios, inputs, mode, shapes)


def _upstream(info: SectorInfo, outcomes: Sequence[Outcome]) -> list[UpstreamSeries]:
    """The metrics that a sector needs, out of what earlier stages published."""
    published = {i.metric_id: i for o in outcomes for i in o.indicators}
    missing = [n for n in info.needs if n not in published]
    if missing:
        raise DomainError(
            "BALANCE", detail=f"{info.sector} needs {', '.join(missing)}, which nobody published"
        )
    return [UpstreamSeries(n, published[n].place_values) for n in info.needs]


def _finish(
    frame: Frame,
    scenario: Scenario,
    outcomes: Sequence[Outcome],
    power: PowerOutcome,
    shapes: Mapping[str, LoadShape],
    infos: Mapping[str, SectorInfo],
) -> Projection:
    """Accounts, peaks and targets of one scenario, cut to the years asked for, sealed with a digest."""
    region = load_region(frame.region, frame.as_of_year)
    years = power.years
    loss_factor = 1.0 + power.loss_mwh / power.demand_mwh
    place_peak_mw = place_peak_load_mw(outcomes, shapes, loss_factor)
    labels = {k: i.label for k, i in infos.items()}
    accounts = make_accounts(region, outcomes, power, labels, gdp_path(frame, scenario, years), place_peak_mw)
    peak_load = peak_load_of(power)
    series = with_city_capacity(_metric_series(outcomes, power, infos), outcomes)
    metrics = (*series, *account_metrics(accounts, peak_load))
    projection = Projection(
        frame=frame,
        scenario_name=scenario.name,
        baseline=scenario.baseline,
        places=region.city_ids,
        years=years,
        sectors=accounts.sectors,
        account=accounts.region,
        carbon_peaks=carbon_peaks_of(region, years, accounts.region, accounts.sectors),
        peak_load=peak_load,
        power=power,
        targets=(),
        metrics=metrics,
        cities=accounts.cities,
        digest="",
        revision=revision_of(region),
        release_status=ReleaseStatus.INTERNAL,
        directions=(),
    )
    projection = replace(
        projection,
        targets=evaluate_targets(region, projection),
        directions=answer_directions(region, years, metrics),
    )
    return _sealed(from_year(projection, frame.first_year, years), region)


def _metric_series(
    outcomes: Sequence[Outcome], power: PowerOutcome, infos: Mapping[str, SectorInfo]
) -> list[MetricSeries]:
    rows = {m.metric_id: m for info in infos.values() for m in info.metrics}
    found = [
        MetricSeries(rows[i.metric_id], i.region_values, i.place_values)
        for o in outcomes
        for i in o.indicators
    ]
    return found + [
        MetricSeries(rows[i.metric_id], i.region_values, i.place_values) for i in power.indicators
    ]


def _sealed(projection: Projection, region: Region) -> Projection:
    problems = check_shapes(projection)
    if problems:
        raise DomainError("BALANCE", detail=f"{region.region_id}: {'; '.join(problems)}")
    return replace(projection, digest=digest_of(projection))


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
