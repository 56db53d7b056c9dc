"""Many scenarios at chosen years: what solving, comparing and ensembles are made of.

A run is a projection cut to the years that are read. Sectors answer all years (they are cheap) and their answers are
kept, so that a lever that only touches one sector asks that sector alone; power dispatches the years asked. A run says
at these years, bit for bit, what the whole projection says.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from gateway.assemble import assemble
from gateway.calls import POWER, SectorCalls
from gateway.choice import cut_to, power_ids, sector_ids
from gateway.direct import DirectCalls
from gateway.finish import asked_metrics, finish, metric_series, upstream
from gateway.results import MetricSeries, Projection, SectorInfo
from gateway.slicing import at_years
from services.common.arrays import FloatArray
from services.common.axes import BASE_YEAR
from services.common.digest import array_digest
from services.common.errors import Violation, invalid
from services.common.levers import DRIVERS
from services.common.outcome import Outcome
from services.common.power_outcome import DispatchMode, HoursChoice, PowerOutcome
from services.common.regions import Region, load_region
from services.common.scenario import Frame, LeverSetting, Scenario
from services.common.words import LoadShape

# Scenarios sent to the services at once: enough for every core, few enough to tell progress.
CHUNK = 8
KEPT_OUTCOMES = 128
_Key = tuple[object, ...]


@dataclass(frozen=True)
class Run:
    """One scenario at chosen years.

    `metrics` are those of power and of the accounts at the years asked and 2020; the sectors' own exist for every year
    from 2020 and stand in `annual`. `whole` is the projection at `years` (targets and rules are not answered in it);
    None when the caller named the metrics that it reads.
    """

    scenario: Scenario
    places: tuple[str, ...]
    years: tuple[int, ...]
    metrics: Mapping[str, MetricSeries]
    annual: Mapping[str, MetricSeries]
    annual_years: tuple[int, ...]
    whole: Projection | None

    @property
    def projection(self) -> Projection:
        """The whole projection of a run that was asked for everything."""
        if self.whole is None:
            raise ValueError("a run of named metrics has no projection: read `values`")
        return self.whole

    def values(self, metric_id: str, place: str = "") -> dict[int, float]:
        """A metric by year, of the region or of a city; empty when there is no such metric or city value."""
        row = self.row(metric_id, place)
        if row is None:
            return {}
        years = self.annual_years if metric_id in self.annual else self.years
        return dict(zip(years, row.tolist(), strict=True))

    def row(self, metric_id: str, place: str = "") -> FloatArray | None:
        """The same as an array over the metric's years: `annual_years` where it stands in `annual`, else `years`."""
        series = self.annual.get(metric_id) or self.metrics.get(metric_id)
        if series is None:
            return None
        if place not in self.places:
            return series.region_values
        return series.place_values[self.places.index(place)] if series.place_values.size else None


class Runs:
    """Runs scenarios at chosen years, in order; the stages after power go to the thread pool.

    Where calls do not wait, all stages run in the calling thread, one after another.
    """

    def __init__(
        self,
        calls: SectorCalls | DirectCalls,
        pool: ThreadPoolExecutor,
        kept_outcomes: int = KEPT_OUTCOMES,
    ) -> None:
        """`kept_outcomes`: how many answers of sectors are kept; one is about 1 MB."""
        self.calls = calls
        self._pool = pool
        self._most = kept_outcomes
        self._kept: OrderedDict[_Key, asyncio.Future[Outcome]] = OrderedDict()
        self._choices: OrderedDict[tuple[str, frozenset[str]], frozenset[str]] = OrderedDict()
        self._cuts: OrderedDict[tuple[int, tuple[int, ...]], tuple[Outcome, Outcome]] = OrderedDict()

    async def all(
        self,
        frame: Frame,
        scenarios: Sequence[Scenario],
        years: Iterable[int],
        mode: DispatchMode = DispatchMode.UNSPECIFIED,
        *,
        with_adequacy: bool = True,
        only: frozenset[str] | None = None,
        with_city_peaks: bool = True,
    ) -> tuple[Run, ...]:
        """Every scenario's run, in order. `years` are inside 2020 to the frame's last; 2020 is always added.

        Without adequacy a run is faster and lacks the metrics of adequacy. With `only` it holds these metrics alone,
        the same bits, and makes no more than they need; without city peaks peak load then has no city values.
        """
        runs = self.each(
            frame,
            scenarios,
            years,
            mode,
            with_adequacy=with_adequacy,
            only=only,
            with_city_peaks=with_city_peaks,
        )
        return tuple([run async for run in runs])

    async def each(
        self,
        frame: Frame,
        scenarios: Sequence[Scenario],
        years: Iterable[int],
        mode: DispatchMode = DispatchMode.UNSPECIFIED,
        *,
        with_adequacy: bool = True,
        only: frozenset[str] | None = None,
        with_city_peaks: bool = True,
    ) -> AsyncIterator[Run]:
        """The same, a chunk at a time, so that the caller can tell progress."""
        chosen = tuple(sorted({BASE_YEAR, *years}))
        _check_years(chosen, frame)
        asked = _Asked(
            frame.model_copy(update={"first_year": BASE_YEAR}),
            chosen,
            mode,
            with_adequacy,
            only,
            with_city_peaks,
        )
        for start in range(0, len(scenarios), CHUNK):
            for run in await self._chunk(asked, scenarios[start : start + CHUNK]):
                yield run

    async def shapes(self, frame: Frame) -> Mapping[str, LoadShape]:
        """The hourly shapes of all sectors, by id."""
        found: dict[str, LoadShape] = {}
        for entry in self.calls.entries:
            if entry.sector_id != POWER:
                found |= {s.shape_id: s for s in await self.calls.shapes(entry.sector_id, frame)}
        return found

    async def infos(self) -> Mapping[str, SectorInfo]:
        """What every sector says of itself, by id."""
        return {e.sector_id: await self.calls.describe(e.sector_id) for e in self.calls.entries}

    async def sector_outcomes(
        self, frame: Frame, scenarios: Sequence[Scenario], only: frozenset[str] | None = None
    ) -> list[tuple[Outcome, ...]]:
        """Outcomes of every sector but power, a tuple for each scenario; `frame` starts in 2020.

        They have no digest. With `only` their metrics are those that these metrics read, and those among them.
        """
        done: list[tuple[Outcome, ...]] = [() for _ in scenarios]
        entries = [e for e in self.calls.entries if e.sector_id != POWER]
        asked = {
            e.sector_id: None if only is None else await self._asked_of(e.sector_id, only) for e in entries
        }
        for _, stage in groupby(entries, key=lambda e: e.stage):
            answers = (self._sector(e.sector_id, frame, scenarios, done, asked[e.sector_id]) for e in stage)
            # One at a time where calls do not wait: after a failure the next is not begun.
            results = await asyncio.gather(*answers) if self.calls.waits else [await a for a in answers]
            done = [(*have, *new) for have, new in zip(done, zip(*results, strict=True), strict=True)]
        return done

    async def power_at(
        self,
        frame: Frame,
        scenario: Scenario,
        sectors: Sequence[Outcome],
        years: Sequence[int],
        mode: DispatchMode,
        only: frozenset[str] = frozenset(),
        hours: HoursChoice | None = None,
    ) -> PowerOutcome:
        """Power's answer to one scenario's sectors at these years alone; no metric but those named, no adequacy."""
        shapes = await self.shapes(frame)
        inputs = [assemble(sectors, shapes)]
        (found,) = await self.calls.project_power(
            frame, (scenario,), inputs, mode, shapes, years, with_adequacy=False, only=only, hours=hours
        )
        return found

    async def _chunk(self, asked: "_Asked", scenarios: Sequence[Scenario]) -> list[Run]:
        frame, years, only = asked.frame, asked.years, asked.only
        outcomes = await self.sector_outcomes(frame, scenarios, only)
        shapes = await self.shapes(frame)
        inputs = [assemble(sectors, shapes) for sectors in outcomes]
        power = await self.calls.project_power(
            frame,
            scenarios,
            inputs,
            asked.mode,
            shapes,
            years,
            with_adequacy=asked.with_adequacy,
            only=None if only is None else power_ids(only),
        )
        infos = await self.infos()
        region = load_region(frame.region, frame.as_of_year)
        cut = [
            None if only is not None else tuple(self.cut(o, years) for o in sectors) for sectors in outcomes
        ]
        jobs = [
            partial(_run, region, asked, s, o, c, p, shapes, infos)
            for s, o, c, p in zip(scenarios, outcomes, cut, power, strict=True)
        ]
        if not self.calls.waits:
            return [job() for job in jobs]
        loop = asyncio.get_running_loop()
        return list(await asyncio.gather(*(loop.run_in_executor(self._pool, job) for job in jobs)))

    async def _asked_of(self, sector_id: str, only: frozenset[str]) -> frozenset[str]:
        """The metrics of a sector that a caller of these metrics needs."""
        key = sector_id, only
        if key not in self._choices:
            infos = await self.infos()
            needed = {n for info in infos.values() for n in info.needs}
            self._choices[key] = sector_ids(infos[sector_id], only, needed)
            while len(self._choices) > self._most:
                self._choices.popitem(last=False)
        return self._choices[key]

    def cut(self, outcome: Outcome, years: tuple[int, ...]) -> Outcome:
        """An outcome at chosen years; kept outcomes are cut once."""
        key = (id(outcome), years)
        whole, cut = self._cuts.get(key, (None, None))
        if whole is not outcome or cut is None:
            # The whole is held with its cut, so that its identity is not given to another one.
            whole, cut = outcome, at_years(outcome, years)
            self._cuts[key] = (whole, cut)
            while len(self._cuts) > self._most:
                self._cuts.popitem(last=False)
        else:
            self._cuts.move_to_end(key)
        return cut

    async def _sector(
        self,
        sector_id: str,
        frame: Frame,
        scenarios: Sequence[Scenario],
        done: Sequence[tuple[Outcome, ...]],
        only: frozenset[str] | None,
    ) -> list[Outcome]:
        """A sector's outcomes; those already known, or being calculated, are not asked for again."""
        info = await self.calls.describe(sector_id)
        own = [_own(s, sector_id) for s in scenarios]
        given = [upstream(info, have) for have in done]
        keys: list[_Key] = [
            (sector_id, only, frame, s, *(array_digest(u.values) for u in series))
            for s, series in zip(own, given, strict=True)
        ]
        new = [i for i, key in enumerate(keys) if key not in self._kept and key not in keys[:i]]
        if new:
            answer = self.calls.project(
                sector_id, frame, [own[i] for i in new], [given[i] for i in new], only=only, sealed=False
            )
            if not self.calls.waits:
                for i, outcome in zip(new, await answer, strict=True):
                    self._kept[keys[i]] = asyncio.get_running_loop().create_future()
                    self._kept[keys[i]].set_result(outcome)
            else:
                asked = asyncio.ensure_future(answer)
                for position, i in enumerate(new):
                    self._kept[keys[i]] = asyncio.ensure_future(_one_of(asked, position))
                    # Callers may have left before it fails.
                    self._kept[keys[i]].add_done_callback(lambda t: t.cancelled() or t.exception())
        tasks = [self._kept[key] for key in keys]
        try:
            if not self.calls.waits:
                return [t.result() for t in tasks]
            return list(await asyncio.gather(*(asyncio.shield(t) for t in tasks)))
        except BaseException:
            for key in keys:
                self._kept.pop(key, None)
            raise
        finally:
            for key in keys:
                if key in self._kept:
                    self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


@dataclass(frozen=True)
class _Asked:
    """What a caller asks of every scenario; `frame` starts in 2020."""

    frame: Frame
    years: tuple[int, ...]
    mode: DispatchMode
    with_adequacy: bool
    only: frozenset[str] | None
    with_city_peaks: bool


def _run(
    region: Region,
    asked: _Asked,
    scenario: Scenario,
    sectors: Sequence[Outcome],
    cut: Sequence[Outcome] | None,
    power: PowerOutcome,
    shapes: Mapping[str, LoadShape],
    infos: Mapping[str, SectorInfo],
) -> Run:
    """A run from its outcomes; `cut` are the sectors' at the years asked, None when metrics are named."""
    only = asked.only
    whole: Projection | None = None
    named: Sequence[MetricSeries]
    annual = _by_id(metric_series(sectors, (), infos, only))
    if only is None:
        assert cut is not None
        whole = finish(region, asked.frame, scenario, cut, power, shapes, infos)
        named = [m for m in whole.metrics if m.metric.metric_id not in annual]
    else:
        cut = [cut_to(o, asked.years, only) for o in sectors]
        named = asked_metrics(
            region,
            asked.frame,
            scenario,
            cut,
            power,
            shapes,
            infos,
            only,
            with_city_peaks=asked.with_city_peaks,
        )
    return Run(scenario, region.city_ids, power.years, _by_id(named), annual, asked.frame.years, whole)


def _by_id(series: Iterable[MetricSeries]) -> dict[str, MetricSeries]:
    return {m.metric.metric_id: m for m in series}


def _check_years(years: Sequence[int], frame: Frame) -> None:
    allowed = f"{BASE_YEAR} to {frame.last_year}"
    outside = [y for y in years if not BASE_YEAR <= y <= frame.last_year]
    if outside:
        raise invalid([Violation("years", "the year is outside the frame", str(y), allowed) for y in outside])


async def _one_of(asked: "asyncio.Future[tuple[Outcome, ...]]", position: int) -> Outcome:
    return (await asyncio.shield(asked))[position]


def _own(scenario: Scenario, sector_id: str) -> Scenario:
    """The scenario as a sector sees it: its own settings and the drivers', without the name."""
    kept: tuple[LeverSetting, ...] = tuple(
        s for s in scenario.settings if s.lever_id.partition(".")[0] in (sector_id, DRIVERS)
    )
    return scenario.model_copy(update={"settings": kept, "name": ""})
