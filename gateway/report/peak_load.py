"""Report of the peak load 尖峰负荷: hours, causes, growth and why, in each weather year, and what would serve it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from gateway.report.options import serving_options
from gateway.report.results import PeakGrowth, PeakLoadReport, SeasonPeak, WeatherPeaks
from gateway.runs import Run, Runs
from services.common.arrays import FloatArray
from services.common.digest import digest_of
from services.common.power_outcome import DispatchMode, PeakDay
from services.common.regions import Region, load_region
from services.common.scenario import Frame, Scenario
from services.common.words import Label, Progress, ReleaseStatus

DAY_HOURS = 24


async def peak_load_report(
    runs: Runs,
    frame: Frame,
    scenario: Scenario,
    years: Sequence[int],
    weather_years: Sequence[str],
    mode: DispatchMode,
) -> AsyncIterator[Progress | PeakLoadReport]:
    """Progress by weather year, then the report. `years` ascend inside the frame."""
    found: dict[str, Run] = {}
    for done, weather in enumerate(weather_years):
        yield Progress(done, len(weather_years), Label(f"气象年 {weather}", f"weather year {weather}"))
        asked = frame.model_copy(update={"weather_year": weather})
        (found[weather],) = await runs.all(asked, (scenario,), years, mode)
    yield _report(load_region(frame.region, frame.as_of_year), tuple(years), found)


def _report(region: Region, years: tuple[int, ...], runs: dict[str, Run]) -> PeakLoadReport:
    peaks = tuple(p for weather, run in runs.items() for p in season_peaks(weather, run, years))
    series = tuple(_weather_peaks(weather, run, years) for weather, run in runs.items())
    report = PeakLoadReport(
        years=years,
        weather_years=series,
        peaks=peaks,
        growths=growths(peaks),
        options=serving_options(region, runs, series, years),
        digest="",
        revision=next(iter(runs.values())).projection.revision,
        release_status=ReleaseStatus.INTERNAL,
    )
    return replace(report, digest=digest_of(report))


def season_peaks(weather: str, run: Run, years: Sequence[int]) -> tuple[SeasonPeak, ...]:
    """The highest hour of both seasons in the years asked, by cause and by supply."""
    days = [d for d in run.projection.power.peak_days if d.year in years]
    return tuple(_season_peak(weather, day) for day in days)


def _season_peak(weather: str, day: PeakDay) -> SeasonPeak:
    at = day.peak_hour - day.first_hour
    return SeasonPeak(
        weather_year=weather,
        season=day.season,
        year=day.year,
        hour=day.peak_hour,
        load_mw=float(day.load_mw[at]),
        causes=day.causes,
        groups=day.groups,
        cause_mw=np.ascontiguousarray(day.load_by_cause_mw[:, at]),
        supply_mw=np.ascontiguousarray(day.supply_mw[:, at]),
    )


def growths(peaks: Sequence[SeasonPeak]) -> tuple[PeakGrowth, ...]:
    """Growth between neighbouring years of the same weather year and season; the causes sum to it exactly."""
    found = []
    for key in dict.fromkeys((p.weather_year, p.season) for p in peaks):
        own = sorted((p for p in peaks if (p.weather_year, p.season) == key), key=lambda p: p.year)
        found += [_growth(a, b) for a, b in pairwise(own)]
    return tuple(found)


def _growth(before: SeasonPeak, after: SeasonPeak) -> PeakGrowth:
    causes = tuple(dict.fromkeys((*before.causes, *after.causes)))
    change = np.array([_of(after, c) - _of(before, c) for c in causes])
    years = after.year - before.year
    return PeakGrowth(
        weather_year=before.weather_year,
        season=before.season,
        first_year=before.year,
        last_year=after.year,
        growth_mw=after.load_mw - before.load_mw,
        growth_per_year_share=(after.load_mw / before.load_mw) ** (1 / years) - 1,
        causes=causes,
        moved_hours=after.hour % DAY_HOURS - before.hour % DAY_HOURS,
        cause_mw=change,
    )


def _of(peak: SeasonPeak, cause: str) -> float:
    return float(peak.cause_mw[peak.causes.index(cause)]) if cause in peak.causes else 0.0


def _weather_peaks(weather: str, run: Run, years: tuple[int, ...]) -> WeatherPeaks:
    projection = run.projection
    at = [projection.years.index(y) for y in years]
    load, power = projection.peak_load, projection.power
    return WeatherPeaks(
        weather_year=weather,
        summer_mw=load.summer_mw[at],
        winter_mw=load.winter_mw[at],
        net_peak_mw=load.net_peak_mw[at],
        net_peak_hour=power.net_peak_hour[at],
        reserve_margin_share=load.reserve_margin_share[at],
        unserved_mwh=load.unserved_mwh[at],
        lole_hours=_metric(run, "power.lole_hours", years),
        capacity_lacking_mw=_metric(run, "power.capacity_lacking_mw", years),
    )


def _metric(run: Run, metric_id: str, years: Sequence[int]) -> FloatArray:
    values = run.values(metric_id)
    return np.array([values[y] for y in years])
